//! How a mail of the corpus is taken: as its header says, or as the worst an institution could send.

use std::collections::{BTreeMap, BTreeSet};

use compliance::{Facts, OrganisationFacts, PreparedOrganisation, RecipientFacts, Unsent};
use vocabulary::Timestamp;

use crate::corpus;

/// See the module.
pub(super) enum Case {
    /// The sender's domain is the organisation's own, and nobody is new: nearly half of the mails then stay inside.
    AsSent,
    /// Every recipient is outside and new, and the organisation has lists.
    Outside(Box<PreparedOrganisation>),
}

/// Of the corpus's addresses, sorted, one in so many is a known correspondent.
const KNOWN_EVERY: usize = 10;
/// Domains written to most, which are known.
const KNOWN_DOMAINS: usize = 20;
/// Restricted issuers: invented ones, and companies that some of the mails name.
const RESTRICTED: [&str; 6] = [
    "Sableval Énergie",
    "Brévannes Participations",
    "Azurix",
    "Wessex Water",
    "Global Crossing",
    "FR0000131104",
];

impl Case {
    /// Both, the lists of the second made from the mails.
    pub(super) fn both(mails: &[(String, Vec<u8>)]) -> [Self; 2] {
        [Self::AsSent, Self::Outside(Box::new(lists(mails).into()))]
    }

    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::AsSent => "as their headers say",
            Self::Outside(_) => "every recipient outside and new, with lists",
        }
    }

    /// What `look` makes of the facts of a mail so taken.
    pub(super) fn with<T>(&self, unsent: &Unsent, look: impl FnOnce(&Facts<'_>) -> T) -> T {
        let facts = unsent.facts(Timestamp::default());
        let Self::Outside(organisation) = self else { return look(&facts) };
        let outside =
            |known: &RecipientFacts| RecipientFacts { external: true, first_contact: true, ..known.clone() };
        let recipients: Vec<RecipientFacts> = facts.recipients.iter().map(outside).collect();
        look(&Facts { recipients: &recipients, organisation, ..facts })
    }
}

fn lists(mails: &[(String, Vec<u8>)]) -> OrganisationFacts {
    let (mut addresses, mut domains) = (BTreeSet::new(), BTreeMap::<String, usize>::new());
    for (_, raw) in mails {
        let unsent = corpus::read(raw);
        for recipient in unsent.facts(Timestamp::default()).recipients {
            addresses.insert(recipient.address.key().to_lowercase());
            *domains.entry(recipient.address.domain().to_owned()).or_default() += 1;
        }
    }
    let mut domains: Vec<(usize, String)> =
        domains.into_iter().map(|(domain, count)| (count, domain)).collect();
    domains.sort_by(|a, b| b.cmp(a));
    let known = domains.into_iter().take(KNOWN_DOMAINS).map(|(_, domain)| domain);
    OrganisationFacts {
        domains: vec!["orveane.example".into()],
        known_domains: known.chain(["sableval.example".into()]).collect(),
        correspondents: addresses.into_iter().step_by(KNOWN_EVERY).collect(),
        restricted: RESTRICTED.map(str::to_owned).to_vec(),
        ..OrganisationFacts::default()
    }
}
