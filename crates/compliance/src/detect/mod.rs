//! Detectors: pure functions from a text to places in it.
//!
//! Offsets are bytes of the text as given: a detector folds what it compares (NFKC, invisible characters,
//! separators) while it reads, so no normalised copy exists and nothing has to be mapped back. A pre-filter over
//! bytes finds the digits that could begin something; ordinary text pays for that pass alone.

mod card;
mod countries;
mod fold;
mod iban;
mod scan;
#[cfg(test)]
mod tests;

pub use scan::scan;

/// Every detector, in the order of the catalogue.
pub const DETECTORS: &[&str] = &[IBAN, CARD, UNREADABLE_ATTACHMENT, UNREADABLE_MESSAGE, AMBIGUOUS_MESSAGE];
/// An account number, ISO 13616.
pub const IBAN: &str = "iban";
/// A payment card number, ISO/IEC 7812.
pub const CARD: &str = "card";
/// An attachment, or a member of one, that was not read.
pub const UNREADABLE_ATTACHMENT: &str = "unreadable_attachment";
/// A piece of the message itself that was not read: encrypted, partial, too deep.
pub const UNREADABLE_MESSAGE: &str = "unreadable_message";
/// The message can be read in several ways.
pub const AMBIGUOUS_MESSAGE: &str = "ambiguous_message";
/// A control that could not be evaluated. Not in the catalogue: it is found by the engine itself.
pub const CONTROL_ERROR: &str = "control_error";

/// What a detector found in one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// [`IBAN`] or [`CARD`].
    pub detector: &'static str,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// How sure, 0 to 100.
    pub certainty: u8,
    /// The value without its grouping, upper case.
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
