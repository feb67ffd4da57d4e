//! E-mail addresses as SMTP means them (RFC 5321 §4.1.2 `Mailbox`, RFC 6531 for UTF-8).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::unseen::is_invisible;

/// RFC 5321 §4.5.3.1.1.
pub const LOCAL_BYTES_MAX: usize = 64;
/// RFC 5321 §4.5.3.1.2.
pub const DOMAIN_BYTES_MAX: usize = 255;
/// RFC 5321 §4.5.3.1.3 allows 256 with the angle brackets.
pub const ADDRESS_BYTES_MAX: usize = 254;

/// Why a text is not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing before or after the `@`, or no `@`.
    #[error("an address is local@domain")]
    Shape,
    /// Longer than RFC 5321 §4.5.3.1 allows.
    #[error("the address is longer than SMTP allows")]
    TooLong,
    /// A character that may not stand where it stands.
    #[error("the address holds a character that may not stand there")]
    Character,
    /// The domain is not a host name or an address literal.
    #[error("the domain of the address is not a host name")]
    Domain,
}

/// One mailbox, `local@domain`. The domain is kept in lower case; the local part as written.
///
/// No control character, bare space, CR or LF can be inside one, so it may stand in a command or a header.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EmailAddress {
    text: String,
    at: usize,
}

impl EmailAddress {
    /// Reads `local@domain`, quoted local parts and address literals included.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if text.len() > ADDRESS_BYTES_MAX {
            return Err(AddressError::TooLong);
        }
        let at = text.rfind('@').ok_or(AddressError::Shape)?;
        let (local, domain) = (text.get(..at).unwrap_or(""), text.get(at + 1..).unwrap_or(""));
        if local.is_empty() || domain.is_empty() {
            return Err(AddressError::Shape);
        }
        if local.len() > LOCAL_BYTES_MAX || domain.len() > DOMAIN_BYTES_MAX {
            return Err(AddressError::TooLong);
        }
        check_local(local)?;
        check_domain(domain)?;
        Ok(Self { text: format!("{local}@{}", domain.to_lowercase()), at })
    }

    /// What stands before the `@`, quotes included.
    #[must_use]
    pub fn local(&self) -> &str {
        self.text.get(..self.at).unwrap_or("")
    }

    /// What stands after the `@`, in lower case.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.text.get(self.at + 1..).unwrap_or("")
    }

    /// The whole address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What two spellings of one mailbox share in practice: everything in lower case.
    #[must_use]
    pub fn key(&self) -> String {
        self.text.to_lowercase()
    }

    /// `user%target` and `target!user` in an unquoted local part ask the server of the domain to route further: the true
    /// recipient would be hidden from the controls (case A15).
    #[must_use]
    pub fn is_routed(&self) -> bool {
        !self.local().starts_with('"') && self.local().contains(['%', '!'])
    }

    /// Needs SMTPUTF8 to travel.
    #[must_use]
    pub fn is_international(&self) -> bool {
        !self.text.is_ascii()
    }
}

/// Direction marks, zero-width characters and separators have no place in an address.
fn is_atext(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || "!#$%&'*+-/=?^_`{|}~".contains(c)
        || (!c.is_ascii() && !c.is_control() && !is_invisible(c) && !c.is_whitespace())
}

fn check_local(local: &str) -> Result<(), AddressError> {
    if let Some(inner) = local.strip_prefix('"') {
        let inner = inner.strip_suffix('"').ok_or(AddressError::Character)?;
        let mut escaped = false;
        for c in inner.chars() {
            if (c.is_ascii() && !(' '..='~').contains(&c)) || c.is_control() || (!escaped && c == '"') {
                return Err(AddressError::Character);
            }
            escaped = !escaped && c == '\\';
        }
        return if escaped { Err(AddressError::Character) } else { Ok(()) };
    }
    if local.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atext)) {
        Ok(())
    } else {
        Err(AddressError::Character)
    }
}

fn check_domain(domain: &str) -> Result<(), AddressError> {
    if let Some(literal) = domain.strip_prefix('[') {
        let literal = literal.strip_suffix(']').ok_or(AddressError::Domain)?;
        let is_address = match literal.to_ascii_lowercase().strip_prefix("ipv6:") {
            Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok(),
            None => literal.parse::<std::net::Ipv4Addr>().is_ok(),
        };
        return if is_address { Ok(()) } else { Err(AddressError::Domain) };
    }
    let label_is_good = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| {
                c.is_ascii_alphanumeric() || c == '-' || c == '_' || (!c.is_ascii() && c.is_alphanumeric())
            })
    };
    if domain.split('.').all(label_is_good) { Ok(()) } else { Err(AddressError::Domain) }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// An address is personal data: `Debug` shows its domain only, so that logs stay clean (invariant 12).
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "…@{}", self.domain())
    }
}

impl FromStr for EmailAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        Self::parse(text)
    }
}

impl Serialize for EmailAddress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for EmailAddress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_that_are() {
        for text in [
            "a@b",
            "Ines.Kermadec+tag@Orveane.Example",
            "\"a b\"@x.example",
            "\"a\\\"b\"@x.example",
            "\"a@b\"@x.example",
            "x@[192.0.2.1]",
            "x@[IPv6:2001:db8::1]",
            "rené@münchen.example",
        ] {
            assert!(EmailAddress::parse(text).is_ok(), "{text}");
        }
        assert_eq!(EmailAddress::parse("A.b@X.Example").unwrap().as_str(), "A.b@x.example");
    }

    #[test]
    fn addresses_that_are_not() {
        let long_local = format!("{}@x.example", "a".repeat(65));
        for text in [
            "",
            "a",
            "@b",
            "a@",
            "a b@c",
            "a@b c",
            "a..b@c",
            ".a@c",
            "a@c..d",
            "a@-c",
            "a\r\nRCPT@b",
            "a@b:25",
            "\"a@b",
            "a\u{202e}@b",
            "a@[300.0.0.1]",
            &long_local,
        ] {
            assert!(EmailAddress::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_log_line_does_not_name_the_person() {
        let address = EmailAddress::parse("ines@orveane.example").unwrap();
        assert_eq!(format!("{address:?}"), "…@orveane.example");
    }

    proptest! {
        #[test]
        fn what_is_read_reads_again(text in "\\PC{0,80}") {
            if let Ok(address) = EmailAddress::parse(&text) {
                prop_assert_eq!(EmailAddress::parse(address.as_str()), Ok(address.clone()));
                prop_assert!(!address.as_str().contains(['\r', '\n', '\0']));
            }
        }
    }
}
