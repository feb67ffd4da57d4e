//! A list of domains, each with everything under it.

use std::collections::HashSet;

/// Domains in lower case. Asking costs a look-up per label, however long the list.
#[derive(Default)]
pub(super) struct Domains(HashSet<String>);

impl Domains {
    pub(super) fn new<'a>(domains: impl Iterator<Item = &'a String>) -> Self {
        Self(domains.map(|domain| domain.to_lowercase()).collect())
    }

    /// Whether `domain` is one of them, or under one.
    pub(super) fn own(&self, domain: &str) -> bool {
        if self.0.is_empty() {
            return false;
        }
        let lower = domain.to_lowercase();
        let under = lower.match_indices('.').filter_map(|(at, _)| lower.get(at + 1..));
        std::iter::once(lower.as_str()).chain(under).any(|suffix| self.0.contains(suffix))
    }
}
