//! What the organisation's lists and the addresses themselves say of each recipient.
//!
//! An address is compared, never looked up: nothing here asks the network whether a domain exists. A domain that
//! looks like a known one and is not it is the oldest trick of payment fraud; an address one letter away from a known
//! correspondent is the commonest mistake of an honest sender.

mod agreement;
mod domains;
mod lookalike;
mod near;
mod punycode;
mod standing;
mod webmail;

use std::collections::{HashMap, HashSet};

use vocabulary::EmailAddress;

use crate::clients::ClientNumber;
use crate::words::fold;
use crate::{Facts, OrganisationFacts, RecipientFacts};
use agreement::Agreements;
pub use agreement::{Agreement, AgreementError};
use domains::Domains;
use near::Near;
pub use standing::Standing;

/// The organisation's lists of domains and people, ready to be asked. Prepared once a list.
pub(crate) struct Directory {
    known: lookalike::Known,
    group: Domains,
    webmail: Domains,
    encrypted: Agreements,
    protected_domains: Domains,
    protected: HashSet<String>,
    correspondents: HashSet<String>,
    /// Mailboxes of a domain, and domains of a mailbox.
    mailboxes: Near,
    homes: Near,
}

impl Directory {
    pub(crate) fn new(organisation: &OrganisationFacts) -> Self {
        let halves = || organisation.correspondents.iter().filter_map(|known| known.rsplit_once('@'));
        let (people, domains): (Vec<&String>, Vec<&String>) =
            organisation.protected.iter().partition(|entry| entry.contains('@'));
        Self {
            known: lookalike::Known::new(organisation),
            group: Domains::new(organisation.group_domains.iter()),
            webmail: Domains::new(organisation.webmail.iter()),
            encrypted: Agreements::new(&organisation.encrypted_domains),
            protected_domains: Domains::new(domains.into_iter()),
            protected: people.into_iter().map(|entry| entry.to_lowercase()).collect(),
            correspondents: organisation.correspondents.iter().cloned().collect(),
            mailboxes: Near::new(halves().map(|(local, domain)| (domain, local))),
            homes: Near::new(halves()),
        }
    }

    /// Whether an address, or its domain, is on the list of protected correspondents.
    pub(crate) fn is_protected(&self, address: &EmailAddress) -> bool {
        self.protected_domains.own(address.domain()) || self.protected.contains(&address.key())
    }

    /// The known address that one is an edit away from, in one of its two halves, and not known itself. Digits that differ are
    /// another mailbox of a series, not a slip. `written` are addresses that stand in the message: they are known too, but for
    /// mailboxes that machines make, of which two differ as they like.
    fn slip_of(&self, address: &EmailAddress, written: &HashSet<String>) -> Option<String> {
        let key = address.key();
        if self.correspondents.contains(&key) || written.contains(&key) {
            return None;
        }
        let (local, domain) = key.rsplit_once('@')?;
        let mailbox = || {
            let known = self.mailboxes.find(domain, local).filter(|_| local.len() >= LOCAL_BYTES_MIN)?;
            Some(format!("{known}@{domain}"))
        };
        let home = || Some(format!("{local}@{}", self.homes.find(local, domain)?));
        // Of several, the first by the alphabet: an assessment is the same whenever it is made.
        let is_like = |known: &&String| !is_machine_made(local) && is_slip_of(local, domain, known);
        let in_message = || written.iter().filter(is_like).min().cloned();
        mailbox().or_else(home).or_else(in_message)
    }
}

/// One standing per recipient, in the order of the facts. `written` are addresses that stand in the message, `clients` those
/// whose data does: one set of owners for each piece.
pub(crate) fn standings(
    facts: &Facts<'_>,
    written: &HashSet<String>,
    clients: &HashSet<Vec<ClientNumber>>,
) -> Vec<Standing> {
    let directory = &facts.organisation.directory;
    let mut domains: HashMap<&str, Option<String>> = HashMap::new();
    let sender = facts.sender.map(names).unwrap_or_default();
    let recipients = facts.recipients.iter();
    let standing = |recipient: &RecipientFacts| {
        let address = &recipient.address;
        let domain = address.domain();
        let agreement = directory.encrypted.entry(facts.sender.map(EmailAddress::domain), domain);
        let mut standing = Standing {
            first_contact: recipient.first_contact,
            protected: directory.is_protected(address),
            group: directory.group.own(domain),
            encryption_agreed: agreement.is_some(),
            agreement: agreement.map(str::to_owned),
            ..Standing::default()
        };
        let own = facts.organisation.clients().of_recipient(address);
        standing.client = !own.is_empty();
        standing.foreign_data = recipient.external
            && clients.iter().any(|owners| !owners.iter().any(|owner| own.contains(owner)));
        if recipient.external && !standing.group {
            let unicode = punycode::to_unicode(domain);
            standing.international = !unicode.is_ascii();
            standing.webmail = webmail::is_built_in(domain) || directory.webmail.own(domain);
            standing.like_sender = carries(&sender, address);
        }
        standing
    };
    recipients
        .map(|recipient| {
            let mut standing = standing(recipient);
            if recipient.external && !standing.group {
                let domain = recipient.address.domain();
                if !standing.webmail {
                    let known = domains.entry(domain).or_insert_with(|| directory.known.resembled(domain));
                    standing.lookalike.clone_from(known);
                }
                standing.typo = directory.slip_of(&recipient.address, written);
            }
            standing
        })
        .collect()
}

/// Whether an address or a domain is one of those anyone can have.
pub(crate) fn is_webmail(address: &str) -> bool {
    !address.contains('@') && webmail::is_built_in(address)
}

fn is_slip_of(local: &str, domain: &str, known: &str) -> bool {
    let Some((known_local, known_domain)) = known.rsplit_once('@') else { return false };
    if known_domain == domain {
        local.len() >= LOCAL_BYTES_MIN && lookalike::is_one_slip(local, known_local)
    } else {
        known_local == local && lookalike::is_one_slip(domain, known_domain)
    }
}

/// A date, a number of seconds or a key in a local part: `list-dated-1030976555.34ad5b`.
fn is_machine_made(local: &str) -> bool {
    local.split(|c: char| !c.is_ascii_digit()).any(|digits| digits.len() >= MACHINE_DIGITS_MIN)
}

/// Digits in a row that no person's mailbox has.
const MACHINE_DIGITS_MIN: usize = 8;

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
