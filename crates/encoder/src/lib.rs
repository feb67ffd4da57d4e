//! Sentences as vectors, by one of two sentence encoders of French and English, each with its head of thirteen kinds of
//! sentence: `use-m3-fren`, of convolutions, for mail on its way, and `e5-small-fren`, of attention, ten times the work, for
//! mail that waits ([`Kind`]).
//!
//! A model's three files come from whoever runs CEREBRO and are read as untrusted bytes ([`Encoder::read`]). A sentence is
//! brought to one form and cut into pieces (`pieces`), run through the network (`network`, `transformer`) and becomes a unit
//! vector, from which a linear head says how much it is like each kind of sentence.
//!
//! **The same bits on any machine**: products are of whole numbers, in which no order of summing matters; everything else is
//! addition, multiplication, division and square root of IEEE 754 in a fixed order, never contracted, and what
//! leaves is rounded to whole numbers ([`Embedding`], scores per mille). The processor's widest instructions are used where it has
//! them (`kernel`, `blocks`); they give the same sums.

mod arithmetic;
mod attention;
mod block_lanes;
mod blocks;
mod cache;
mod embedding;
mod encoder;
mod head;
mod kernel;
mod kind;
mod model_file;
mod network;
mod normal_form;
mod pieces;
#[cfg(test)]
mod tests;
mod transformer;

pub use embedding::{DIMENSIONS, Embedding};
pub use encoder::{Encoder, Files, Reading};
pub use kernel::instructions;
pub use kind::Kind;
pub use model_file::ModelError;
pub use network::Precision;
