//! How one character is compared: as a letter or digit, as a separator, or not at all.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use vocabulary::unseen::{is_blank, is_invisible};

use crate::words::latin;

/// What a character is to a detector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folded {
    /// An ASCII letter (upper case) or digit, after NFKC: `７`, `⑦` and `𝟕` are `7`; Cyrillic `В` is the `B` it looks like.
    Alnum(u8),
    /// Nothing a reader sees by itself: zero-width characters, soft hyphen, direction marks, marks over the letter before.
    Invisible,
    /// A space of any width.
    Space,
    /// A line end.
    Newline,
    /// A dash of any length.
    Dash,
    /// A dot.
    Dot,
    /// Another letter or digit, or `_`: it continues a word.
    Word,
    /// Anything else.
    Other,
}

/// Folds one character.
pub(super) fn fold(c: char) -> Folded {
    match c {
        'A'..='Z' | '0'..='9' => Folded::Alnum(c as u8),
        'a'..='z' => Folded::Alnum(c.to_ascii_uppercase() as u8),
        ' ' | '\t' => Folded::Space,
        '\n' | '\r' => Folded::Newline,
        '-' => Folded::Dash,
        '.' => Folded::Dot,
        '_' => Folded::Word,
        _ if c.is_ascii() => Folded::Other,
        _ => fold_wide(c),
    }
}

fn fold_wide(c: char) -> Folded {
    match c {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Folded::Space
        }
        '\u{85}' | '\u{2028}' | '\u{2029}' => Folded::Newline,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => Folded::Dash,
        '\u{b7}' | '\u{2024}' | '\u{2027}' | '\u{30fb}' | '\u{fe52}' | '\u{ff0e}' => Folded::Dot,
        _ if is_blank(c) => Folded::Space,
        // An underline or a ring of its own is drawn over the letter before it.
        _ if is_invisible(c) || is_combining_mark(c) => Folded::Invisible,
        _ => letter(c),
    }
}

fn letter(c: char) -> Folded {
    let looks = latin(c);
    if looks.is_ascii() {
        return Folded::Alnum(looks.to_ascii_uppercase() as u8);
    }
    if let Some(digit) = digit(c) {
        return Folded::Alnum(digit);
    }
    let mut folded = std::iter::once(c).nfkc().map(latin);
    match (folded.next(), folded.next()) {
        (Some(one), None) if one.is_ascii_alphanumeric() => Folded::Alnum(one.to_ascii_uppercase() as u8),
        _ if c.is_alphanumeric() => Folded::Word,
        _ => Folded::Other,
    }
}

/// Digits that no normal form opens: in dark circles, in two circles, and those of Arabic and of Devanagari.
fn digit(c: char) -> Option<u8> {
    let (first, least) = match c {
        '\u{2776}'..='\u{277e}' => (0x2776, b'1'),
        '\u{2780}'..='\u{2788}' => (0x2780, b'1'),
        '\u{278a}'..='\u{2792}' => (0x278a, b'1'),
        '\u{24f5}'..='\u{24fd}' => (0x24f5, b'1'),
        '\u{24ff}' => (0x24ff, b'0'),
        '\u{660}'..='\u{669}' => (0x660, b'0'),
        '\u{6f0}'..='\u{6f9}' => (0x6f0, b'0'),
        '\u{966}'..='\u{96f}' => (0x966, b'0'),
        _ => return None,
    };
    u8::try_from(u32::from(c) - first).ok().map(|more| least + more)
}

/// Whether a text that starts with these bytes may start with a character that folds to a digit. Never wrong
/// when it says no.
pub(super) const fn may_be_wide_digit(lead: u8, second: u8) -> bool {
    match lead {
        // Superscript digits U+00B2, U+00B3, U+00B9.
        0xC2 => matches!(second, 0xB2 | 0xB3 | 0xB9),
        // Arabic U+0660–0669 and U+06F0–06F9.
        0xD9 | 0xDB => matches!(second, 0xA0..=0xB9),
        // Devanagari U+0966–096F.
        0xE0 => second == 0xA5,
        // Superscripts and subscripts U+2070–209F, enclosed U+2460–24FF, in dark circles U+2776–2793.
        0xE2 => matches!(second, 0x81 | 0x82 | 0x91..=0x93 | 0x9D | 0x9E),
        // Full width U+FF10–FF19.
        0xEF => second == 0xBC,
        // Outlined U+1CCF0–1CCF9, mathematical U+1D7CE–1D7FF, segmented U+1FBF0–1FBF9.
        0xF0 => matches!(second, 0x9C | 0x9D | 0x9F),
        _ => false,
    }
}

/// A digit set above the line: the mark of a note, not part of what it stands behind.
pub(super) const fn is_superscript(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '⁴'..='⁹')
}

/// The characters before a byte offset, nearest first, invisible ones left out.
pub(super) fn before(text: &str, at: usize) -> impl Iterator<Item = (usize, char, Folded)> {
    let head = text.get(..at).unwrap_or("");
    head.char_indices()
        .rev()
        .map(|(at, c)| (at, c, fold(c)))
        .filter(|(_, _, folded)| *folded != Folded::Invisible)
}

/// The characters from a byte offset on, invisible ones left out, each with where it ends.
pub(super) fn from(text: &str, at: usize) -> impl Iterator<Item = (usize, char, Folded)> + Clone {
    let tail = text.get(at..).unwrap_or("");
    tail.char_indices()
        .map(move |(offset, c)| (at + offset + c.len_utf8(), c, fold(c)))
        .filter(|(_, _, folded)| *folded != Folded::Invisible)
}
