//! Where mail goes: routes by the domain of a recipient, each with its next hops and what their connections must be.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use vocabulary::EmailAddress;
use vocabulary::bounds::{RELAY_DESTINATION_CONNECTIONS, SMTP_PORT};

use super::policy::TlsPolicy;

/// What happens to mail for some domains.
#[derive(Debug, Clone)]
pub struct Route {
    /// Its name in logs and evidence.
    pub name: String,
    /// The domains it serves.
    pub domains: Vec<DomainPattern>,
    /// Who takes the mail.
    pub next: NextHop,
    /// What a connection must be before a message goes over it.
    pub tls: TlsPolicy,
    /// Connections to one destination at once, at least one. A destination is the route's hosts, or one domain where the
    /// route delivers to mail exchangers.
    pub connections: usize,
    /// Messages a minute to one destination.
    pub per_minute: Option<NonZeroU32>,
}

impl Route {
    /// A route to `next` for every domain, with the ordinary bounds.
    #[must_use]
    pub fn everything(name: &str, next: NextHop, tls: TlsPolicy) -> Self {
        Self {
            name: name.to_owned(),
            domains: vec![DomainPattern::Any],
            next,
            tls,
            connections: RELAY_DESTINATION_CONNECTIONS,
            per_minute: None,
        }
    }
}

/// Who takes the mail of a route.
#[derive(Debug, Clone)]
pub enum NextHop {
    /// These hosts (smarthosts, or the return connector of a mail service), tried in this order; one that could not be
    /// reached is tried last for a while.
    Hosts(Vec<Host>),
    /// The mail exchangers of the recipient's domain.
    Mx {
        /// Where they listen; 25 but in tests.
        port: u16,
    },
}

impl NextHop {
    /// Mail exchangers where the world expects them.
    #[must_use]
    pub fn mx() -> Self {
        Self::Mx { port: SMTP_PORT }
    }
}

/// The routes of a relay, in order: the first that matches a domain serves it. Never without an answer.
#[derive(Debug, Clone)]
pub struct Routes {
    routes: Vec<Route>,
    /// The one for everything.
    rest: Route,
}

/// The routes leave some mail without one, or a route without mail.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RoutesError {
    /// No route is for everything.
    #[error("no route is for every domain: give the last one domains = [\"*\"]")]
    NoDefault,
    /// A route after one that is for everything is never used.
    #[error("route {0:?} is never reached: one before it is for every domain")]
    NeverReached(String),
    /// Nobody to hand mail to.
    #[error("route {0:?} has no host")]
    NoHost(String),
    /// Evidence would not tell them apart.
    #[error("two routes are named {0:?}")]
    SameName(String),
}

impl Routes {
    /// Routes in order; the last must be for every domain, and only the last.
    ///
    /// # Errors
    /// The first rule that is broken, with the name of the route.
    pub fn new(mut routes: Vec<Route>) -> Result<Self, RoutesError> {
        let for_all = |route: &Route| route.domains.contains(&DomainPattern::Any);
        for (place, route) in routes.iter().enumerate() {
            let before = routes.get(..place).unwrap_or_default();
            if before.iter().any(for_all) {
                return Err(RoutesError::NeverReached(route.name.clone()));
            }
            if before.iter().any(|other| other.name == route.name) {
                return Err(RoutesError::SameName(route.name.clone()));
            }
            if matches!(&route.next, NextHop::Hosts(hosts) if hosts.is_empty()) {
                return Err(RoutesError::NoHost(route.name.clone()));
            }
        }
        match routes.pop() {
            Some(rest) if for_all(&rest) => Ok(Self { routes, rest }),
            _ => Err(RoutesError::NoDefault),
        }
    }

    /// The place and the route of mail for `domain`, given as addresses keep it (lower case).
    pub(super) fn find(&self, domain: &str) -> (usize, &Route) {
        let ascii = ascii_domain(domain);
        let matches = |route: &Route| route.domains.iter().any(|pattern| pattern.matches(&ascii));
        let found = self.routes.iter().position(matches);
        found.map_or((self.routes.len(), &self.rest), |place| (place, self.at(place)))
    }

    /// The route at a place that [`Self::find`] gave.
    pub(super) fn at(&self, place: usize) -> &Route {
        self.routes.get(place).unwrap_or(&self.rest)
    }
}

/// A domain in the form DNS knows: U-labels as A-labels, lower case. What has no such form stays as it is, and is nowhere
/// found.
pub(super) fn ascii_domain(domain: &str) -> String {
    idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_lowercase())
}

/// Which domains a route is for: `*`, `*.partner.example` (everything below it, at any depth, not itself),
/// `partner.example`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DomainPattern {
    /// Every domain, address literals too.
    Any,
    /// Everything below this domain.
    Below(String),
    /// This domain.
    Exactly(String),
}

/// The text is not a domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a domain is partner.example, *.partner.example for all below it, or * for all")]
pub struct PatternError;

impl FromStr for DomainPattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Self, PatternError> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let (below, domain) = text.strip_prefix("*.").map_or((false, text), |rest| (true, rest));
        // The grammar of a domain is that of addresses.
        EmailAddress::parse(&format!("x@{domain}")).map_err(|_| PatternError)?;
        let domain = ascii_domain(domain);
        Ok(if below { Self::Below(domain) } else { Self::Exactly(domain) })
    }
}

impl DomainPattern {
    fn matches(&self, ascii: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Exactly(domain) => ascii == domain,
            Self::Below(domain) => ascii
                .strip_suffix(domain.as_str())
                .and_then(|rest| rest.strip_suffix('.'))
                .is_some_and(|rest| !rest.is_empty()),
        }
    }
}

/// A host and a port, `relay.bank.example:25` or `[2001:db8::1]:25`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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

    fn route(name: &str, domains: &[&str]) -> Route {
        let domains = domains.iter().map(|text| text.parse().unwrap()).collect();
        Route { domains, ..Route::everything(name, NextHop::mx(), TlsPolicy::none()) }
    }

    #[test]
    fn the_first_route_that_matches_serves_a_domain() {
        let routes = Routes::new(vec![
            route("exact", &["partner.example", "münchen.example"]),
            route("below", &["*.partner.example"]),
            route("rest", &["*"]),
        ])
        .unwrap();
        for (domain, name) in [
            ("partner.example", "exact"),
            ("xn--mnchen-3ya.example", "exact"),
            ("münchen.example", "exact"),
            ("a.partner.example", "below"),
            ("a.b.partner.example", "below"),
            ("notpartner.example", "rest"),
            (".partner.example", "rest"),
            ("partner.example.evil.example", "rest"),
            ("[192.0.2.1]", "rest"),
            ("xn--a.example", "rest"),
        ] {
            assert_eq!(routes.find(domain).1.name, name, "{domain}");
        }
    }

    #[test]
    fn routes_that_would_strand_mail_are_refused() {
        let everything = || route("rest", &["*"]);
        for (routes, error) in [
            (vec![], RoutesError::NoDefault),
            (vec![route("a", &["a.example"])], RoutesError::NoDefault),
            (vec![everything(), route("a", &["a.example"])], RoutesError::NeverReached("a".into())),
            (vec![route("rest", &["a.example"]), everything()], RoutesError::SameName("rest".into())),
            (
                vec![Route { next: NextHop::Hosts(vec![]), ..everything() }],
                RoutesError::NoHost("rest".into()),
            ),
        ] {
            assert_eq!(Routes::new(routes).err(), Some(error));
        }
        for text in ["", "*.", "*partner.example", "a.*", "a b", "*.*"] {
            assert_eq!(text.parse::<DomainPattern>(), Err(PatternError), "{text}");
        }
    }
}
