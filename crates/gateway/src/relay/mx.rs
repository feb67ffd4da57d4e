//! Who takes the mail of a domain (RFC 5321 §5.1, RFC 7505).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use vocabulary::bounds::{RELAY_ADDRESSES_MAX, RELAY_EXCHANGERS_MAX};
use vocabulary::{Entropy, entropy};

use super::transaction::Verdict;
use super::{Diagnostic, RelayConfig};
use crate::dns::{Answer, DnsError, Kind, Record, Resolver};

/// The mail exchangers of a domain, best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Exchangers {
    /// Host names, or one address where the domain is an address literal.
    pub(super) names: Vec<String>,
    /// DNSSEC vouches for them.
    pub(super) secure: bool,
}

/// Where a host is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Located {
    /// None of them: it has no address, and that is sure.
    pub(super) ips: Vec<IpAddr>,
    /// DNSSEC vouches for them.
    pub(super) secure: bool,
    /// The name at the end of its aliases.
    pub(super) canonical: String,
}

/// Finds the mail exchangers of `domain`, an A-label domain or an address literal.
///
/// A domain that does not exist, takes no mail, or has us as its best exchanger bounces; a DNS that does not answer, or
/// whose answer DNSSEC contradicts, defers.
pub(super) async fn exchangers(config: &RelayConfig, domain: &str) -> Result<Exchangers, Verdict> {
    if let Some(address) = literal(domain) {
        return Ok(Exchangers { names: vec![address.to_string()], secure: false });
    }
    let answer = ask(config, domain, Kind::Mx).await.map_err(Verdict::Later)?;
    let mut found: Vec<(u16, String)> = answer.records.iter().filter_map(exchanger).collect();
    if found.iter().any(|(_, name)| name.is_empty()) {
        found.retain(|(_, name)| !name.is_empty());
        if found.is_empty() {
            // RFC 7505 §3 and §4.2.
            return Err(never(556, "5.1.10", "the domain accepts no mail (null MX)"));
        }
    }
    if found.is_empty() {
        return if answer.exists { implicit(config, domain, answer.secure).await } else { Err(unknown()) };
    }
    let us = config.hello.as_str();
    if let Some(ours) = found.iter().filter(|(_, name)| name == us).map(|(preference, _)| *preference).min() {
        // RFC 5321 §5.1: what stands with us or behind us would send it back.
        found.retain(|(preference, _)| *preference < ours);
        if found.is_empty() {
            return Err(never(554, "5.4.6", "we are the best mail exchanger of the domain ourselves"));
        }
    }
    Ok(Exchangers { names: ordered(found, &*config.entropy), secure: answer.secure })
}

/// No MX: the domain itself, if it has an address.
async fn implicit(config: &RelayConfig, domain: &str, secure: bool) -> Result<Exchangers, Verdict> {
    if domain == config.hello {
        return Err(never(554, "5.4.6", "we are the best mail exchanger of the domain ourselves"));
    }
    let found = addresses(config, domain).await.map_err(Verdict::Later)?;
    if found.ips.is_empty() {
        Err(unknown())
    } else {
        Ok(Exchangers { names: vec![domain.to_owned()], secure })
    }
}

fn unknown() -> Verdict {
    never(550, "5.1.2", "the domain does not exist, or has neither mail exchanger nor address")
}

fn never(code: u16, status: &str, text: &str) -> Verdict {
    Verdict::Never(Diagnostic::ours(code, status, text))
}

/// By preference; among equals in any order, so that load spreads.
fn ordered(found: Vec<(u16, String)>, dice: &dyn Entropy) -> Vec<String> {
    let mut thrown: Vec<(u16, u64, String)> = found
        .into_iter()
        .map(|(preference, name)| (preference, u64::from_be_bytes(entropy::random(dice)), name))
        .collect();
    thrown.sort_unstable();
    let mut names: Vec<String> = Vec::new();
    for (_, _, name) in thrown {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.truncate(RELAY_EXCHANGERS_MAX);
    names
}

fn exchanger(record: &Record) -> Option<(u16, String)> {
    match record {
        Record::Mx { preference, exchange } => Some((*preference, exchange.clone())),
        _ => None,
    }
}

/// The addresses of a host, IPv4 first: fewer machines send mail over IPv6 than have an address.
pub(super) async fn addresses(config: &RelayConfig, host: &str) -> Result<Located, Diagnostic> {
    if let Ok(address) = host.parse() {
        return Ok(Located { ips: vec![address], secure: false, canonical: host.to_owned() });
    }
    let (v4, v6) = futures::future::join(ask(config, host, Kind::A), ask(config, host, Kind::Aaaa)).await;
    let answers: Vec<&Answer> = [&v4, &v6].into_iter().flatten().collect();
    let mut ips: Vec<IpAddr> =
        answers.iter().flat_map(|answer| &answer.records).filter_map(Record::address).collect();
    ips.truncate(RELAY_ADDRESSES_MAX);
    let secure = answers.iter().any(|answer| answer.secure);
    let canonical = answers.first().map_or_else(|| host.to_owned(), |answer| answer.canonical.clone());
    if ips.is_empty() {
        // One family that does not answer may hide the address that counts.
        v4?;
        v6?;
    }
    Ok(Located { ips, secure, canonical })
}

pub(super) async fn ask(config: &RelayConfig, name: &str, kind: Kind) -> Result<Answer, Diagnostic> {
    let none = || Diagnostic::ours(451, "4.3.5", "no resolver is configured");
    let resolver: &Resolver = config.resolver.as_deref().ok_or_else(none)?;
    resolver.ask(name, kind).await.map_err(|error| {
        let text = match error {
            DnsError::Refused => "the DNS of a name could not be read, or DNSSEC contradicts it",
            DnsError::Silent => "no DNS server answered",
            DnsError::Name => "a name of the destination is no DNS name",
        };
        Diagnostic::ours(451, "4.4.3", format!("{text} ({name}, {kind})"))
    })
}

/// `[192.0.2.1]` or `[ipv6:2001:db8::1]`.
fn literal(domain: &str) -> Option<IpAddr> {
    let inner = domain.strip_prefix('[')?.strip_suffix(']')?;
    match inner.get(..5).filter(|tag| tag.eq_ignore_ascii_case("ipv6:")).and_then(|_| inner.get(5..)) {
        Some(v6) => v6.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
        None => inner.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::SeededEntropy;

    #[test]
    fn f04_exchangers_stand_by_preference_and_equals_in_any_order() {
        let found = |names: &[(u16, &str)]| -> Vec<(u16, String)> {
            names.iter().map(|(preference, name)| (*preference, (*name).to_owned())).collect()
        };
        let dice = SeededEntropy::new(1);
        let mut firsts = std::collections::BTreeSet::new();
        for _ in 0..40 {
            let order = ordered(
                found(&[(20, "last"), (10, "a"), (10, "b"), (10, "c"), (5, "best"), (30, "a")]),
                &dice,
            );
            assert_eq!((order[0].as_str(), order[4].as_str(), order.len()), ("best", "last", 5));
            firsts.insert(order[1].clone());
        }
        assert_eq!(firsts.len(), 3, "each of the equals comes first sometimes");
        let many: Vec<_> = (0..100).map(|n| (n, n.to_string())).collect();
        assert_eq!(ordered(many, &dice).len(), RELAY_EXCHANGERS_MAX);
    }

    #[test]
    fn a05_literals_are_addresses() {
        assert_eq!(literal("[192.0.2.1]"), "192.0.2.1".parse().ok());
        assert_eq!(literal("[ipv6:2001:db8::1]"), "2001:db8::1".parse().ok());
        for domain in ["192.0.2.1", "[partner.example]", "[]", "[ipv6:192.0.2.1]", "[2001:db8::1]"] {
            assert_eq!(literal(domain), None, "{domain}");
        }
    }
}
