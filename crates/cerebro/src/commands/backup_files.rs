//! Directories copied durably for a backup: what vanishes meanwhile was not needed, what is half written is not taken.

use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Copied {
    pub(super) files: u64,
    pub(super) bytes: u64,
}

/// Copies what is in a directory, with all below it, into another that is made for it and its owner alone. Names ending in `.part` are being written.
pub(super) fn tree(from: &Path, into: &Path) -> io::Result<Copied> {
    let mut copied = Copied::default();
    let mut waiting: Vec<(PathBuf, PathBuf)> = vec![(from.to_owned(), into.to_owned())];
    while let Some((from, into)) = waiting.pop() {
        DirBuilder::new().mode(0o700).recursive(true).create(&into)?;
        for entry in std::fs::read_dir(&from)? {
            let entry = entry?;
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                waiting.push((path, into.join(name)));
            } else if path.extension().is_none_or(|end| end != "part") {
                copied.bytes += match file(&path, &into.join(name)) {
                    Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                    bytes => bytes?,
                };
                copied.files += 1;
            }
        }
        File::open(&into)?.sync_all()?;
    }
    Ok(copied)
}

/// Copies one file with its permissions; its name is durable once its directory is synced.
pub(super) fn file(from: &Path, into: &Path) -> io::Result<u64> {
    let bytes = std::fs::copy(from, into)?;
    File::open(into)?.sync_all()?;
    Ok(bytes)
}

/// Makes everything in a directory durable, names too.
pub(super) fn settle(directory: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() { settle(&path)? } else { File::open(&path)?.sync_all()? }
    }
    File::open(directory)?.sync_all()
}
