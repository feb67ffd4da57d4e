//! What the codes of a font say, and how wide they are (ISO 32000-1 §9.6, §9.7, §9.10).
//!
//! A code's text is what `ToUnicode` says, else what the font's encoding says; a code nothing is known of has none, and
//! whoever reads the page counts it.

use std::collections::HashMap;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, GBK, SHIFT_JIS, UTF_16BE};
use lopdf::{Dictionary, Document, Encoding, Object, dictionary};
use unicode_normalization::UnicodeNormalization;

use super::cmap::ToUnicode;
use super::widths::{self, Wide};
use super::{STREAM_BYTES_MAX, dictionary_at, stream};

/// One shown code.
pub(super) struct Glyph {
    pub(super) code: u32,
    /// `None` when nothing says what it stands for.
    pub(super) text: Option<String>,
    /// Thousandths of the font size.
    pub(super) width: f32,
    /// A single byte 32, which word spacing widens.
    pub(super) is_blank: bool,
    /// `ToUnicode` says another letter or digit than the font shows by its own encoding.
    pub(super) is_disguised: bool,
}

/// One code of a font of single bytes.
struct Simple {
    text: Option<String>,
    width: f32,
    is_disguised: bool,
}

/// A font, as far as its text goes.
pub(super) struct Font {
    codes: Codes,
    pub(super) is_vertical: bool,
}

enum Codes {
    /// One byte each.
    Simple(Vec<Simple>),
    /// Two bytes each, or as `ToUnicode` has them.
    Unicode { map: ToUnicode, is_two: bool, wide: Wide },
    /// A character set of East Asia.
    Charset(&'static encoding_rs::Encoding),
    /// Two bytes each, that nothing tells.
    Untold(Wide),
}

impl Font {
    /// Reads a font. Never fails: codes without text are found when they are shown.
    pub(super) fn of(document: &Document, font: &Dictionary) -> Self {
        let map = to_unicode(document, font);
        let kind = font.get(b"Subtype").and_then(Object::as_name).unwrap_or_default();
        if kind != b"Type0" {
            return Self { codes: Codes::Simple(simple(document, font, map.as_ref())), is_vertical: false };
        }
        let encoding = font.get(b"Encoding").ok().and_then(|encoding| document.dereference(encoding).ok());
        let name = encoding.and_then(|(_, encoding)| encoding.as_name().ok()).unwrap_or_default();
        let wide = Wide::of(document, font);
        let codes = match (map, charset(name)) {
            (Some(map), _) => Codes::Unicode { map, is_two: name.starts_with(b"Identity"), wide },
            (None, Some(charset)) => Codes::Charset(charset),
            (None, None) => Codes::Untold(wide),
        };
        Self { codes, is_vertical: name.ends_with(b"-V") }
    }

    /// What a string shows.
    pub(super) fn glyphs(&self, bytes: &[u8]) -> Vec<Glyph> {
        match &self.codes {
            Codes::Simple(table) => bytes
                .iter()
                .zip(bytes.iter().map(|byte| table.get(usize::from(*byte))))
                .map(|(byte, known)| Glyph {
                    code: u32::from(*byte),
                    text: known.and_then(|known| known.text.clone()),
                    width: known.map_or(0.0, |known| known.width),
                    is_blank: *byte == b' ',
                    is_disguised: known.is_some_and(|known| known.is_disguised),
                })
                .collect(),
            Codes::Unicode { map, is_two, wide } => mapped(bytes, map, *is_two, wide),
            Codes::Charset(charset) => {
                let text = charset.decode_without_bom_handling(bytes).0;
                text.chars()
                    .map(|c| Glyph {
                        code: u32::from(c),
                        text: (c != '\u{fffd}').then(|| c.to_string()),
                        width: if c.is_ascii() { 500.0 } else { 1_000.0 },
                        is_blank: false,
                        is_disguised: false,
                    })
                    .collect()
            }
            Codes::Untold(wide) => bytes
                .chunks(2)
                .map(|pair| {
                    let code = pair.iter().fold(0, |code, byte| code * 256 + u32::from(*byte));
                    let width = wide.of_code(code);
                    Glyph { code, text: None, width, is_blank: false, is_disguised: false }
                })
                .collect(),
        }
    }
}

fn mapped(mut bytes: &[u8], map: &ToUnicode, is_two: bool, wide: &Wide) -> Vec<Glyph> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let lengths: &[usize] = if is_two { &[2] } else { &[2, 1, 3, 4] };
        let known = lengths.iter().find_map(|len| Some((*len, map.text(bytes.get(..*len)?)?)));
        let len = known.as_ref().map_or(2, |(len, _)| *len).min(bytes.len());
        let (this, rest) = bytes.split_at(len);
        let code = this.iter().fold(0, |code, byte| code * 256 + u32::from(*byte));
        found.push(Glyph {
            code,
            text: known.map(|(_, text)| text),
            width: wide.of_code(code),
            is_blank: this == b" ",
            is_disguised: false,
        });
        bytes = rest;
    }
    found
}

fn to_unicode(document: &Document, font: &Dictionary) -> Option<ToUnicode> {
    let (_, map) = document.dereference(font.get(b"ToUnicode").ok()?).ok()?;
    ToUnicode::of(&stream::decode(document, map.as_stream().ok()?).bytes)
}

/// The predefined maps of East Asia that are character sets (§9.7.5.2, table 118).
fn charset(name: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let name = std::str::from_utf8(name).ok()?;
    let has = |part: &str| name.contains(part);
    if name.starts_with("Identity") {
        None
    } else if has("-UCS2") || has("-UTF16") {
        Some(UTF_16BE)
    } else if name.starts_with("GB") {
        Some(GBK)
    } else if name.starts_with("ETen") || name.starts_with("B5") || name.starts_with("HKscs") {
        Some(BIG5)
    } else if has("RKSJ") {
        Some(SHIFT_JIS)
    } else if name.starts_with("KSC") {
        Some(EUC_KR)
    } else if name.starts_with("EUC-") {
        Some(EUC_JP)
    } else {
        None
    }
}

fn simple(document: &Document, font: &Dictionary, map: Option<&ToUnicode>) -> Vec<Simple> {
    let encoding =
        font.get(b"Encoding").ok().and_then(|encoding| Some(document.dereference(encoding).ok()?.1));
    let (base, differences) = match encoding {
        Some(Object::Name(name)) => (Some(name.as_slice()), None),
        Some(Object::Dictionary(encoding)) => {
            let base = encoding.get(b"BaseEncoding").and_then(Object::as_name).ok();
            let differences =
                encoding.get(b"Differences").ok().and_then(|all| document.dereference(all).ok());
            (base, differences.and_then(|(_, all)| all.as_array().ok()))
        }
        _ => (None, None),
    };
    let mut texts = base_table(document, base);
    // What the file itself says the font shows; symbols have an order of their own.
    let mut stated = [base.is_some() && !is_symbolic(document, font); 256];
    for (code, name) in renamed(differences.map(Vec::as_slice).unwrap_or_default()) {
        if let Some(text) = texts.get_mut(usize::from(code)) {
            *text = glyph_name(document, name);
        }
        if let Some(stated) = stated.get_mut(usize::from(code)) {
            *stated = true;
        }
    }
    let widths = widths::simple(document, font);
    let told = |code: u8| map.and_then(|map| map.text(&[code]).or_else(|| map.text(&[0, code])));
    let codes = (0..=255_u8).zip(texts).zip(widths).zip(stated);
    let simple = |(((code, shown), width), stated): (((u8, Option<String>), f32), bool)| {
        let told = told(code);
        let is_disguised =
            stated && shown.as_deref().zip(told.as_deref()).is_some_and(|(shown, told)| differ(shown, told));
        Simple { text: told.or(shown), width, is_disguised }
    };
    codes.map(simple).collect()
}

/// Whether two texts are different letters or digits. Case, accents and ligatures are how a letter is drawn.
fn differ(shown: &str, told: &str) -> bool {
    let plain = |text: &str| -> String {
        let letters = text.nfkd().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let (shown, told) = (plain(shown), plain(told));
    !shown.is_empty() && !told.is_empty() && shown != told
}

/// Whether a font has an encoding of its own, whatever the file says (table 123, bit 3).
fn is_symbolic(document: &Document, font: &Dictionary) -> bool {
    let descriptor = dictionary_at(document, font, b"FontDescriptor");
    let flags = descriptor.and_then(|descriptor| descriptor.get(b"Flags").ok()?.as_i64().ok());
    flags.is_some_and(|flags| flags & 4 != 0)
}

/// The text of each code in a named encoding; where none is named, the standard one, then that of Windows.
fn base_table(document: &Document, name: Option<&[u8]>) -> Vec<Option<String>> {
    let names: &[&[u8]] = match name {
        Some(name) => &[name],
        None => &[b"StandardEncoding", b"WinAnsiEncoding"],
    };
    let mut table = vec![None; 256];
    for name in names {
        let mut font = dictionary! { "Type" => "Font" };
        font.set("Encoding", Object::Name(name.to_vec()));
        let Ok(encoding) = font.get_font_encoding_with_limit(document, STREAM_BYTES_MAX) else { continue };
        for (code, text) in (0..=255_u8).zip(table.iter_mut()).filter(|(_, text)| text.is_none()) {
            *text = encoding.bytes_to_string(&[code]).ok().filter(|text| !text.is_empty());
        }
    }
    table
}

/// `[65 /A /B 97 /a]`: the codes, and the names of their glyphs.
fn renamed(differences: &[Object]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut code = 0_i64;
    differences.iter().filter_map(move |object| match object {
        Object::Integer(next) => {
            code = *next;
            None
        }
        Object::Name(name) => {
            let this = u8::try_from(code).ok();
            code = code.saturating_add(1);
            Some((this?, name.as_slice()))
        }
        _ => None,
    })
}

/// What the name of a glyph stands for (Adobe Glyph List, and its rules for other names).
fn glyph_name(document: &Document, name: &[u8]) -> Option<String> {
    let name = name.split(|byte| *byte == b'.').next().unwrap_or_default();
    let mut text = String::new();
    let mut known: HashMap<&[u8], Option<String>> = HashMap::new();
    for part in name.split(|byte| *byte == b'_') {
        let found = known.entry(part).or_insert_with(|| listed(document, part).or_else(|| by_number(part)));
        text.push_str(found.as_deref()?);
    }
    Some(text)
}

fn listed(document: &Document, name: &[u8]) -> Option<String> {
    let differences = dictionary! { "Differences" => vec![0.into(), Object::Name(name.to_vec())] };
    let font = dictionary! { "Type" => "Font", "Encoding" => differences };
    match font.get_font_encoding_with_limit(document, STREAM_BYTES_MAX).ok()? {
        encoding @ Encoding::Differences(_) => {
            encoding.bytes_to_string(&[0]).ok().filter(|text| !text.is_empty())
        }
        // Not in the list: the library falls back to another encoding.
        _ => None,
    }
}

/// `uni20AC`, `u1F600`.
fn by_number(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    let hexadecimal = |digits: &str| u32::from_str_radix(digits, 16).ok();
    if let Some(digits) = name.strip_prefix("uni").filter(|digits| digits.len() >= 4 && digits.is_ascii()) {
        let units: Option<Vec<u16>> = digits
            .as_bytes()
            .chunks(4)
            .map(|unit| u16::try_from(hexadecimal(std::str::from_utf8(unit).ok()?)?).ok())
            .collect();
        return String::from_utf16(&units?).ok();
    }
    let digits = name.strip_prefix('u').filter(|digits| (4..=6).contains(&digits.len()))?;
    char::from_u32(hexadecimal(digits)?).map(String::from)
}
