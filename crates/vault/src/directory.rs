//! The key store on disk: small files, made whole and durable or not at all, under a lock that processes share.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Longest file of the key store, bytes: they are a few lines of text.
const FILE_BYTES_MAX: u64 = 4 * 1024;
const TEMPORARY_SUFFIX: &str = ".tmp";
const LOCK: &str = "lock";

/// A directory of key files.
pub(crate) struct Directory {
    path: PathBuf,
}

/// Held by one thread of one process at a time; let go when dropped.
#[must_use]
pub(crate) struct Lock(#[expect(dead_code, reason = "the lock lives as long as its file is open")] File);

impl Directory {
    /// Makes the directory, for its owner alone, durably.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        match DirBuilder::new().mode(0o700).create(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                fs::set_permissions(path, Permissions::from_mode(0o700))?;
            }
            made => made?,
        }
        if let Some(parent) = path.parent() {
            sync_directory(parent)?;
        }
        Ok(Self { path: path.to_owned() })
    }

    pub(crate) fn at(path: &Path) -> Self {
        Self { path: path.to_owned() }
    }

    /// Readable by its owner alone.
    pub(crate) fn is_private(&self) -> io::Result<bool> {
        Ok(fs::metadata(&self.path)?.permissions().mode() & 0o077 == 0)
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    pub(crate) fn lock(&self) -> io::Result<Lock> {
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(self.file(LOCK))?;
        file.lock()?;
        Ok(Lock(file))
    }

    /// The text of a file; `None` when there is none.
    pub(crate) fn read(&self, name: &str) -> io::Result<Option<String>> {
        read_small(&self.file(name))
    }

    /// A new file, whole and durable when this returns. A crash before leaves at most a `.tmp`.
    pub(crate) fn write_new(&self, _: &Lock, name: &str, text: &str) -> io::Result<()> {
        let temporary = self.file(&format!("{name}{TEMPORARY_SUFFIX}"));
        // What a crash left there may have another mode: never written into.
        match fs::remove_file(&temporary) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&temporary, self.file(name))?;
        sync_directory(&self.path)
    }

    /// Makes the names there durable: a file that is found may be what a write left whose last sync failed.
    pub(crate) fn sync(&self) -> io::Result<()> {
        sync_directory(&self.path)
    }

    /// Overwrites and removes a file, durably. Nothing happens when there is none.
    pub(crate) fn remove(&self, _: &Lock, name: &str) -> io::Result<()> {
        let path = self.file(name);
        let mut file = match OpenOptions::new().read(true).write(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            opened => opened?,
        };
        // Best effort: a journal or a flash drive may keep the old bytes. They are wrapped by the master key.
        let length = usize::try_from(file.metadata()?.len().min(FILE_BYTES_MAX)).unwrap_or(0);
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&vec![0; length])?;
        file.sync_all()?;
        fs::remove_file(&path)?;
        sync_directory(&self.path)
    }

    /// Removes what a crash left half made: whoever holds the lock knows that nobody is making it.
    pub(crate) fn sweep(&self, _: &Lock) -> io::Result<()> {
        for name in self.names()? {
            if name.ends_with(TEMPORARY_SUFFIX) {
                fs::remove_file(self.file(&name))?;
            }
        }
        Ok(())
    }

    /// The names of all files, in no order.
    pub(crate) fn names(&self) -> io::Result<Vec<String>> {
        fs::read_dir(&self.path)?
            .filter_map(|entry| entry.map(|entry| entry.file_name().into_string().ok()).transpose())
            .collect()
    }
}

/// Reads a text file of a few lines; `None` when there is none.
pub(crate) fn read_small(path: &Path) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    // Never grown, so that no copy of a secret is left behind.
    let mut text = String::with_capacity(FILE_BYTES_MAX as usize + 1);
    file.take(FILE_BYTES_MAX).read_to_string(&mut text)?;
    Ok(Some(text))
}

/// Makes the names in a directory durable.
pub(crate) fn sync_directory(path: &Path) -> io::Result<()> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path)?.sync_all()
}
