//! How one character is compared: as a letter or digit, as a separator, or not at all.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use vocabulary::unseen::{is_blank, is_invisible};

use super::numerals::digit;
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
