//! The real model against the numbers of another program, and invented models that stay the same and fall apart.

mod files;
mod made;
mod reference;
