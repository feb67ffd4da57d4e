//! Where mail goes: a smarthost by name, and others for when it cannot be reached.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use vocabulary::EmailAddress;

/// A next hop with its stand-ins.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its name in logs and evidence.
    pub name: String,
    /// Tried in this order; one that could not be reached is tried last for a while.
    pub hosts: Vec<Host>,
    /// Whether connections are encrypted.
    pub tls: TlsPolicy,
}

/// Whether connections of a route are encrypted. The configuration handed in chooses TLS versions and verifies
/// certificates against the host's name; nothing here weakens it.
#[derive(Debug, Clone)]
pub enum TlsPolicy {
    /// Plain text: a next hop on the same machine or network segment.
    None,
    /// TLS where offered; plain text where it is not, or where it fails, and that is recorded in [`Hop`](super::Hop).
    Opportunistic(Arc<rustls::ClientConfig>),
    /// TLS or nothing: without it, or without a good certificate, messages wait.
    Required(Arc<rustls::ClientConfig>),
}

/// A host and a port, `relay.bank.example:25` or `[2001:db8::1]:25`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// A host name or an address, without brackets.
    pub name: String,
    /// The port.
    pub port: u16,
}

/// The text is not `host:port`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a next hop is host:port, for example relay.bank.example:25 or [2001:db8::1]:25")]
pub struct HostError;

impl FromStr for Host {
    type Err = HostError;

    fn from_str(text: &str) -> Result<Self, HostError> {
        let (name, port) = text.rsplit_once(':').ok_or(HostError)?;
        let port = port.parse().ok().filter(|port| *port != 0).ok_or(HostError)?;
        let name = match name.strip_prefix('[') {
            Some(inner) => {
                let inner = inner.strip_suffix(']').ok_or(HostError)?;
                inner.parse::<std::net::Ipv6Addr>().map_err(|_| HostError)?;
                inner
            }
            None => {
                // The grammar of a domain is that of addresses.
                EmailAddress::parse(&format!("x@{name}")).map_err(|_| HostError)?;
                name
            }
        };
        Ok(Self { name: name.to_owned(), port })
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.name.contains(':') {
            write!(f, "[{}]:{}", self.name, self.port)
        } else {
            write!(f, "{}:{}", self.name, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_are_and_are_not() {
        for text in ["relay.bank.example:25", "192.0.2.1:2525", "[2001:db8::1]:25", "localhost:1"] {
            assert_eq!(text.parse::<Host>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "relay",
            "relay:",
            "relay:0",
            "relay:65536",
            ":25",
            "2001:db8::1:25x",
            "[::1:25",
            "a b:25",
            "a\r\n:25",
        ] {
            assert_eq!(text.parse::<Host>(), Err(HostError), "{text}");
        }
    }
}
