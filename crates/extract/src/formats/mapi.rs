//! Properties of Outlook's messages ([MS-OXPROPS]), as `.msg` files and `winmail.dat` both carry them.

use mail::PlaceKind;
use mail::render::Html;

use super::bytes::{code_page, utf16};
use super::pictures::of_page;
use super::rtf::{self, Inside};
use crate::work::{Expanded, TextBuilder, Work};

/// Types of values ([MS-OXCDATA] §2.11.1).
pub(crate) const STRING8: u16 = 0x001e;
pub(crate) const UNICODE: u16 = 0x001f;
pub(crate) const BINARY: u16 = 0x0102;
pub(crate) const OBJECT: u16 = 0x000d;

pub(crate) const BODY: u16 = 0x1000;
pub(crate) const RTF_COMPRESSED: u16 = 0x1009;
pub(crate) const HTML: u16 = 0x1013;
pub(crate) const ATTACH_DATA: u16 = 0x3701;
/// Long name, short name, what is shown.
pub(crate) const ATTACH_NAMES: [u16; 3] = [0x3707, 0x3704, 0x3001];
/// Name, address and SMTP address of a recipient.
pub(crate) const RECIPIENT: [u16; 3] = [0x3001, 0x3003, 0x39fe];
pub(crate) const CODE_PAGES: [u16; 2] = [0x3ffd, 0x3fde];

/// What each well-known text is called.
const KNOWN: &[(u16, &str)] = &[
    (0x0037, "subject"),
    (0x0042, "from"),
    (0x0065, "from"),
    (0x5d02, "from"),
    (0x0c1a, "sender"),
    (0x0c1f, "sender"),
    (0x5d01, "sender"),
    (0x0e04, "to"),
    (0x0e03, "cc"),
    (0x0e02, "bcc"),
    (0x007d, "headers"),
];

/// Texts that say how the message was carried, not what it says: class, address types, identifiers.
const SERVICE: &[u16] =
    &[0x001a, 0x0064, 0x0075, 0x0077, 0x0c1e, 0x0e1d, 0x0047, 0x1035, 0x1039, 0x1042, 0x3002, 0x3fdf, 0x5902];

/// One property with its value's bytes.
pub(crate) struct Property {
    pub(crate) id: u16,
    pub(crate) kind: u16,
    pub(crate) bytes: Vec<u8>,
}

impl Property {
    /// The value as text, if it is one.
    pub(crate) fn text(&self, page: u16) -> Option<String> {
        let text = match self.kind {
            UNICODE => utf16(&self.bytes),
            STRING8 => code_page(&self.bytes, page),
            _ => return None,
        };
        Some(text.trim_end_matches('\0').to_owned())
    }
}

/// The first of some properties that is a text.
pub(crate) fn first_text(properties: &[Property], ids: &[u16], page: u16) -> Option<String> {
    ids.iter().find_map(|id| {
        let of = properties.iter().filter(|property| property.id == *id);
        of.filter_map(|property| property.text(page)).find(|text| !text.is_empty())
    })
}

/// Everything a message says of itself: its fields, its texts in every form, what an organisation or a form added. Gives back
/// the pictures and files that its texts carry.
pub(crate) fn message(properties: &[Property], page: u16, text: &mut TextBuilder, work: &mut Work) -> Inside {
    let mut inside = Inside::default();
    for (id, label) in KNOWN {
        for value in properties.iter().filter(|property| property.id == *id).filter_map(|one| one.text(page))
        {
            say(text, label, &value);
        }
    }
    for property in properties {
        match property.id {
            BODY => say(text, "body", &property.text(page).unwrap_or_default()),
            HTML => html(property, page, text, &mut inside),
            RTF_COMPRESSED => compressed(&property.bytes, text, work, &mut inside),
            id if KNOWN.iter().any(|(known, _)| *known == id) || SERVICE.contains(&id) => {}
            // Places, categories, fields of forms, the message a receipt is for.
            _ => say(text, "properties", &property.text(page).unwrap_or_default()),
        }
    }
    inside.tell(text);
    inside
}

/// The people of a row of recipients, or the name of an attachment.
pub(crate) fn say(text: &mut TextBuilder, label: &str, value: &str) {
    if !value.trim().is_empty() {
        text.numbered(PlaceKind::Field, label, 0);
        text.push(&value.replace("\r\n", "\n"));
        text.close();
    }
}

fn html(property: &Property, page: u16, text: &mut TextBuilder, inside: &mut Inside) {
    let source = property.text(page).unwrap_or_else(|| mail::plausible_text(&property.bytes));
    let html = Html::untrusted(&source);
    say(text, "body (HTML)", &html.to_text());
    say(text, "hidden", &html.hidden_text());
    of_page(&html, false, &mut inside.pictures);
}

fn compressed(bytes: &[u8], text: &mut TextBuilder, work: &mut Work, inside: &mut Inside) {
    match work.expand(super::lzfu::Reader::new(bytes)) {
        Expanded::Whole(source) | Expanded::Broken(source, _) => {
            text.numbered(PlaceKind::Field, "body (RTF)", 0);
            inside.append(rtf::read(&source, text));
            text.close();
        }
        Expanded::TooLarge => text.cut(),
    }
}
