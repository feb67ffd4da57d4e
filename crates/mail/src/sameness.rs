//! What two copies of one message share when the sender's server hands it over in several transactions: everything but the
//! fields that servers add on the way.

use crate::header::{Field, Fields};

/// Fields that say how a copy came here (RFC 5321 §4.4, RFC 8601, RFC 8617, RFC 6376), by name in lower case.
const ADDED: &[&str] = &[
    "received",
    "return-path",
    "delivered-to",
    "x-original-to",
    "authentication-results",
    "received-spf",
    "dkim-signature",
];
/// What Exchange, Google and CEREBRO itself add, by the beginning of their names.
const ADDED_BEGINNINGS: &[&str] =
    &["arc-", "x-ms-exchange-", "x-forefront-", "x-microsoft-antispam", "x-google-", "x-gm-", "x-cerebro-"];

/// The stretches of a message that every copy of it shares, in order: its header fields but those above, and all that
/// follows them.
#[must_use]
pub fn below_trace(raw: &[u8]) -> Vec<&[u8]> {
    let mut fields = Fields::of(raw);
    let mut kept: Vec<&[u8]> = fields.by_ref().filter(|field| !is_added(*field)).map(Field::bytes).collect();
    kept.push(fields.rest());
    kept
}

fn is_added(field: Field<'_>) -> bool {
    let Some((name, _)) = field.parts() else { return false };
    let name = String::from_utf8_lossy(name).to_ascii_lowercase();
    ADDED.contains(&name.as_str()) || ADDED_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shared(raw: &str) -> Vec<u8> {
        below_trace(raw.as_bytes()).concat()
    }

    #[test]
    fn copies_differ_in_what_servers_add_alone() {
        let message = "From: a@x.example\r\nSubject: Offre\r\n suite\r\n\r\nReceived: ceci est du texte\r\n";
        let one =
            format!("Received: from a by b\r\n id 1;\r\n\tTue\r\nReturn-Path: <a@x.example>\r\n{message}");
        let other =
            format!("ARC-Seal: i=1\r\nreceived : from c\r\nX-MS-Exchange-Organization-SCL: 1\r\n{message}");
        assert_eq!(shared(&one), message.as_bytes());
        assert_eq!(shared(&one), shared(&other));
        for altered in ["Subject: Offre\r\n suite", "texte", "a@x"] {
            assert_ne!(shared(&one.replace(altered, "autre: chose")), shared(&one), "{altered}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_have_what_they_share(raw in prop::collection::vec(any::<u8>(), 0..400)) {
            let kept: usize = below_trace(&raw).iter().map(|part| part.len()).sum();
            prop_assert!(kept <= raw.len());
            let plain = [b"Subject: x\r\n\r\n", &raw[..]].concat();
            prop_assert_eq!(below_trace(&plain).concat(), plain);
        }
    }
}
