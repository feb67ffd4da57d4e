//! An organisation's lists: what the engine is told about it besides its domains. Sealed at rest: a list of restricted issuers
//! is inside information, correspondents are people.

mod load;
mod replace;

use std::fmt;

use compliance::OrganisationFacts;

pub(crate) use load::load;
pub use replace::{Entries, EntriesError, ReplaceError, replace};

pub(crate) mod sql {
    access::statements! {
        Platform ALL_LISTS = "SELECT organisation, list, sealed FROM organisation_list ORDER BY organisation, list LIMIT 8000";
        Organisation PUT_LIST = "INSERT INTO organisation_list (organisation, list, sealed, entries, changed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation, list) DO UPDATE SET sealed = excluded.sealed, entries = excluded.entries, changed_at = excluded.changed_at";
    }
}

macro_rules! lists {
    ($($(#[doc = $doc:literal])* $name:ident = $word:literal $field:ident;)*) => {
        /// One of an organisation's lists.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ListName {
            $($(#[doc = $doc])* $name,)*
        }

        impl ListName {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its word in commands, conditions' manual and the ledger.
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
}

impl ListName {
    /// Reads a list's word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|list| list.word() == word)
    }
}

impl fmt::Display for ListName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What a sealed list is bound to.
fn context(list: ListName) -> String {
    format!("organisation_list/{list}")
}
