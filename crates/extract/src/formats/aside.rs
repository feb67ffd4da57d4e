//! Values of attributes in the parts of an office document: nobody sees most of them, and some hold a text or a number.
//!
//! Nearly all say how things look or how parts hang together. Kept are those that hold words by their nature, and of the others
//! those with as many digits as an account, a card or a person has.

use mail::PlaceKind;
use quick_xml::escape::unescape;
use quick_xml::events::BytesStart;

use super::xml;
use crate::work::TextBuilder;

/// A value with fewer digits holds no account, card or person's number.
const DIGITS_MIN: usize = 12;
/// Bytes kept of one part.
const KEPT_MAX: usize = 1024 * 1024;

/// Elements and their attributes that hold words: variables and tags of macros and forms, what a sheet says of the values it
/// takes, its name, where its data comes from.
const WORDS: &[(&str, &[&str])] = &[
    ("docVar", &["name", "val"]),
    ("tag", &["name", "val"]),
    ("alias", &["val"]),
    ("placeholder", &["val"]),
    ("statusText", &["val"]),
    ("helpText", &["val"]),
    ("dataValidation", &["promptTitle", "prompt", "errorTitle", "error"]),
    ("definedName", &["name", "comment"]),
    ("connection", &["name", "description"]),
    ("dbPr", &["connection", "command"]),
    ("webPr", &["url", "post"]),
    ("olapPr", &["localConnection"]),
    ("table", &["comment"]),
    ("scenario", &["name", "comment"]),
    ("inputCells", &["val"]),
    ("protectedRange", &["name"]),
    ("cellStyle", &["name"]),
    ("section", &["name"]),
    ("custShow", &["name"]),
    ("cmAuthor", &["name"]),
    ("person", &["displayName"]),
];

/// What was kept of a part.
#[derive(Default)]
pub(super) struct Aside {
    kept: String,
    /// More than is kept.
    is_cut: bool,
}

impl Aside {
    /// Looks at the attributes of one element.
    pub(super) fn look(&mut self, name: &str, tag: &BytesStart<'_>) {
        let words = WORDS.iter().find(|(element, _)| *element == name).map_or(&[][..], |(_, words)| words);
        if words.is_empty() && !has_digits(tag) {
            return;
        }
        // Styles that every workbook has say so.
        if name == "cellStyle" && xml::attribute(tag, "builtinId").is_some() {
            return;
        }
        for attribute in tag.attributes().with_checks(false).flatten() {
            let is_words = words.contains(&attribute.key.local_name().as_ref());
            if is_words || (has_digits(&attribute.value) && !is_identifier(&attribute.value)) {
                self.say(&unescape(&attribute.value).unwrap_or_default());
            }
        }
    }

    pub(super) fn say(&mut self, value: &str) {
        // Names of the format's own.
        let is_own = value.starts_with("_xlnm.");
        if is_own || value.trim().is_empty() {
            return;
        }
        if self.kept.len() + value.len() < KEPT_MAX {
            self.kept.push_str(value);
            self.kept.push('\n');
        } else {
            self.is_cut = true;
        }
    }

    /// Says it, behind the text of the part.
    pub(super) fn put(self, text: &mut TextBuilder) {
        if !self.kept.is_empty() {
            text.close();
            text.place(PlaceKind::Hidden);
            text.push(&self.kept);
        }
        if self.is_cut {
            text.cut();
        }
    }
}

/// Whether the title of a sheet says more than that it is one: a number, several words.
pub(super) fn is_telling(title: &str) -> bool {
    /// Digits of an account within a bank, or more.
    const ENOUGH: usize = 6;
    title.contains(' ') || title.bytes().filter(u8::is_ascii_digit).count() >= ENOUGH
}

fn has_digits(value: &str) -> bool {
    value.bytes().filter(u8::is_ascii_digit).count() >= DIGITS_MIN
}

/// Made by a program: hexadecimal digits in five groups, addresses of formats.
fn is_identifier(value: &str) -> bool {
    let inner = value.trim_matches(['{', '}']);
    let is_hex = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    (inner.len() == 36 && inner.matches('-').count() == 4 && inner.bytes().all(is_hex))
        || value.starts_with("http://schemas.")
}
