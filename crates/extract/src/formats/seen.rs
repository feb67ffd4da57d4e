//! What of a Word document is there for its readers: codes of fields are not, characters of symbol fonts are, and a paragraph
//! reads on over superscripts and over what is white or tiny.

use std::borrow::Cow;

use quick_xml::events::BytesStart;

use super::xml;

/// Bytes of a paragraph, or of a code, that are remembered.
const LINE_MAX: usize = 64 * 1024;
/// Half points of the smallest letters that anybody reads.
const SIZE_MIN: u32 = 5;
/// The darkest shade of a colour that still is white on white.
const WHITE_MIN: u8 = 0xf0;

/// One paragraph without what its readers pass over.
#[derive(Default)]
pub(super) struct Seen {
    line: String,
    /// The run is a superscript.
    is_raised: bool,
    /// The run is white, tiny or hidden.
    is_unseen: bool,
    /// Something was left out.
    is_other: bool,
}

impl Seen {
    /// A run begins, and says how it looks.
    pub(super) fn run(&mut self) {
        (self.is_raised, self.is_unseen) = (false, false);
    }

    /// A property of the run.
    pub(super) fn property(&mut self, name: &str, tag: &BytesStart<'_>) {
        let value = || xml::attribute(tag, "val").unwrap_or_default();
        match name {
            "vertAlign" => self.is_raised = value() == "superscript",
            "color" => self.is_unseen |= is_white(&value()),
            "sz" => self.is_unseen |= value().parse().is_ok_and(|size: u32| size < SIZE_MIN),
            "vanish" | "webHidden" => self.is_unseen |= !matches!(value().as_str(), "0" | "false" | "off"),
            _ => {}
        }
    }

    /// Text of the run. Raised letters belong to their word (`1er`); raised digits are marks of notes.
    pub(super) fn push(&mut self, text: &str) {
        let is_mark = self.is_raised && !text.contains(char::is_alphabetic);
        if self.is_unseen || is_mark {
            self.is_other |= !text.trim().is_empty();
        } else if self.line.len() + text.len() <= LINE_MAX {
            self.line.push_str(text);
        }
    }

    /// The paragraph ends: how it reads, where that is not how it stands.
    pub(super) fn end(&mut self) -> Option<String> {
        let line = std::mem::take(&mut self.line);
        std::mem::take(&mut self.is_other).then_some(line).filter(|line| line.contains(char::is_alphanumeric))
    }
}

fn is_white(colour: &str) -> bool {
    colour.len() == 6
        && u32::from_str_radix(colour, 16)
            .is_ok_and(|colour| colour.to_be_bytes().iter().skip(1).all(|part| *part >= WHITE_MIN))
}

/// Codes of fields: what a mail merge, a form or a link puts in their place stands beside them.
#[derive(Default)]
pub(super) struct Codes {
    code: String,
    /// Where the field begins in the text.
    start: usize,
}

impl Codes {
    pub(super) fn push(&mut self, text: &str) {
        if self.code.len() + text.len() <= LINE_MAX {
            self.code.push_str(text);
        }
    }

    /// A field begins at `at`: the code of the one around it.
    pub(super) fn begin(&mut self, at: usize) -> String {
        self.start = at;
        std::mem::take(&mut self.code)
    }

    /// The field ends at `at`: its code, and the character it stands for where it says no other.
    pub(super) fn end(&mut self, at: usize) -> (String, Option<char>) {
        let code = std::mem::take(&mut self.code);
        let character = symbol_of(&code).filter(|_| at == self.start);
        (code, character)
    }
}

/// The character that `SYMBOL 54 \f Arial` shows.
pub(super) fn symbol_of(code: &str) -> Option<char> {
    let mut words = code.split_whitespace();
    words.next().filter(|name| name.eq_ignore_ascii_case("symbol"))?;
    let number = words.next()?;
    let code = match number.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    };
    char::from_u32(code?).map(of_font)
}

/// The letter or digit behind a character that symbol fonts have in the private area; any other as it is.
pub(super) fn of_font(c: char) -> char {
    match c {
        '\u{f021}'..='\u{f07e}' => char::from_u32(u32::from(c) - 0xf000).unwrap_or(c),
        _ => c,
    }
}

/// A text with the digits that symbol fonts have in the private area as digits.
pub(super) fn digits(text: &str) -> Cow<'_, str> {
    let is_digit = |c: char| ('\u{f030}'..='\u{f039}').contains(&c);
    if !text.contains(is_digit) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|c| if is_digit(c) { of_font(c) } else { c }).collect())
}

/// What a symbol of Word shows, where it is a letter or a digit.
pub(super) fn symbol(tag: &BytesStart<'_>) -> Option<char> {
    let font = xml::attribute(tag, "font").unwrap_or_default().to_ascii_lowercase();
    let code = u32::from_str_radix(&xml::attribute(tag, "char")?, 16).ok()?;
    let c = char::from_u32(code).map(of_font)?;
    // Letters of these are pictures.
    (!font.contains("dings") && c.is_alphanumeric()).then_some(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_are_characters() {
        assert_eq!(symbol_of(" SYMBOL 54 \\f \"Arial\" "), Some('6'));
        assert_eq!(symbol_of("symbol 0x41"), Some('A'));
        assert_eq!(symbol_of("SYMBOL 61494"), Some('6'));
        assert_eq!(symbol_of("MERGEFIELD 54"), None);
        assert_eq!(symbol_of("SYMBOL"), None);
    }

    #[test]
    fn white_is_nearly_white_too() {
        for (colour, white) in [("FFFFFF", true), ("fefefe", true), ("auto", false), ("EEEEEE", false)] {
            assert_eq!(is_white(colour), white, "{colour}");
        }
    }
}
