//! The two fields CEREBRO adds above a message it relays; every byte below stays as it came (case D06).
//!
//! `Received:` says where the message came through (RFC 5321 §4.4). `X-Cerebro-Trace:` says which instance saw it,
//! so that a message that comes back is recognised (case F09): instance, flow, and a mark that only the instance can make.

use std::net::IpAddr;

use vocabulary::{EmailAddress, Timestamp};

use crate::compose::rfc5322_date;
use crate::header::Fields;

/// The name of our field, as it stands in a message.
const FIELD: &str = "X-Cerebro-Trace";
/// Trace fields looked at in one message; more are a loop in any case.
const SEEN_MAX: usize = 20;
/// Longest word of a trace field, bytes.
const WORD_BYTES_MAX: usize = 255;

/// What the trace fields say.
#[derive(Debug, Clone)]
pub struct Trace<'a> {
    /// What the client said in EHLO; untrusted.
    pub helo: &'a str,
    /// Where it connected from; `None` for the API.
    pub peer: Option<IpAddr>,
    /// Our host name.
    pub by: &'a str,
    /// `ESMTP`, `ESMTPS`, `ESMTPSA` (RFC 3848), `HTTPS`.
    pub protocol: &'a str,
    /// TLS version and cipher, when there was TLS.
    pub tls: Option<&'a str>,
    /// The flow's id.
    pub flow: &'a str,
    /// The recipient, only when there is exactly one: several would tell each about the others.
    pub recipient: Option<&'a EmailAddress>,
    /// When the message was accepted.
    pub at: Timestamp,
    /// The instance, as it names itself in loops.
    pub instance: &'a str,
    /// A keyed mark over instance and flow, made by the caller; hexadecimal in the field.
    pub mark: &'a [u8],
    /// It leaves before it was assessed whole (policy *open with debt*): said in a field of its own.
    pub owed: bool,
}

/// The fields, to be put above the message.
#[must_use]
pub fn header(trace: &Trace<'_>) -> Vec<u8> {
    let mut received = format!("Received: from {}", word(trace.helo));
    if let Some(peer) = trace.peer {
        let literal = match peer.to_canonical() {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("IPv6:{v6}"),
        };
        received.push_str(&format!(" ([{literal}])"));
    }
    received.push_str(&format!("\r\n by {} with {}", word(trace.by), word(trace.protocol)));
    if let Some(tls) = trace.tls {
        received.push_str(&format!(
            "\r\n (TLS {})",
            tls.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
        ));
    }
    received.push_str(&format!(" id {}", word(trace.flow)));
    if let Some(recipient) = trace.recipient {
        received.push_str(&format!("\r\n for <{recipient}>"));
    }
    received.push_str(&format!(";\r\n {}\r\n", rfc5322_date(trace.at)));
    received.push_str(&format!(
        "{FIELD}: {} {}\r\n {}\r\n",
        word(trace.instance),
        word(trace.flow),
        hex(trace.mark)
    ));
    if trace.owed {
        received.push_str("X-Cerebro-Assessment: owed\r\n");
    }
    received.into_bytes()
}

/// The message with the fields above it. Not one byte of `raw` changes.
#[must_use]
pub fn prepend(header: &[u8], raw: &[u8]) -> Vec<u8> {
    [header, raw].concat()
}

/// One `X-Cerebro-Trace` field, as [`crate::Message::traces`] holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The instance that wrote it, or that someone wants us to believe wrote it.
    pub instance: String,
    /// The flow it names.
    pub flow: String,
    /// The mark to check.
    pub mark: Vec<u8>,
}

impl Seen {
    /// Reads the value of a trace field; `None` when it is none of ours.
    #[must_use]
    pub fn read(value: &str) -> Option<Self> {
        let mut words = value.split_whitespace();
        let (instance, flow, mark) = (words.next()?, words.next()?, words.next()?);
        let pairs = mark.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok());
        let mark = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok()).collect::<Option<Vec<u8>>>()?;
        words.next().is_none().then(|| Self { instance: instance.to_owned(), flow: flow.to_owned(), mark })
    }
}

/// Every trace field of a header section that reads as one of ours, latest first, at most [`SEEN_MAX`]. A cheap look for
/// those who do not read the message; nothing in it is believed before its mark is checked.
#[must_use]
pub fn in_header(content: &[u8]) -> Vec<Seen> {
    let values = Fields::of(content).filter_map(|field| field.value_of(FIELD));
    values.filter_map(|value| std::str::from_utf8(value).ok().and_then(Seen::read)).take(SEEN_MAX).collect()
}

/// A word that can end neither the field nor its structure.
fn word(text: &str) -> String {
    let allowed =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']' | '/' | '+');
    let clean: String = text.chars().map(|c| if allowed(c) { c } else { '?' }).take(WORD_BYTES_MAX).collect();
    if clean.is_empty() { "unknown".to_owned() } else { clean }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse;
    use proptest::prelude::*;

    fn trace<'a>(helo: &'a str, recipient: Option<&'a EmailAddress>) -> Trace<'a> {
        Trace {
            helo,
            peer: Some("::ffff:192.0.2.7".parse().unwrap()),
            by: "garde.orveane.example",
            protocol: "ESMTPS",
            tls: Some("TLSv1.3 AES_256_GCM"),
            flow: "flow_01",
            recipient,
            at: Timestamp::parse("2026-11-24T14:32:00Z").unwrap(),
            instance: "orveane-1",
            mark: &[0xab, 0x01],
            owed: false,
        }
    }

    #[test]
    fn f08_a_message_let_go_unassessed_is_stamped() {
        let stamped = header(&Trace { owed: true, ..trace("x", None) });
        let below = parse(&prepend(&stamped, b"Subject: x\r\n\r\ny"));
        assert!(String::from_utf8(stamped).unwrap().ends_with("ab01\r\nX-Cerebro-Assessment: owed\r\n"));
        assert!(below.defects.is_empty() && below.subject == "x");
    }

    #[test]
    fn f09_marks_are_found_in_the_header_alone() {
        let ours = header(&trace("x", None));
        let seen =
            in_header(&[b"A: b\r\n", &ours[..], &ours, b"x-cerebro-trace: not ours\r\n\r\n", &ours].concat());
        assert_eq!(seen.len(), 2);
        assert_eq!((seen[0].flow.as_str(), seen[0].mark.as_slice()), ("flow_01", &[0xab, 1][..]));
        assert!(in_header(b"").is_empty() && in_header(&[b"\r\n", &ours[..]].concat()).is_empty());
        assert_eq!(in_header(&ours.repeat(100)).len(), SEEN_MAX);
    }

    #[test]
    fn the_fields_as_they_are_written() {
        let recipient = "ines@orveane.example".parse().unwrap();
        let text = String::from_utf8(header(&trace("mail.x.example", Some(&recipient)))).unwrap();
        assert_eq!(
            text,
            "Received: from mail.x.example ([192.0.2.7])\r\n by garde.orveane.example with ESMTPS\r\n \
             (TLS TLSv1.3 AES_256_GCM) id flow_01\r\n for <ines@orveane.example>;\r\n Tue, 24 Nov 2026 14:32:00 +0000\r\n\
             X-Cerebro-Trace: orveane-1 flow_01\r\n ab01\r\n"
        );
    }

    proptest! {
        #[test]
        fn d06_what_is_below_stays(helo in "(?s).{0,100}", raw in prop::collection::vec(any::<u8>(), 0..500)) {
            let header = header(&trace(&helo, None));
            let whole = prepend(&header, &raw);
            prop_assert!(whole.ends_with(&raw) && whole.len() == header.len() + raw.len());
            let below = b"Subject: x\r\n\r\ny";
            let message = parse(&prepend(&header, below));
            prop_assert_eq!(message.received_count, 1);
            prop_assert_eq!(&message.subject, "x");
            let seen = Seen::read(&message.traces[0]).unwrap();
            prop_assert_eq!(seen, Seen { instance: "orveane-1".into(), flow: "flow_01".into(), mark: vec![0xab, 1] });
            prop_assert!(message.defects.is_empty());
        }
    }
}
