//! A log in a directory: made once, grown by the sealer.
//!
//! Growing goes in this order, and every step can be done again from the same entries:
//! 1. bundles and tiles are made durable — a crash leaves files that nothing names yet;
//! 2. the checkpoint is signed and put into the *lock*, another directory, only if the lock still holds the checkpoint
//!    we grew from — a crash leaves a lock ahead of the log, which the next open publishes;
//! 3. the checkpoint is published — from here strangers see it.
//!
//! The lock is a second memory: a directory restored from an old backup is found out, because the lock is ahead of
//! its tiles, and nothing is signed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use vocabulary::{Timestamp, bounds};

use crate::edge::Edge;
use crate::files::{Disk, Files};
use crate::reader::{ReadError, TileReader, read_checkpoint};
use crate::tile::WIDTH;
use crate::tree;
use crate::{Checkpoint, Hash, Signer};

/// A signed checkpoint is kept under `checkpoints/` at least this often while the log grows, and whenever a bundle fills,
/// so that a fault can be named between two of them. In all at most 8,784 a year and one more for each 256 entries.
const KEPT_EVERY: Duration = Duration::from_secs(3600);

/// Why a log was not made, opened or grown.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// A log stands there already.
    #[error("a log stands there already: {0}")]
    Exists(PathBuf),
    /// A file cannot be written. Nothing was signed.
    #[error("{path} cannot be written: {error}")]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the disk said.
        error: std::io::Error,
    },
    /// A file is missing, or does not hold what it should.
    #[error("{directory}: {error}")]
    Read {
        /// Which log, or which lock.
        directory: PathBuf,
        /// Which file, and why.
        error: ReadError,
    },
    /// Two memories disagree: the directory is not what was signed. Nothing is signed until it is restored.
    #[error("rollback: the lock remembers size {lock}, the log stands at {log}: {why}")]
    Rollback {
        /// Size in the lock.
        lock: u64,
        /// Size in the directory.
        log: u64,
        /// What disagrees.
        why: &'static str,
    },
    /// Another sealer signed meanwhile.
    #[error("another sealer signed a checkpoint of size {0} meanwhile")]
    Raced(u64),
    /// An entry is longer than a leaf may be.
    #[error("an entry has at most {} bytes", bounds::LEAF_BYTES_MAX)]
    LeafTooLong,
    /// The key is not the log's.
    #[error("the signing key is not this log's")]
    Key,
}

/// An open log.
#[derive(Debug)]
pub struct Log {
    directory: PathBuf,
    lock: PathBuf,
    files: Box<dyn Files>,
    edge: Edge,
    origin: String,
    kept_at: Option<Timestamp>,
    key_checked: bool,
}

impl Log {
    /// Makes a log: the ONLY way one comes to be. Signs a checkpoint over nothing.
    ///
    /// # Errors
    /// One stands there already, in either directory, or the disk refused.
    pub fn init(
        directory: &Path,
        lock: &Path,
        origin: &str,
        signer: &Signer,
        now: Timestamp,
    ) -> Result<Self, LogError> {
        Self::init_on(Box::new(Disk), directory, lock, origin, signer, now)
    }

    /// As [`Log::init`], on other files.
    ///
    /// # Errors
    /// As [`Log::init`].
    pub fn init_on(
        files: Box<dyn Files>,
        directory: &Path,
        lock: &Path,
        origin: &str,
        signer: &Signer,
        now: Timestamp,
    ) -> Result<Self, LogError> {
        for path in [directory.join("checkpoint"), lock.join("checkpoint")] {
            if files.get(&path).is_ok() {
                return Err(LogError::Exists(path));
            }
        }
        let mut log = Self {
            directory: directory.to_owned(),
            lock: lock.to_owned(),
            files,
            edge: Edge::default(),
            origin: origin.to_owned(),
            kept_at: None,
            key_checked: true,
        };
        log.put("vkey", format!("{}\n", signer.verifier()).as_bytes())?;
        let empty = Checkpoint { origin: origin.to_owned(), size: 0, root: Hash::of_nothing() };
        log.publish(&empty, &empty.sign(signer), now)?;
        Ok(log)
    }

    /// Opens a log and checks it against its lock.
    ///
    /// # Errors
    /// It is not there, damaged, or behind what was signed.
    pub fn open(directory: &Path, lock: &Path) -> Result<Self, LogError> {
        Self::open_on(Box::new(Disk), directory, lock)
    }

    /// As [`Log::open`], on other files.
    ///
    /// # Errors
    /// As [`Log::open`].
    pub fn open_on(files: Box<dyn Files>, directory: &Path, lock: &Path) -> Result<Self, LogError> {
        let (published, _) = checkpoint_in(files.as_ref(), directory)?;
        let (locked, note) = checkpoint_in(files.as_ref(), lock)?;
        let rollback = |why| LogError::Rollback { lock: locked.size, log: published.size, why };
        if locked.origin != published.origin {
            return Err(rollback("they are of different logs"));
        }
        if locked.size < published.size {
            return Err(rollback("the lock is behind what was published"));
        }
        if locked.size == published.size && locked.root != published.root {
            return Err(rollback("the roots differ"));
        }
        let mut log = Self {
            directory: directory.to_owned(),
            lock: lock.to_owned(),
            files,
            edge: Edge::default(),
            origin: published.origin.clone(),
            kept_at: None,
            key_checked: false,
        };
        let reader = TileReader { files: log.files.as_ref(), directory, size: locked.size };
        log.edge = match Edge::load(&reader) {
            Ok(edge) => edge,
            // Signed tiles that are gone were there when they were signed.
            Err(ReadError::Missing(_)) if locked.size > published.size => {
                return Err(rollback("tiles that were signed are gone"));
            }
            Err(error) => return Err(LogError::Read { directory: directory.to_owned(), error }),
        };
        if log.edge.root() != locked.root {
            return Err(rollback("the tiles do not give the root that was signed"));
        }
        if locked.size > published.size {
            // A crash between signing and publishing: the same note is published now.
            log.put("checkpoint", note.as_bytes())?;
        }
        Ok(log)
    }

    /// Remembers again what a log published, where what its sealer remembered is gone with its machine. Whatever was signed there and not
    /// published here is not known any more: only on purpose, and never beside a sealer that lives.
    ///
    /// # Errors
    /// Something is remembered, the log is not there, or the disk refused.
    pub fn adopt(directory: &Path, lock: &Path) -> Result<Checkpoint, LogError> {
        if lock.join("checkpoint").exists() {
            return Err(LogError::Exists(lock.join("checkpoint")));
        }
        let (published, note) = checkpoint_in(&Disk, directory)?;
        let path = lock.join("checkpoint");
        Disk.put(&path, note.as_bytes()).map_err(|error| LogError::Write { path, error })?;
        Ok(published)
    }

    /// How many entries are under the latest signed checkpoint.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.edge.size()
    }

    /// Appends leaves and signs a checkpoint over them. After an error open the log again: either the old or the new
    /// size stands, and the same leaves can be given again from [`Log::size`] on.
    ///
    /// # Errors
    /// The disk refused, another sealer was first, or the key is not the log's.
    pub fn seal(
        &mut self,
        leaves: &[Vec<u8>],
        signer: &Signer,
        now: Timestamp,
    ) -> Result<Checkpoint, LogError> {
        self.check_key(signer)?;
        if leaves.iter().any(|leaf| leaf.len() > bounds::LEAF_BYTES_MAX) {
            return Err(LogError::LeafTooLong);
        }
        let (grown, files) = self.edge.grow(leaves);
        let files: Vec<_> =
            files.into_iter().map(|(path, bytes)| (self.directory.join(path), bytes)).collect();
        self.files.put_all(&files).map_err(|(path, error)| LogError::Write { path, error })?;
        let checkpoint = Checkpoint { origin: self.origin.clone(), size: grown.size(), root: grown.root() };
        if grown.size() / WIDTH != self.edge.size() / WIDTH {
            self.kept_at = None;
        }
        self.publish(&checkpoint, &checkpoint.sign(signer), now)?;
        for path in self.edge.superseded_by(&grown) {
            // tlog-tiles lets them go; a failure here leaves files too many.
            let _ = self.files.remove(&self.directory.join(path));
        }
        self.edge = grown;
        Ok(checkpoint)
    }

    /// The audit path of entry `index` in the tree of `size`, read from the files of a log.
    ///
    /// # Errors
    /// A tile is missing or damaged.
    pub fn read_inclusion(directory: &Path, index: u64, size: u64) -> Result<Vec<Hash>, ReadError> {
        tree::inclusion(&TileReader { files: &Disk, directory, size }, index, size)
    }

    /// The proof that `old` entries are a prefix of `new`, read from the files of a log of `size` entries at least.
    ///
    /// # Errors
    /// A tile is missing or damaged.
    pub fn read_consistency(directory: &Path, old: u64, new: u64, size: u64) -> Result<Vec<Hash>, ReadError> {
        tree::consistency(&TileReader { files: &Disk, directory, size }, old, new)
    }

    fn check_key(&mut self, signer: &Signer) -> Result<(), LogError> {
        if !self.key_checked {
            let (_, note) = checkpoint_in(self.files.as_ref(), &self.directory)?;
            signer.verifier().open(&note).map_err(|_| LogError::Key)?;
            self.key_checked = true;
        }
        Ok(())
    }

    /// Steps 2 and 3.
    fn publish(&mut self, checkpoint: &Checkpoint, note: &str, now: Timestamp) -> Result<(), LogError> {
        if let Ok((locked, _)) = checkpoint_in(self.files.as_ref(), &self.lock)
            && locked.size != self.edge.size()
        {
            return Err(LogError::Raced(locked.size));
        }
        let lock = self.lock.join("checkpoint");
        self.files.put(&lock, note.as_bytes()).map_err(|error| LogError::Write { path: lock, error })?;
        if self.kept_at.is_none_or(|kept| now.since(kept) >= KEPT_EVERY) {
            self.put(&format!("checkpoints/{}", checkpoint.size), note.as_bytes())?;
            self.kept_at = Some(now);
        }
        self.put("checkpoint", note.as_bytes())
    }

    fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), LogError> {
        let path = self.directory.join(path);
        self.files.put(&path, bytes).map_err(|error| LogError::Write { path, error })
    }
}

fn checkpoint_in(files: &dyn Files, directory: &Path) -> Result<(Checkpoint, String), LogError> {
    read_checkpoint(files, directory, "checkpoint")
        .map_err(|error| LogError::Read { directory: directory.to_owned(), error })
}
