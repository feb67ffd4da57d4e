//! With whom it was agreed that encrypted mail goes unread: with a domain of recipients, for mail from any domain of the organisation or
//! from one of them alone.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use vocabulary::EmailAddress;

use super::domains::{normal, suffixes};

/// An entry of the list `encrypted_domains`: `sableval.example`, or `orveane.example > sableval.example`. Each domain stands for
/// everything under it too.
#[derive(Clone, PartialEq, Eq)]
pub struct Agreement {
    /// The sender's domain, in lower case; `None` for any.
    pub from: Option<String>,
    /// The recipient's domain, in lower case.
    pub to: String,
}

/// A text is neither a domain nor two, parted by `>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an agreement is a domain, or a sender's domain > a recipient's")]
pub struct AgreementError;

impl FromStr for Agreement {
    type Err = AgreementError;

    fn from_str(text: &str) -> Result<Self, AgreementError> {
        match text.split_once('>') {
            Some((from, to)) => Ok(Self { from: Some(domain(from)?), to: domain(to)? }),
            None => Ok(Self { from: None, to: domain(text)? }),
        }
    }
}

fn domain(text: &str) -> Result<String, AgreementError> {
    let address = EmailAddress::parse(&format!("x@{}", text.trim())).map_err(|_| AgreementError)?;
    Ok(address.domain().to_owned())
}

impl fmt::Display for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.from {
            Some(from) => write!(f, "{from} > {}", self.to),
            None => f.write_str(&self.to),
        }
    }
}

/// Lists are confidential: their entries are not shown (invariant 12).
impl fmt::Debug for Agreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.from.is_some() { "Agreement of a pair" } else { "Agreement" })
    }
}

/// All agreements, ready to be asked. Asking costs a look-up per label of the recipient's domain, and of the sender's where one of
/// them has pairs, however long the list.
#[derive(Default)]
pub(super) struct Agreements(HashMap<String, Senders>);

/// What was agreed with one domain: the entry for any sender, those for the domains of some.
#[derive(Default)]
struct Senders {
    any: Option<Box<str>>,
    of: HashMap<String, Box<str>>,
}

impl Agreements {
    /// An entry that cannot be read agrees to nothing.
    pub(super) fn new(entries: &[String]) -> Self {
        let mut all: HashMap<String, Senders> = HashMap::new();
        for agreement in entries.iter().filter_map(|entry| entry.parse::<Agreement>().ok()) {
            let entry: Box<str> = agreement.to_string().into();
            let senders = all.entry(normal(&agreement.to)).or_default();
            match agreement.from {
                Some(from) => {
                    senders.of.insert(normal(&from), entry);
                }
                None => senders.any = Some(entry),
            }
        }
        Self(all)
    }

    /// The entry by which encrypted mail from a domain to another goes unread, the nearest one: a pair before what counts for any
    /// sender. The null reverse-path is of no domain.
    pub(super) fn entry(&self, from: Option<&str>, to: &str) -> Option<&str> {
        if self.0.is_empty() {
            return None;
        }
        let (from, to) = (from.map(normal), normal(to));
        suffixes(&to).filter_map(|to| self.0.get(to)).find_map(|senders| {
            let pair = from.as_deref().filter(|_| !senders.of.is_empty());
            let pair = pair.and_then(|from| suffixes(from).find_map(|from| senders.of.get(from)));
            pair.or(senders.any.as_ref()).map(AsRef::as_ref)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_domain_or_two() {
        for (text, read) in [
            ("sableval.example", Some("sableval.example")),
            (" Sableval.Example ", Some("sableval.example")),
            ("orveane.example > sableval.example", Some("orveane.example > sableval.example")),
            ("Orveane.example>SABLEVAL.example", Some("orveane.example > sableval.example")),
            ("münchen.example > xn--mnchen-3ya.example", Some("münchen.example > xn--mnchen-3ya.example")),
            ("", None),
            (">", None),
            ("> sableval.example", None),
            ("orveane.example >", None),
            ("a.example > b.example > c.example", None),
            ("a.example >> b.example", None),
            ("a.example → b.example", None),
            ("*.sableval.example", None),
            (".sableval.example", None),
            ("agathe@sableval.example", None),
            ("x@orveane.example > sableval.example", None),
        ] {
            let parsed = text.parse::<Agreement>().ok();
            assert_eq!(parsed.as_ref().map(ToString::to_string).as_deref(), read, "{text}");
            let again = read.map(|read| read.parse::<Agreement>().unwrap());
            assert_eq!(parsed, again, "its form is read as it was");
        }
    }

    #[test]
    fn which_entry_agrees_to_whom() {
        let list = [
            "sableval.example",
            "orveane.example > quillon.example",
            "paris.orveane.example > ruelle.example",
            "orveane.example > sableval.example",
            "orveane.example > bücher.example",
            "zürich.example > ruelle.example",
            "no entry at all",
        ];
        let agreements = Agreements::new(&list.map(str::to_owned));
        for (from, to, entry) in [
            // For any sender, the null reverse-path too; where a pair says it as well, the pair is named.
            ("gestion.example", "sableval.example", "sableval.example"),
            ("", "sableval.example", "sableval.example"),
            ("orveane.example", "sableval.example", "orveane.example > sableval.example"),
            // A pair is of both, each with everything under it, and of no other.
            ("orveane.example", "quillon.example", "orveane.example > quillon.example"),
            ("paris.orveane.example", "mail.quillon.example", "orveane.example > quillon.example"),
            ("Orveane.EXAMPLE", "QUILLON.example", "orveane.example > quillon.example"),
            ("gestion.example", "quillon.example", ""),
            ("", "quillon.example", ""),
            ("orveane.example", "notquillon.example", ""),
            ("notorveane.example", "quillon.example", ""),
            ("quillon.example", "orveane.example", ""),
            ("orveane.example", "ruelle.example", ""),
            ("paris.orveane.example", "ruelle.example", "paris.orveane.example > ruelle.example"),
            ("orveane.example", "example", ""),
            // Both ways to write letters outside ASCII, on both sides of the list.
            ("orveane.example", "xn--bcher-kva.example", "orveane.example > bücher.example"),
            ("orveane.example", "BÜCHER.example", "orveane.example > bücher.example"),
            ("xn--zrich-kva.example", "ruelle.example", "zürich.example > ruelle.example"),
            ("orveane.example", "bucher.example", ""),
        ] {
            let found = agreements.entry(Some(from).filter(|from| !from.is_empty()), to);
            assert_eq!(found.unwrap_or_default(), entry, "{from} to {to}");
        }
        assert_eq!(Agreements::default().entry(Some("orveane.example"), "sableval.example"), None);
    }

    /// `Ü` within an encoded label is another domain than `ü`, which nobody can register: it is not taken for it.
    #[test]
    fn an_encoded_capital_is_no_small_letter() {
        let agreements = Agreements::new(&["münchen.example".to_owned()]);
        assert!(agreements.entry(None, "xn--mnchen-3ya.example").is_some());
        assert!(agreements.entry(None, "XN--MNCHEN-3YA.example").is_some());
        assert_eq!(normal("xn--mnchen-psa.example"), "mÜnchen.example");
        assert_eq!(agreements.entry(None, "xn--mnchen-psa.example"), None);
    }
}
