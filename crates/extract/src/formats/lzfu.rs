//! The compression of RTF in Outlook's messages ([MS-OXRTFCP]).

use std::io::{self, Read};

use super::bytes::{size_at, u8_at, u32_at};

const COMPRESSED: u32 = 0x7546_5a4c;
const STORED: u32 = 0x414c_454d;
const WINDOW: usize = 4_096;
/// What the window holds at first ([MS-OXRTFCP] §2.1.2.1).
const START: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Expands, as far as it is read.
pub(crate) struct Reader<'a> {
    input: &'a [u8],
    at: usize,
    kind: u32,
    window: Vec<u8>,
    write: usize,
    /// Bytes still to come, as the head says.
    left: usize,
    /// Which of the next eight are references; the ones not yet used.
    control: (u8, u32),
    /// A reference not yet copied whole: where, how much.
    copying: (usize, usize),
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let mut window = vec![b' '; WINDOW];
        for (place, byte) in window.iter_mut().zip(START) {
            *place = *byte;
        }
        Self {
            at: 16,
            kind: u32_at(bytes, 8).unwrap_or(0),
            left: size_at(bytes, 4).unwrap_or(0),
            input: bytes,
            window,
            write: START.len(),
            control: (0, 0),
            copying: (0, 0),
        }
    }

    /// The next byte; `None` at the end, said or not.
    fn next(&mut self) -> Option<u8> {
        if self.kind == STORED {
            return self.input_byte();
        }
        if self.copying.1 == 0 {
            let (bits, left) = self.control;
            let (bits, left) = if left == 0 { (self.input_byte()?, 8) } else { (bits, left) };
            self.control = (bits >> 1, left - 1);
            if bits & 1 == 0 {
                let byte = self.input_byte()?;
                return Some(self.keep(byte));
            }
            let pair = (usize::from(self.input_byte()?) << 8) | usize::from(self.input_byte()?);
            let (from, len) = (pair >> 4, (pair & 0x0f) + 2);
            // A reference to where we write is the end.
            if from == self.write % WINDOW {
                return None;
            }
            self.copying = (from, len);
        }
        let (from, len) = self.copying;
        self.copying = ((from + 1) % WINDOW, len - 1);
        let byte = self.window.get(from).copied()?;
        Some(self.keep(byte))
    }

    fn input_byte(&mut self) -> Option<u8> {
        self.at += 1;
        u8_at(self.input, self.at - 1)
    }

    fn keep(&mut self, byte: u8) -> u8 {
        if let Some(place) = self.window.get_mut(self.write % WINDOW) {
            *place = byte;
        }
        self.write += 1;
        byte
    }
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.kind != COMPRESSED && self.kind != STORED {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut count = 0;
        for place in buffer.iter_mut().take(self.left) {
            let Some(byte) = self.next() else { break };
            *place = byte;
            count += 1;
        }
        self.left -= count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(bytes: &[u8]) -> String {
        let mut text = String::new();
        Reader::new(bytes).read_to_string(&mut text).unwrap();
        text
    }

    /// The two examples of [MS-OXRTFCP] §4.
    #[test]
    fn the_examples_of_the_specification() {
        let simple = b"\x2d\0\0\0\x2b\0\0\0\x4c\x5a\x46\x75\xf1\xc5\xc7\xa7\x03\0\x0a\0\x72\x63\x70\x67\x31\x32\x35\x42\x32\x0a\xf3\x20\x68\x65\x6c\x09\0\x20\x62\x77\x05\xb0\x6c\x64\x7d\x0a\x80\x0f\xa0";
        assert_eq!(expand(simple), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        let crossing = b"\x1a\0\0\0\x1c\0\0\0\x4c\x5a\x46\x75\xe2\xd4\x4b\x51\x41\0\x04\x20\x57\x58\x59\x5a\x0d\x6e\x7d\x01\x0e\xb0";
        assert_eq!(expand(crossing), "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
    }

    #[test]
    fn what_is_broken_ends() {
        assert!(Reader::new(b"\x2d\0\0\0\x2b\0\0\0nope\0\0\0\0").read_to_end(&mut Vec::new()).is_err());
        assert_eq!(expand(b"\x10\0\0\0\xff\xff\xff\xff\x4c\x5a\x46\x75\0\0\0\0"), "");
        assert_eq!(expand(b"\x10\0\0\0\x03\0\0\0MELA\0\0\0\0abcdef"), "abc");
    }
}
