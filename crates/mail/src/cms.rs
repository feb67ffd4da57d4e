//! The content inside an opaque S/MIME signature (RFC 5652 §5, RFC 8551 §3.5.2). The signature is not checked here.

/// `1.2.840.113549.1.7.2`, signed-data.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
/// Constructed octet strings inside one another.
const NESTING_MAX: usize = 4;

const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const CONSTRUCTED_OCTET_STRING: u8 = 0x24;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const EXPLICIT_0: u8 = 0xa0;
const INTEGER: u8 = 0x02;

/// The signed content; `None` when this is no signed-data with its content. Indefinite lengths (BER) are read too.
#[must_use]
pub fn signed_content(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut outer = Reader(Reader(bytes).element(SEQUENCE)?);
    if outer.element(OBJECT_IDENTIFIER)? != SIGNED_DATA {
        return None;
    }
    let mut signed = Reader(Reader(outer.element(EXPLICIT_0)?).element(SEQUENCE)?);
    signed.element(INTEGER)?;
    signed.element(SET)?;
    let mut encapsulated = Reader(signed.element(SEQUENCE)?);
    encapsulated.element(OBJECT_IDENTIFIER)?;
    let content = encapsulated.element(EXPLICIT_0)?;
    let mut out = Vec::new();
    octets(content, &mut out, NESTING_MAX);
    Some(out)
}

/// Appends the octets of the strings in `bytes`.
fn octets(bytes: &[u8], out: &mut Vec<u8>, nesting: usize) {
    let mut reader = Reader(bytes);
    while let Some((tag, content)) = reader.next() {
        match tag {
            OCTET_STRING => out.extend_from_slice(content),
            CONSTRUCTED_OCTET_STRING if nesting > 0 => octets(content, out, nesting - 1),
            _ => return,
        }
    }
}

/// Reads BER elements one after the other.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn element(&mut self, wanted: u8) -> Option<&'a [u8]> {
        self.next().filter(|(tag, _)| *tag == wanted).map(|(_, content)| content)
    }

    /// The next element's tag and content.
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let (tag, rest) = self.0.split_first()?;
        let (len, rest) = length(rest)?;
        match len {
            Some(len) => {
                let (content, rest) = rest.split_at_checked(len)?;
                self.0 = rest;
                Some((*tag, content))
            }
            None => {
                let len = indefinite_len(rest)?;
                let (content, rest) = rest.split_at_checked(len)?;
                self.0 = rest.get(2..)?;
                Some((*tag, content))
            }
        }
    }
}

/// A length: `Some(None)` is indefinite.
fn length(bytes: &[u8]) -> Option<(Option<usize>, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    match first {
        0..=0x7f => Some((Some(usize::from(*first)), rest)),
        0x80 => Some((None, rest)),
        _ => {
            let count = usize::from(first & 0x7f);
            let (digits, rest) = rest.split_at_checked(count).filter(|_| count <= 4)?;
            Some((Some(digits.iter().fold(0, |len, digit| len << 8 | usize::from(*digit))), rest))
        }
    }
}

/// Length of content up to its end-of-contents octets: one pass, whatever is nested inside.
fn indefinite_len(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut open = 0usize;
    loop {
        let rest = bytes.get(at..)?;
        if rest.starts_with(&[0, 0]) {
            if open == 0 {
                return Some(at);
            }
            open -= 1;
            at += 2;
            continue;
        }
        let (tag, after) = rest.split_first()?;
        let (len, content) = length(after)?;
        at += rest.len() - content.len();
        match len {
            Some(len) => at = at.checked_add(len)?,
            // Only constructed elements may be open-ended.
            None if tag & 0x20 != 0 => open += 1,
            None => return None,
        }
    }
}
