//! The documents that say which tests show what are true: every case has its tests, or says that it has none.

mod clauses;
mod mail;
mod sign_in;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const MISSING: &str = "## Without a test yet\n";
/// In the last cell of a case that no test can show: what it would be shown on is not there. The reason follows.
const EXCUSED: &str = "does not apply: ";

/// Case id → names of the tests that cover it.
type Covered = BTreeMap<String, BTreeSet<String>>;

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

/// A letter and a number within bounds, however it is written: `w5`, `W5`.
fn id(word: &str, letters: &str, numbers: impl Fn(&str) -> bool) -> Option<String> {
    let (letter, digits) = word.split_at_checked(1)?;
    let is = letters.contains(&letter.to_lowercase())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && numbers(digits);
    is.then(|| word.to_uppercase())
}

/// Reads the sources: what `of_name` finds in the names of tests, and `of_line` anywhere else.
fn covered(
    places: &[&str],
    of_name: impl Fn(&str) -> BTreeSet<String>,
    of_line: impl Fn(&str) -> Option<String>,
) -> Covered {
    let mut all = Covered::new();
    let mut files = Vec::new();
    for place in places {
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
                for id in of_name(name).into_iter().filter(|_| is_test) {
                    all.entry(id).or_default().insert(name.to_owned());
                }
                is_test = false;
            }
            if let Some(id) = of_line(line) {
                all.entry(id).or_default().insert(format!("table in {stem}.rs"));
            }
        }
    }
    all
}

/// Holds a document to its tests, or writes it anew where `CEREBRO_WRITE_DOCS` is set: in each row `| id | what | tests |`
/// the last cell, and the list at the end. A case that does not apply keeps its reason, until a test covers it.
fn hold(document: &str, is_id: impl Fn(&str) -> Option<String>, covered: &Covered) {
    let path = root().join(document);
    let text = std::fs::read_to_string(&path).unwrap();
    let (above, below) = text.split_once(MISSING).unwrap();
    let (mut known, mut excused) = (BTreeSet::new(), BTreeSet::new());
    let mut written = String::new();
    for line in above.lines() {
        let mut cells = line.split(" | ");
        let case = cells.next().and_then(|first| is_id(first.strip_prefix("| ")?));
        match (case, cells.next()) {
            (Some(id), Some(what)) => {
                let tests = covered.get(&id).into_iter().flatten().map(|name| format!("`{name}`"));
                let mut tests = tests.collect::<Vec<_>>().join(", ");
                let reason = cells.next().and_then(|cell| cell.strip_suffix(" |"));
                if let Some(reason) = reason.filter(|cell| tests.is_empty() && cell.starts_with(EXCUSED)) {
                    tests = reason.to_owned();
                    excused.insert(id.clone());
                }
                written += format!("| {id} | {what} | {tests} |\n").as_str();
                known.insert(id);
            }
            _ => written += &format!("{line}\n"),
        }
    }
    let is_missing = |id: &&String| !covered.contains_key(*id) && !excused.contains(*id);
    let missing: BTreeSet<String> = known.iter().filter(is_missing).cloned().collect();
    if std::env::var_os("CEREBRO_WRITE_DOCS").is_some() {
        let list: String = missing.iter().map(|id| format!("{id}\n")).collect();
        std::fs::write(path, format!("{written}{MISSING}\n{list}")).unwrap();
        return;
    }
    let listed: BTreeSet<String> = below.split_whitespace().map(str::to_owned).collect();
    let unknown: Vec<_> = covered.keys().filter(|id| !known.contains(*id)).collect();
    assert!(unknown.is_empty(), "tests name cases that {document} does not: {unknown:?}");
    assert_eq!(missing, listed, "cases without a test, and the list at the end of {document}");
    assert_eq!(above, written, "{document} is not what the tests are: write it again, as its head says");
}
