//! `docs/guides/mail-cases.md`.

use std::collections::BTreeSet;

use super::{covered, hold};

/// Where tests of mail stand.
const PLACES: [&str; 7] = [
    "crates/gateway/src",
    "crates/mail/src",
    "crates/extract/src",
    "crates/operations/src",
    "crates/store/src",
    "tests/it/program",
    "tests/it/verbs",
];

fn id(word: &str) -> Option<String> {
    super::id(word, "abcdef", |digits| digits.len() == 2)
}

/// `b01_to_b12_b27_a_fake_end…` → B01 … B12, B27: ids stand first in a name.
fn ids_of_name(name: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut words = name.split('_').peekable();
    while let Some(first) = words.next().and_then(id) {
        if words.next_if_eq(&"to").is_some()
            && let Some(last) = words.next().and_then(id)
        {
            let number = |id: &str| id[1..].parse::<u32>().unwrap();
            ids.extend((number(&first)..=number(&last)).map(|n| format!("{}{n:02}", &first[..1])));
        } else {
            ids.insert(first);
        }
    }
    ids
}

/// `"E02 preamble"`, a case in a table.
fn id_of_line(line: &str) -> Option<String> {
    let (_, quoted) = line.split_once('"')?;
    id(quoted.split(' ').next()?).filter(|_| line.matches('"').count() >= 2)
}

#[test]
fn every_case_of_mail_has_its_tests() {
    hold("docs/guides/mail-cases.md", id, &covered(&PLACES, ids_of_name, id_of_line));
}
