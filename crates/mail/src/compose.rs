//! Builds the small messages CEREBRO sends itself: notices, codes, invitations.
//!
//! **Promise (case D04):** whatever stands in the fields, the message has exactly the header fields written here,
//! every line fits RFC 5322 §2.1.1, all bytes are ASCII, and the body reads back unchanged.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use vocabulary::{EmailAddress, Locale, Timestamp};

use crate::render::is_invisible;

/// Longest text in one encoded word, bytes of UTF-8: 45 bytes are 60 characters of base64, and RFC 2047 §2 allows 75.
const WORD_BYTES_MAX: usize = 45;
/// Longest subject kept, characters.
const SUBJECT_CHARS_MAX: usize = 200;
/// Bytes of a line of a base64 body before encoding (76 characters, RFC 2045 §6.8).
const BASE64_LINE_BYTES: usize = 57;

/// A message from CEREBRO to one person.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// The display name of the sender, an organisation's or the product's.
    pub from_name: &'a str,
    /// The sender's address. The envelope's sender stays empty: nobody bounces a notice.
    pub from: &'a EmailAddress,
    /// Whom it is for.
    pub to: &'a EmailAddress,
    /// The subject, in words.
    pub subject: &'a str,
    /// The body, plain text; line ends are `\n`.
    pub body: &'a str,
    /// When it is written.
    pub date: Timestamp,
    /// What makes it unique: the left part of the Message-ID, usually the outbox row's id.
    pub id: &'a str,
    /// The Message-ID this notice is about, so that it joins its thread; may be empty.
    pub in_reply_to: &'a str,
    /// The language of the text.
    pub locale: Locale,
}

impl Notice<'_> {
    /// The message's bytes, lines ended by CRLF.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = self.header("auto-generated");
        field(&mut out, "MIME-Version", "1.0");
        field(&mut out, "Content-Type", "text/plain; charset=utf-8");
        let mut bytes = out.into_bytes();
        bytes.extend(self.encoded_body());
        bytes
    }

    /// The fields above those of MIME. `submitted` is the word of RFC 3834 §5 for what made it.
    pub(crate) fn header(&self, submitted: &str) -> String {
        let domain = ascii_domain(self.from.domain());
        let mut out = String::new();
        field(&mut out, "Date", &rfc5322_date(self.date));
        field(&mut out, "From", &mailbox(self.from_name, self.from));
        field(&mut out, "To", &self.to.to_string());
        field(&mut out, "Message-ID", &format!("<{}@{domain}>", token(self.id)));
        let thread = token(self.in_reply_to.trim_matches(['<', '>']));
        if !thread.is_empty() {
            field(&mut out, "In-Reply-To", &format!("<{thread}>"));
            field(&mut out, "References", &format!("<{thread}>"));
        }
        field(&mut out, "Subject", &unstructured(self.subject));
        field(&mut out, "Auto-Submitted", submitted);
        field(&mut out, "X-Auto-Response-Suppress", "All");
        field(&mut out, "Content-Language", self.locale.tag());
        out
    }

    /// The body with its encoding field above it.
    pub(crate) fn encoded_body(&self) -> Vec<u8> {
        body(self.body)
    }
}

/// The body with its encoding field above it: as it is when it fits, else base64.
fn body(text: &str) -> Vec<u8> {
    // A byte-order mark or a NUL means something to readers and nothing to people.
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
    let text = text.trim_start_matches('\u{feff}');
    let fits = text.is_ascii()
        && text.lines().all(|line| line.len() <= 78 && !line.starts_with("From "))
        && !text.contains(|c: char| c.is_control() && c != '\n' && c != '\t');
    let crlf = text.replace('\n', "\r\n");
    if fits {
        return format!("Content-Transfer-Encoding: 7bit\r\n\r\n{crlf}\r\n").into_bytes();
    }
    format!("Content-Transfer-Encoding: base64\r\n\r\n{}", base64_lines(crlf.as_bytes())).into_bytes()
}

/// Base64 in lines that fit (RFC 2045 §6.8).
pub(crate) fn base64_lines(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() / 3 * 4 + bytes.len() / 20 + 4);
    for chunk in bytes.chunks(BASE64_LINE_BYTES) {
        out.push_str(&STANDARD.encode(chunk));
        out.push_str("\r\n");
    }
    out
}

/// One header field. `value` is ASCII without line ends except `\r\n ` folds made here.
pub(crate) fn field(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push_str(": ");
    out.push_str(value);
    out.push_str("\r\n");
}

/// A display name and an address.
fn mailbox(name: &str, address: &EmailAddress) -> String {
    let name = one_line(name, SUBJECT_CHARS_MAX);
    if name.is_empty() { address.to_string() } else { format!("{}\r\n <{address}>", encoded(&name)) }
}

/// Text of a subject: as it is when it is plain and short, else encoded words.
fn unstructured(text: &str) -> String {
    let text = one_line(text, SUBJECT_CHARS_MAX);
    let plain =
        text.len() <= 60 && text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) && !text.contains("=?");
    if plain { text } else { encoded(&text) }
}

/// Encoded words (RFC 2047), folded one a line; characters are never split.
fn encoded(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut current = String::new();
    for c in text.chars() {
        if current.len() + c.len_utf8() > WORD_BYTES_MAX {
            words.push(std::mem::take(&mut current));
        }
        current.push(c);
    }
    words.push(current);
    let word = |text: &String| format!("=?utf-8?B?{}?=", STANDARD.encode(text));
    words.iter().map(word).collect::<Vec<_>>().join("\r\n ")
}

/// One line without control or invisible characters.
pub(crate) fn one_line(text: &str, chars_max: usize) -> String {
    let clean = text.chars().map(|c| if c.is_control() { ' ' } else { c }).filter(|c| !is_invisible(*c));
    clean.take(chars_max).collect::<String>().trim().to_owned()
}

/// What may stand in a Message-ID (RFC 5322 §3.6.4, restricted); the rest is dropped.
pub(crate) fn token(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+' | '=' | '$'))
        .take(200)
        .collect()
}

/// A domain for a Message-ID: its own when it is ASCII, else a neutral one.
fn ascii_domain(domain: &str) -> &str {
    if domain.is_ascii() && !domain.starts_with('[') { domain } else { "cerebro.invalid" }
}

/// `Tue, 24 Nov 2026 14:32:00 +0000` (RFC 5322 §3.3).
pub(crate) fn rfc5322_date(at: Timestamp) -> String {
    mail_parser::DateTime::from_timestamp(at.seconds()).to_rfc822()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;
    use proptest::prelude::*;

    fn notice<'a>(subject: &'a str, body: &'a str, from_name: &'a str, id: &'a str) -> Vec<u8> {
        let (from, to) = ("avis@orveane.example".parse().unwrap(), "ines@orveane.example".parse().unwrap());
        let date = Timestamp::parse("2026-11-24T14:32:00Z").unwrap();
        Notice {
            from_name,
            from: &from,
            to: &to,
            subject,
            body,
            date,
            id,
            in_reply_to: id,
            locale: Locale::Fr,
        }
        .to_bytes()
    }

    #[test]
    fn a_plain_notice_is_readable_as_it_is() {
        let text = String::from_utf8(notice("Message held", "Your message waits.\n", "Orveane", "notice_1"))
            .unwrap();
        assert!(text.starts_with("Date: Tue, 24 Nov 2026 14:32:00 +0000\r\nFrom: "), "{text}");
        assert!(text.contains("\r\nSubject: Message held\r\nAuto-Submitted: auto-generated\r\n"), "{text}");
        assert!(text.contains("\r\nMessage-ID: <notice_1@orveane.example>\r\n"), "{text}");
        assert!(text.ends_with("\r\n\r\nYour message waits.\r\n\r\n"), "{text}");
    }

    #[test]
    fn accents_read_back() {
        let message =
            parse(&notice("Votre message à Hélène est retenu", "Il attend jusqu'à 18 h.\n", "Orvéane", "n"));
        assert_eq!(message.subject, "Votre message à Hélène est retenu");
        assert_eq!(message.from[0].name, "Orvéane");
        assert_eq!(message.texts.last().unwrap().text, "Il attend jusqu'à 18 h.\n");
        assert!(message.auto_submitted && message.defects.is_empty(), "{message:?}");
    }

    proptest! {
        #[test]
        fn d04_nothing_injects_a_field(subject in "(?s).{0,300}", body in "(?s).{0,600}", name in "(?s).{0,80}", id in "(?s).{0,60}") {
            let subject = format!("{subject}\r\nBcc: x@y.example\r\n\r\n");
            let name = format!("{name}\r\nBcc: x@y.example");
            let raw = notice(&subject, &body, &name, &format!("{id}\r\nBcc: x"));
            let text = String::from_utf8(raw.clone()).unwrap();
            let (header, _) = text.split_once("\r\n\r\n").unwrap();
            let names: Vec<&str> = header.split("\r\n").filter(|line| !line.starts_with(' ')).map(|line| line.split_once(": ").unwrap().0).collect();
            let expected = ["Date", "From", "To", "Message-ID", "In-Reply-To", "References", "Subject", "Auto-Submitted",
                "X-Auto-Response-Suppress", "Content-Language", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"];
            prop_assert_eq!(names, expected);
            prop_assert!(text.is_ascii() && text.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
            let message = parse(&raw);
            prop_assert!(message.bcc.is_empty() && message.to.len() == 1 && message.from.len() == 1);
            let last = &message.texts.iter().rfind(|text| text.kind == crate::TextKind::Plain).unwrap().text;
            let plain = body.replace("\r\n", "\n").replace('\r', "\n").replace('\0', "");
            let plain = plain.trim_start_matches('\u{feff}');
            prop_assert_eq!(last.trim_end_matches('\n'), plain.trim_end_matches('\n'));
        }
    }
}
