//! The header section of a message (RFC 5322 §2.2), walked in one way by all who look at it: borrowed, byte for byte. What it
//! means is for [`crate::parse`] to say; those who relay a message look at a few fields alone.

use crate::mime::headers::{colon, line_end, slice, without_line_end};

/// The fields of the header section at the start of a message. Every byte of it is in one of them or in [`Fields::rest`].
#[derive(Debug, Clone)]
pub struct Fields<'a> {
    rest: &'a [u8],
}

/// A line and the lines that continue it, with their line ends. Not always a field: see [`Field::parts`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// The fields at the start of `raw`.
    #[must_use]
    pub fn of(raw: &'a [u8]) -> Self {
        Self { rest: raw }
    }

    /// What was not walked yet. After the last field: the empty line that ends the section, and all below it.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        let mut end = line_end(self.rest, 0);
        if without_line_end(slice(self.rest, 0, end)).is_empty() {
            return None;
        }
        while matches!(self.rest.get(end), Some(b' ' | b'\t')) {
            end = line_end(self.rest, end);
        }
        let (field, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(Field(field))
    }
}

impl<'a> Field<'a> {
    /// Its bytes, line ends included.
    #[must_use]
    pub fn bytes(self) -> &'a [u8] {
        self.0
    }

    /// Its lines, each with its line end.
    pub(crate) fn lines(self) -> impl Iterator<Item = &'a [u8]> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (line, after) =
                rest.split_at_checked(line_end(rest, 0)).filter(|(line, _)| !line.is_empty())?;
            rest = after;
            Some(line)
        })
    }

    /// Its name, and what follows the colon: folds included, the last line end not. `None` when it is no field.
    #[must_use]
    pub fn parts(self) -> Option<(&'a [u8], &'a [u8])> {
        let at = colon(self.0)?;
        let value = without_line_end(slice(self.0, at + 1, self.0.len()));
        Some((slice(self.0, 0, at).trim_ascii_end(), value))
    }

    /// Its value, if this is its name, in whatever case.
    #[must_use]
    pub fn value_of(self, name: &str) -> Option<&'a [u8]> {
        self.parts().filter(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes())).map(|(_, value)| value)
    }
}

/// The header section, without the empty line that ends it; all of `raw` when none does.
#[must_use]
pub fn section(raw: &[u8]) -> &[u8] {
    let mut fields = Fields::of(raw);
    fields.by_ref().for_each(drop);
    slice(raw, 0, raw.len() - fields.rest().len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_are_whole_and_the_section_ends_at_the_first_empty_line() {
        let raw = b"A: 1\r\na :\r\n\t2\r\nno field\r\n\r\nB: 3\r\n";
        let all: Vec<_> = Fields::of(raw).map(Field::parts).collect();
        assert_eq!(all, [Some((&b"A"[..], &b" 1"[..])), Some((b"a", b"\r\n\t2")), None]);
        let values: Vec<_> = Fields::of(raw).filter_map(|field| field.value_of("A")).collect();
        assert_eq!(values, [&b" 1"[..], b"\r\n\t2"]);
        assert_eq!(section(raw), b"A: 1\r\na :\r\n\t2\r\nno field\r\n");
        assert_eq!(
            (section(b"\r\nbody"), section(b"A: 1\n\nbody"), section(b"A: 1\r\n")),
            (&b""[..], &b"A: 1\n"[..], &b"A: 1\r\n"[..])
        );
    }

    proptest! {
        #[test]
        fn every_byte_of_a_message_is_in_a_field_or_below_the_section(
            pieces in prop::collection::vec(
                prop::sample::select(vec![&b"\r\n"[..], b"\n", b"\r", b" ", b"\t", b":", b"Subject", b"a b", b"\xff", b"\0"]), 0..60
            ),
            tail in prop::collection::vec(any::<u8>(), 0..100),
        ) {
            let raw = [pieces.concat(), tail].concat();
            let mut fields = Fields::of(&raw);
            let walked: Vec<Field<'_>> = fields.by_ref().collect();
            let bytes: Vec<u8> = walked.iter().flat_map(|field| field.bytes()).copied().collect();
            prop_assert_eq!(section(&raw), &bytes[..]);
            prop_assert_eq!([&bytes, fields.rest()].concat(), raw.clone());
            prop_assert!(matches!(fields.rest(), [] | [b'\n', ..] | [b'\r', b'\n', ..] | [b'\r']));
            prop_assert!(walked.iter().all(|field| !matches!(field.bytes(), [] | [b'\n', ..] | [b'\r', b'\n', ..])));
            prop_assert!(walked.iter().skip(1).all(|field| !matches!(field.bytes(), [b' ' | b'\t', ..])), "a fold stands alone");
            for (name, value) in walked.iter().filter_map(|field| field.parts()) {
                prop_assert!(!name.is_empty() && name.iter().all(u8::is_ascii_graphic) && !value.ends_with(b"\n"));
            }
        }
    }
}
