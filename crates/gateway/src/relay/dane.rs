//! DANE for SMTP (RFC 7672): certificates as DNSSEC names them, TLSA usages 2 and 3.

use std::sync::Arc;

use aws_lc_rs::digest;
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

use crate::dns::Record;

/// One TLSA record that we can use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tlsa {
    usage: Usage,
    selector: Selector,
    matching: Matching,
    data: Vec<u8>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Usage {
    /// 2: an authority of the chain the server shows.
    Anchor,
    /// 3: the server's own certificate.
    EndEntity,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Selector {
    Certificate,
    PublicKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Matching {
    Whole,
    Sha256,
    Sha512,
}

/// The records we can use. Those of usages 0 and 1 are not for SMTP (RFC 7672 §3.1.3); of two digests of one thing the stronger
/// counts (RFC 7671 §9).
pub(super) fn usable(records: &[Record]) -> Vec<Tlsa> {
    let all: Vec<Tlsa> = records.iter().filter_map(Tlsa::read).collect();
    let outdone = |tlsa: &Tlsa| {
        tlsa.matching == Matching::Sha256
            && all.iter().any(|other| {
                (other.usage, other.selector, other.matching) == (tlsa.usage, tlsa.selector, Matching::Sha512)
            })
    };
    all.iter().filter(|tlsa| !outdone(tlsa)).cloned().collect()
}

impl Tlsa {
    fn read(record: &Record) -> Option<Self> {
        let Record::Tlsa { usage, selector, matching, data } = record else { return None };
        let usage = match usage {
            2 => Usage::Anchor,
            3 => Usage::EndEntity,
            _ => return None,
        };
        let selector = match selector {
            0 => Selector::Certificate,
            1 => Selector::PublicKey,
            _ => return None,
        };
        let (matching, length) = match matching {
            0 => (Matching::Whole, data.len().max(1)),
            1 => (Matching::Sha256, 32),
            2 => (Matching::Sha512, 64),
            _ => return None,
        };
        (data.len() == length).then(|| Self { usage, selector, matching, data: data.clone() })
    }

    fn matches(&self, certificate: &CertificateDer<'_>) -> bool {
        let selected = match self.selector {
            Selector::Certificate => Some(certificate.as_ref()),
            Selector::PublicKey => public_key(certificate),
        };
        selected.is_some_and(|bytes| match self.matching {
            Matching::Whole => bytes == self.data,
            Matching::Sha256 => digest::digest(&digest::SHA256, bytes).as_ref() == self.data,
            Matching::Sha512 => digest::digest(&digest::SHA512, bytes).as_ref() == self.data,
        })
    }

    /// As it stands in a zone, without its data.
    fn shown(&self) -> String {
        let usage = if self.usage == Usage::Anchor { 2 } else { 3 };
        let selector = u8::from(self.selector == Selector::PublicKey);
        let matching = match self.matching {
            Matching::Whole => 0,
            Matching::Sha256 => 1,
            Matching::Sha512 => 2,
        };
        format!("dane {usage} {selector} {matching}")
    }
}

/// What the certificates a server shows are verified by; `None`: by nothing.
///
/// Usage 3 asks for the certificate itself and nothing else: neither its name nor its dates (RFC 7672 §3.1.1). Usage 2 asks for
/// a chain to the authority, valid now, with one of the names (§3.1.2).
pub(super) fn verify(
    records: &[Tlsa],
    names: &[ServerName<'static>],
    end_entity: &CertificateDer<'_>,
    chain: &[CertificateDer<'_>],
    now: UnixTime,
) -> Option<String> {
    let own = records.iter().find(|tlsa| tlsa.usage == Usage::EndEntity && tlsa.matches(end_entity));
    if let Some(tlsa) = own {
        return Some(tlsa.shown());
    }
    for tlsa in records.iter().filter(|tlsa| tlsa.usage == Usage::Anchor) {
        let whole = (tlsa.selector, tlsa.matching) == (Selector::Certificate, Matching::Whole);
        let stated = whole.then(|| CertificateDer::from(tlsa.data.as_slice()));
        let shown = chain.iter().filter(|certificate| tlsa.matches(certificate)).cloned();
        for anchor in stated.into_iter().chain(shown) {
            if let Some(name) = leads_to(anchor, names, end_entity, chain, now) {
                return Some(format!("{}, as {}", tlsa.shown(), name.to_str()));
            }
        }
    }
    None
}

/// The name under which the chain leads to the authority.
fn leads_to<'n>(
    anchor: CertificateDer<'_>,
    names: &'n [ServerName<'static>],
    end_entity: &CertificateDer<'_>,
    chain: &[CertificateDer<'_>],
    now: UnixTime,
) -> Option<&'n ServerName<'static>> {
    let mut roots = RootCertStore::empty();
    roots.add(anchor.into_owned()).ok()?;
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::new(default_provider()))
        .build()
        .ok()?;
    names.iter().find(|name| verifier.verify_server_cert(end_entity, chain, name, &[], now).is_ok())
}

/// The `SubjectPublicKeyInfo` of a certificate, with tag and length (RFC 5280 §4.1).
fn public_key<'c>(certificate: &'c CertificateDer<'_>) -> Option<&'c [u8]> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    let (_, certificate, _) = element(certificate.as_ref()).filter(|(tag, ..)| *tag == SEQUENCE)?;
    let (_, mut rest, _) = element(certificate).filter(|(tag, ..)| *tag == SEQUENCE)?;
    if rest.first() == Some(&VERSION) {
        rest = element(rest)?.2;
    }
    // Serial number, signature, issuer, validity, subject.
    for _ in 0..5 {
        rest = element(rest)?.2;
    }
    let (tag, _, after) = element(rest)?;
    (tag == SEQUENCE).then(|| rest.get(..rest.len() - after.len())).flatten()
}

/// The first DER element: its tag, its content, what follows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0_usize, |sum, digit| (sum << 8) | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, after) = rest.split_at_checked(length)?;
    Some((*tag, content, after))
}
