//! Outlook messages ([MS-OXMSG]): a storage of properties, one storage for each recipient and attachment.

use super::bytes::{u16_at, u32_at};
use super::compound::Compound;
use super::mapi::{self, ATTACH_DATA, ATTACH_NAMES, CODE_PAGES, OBJECT, Property, RECIPIENT};
use super::ole;
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

const KIND: &str = "application/vnd.ms-outlook";
/// How a stream that holds one property is named, before its identifier and type.
const PROPERTY: &str = "__substg1.0_";

/// A message that stands in a storage.
pub(crate) fn extract(work: &mut Work, file: &File<'_>, compound: &Compound<'_>, at: usize) {
    let Some(properties) = properties(compound, at, work) else {
        return work.unreadable(file, KIND, Reason::TooLarge);
    };
    let page = page(compound, at, work);
    let mut text = TextBuilder::default();
    let inside = mapi::message(&properties, page, &mut text, work);
    for recipient in parts(compound, at, "__recip_version1.0_") {
        for property in self::properties(compound, recipient, work).iter().flatten() {
            if RECIPIENT.contains(&property.id) {
                mapi::say(&mut text, "recipients", &property.text(page).unwrap_or_default());
            }
        }
    }
    let attachments = parts(compound, at, "__attach_version1.0_");
    if !attachments.is_empty() {
        text.features([Feature::EmbeddedFiles]);
    }
    work.text(file, KIND, text);
    inside.hand_out(work, file);
    for attachment in attachments {
        if !work.take_member(file) {
            return;
        }
        attached(work, file, compound, attachment, page);
    }
}

fn attached(work: &mut Work, file: &File<'_>, compound: &Compound<'_>, at: usize, page: u16) {
    let object = compound.find(at, &format!("{PROPERTY}{ATTACH_DATA:04X}{OBJECT:04X}"));
    let properties = properties(compound, at, work).unwrap_or_default();
    let name = mapi::first_text(&properties, &ATTACH_NAMES, page).unwrap_or_else(|| "attachment".into());
    let part = file.part.member(&name);
    let data = properties.iter().find(|property| property.id == ATTACH_DATA);
    let bytes = data.map_or(&[][..], |data| data.bytes.as_slice());
    let inner = File { part, name: &name, declared: "", bytes, depth: file.depth + 1 };
    match object {
        // A message or a document, as a storage.
        Some(storage) => ole::storage(work, &inner, compound, storage),
        // A link to a file that is not in it has no data.
        None => work.file(&inner),
    }
}

/// Storages whose names begin so.
fn parts(compound: &Compound<'_>, at: usize, start: &str) -> Vec<usize> {
    let all = compound.children(at).filter(|(_, entry)| entry.is_storage && entry.name.starts_with(start));
    all.map(|(storage, _)| storage).collect()
}

/// The properties that stand in streams of their own. `None` when they are more than may be read.
fn properties(compound: &Compound<'_>, at: usize, work: &mut Work) -> Option<Vec<Property>> {
    let mut found = Vec::new();
    for (stream, entry) in compound.children(at).filter(|(_, entry)| !entry.is_storage) {
        let name = entry.name.strip_prefix(PROPERTY).filter(|name| name.len() == 8 && name.is_ascii());
        let number =
            |range| name.and_then(|name| name.get(range)).and_then(|hex| u16::from_str_radix(hex, 16).ok());
        let (Some(id), Some(kind)) = (number(0..4), number(4..8)) else { continue };
        found.push(Property { id, kind, bytes: compound.stream(stream, work)? });
    }
    Some(found)
}

/// The code page of 8-bit texts: a number, so in the stream of fixed properties ([MS-OXMSG] §2.4).
fn page(compound: &Compound<'_>, at: usize, work: &mut Work) -> u16 {
    let fixed = compound.read(at, "__properties_version1.0", work).unwrap_or_default();
    // The head has 32 bytes at the top, 24 in a message inside, 8 elsewhere: entries have 16.
    let entries = fixed.rchunks_exact(16);
    let found = entries
        .filter(|entry| u16_at(entry, 2).is_some_and(|id| CODE_PAGES.contains(&id)))
        .find_map(|entry| u32_at(entry, 8).and_then(|page| u16::try_from(page).ok()));
    found.unwrap_or(1_252)
}
