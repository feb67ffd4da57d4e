//! Property sets of compound files ([MS-OLEPS]): title, author, comments, and what an organisation adds, such as
//! sensitivity labels.

use std::collections::BTreeMap;

use mail::{Labels, PlaceKind};

use super::bytes::{code_page, size_at, slice, u16_at, u32_at, until_zero, utf16};
use super::compound::Compound;
use crate::Feature;
use crate::work::{TextBuilder, Work};

/// Properties read of one set.
const PROPERTIES_MAX: usize = 2_000;
/// The code page the set's strings are in.
const PID_CODEPAGE: u32 = 1;

/// Every text among the document's properties, and its labels.
pub(crate) fn read(compound: &Compound<'_>, storage: usize, text: &mut TextBuilder, work: &mut Work) {
    let mut labels = Labels::default();
    text.place(PlaceKind::Properties);
    for name in ["\u{5}SummaryInformation", "\u{5}DocumentSummaryInformation"] {
        for property in compound.read(storage, name, work).iter().flat_map(|set| properties(set)) {
            if let Some(key) = &property.name {
                labels.property(key, &property.value);
                text.push(key);
                text.push(": ");
            }
            text.push(&property.value);
            text.separate('\n');
        }
    }
    text.close();
    text.features(labels.standing().map(Feature::Label));
}

struct Property {
    /// The name an organisation gave it; well-known ones have none.
    name: Option<String>,
    value: String,
}

/// The textual properties of every section of a set.
fn properties(set: &[u8]) -> Vec<Property> {
    let count = size_at(set, 24).unwrap_or(0).min(2);
    let starts = (0..count).filter_map(|n| size_at(set, 28 + n * 20 + 16));
    starts.flat_map(|start| section(set.get(start..).unwrap_or(&[]))).collect()
}

fn section(section: &[u8]) -> Vec<Property> {
    let count = size_at(section, 4).unwrap_or(0).min(PROPERTIES_MAX);
    let all: Vec<(u32, &[u8])> = (0..count)
        .map_while(|n| Some((u32_at(section, 8 + n * 8)?, size_at(section, 12 + n * 8)?)))
        .map(|(id, at)| (id, section.get(at..).unwrap_or(&[])))
        .collect();
    let of = |wanted| all.iter().find(|(id, _)| *id == wanted).map(|(_, bytes)| *bytes);
    let page = of(PID_CODEPAGE).and_then(|bytes| u16_at(bytes, 4)).unwrap_or(1_252);
    let names = of(0).map(|bytes| dictionary(bytes, page)).unwrap_or_default();
    all.iter()
        .filter(|(id, _)| *id > PID_CODEPAGE)
        .filter_map(|(id, bytes)| Some(Property { name: names.get(id).cloned(), value: value(bytes, page)? }))
        .filter(|property| !property.value.trim().is_empty())
        .collect()
}

/// Names of properties by number ([MS-OLEPS] §2.17).
fn dictionary(bytes: &[u8], page: u16) -> BTreeMap<u32, String> {
    let mut names = BTreeMap::new();
    let mut at = 4;
    for _ in 0..size_at(bytes, 0).unwrap_or(0).min(PROPERTIES_MAX) {
        let (Some(id), Some(len)) = (u32_at(bytes, at), size_at(bytes, at + 4)) else { break };
        // 1200 is UTF-16: lengths count characters, and entries are padded to four bytes.
        let wide = page == 1_200;
        let len = if wide { len.saturating_mul(2) } else { len };
        names.insert(id, string(slice(bytes, at + 8, len), page));
        at = at.saturating_add(8).saturating_add(if wide { len.next_multiple_of(4) } else { len });
        if at >= bytes.len() {
            break;
        }
    }
    names
}

/// The text of a value, if it is one: VT_LPSTR, VT_LPWSTR, VT_BSTR, or a vector of them ([MS-OLEPS] §2.15).
fn value(bytes: &[u8], page: u16) -> Option<String> {
    let kind = u16_at(bytes, 0)?;
    let is_vector = kind & 0x1000 != 0;
    // 0x0c is VT_VARIANT: each element says its own type.
    let (kind, mut at) = (kind & 0x0fff, if is_vector { 8 } else { 4 });
    let count = if is_vector { size_at(bytes, 4)?.min(PROPERTIES_MAX) } else { 1 };
    let mut found: Vec<String> = Vec::new();
    for _ in 0..count {
        let kind = if kind == 0x0c {
            at += 4;
            u16_at(bytes, at - 4)?
        } else {
            kind
        };
        let Some(len) = size_at(bytes, at) else { break };
        let (len, page) = match kind {
            0x08 | 0x1e => (len, page),
            0x1f => (len.saturating_mul(2), 1_200),
            // Numbers in a vector of variants, such as the counts beside the titles of parts.
            0x03 => {
                at += 4;
                continue;
            }
            _ => break,
        };
        found.push(string(slice(bytes, at + 4, len), page));
        let padded = if is_vector && page == 1_200 { len.next_multiple_of(4) } else { len };
        at = at.saturating_add(4).saturating_add(padded);
    }
    (!found.is_empty()).then(|| found.join("\n"))
}

fn string(bytes: &[u8], page: u16) -> String {
    let text = if page == 1_200 { utf16(bytes) } else { code_page(until_zero(bytes), page) };
    text.trim_end_matches('\0').to_owned()
}
