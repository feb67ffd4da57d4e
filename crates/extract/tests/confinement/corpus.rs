//! Every file of the corpus goes through the confined child, and comes out as the pure reading says.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use extract::{Extraction, Reason, extract_here};
use libtest_mimic::Trial;
use vocabulary::bounds::EXTRACT_TIMEOUT;

use crate::{real, run, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("corpus::confined_reads_what_the_pure_reading_reads", every_file)]
}

fn files() -> Vec<PathBuf> {
    let given = std::env::var_os("CEREBRO_CORPUS").map(PathBuf::from);
    let root = given.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus"));
    let mut waiting = vec![root.join("attachments"), root.join("tnef")];
    let mut files = Vec::new();
    while let Some(path) = waiting.pop() {
        match std::fs::read_dir(&path) {
            Ok(inside) => waiting.extend(inside.map(|entry| entry.unwrap().path())),
            Err(_) if path.is_file() => files.push(path),
            Err(_) => {}
        }
    }
    files.sort();
    files
}

fn every_file() {
    let files = files();
    if files.is_empty() {
        eprintln!("skipped: no corpus");
        return;
    }
    assert!(files.len() > 600, "{}", files.len());
    run(async {
        let extractor = real();
        let mut slowest = (Duration::ZERO, PathBuf::new());
        for path in files {
            let (name, bytes) = (path.file_name().unwrap().to_string_lossy(), std::fs::read(&path).unwrap());
            let start = Instant::now();
            let confined = extractor.extract(&name, "application/octet-stream", &bytes).await;
            if start.elapsed() > slowest.0 {
                slowest = (start.elapsed(), path.clone());
            }
            let lost =
                |reason| matches!(reason, Reason::Crashed | Reason::Timeout | Reason::SandboxUnavailable);
            for file in &confined {
                assert!(
                    !matches!(file.outcome, Extraction::Unreadable(reason) if lost(reason)),
                    "{path:?} {file:?}"
                );
            }
            assert_eq!(confined, extract_here(&name, "application/octet-stream", &bytes), "{path:?}");
        }
        eprintln!("slowest {slowest:?}");
        assert!(slowest.0 < EXTRACT_TIMEOUT);
    });
}
