//! How wide the characters of fonts are that do not say it: the standard ones (Adobe's metrics of the core 14 fonts,
//! printable ASCII), which every reader brings along.

use lopdf::{Dictionary, Document, Object};

use super::{dictionary, dictionary_at};

/// Width of a character nothing is known of, thousandths of the size.
const UNKNOWN: f32 = 500.0;

const HELVETICA: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

const TIMES: [u16; 95] = [
    250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278, 500, 500, 500, 500, 500,
    500, 500, 500, 500, 500, 278, 278, 564, 564, 564, 444, 921, 722, 667, 667, 722, 611, 556, 722, 722, 333,
    389, 722, 611, 889, 722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611, 333, 278, 333, 469,
    500, 333, 444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778, 500, 500, 500, 500, 333, 389,
    278, 500, 500, 722, 500, 500, 444, 480, 200, 480, 541,
];

/// The widths of a simple font's 256 codes, thousandths of the size (of the unit, for fonts of type 3).
pub(super) fn simple(document: &Document, font: &Dictionary) -> Vec<f32> {
    let name = font.get(b"BaseFont").and_then(Object::as_name).unwrap_or_default();
    let known: Option<&[u16; 95]> = match String::from_utf8_lossy(name).to_ascii_lowercase() {
        name if name.contains("courier") || name.contains("mono") => None,
        name if name.contains("times") || name.contains("serif") || name.contains("roman") => Some(&TIMES),
        _ => Some(&HELVETICA),
    };
    let standard = |code: usize| match known {
        None => 600.0,
        Some(known) => {
            code.checked_sub(32).and_then(|at| known.get(at)).map_or(UNKNOWN, |width| f32::from(*width))
        }
    };
    let said = widths(document, font);
    let missing = dictionary_at(document, font, b"FontDescriptor")
        .and_then(|descriptor| descriptor.get(b"MissingWidth").ok()?.as_float().ok());
    (0..256)
        .map(|code: usize| match &said {
            Some((first, widths)) => {
                let width = code.checked_sub(*first).and_then(|at| widths.get(at)).copied();
                width.or(missing).unwrap_or_else(|| standard(code))
            }
            None => standard(code),
        })
        .collect()
}

fn widths(document: &Document, font: &Dictionary) -> Option<(usize, Vec<f32>)> {
    let (_, widths) = document.dereference(font.get(b"Widths").ok()?).ok()?;
    let first = document.dereference(font.get(b"FirstChar").ok()?).ok()?.1.as_i64().ok()?;
    // A font of type 3 has its own unit.
    let scale = match font.get(b"FontMatrix").and_then(Object::as_array).map(|matrix| matrix.first()) {
        Ok(Some(unit)) => unit.as_float().unwrap_or(0.001).abs() * 1_000.0,
        _ => 1.0,
    };
    let width = |object: &Object| {
        let width = document.dereference(object).ok().and_then(|(_, width)| width.as_float().ok());
        width.filter(|width| width.is_finite()).unwrap_or(UNKNOWN) * scale
    };
    Some((usize::try_from(first).ok()?, widths.as_array().ok()?.iter().take(256).map(width).collect()))
}

/// The widths of a composite font, by code: what is said of some, and what holds for the others.
pub(super) struct Wide {
    some: Vec<(u32, u32, f32)>,
    others: f32,
}

impl Wide {
    /// From the descendant of a composite font (§9.7.4.3).
    pub(super) fn of(document: &Document, font: &Dictionary) -> Self {
        let descendant = font.get(b"DescendantFonts").ok().and_then(|all| {
            let (_, all) = document.dereference(all).ok()?;
            dictionary(document, all.as_array().ok()?.first()?)
        });
        let number = |key: &[u8]| descendant.and_then(|font| font.get(key).ok()?.as_float().ok());
        let mut wide = Self { some: Vec::new(), others: number(b"DW").unwrap_or(1_000.0) };
        let list =
            descendant.and_then(|font| document.dereference(font.get(b"W").ok()?).ok()?.1.as_array().ok());
        wide.read(document, list.map(Vec::as_slice).unwrap_or_default());
        wide.some.sort_by_key(|(first, ..)| *first);
        wide
    }

    /// `first [w …]` or `first last w`, again and again.
    fn read(&mut self, document: &Document, mut list: &[Object]) {
        let code = |object: &Object| u32::try_from(object.as_float().ok()? as i64).ok();
        while let [first, second, rest @ ..] = list {
            let Some(first) = code(first) else { return };
            match document.dereference(second).map(|(_, second)| second) {
                Ok(Object::Array(widths)) => {
                    for (at, width) in (first..).zip(widths.iter().take(65_536)) {
                        self.some.push((at, at, width.as_float().unwrap_or(self.others)));
                    }
                    list = rest;
                }
                Ok(last) => {
                    let [width, rest @ ..] = rest else { return };
                    let Some(last) = code(last) else { return };
                    self.some.push((first, last, width.as_float().unwrap_or(self.others)));
                    list = rest;
                }
                Err(_) => return,
            }
        }
    }

    pub(super) fn of_code(&self, code: u32) -> f32 {
        let before = self.some.partition_point(|(first, ..)| *first <= code);
        let known = before.checked_sub(1).and_then(|at| self.some.get(at));
        known.filter(|(_, last, _)| code <= *last).map_or(self.others, |(.., width)| *width)
    }
}
