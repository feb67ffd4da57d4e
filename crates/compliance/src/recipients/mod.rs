//! What the organisation's lists and the addresses themselves say of each recipient.
//!
//! An address is compared, never looked up: nothing here asks the network whether a domain exists. A domain that
//! looks like a known one and is not it is the oldest trick of payment fraud; an address one letter away from a known
//! correspondent is the commonest mistake of an honest sender.

mod lookalike;
mod punycode;
mod webmail;

use std::collections::{HashMap, HashSet};

use vocabulary::EmailAddress;

use crate::facts::owns;
use crate::words::fold;
use crate::{Facts, OrganisationFacts, RecipientFacts};

/// What one recipient is to the organisation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// A mailbox anyone can open: personal webmail, or a provider of disposable addresses.
    pub(crate) webmail: bool,
    /// Looks like a domain of the organisation, its group or a known one, and is none of them.
    pub(crate) lookalike: bool,
    /// A domain written with other letters than those of ASCII.
    pub(crate) international: bool,
    /// One slip of the keyboard away from a known correspondent.
    pub(crate) typo: bool,
    /// Another entity of the group.
    pub(crate) group: bool,
    /// On the list of protected correspondents.
    pub(crate) protected: bool,
    /// An outside mailbox that carries the sender's own name.
    pub(crate) like_sender: bool,
    /// Encrypted mail to it may go unread.
    pub(crate) encryption_agreed: bool,
}

/// One standing per recipient, in the order of the facts. `written` are addresses that stand in the message.
pub(crate) fn standings(facts: &Facts<'_>, written: &HashSet<String>) -> Vec<Standing> {
    let organisation = facts.organisation;
    let known = lookalike::Known::new(organisation);
    let correspondents = correspondents(facts, written);
    let mut domains: HashMap<&str, bool> = HashMap::new();
    let sender = facts.sender.map(names).unwrap_or_default();
    let standing = |recipient: &'_ RecipientFacts| {
        let address = &recipient.address;
        let domain = address.domain();
        let mut standing = Standing {
            protected: is_protected(organisation, address),
            group: organisation.group_domains.iter().any(|own| owns(own, domain)),
            encryption_agreed: organisation.encrypted_domains.iter().any(|agreed| owns(agreed, domain)),
            ..Standing::default()
        };
        if recipient.external && !standing.group {
            let unicode = punycode::to_unicode(domain);
            standing.international = !unicode.is_ascii();
            standing.webmail = webmail::is_webmail(organisation, domain);
            standing.like_sender = carries(&sender, address);
        }
        standing
    };
    facts
        .recipients
        .iter()
        .map(|recipient| {
            let mut standing = standing(recipient);
            if recipient.external && !standing.group {
                let domain = recipient.address.domain();
                standing.lookalike =
                    !standing.webmail && *domains.entry(domain).or_insert_with(|| known.resembles(domain));
                standing.typo = is_typo(&recipient.address, &correspondents);
            }
            standing
        })
        .collect()
}

/// Whether an address, or its domain, is on the list of protected correspondents.
pub(crate) fn is_protected(organisation: &OrganisationFacts, address: &EmailAddress) -> bool {
    let key = address.key();
    organisation.protected.iter().any(|entry| {
        if entry.contains('@') { entry.eq_ignore_ascii_case(&key) } else { owns(entry, address.domain()) }
    })
}

/// Addresses known to be right: the organisation's list, and those written in the message by somebody else.
fn correspondents<'a>(facts: &Facts<'a>, written: &'a HashSet<String>) -> HashSet<&'a str> {
    let listed = facts.organisation.correspondents.iter().map(String::as_str);
    listed.chain(written.iter().map(String::as_str)).collect()
}

/// One edit away from a known address, in one of its two halves, and not known itself. Digits that differ are another
/// mailbox of a series, not a slip.
fn is_typo(address: &EmailAddress, correspondents: &HashSet<&str>) -> bool {
    let key = address.key();
    if correspondents.contains(key.as_str()) {
        return false;
    }
    let Some((local, domain)) = key.rsplit_once('@') else { return false };
    correspondents.iter().any(|known| {
        let Some((known_local, known_domain)) = known.rsplit_once('@') else { return false };
        if known_domain == domain {
            local.len() >= LOCAL_BYTES_MIN && lookalike::is_one_slip(local, known_local)
        } else {
            known_local == local && lookalike::is_one_slip(domain, known_domain)
        }
    })
}

/// Local parts shorter than this are all one letter apart.
const LOCAL_BYTES_MIN: usize = 6;

/// The parts of a person's name in their own address: `clemence.aubertin` is two.
fn names(sender: &EmailAddress) -> Vec<String> {
    let parts = sender.local().split(['.', '-', '_', '+']).map(fold);
    parts.filter(|part| part.chars().count() >= 2 && part.chars().all(char::is_alphabetic)).collect()
}

/// Whether an outside address carries the sender's names: all of them, or the last with the first's initial.
fn carries(sender: &[String], address: &EmailAddress) -> bool {
    let [first, .., last] = sender else { return false };
    let local: String = fold(address.local()).split(' ').collect();
    let initial = first.chars().next();
    let with_initial = local.trim_end_matches(|c: char| c.is_ascii_digit()).strip_suffix(last.as_str());
    last.chars().count() >= 4
        && (sender.iter().all(|part| local.contains(part.as_str()))
            || with_initial
                .is_some_and(|before| before.chars().count() == 1 && before.chars().next() == initial))
}

#[cfg(test)]
mod tests;
