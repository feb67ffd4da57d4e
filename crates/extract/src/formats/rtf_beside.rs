//! What Rich Text Format says beside its text: links, character sets, objects, destinations.

use super::{bytes, ole};
use crate::Reason;
use crate::work::{File, Work};

/// Links kept.
const LINKS_MAX: usize = 1_000;

/// Destinations that readers may pass over and whose text the page shows all the same: boxes, drawings, Unicode in place of
/// other letters, formulas. Every other marked `\*` says something beside the text, or is nobody's.
const SHOWN: &[&str] =
    &["do", "dptxbxtext", "moMath", "moMathPara", "nesttableprops", "shpinst", "shppict", "shptxt", "ud"];

/// Whether what stands in a destination marked `\*` is part of the text.
pub(super) fn is_shown(word: &str) -> bool {
    SHOWN.contains(&word)
}

/// Where the links of a piece of HTML lead, each once.
pub(super) fn targets(markup: &str) -> Vec<&str> {
    const SCHEMES: [&str; 4] = ["http", "mailto:", "ftp:", "file:"];
    let ends = |c: char| c.is_whitespace() || "\"'<>".contains(c);
    let mut found: Vec<&str> = Vec::new();
    for word in markup.split(ends).filter(|word| SCHEMES.iter().any(|scheme| word.starts_with(scheme))) {
        if found.len() < LINKS_MAX && !found.contains(&word) {
            found.push(word);
        }
    }
    found
}

/// The code page of a font's character set.
pub(super) fn character_set(number: i64) -> u16 {
    match number {
        77 => 10_000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1_253,
        162 => 1_254,
        163 => 1_258,
        177 => 1_255,
        178 => 1_256,
        186 => 1_257,
        204 => 1_251,
        222 => 874,
        238 => 1_250,
        _ => 0,
    }
}

/// An object in the form of OLE 1 ([MS-OLEDS] §2.2.5): its class, then its bytes.
pub(super) fn embedded(work: &mut Work, file: &File<'_>, number: usize, object: &[u8]) {
    let name = format!("object {number}");
    let part = file.part.member(&name);
    let mut rest = object.get(8..).unwrap_or(&[]);
    let mut next = || {
        let len = bytes::size_at(rest, 0).unwrap_or(0);
        let found = bytes::slice(rest, 4, len);
        rest = rest.get(len.saturating_add(4)..).unwrap_or(&[]);
        found
    };
    let class = bytes::until_zero(next()).to_owned();
    let (_, _, data) = (next(), next(), next());
    let inner = File { part, name: &name, declared: "", bytes: data, depth: file.depth + 1 };
    if data.is_empty() {
        work.unreadable(&inner, "application/x-ole-storage", Reason::UnknownFormat);
    } else if class.eq_ignore_ascii_case(b"Package") {
        ole::package(work, &inner, data);
    } else {
        work.file(&inner);
    }
}
