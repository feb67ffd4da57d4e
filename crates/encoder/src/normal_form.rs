//! The one form of a sentence: NFKC, nothing invisible, one mark for each stretch of blanks and one before the first word.

use unicode_normalization::UnicodeNormalization;
use vocabulary::bounds;

/// What stands for a blank, U+2581.
pub(crate) const BLANK: char = '▁';

/// A sentence as its pieces are looked for. What is over the bound is left out.
pub(crate) fn normal(sentence: &str) -> String {
    let mut form = String::with_capacity(sentence.len() + 3);
    let mut blank = true;
    for c in sentence.chars().filter(|c| !is_invisible(*c)).nfkc() {
        if c.is_whitespace() || c == BLANK {
            blank = true;
            continue;
        }
        if form.len() + c.len_utf8() + BLANK.len_utf8() > bounds::ENCODED_SENTENCE_BYTES_MAX {
            break;
        }
        if std::mem::take(&mut blank) {
            form.push(BLANK);
        }
        form.push(c);
    }
    if form.is_empty() {
        form.push(BLANK);
    }
    form
}

/// What is not seen and parts no words: as readers, and the rest of the engine, pass over it.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
    )
}
