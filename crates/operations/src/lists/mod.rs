//! An organisation's lists: what the engine is told about it besides its first domains. Sealed at rest: a list of restricted
//! issuers is inside information, correspondents are people. Each change is a new version; earlier ones stay. What makes the organisation
//! watch more is one person's to change; what makes it watch less waits for a second.

pub mod change;
mod delta;
mod entries;
mod load;
pub mod look;
pub mod seed;
pub mod trace;
mod version;

use std::fmt;

use compliance::OrganisationFacts;
use vocabulary::bounds;

pub use change::{Changed, ListError, Waits, Wanted, change};
pub use delta::Delta;
pub use entries::{Entries, EntriesError, EntryTrouble};
pub(crate) use load::{load, versions};
pub use version::Taken;
pub(crate) use version::{NewVersion, latest, refuse_taken};

pub(crate) mod sql {
    access::statements! {
        Platform VERSIONS = "SELECT organisation, list, MAX(version) FROM organisation_list GROUP BY organisation, list ORDER BY organisation, list LIMIT 20000";
        Organisation IN_FORCE = "SELECT list, version, sealed FROM organisation_list l WHERE organisation = $1 AND version = (SELECT MAX(m.version) FROM organisation_list m WHERE m.organisation = l.organisation AND m.list = l.list) ORDER BY list LIMIT 100";
        Organisation LATEST = "SELECT version, sealed FROM organisation_list WHERE organisation = $1 AND list = $2 ORDER BY version DESC LIMIT 1";
        Organisation LATEST_VERSION = "SELECT MAX(version) FROM organisation_list WHERE organisation = $1 AND list = $2 HAVING MAX(version) IS NOT NULL";
        Organisation ALL_VERSIONS = "SELECT list, version, entries, changed_by, changed_at, proposed_by FROM organisation_list WHERE organisation = $1 ORDER BY list, version DESC LIMIT 500";
        Organisation PUT = "INSERT INTO organisation_list (organisation, list, version, sealed, entries, changed_by, changed_at, proposed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    }
}

macro_rules! lists {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal $field:ident;)*) => {
        /// One of an organisation's lists.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ListName {
            $($(#[doc = $doc])* $name,)*
        }

        impl ListName {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its word in commands, the manual of conditions and the ledger.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            fn of(self, facts: &mut OrganisationFacts) -> &mut Vec<String> {
                match self { $(Self::$name => &mut facts.$field,)* }
            }
        }
    };
}

lists! {
    /// Domains it sends from, besides those it began with.
    OwnDomains = "own_domains" domains;
    /// Its own account and card numbers: never a finding.
    OwnIdentifiers = "own_identifiers" own_identifiers;
    /// Its own footers: nothing inside one is a finding.
    OwnFooters = "own_footers" own_footers;
    /// Domains of other entities of its group.
    GroupDomains = "group_domains" group_domains;
    /// Domains it writes to.
    KnownDomains = "known_domains" known_domains;
    /// Addresses it writes to.
    Correspondents = "correspondents" correspondents;
    /// Domains of personal mailboxes besides the built-in ones.
    Webmail = "webmail" webmail;
    /// Protected correspondents.
    Protected = "protected" protected;
    /// Restricted issuers.
    Restricted = "restricted" restricted;
    /// Domains, and pairs of them, between which it was agreed that encrypted mail goes unread.
    EncryptedDomains = "encrypted_domains" encrypted_domains;
    /// Sensitivity labels that are confidential to it.
    Labels = "labels" labels;
}

/// What the entries of a list do to what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Each is looked for: one that is taken away is not found any more.
    Watches,
    /// Each silences: one that is added hides something.
    Silences,
    /// Each does both. A known domain is what others are held to, and is itself no look-alike.
    Both,
}

impl ListName {
    /// What its entries do.
    #[must_use]
    pub const fn effect(self) -> Effect {
        match self {
            Self::Restricted | Self::Labels => Effect::Watches,
            Self::OwnIdentifiers | Self::OwnFooters | Self::EncryptedDomains => Effect::Silences,
            // Those who are protected are left alone by some controls; without the list their mail is read as anybody's.
            Self::OwnDomains
            | Self::GroupDomains
            | Self::KnownDomains
            | Self::Correspondents
            | Self::Webmail
            | Self::Protected => Effect::Both,
        }
    }

    /// What of a change makes the organisation watch more, and what makes it watch less.
    #[must_use]
    pub fn split(self, delta: Delta) -> (Delta, Delta) {
        // A label that is called otherwise is watched as before.
        let renamed = if self == Self::Labels { entries::renamed(&delta) } else { Vec::new() };
        let Delta { added, mut removed } = delta;
        removed.retain(|entry| renamed.binary_search(entry).is_err());
        let (come, go) = (Delta { added, removed: renamed }, Delta { removed, ..Delta::default() });
        match self.effect() {
            Effect::Watches => (come, go),
            Effect::Silences => (go, come),
            Effect::Both => (Delta::default(), Delta { added: come.added, removed: go.removed }),
        }
    }

    /// Reads a list's word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|list| list.word() == word)
    }

    /// How many entries it may have.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Correspondents => bounds::LIST_CORRESPONDENTS_MAX,
            Self::OwnFooters => bounds::LIST_FOOTERS_MAX,
            _ => bounds::LIST_ENTRIES_MAX,
        }
    }
}

impl fmt::Display for ListName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Which version of which list is in force, by list.
pub type Versions = Vec<(ListName, u64)>;

/// What a sealed list is bound to.
fn context(list: ListName, version: u64) -> String {
    format!("organisation_list/{list}/{version}")
}
