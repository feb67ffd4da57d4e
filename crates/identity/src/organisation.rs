//! Organisations: a client institution, its name, the domains its people write from.

use std::fmt;
use std::str::FromStr;

use vocabulary::{EmailAddress, OrganisationId};

/// Domains one organisation may list.
pub const DOMAINS_MAX: usize = 500;
/// Characters of an organisation's name.
pub const NAME_CHARS_MAX: usize = 200;

/// A mail domain, in lower case, with at least one dot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Domain(String);

/// Why an organisation is not as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrganisationError {
    /// Not a domain.
    #[error("\"{0}\" is not a mail domain such as orveane.example")]
    Domain(String),
    /// None, or too many.
    #[error("an organisation has 1 to {DOMAINS_MAX} domains")]
    Domains,
    /// Empty, too long, or with control characters.
    #[error("an organisation's name has 1 to {NAME_CHARS_MAX} characters, none of them control characters")]
    Name,
}

impl Domain {
    /// Reads a domain. Address literals and single labels are none.
    ///
    /// # Errors
    /// It is not one.
    pub fn parse(text: &str) -> Result<Self, OrganisationError> {
        // The domain of an address follows the same rules.
        EmailAddress::parse(&format!("x@{text}"))
            .ok()
            .map(|address| address.domain().to_owned())
            .filter(|domain| domain.contains('.') && !domain.starts_with('[') && !text.contains('@'))
            .map(Self)
            .ok_or_else(|| OrganisationError::Domain(text.chars().take(100).collect()))
    }

    /// The domain in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Domain {
    type Err = OrganisationError;

    fn from_str(text: &str) -> Result<Self, OrganisationError> {
        Self::parse(text)
    }
}

/// One organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    id: OrganisationId,
    name: String,
    domains: Vec<Domain>,
}

impl Organisation {
    /// An organisation with its name and domains; domains are sorted, repeated ones dropped.
    ///
    /// # Errors
    /// The name, or the number of domains.
    pub fn new(id: OrganisationId, name: &str, mut domains: Vec<Domain>) -> Result<Self, OrganisationError> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            return Err(OrganisationError::Name);
        }
        domains.sort_unstable();
        domains.dedup();
        if domains.is_empty() || domains.len() > DOMAINS_MAX {
            return Err(OrganisationError::Domains);
        }
        Ok(Self { id, name: name.to_owned(), domains })
    }

    /// Its id.
    #[must_use]
    pub const fn id(&self) -> OrganisationId {
        self.id
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its domains, in order.
    #[must_use]
    pub fn domains(&self) -> &[Domain] {
        &self.domains
    }

    /// The address is one of its own: its domain is listed. A subdomain is another domain.
    #[must_use]
    pub fn owns(&self, address: &EmailAddress) -> bool {
        self.domains.iter().any(|domain| domain.as_str() == address.domain())
    }

    /// What an attacker knows of it: words to hold against its people's passwords.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.domains.iter().map(Domain::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{SeededEntropy, Timestamp};

    fn organisation(name: &str, domains: &[&str]) -> Result<Organisation, OrganisationError> {
        let domains: Result<_, _> = domains.iter().map(|text| Domain::parse(text)).collect();
        Organisation::new(
            OrganisationId::new(Timestamp::from_micros(1), &SeededEntropy::new(1)),
            name,
            domains?,
        )
    }

    #[test]
    fn its_own_addresses() {
        let orveane =
            organisation(" Banque Orvéane ", &["Orveane.Example", "orveane.example", "orveane-am.example"])
                .unwrap();
        assert_eq!(orveane.name(), "Banque Orvéane");
        assert_eq!(orveane.domains().len(), 2);
        for (address, is_own) in [
            ("ines@orveane.example", true),
            ("ines@ORVEANE.example", true),
            ("ines@mail.orveane.example", false),
            ("ines@notorveane.example", false),
            ("ines@orveane.example.evil.example", false),
        ] {
            assert_eq!(orveane.owns(&EmailAddress::parse(address).unwrap()), is_own, "{address}");
        }
    }

    #[test]
    fn what_is_refused() {
        for domain in
            ["", "localhost", "[192.0.2.1]", "a@b.example", "a b.example", "-a.example", ".example", "a..b"]
        {
            assert!(Domain::parse(domain).is_err(), "{domain:?}");
        }
        assert_eq!(organisation("", &["a.example"]), Err(OrganisationError::Name));
        assert_eq!(organisation("a\nb", &["a.example"]), Err(OrganisationError::Name));
        assert_eq!(organisation("Orvéane", &[]), Err(OrganisationError::Domains));
    }
}
