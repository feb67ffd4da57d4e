//! PDF: the text of its pages, of the forms they draw, of annotations, fields and properties; the files inside it.
//!
//! A PDF is read as its readers read it, repaired where they repair it. Whatever a page shows and this could not follow
//! (a stream that does not decode, a font whose characters cannot be told, an object that is not there) is said: a page
//! is called a picture only when nothing on it was text.

mod cmap;
mod content;
mod drawing;
mod font;
mod layers;
mod open;
mod outside;
mod page;
mod pen;
mod picture;
mod placed;
mod samples;
mod spoken;
mod stream;
mod tree;
mod widths;

use lopdf::{Dictionary, Document, Object};
use unicode_normalization::UnicodeNormalization;

use crate::work::{File, TextBuilder, Work};
use crate::{Empty, Reason};

const KIND: &str = "application/pdf";
/// Bytes one stream of a PDF may expand to.
const STREAM_BYTES_MAX: usize = 32 * 1024 * 1024;

/// Looks into a PDF.
pub(crate) fn extract(work: &mut Work, file: &File<'_>) {
    let document = match open::open(file.bytes) {
        Ok(document) => document,
        Err(reason) => return work.unreadable(file, KIND, reason),
    };
    let mut text = TextBuilder::default();
    let mut doubts = Doubts::default();
    let pages = tree::pages(&document, &mut doubts);
    let shown = page::read(&document, &pages, work, &mut text, &mut doubts);
    outside::strings(&document, &mut text);
    match (text.is_blank(), doubts.first) {
        (true, Some(reason)) => work.unreadable(file, KIND, reason),
        (true, None) if shown.is_drawn => work.blank(file, KIND, Empty::ScannedPages, text),
        (_, doubt) => {
            work.text(file, KIND, text);
            if let Some(reason) = doubt {
                work.rest(file, reason);
            }
        }
    }
    outside::attached(work, file, &document);
    shown.pictures.hand_out(work, file, &document);
}

/// Why something in the file was not read: the first reason met.
#[derive(Default)]
struct Doubts {
    first: Option<Reason>,
}

impl Doubts {
    fn say(&mut self, reason: Reason) {
        self.first.get_or_insert(reason);
    }
}

/// The dictionary that an object is or refers to.
fn dictionary<'a>(document: &'a Document, object: &'a Object) -> Option<&'a Dictionary> {
    match document.dereference(object).ok()?.1 {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

/// The dictionary under a key.
fn dictionary_at<'a>(document: &'a Document, of: &'a Dictionary, key: &[u8]) -> Option<&'a Dictionary> {
    dictionary(document, of.get(key).ok()?)
}

/// Text as people type it: PDF keeps ligatures and full-width forms that no one types.
fn plain(text: &str) -> String {
    text.nfkc().filter(|c| *c != '\0').collect()
}
