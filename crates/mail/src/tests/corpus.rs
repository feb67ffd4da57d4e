//! Real mail: everything is read within bounds, and what another parser sees is among what we see.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::properties::check;
use crate::{Message, parse};

/// The corpus, when this machine has one.
pub(crate) fn root() -> Option<PathBuf> {
    let given = std::env::var_os("CEREBRO_CORPUS").map(PathBuf::from);
    let root = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"));
    if root.is_dir() {
        Some(root)
    } else {
        eprintln!("skipped: no corpus at {}", root.display());
        None
    }
}

/// Every file under a folder of the corpus, sorted.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let Some(root) = root() else { return Vec::new() };
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.retain(|path| path.file_name().is_some_and(|name| name != "SOURCE.md"));
    found.sort();
    found
}

/// Messages small enough to mutate many times.
pub(crate) fn small_samples() -> &'static [Vec<u8>] {
    static SAMPLES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    SAMPLES.get_or_init(|| {
        let small = |path: &PathBuf| std::fs::metadata(path).is_ok_and(|file| file.len() < 20_000);
        files("mime")
            .iter()
            .filter(|path| is_mail(path) && small(path))
            .filter_map(|path| std::fs::read(path).ok())
            .collect()
    })
}

fn is_mail(path: &Path) -> bool {
    !path.extension().is_some_and(|extension| extension == "json" || extension == "xml" || extension == "out")
}

#[test]
fn all_mail_is_read() {
    let mut seen = 0;
    let mut slowest = (Duration::ZERO, PathBuf::new());
    let mut doubtful: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut defects: BTreeMap<&str, usize> = BTreeMap::new();
    for path in files("mime").into_iter().chain(files("emails")).filter(|path| is_mail(path)) {
        let raw = std::fs::read(&path).unwrap();
        let start = Instant::now();
        let message = parse(&raw);
        let took = start.elapsed();
        if took > slowest.0 {
            slowest = (took, path.clone());
        }
        check(&message);
        seen += 1;
        let folder = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        let count = doubtful.entry(folder.clone()).or_default();
        count.0 += 1;
        count.1 += usize::from(message.is_ambiguous());
        if std::env::var_os("CEREBRO_TIMES").is_some() {
            for defect in message.all_defects() {
                *defects.entry(defect.kind.code()).or_default() += 1;
                if path.to_string_lossy().contains("emails") && defect.kind.is_ambiguous() {
                    eprintln!(
                        "{folder}: {} {} {}",
                        path.file_name().unwrap().to_string_lossy(),
                        defect.kind.code(),
                        defect.detail
                    );
                }
            }
        }
    }
    if seen == 0 {
        return;
    }
    eprintln!("{seen} messages, slowest {slowest:?}, doubtful by folder {doubtful:?}, defects {defects:?}");
    assert!(seen > 1_900 && slowest.0 < Duration::from_secs(5));
}

/// What `mail-parser` 0.11 expects of its own test messages.
struct Expected {
    subject: Option<String>,
    from: Option<String>,
    leaves: Vec<String>,
}

fn expected(json: &serde_json::Value) -> Expected {
    let parts = json["parts"].as_array().cloned().unwrap_or_default();
    let header = |name: &str| {
        let headers = parts.first()?["headers"].as_array()?;
        headers.iter().find(|header| header["name"] == name).map(|header| header["value"].clone())
    };
    let text = |value: serde_json::Value| value["Text"].as_str().map(str::to_owned);
    let address = |value: serde_json::Value| {
        let list = value["Address"]["List"].as_array()?.clone();
        list.first()?["address"].as_str().map(str::to_owned)
    };
    let leaves = parts
        .iter()
        .filter_map(|part| part["body"]["Text"].as_str().or_else(|| part["body"]["Html"].as_str()))
        .map(str::to_owned)
        .collect();
    Expected { subject: header("subject").and_then(text), from: header("from").and_then(address), leaves }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 2).map(str::to_owned).collect()
}

/// The expectations of `mail-parser` against ours. A difference is one of:
/// - its text keeps HTML as source, ours is rendered: compared by words, of plain leaves only;
/// - its `malformed__*` and `thirdparty__*` cases hold bytes in no charset, which it reads as UTF-8 with replacement
///   characters and we as Windows-1252;
/// - it stops a subject at an undecodable word that we leave as written.
///
/// The ceilings are the counts of the day they were last looked at one by one.
#[test]
fn another_parser_sees_nothing_we_do_not() {
    let (mut compared, mut subjects, mut froms, mut missing) = (0, Vec::new(), Vec::new(), Vec::new());
    for path in
        files("mime/mail-parser").into_iter().filter(|path| path.extension().is_some_and(|e| e == "eml"))
    {
        let Ok(json) = std::fs::read(path.with_extension("json")) else { continue };
        let expected = expected(&serde_json::from_slice(&json).unwrap());
        let message = parse(&std::fs::read(&path).unwrap());
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        compared += 1;
        if expected
            .subject
            .clone()
            .unwrap_or_default()
            .split_whitespace()
            .ne(message.subject.split_whitespace())
        {
            subjects.push(format!("{name}: {:?} / {:?}", expected.subject, message.subject));
        }
        let from = message.from.first().map(|from| from.address.clone()).filter(|from| !from.is_empty());
        if expected.from != from {
            froms.push(format!("{name}: {:?} / {from:?}", expected.from));
        }
        let ours = everything_as_words(&message);
        for leaf in expected.leaves.iter().filter(|leaf| !leaf.contains('<') && !leaf.contains('\u{fffd}')) {
            let lost: Vec<String> = words(leaf).into_iter().filter(|word| !ours.contains(word)).collect();
            if !lost.is_empty() {
                missing.push(format!(
                    "{name}: {} of {} words, {:?}",
                    lost.len(),
                    words(leaf).len(),
                    lost.first()
                ));
            }
        }
    }
    if compared == 0 {
        return;
    }
    if std::env::var_os("CEREBRO_TIMES").is_some() {
        eprintln!("{compared} compared\nsubjects {subjects:#?}\nfrom {froms:#?}\nmissing {missing:#?}");
    }
    assert!(compared >= 50, "{compared}");
    assert!(subjects.len() <= 8, "{subjects:#?}");
    assert!(froms.len() <= 8, "{froms:#?}");
    assert!(missing.len() <= 8, "{missing:#?}");
}

fn everything_as_words(message: &Message) -> std::collections::HashSet<String> {
    words(&super::everything(message)).into_iter().collect()
}
