//! What a PDF holds outside its pages: annotations, field values, bookmarks, properties, link targets; files.

use lopdf::{Dictionary, Document, Object, decode_text_string};

use super::{STREAM_BYTES_MAX, dictionary_at, plain, stream};
use crate::Reason;
use crate::work::{File, TextBuilder, Work};

const KEYS: &[&[u8]] = &[
    b"Contents",
    b"V",
    b"DV",
    b"RC",
    b"Title",
    b"Subject",
    b"Keywords",
    b"Author",
    b"URI",
    b"TU",
    b"Alt",
    b"ActualText",
];

/// Texts outside the pages.
pub(super) fn strings(document: &Document, text: &mut TextBuilder) {
    text.place("annotations, fields and properties");
    for object in document.objects.values() {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            _ => continue,
        };
        // A signature's contents are no text.
        if dictionary.has(b"ByteRange") {
            continue;
        }
        dictionary_strings(document, dictionary, text, 3);
        if text.is_full() {
            break;
        }
    }
    text.close();
}

fn dictionary_strings(document: &Document, dictionary: &Dictionary, text: &mut TextBuilder, depth: usize) {
    for (key, value) in dictionary.iter() {
        match document.dereference(value).map(|(_, value)| value) {
            Ok(value @ Object::String(..)) if KEYS.contains(&key.as_slice()) => {
                if let Ok(string) = decode_text_string(value) {
                    text.separate('\n');
                    text.push(&plain(&string));
                }
            }
            // What is referred to is an object of its own.
            Ok(Object::Dictionary(inner)) if depth > 0 && value.as_reference().is_err() => {
                dictionary_strings(document, inner, text, depth - 1);
            }
            _ => {}
        }
    }
}

/// Files inside the PDF.
pub(super) fn attached(work: &mut Work, file: &File<'_>, document: &Document) {
    for object in document.objects.values() {
        let Ok(specification) = object.as_dict() else { continue };
        let Some(streams) = dictionary_at(document, specification, b"EF") else { continue };
        let stream = [&b"UF"[..], b"F"].iter().find_map(|key| {
            let (_, object) = document.dereference(streams.get(key).ok()?).ok()?;
            object.as_stream().ok()
        });
        if !work.take_member(file) {
            return;
        }
        let name =
            [&b"UF"[..], b"F"].iter().find_map(|key| decode_text_string(specification.get(key).ok()?).ok());
        let name = name.unwrap_or_else(|| "attached".to_owned());
        let part = file.part.member(&name);
        let unread = File { part, name: &name, declared: "", bytes: &[], depth: file.depth + 1 };
        let Some(stream) = stream else {
            work.unreadable(&unread, "application/octet-stream", Reason::Corrupt);
            continue;
        };
        let content = stream::decode(document, stream);
        if content.bytes.len() > STREAM_BYTES_MAX || !work.pay(content.bytes.len()) {
            work.unreadable(&unread, "application/octet-stream", Reason::TooLarge);
            continue;
        }
        let inner = File { bytes: &content.bytes, ..unread };
        match content.doubt {
            Some(reason) if content.bytes.is_empty() => {
                work.unreadable(&inner, "application/octet-stream", reason);
            }
            doubt => {
                work.file(&inner);
                if let Some(reason) = doubt {
                    work.rest(&inner, reason);
                }
            }
        }
    }
}
