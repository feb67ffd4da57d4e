//! What a change of a list, or of a category of examples, adds and takes away.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Entries that come and entries that go.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Delta {
    /// Those that come, sorted.
    pub added: Vec<String>,
    /// Those that go, sorted.
    pub removed: Vec<String>,
}

impl Delta {
    /// From what is known to what is wanted; both sorted.
    #[must_use]
    pub fn between(known: &[String], wanted: &[String]) -> Self {
        Self { added: others(wanted, known), removed: others(known, wanted) }
    }

    /// `add` comes and `take` goes, as far as that changes what is known, which is sorted.
    #[must_use]
    pub fn asked(known: &[String], add: &[String], take: &[String]) -> Self {
        let there = |entry: &&String| known.binary_search(entry).is_ok();
        Self { added: others(add, known), removed: take.iter().filter(there).cloned().collect() }
    }

    /// Nothing changes by it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// Leaves out what another one says already.
    pub(crate) fn leave_out(&mut self, other: &Self) {
        self.added.retain(|entry| other.added.binary_search(entry).is_err());
        self.removed.retain(|entry| other.removed.binary_search(entry).is_err());
    }

    /// What is known, changed by it; sorted, each entry once.
    #[must_use]
    pub fn applied(&self, known: &[String]) -> Vec<String> {
        let mut entries = others(known, &self.removed);
        entries.extend_from_slice(&self.added);
        entries.sort();
        entries.dedup();
        entries
    }
}

/// Those of `all` that are not in `known`, which is sorted.
fn others(all: &[String], known: &[String]) -> Vec<String> {
    all.iter().filter(|entry| known.binary_search(entry).is_err()).cloned().collect()
}

/// Lists are confidential: their entries are not shown (invariant 12).
impl fmt::Debug for Delta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} added, {} removed", self.added.len(), self.removed.len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(entries: std::collections::BTreeSet<u8>) -> Vec<String> {
        entries.into_iter().map(|entry| format!("{entry:03}")).collect()
    }

    proptest! {
        /// Whole or in steps, the same comes of it; and nothing that was asked meanwhile is undone.
        #[test]
        fn what_is_wanted_comes_of_it(
            known in proptest::collection::btree_set(0_u8..40, 0..20),
            wanted in proptest::collection::btree_set(0_u8..40, 0..20),
            meanwhile in 100_u8..110,
        ) {
            let (known, wanted) = (sorted(known), sorted(wanted));
            let delta = Delta::between(&known, &wanted);
            prop_assert_eq!(&delta.applied(&known), &wanted);
            prop_assert!(Delta::between(&wanted, &wanted).is_empty());
            let (come, go) = (
                Delta { removed: Vec::new(), ..delta.clone() },
                Delta { added: Vec::new(), ..delta.clone() },
            );
            prop_assert_eq!(&go.applied(&come.applied(&known)), &wanted);
            prop_assert_eq!(&Delta::asked(&known, &wanted, &go.removed).applied(&known), &wanted);
            let issuer = meanwhile.to_string();
            let other = Delta { added: vec![issuer.clone()], removed: Vec::new() };
            let both = delta.applied(&other.applied(&known));
            prop_assert!(both.contains(&issuer));
            prop_assert_eq!(both.len(), wanted.len() + 1);
        }
    }
}
