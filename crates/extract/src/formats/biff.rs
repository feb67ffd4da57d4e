//! Records of Excel's old format and the strings in them ([MS-XLS] §2.1.4, §2.5.268 and following).

use super::bytes::{code_page, slice, u8_at, u16_at, u32_at, utf16};

const CONTINUE: u16 = 0x003c;
/// Strings kept of one workbook.
const STRINGS_MAX: usize = 1_000_000;

/// A record with what continues it.
pub(crate) struct Record<'a> {
    pub(crate) kind: u16,
    /// Where it stands in the stream.
    pub(crate) at: usize,
    pub(crate) data: &'a [u8],
    /// Records longer than 8,224 bytes go on in the next.
    pub(crate) more: Vec<&'a [u8]>,
}

/// The records of a stream, one after another.
pub(crate) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
}

impl<'a> Records<'a> {
    pub(crate) fn new(stream: &'a [u8]) -> Self {
        Self { stream, at: 0 }
    }

    /// Whether the last record ended where it said. What is padded with zeros is whole.
    pub(crate) fn is_whole(&self) -> bool {
        self.at <= self.stream.len()
    }

    fn one(&mut self) -> Option<(u16, usize, &'a [u8])> {
        let (kind, len) = (u16_at(self.stream, self.at)?, usize::from(u16_at(self.stream, self.at + 2)?));
        let at = self.at;
        self.at += 4 + len;
        Some((kind, at, slice(self.stream, at + 4, len)))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, at, data) = self.one()?;
        let mut more = Vec::new();
        while u16_at(self.stream, self.at) == Some(CONTINUE) {
            more.extend(self.one().map(|(_, _, data)| data));
        }
        Some(Record { kind, at, data, more })
    }
}

/// How strings are written in this workbook.
#[derive(Default)]
pub(crate) struct Words {
    /// Excel 97 and later: each string says whether its characters have two bytes.
    pub(crate) is_wide: bool,
    /// Before: this code page.
    pub(crate) page: u16,
}

impl Words {
    /// A string whose length has one byte.
    pub(crate) fn short(&self, data: &[u8]) -> String {
        let len = usize::from(u8_at(data, 0).unwrap_or(0));
        self.characters(data.get(1..).unwrap_or(&[]), len)
    }

    /// A string whose length has two bytes.
    pub(crate) fn long(&self, data: &[u8]) -> String {
        let len = usize::from(u16_at(data, 0).unwrap_or(0));
        self.characters(data.get(2..).unwrap_or(&[]), len)
    }

    /// Bytes that a string of so many characters takes.
    pub(crate) fn width(&self, data: &[u8], len: usize) -> usize {
        match (self.is_wide, u8_at(data, 0)) {
            (false, _) => len,
            (true, Some(flags)) if flags & 1 != 0 => 1 + len * 2,
            (true, _) => 1 + len,
        }
    }

    /// A string of so many characters.
    pub(crate) fn characters(&self, data: &[u8], len: usize) -> String {
        if !self.is_wide {
            return code_page(slice(data, 0, len), self.page);
        }
        match u8_at(data, 0) {
            Some(flags) if flags & 1 != 0 => utf16(slice(data, 1, len * 2)),
            Some(_) => narrow(slice(data, 1, len)),
            None => String::new(),
        }
    }
}

/// The low bytes of UTF-16 characters.
fn narrow(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Strings that may go on in the next record, where a new byte says how wide their characters are from there.
pub(crate) struct Strings<'a> {
    current: &'a [u8],
    more: std::vec::IntoIter<&'a [u8]>,
}

impl<'a> Strings<'a> {
    pub(crate) fn new(record: &Record<'a>) -> Self {
        Self { current: record.data, more: record.more.clone().into_iter() }
    }

    /// The shared strings, `count` at most.
    pub(crate) fn all(mut self, count: usize) -> Vec<String> {
        self.skip(8);
        let mut all = Vec::new();
        while all.len() < count.min(STRINGS_MAX) {
            let Some(string) = self.rich() else { break };
            all.push(string);
        }
        all
    }

    /// The text of a comment or a shape: in the record after its description.
    pub(crate) fn text_object(mut self, len: u16) -> String {
        if len == 0 || !self.turn() {
            return String::new();
        }
        let Some(flags) = self.take(1).and_then(|bytes| bytes.first().copied()) else { return String::new() };
        self.characters(usize::from(len), flags)
    }

    /// One string with its fonts and phonetics, which are passed over.
    fn rich(&mut self) -> Option<String> {
        if self.current.is_empty() && !self.turn() {
            return None;
        }
        let head = self.take(3)?;
        let (len, flags) = (usize::from(u16_at(head, 0)?), u8_at(head, 2)?);
        let runs = if flags & 8 != 0 { usize::from(u16_at(self.take(2)?, 0)?) } else { 0 };
        let phonetic = if flags & 4 != 0 { u32_at(self.take(4)?, 0)? } else { 0 };
        let text = self.characters(len, flags);
        self.skip(runs * 4);
        self.skip(usize::try_from(phonetic).ok()?);
        Some(text)
    }

    fn characters(&mut self, mut len: usize, mut flags: u8) -> String {
        let mut text = String::new();
        while len > 0 {
            let width = if flags & 1 != 0 { 2 } else { 1 };
            let now = len.min(self.current.len() / width);
            let bytes = self.take(now * width).unwrap_or(&[]);
            text.push_str(&if width == 2 { utf16(bytes) } else { narrow(bytes) });
            len -= now;
            if len > 0 {
                if !self.turn() {
                    break;
                }
                flags = self.take(1).and_then(|bytes| bytes.first().copied()).unwrap_or(0);
            }
        }
        text
    }

    /// Goes to the next record.
    fn turn(&mut self) -> bool {
        self.current = self.more.next().unwrap_or(&[]);
        !self.current.is_empty()
    }

    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.current.split_at_checked(len)?;
        self.current = rest;
        Some(taken)
    }

    /// Passes over bytes, over the ends of records too.
    fn skip(&mut self, mut len: usize) {
        while len > self.current.len() {
            len -= self.current.len();
            if !self.turn() {
                return;
            }
        }
        self.current = self.current.get(len..).unwrap_or(&[]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_goes_on_in_the_next_record_in_another_width() {
        let first = b"\x02\0\0\0\x02\0\0\0\x05\0\0ab".as_slice();
        let second = b"\x01c\0d\0e\0\x01\0\x08\x01\0zAAAA".as_slice();
        let record = Record { kind: 0, at: 0, data: first, more: vec![second] };
        assert_eq!(Strings::new(&record).all(2), ["abcde", "z"]);
        let record = Record { kind: 0, at: 0, data: first, more: vec![] };
        assert_eq!(Strings::new(&record).all(9), ["ab"]);
    }

    #[test]
    fn records_end_where_they_say() {
        let mut records = Records::new(b"\x09\x08\x02\0ab\x3c\0\x01\0c\x0a\0\xff\0x");
        let first = records.next().unwrap();
        assert_eq!((first.kind, first.data, first.more), (0x0809, &b"ab"[..], vec![&b"c"[..]]));
        assert_eq!(records.next().unwrap().data, b"x");
        assert!(records.next().is_none() && !records.is_whole());
    }
}
