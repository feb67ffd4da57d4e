//! How one character is compared: as a letter or digit, as a separator, or not at all.

use unicode_normalization::UnicodeNormalization;

/// What a character is to a detector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Folded {
    /// An ASCII letter (upper case) or digit, after NFKC: `７`, `⑦` and `𝟕` are `7`.
    Alnum(u8),
    /// Nothing a reader sees: zero-width characters, soft hyphen, direction marks.
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
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e0fff}' => Folded::Invisible,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            Folded::Space
        }
        '\u{85}' | '\u{2028}' | '\u{2029}' => Folded::Newline,
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => Folded::Dash,
        '\u{b7}' | '\u{2024}' | '\u{2027}' | '\u{30fb}' | '\u{fe52}' | '\u{ff0e}' => Folded::Dot,
        _ => {
            let mut folded = std::iter::once(c).nfkc();
            match (folded.next(), folded.next()) {
                (Some(one), None) if one.is_ascii_alphanumeric() => {
                    Folded::Alnum(one.to_ascii_uppercase() as u8)
                }
                _ if c.is_alphanumeric() => Folded::Word,
                _ => Folded::Other,
            }
        }
    }
}

/// Whether a text that starts with these bytes may start with a character that folds to a digit. Never wrong
/// when it says no.
pub(super) const fn may_be_wide_digit(lead: u8, second: u8) -> bool {
    match lead {
        // Superscript digits U+00B2, U+00B3, U+00B9.
        0xC2 => matches!(second, 0xB2 | 0xB3 | 0xB9),
        // Superscripts and subscripts U+2070–209F, enclosed U+2460–24FF.
        0xE2 => matches!(second, 0x81 | 0x82 | 0x91..=0x93),
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
