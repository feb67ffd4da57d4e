//! `docs/guides/mail-cases.md` is true: every case has its tests, or says that it has none.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

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
const DOCUMENT: &str = "docs/guides/mail-cases.md";
const MISSING: &str = "## Without a test yet\n";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn id(word: &str) -> Option<String> {
    let (letter, digits) = word.split_at_checked(1)?;
    let is = letter.chars().all(|c| matches!(c, 'a'..='f' | 'A'..='F'))
        && digits.len() == 2
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    is.then(|| word.to_uppercase())
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

/// Case id → names of the test functions that cover it.
fn covered() -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut files = Vec::new();
    for place in PLACES {
        sources(&root().join(place), &mut files);
    }
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let stem = file.file_stem().unwrap().to_string_lossy().into_owned();
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                is_test = true;
            }
            let name = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
            if let Some(name) = name.and_then(|rest| rest.split(['(', '<']).next()) {
                for id in ids_of_name(name).into_iter().filter(|_| is_test) {
                    all.entry(id).or_default().insert(name.to_owned());
                }
                is_test = false;
            }
            let case = line.split_once('"').and_then(|(_, quoted)| id(quoted.split(' ').next()?));
            if let Some(id) = case.filter(|_| line.matches('"').count() >= 2) {
                all.entry(id).or_default().insert(format!("table in {stem}.rs"));
            }
        }
    }
    all
}

#[test]
fn every_case_of_mail_has_its_tests() {
    let covered = covered();
    let document = std::fs::read_to_string(root().join(DOCUMENT)).unwrap();
    let (above, below) = document.split_once(MISSING).unwrap();
    let mut known = BTreeSet::new();
    let mut written = String::new();
    for line in above.lines() {
        let mut cells = line.split(" | ");
        let case = cells.next().and_then(|first| id(first.strip_prefix("| ")?));
        match (case, cells.next()) {
            (Some(id), Some(what)) => {
                let tests = covered.get(&id).into_iter().flatten().map(|name| format!("`{name}`"));
                let tests = tests.collect::<Vec<_>>().join(", ");
                written += format!("| {id} | {what} | {tests} |\n").as_str();
                known.insert(id);
            }
            _ => written += &format!("{line}\n"),
        }
    }
    let missing: BTreeSet<String> = known.iter().filter(|id| !covered.contains_key(*id)).cloned().collect();
    if std::env::var_os("CEREBRO_WRITE_DOCS").is_some() {
        let list: String = missing.iter().map(|id| format!("{id}\n")).collect();
        std::fs::write(root().join(DOCUMENT), format!("{written}{MISSING}\n{list}")).unwrap();
        return;
    }
    let listed: BTreeSet<String> = below.split_whitespace().map(str::to_owned).collect();
    let unknown: Vec<_> = covered.keys().filter(|id| !known.contains(*id)).collect();
    assert!(unknown.is_empty(), "tests name cases that {DOCUMENT} does not: {unknown:?}");
    assert_eq!(missing, listed, "cases without a test, and the list at the end of {DOCUMENT}");
    assert_eq!(above, written, "{DOCUMENT} is not what the tests are: write it again, as its head says");
}
