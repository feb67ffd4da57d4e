//! How a message left: over which route, to whom, protected by what. Part of the evidence of a delivery (case C08).

use access::Evidence;

/// The connection a delivery took.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passage {
    /// The name of the route.
    pub route: String,
    /// `host:port`.
    pub host: String,
    /// Its address, where we looked it up ourselves.
    pub address: Option<String>,
    /// What the connection had to be.
    pub policy: String,
    /// Version and cipher suite; `None` is plain text.
    pub tls: Option<String>,
    /// What the server's certificate was verified by.
    pub verified: Option<String>,
    /// Why it would have been refused, where the policy only watches.
    pub failed: Option<String>,
    /// TLS was tried and failed, and the policy allowed plain text.
    pub fell_back: bool,
    /// The host offers DSN: what was asked about reports is its to honour (RFC 3461 §5.2.1).
    pub reports: bool,
    /// The content had no CRLF at its end, and left with one: SMTP cannot do without (RFC 5321 §4.1.1.4).
    pub final_crlf_added: bool,
}

impl Passage {
    /// In one short line, behind the remote's answer.
    pub(crate) fn line(&self) -> String {
        format!("{}, {}", self.host, self.tls.as_deref().unwrap_or("plain"))
    }

    /// Adds what is known to the evidence of a delivery.
    pub(crate) fn attest(&self, evidence: Evidence) -> Evidence {
        let said = [
            ("route", Some(&self.route)),
            ("host", Some(&self.host)),
            ("address", self.address.as_ref()),
            ("tls_policy", Some(&self.policy)),
            ("tls_verified_by", self.verified.as_ref()),
            ("tls_would_have_failed", self.failed.as_ref()),
        ];
        let mut evidence =
            evidence.with("tls", self.tls.as_deref().unwrap_or("none")).with("tls_fell_back", self.fell_back);
        if self.final_crlf_added {
            evidence = evidence.with("final_crlf_added", true);
        }
        said.into_iter().fold(evidence, |evidence, (key, value)| match value {
            Some(value) => evidence.with(key, value.as_str()),
            None => evidence,
        })
    }
}
