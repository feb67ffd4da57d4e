//! `docs/guides/sign-in-cases.md`.

use std::collections::BTreeSet;

use super::{covered, hold};

/// Where tests of signing in stand.
const PLACES: [&str; 6] = [
    "crates/access/src",
    "crates/console/src",
    "crates/identity/src",
    "crates/ledger/src",
    "crates/operations/src",
    "tests/it",
];

fn id(word: &str) -> Option<String> {
    super::id(word, "abceklmnprstuwxz", |digits| !digits.starts_with('0') && (1..=2).contains(&digits.len()))
}

/// `clause_a3_p7_no_password…` → P7: ids stand first in a name; one after `clause` is a clause's.
fn ids_of_name(name: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut words = name.split('_');
    while let Some(word) = words.next() {
        match (word, id(word)) {
            ("clause", _) => drop(words.next()),
            (_, Some(id)) => drop(ids.insert(id)),
            _ => break,
        }
    }
    // Two digits are a case of mail.
    ids.retain(|id| !matches!(id.as_bytes(), [b'A'..=b'F', _, _]));
    ids
}

#[test]
fn every_attack_on_signing_in_has_its_tests() {
    hold("docs/guides/sign-in-cases.md", id, &covered(&PLACES, ids_of_name, |_| None));
}
