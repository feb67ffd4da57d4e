//! What a PDF holds outside its pages: annotations, field values, bookmarks, properties, link targets; files.

use lopdf::{Dictionary, Document, Object, Stream, decode_text_string};
use mail::{Labels, PlaceKind};
use quick_xml::events::BytesStart;

use super::{STREAM_BYTES_MAX, dictionary_at, plain, stream};
use crate::formats::xml::{self, Visitor};
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

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
    text.place(PlaceKind::Annotations);
    let mut labels = Labels::default();
    for object in document.objects.values() {
        let dictionary = match object {
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => {
                if stream.dict.has_type(b"Metadata") {
                    labels_of_metadata(document, stream, &mut labels);
                }
                &stream.dict
            }
            _ => continue,
        };
        text.features(features(dictionary));
        own_properties(dictionary, &mut labels, text);
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
    text.features(labels.standing().map(Feature::Label));
}

/// What a dictionary tells of the file: programs, remarks, files inside.
fn features(dictionary: &Dictionary) -> impl Iterator<Item = Feature> {
    const REMARKS: &[&[u8]] =
        &[b"Text", b"FreeText", b"Popup", b"Highlight", b"StrikeOut", b"Caret", b"Stamp"];
    let subtype = dictionary.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
    let is_program = dictionary.has(b"JS") || dictionary.has(b"JavaScript");
    let is_remark = dictionary.has(b"Rect") && REMARKS.contains(&subtype);
    [
        (is_program, Feature::Macros),
        (is_remark, Feature::Comments),
        (dictionary.has(b"EF"), Feature::EmbeddedFiles),
    ]
    .into_iter()
    .filter_map(|(is_so, feature)| is_so.then_some(feature))
}

/// Properties that an organisation adds, labels among them (§14.3.3).
fn own_properties(dictionary: &Dictionary, labels: &mut Labels, text: &mut TextBuilder) {
    for (key, value) in dictionary.iter() {
        if key.starts_with(b"MSIP_Label_")
            && let Ok(value) = decode_text_string(value)
        {
            let key = String::from_utf8_lossy(key);
            labels.property(&key, &value);
            text.separate('\n');
            text.push(&plain(&format!("{key}: {value}")));
        }
    }
}

/// The same in the file's XMP, where each is an element of its name.
fn labels_of_metadata(document: &Document, metadata: &Stream, labels: &mut Labels) {
    let source = mail::plausible_text(&stream::decode(document, metadata).bytes);
    xml::walk(&source, &mut Metadata { labels, key: String::new() });
}

struct Metadata<'l> {
    labels: &'l mut Labels,
    key: String,
}

impl Visitor for Metadata<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        name.clone_into(&mut self.key);
        for attribute in tag.attributes().with_checks(false).flatten() {
            self.labels.property(attribute.key.local_name().as_ref(), &attribute.value);
        }
    }

    fn end(&mut self, _name: &str) {
        self.key.clear();
    }

    fn text(&mut self, text: &str) -> bool {
        if !text.trim().is_empty() {
            self.labels.property(&self.key, text);
        }
        true
    }
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
