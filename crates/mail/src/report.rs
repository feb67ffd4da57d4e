//! Builds delivery reports (RFC 3464 in RFC 6522): a text for people, `message/delivery-status` for programs, and the
//! header of the message, or the whole of it, by what its sender asked (`RET`, RFC 3461 §4.3).
//!
//! **Promise (cases D03, D04):** all bytes are ASCII whatever the message holds, every line fits RFC 5322 §2.1.1, and
//! nothing a remote server said can add a field or a part.

use vocabulary::{EmailAddress, Timestamp, Xtext};

use crate::compose::{Notice, base64_lines, field, one_line, rfc5322_date, token};
use crate::header;

/// Longest text of a field of the status part, characters: what servers say is bounded already, this bounds our lines.
const STATUS_TEXT_CHARS_MAX: usize = 600;
/// A line may hold this many bytes before it is taken for one that cannot travel as it is (RFC 5322 §2.1.1).
const LINE_BYTES_MAX: usize = 998;

/// What became of one recipient (RFC 3464 §2.3.3). `expanded` is none of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It could not be delivered, and nobody tries again.
    Failed,
    /// It is still being tried.
    Delayed,
    /// It was handed to a server that sends no reports itself (RFC 3461 §5.2.2).
    Relayed,
}

impl Action {
    const fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Delayed => "delayed",
            Self::Relayed => "relayed",
        }
    }
}

/// One recipient of the report.
#[derive(Debug, Clone)]
pub struct Reported<'a> {
    /// Whom it was for before anybody rewrote it, as the sender's server said.
    pub original: Option<&'a Xtext>,
    /// Whom it was for.
    pub recipient: &'a EmailAddress,
    /// What became of it.
    pub action: Action,
    /// The last answer: `550 5.1.1 No such user`.
    pub reply: &'a str,
    /// Tried until then, when it is delayed.
    pub retried_until: Option<Timestamp>,
}

/// What of the message comes back.
#[derive(Debug, Clone, Copy)]
pub enum Returned<'a> {
    /// Its header section: everything before its first empty line.
    Headers(&'a [u8]),
    /// All of it.
    Whole(&'a [u8]),
}

/// A delivery report to one person.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    /// The text for people, with its address, subject and language.
    pub notice: Notice<'a>,
    /// The host that reports.
    pub by: &'a str,
    /// The sender's own name for the message (`ENVID`).
    pub envelope_id: Option<&'a Xtext>,
    /// When the message came to us.
    pub arrived: Timestamp,
    /// The recipients; at least one.
    pub recipients: Vec<Reported<'a>>,
    /// What comes back.
    pub returned: Returned<'a>,
}

impl Report<'_> {
    /// The message's bytes, lines ended by CRLF.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // The id is ours alone: it cannot stand inside a part.
        let boundary = format!("=_{}", token(self.notice.id));
        let mut out = self.notice.header("auto-replied");
        field(&mut out, "MIME-Version", "1.0");
        let kind = format!("multipart/report; report-type=delivery-status;\r\n boundary=\"{boundary}\"");
        field(&mut out, "Content-Type", &kind);
        out.push_str(&format!("\r\n--{boundary}\r\nContent-Type: text/plain; charset=utf-8\r\n"));
        let mut bytes = out.into_bytes();
        bytes.extend(self.notice.encoded_body());
        let mut rest = format!("\r\n--{boundary}\r\nContent-Type: message/delivery-status\r\n\r\n");
        rest.push_str(&self.status());
        rest.push_str(&format!("\r\n--{boundary}\r\n"));
        rest.push_str(&returned(self.returned));
        rest.push_str(&format!("\r\n--{boundary}--\r\n"));
        bytes.extend(rest.into_bytes());
        bytes
    }

    /// The part for programs: what concerns the message, then each recipient (RFC 3464 §2.2 and §2.3).
    fn status(&self) -> String {
        let mut out = String::new();
        if let Some(id) = self.envelope_id {
            field(&mut out, "Original-Envelope-Id", &line(&id.plain()));
        }
        field(&mut out, "Reporting-MTA", &format!("dns; {}", line(self.by)));
        field(&mut out, "Arrival-Date", &rfc5322_date(self.arrived));
        for reported in &self.recipients {
            out.push_str("\r\n");
            if let Some(original) = reported.original {
                field(&mut out, "Original-Recipient", &original_recipient(original));
            }
            field(&mut out, "Final-Recipient", &final_recipient(reported.recipient));
            field(&mut out, "Action", reported.action.word());
            field(&mut out, "Status", &status_code(reported.reply, reported.action));
            field(&mut out, "Diagnostic-Code", &format!("smtp; {}", line(reported.reply)));
            field(&mut out, "Last-Attempt-Date", &rfc5322_date(self.notice.date));
            if let Some(until) = reported.retried_until {
                field(&mut out, "Will-Retry-Until", &rfc5322_date(until));
            }
        }
        out
    }
}

/// `rfc822; address`: the type stands before the first `;`, the rest is decoded (RFC 3464 §2.3.1).
fn original_recipient(original: &Xtext) -> String {
    let plain = original.plain();
    let (kind, address) = plain.split_once(';').unwrap_or(("rfc822", &plain));
    format!("{}; {}", line(kind), line(address))
}

/// An address that is not ASCII is written as RFC 6533 §3 has it for those who read ASCII alone.
fn final_recipient(recipient: &EmailAddress) -> String {
    if !recipient.is_international() {
        return format!("rfc822; {}", line(recipient.as_str()));
    }
    let mut text = String::from("utf-8; ");
    for c in recipient.as_str().chars() {
        if c.is_ascii_graphic() && !matches!(c, '\\' | '+' | '=') {
            text.push(c);
        } else {
            text.push_str(&format!("\\x{{{:X}}}", u32::from(c)));
        }
    }
    text
}

/// The enhanced status code of a reply (RFC 3463), of the class the action asks for (RFC 3464 §2.3.4).
fn status_code(reply: &str, action: Action) -> String {
    let class = match action {
        Action::Failed => '5',
        Action::Delayed => '4',
        Action::Relayed => '2',
    };
    let is_code = |word: &&str| {
        let parts: Vec<&str> = word.split('.').collect();
        parts.len() == 3
            && parts
                .iter()
                .all(|part| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
            && word.starts_with(class)
    };
    reply.split(' ').nth(1).filter(is_code).map_or_else(|| format!("{class}.0.0"), str::to_owned)
}

/// One line of printable ASCII.
fn line(text: &str) -> String {
    let clean = one_line(text, STATUS_TEXT_CHARS_MAX);
    clean.chars().map(|c| if (' '..='~').contains(&c) { c } else { '?' }).collect()
}

/// The last part, its own fields included.
fn returned(returned: Returned<'_>) -> String {
    match returned {
        Returned::Headers(raw) => {
            let header = header::section(raw);
            match as_it_is(header) {
                Some(text) => format!("Content-Type: text/rfc822-headers\r\n\r\n{text}"),
                None => encoded("text/rfc822-headers; charset=utf-8", header),
            }
        }
        Returned::Whole(raw) => match as_it_is(raw) {
            Some(text) => format!("Content-Type: message/rfc822\r\n\r\n{text}"),
            // `message/rfc822` may not be encoded, `message/global` may (RFC 6532 §3.7).
            None => encoded("message/global", raw),
        },
    }
}

fn encoded(kind: &str, bytes: &[u8]) -> String {
    format!("Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{}", base64_lines(bytes))
}

/// Text that can stand in the report without being encoded: ASCII, with lines that can travel, and none that could be
/// taken for the end of the part.
fn as_it_is(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.is_ascii())?;
    let fits =
        text.split("\r\n").all(|line| line.len() <= LINE_BYTES_MAX && !line.contains(['\r', '\n', '\0']));
    (fits && !text.contains("--=_")).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;
    use proptest::prelude::*;
    use vocabulary::Locale;

    fn report(reply: &str, raw: &[u8], whole: bool) -> Vec<u8> {
        let (from, to): (EmailAddress, EmailAddress) =
            ("avis@orveane.example".parse().unwrap(), "ines@orveane.example".parse().unwrap());
        let recipient: EmailAddress = "rené@client.example".parse().unwrap();
        let original = Xtext::original_recipient("rfc822;R+2BX@client.example").unwrap();
        let id = Xtext::envelope_id("QQ+2B1").unwrap();
        Report {
            notice: Notice {
                from_name: "Orvéane",
                from: &from,
                to: &to,
                subject: "Message non remis",
                body: "Votre message n’a pas pu être remis.\n",
                date: Timestamp::parse("2026-11-24T14:32:00Z").unwrap(),
                id: "outbox_1",
                in_reply_to: "m1@orveane.example",
                locale: Locale::Fr,
            },
            by: "garde.orveane.example",
            envelope_id: Some(&id),
            arrived: Timestamp::parse("2026-11-24T14:30:00Z").unwrap(),
            recipients: vec![Reported {
                original: Some(&original),
                recipient: &recipient,
                action: Action::Failed,
                reply,
                retried_until: None,
            }],
            returned: if whole { Returned::Whole(raw) } else { Returned::Headers(raw) },
        }
        .to_bytes()
    }

    #[test]
    fn d03_a_report_as_it_is_written() {
        let raw = b"Subject: x\r\nFrom: ines@orveane.example\r\n\r\nle corps\r\n";
        let text = String::from_utf8(report("550 5.1.1 No such user", raw, false)).unwrap();
        let status = "Original-Envelope-Id: QQ+1\r\nReporting-MTA: dns; garde.orveane.example\r\n\
            Arrival-Date: Tue, 24 Nov 2026 14:30:00 +0000\r\n\r\nOriginal-Recipient: rfc822; R+X@client.example\r\n\
            Final-Recipient: utf-8; ren\\x{E9}@client.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\
            Diagnostic-Code: smtp; 550 5.1.1 No such user\r\nLast-Attempt-Date: Tue, 24 Nov 2026 14:32:00 +0000\r\n";
        assert!(text.contains(status), "{text}");
        assert!(text.contains("Content-Type: text/rfc822-headers\r\n\r\nSubject: x\r\n"), "{text}");
        assert!(!text.contains("le corps") && text.contains("\r\nAuto-Submitted: auto-replied\r\n"));
        let whole = String::from_utf8(report("550 5.1.1 No such user", raw, true)).unwrap();
        assert!(
            whole.contains("Content-Type: message/rfc822\r\n\r\nSubject: x\r\n")
                && whole.contains("le corps")
        );
        assert!(parse(whole.as_bytes()).report);
    }

    #[test]
    fn d03_a_status_has_the_class_of_its_action() {
        for (reply, action, code) in [
            ("550 5.7.1 no", Action::Failed, "5.7.1"),
            ("550 no", Action::Failed, "5.0.0"),
            ("450 4.2.1 later", Action::Delayed, "4.2.1"),
            ("450 4.2.1 later", Action::Failed, "5.0.0"),
            ("250 2.0.0 ok", Action::Relayed, "2.0.0"),
            ("", Action::Delayed, "4.0.0"),
        ] {
            assert_eq!(status_code(reply, action), code, "{reply}");
        }
    }

    proptest! {
        #[test]
        fn d04_nothing_injects_a_field_or_a_part(reply in "(?s).{0,200}", raw in prop::collection::vec(any::<u8>(), 0..400), whole: bool) {
            let reply = format!("{reply}\r\nAction: delivered\r\n\r\n--=_outbox_1\r\n");
            let raw = [&raw[..], b"\r\n--=_outbox_1--\r\n"].concat();
            let bytes = report(&reply, &raw, whole);
            let text = String::from_utf8(bytes.clone()).unwrap();
            prop_assert!(text.is_ascii() && text.split("\r\n").all(|line| line.len() <= 998 && !line.contains(['\r', '\n'])));
            prop_assert_eq!(text.matches("\r\n--=_outbox_1").count(), 4, "three parts and the end");
            prop_assert_eq!(text.matches("\r\nAction: ").count(), 1);
        }
    }
}
