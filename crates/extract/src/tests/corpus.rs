//! The corpus: 660 files, broken, encrypted and hostile ones among them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::{all_text, look};
use crate::{Empty, Extraction, Reason};

fn root() -> Option<PathBuf> {
    let given = std::env::var_os("CEREBRO_CORPUS").map(PathBuf::from);
    let root = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"));
    let root = root.join("attachments");
    if root.is_dir() {
        Some(root)
    } else {
        eprintln!("skipped: no corpus at {}", root.display());
        None
    }
}

fn files() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = root()
        .into_iter()
        .flat_map(|root| std::fs::read_dir(root).unwrap())
        .map(|folder| folder.unwrap().path())
        .filter(|folder| folder.is_dir())
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.file_name().is_some_and(|name| name != "SOURCE.md"))
        .collect();
    found.sort();
    found
}

#[test]
fn every_file_gives_text_or_a_reason() {
    let verbose = std::env::var_os("CEREBRO_TIMES").is_some();
    let mut slowest = (Duration::ZERO, PathBuf::new());
    let mut outcomes: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    let files = files();
    for path in &files {
        let bytes = std::fs::read(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let start = Instant::now();
        let found = look(&name, &bytes);
        let took = start.elapsed();
        if took > slowest.0 {
            slowest = (took, path.clone());
        }
        let folder = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let outcome = match &found[0].outcome {
            Extraction::Text { .. } => "text".to_owned(),
            other => format!("{other:?}"),
        };
        if verbose {
            let rest: Vec<String> =
                found[1..].iter().take(3).map(|file| format!("{} {:?}", file.part, file.outcome)).collect();
            eprintln!("{folder}/{name}: {} {:?} {rest:?}", found[0].detected_type, found[0].outcome);
        }
        *outcomes.entry(folder).or_default().entry(outcome).or_default() += 1;
    }
    if !files.is_empty() {
        eprintln!("{} files, slowest {slowest:?}\n{outcomes:#?}", files.len());
        assert!(files.len() > 600 && slowest.0 < Duration::from_secs(15), "{slowest:?}");
    }
}

/// file, text it holds
const KNOWN: &[(&str, &str)] = &[
    ("office-tika/testWORD.docx", "Sample Word Document"),
    ("pdf-tika/testPDF.pdf", "Tika"),
    ("office-tika/testEXCEL.xlsx", "Sample Excel Worksheet"),
    ("office-tika/testPPT.pptx", "Attachment Test"),
];

#[test]
fn what_is_in_a_file_is_found() {
    let Some(root) = root() else { return };
    for (file, text) in KNOWN {
        let path = root.join(file);
        if let Ok(bytes) = std::fs::read(&path) {
            let found = look(file, &bytes);
            assert!(all_text(&found).contains(text), "{file}: {found:?} {}", all_text(&found));
        }
    }
}

/// Files whose names say what they are.
#[test]
fn encrypted_files_say_so() {
    for path in files() {
        let name = path.file_name().unwrap().to_string_lossy().to_lowercase();
        let office =
            ["agile", "protected_passtika", "protect_password"].iter().any(|mark| name.contains(mark));
        if !office || !name.ends_with('x') {
            continue;
        }
        let found = look(&name, &std::fs::read(&path).unwrap());
        let told = found.iter().any(|file| file.outcome == Extraction::Unreadable(Reason::Encrypted));
        assert!(told, "{name}: {found:?}");
    }
}

#[test]
fn pictures_are_no_text() {
    let found = look("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    assert_eq!(found[0].outcome, Extraction::Nothing(Empty::Image));
}
