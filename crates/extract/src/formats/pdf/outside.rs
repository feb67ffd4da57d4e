//! What a PDF holds outside its pages: annotations, field values, bookmarks, properties, link targets; files.

use lopdf::{Dictionary, Document, Object, Stream, decode_text_string};
use mail::{Labels, PlaceKind};
use quick_xml::events::BytesStart;

use super::{STREAM_BYTES_MAX, dictionary_at, plain, stream};
use crate::formats::markup;
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
    // Choices and captions of fields, programs, names of layers, prefixes of page numbers.
    b"Opt",
    b"CA",
    b"JS",
    b"Name",
    b"P",
];
/// How deep what stands directly in an object is followed.
const DEPTH_MAX: usize = 12;
/// Strings and pieces of forms of one file: what refers to itself has an end.
const STRINGS_MAX: usize = 200_000;
const FORMS_MAX: usize = 32;
/// Fields put together in the order of the page.
const FIELDS_MAX: usize = 4_096;

/// Texts outside the pages.
pub(super) fn strings(document: &Document, text: &mut TextBuilder) {
    text.place(PlaceKind::Annotations);
    let mut outside = Outside {
        document,
        text,
        labels: Labels::default(),
        fields: Fields::default(),
        strings: STRINGS_MAX,
        forms: FORMS_MAX,
    };
    outside.dictionary(&document.trailer, 0);
    for object in document.objects.values() {
        outside.object(object, 0);
        if outside.text.is_full() {
            break;
        }
    }
    let Outside { text, labels, fields, .. } = outside;
    fields.tell(text);
    text.close();
    text.features(labels.standing().map(Feature::Label));
}

struct Outside<'d, 't> {
    document: &'d Document,
    text: &'t mut TextBuilder,
    labels: Labels,
    fields: Fields,
    /// Strings and pieces of forms that may still be read.
    strings: usize,
    forms: usize,
}

impl Outside<'_, '_> {
    /// An object and what stands directly in it; what it refers to is an object of its own.
    fn object(&mut self, object: &Object, depth: usize) {
        match object {
            Object::Dictionary(dictionary) => self.dictionary(dictionary, depth),
            Object::Stream(stream) => {
                if stream.dict.has_type(b"Metadata") {
                    labels_of_metadata(self.document, stream, &mut self.labels);
                }
                self.dictionary(&stream.dict, depth);
            }
            Object::Array(all) if depth < DEPTH_MAX => {
                all.iter().for_each(|one| self.object(one, depth + 1));
            }
            _ => {}
        }
    }

    fn dictionary(&mut self, dictionary: &Dictionary, depth: usize) {
        self.text.features(features(dictionary));
        own_properties(dictionary, &mut self.labels, self.text);
        // A signature's contents are no text.
        if dictionary.has(b"ByteRange") || depth > DEPTH_MAX {
            return;
        }
        self.fields.look(self.document, dictionary);
        if let Ok(forms) = dictionary.get(b"XFA") {
            self.forms(forms);
        }
        for (key, value) in dictionary.iter() {
            if KEYS.contains(&key.as_slice()) {
                self.string(value, depth);
            }
            self.object(value, depth + 1);
        }
    }

    /// A string, or those of an array (choices are pairs of what is sent and what is shown).
    fn string(&mut self, value: &Object, depth: usize) {
        let value = self.document.dereference(value).map(|(_, value)| value);
        if matches!(value, Ok(Object::String(..) | Object::Array(_))) {
            let Some(left) = self.strings.checked_sub(1) else { return self.text.cut() };
            self.strings = left;
        }
        match value {
            Ok(value @ Object::String(..)) => {
                if let Ok(string) = decode_text_string(value) {
                    self.text.separate('\n');
                    self.text.push(&plain(&string));
                }
            }
            Ok(Object::Array(all)) if depth < DEPTH_MAX => {
                for one in all {
                    if self.text.is_full() {
                        return;
                    }
                    self.string(one, depth + 1);
                }
            }
            _ => {}
        }
    }

    /// A form in XML, whole or in pieces, each behind its name.
    fn forms(&mut self, forms: &Object) {
        let streams = match self.document.dereference(forms).map(|(_, forms)| forms) {
            Ok(Object::Array(all)) => all.as_slice(),
            Ok(Object::Stream(_)) => std::slice::from_ref(forms),
            _ => return,
        };
        let mut source = Vec::new();
        for stream in streams {
            if let Ok((_, Object::Stream(stream))) = self.document.dereference(stream) {
                let left = self.forms.checked_sub(1).filter(|_| source.len() < STREAM_BYTES_MAX);
                let Some(left) = left else { return self.text.cut() };
                self.forms = left;
                source.extend(stream::decode(self.document, stream).bytes);
            }
        }
        let source = mail::plausible_text(&source);
        self.text.separate('\n');
        self.text.push(&markup::all_lines(&source));
    }
}

/// What stands in the fields of pages: a number may be given a field for each of its groups, or of its digits.
#[derive(Default)]
struct Fields(Vec<(f32, f32, String)>);

impl Fields {
    fn look(&mut self, document: &Document, dictionary: &Dictionary) {
        let value = dictionary.get(b"V").ok().and_then(|value| document.dereference(value).ok());
        let value = value.and_then(|(_, value)| decode_text_string(value).ok());
        let corner = dictionary.get(b"Rect").ok().and_then(|rect| {
            let (_, rect) = document.dereference(rect).ok()?;
            let [x, y, ..] = rect.as_array().ok()?.as_slice() else { return None };
            Some((x.as_float().ok()?, y.as_float().ok()?))
        });
        if let (Some(value), Some((x, y))) = (value, corner)
            && !value.trim().is_empty()
            && self.0.len() < FIELDS_MAX
        {
            self.0.push((y, x, plain(&value)));
        }
    }

    /// Those of one height, from left to right, on one line.
    fn tell(mut self, text: &mut TextBuilder) {
        self.0.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.total_cmp(&b.1)));
        for line in self.0.chunk_by(|a, b| (a.0 - b.0).abs() < 1.0).filter(|line| line.len() > 1) {
            let is_comb = line.iter().all(|(.., value)| value.chars().count() == 1);
            let values: Vec<&str> = line.iter().map(|(.., value)| value.as_str()).collect();
            text.separate('\n');
            text.push(&values.join(if is_comb { "" } else { " " }));
        }
    }
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
