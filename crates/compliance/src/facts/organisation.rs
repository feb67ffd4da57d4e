//! What an organisation declares about itself, and the same made ready: compared with every message, changed seldom.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use mail::Label;
use serde::{Deserialize, Serialize};

use super::{Framed, owns};
use crate::clients::Clients;
use crate::labels::Labels;
use crate::recipients::Directory;
use crate::restricted::Restricted;
use crate::silence::Own;

/// What the organisation declares about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrganisationFacts {
    /// Its domains, lower case. Header addresses under them, or under a subdomain, are internal.
    pub domains: Vec<String>,
    /// Its own account and card numbers, in any grouping: never a finding.
    pub own_identifiers: Vec<String>,
    /// Its own footers: nothing inside one is a finding. Compared with white space collapsed.
    pub own_footers: Vec<String>,
    /// Domains of other entities of its group: neither its own nor strangers'.
    pub group_domains: Vec<String>,
    /// Domains it writes to: what looks like one of them and is not it is suspect.
    pub known_domains: Vec<String>,
    /// Addresses it writes to, in lower case: what is one letter away from one of them is suspect.
    pub correspondents: Vec<String>,
    /// Domains of personal mailboxes besides the built-in list.
    pub webmail: Vec<String>,
    /// Protected correspondents, addresses or domains: staff representatives, occupational doctor, lawyers, authorities.
    pub protected: Vec<String>,
    /// Restricted issuers: names, and their securities' codes.
    pub restricted: Vec<String>,
    /// Domains with which it was agreed that encrypted mail goes unread: [`crate::Agreement`]s, of a recipient's domain or of a pair.
    pub encrypted_domains: Vec<String>,
    /// Sensitivity labels that are confidential to it: [`crate::LabelEntry`]s, identifiers and names.
    pub labels: Vec<String>,
}

impl OrganisationFacts {
    /// Whether a domain is one of the organisation's, or under one.
    #[must_use]
    pub fn owns_domain(&self, domain: &str) -> bool {
        self.domains.iter().any(|own| owns(own, domain))
    }

    /// Its lists by name, in a fixed order.
    #[must_use]
    pub fn lists(&self) -> [(&'static str, &[String]); 11] {
        [
            ("domains", &self.domains),
            ("own_identifiers", &self.own_identifiers),
            ("own_footers", &self.own_footers),
            ("group_domains", &self.group_domains),
            ("known_domains", &self.known_domains),
            ("correspondents", &self.correspondents),
            ("webmail", &self.webmail),
            ("protected", &self.protected),
            ("restricted", &self.restricted),
            ("encrypted_domains", &self.encrypted_domains),
            ("labels", &self.labels),
        ]
    }

    fn digest(&self) -> String {
        let mut hash = Framed::new("cerebro lists 1");
        for (name, entries) in self.lists() {
            hash.text(name);
            hash.list(entries);
        }
        hash.finish()
    }
}

/// An organisation's declarations, with what comparing needs prepared once: a list of a hundred thousand correspondents costs a
/// message no more than one of ten. Reads as the declarations themselves.
pub struct PreparedOrganisation {
    declared: OrganisationFacts,
    digest: String,
    pub(crate) directory: Directory,
    pub(crate) restricted: Restricted,
    pub(crate) own: Own,
    pub(crate) labels: Labels,
    clients: Arc<Clients>,
}

impl PreparedOrganisation {
    /// SHA-256 over every list and the clients, lower-case hexadecimal: the version of the lists in an assessment.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The same with its clients.
    #[must_use]
    pub fn with_clients(self, clients: Arc<Clients>) -> Self {
        let mut digest = self.declared.digest();
        if !clients.is_empty() {
            let mut hash = Framed::new("cerebro lists and clients 1");
            hash.text(&digest);
            hash.text(clients.digest());
            digest = hash.finish();
        }
        Self { digest, clients, ..self }
    }

    /// What it calls a sensitivity label, where its list of labels says so.
    #[must_use]
    pub fn label_name(&self, label: &Label) -> Option<&str> {
        self.labels.name_of(&label.id)
    }

    /// Its clients.
    #[must_use]
    pub fn clients(&self) -> &Arc<Clients> {
        &self.clients
    }
}

impl From<OrganisationFacts> for PreparedOrganisation {
    fn from(declared: OrganisationFacts) -> Self {
        Self {
            digest: declared.digest(),
            directory: Directory::new(&declared),
            restricted: Restricted::new(&declared.restricted),
            own: Own::new(&declared),
            labels: Labels::new(&declared.labels),
            clients: Arc::new(Clients::none()),
            declared,
        }
    }
}

impl Default for PreparedOrganisation {
    fn default() -> Self {
        OrganisationFacts::default().into()
    }
}

impl Deref for PreparedOrganisation {
    type Target = OrganisationFacts;

    fn deref(&self) -> &OrganisationFacts {
        &self.declared
    }
}

/// Lists are confidential: only their digest is shown (invariant 12).
impl fmt::Debug for PreparedOrganisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lists {}", self.digest)
    }
}
