//! Where a number starts and ends: nothing glued to it makes it part of a word, a URL or a longer reference.

use super::fold::{Folded, before, from, is_superscript};

/// How far back a URL's beginning is looked for, characters.
const WORD_CHARS_MAX: usize = 256;

/// No word, number or reference runs into what starts at `start`.
pub(super) fn starts(text: &str, start: usize) -> bool {
    let mut back = before(text, start);
    let Some((_, c, folded)) = back.next() else { return true };
    let behind_word = matches!(back.next(), Some((_, _, Folded::Alnum(_) | Folded::Word)));
    match folded {
        Folded::Alnum(_) | Folded::Word => false,
        Folded::Dash | Folded::Dot => !behind_word,
        Folded::Space | Folded::Newline | Folded::Invisible => true,
        Folded::Other => match c {
            '+' | '@' | '#' | '%' | '&' | '?' | '/' | '\\' => false,
            ',' => !behind_word,
            _ => true,
        },
    }
}

/// No word, number or reference runs out of what ends at `end`.
pub(super) fn ends(text: &str, end: usize) -> bool {
    let mut after = from(text, end).map(|(_, c, folded)| (c, folded));
    let Some((c, folded)) = after.next() else { return true };
    let then_word = matches!(after.next(), Some((_, Folded::Alnum(_) | Folded::Word)));
    match folded {
        Folded::Alnum(_) | Folded::Word => is_superscript(c),
        Folded::Dash | Folded::Dot => !then_word,
        Folded::Space | Folded::Newline | Folded::Invisible => true,
        Folded::Other => match c {
            '@' | '%' | '&' | '=' => false,
            ',' => !then_word,
            _ => true,
        },
    }
}

/// What starts at `start` stands in a URL, a mail address or a message id.
pub(super) fn in_address(text: &str, start: usize) -> bool {
    let head = text.get(..start).unwrap_or("");
    let word: String = head.chars().rev().take(WORD_CHARS_MAX).take_while(|c| !c.is_whitespace()).collect();
    // The word is read backwards.
    word.contains("//:") || word.ends_with(".www") || word.contains('@')
}
