//! A list of domains, each with everything under it.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use super::punycode::to_unicode;

/// Domains in their normal form. Asking costs a look-up per label, however long the list.
#[derive(Default)]
pub(super) struct Domains(HashSet<String>);

impl Domains {
    pub(super) fn new<'a>(domains: impl Iterator<Item = &'a String>) -> Self {
        Self(domains.map(|domain| normal(domain)).collect())
    }

    /// Whether `domain` is one of them, or under one.
    pub(super) fn own(&self, domain: &str) -> bool {
        !self.0.is_empty() && suffixes(&normal(domain)).any(|suffix| self.0.contains(suffix))
    }
}

/// One form for the two ways to write a domain: `münchen.example` of `MÜNCHEN.example` and of `xn--mnchen-3ya.example`. Capital letters
/// within an encoded label stay what they are: no two domains that differ become one.
pub(super) fn normal(domain: &str) -> String {
    let lower = domain.to_lowercase();
    if lower.is_ascii() && !lower.contains("xn--") {
        return lower;
    }
    to_unicode(&lower.nfc().collect::<String>())
}

/// A domain and those it is under: `mail.sableval.example`, `sableval.example`, `example`.
pub(super) fn suffixes(domain: &str) -> impl Iterator<Item = &str> {
    let under = domain.match_indices('.').filter_map(|(at, _)| domain.get(at + 1..));
    std::iter::once(domain).chain(under)
}
