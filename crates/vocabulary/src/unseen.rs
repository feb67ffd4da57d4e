//! Characters that show nothing. One table for addresses, displays and detectors: what one of them passes over and another
//! does not is a way past both.

/// A character that shows nothing, or changes how its neighbours are shown: zero-width, direction, tags, soft hyphen, fillers,
/// the place of an object, what Unicode keeps for such characters, controls of shorthand.
#[must_use]
pub const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffc}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Of those, the ones that take the room of a letter: a reader sees a blank. Hangul fillers and the empty Braille pattern.
#[must_use]
pub const fn is_blank(c: char) -> bool {
    matches!(c, '\u{2800}' | '\u{3164}' | '\u{ffa0}')
}
