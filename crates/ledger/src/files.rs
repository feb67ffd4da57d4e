//! The few file operations a log needs, behind a trait so that tests can fail each of them, before and after it
//! persisted.

use std::fmt;
use std::io::{self, Read, Write};
use std::path::Path;

use vocabulary::bounds;

use crate::tile::WIDTH;

/// The longest file a log has: a full bundle of the longest entries, each with its length before it.
const FILE_BYTES_MAX: u64 = WIDTH * (bounds::LEAF_BYTES_MAX as u64 + 2);

/// What a log asks of a file system.
pub trait Files: fmt::Debug + Send + Sync {
    /// Makes `bytes` durable under `path`, replacing what stood there, directories made as needed: when this returns
    /// `Ok`, file and name survive a power cut. When it returns an error, either the old or the new content stands
    /// there, whole.
    ///
    /// # Errors
    /// The disk refused.
    fn put(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Reads a file.
    ///
    /// # Errors
    /// It is not there, or the disk refused.
    fn get(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Removes what is no longer needed, a file or a directory with all that is in it; absent is fine.
    ///
    /// # Errors
    /// The disk refused.
    fn remove(&mut self, path: &Path) -> io::Result<()>;
}

/// The real one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Files for Disk {
    fn put(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let directory = path.parent().unwrap_or(Path::new("."));
        make_directories(directory)?;
        // A crash before the rename leaves a `.part` that the next put of this name replaces.
        let part = path.with_extension("part");
        let mut file = std::fs::File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, path)?;
        std::fs::File::open(directory)?.sync_all()
    }

    fn get(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        std::fs::File::open(path)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > FILE_BYTES_MAX {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "longer than any file of a log"));
        }
        Ok(bytes)
    }

    fn remove(&mut self, path: &Path) -> io::Result<()> {
        let removed = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// Makes a directory and syncs each parent that got a new name.
fn make_directories(directory: &Path) -> io::Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let Some(parent) = directory.parent().filter(|parent| !parent.as_os_str().is_empty()) else {
        return std::fs::create_dir_all(directory);
    };
    make_directories(parent)?;
    match std::fs::create_dir(directory) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    std::fs::File::open(parent)?.sync_all().inspect_err(|_| {
        // Nobody may find it there and take its name for durable.
        let _ = std::fs::remove_dir(directory);
    })
}
