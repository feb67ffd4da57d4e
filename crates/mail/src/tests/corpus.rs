//! Real mail: everything is read within bounds, and what another parser sees is among what we see.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::properties::check;
use crate::parse;

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
