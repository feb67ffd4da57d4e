//! Attachment bytes to text, in a sandboxed child process with limits.

mod extraction;

pub use extraction::{Empty, Extracted, Extraction, Reason, Span};

use mail::PartId;

/// Looks into one file, in this process: pure. Only for the confined child, and for tests.
#[must_use]
pub fn extract_here(name: &str, declared: &str, bytes: &[u8]) -> Vec<Extracted> {
    let outcome = if is_plain(declared, bytes) {
        Extraction::plain(String::from_utf8_lossy(bytes).into_owned())
    } else {
        Extraction::Unreadable(Reason::UnknownFormat)
    };
    vec![Extracted {
        part: PartId::new(""),
        name: name.to_owned(),
        detected_type: declared.to_owned(),
        outcome,
    }]
}

/// Whether the bytes are text as they stand: cheap and harmless to read in any process.
#[must_use]
pub fn is_plain(declared: &str, bytes: &[u8]) -> bool {
    declared.starts_with("text/") && std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0)
}
