//! What CEREBRO and its confined child say to each other over the child's standard input and output.
//!
//! First the child says how it is confined. Then, for each file: name, declared type and bytes, and the answer. Every
//! field is its length, four bytes little-endian, and its bytes; what the child says is JSON, and the pictures it names
//! there.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use vocabulary::bounds::{
    EXTRACT_ANSWER_BYTES_MAX, EXTRACT_NAME_BYTES_MAX, MESSAGE_BYTES_MAX, OCR_BYTES_MAX,
};

use crate::confine::Confinement;
use crate::{Extracted, Picture};

/// The child's first words.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// How it is confined, or why it is not.
    pub(crate) confined: Result<Confinement, String>,
}

/// What the child says of one file.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) files: Vec<Extracted>,
    /// It has used its time: this was its last file.
    pub(crate) last: bool,
    /// Which of the files have a picture: their bytes follow, a field each.
    #[serde(default)]
    pub(crate) pictures: Vec<usize>,
}

impl Answer {
    /// The answer about these files.
    pub(crate) fn of(files: Vec<Extracted>, last: bool) -> Self {
        let with = |(at, file): (usize, &Extracted)| file.picture.is_some().then_some(at);
        let pictures = files.iter().enumerate().filter_map(with).collect();
        Self { files, last, pictures }
    }

    /// Says it to the parent, the pictures behind it.
    ///
    /// # Errors
    /// As [`say`].
    pub(crate) fn say(&self, to: &mut impl Write) -> io::Result<()> {
        say(to, self)?;
        for Picture(bytes) in self.files.iter().filter_map(|file| file.picture.as_ref()) {
            to.write_all(&prefix(bytes.len(), OCR_BYTES_MAX)?)?;
            to.write_all(bytes)?;
        }
        to.flush()
    }
}

/// One file to look into.
pub(crate) struct Request {
    pub(crate) name: String,
    pub(crate) declared: String,
    pub(crate) bytes: Vec<u8>,
}

impl Request {
    /// Reads the next request; `None` when there is none any more.
    ///
    /// # Errors
    /// It breaks off, is too long, or its words are not UTF-8.
    pub(crate) fn read(from: &mut impl Read) -> io::Result<Option<Self>> {
        let Some(name) = field(from, EXTRACT_NAME_BYTES_MAX)? else { return Ok(None) };
        let declared = field(from, EXTRACT_NAME_BYTES_MAX)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let bytes = field(from, MESSAGE_BYTES_MAX)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        let words = |bytes| String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData);
        Ok(Some(Self { name: words(name)?, declared: words(declared)?, bytes }))
    }
}

/// The length that stands before a field.
///
/// # Errors
/// It is over `most`.
pub(crate) fn prefix(len: usize, most: usize) -> io::Result<[u8; 4]> {
    u32::try_from(len)
        .ok()
        .filter(|_| len <= most)
        .map(u32::to_le_bytes)
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// The length that a prefix says.
///
/// # Errors
/// It is over `most`.
pub(crate) fn length(prefix: [u8; 4], most: usize) -> io::Result<usize> {
    usize::try_from(u32::from_le_bytes(prefix))
        .ok()
        .filter(|len| *len <= most)
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// One field; `None` where the stream ends before it.
fn field(from: &mut impl Read, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut start = [0];
    if from.read(&mut start)? == 0 {
        return Ok(None);
    }
    let mut rest = [0; 3];
    from.read_exact(&mut rest)?;
    let ([first], [second, third, fourth]) = (start, rest);
    let len = length([first, second, third, fourth], most)?;
    let mut bytes = vec![0; len];
    from.read_exact(&mut bytes)?;
    Ok(Some(bytes))
}

/// Says something to the parent.
///
/// # Errors
/// It is longer than what the parent reads, or the parent is gone.
pub(crate) fn say(to: &mut impl Write, what: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_vec(what)?;
    to.write_all(&prefix(json.len(), EXTRACT_ANSWER_BYTES_MAX)?)?;
    to.write_all(&json)?;
    to.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(fields: &[&[u8]]) -> Vec<u8> {
        fields
            .iter()
            .flat_map(|field| [&u32::try_from(field.len()).unwrap().to_le_bytes(), *field].concat())
            .collect()
    }

    #[test]
    fn a_request_is_read_whole_or_not_at_all() {
        let whole = framed(&[b"a.pdf", b"application/pdf", b"bytes"]);
        let request = Request::read(&mut whole.as_slice()).unwrap().unwrap();
        assert_eq!((request.name.as_str(), request.bytes.as_slice()), ("a.pdf", &b"bytes"[..]));
        assert!(Request::read(&mut [].as_slice()).unwrap().is_none());
        for cut in 1..whole.len() {
            assert!(Request::read(&mut &whole[..cut]).is_err(), "{cut}");
        }
        assert!(Request::read(&mut b"\xff\xff\xff\xff".as_slice()).is_err());
        assert!(Request::read(&mut framed(&[b"\xff", b"", b""]).as_slice()).is_err());
    }

    #[test]
    fn what_is_too_long_is_not_said() {
        assert!(say(&mut Vec::new(), &"x".repeat(EXTRACT_ANSWER_BYTES_MAX)).is_err());
    }
}
