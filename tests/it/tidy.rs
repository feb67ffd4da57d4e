//! The house in order: what may depend on what, and documents that tell the truth (invariants 7 and 10).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Files of ours under a folder, by extension; built and fetched things apart.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() && !matches!(name.as_str(), "target" | "node_modules" | ".git") {
            waiting.extend(std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// What a crate depends on when it is built, tests apart.
fn dependencies(name: &str) -> BTreeSet<String> {
    let manifest = read(&root().join("crates").join(name).join("Cargo.toml"));
    let (_, after) = manifest.split_once("\n[dependencies]\n").unwrap();
    let table = after.split("\n[").next().unwrap();
    table.lines().filter_map(|line| Some(line.split(['.', ' ', '=']).next()?.to_owned())).collect()
}

#[test]
fn crates_depend_downwards_and_the_pure_ones_on_nothing_that_acts() {
    const ORDER: [&str; 14] = [
        "vocabulary",
        "encoder",
        "mail",
        "extract",
        "compliance",
        "ledger",
        "vault",
        "store",
        "identity",
        "access",
        "operations",
        "gateway",
        "console",
        "cerebro",
    ];
    let crates: BTreeSet<String> = std::fs::read_dir(root().join("crates"))
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(
        crates,
        ORDER.map(str::to_owned).into(),
        "a crate is missing from the order, or the order from the crates"
    );
    for (place, name) in ORDER.iter().enumerate() {
        let used = dependencies(name);
        for above in ORDER.iter().skip(place) {
            assert!(!used.contains(*above), "{name} depends on {above}, which stands above it");
        }
    }
    assert!(!dependencies("console").contains("gateway"), "siblings know nothing of each other");
    for (name, banned) in [
        ("vocabulary", &["tokio", "serde_json"][..]),
        ("encoder", &["tokio", "tracing"]),
        ("mail", &["tokio", "tracing"]),
        ("compliance", &["tokio", "tracing", "regex"]),
        ("ledger", &["tokio", "tracing", "store"]),
        ("identity", &["tokio", "store", "axum"]),
        ("operations", &["store", "axum", "rustls", "rusqlite", "tokio-postgres"]),
        ("gateway", &["store", "axum", "hyper", "operations"]),
    ] {
        for crate_name in banned {
            assert!(!dependencies(name).contains(*crate_name), "{name} depends on {crate_name}");
        }
    }
    for name in ORDER.iter().filter(|name| !matches!(**name, "store")) {
        let engines = ["rusqlite", "tokio-postgres"];
        assert!(engines.iter().all(|engine| !dependencies(name).contains(*engine)), "{name} names an engine");
    }
    for name in ORDER.iter().filter(|name| !matches!(**name, "access" | "cerebro" | "store")) {
        assert!(!dependencies(name).contains("store"), "{name} names the database");
    }
}

#[test]
fn every_invariant_names_tests_that_exist() {
    let map = read(&root().join("ARCHITECTURE.md"));
    let (_, after) = map.split_once("## What must stay true").unwrap();
    let table = after.split("\n## ").next().unwrap();
    let sources: String = files(&root().join("crates"), "rs")
        .iter()
        .chain(&files(&root().join("tests"), "rs"))
        .map(|path| read(path))
        .collect();
    let mut rows = 0;
    for row in table.lines().filter(|row| row.starts_with("| ") && !row.starts_with("| |")) {
        rows += 1;
        let cell = row.trim_end_matches('|').rsplit('|').next().unwrap();
        let words = cell.split('`').skip(1).step_by(2);
        let tests: Vec<&str> = words.filter(|word| !word.contains(['/', '.'])).collect();
        assert!(!tests.is_empty(), "no test in: {row}");
        for test in tests {
            let name = test.rsplit("::").next().unwrap();
            assert!(sources.contains(&format!("fn {name}(")), "there is no test {test}");
        }
    }
    assert_eq!(rows, 15, "the design has fifteen invariants");
}

#[test]
fn links_between_documents_lead_somewhere_and_decisions_have_no_gap() {
    let mut documents = files(&root().join("docs"), "md");
    documents.extend(
        std::fs::read_dir(root())
            .unwrap()
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "md")),
    );
    for document in &documents {
        let text = read(document);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let place = link.split('#').next().unwrap();
            if place.is_empty() || place.contains("://") {
                continue;
            }
            let target = document.parent().unwrap().join(place);
            assert!(target.exists(), "{} points to {link}", document.display());
        }
    }
    let decisions = files(&root().join("docs/decisions"), "md");
    for (place, decision) in decisions.iter().enumerate() {
        let name = decision.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.starts_with(&format!("{:04}-", place + 1)), "{name} is not number {}", place + 1);
    }
}

/// The line names the call, and not only the end of a longer name.
fn calls(line: &str, call: &str) -> bool {
    line.match_indices(call).any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
}

/// Ways to ask the machine for time or randomness, and who may: where they are made, and who hands them out.
const ASKING: [(&[&str], &[&str]); 3] = [
    (
        &["SystemTime::now", "Timestamp::now", "Zoned::now", "Uuid::new_v4", "Uuid::now_v7"],
        &["crates/vocabulary/src/time.rs"],
    ),
    (
        &["rand::", "getrandom::", "SystemRandom", "OsRng", "thread_rng"],
        &["crates/vocabulary/src/entropy.rs"],
    ),
    (&["SystemClock", "SystemEntropy"], &["crates/vocabulary/src/", "crates/cerebro/src/"]),
];

/// The lines of a source that ask the machine by themselves, tests at the end of the file apart.
fn asking(path: &str, code: &str) -> Vec<String> {
    let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    let asks = |line: &str, names: &[&str], allowed: &[&str]| {
        names.iter().any(|name| calls(line, name)) && !allowed.iter().any(|place| path.starts_with(place))
    };
    lines
        .filter(|line| ASKING.iter().any(|(names, allowed)| asks(line, names, allowed)))
        .map(|line| line.trim().to_owned())
        .collect()
}

#[test]
fn nobody_else_asks_the_machine_for_time_or_randomness() {
    let mut read_files = 0;
    for source in files(&root().join("crates"), "rs") {
        let path = source.strip_prefix(root()).unwrap().display().to_string();
        if path.contains("/tests") || path.contains("/examples/") {
            continue;
        }
        read_files += 1;
        let found = asking(&path, &read(&source));
        assert!(found.is_empty(), "{path}: {found:?}");
    }
    assert!(read_files > 100, "only {read_files} files were read");
    // Each way, where it is allowed and where it is not.
    for (call, at_home) in [
        ("use aws_lc_rs::rand::SystemRandom;", "crates/vocabulary/src/entropy.rs"),
        ("aws_lc_rs::rand::fill(&mut bytes)", "crates/vocabulary/src/entropy.rs"),
        ("getrandom::fill(&mut bytes)", "crates/vocabulary/src/entropy.rs"),
        ("OsRng.fill_bytes(&mut bytes)", "crates/vocabulary/src/entropy.rs"),
        ("let now = jiff::Timestamp::now();", "crates/vocabulary/src/time.rs"),
        ("let entropy = Arc::new(SystemEntropy::default());", "crates/cerebro/src/assembly.rs"),
    ] {
        assert_eq!(asking("crates/console/src/app.rs", call), [call]);
        assert_eq!(asking(at_home, call), [""; 0], "{call}");
    }
}
