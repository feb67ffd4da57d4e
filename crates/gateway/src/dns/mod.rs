//! Questions to a DNS resolver: a stub that trusts the resolver's word on DNSSEC.
//!
//! The resolver validates, follows and caches; we ask it, over UDP and then TCP, and read its AD bit (RFC 4035 §3.2.3). Its
//! word is worth as much as the way to it: `docs/decisions/0006-dnssec-by-the-resolver.md`.

mod exchange;
#[cfg(test)]
pub(crate) mod tests;

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::{Message, ResponseCode};
use hickory_proto::rr::{Name, RData, RecordType};
use vocabulary::Entropy;
use vocabulary::bounds::{DNS_ALIASES_MAX, DNS_ROUNDS, DNS_TIMEOUT};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// IPv4 addresses.
    A,
    /// IPv6 addresses.
    Aaaa,
    /// Mail exchangers.
    Mx,
    /// Whether a name is an alias; its target is read with any other kind.
    Cname,
    /// Which certificates a service has (RFC 6698).
    Tlsa,
    /// Text.
    Txt,
}

impl Kind {
    fn wire(self) -> RecordType {
        match self {
            Self::A => RecordType::A,
            Self::Aaaa => RecordType::AAAA,
            Self::Mx => RecordType::MX,
            Self::Cname => RecordType::CNAME,
            Self::Tlsa => RecordType::TLSA,
            Self::Txt => RecordType::TXT,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.wire())
    }
}

/// One record of an answer. Names are lower case, without the final dot; the root is empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// `A` or `AAAA`.
    Address(IpAddr),
    /// `MX`.
    Mx {
        /// The lower is tried first.
        preference: u16,
        /// Empty for a domain that takes no mail (RFC 7505).
        exchange: String,
    },
    /// `TLSA`.
    Tlsa {
        /// 0 to 3 have a meaning.
        usage: u8,
        /// 0: the certificate; 1: its public key.
        selector: u8,
        /// 0: itself; 1: its SHA-256; 2: its SHA-512.
        matching: u8,
        /// What it is matched with.
        data: Vec<u8>,
    },
    /// `TXT`, its strings joined.
    Txt(Vec<u8>),
}

impl Record {
    /// The address, where it is one.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::Address(address) => Some(*address),
            _ => None,
        }
    }
}

/// What a resolver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Records of the kind asked for, at the end of the aliases.
    pub records: Vec<Record>,
    /// The name exists, whatever it has.
    pub exists: bool,
    /// The resolver says that DNSSEC vouches for all of it, what is absent included.
    pub secure: bool,
    /// The name at the end of the aliases.
    pub canonical: String,
}

/// No answer that could be relied on. All but `Name` may be different later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DnsError {
    /// The resolver could not find out, or DNSSEC contradicts what it found: SERVFAIL, REFUSED and the like.
    #[error("the resolver refused to answer")]
    Refused,
    /// No resolver answered in time.
    #[error("no resolver answered")]
    Silent,
    /// The name cannot be asked for.
    #[error("not a DNS name")]
    Name,
}

/// A stub resolver.
#[derive(Debug)]
pub struct Resolver {
    servers: Vec<SocketAddr>,
    entropy: Arc<dyn Entropy>,
    timeout: Duration,
}

impl Resolver {
    /// Asks `servers` in order.
    #[must_use]
    pub fn new(servers: Vec<SocketAddr>, entropy: Arc<dyn Entropy>) -> Self {
        Self { servers, entropy, timeout: DNS_TIMEOUT }
    }

    /// The same with a shorter patience for each question.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Whether every resolver stands on this machine, so that nobody on the way can forge its word on DNSSEC.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.servers.iter().all(|server| server.ip().is_loopback())
    }

    /// Asks for records of a name.
    ///
    /// # Errors
    /// There is no answer to rely on.
    pub async fn ask(&self, name: &str, kind: Kind) -> Result<Answer, DnsError> {
        let mut asked = Name::from_ascii(name).map_err(|_| DnsError::Name)?;
        asked.set_fqdn(true);
        let mut why = DnsError::Silent;
        for _ in 0..DNS_ROUNDS {
            for server in &self.servers {
                let question = exchange::question(&asked, kind.wire(), &*self.entropy);
                match exchange::ask(*server, &question, self.timeout).await {
                    Ok(reply) => match read(&reply, &asked, kind) {
                        Ok(answer) => return Ok(answer),
                        Err(error) => why = error,
                    },
                    Err(error) => tracing::debug!(%server, %error, "a resolver did not answer"),
                }
            }
        }
        Err(why)
    }
}

fn read(reply: &Message, asked: &Name, kind: Kind) -> Result<Answer, DnsError> {
    let exists = match reply.metadata.response_code {
        ResponseCode::NoError => true,
        ResponseCode::NXDomain => false,
        _ => return Err(DnsError::Refused),
    };
    let mut at = asked.clone();
    for _ in 0..DNS_ALIASES_MAX {
        let alias = reply.answers.iter().find_map(|record| match &record.data {
            RData::CNAME(target) if record.name == at => Some(target.0.clone()),
            _ => None,
        });
        match alias {
            Some(target) => at = target,
            None => break,
        }
    }
    let records =
        reply.answers.iter().filter(|record| record.name == at && record.record_type() == kind.wire());
    Ok(Answer {
        records: records.filter_map(|record| ours(&record.data)).collect(),
        exists,
        secure: reply.metadata.authentic_data,
        canonical: text(&at),
    })
}

fn ours(data: &RData) -> Option<Record> {
    Some(match data {
        RData::A(address) => Record::Address(IpAddr::V4(address.0)),
        RData::AAAA(address) => Record::Address(IpAddr::V6(address.0)),
        RData::MX(mx) => Record::Mx { preference: mx.preference, exchange: text(&mx.exchange) },
        RData::TLSA(tlsa) => Record::Tlsa {
            usage: tlsa.cert_usage.into(),
            selector: tlsa.selector.into(),
            matching: tlsa.matching.into(),
            data: tlsa.cert_data.clone(),
        },
        RData::TXT(txt) => Record::Txt(txt.txt_data.concat()),
        _ => return None,
    })
}

fn text(name: &Name) -> String {
    name.to_ascii().trim_end_matches('.').to_ascii_lowercase()
}
