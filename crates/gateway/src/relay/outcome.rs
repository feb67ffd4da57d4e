//! How an attempt ended, for one recipient.

use std::fmt;

use vocabulary::Timestamp;
use vocabulary::bounds::RELAY_REPLY_CHARS_MAX;

/// What a server answered, or what we found in its place: `550 5.1.1 No such user`.
///
/// Printable ASCII, bounded. A remote's text may name people: it belongs in the sealed record, never in a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The reply code; ours when no server answered.
    pub code: u16,
    /// The enhanced status code (RFC 3463), `class.0.0` if the server gave none.
    pub status: String,
    /// What follows, on one line.
    pub text: String,
    /// A server said so; otherwise we do.
    pub remote: bool,
}

impl Diagnostic {
    /// What we say ourselves.
    pub(super) fn ours(code: u16, status: &str, text: impl Into<String>) -> Self {
        Self { code, status: status.to_owned(), text: printable(&text.into()), remote: false }
    }

    /// Our own system is at fault (RFC 3463 `X.3.Y`), not the way to the next hop.
    pub(super) fn is_our_system(&self) -> bool {
        !self.remote && self.status.starts_with("4.3.")
    }

    /// What a server said, lines joined.
    pub(super) fn remote(code: u16, lines: &[String]) -> Self {
        let (mut status, mut texts) = (None, Vec::new());
        for line in lines {
            let (head, rest) = line.split_once(' ').unwrap_or((line, ""));
            if is_status(head, code) {
                status.get_or_insert_with(|| head.to_owned());
                texts.push(rest);
            } else {
                texts.push(line);
            }
        }
        let status = status.unwrap_or_else(|| format!("{}.0.0", code / 100));
        Self { code, status, text: printable(&texts.join(" ")), remote: true }
    }
}

/// `class.subject.detail` of the class of the reply (RFC 3463 §2).
fn is_status(text: &str, code: u16) -> bool {
    let parts: Vec<&str> = text.split('.').collect();
    let number =
        |part: &&str| (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(number) && parts.first() == Some(&(code / 100).to_string().as_str())
}

fn printable(text: &str) -> String {
    text.chars().take(RELAY_REPLY_CHARS_MAX).map(|c| if matches!(c, ' '..='~') { c } else { '?' }).collect()
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.code, self.status, self.text)
    }
}

/// The connection a message took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The name of the route.
    pub route: String,
    /// `host:port`.
    pub host: String,
    /// Its address, where we looked it up ourselves.
    pub address: Option<String>,
    /// What the connection had to be: none, opportunistic, required, verified, dane, mta-sts, mta-sts testing.
    pub policy: String,
    /// `None` is plain text.
    pub tls: Option<Encryption>,
    /// TLS was tried and failed, and the policy allows plain text.
    pub fell_back: bool,
    /// It offers DSN: what was asked about reports is its to honour (RFC 3461 §5.2.1).
    pub reports: bool,
}

/// What protected a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encryption {
    /// `TLSv1_3`.
    pub version: String,
    /// `TLS13_AES_256_GCM_SHA384`.
    pub suite: String,
    /// What the server's certificate was verified by; `None`: nobody asked who it is.
    pub verified: Option<String>,
    /// Why it would have been refused, where the policy only watches (MTA-STS testing).
    pub failed: Option<String>,
}

/// How an attempt ended for one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The next hop took it.
    Delivered {
        /// Its reply to the final dot.
        reply: Diagnostic,
        /// Where it went, and how protected.
        hop: Hop,
        /// The content had no final CRLF: one was added, since SMTP cannot do without.
        final_crlf_added: bool,
    },
    /// Not now: to be tried again.
    Deferred {
        /// Why.
        reply: Diagnostic,
        /// Not before this instant.
        until: Timestamp,
    },
    /// Never: refused for good, impossible for this route, or tried for too long.
    Bounced {
        /// Why.
        reply: Diagnostic,
    },
    /// The final dot was sent and its reply was lost: the next hop may have taken the message or not.
    Uncertain {
        /// What happened instead of a reply.
        reason: Diagnostic,
        /// Where it may have gone, and how protected.
        hop: Option<Hop>,
    },
}

impl Outcome {
    /// When it is to be tried again, if it is.
    pub(super) fn until(&self) -> Option<Timestamp> {
        match self {
            Self::Deferred { until, .. } => Some(*until),
            _ => None,
        }
    }

    /// It is tried again for a reason of the next hop's, or of the way there: time to do better is running out for it. What
    /// our own system could not do uses up nothing.
    pub(super) fn counts(&self) -> bool {
        matches!(self, Self::Deferred { reply, .. } if !reply.is_our_system())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remote_reply_is_read_and_tamed() {
        for (code, lines, shown) in [
            (550, vec!["5.1.1 No such user"], "550 5.1.1 No such user"),
            (550, vec!["No such user"], "550 5.0.0 No such user"),
            (450, vec!["5.1.1 class differs"], "450 4.0.0 5.1.1 class differs"),
            (250, vec!["2.0.0 Ok:", "2.0.0 queued"], "250 2.0.0 Ok: queued"),
            (554, vec!["5.7.1"], "554 5.7.1 "),
            (554, vec!["5.7.1234 x"], "554 5.0.0 5.7.1234 x"),
            (554, vec!["5.7.1 a\r\nb\u{1b}[31mé"], "554 5.7.1 a??b?[31m?"),
        ] {
            let lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
            assert_eq!(Diagnostic::remote(code, &lines).to_string(), shown);
        }
        assert_eq!(Diagnostic::remote(250, &["x".repeat(9_999)]).text.len(), RELAY_REPLY_CHARS_MAX);
    }
}
