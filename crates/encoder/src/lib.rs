//! Sentences as vectors: `use-m3-fren`, a convolutional sentence encoder of French and English, and its head of thirteen
//! kinds of sentence.
//!
//! The model's three files come from whoever runs CEREBRO and are read as untrusted bytes ([`Encoder::read`]). A sentence is
//! brought to one form and cut into pieces (`pieces`), run through the network (`network`) and becomes a unit
//! vector of 512 numbers, from which a linear head says how much it is like each kind of sentence.
//!
//! **The same bits on any machine**: products are of whole numbers, in which no order of summing matters; everything else is
//! addition, multiplication, division and square root of IEEE 754 in a fixed order, never contracted, and what
//! leaves is rounded to whole numbers ([`Embedding`], scores per mille). The processor's widest instructions are used where it has
//! them (`kernel`); they give the same sums.

mod arithmetic;
mod cache;
mod embedding;
mod encoder;
mod head;
mod kernel;
mod model_file;
mod network;
mod normal_form;
mod pieces;
#[cfg(test)]
mod tests;

pub use embedding::{DIMENSIONS, Embedding};
pub use encoder::{Encoder, Files, Reading};
pub use kernel::instructions;
pub use model_file::ModelError;
pub use network::Precision;
