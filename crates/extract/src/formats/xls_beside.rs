//! What a workbook of Excel 97 to 2003 holds besides its cells: the values behind its pivot tables, names and what they stand
//! for, what a sheet says of the values it takes, queries ([MS-XLS] §2.4).

use mail::PlaceKind;

use super::biff::{Record, Records, Words};
use super::bytes::{slice, u8_at, u16_at, u64_at};
use super::compound::Compound;
use super::number::{Shown, shown};
use crate::Feature;
use crate::work::{TextBuilder, Work};

/// The storage of what pivot tables were made of.
const CACHES: &str = "_SX_DB_CUR";
/// Records read of one cache.
const RECORDS_MAX: usize = 2_000_000;

// Types of records in caches.
const FIELD: u16 = 0x00c7;
const NUMBER: u16 = 0x00c9;
const INTEGER: u16 = 0x00cc;
pub(super) const STRING: u16 = 0x00cd;
const DATE: u16 = 0x00ce;

// Types of records in a workbook.
pub(super) const NAME: u16 = 0x0018;
pub(super) const VALIDATION: u16 = 0x01be;
pub(super) const STYLE: u16 = 0x0293;

/// The values behind every pivot table: the whole of sheets that may be gone. False where there are more than may be read.
pub(super) fn pivot_caches(
    compound: &Compound<'_>,
    storage: usize,
    words: &Words,
    text: &mut TextBuilder,
    work: &mut Work,
) -> bool {
    let Some(caches) = compound.find(storage, CACHES) else { return true };
    text.features([Feature::PivotCache]);
    let streams: Vec<usize> =
        compound.children(caches).filter(|(_, entry)| !entry.is_storage).map(|(at, _)| at).collect();
    for at in streams {
        let Some(stream) = compound.stream(at, work) else { return false };
        text.place(PlaceKind::Pivot);
        for record in Records::new(&stream).take(RECORDS_MAX) {
            if record.kind == FIELD {
                text.separate('\n');
            }
            if let Some(value) = cached(&record, words) {
                text.push(&value);
                text.separate('\t');
            }
            if text.is_full() {
                return false;
            }
        }
        text.close();
    }
    true
}

/// The value of one record of a cache.
fn cached(record: &Record<'_>, words: &Words) -> Option<String> {
    let data = record.data;
    match record.kind {
        // Its name stands behind seven numbers.
        FIELD => Some(words.long(data.get(14..)?)),
        STRING => Some(words.long(data)),
        NUMBER => Some(shown(f64::from_bits(u64_at(data, 0)?), Shown::Number)),
        INTEGER => Some(u16_at(data, 0)?.cast_signed().to_string()),
        DATE => {
            let (year, month) = (u16_at(data, 0)?, u16_at(data, 2)?);
            Some(format!("{year}-{month:02}-{:02}", u8_at(data, 4)?))
        }
        _ => None,
    }
}

/// The words of a record that stands beside the cells.
pub(super) fn said(record: &Record<'_>, words: &Words) -> Vec<String> {
    let data = record.data;
    match record.kind {
        // Built-in styles have a number in place of a name.
        STYLE if u16_at(data, 0).is_some_and(|style| style & 0x8000 == 0) => {
            vec![words.long(data.get(2..).unwrap_or(&[]))]
        }
        STRING => vec![words.long(data)],
        NAME => name(data, words),
        VALIDATION => validation(data, words),
        _ => Vec::new(),
    }
}

/// A name and the texts in what it stands for. Built-in ones have a number in place of a name.
fn name(data: &[u8], words: &Words) -> Vec<String> {
    let is_built_in = u16_at(data, 0).is_some_and(|flags| flags & 0x20 != 0);
    let length = usize::from(u8_at(data, 3).unwrap_or(0));
    let rest = data.get(14..).unwrap_or(&[]);
    let mut found = if is_built_in { Vec::new() } else { vec![words.characters(rest, length)] };
    let width = words.width(rest, length);
    let formula = slice(rest, width, usize::from(u16_at(data, 4).unwrap_or(0)));
    found.extend(in_formula(formula, words));
    found
}

/// Titles and texts of what is shown when a value is asked for, or refused.
fn validation(data: &[u8], words: &Words) -> Vec<String> {
    let mut rest = data.get(4..).unwrap_or(&[]);
    let mut found = Vec::new();
    for _ in 0..4 {
        let Some(length) = u16_at(rest, 0).map(usize::from) else { break };
        let text = rest.get(2..).unwrap_or(&[]);
        found.push(words.characters(text, length));
        rest = text.get(words.width(text, length)..).unwrap_or(&[]);
    }
    found
}

/// Texts that stand in a formula ([MS-XLS] §2.5.198.89), wherever they do: a text has a sign before it, and its length.
pub(super) fn in_formula(formula: &[u8], words: &Words) -> Vec<String> {
    const TEXT: u8 = 0x17;
    /// What is shorter is another number as often as a text.
    const LENGTH_MIN: usize = 4;
    let mut found = Vec::new();
    let mut rest = formula;
    while let Some(at) = memchr::memchr(TEXT, rest) {
        rest = rest.get(at + 1..).unwrap_or(&[]);
        let (Some(length), Some(flags)) = (u8_at(rest, 0).map(usize::from), u8_at(rest, 1)) else { break };
        let text = words.characters(rest.get(1..).unwrap_or(&[]), length);
        let is_text = (!words.is_wide || flags <= 1)
            && length >= LENGTH_MIN
            && text.chars().count() == length
            && !text.chars().any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER);
        if is_text {
            found.push(text);
            rest = rest.get(1 + words.width(rest.get(1..).unwrap_or(&[]), length)..).unwrap_or(&[]);
        }
    }
    found
}
