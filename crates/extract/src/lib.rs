//! Attachment bytes to text, in a sandboxed child process with limits.
//!
//! Three ways in, from the safest down: [`Extractor`] looks into a file in a confined child and never fails;
//! [`worker_main`] is that child; [`extract_here`] is the pure reading it does, bounded by [`vocabulary::bounds`].
//! [`Ocr`] reads what is written in pictures, where the machine has Tesseract, behind walls of its own.
//! A file is known by its bytes, not by its name. What was not read says why: an unread file is never a pass.

mod child;
pub mod confine;
mod detect;
mod extraction;
mod extractor;
mod formats;
mod media;
mod ocr;
mod pixels;
mod wire;
mod work;
mod worker;

pub use child::{StartError, Worker};
pub use extraction::{Empty, Extracted, Extraction, Feature, Picture, Reason};
pub use extractor::Extractor;
pub use ocr::{Ocr, Seen, ocr_main, see};
pub use worker::worker_main;

use mail::PartId;
use work::{File, Work};

/// Largest text read outside the child, bytes.
const PLAIN_BYTES_MAX: usize = 1024 * 1024;

/// Looks into one file, in this process. For the confined child, for tests, and for what [`is_plain`] accepts.
///
/// The parts are relative to the file: empty for itself, `!inner.docx` for a member; put the attachment's part
/// before them. The file itself comes first.
#[must_use]
pub fn extract_here(name: &str, declared: &str, bytes: &[u8]) -> Vec<Extracted> {
    let mut work = Work::new(bytes);
    work.file(&File { part: PartId::new(""), name, declared, bytes, depth: 0 });
    work.finish()
}

/// Whether the bytes are a small text as they stand: cheap and harmless to read in any process.
#[must_use]
pub fn is_plain(declared: &str, bytes: &[u8]) -> bool {
    bytes.len() <= PLAIN_BYTES_MAX
        && matches!(detect::detect(declared, bytes), detect::Format::Text | detect::Format::Empty)
        // A ZIP behind the text would be looked into as well.
        && memchr::memmem::find(bytes, b"PK\x03\x04").is_none()
}

#[cfg(test)]
mod tests;
