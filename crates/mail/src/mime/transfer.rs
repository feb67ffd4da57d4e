//! Content-Transfer-Encoding (RFC 2045 §6), read generously, saying what was broken.

/// What base64 gave.
pub(crate) struct Base64<'a> {
    /// Decoded up to the first padding; characters outside the alphabet are passed over (RFC 2045 §6.8).
    pub(crate) bytes: Vec<u8>,
    /// Characters that are neither of the alphabet nor white space, before the padding.
    pub(crate) foreign: bool,
    /// What follows the padding, white space trimmed.
    pub(crate) rest: &'a [u8],
}

const FOREIGN: u8 = 0xff;
const BLANK: u8 = 0xfe;
const PADDING: u8 = 0xfd;

#[expect(clippy::indexing_slicing, reason = "the compiler evaluates it")]
const VALUES: [u8; 256] = {
    let mut table = [FOREIGN; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut index = 0;
    while index < 64 {
        table[alphabet[index] as usize] = index as u8;
        index += 1;
    }
    table[b' ' as usize] = BLANK;
    table[b'\t' as usize] = BLANK;
    table[b'\r' as usize] = BLANK;
    table[b'\n' as usize] = BLANK;
    table[b'=' as usize] = PADDING;
    table
};

fn value(byte: u8) -> u8 {
    VALUES.get(usize::from(byte)).copied().unwrap_or(FOREIGN)
}

/// Decodes base64 up to its padding, passing over what is not of its alphabet.
#[must_use]
pub fn decode_base64(raw: &[u8]) -> Vec<u8> {
    base64(raw).bytes
}

/// Decodes quoted-printable; an invalid escape stays as written.
#[must_use]
pub fn decode_quoted_printable(raw: &[u8]) -> Vec<u8> {
    quoted_printable(raw).0
}

/// Decodes base64 up to its padding.
pub(crate) fn base64(raw: &[u8]) -> Base64<'_> {
    let mut bytes = Vec::with_capacity(raw.len() / 4 * 3 + 3);
    let (mut group, mut held, mut foreign) = (0u32, 0u32, false);
    let mut end = raw.len();
    for (at, byte) in raw.iter().enumerate() {
        match value(*byte) {
            BLANK => {}
            FOREIGN => foreign = true,
            PADDING => {
                end = at;
                break;
            }
            six => {
                group = (group << 6) | u32::from(six);
                held += 1;
                if held == 4 {
                    bytes.extend_from_slice(&[(group >> 16) as u8, (group >> 8) as u8, group as u8]);
                    (group, held) = (0, 0);
                }
            }
        }
    }
    match held {
        2 => bytes.push((group >> 4) as u8),
        3 => bytes.extend_from_slice(&[(group >> 10) as u8, (group >> 2) as u8]),
        _ => {}
    }
    let rest = raw.get(end..).unwrap_or(&[]);
    let rest = rest.iter().position(|byte| value(*byte) < 64 || value(*byte) == FOREIGN);
    Base64 { bytes, foreign, rest: rest.and_then(|at| raw.get(end + at..)).unwrap_or(&[]).trim_ascii() }
}

/// Whether these bytes could be more base64 (a concatenated block) rather than a text added below it.
pub(crate) fn is_base64(raw: &[u8]) -> bool {
    raw.len() >= 4 && raw.iter().all(|byte| value(*byte) != FOREIGN) && !raw.contains(&b' ')
}

/// The next block of concatenated base64, decoded, and what follows its padding; `None` when this is a text added below it.
///
/// Whoever reads on behind padding passes over blanks and odd characters as before it (RFC 2045 §6.8). Words are of the
/// alphabet too: what tells them apart is that words are short, or that what they decode to is no text.
pub(crate) fn next_block(raw: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let next = base64(raw);
    let block = raw.get(..raw.len() - next.rest.len()).unwrap_or(raw);
    let count = |wanted: fn(u8) -> bool| block.iter().filter(|byte| wanted(value(**byte))).count();
    let (letters, foreign) = (count(|value| value < 64), count(|value| value == FOREIGN));
    let is_whole = foreign == 0 && !block.contains(&b' ') && letters >= 2 && raw.len() >= 4;
    let words = block.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).count();
    let is_dense = foreign * 20 <= letters && letters >= words * WORD_LETTERS_MIN;
    let is_block = is_whole || (letters >= LETTERS_MIN && (is_dense || is_plain_text(&next.bytes)));
    is_block.then_some((next.bytes, next.rest))
}

/// Letters that make it worth to decode them.
const LETTERS_MIN: usize = 16;
/// Letters between blanks that no language writes.
const WORD_LETTERS_MIN: usize = 16;

/// Characters of a text and no others, in UTF-8 or mostly ASCII.
fn is_plain_text(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|byte| matches!(byte, 0..=8 | 14..=31 | 127)).count();
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    odd == 0 && (high * 8 <= bytes.len() || std::str::from_utf8(bytes).is_ok())
}

/// Decodes quoted-printable; the flag says whether an escape was invalid (it stays as written).
pub(crate) fn quoted_printable(raw: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(raw.len());
    let mut broken = false;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let content = line.trim_ascii_end();
        let ends = line.last() == Some(&b'\n');
        let (content, soft) = match content.strip_suffix(b"=") {
            Some(content) => (content, true),
            None => (content, false),
        };
        broken |= unescape(content, &mut out, false);
        if ends && !soft {
            out.extend_from_slice(b"\r\n");
        }
    }
    (out, broken)
}

/// The `Q` encoding of an encoded word (RFC 2047 §4.2): as quoted-printable, with `_` for a blank.
pub(crate) fn quoted_printable_word(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    unescape(raw, &mut out, true);
    out
}

fn unescape(raw: &[u8], out: &mut Vec<u8>, underscore: bool) -> bool {
    let mut broken = false;
    let mut rest = raw;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte == b'=' {
            if let Some([high, low]) = after.first_chunk::<2>().map(|pair| pair.map(hex))
                && let (Some(high), Some(low)) = (high, low)
            {
                out.push(high << 4 | low);
                rest = after.get(2..).unwrap_or(&[]);
                continue;
            }
            broken = true;
        }
        out.push(if underscore && *byte == b'_' { b' ' } else { *byte });
    }
    broken
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// A file written in a text with uuencode (POSIX `uuencode`, historical algorithm).
pub(crate) struct Uuencoded {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

/// Every uuencoded file in a text, at most `max`.
pub(crate) fn uuencoded(text: &str, max: usize) -> Vec<Uuencoded> {
    let mut files: Vec<Uuencoded> = Vec::new();
    let mut open: Option<Uuencoded> = None;
    for line in text.lines() {
        match &mut open {
            None if files.len() < max => {
                open = begin(line).map(|name| Uuencoded { name, bytes: Vec::new() });
            }
            None => break,
            Some(file) => {
                if line.trim_end() == "end" || !uu_line(line.as_bytes(), &mut file.bytes) {
                    files.extend(open.take().filter(|file| !file.bytes.is_empty()));
                }
            }
        }
    }
    files.extend(open.filter(|file| !file.bytes.is_empty()));
    files
}

/// `begin 644 name`.
fn begin(line: &str) -> Option<String> {
    let (mode, name) = line.strip_prefix("begin ")?.split_once(' ')?;
    let octal = (3..=4).contains(&mode.len()) && mode.bytes().all(|byte| (b'0'..=b'7').contains(&byte));
    (octal && !name.trim().is_empty()).then(|| name.trim().to_owned())
}

/// One line; false when it cannot be one.
fn uu_line(line: &[u8], out: &mut Vec<u8>) -> bool {
    let Some((count, data)) = line.split_first() else { return false };
    let count = usize::from(count.wrapping_sub(32) & 63);
    if data.iter().any(|byte| !(32..=96).contains(byte)) || data.len() > 90 {
        return false;
    }
    let mut bytes = Vec::with_capacity(count + 2);
    for four in data.chunks(4) {
        let group =
            four.iter().fold(0u32, |group, byte| (group << 6) | u32::from(byte.wrapping_sub(32) & 63))
                << (6 * (4 - four.len()));
        bytes.extend_from_slice(&[(group >> 16) as u8, (group >> 8) as u8, group as u8]);
    }
    bytes.truncate(count);
    out.extend(bytes);
    true
}
