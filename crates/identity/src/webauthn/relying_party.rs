//! Whom credentials are for: our host, and the one origin they are used from (§5.1.2, §13.4.9).

use std::net::IpAddr;

/// Our side of a ceremony.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    id: String,
    origin: String,
}

impl RelyingParty {
    /// Of the address people call the console by. `None` where browsers allow no credentials: no HTTPS, or an address
    /// that is no name.
    #[must_use]
    pub fn of(url: &str) -> Option<Self> {
        let rest = url.strip_prefix("https://")?;
        let authority = rest.split('/').next()?.to_ascii_lowercase();
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) => (host, port.parse::<u16>().ok()?),
            None => (authority.as_str(), 443),
        };
        let is_name = !host.is_empty()
            && host.parse::<IpAddr>().is_err()
            && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
        let origin = if port == 443 { format!("https://{host}") } else { format!("https://{host}:{port}") };
        is_name.then(|| Self { id: host.to_owned(), origin })
    }

    /// The host: what credentials are scoped to.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The origin: where they may be used.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_relying_party_and_an_address_is_none() {
        let party = RelyingParty::of("https://Console.Orveane.example:8443/queue").unwrap();
        assert_eq!(
            (party.id(), party.origin()),
            ("console.orveane.example", "https://console.orveane.example:8443")
        );
        assert_eq!(RelyingParty::of("https://a.example:443").unwrap().origin(), "https://a.example");
        for url in [
            "http://a.example",
            "https://192.0.2.1:8443",
            "https://[::1]:8443",
            "https://",
            "https://a:x",
            "https://a b",
        ] {
            assert_eq!(RelyingParty::of(url), None, "{url}");
        }
    }
}
