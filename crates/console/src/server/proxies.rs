//! Reverse proxies in front of the console (clause T3). What a request says of where it comes from counts only when a declared
//! proxy says it: the address is the rightmost one that no declared proxy has (attack B6). Where proxies are declared,
//! nobody else connects (attack X4).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::HeaderMap;
use identity::Range;

/// The declared proxies; none: clients connect themselves.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Arc<[Range]>);

/// Addresses read in what proxies say of a request.
const HOPS_MAX: usize = 20;

impl Proxies {
    /// These, and no others.
    #[must_use]
    pub fn new(ranges: Vec<Range>) -> Self {
        Self(ranges.into())
    }

    fn has(&self, address: IpAddr) -> bool {
        self.0.iter().any(|range| range.contains(address))
    }

    /// Whether a peer may connect at all.
    pub(super) fn admits(&self, peer: IpAddr) -> bool {
        self.0.is_empty() || self.has(peer)
    }

    /// Who sent a request that a peer brings; `None` when the proxy says that it came unencrypted, or says nothing that
    /// can be read: it is refused.
    pub(super) fn client(&self, peer: SocketAddr, headers: &HeaderMap) -> Option<SocketAddr> {
        if !self.has(peer.ip()) {
            return Some(peer);
        }
        if text(headers, "x-forwarded-proto").is_some_and(|scheme| !scheme.eq_ignore_ascii_case("https")) {
            return None;
        }
        let mut hops = Vec::new();
        for line in headers.get_all("x-forwarded-for") {
            hops.extend(line.to_str().ok()?.split(',').map(str::trim));
        }
        for hop in hops.iter().rev().take(HOPS_MAX) {
            let address = read(hop)?;
            if !self.has(address) {
                return Some(SocketAddr::new(address.to_canonical(), 0));
            }
        }
        // A request of the proxy itself: it asks how we are.
        Some(peer)
    }
}

/// Some proxies add the port.
fn read(hop: &str) -> Option<IpAddr> {
    hop.parse::<IpAddr>().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderName;

    #[test]
    fn b6_the_rightmost_address_no_proxy_has_is_the_client() {
        let proxies = Proxies::new(vec!["10.0.0.0/24".parse().unwrap(), "2001:db8::1/128".parse().unwrap()]);
        let from = |peer: &str, headers: &[(&'static str, &str)]| {
            let headers: HeaderMap = headers
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
                .collect();
            let client = proxies.client(SocketAddr::new(peer.parse().unwrap(), 5), &headers);
            client.map(|client| client.ip().to_string())
        };
        const FOR: &str = "x-forwarded-for";
        let said = |text: &'static str| Some(text.to_owned());
        assert_eq!(from("10.0.0.9", &[(FOR, "203.0.113.7")]), said("203.0.113.7"));
        assert_eq!(from("10.0.0.9", &[(FOR, "6.6.6.6, 203.0.113.7, 10.0.0.8")]), said("203.0.113.7"));
        assert_eq!(from("10.0.0.9", &[(FOR, "203.0.113.7:443")]), said("203.0.113.7"));
        assert_eq!(from("10.0.0.9", &[(FOR, "::ffff:203.0.113.7")]), said("203.0.113.7"));
        assert_eq!(from("2001:db8::1", &[(FOR, "2001:db8:9::7")]), said("2001:db8:9::7"));
        assert_eq!(from("10.0.0.9", &[]), said("10.0.0.9"), "the proxy's own question");
        // What nobody declared says is not read.
        assert_eq!(from("198.51.100.1", &[(FOR, "203.0.113.7")]), said("198.51.100.1"));
        assert_eq!(from("198.51.100.1", &[("x-forwarded-proto", "http")]), said("198.51.100.1"));
        // Unreadable, or unencrypted before the proxy: refused.
        assert_eq!(from("10.0.0.9", &[(FOR, "unknown")]), None);
        assert_eq!(from("10.0.0.9", &[(FOR, "203.0.113.7"), ("x-forwarded-proto", "http")]), None);
        assert_eq!(
            from("10.0.0.9", &[(FOR, "203.0.113.7"), ("x-forwarded-proto", "https")]),
            said("203.0.113.7")
        );
        assert!(proxies.admits("10.0.0.1".parse().unwrap()) && !proxies.admits("10.0.1.1".parse().unwrap()));
        assert!(Proxies::default().admits("203.0.113.7".parse().unwrap()));
    }
}
