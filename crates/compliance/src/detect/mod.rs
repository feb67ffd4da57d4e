//! Detectors: pure functions from a text to places in it.
//!
//! Offsets are bytes of the text as given: a detector folds what it compares (NFKC, invisible characters,
//! separators) while it reads, so no normalised copy exists and nothing has to be mapped back. A pre-filter over
//! bytes finds the digits that could begin something; ordinary text pays for that pass alone.

mod amount;
mod banks;
mod bic;
mod birth;
mod card;
mod company;
mod context;
mod countries;
mod digits;
mod disguised;
mod edges;
mod email;
mod fold;
mod iban;
mod identity;
mod lookalike;
mod nir;
mod numerals;
mod phone;
mod registry;
mod rib;
mod scan;
mod secret;
mod securities;
mod spelt;
mod tax_number;
#[cfg(test)]
mod tests;
mod token;

pub(crate) use amount::units;
pub use lookalike::appearance;
pub use registry::*;
pub use scan::{scan, scan_picture};

/// What a detector found in one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The detector's name.
    pub detector: &'static str,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// How sure, 0 to 100.
    pub certainty: u8,
    /// The value without its grouping, upper case; for what is no identifier, what makes two of them the same.
    pub value: String,
}

/// An identifier as detectors give it: letters and digits alone, folded, upper case.
#[must_use]
pub fn canonical(identifier: &str) -> String {
    identifier
        .chars()
        .filter_map(|c| match fold::fold(c) {
            fold::Folded::Alnum(byte) => Some(char::from(byte)),
            _ => None,
        })
        .collect()
}
