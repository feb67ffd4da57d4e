//! The few file operations a log needs, behind a trait so that tests can fail each of them, before and after it
//! persisted.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

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

    /// [`Files::put`] for several files, in any order: after an error some of them may stand there, each whole.
    ///
    /// # Errors
    /// The disk refused one of them: which, and why.
    fn put_all(&mut self, files: &[(PathBuf, Vec<u8>)]) -> Result<(), (PathBuf, io::Error)> {
        for (path, bytes) in files {
            self.put(path, bytes).map_err(|error| (path.clone(), error))?;
        }
        Ok(())
    }

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
        let file = Part::write(path, bytes)?;
        file.sync()?;
        sync_directory(file.publish()?)
    }

    /// One sync for each file and one for each directory: what several files of a directory would ask for twice over
    /// is what a disk is slowest at, and messages wait behind it.
    fn put_all(&mut self, files: &[(PathBuf, Vec<u8>)]) -> Result<(), (PathBuf, io::Error)> {
        let named = |path: &Path| {
            let path = path.to_owned();
            move |error| (path, error)
        };
        let mut parts = Vec::with_capacity(files.len());
        for (path, bytes) in files {
            parts.push(Part::write(path, bytes).map_err(named(path))?);
        }
        for part in &parts {
            part.sync().map_err(named(part.path))?;
        }
        let mut directories = BTreeSet::new();
        for part in &parts {
            directories.insert(part.publish().map_err(named(part.path))?);
        }
        directories.into_iter().try_for_each(|directory| sync_directory(directory).map_err(named(directory)))
    }

    fn get(&self, path: &Path) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes)?;
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

/// A file written beside the name it is for. A crash leaves a `.part` that the next put of this name replaces.
struct Part<'p> {
    path: &'p Path,
    part: PathBuf,
    file: File,
}

impl<'p> Part<'p> {
    fn write(path: &'p Path, bytes: &[u8]) -> io::Result<Self> {
        make_directories(directory_of(path))?;
        let part = path.with_extension("part");
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        Ok(Self { path, part, file })
    }

    fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    /// Gives it its name, which is durable once the directory that is answered is synced.
    fn publish(&self) -> io::Result<&'p Path> {
        std::fs::rename(&self.part, self.path)?;
        Ok(directory_of(self.path))
    }
}

fn directory_of(path: &Path) -> &Path {
    path.parent().unwrap_or(Path::new("."))
}

fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
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
    File::open(parent)?.sync_all().inspect_err(|_| {
        // Nobody may find it there and take its name for durable.
        let _ = std::fs::remove_dir(directory);
    })
}
