//! Everything longer than one command.

fn main() {}
