//! `docs/guides/clauses.md`.

use std::collections::BTreeSet;

use super::{covered, hold};

const PLACES: [&str; 2] = ["crates", "tests/it"];

fn id(word: &str) -> Option<String> {
    super::id(word, "adiprstvw", |digits| digits.len() == 1)
}

/// `clause_t2_clause_t4_n4_refuse…` → T2, T4.
fn ids_of_name(name: &str) -> BTreeSet<String> {
    let words: Vec<&str> = name.split('_').collect();
    words.windows(2).filter(|two| two[0] == "clause").filter_map(|two| id(two[1])).collect()
}

#[test]
fn every_clause_has_its_tests() {
    hold("docs/guides/clauses.md", id, &covered(&PLACES, ids_of_name, |_| None));
}
