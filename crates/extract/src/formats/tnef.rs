//! `winmail.dat` ([MS-OXTNEF]): Outlook's message and attachments in one stream of attributes.

use super::bytes::{code_page, size_at, slice, u8_at, u16_at, u32_at, until_zero};
use super::mapi::{self, ATTACH_DATA, ATTACH_NAMES, BINARY, OBJECT, Property, RECIPIENT, STRING8, UNICODE};
use super::rtf::Inside;
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

const KIND: &str = "application/vnd.ms-tnef";
/// Attributes, properties and rows read of one stream.
const COUNT_MAX: usize = 100_000;

// Attributes ([MS-OXTNEF] §2.1.3.2).
const SUBJECT: u16 = 0x8004;
const BODY: u16 = 0x800c;
const ATTACH_FILE: u16 = 0x800f;
const ATTACH_TITLE: u16 = 0x8010;
const ATTACH_START: u16 = 0x9002;
const MESSAGE_PROPERTIES: u16 = 0x9003;
const RECIPIENTS: u16 = 0x9004;
const ATTACH_PROPERTIES: u16 = 0x9005;
const CODE_PAGE: u16 = 0x9007;

/// Bytes of the interface identifier before an object's data.
const IDENTIFIER: usize = 16;

#[derive(Default)]
struct Attachment<'a> {
    title: Option<String>,
    data: Option<&'a [u8]>,
    properties: Vec<Property>,
}

/// Looks into a stream.
pub(crate) fn extract(work: &mut Work, file: &File<'_>) {
    let mut page = 1_252;
    let mut text = TextBuilder::default();
    let mut inside = Inside::default();
    let mut attachments: Vec<Attachment<'_>> = Vec::new();
    let mut rest = file.bytes.get(6..).unwrap_or(&[]);
    let mut whole = true;
    for _ in 0..COUNT_MAX {
        let (Some(level), Some(id), Some(len)) = (u8_at(rest, 0), u16_at(rest, 1), size_at(rest, 5)) else {
            break;
        };
        // What follows the last attribute is not ours to judge: it is what was appended.
        if level != 1 && level != 2 {
            whole = false;
            break;
        }
        let data = slice(rest, 9, len);
        whole &= data.len() == len;
        rest = rest.get(len.saturating_add(11)..).unwrap_or(&[]);
        match id {
            CODE_PAGE => page = u32_at(data, 0).and_then(|page| u16::try_from(page).ok()).unwrap_or(page),
            SUBJECT => mapi::say(&mut text, "subject", &code_page(until_zero(data), page)),
            BODY => mapi::say(&mut text, "body", &code_page(until_zero(data), page)),
            MESSAGE_PROPERTIES => {
                inside.append(mapi::message(&properties(&mut &*data), page, &mut text, work));
            }
            RECIPIENTS => recipients(data, page, &mut text),
            ATTACH_START => attachments.push(Attachment::default()),
            ATTACH_TITLE | ATTACH_FILE | ATTACH_PROPERTIES => {
                if attachments.is_empty() {
                    attachments.push(Attachment::default());
                }
                if let Some(attachment) = attachments.last_mut() {
                    attachment.attribute(id, data, page);
                }
            }
            _ => {}
        }
    }
    if !attachments.is_empty() {
        text.features([Feature::EmbeddedFiles]);
    }
    work.text(file, KIND, text);
    if !whole {
        work.rest(file, Reason::Corrupt);
    }
    inside.hand_out(work, file);
    for attachment in attachments {
        if !work.take_member(file) {
            return;
        }
        attachment.look(work, file, page);
    }
}

impl<'a> Attachment<'a> {
    fn attribute(&mut self, id: u16, data: &'a [u8], page: u16) {
        match id {
            ATTACH_TITLE => self.title = Some(code_page(until_zero(data), page)),
            ATTACH_FILE => self.data = Some(data),
            _ => self.properties = properties(&mut &*data),
        }
    }

    fn look(&self, work: &mut Work, file: &File<'_>, page: u16) {
        let name = mapi::first_text(&self.properties, &ATTACH_NAMES, page).or_else(|| self.title.clone());
        let name = name.unwrap_or_else(|| "attachment".into());
        let object = self.properties.iter().find(|property| property.id == ATTACH_DATA);
        let bytes = object.and_then(|object| match object.kind {
            // A message (again TNEF) or a document (a compound file), behind what says which.
            OBJECT => object.bytes.get(IDENTIFIER..),
            BINARY => Some(object.bytes.as_slice()),
            _ => None,
        });
        let bytes = bytes.or(self.data).unwrap_or(&[]);
        let part = file.part.member(&name);
        work.file(&File { part, name: &name, declared: "", bytes, depth: file.depth + 1 });
    }
}

fn recipients(mut data: &[u8], page: u16, text: &mut TextBuilder) {
    let rows = size_at(data, 0).unwrap_or(0).min(COUNT_MAX);
    data = data.get(4..).unwrap_or(&[]);
    for _ in 0..rows {
        if data.is_empty() {
            break;
        }
        for property in properties(&mut data) {
            if RECIPIENT.contains(&property.id) {
                mapi::say(text, "recipients", &property.text(page).unwrap_or_default());
            }
        }
    }
}

/// A counted list of properties ([MS-OXTNEF] §2.1.3.4), as far as it can be followed.
fn properties(data: &mut &[u8]) -> Vec<Property> {
    let mut found = Vec::new();
    let count = take(data, 4).and_then(|bytes| size_at(bytes, 0)).unwrap_or(0).min(COUNT_MAX);
    for _ in 0..count {
        let Some(more) = property(data, &mut found) else {
            *data = &[];
            break;
        };
        if !more {
            break;
        }
    }
    found
}

fn property(data: &mut &[u8], found: &mut Vec<Property>) -> Option<bool> {
    let head = take(data, 4)?;
    let (kind, id) = (u16_at(head, 0)?, u16_at(head, 2)?);
    if id >= 0x8000 {
        // A named one: whose set, then its number or name.
        take(data, 16)?;
        if size_at(take(data, 4)?, 0)? == 0 {
            take(data, 4)?;
        } else {
            let len = size_at(take(data, 4)?, 0)?;
            take(data, len.checked_next_multiple_of(4)?)?;
        }
    }
    let is_list = kind & 0x1000 != 0;
    let kind = kind & 0x0fff;
    let is_counted = is_list || matches!(kind, STRING8 | UNICODE | BINARY | OBJECT);
    let count = if is_counted { size_at(take(data, 4)?, 0)?.min(COUNT_MAX) } else { 1 };
    for _ in 0..count {
        let len = match kind {
            STRING8 | UNICODE | BINARY | OBJECT => size_at(take(data, 4)?, 0)?,
            // Doubles, currencies, times, long integers; identifiers.
            0x05..=0x07 | 0x14 | 0x40 => 8,
            0x48 => 16,
            0x02..=0x04 | 0x0a | 0x0b => 4,
            _ => return Some(false),
        };
        let padded = take(data, len.checked_next_multiple_of(4)?)?;
        found.push(Property { id, kind, bytes: slice(padded, 0, len).to_owned() });
    }
    Some(true)
}

/// The next `len` bytes, fewer where the data ends; `None` when nothing is left.
fn take<'a>(data: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    if data.is_empty() && len > 0 {
        return None;
    }
    let (taken, rest) = data.split_at_checked(len).unwrap_or((data, &[]));
    *data = rest;
    Some(taken)
}
