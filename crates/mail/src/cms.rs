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
/// Ends what is of indefinite length (X.690 §8.1.5).
const END_OF_CONTENTS: [u8; 2] = [0, 0];

/// What an opaque S/MIME part holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signed {
    /// This was signed.
    Content(Vec<u8>),
    /// Signed data without content: a signature of something that stands beside it, or certificates alone.
    Absent,
    /// It is no signed data, or its content is not written as we read it: what a recipient's program opens was not read.
    Unknown,
}

/// What was signed. Indefinite lengths (BER) and lengths with leading zeros are read too.
#[must_use]
pub fn signed(bytes: &[u8]) -> Signed {
    match encapsulated(bytes) {
        None => Signed::Unknown,
        Some([]) => Signed::Absent,
        Some(rest) => {
            let mut out = Vec::new();
            let mut reader = Reader(rest);
            match reader.element(EXPLICIT_0).and_then(|content| octets(content, &mut out, NESTING_MAX)) {
                None => Signed::Unknown,
                Some(()) if out.is_empty() => Signed::Absent,
                Some(()) => Signed::Content(out),
            }
        }
    }
}

/// What stands behind the type of the signed content.
fn encapsulated(bytes: &[u8]) -> Option<&[u8]> {
    let mut outer = Reader(bytes).enter(SEQUENCE)?;
    if outer.element(OBJECT_IDENTIFIER)? != SIGNED_DATA {
        return None;
    }
    let mut signed = outer.enter(EXPLICIT_0)?.enter(SEQUENCE)?;
    signed.element(INTEGER)?;
    signed.element(SET)?;
    let mut content = signed.enter(SEQUENCE)?;
    content.element(OBJECT_IDENTIFIER)?;
    let ends = content.0.starts_with(&END_OF_CONTENTS);
    Some(if ends { &[] } else { content.0 })
}

/// Appends the octets of the strings in `bytes`; `None` when something else stands among them, or they nest too deep.
fn octets(bytes: &[u8], out: &mut Vec<u8>, nesting: usize) -> Option<()> {
    let mut reader = Reader(bytes);
    while !reader.0.is_empty() {
        match reader.next()? {
            (OCTET_STRING, content) => out.extend_from_slice(content),
            (CONSTRUCTED_OCTET_STRING, content) if nesting > 0 => octets(content, out, nesting - 1)?,
            _ => return None,
        }
    }
    Some(())
}

/// Reads BER elements one after the other.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn element(&mut self, wanted: u8) -> Option<&'a [u8]> {
        self.next().filter(|(tag, _)| *tag == wanted).map(|(_, content)| content)
    }

    /// What the next element holds, its end not looked for: certificates behind what was signed may be cut short or written badly,
    /// and change nothing of what was signed.
    fn enter(&self, wanted: u8) -> Option<Self> {
        let (tag, rest) = self.0.split_first()?;
        let (len, rest) = length(rest)?;
        let len = len.map_or(rest.len(), |len| len.min(rest.len()));
        (*tag == wanted).then_some(Self(rest.get(..len)?))
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
            let (digits, rest) = rest.split_at_checked(count)?;
            let leading = digits.iter().take_while(|digit| **digit == 0).count();
            let digits = digits.get(leading..).filter(|digits| digits.len() <= 4)?;
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
        if rest.starts_with(&END_OF_CONTENTS) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn element(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = u8::try_from(content.len()).unwrap();
        let mut out = vec![tag];
        out.extend(if length < 0x80 { vec![length] } else { vec![0x81, length] });
        out.extend_from_slice(content);
        out
    }

    /// Signed data whose content type is followed by these bytes.
    fn data(behind: &[u8]) -> Vec<u8> {
        let kind = element(OBJECT_IDENTIFIER, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01]);
        let inner =
            [element(INTEGER, &[1]), element(SET, &[]), element(SEQUENCE, &[kind, behind.to_vec()].concat())];
        let whole = [
            element(OBJECT_IDENTIFIER, SIGNED_DATA),
            element(EXPLICIT_0, &element(SEQUENCE, &inner.concat())),
        ];
        element(SEQUENCE, &whole.concat())
    }

    #[test]
    fn what_is_not_read_is_never_taken_for_nothing() {
        let text = element(OCTET_STRING, b"IBAN");
        let nested = |times: usize| {
            (0..times).fold(text.clone(), |inner, _| element(CONSTRUCTED_OCTET_STRING, &inner))
        };
        let content = |bytes: &[u8]| data(&element(EXPLICIT_0, bytes));
        assert_eq!(signed(&content(&text)), Signed::Content(b"IBAN".to_vec()));
        assert_eq!(signed(&content(&nested(4))), Signed::Content(b"IBAN".to_vec()));
        // A length in six octets, five of them zero.
        let long = [&[OCTET_STRING, 0x86, 0, 0, 0, 0, 0, 4][..], b"IBAN"].concat();
        assert_eq!(signed(&content(&long)), Signed::Content(b"IBAN".to_vec()));
        assert_eq!(signed(&data(&[])), Signed::Absent);
        // A signature beside a text, of indefinite lengths, its certificates cut short.
        let mut cut = vec![SEQUENCE, 0x80];
        cut.extend(element(OBJECT_IDENTIFIER, SIGNED_DATA));
        cut.extend([EXPLICIT_0, 0x80, SEQUENCE, 0x80, INTEGER, 1, 1, SET, 0, SEQUENCE, 0x80]);
        cut.extend(element(OBJECT_IDENTIFIER, &[0x2a, 0x03]));
        cut.extend([0, 0, EXPLICIT_0, 0x82, 9, 9, SEQUENCE, 5]);
        assert_eq!(signed(&cut), Signed::Absent);
        assert_eq!(signed(&content(&element(OCTET_STRING, b""))), Signed::Absent);
        for (bytes, why) in [
            (content(&nested(6)), "strings too deep in one another"),
            (content(&[text.clone(), element(INTEGER, &[1])].concat()), "something else among the strings"),
            (
                content(&[&[OCTET_STRING, 0x85, 1, 0, 0, 0, 4][..], b"IBAN"].concat()),
                "a length beyond the bytes",
            ),
            (content(&[&text[..], &[OCTET_STRING, 9]].concat()), "a string cut short"),
            (data(&element(SEQUENCE, &text)), "content under another tag"),
            (element(SEQUENCE, &element(OBJECT_IDENTIFIER, &[0x2a, 0x03])), "another kind of data"),
            (b"no data at all".to_vec(), "no data at all"),
        ] {
            assert_eq!(signed(&bytes), Signed::Unknown, "{why}");
        }
    }
}
