//! Who may submit: declared networks and client certificates. Who is not declared relays nothing (open-relay cases A15).

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;
use vocabulary::OrganisationId;

use crate::Client;

/// A range of addresses, `192.0.2.0/24` or `2001:db8::/32`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: u128,
    /// Leading bits that count, of 128; an IPv4 range stands in `::ffff:0:0/96`.
    bits: u32,
}

/// The text is not a range of addresses.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NetworkError {
    /// Not `address` or `address/bits`.
    #[error("a network is address/bits, for example 192.0.2.0/24")]
    Shape,
    /// More bits than the address has.
    #[error("an IPv4 network has at most 32 bits, an IPv6 network 128")]
    Bits,
    /// Bits set after the prefix: probably a typing error, so it is not guessed at.
    #[error("the network has bits set after its prefix")]
    HostBits,
}

impl Network {
    /// Whether the address is in the range. An IPv4 address mapped into IPv6 counts as IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        (number(address) ^ self.first) & mask(self.bits) == 0
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(v4) => v4.to_ipv6_mapped().to_bits(),
        IpAddr::V6(v6) => v6.to_bits(),
    }
}

fn mask(bits: u32) -> u128 {
    u128::MAX.checked_shl(128 - bits).unwrap_or(0)
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| NetworkError::Shape)?;
        let (width, offset) = if address.is_ipv4() { (32, 96) } else { (128, 0) };
        let bits = match bits {
            None => width,
            Some(bits) => bits.parse::<u32>().map_err(|_| NetworkError::Shape)?,
        };
        if bits > width {
            return Err(NetworkError::Bits);
        }
        let network = Self { first: number(address), bits: bits + offset };
        if network.first & !mask(network.bits) != 0 {
            return Err(NetworkError::HostBits);
        }
        Ok(network)
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let v6 = Ipv6Addr::from_bits(self.first);
        match v6.to_ipv4_mapped().filter(|_| self.bits >= 96) {
            Some(v4) => write!(f, "{v4}/{}", self.bits - 96),
            None => write!(f, "{v6}/{}", self.bits),
        }
    }
}

/// A mail server that may submit. Every kind of proof it declares is required: addresses, certificate, or both.
#[derive(Debug, Clone, Default)]
pub struct DeclaredClient {
    /// Its name in logs and evidence.
    pub name: String,
    /// The organisations it may speak for.
    pub organisations: Vec<OrganisationId>,
    /// Where it connects from; empty = anywhere (then a certificate is needed).
    pub networks: Vec<Network>,
    /// Host names of which its certificate must carry one as a subject alternative name; empty = none needed.
    pub certificate_names: Vec<String>,
    /// It may not submit without TLS.
    pub requires_tls: bool,
}

/// All declared clients.
#[derive(Debug, Clone, Default)]
pub struct Clients(Vec<DeclaredClient>);

/// What a peer is, as far as we know now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// A declared client.
    Known(Client),
    /// Could be one after STARTTLS (with a certificate, where declared).
    NeedsTls,
    /// Nobody.
    Stranger,
}

impl Clients {
    /// The list as configured. A client that declares neither networks nor certificate names matches nobody.
    #[must_use]
    pub fn new(clients: Vec<DeclaredClient>) -> Self {
        Self(clients)
    }

    /// Who connected. Certificates were verified by the TLS configuration; here only the names are compared.
    ///
    /// A client recognised by certificate goes before one recognised by address alone, then the narrowest network wins.
    pub(crate) fn identify(
        &self,
        peer: IpAddr,
        tls: bool,
        certificate: Option<&CertificateDer<'_>>,
    ) -> Standing {
        let near = || self.0.iter().filter_map(|client| Some((client, network_bits(client, peer)?)));
        let proven = near().filter(|(client, _)| {
            (tls || !client.requires_tls)
                && (client.certificate_names.is_empty() || certificate.is_some_and(|c| carries(c, client)))
        });
        let best = proven.max_by_key(|(client, bits)| (!client.certificate_names.is_empty(), *bits));
        match best {
            Some((client, _)) => Standing::Known(Client {
                name: client.name.clone(),
                organisations: client.organisations.clone(),
                tls,
            }),
            None if !tls && near().next().is_some() => Standing::NeedsTls,
            None => Standing::Stranger,
        }
    }
}

/// Bits of the narrowest declared network the peer is in; 0 if a certificate alone decides; `None` if it is elsewhere.
fn network_bits(client: &DeclaredClient, peer: IpAddr) -> Option<u32> {
    if client.networks.is_empty() {
        return (!client.certificate_names.is_empty()).then_some(0);
    }
    client.networks.iter().filter(|network| network.contains(peer)).map(|network| network.bits).max()
}

fn carries(certificate: &CertificateDer<'_>, client: &DeclaredClient) -> bool {
    let Ok(parsed) = ParsedCertificate::try_from(certificate) else { return false };
    client.certificate_names.iter().any(|name| {
        ServerName::try_from(name.as_str()).is_ok_and(|name| verify_server_name(&parsed, &name).is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn networks_that_are_and_are_not() {
        let network: Network = "192.0.2.0/24".parse().unwrap();
        assert!(network.contains(ip("192.0.2.255")) && network.contains(ip("::ffff:192.0.2.1")));
        assert!(!network.contains(ip("192.0.3.0")) && !network.contains(ip("2001:db8::1")));
        let all: Network = "::/0".parse().unwrap();
        assert!(all.contains(ip("2001:db8::1")) && all.contains(ip("192.0.2.1")));
        let v4: Network = "0.0.0.0/0".parse().unwrap();
        assert!(v4.contains(ip("192.0.2.1")) && !v4.contains(ip("2001:db8::1")));
        for text in ["192.0.2.0/24", "2001:db8::/32", "192.0.2.7/32", "0.0.0.0/0", "::1/128"] {
            assert_eq!(text.parse::<Network>().unwrap().to_string(), text);
        }
        for (text, error) in [
            ("", NetworkError::Shape),
            ("192.0.2/24", NetworkError::Shape),
            ("192.0.2.0/", NetworkError::Shape),
            ("192.0.2.0/33", NetworkError::Bits),
            ("192.0.2.1/24", NetworkError::HostBits),
        ] {
            assert_eq!(text.parse::<Network>(), Err(error), "{text}");
        }
    }

    #[test]
    fn the_narrowest_network_wins_and_the_rest_are_strangers() {
        let declared = |name: &str, network: &str| DeclaredClient {
            name: name.into(),
            networks: vec![network.parse().unwrap()],
            ..DeclaredClient::default()
        };
        let clients =
            Clients::new(vec![declared("wide", "192.0.0.0/16"), declared("narrow", "192.0.2.0/24")]);
        let name = |peer| match clients.identify(ip(peer), false, None) {
            Standing::Known(client) => client.name,
            other => format!("{other:?}"),
        };
        assert_eq!(name("192.0.2.1"), "narrow");
        assert_eq!(name("192.0.9.1"), "wide");
        assert_eq!(name("198.51.100.1"), "Stranger");
        assert_eq!(Clients::default().identify(ip("127.0.0.1"), true, None), Standing::Stranger);
    }

    #[test]
    fn a_shared_range_with_a_certificate_is_not_enough_without_it() {
        let clients = Clients::new(vec![DeclaredClient {
            name: "connector".into(),
            networks: vec!["192.0.2.0/24".parse().unwrap()],
            certificate_names: vec!["mail.orveane.example".into()],
            ..DeclaredClient::default()
        }]);
        assert_eq!(clients.identify(ip("192.0.2.1"), false, None), Standing::NeedsTls);
        assert_eq!(clients.identify(ip("192.0.2.1"), true, None), Standing::Stranger);
        assert_eq!(clients.identify(ip("198.51.100.1"), false, None), Standing::Stranger);
    }

    #[test]
    fn a_client_that_declares_nothing_matches_nobody() {
        let clients = Clients::new(vec![DeclaredClient { name: "x".into(), ..DeclaredClient::default() }]);
        assert_eq!(clients.identify(ip("127.0.0.1"), true, None), Standing::Stranger);
    }
}
