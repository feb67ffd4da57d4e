//! Bytes to text by charset label, with the other readings a wrong label leaves open (case E05).

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use mail_parser::decoders::charsets::map::charset_decoder;

use crate::DefectKind;

/// Names of UTF-7.
const UTF_7: [&str; 4] = ["utf-7", "unicode-1-1-utf-7", "csunicode11utf7", "csutf7"];

/// A decoded text.
pub(crate) struct Decoded {
    /// The text as the label says, line ends `\n`, NUL removed.
    pub(crate) text: String,
    /// What another reader could see instead.
    pub(crate) others: Vec<String>,
    /// What is wrong with the label.
    pub(crate) defect: Option<DefectKind>,
}

/// Decodes by label; without a label, by the bytes themselves.
pub(crate) fn decode(bytes: &[u8], label: Option<&str>) -> Decoded {
    let label = label.map(str::trim).filter(|label| !label.is_empty());
    let Some(label) = label else {
        return Decoded { text: lines(guess(bytes)), others: Vec::new(), defect: None };
    };
    if UTF_7.iter().any(|name| label.eq_ignore_ascii_case(name)) {
        return decode_utf7(bytes);
    }
    let known = Encoding::for_label(label.as_bytes());
    if known == Some(REPLACEMENT) {
        // HZ and its like write other letters in ASCII, and nothing here decodes them.
        return Decoded {
            text: lines(guess(bytes)),
            others: Vec::new(),
            defect: Some(DefectKind::UnknownCharset),
        };
    }
    let Some(encoding) = known else {
        return match charset_decoder(label.as_bytes()) {
            Some(decode) => Decoded { text: lines(decode(bytes)), others: Vec::new(), defect: None },
            None => Decoded {
                text: lines(guess(bytes)),
                others: Vec::new(),
                defect: (!bytes.is_ascii()).then_some(DefectKind::UnknownCharset),
            },
        };
    };
    decode_as(bytes, encoding)
}

fn decode_as(bytes: &[u8], declared: &'static Encoding) -> Decoded {
    if bytes.is_ascii() && declared.is_ascii_compatible() && !bytes.contains(&0) {
        return Decoded { text: lines(ascii(bytes)), others: Vec::new(), defect: None };
    }
    let (text, used, broken) = declared.decode(bytes);
    let text = lines(text.into_owned());
    let other = lines(guess(bytes));
    // A byte-order mark decides for most readers; the label alone for some.
    let labelled =
        (used != declared).then(|| lines(declared.decode_without_bom_handling(bytes).0.into_owned()));
    let mut others: Vec<String> = labelled.into_iter().collect();
    let utf8_under_another_name = declared != UTF_8 && std::str::from_utf8(bytes).is_ok();
    let utf16 = declared == UTF_16LE || declared == UTF_16BE;
    let doubtful = broken || (utf8_under_another_name && !bytes.is_ascii()) || bytes.contains(&0) || utf16;
    if doubtful && other != text {
        others.push(other);
    }
    let wrong = broken || !others.is_empty();
    Decoded { text, others, defect: wrong.then_some(DefectKind::WrongCharset) }
}

fn decode_utf7(bytes: &[u8]) -> Decoded {
    let raw = lines(guess(bytes));
    let text = charset_decoder(b"utf-7").map_or_else(|| raw.clone(), |decode| lines(decode(bytes)));
    let others = if raw == text { Vec::new() } else { vec![raw] };
    let defect = (!others.is_empty()).then_some(DefectKind::WrongCharset);
    Decoded { text, others, defect }
}

/// The most plausible text of bytes of unknown charset; line ends are `\n`, NUL is removed.
#[must_use]
pub fn plausible_text(bytes: &[u8]) -> String {
    lines(guess(bytes))
}

/// The most plausible text of bytes without a label: a byte-order mark, UTF-16 by its zeros, UTF-8, else Windows-1252.
pub(crate) fn guess(bytes: &[u8]) -> String {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding.decode(bytes).0.into_owned();
    }
    if let Some(encoding) = utf16_by_zeros(bytes) {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned(),
    }
}

/// UTF-16 of a Latin text has a zero in every second byte.
fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..bytes.len().min(512))?;
    let (mut even, mut odd) = (0, 0);
    for pair in sample.chunks_exact(2) {
        even += usize::from(pair.first() == Some(&0));
        odd += usize::from(pair.last() == Some(&0));
    }
    let pairs = sample.len() / 2;
    if pairs < 4 {
        None
    } else if odd * 10 >= pairs * 7 && even * 10 < pairs {
        Some(UTF_16LE)
    } else if even * 10 >= pairs * 7 && odd * 10 < pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn ascii(bytes: &[u8]) -> String {
    std::str::from_utf8(bytes).unwrap_or_default().to_owned()
}

/// Line ends become `\n` (`\r\n` and a bare `\r` alike); NUL, which no reader shows, is removed.
pub(crate) fn lines(text: String) -> String {
    if memchr::memchr2(b'\r', 0, text.as_bytes()).is_none() {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['\r', '\0']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        rest = from.get(1..).unwrap_or("");
        if from.starts_with('\r') {
            out.push('\n');
            rest = rest.strip_prefix('\n').unwrap_or(rest);
        }
    }
    out.push_str(rest);
    out
}
