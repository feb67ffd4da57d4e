//! Categories that an organisation defines by examples, sealed at rest as lists are. The encoder reads them when they change, not when a
//! message comes. Examples that are added and a lower nearness find more and are in force at once; examples that are taken away and a
//! higher nearness find less and wait for a second person.

mod category;
pub mod change;
mod load;
pub mod look;

pub(crate) use category::{NewCategory, agreed};
pub use change::{Changed, ExamplesError, change};
pub use compliance::semantic::{ExampleCategory, ExemplarsError, Tried};
pub(crate) use load::{load, versions};

use serde::{Deserialize, Serialize};

use crate::lists::Delta;

pub(crate) mod sql {
    access::statements! {
        Platform VERSIONS = "SELECT organisation, category, MAX(version) FROM example_category GROUP BY organisation, category ORDER BY organisation, category LIMIT 20000";
        Organisation IN_FORCE = "SELECT category, version, sealed FROM example_category e WHERE organisation = $1 AND version = (SELECT MAX(m.version) FROM example_category m WHERE m.organisation = e.organisation AND m.category = e.category) ORDER BY category LIMIT 1000";
        Organisation LATEST = "SELECT version, sealed FROM example_category WHERE organisation = $1 AND category = $2 ORDER BY version DESC LIMIT 1";
        Organisation ALL_VERSIONS = "SELECT category, version, near, sentences, changed_by, changed_at, proposed_by FROM example_category WHERE organisation = $1 ORDER BY category, version DESC LIMIT 1000";
        Organisation PUT = "INSERT INTO example_category (organisation, category, version, sealed, near, sentences, changed_by, changed_at, proposed_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    }
}

/// Which version of which category is in force, by name.
pub type Versions = Vec<(String, u64)>;

/// What is kept, sealed, of a version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The nearness from which a sentence is a finding, per mille.
    near: u16,
    /// The examples, sorted; none: there is no such category any more.
    sentences: Vec<String>,
}

/// How a category changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Change {
    /// The nearness as it would be, per mille, where it changes.
    pub near: Option<u16>,
    /// Examples that come and go.
    pub sentences: Delta,
}

impl Change {
    const fn is_empty(&self) -> bool {
        self.near.is_none() && self.sentences.is_empty()
    }

    fn applied(&self, known: &Kept) -> Kept {
        Kept { near: self.near.unwrap_or(known.near), sentences: self.sentences.applied(&known.sentences) }
    }

    /// What of it finds more, and what finds less than `known`.
    fn split(self, known: &Kept) -> (Self, Self) {
        let raises = self.near.is_some_and(|near| near > known.near && !known.sentences.is_empty());
        let (lower, higher) = if raises { (None, self.near) } else { (self.near, None) };
        let Delta { added, removed } = self.sentences;
        (
            Self { near: lower, sentences: Delta { added, ..Delta::default() } },
            Self { near: higher, sentences: Delta { removed, ..Delta::default() } },
        )
    }
}

/// What a sealed version is bound to.
fn context(category: &str, version: u64) -> String {
    format!("example_category/{category}/{version}")
}
