//! The word of letters and digits around a place: identifiers that mix both stand in one.

use super::edges;
use super::fold::{Folded, before, from, is_superscript};

/// Letters and digits read at most: a line of a passport has 44, a longer word is no identifier of ours.
const LENGTH_MAX: usize = 44;

/// A word of ASCII letters and digits, folded to capitals.
pub(super) struct Token {
    pub(super) start: usize,
    /// One past its last byte.
    pub(super) end: usize,
    bytes: [u8; LENGTH_MAX],
    length: usize,
    /// No small letter in it as written.
    pub(super) upper: bool,
}

impl Token {
    /// The word that holds the letter or digit at `at`; `None` when something else is glued to it, or it is too long.
    pub(super) fn around(text: &str, at: usize) -> Option<Self> {
        let mut start = at;
        for (place, _, folded) in before(text, at) {
            match folded {
                Folded::Alnum(_) if at - place <= LENGTH_MAX * 4 => start = place,
                Folded::Alnum(_) => return None,
                _ => break,
            }
        }
        let mut token = Self { start, end: start, bytes: [0; LENGTH_MAX], length: 0, upper: true };
        for (end, c, folded) in from(text, start) {
            match folded {
                Folded::Alnum(byte) if !is_superscript(c) => {
                    *token.bytes.get_mut(token.length)? = byte;
                    token.length += 1;
                    token.upper &= !c.is_lowercase();
                    token.end = end;
                }
                _ => break,
            }
        }
        (edges::starts(text, token.start) && edges::ends(text, token.end)).then_some(token)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&[])
    }

    pub(super) fn value(&self) -> String {
        self.bytes().iter().map(|byte| char::from(*byte)).collect()
    }
}
