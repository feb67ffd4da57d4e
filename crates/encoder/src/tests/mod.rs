//! The real model against the numbers of another program, and invented models that stay the same and fall apart.

pub(crate) mod files;
mod made;
mod reference;
mod second;
