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

use crate::files::{Disk, Files};
use crate::tile::{
    HEIGHT, WIDTH, bundle_path, decode_bundle, decode_tile, encode_bundle, encode_tile, tile_path, width_at,
};
use crate::tree::{self, Subtrees};
use crate::{Checkpoint, Hash, Signer, leaf_hash, node_hash};

/// A signed checkpoint is kept under `checkpoints/` at least this often while the log grows, so that a fault can be
/// named between two of them.
const KEPT_EVERY: Duration = Duration::from_secs(60);

/// Why a log was not made, opened or grown.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// A log stands there already.
    #[error("a log stands there already: {0}")]
    Exists(PathBuf),
    /// A file is missing or cannot be written. Nothing was signed.
    #[error("{path}: {error}")]
    Files {
        /// Which file.
        path: PathBuf,
        /// What the disk said.
        error: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{path} is damaged: {why}")]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong.
        why: &'static str,
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
    state: State,
    origin: String,
    kept_at: Option<Timestamp>,
    key_checked: bool,
}

/// The right edge of the tree: what the next entries are added to.
#[derive(Debug, Clone, Default)]
struct State {
    size: u64,
    /// The unfinished tile of each level.
    edge: Vec<Vec<Hash>>,
    /// The entries of the unfinished bundle.
    bundle: Vec<Vec<u8>>,
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
        let state = State::default();
        let mut log = Self {
            directory: directory.to_owned(),
            lock: lock.to_owned(),
            files,
            state,
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
        let (published, _) = read_checkpoint(files.as_ref(), &directory.join("checkpoint"))?;
        let (locked, note) = read_checkpoint(files.as_ref(), &lock.join("checkpoint"))?;
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
            state: State::default(),
            origin: published.origin.clone(),
            kept_at: None,
            key_checked: false,
        };
        log.state = log.load(locked.size).map_err(|error| match error {
            // Signed tiles that are gone were there when they were signed.
            LogError::Files { .. } if locked.size > published.size => {
                rollback("tiles that were signed are gone")
            }
            other => other,
        })?;
        if log.state.root() != locked.root {
            return Err(rollback("the tiles do not give the root that was signed"));
        }
        if locked.size > published.size {
            // A crash between signing and publishing: the same note is published now.
            log.put("checkpoint", note.as_bytes())?;
        }
        Ok(log)
    }

    /// How many entries are under the latest signed checkpoint.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.state.size
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
        let (state, files) = grow(&self.state, leaves);
        for (path, bytes) in files {
            self.put(&path, &bytes)?;
        }
        let checkpoint = Checkpoint { origin: self.origin.clone(), size: state.size, root: state.root() };
        let crossed = state.size / WIDTH != self.state.size / WIDTH;
        if crossed {
            self.kept_at = None;
        }
        self.publish(&checkpoint, &checkpoint.sign(signer), now)?;
        self.remove_superseded(&state);
        self.state = state;
        Ok(checkpoint)
    }

    /// The audit path of entry `index` in the tree of `size`, read from the files of a log.
    ///
    /// # Errors
    /// A tile is missing or damaged.
    pub fn read_inclusion(directory: &Path, index: u64, size: u64) -> Result<Vec<Hash>, LogError> {
        tree::inclusion(&TileReader { files: &Disk, directory, size }, index, size)
    }

    /// The proof that `old` entries are a prefix of `new`, read from the files of a log of `size` entries at least.
    ///
    /// # Errors
    /// A tile is missing or damaged.
    pub fn read_consistency(directory: &Path, old: u64, new: u64, size: u64) -> Result<Vec<Hash>, LogError> {
        tree::consistency(&TileReader { files: &Disk, directory, size }, old, new)
    }

    fn check_key(&mut self, signer: &Signer) -> Result<(), LogError> {
        if !self.key_checked {
            let (_, note) = read_checkpoint(self.files.as_ref(), &self.directory.join("checkpoint"))?;
            signer.verifier().open(&note).map_err(|_| LogError::Key)?;
            self.key_checked = true;
        }
        Ok(())
    }

    /// Steps 2 and 3.
    fn publish(&mut self, checkpoint: &Checkpoint, note: &str, now: Timestamp) -> Result<(), LogError> {
        let lock = self.lock.join("checkpoint");
        if let Ok((locked, _)) = read_checkpoint(self.files.as_ref(), &lock)
            && locked.size != self.state.size
        {
            return Err(LogError::Raced(locked.size));
        }
        self.files.put(&lock, note.as_bytes()).map_err(|error| LogError::Files { path: lock, error })?;
        if self.kept_at.is_none_or(|kept| now.since(kept) >= KEPT_EVERY) {
            self.put(&format!("checkpoints/{}", checkpoint.size), note.as_bytes())?;
            self.kept_at = Some(now);
        }
        self.put("checkpoint", note.as_bytes())
    }

    /// Partial tiles and bundles of a tile that is now full serve nobody (tlog-tiles allows their removal). A failure
    /// here leaves a file too many.
    fn remove_superseded(&mut self, grown: &State) {
        for level in 0..=8 {
            let (before, after) = (width_edge(level, self.state.size), width_edge(level, grown.size));
            if before.0 == after.0 || before.1 == 0 {
                continue;
            }
            let mut gone = vec![tile_path(level, before.0, before.1)];
            if level == 0 {
                gone.push(bundle_path(before.0, before.1));
            }
            for path in gone {
                let _ = self.files.remove(&self.directory.join(path));
            }
        }
    }

    fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), LogError> {
        let path = self.directory.join(path);
        self.files.put(&path, bytes).map_err(|error| LogError::Files { path, error })
    }

    /// The right edge of the log at `size`, from its files.
    fn load(&self, size: u64) -> Result<State, LogError> {
        let reader = TileReader { files: self.files.as_ref(), directory: &self.directory, size };
        let mut state = State { size, ..State::default() };
        for level in 0.. {
            if size >> (level * HEIGHT) == 0 {
                break;
            }
            let (index, width) = width_edge(level, size);
            state.edge.push(if width == 0 { Vec::new() } else { reader.tile(level, index)? });
        }
        let (index, width) = width_edge(0, size);
        if width > 0 {
            let path = self.directory.join(bundle_path(index, width));
            let bytes =
                self.files.get(&path).map_err(|error| LogError::Files { path: path.clone(), error })?;
            let entries = decode_bundle(&bytes).filter(|entries| entries.len() as u64 == width);
            let entries = entries.ok_or(LogError::Damaged { path, why: "not a bundle of that width" })?;
            state.bundle = entries.into_iter().map(<[u8]>::to_vec).collect();
        }
        Ok(state)
    }
}

/// Index and width of the unfinished tile of a level.
const fn width_edge(level: u32, size: u64) -> (u64, u64) {
    let count = crate::tile::hashes_at(level, size);
    (count / WIDTH, count % WIDTH)
}

impl State {
    fn root(&self) -> Hash {
        // Perfect subtrees from left to right: the highest level's first. RFC 6962 folds them from the right.
        let mut parts = Vec::new();
        for tile in self.edge.iter().rev() {
            let mut rest = tile.as_slice();
            while !rest.is_empty() {
                let (whole, after) = rest.split_at(1 << rest.len().ilog2());
                parts.push(perfect(whole));
                rest = after;
            }
        }
        let last = parts.pop().unwrap_or_else(Hash::of_nothing);
        parts.iter().rev().fold(last, |right, left| node_hash(left, &right))
    }
}

/// The root of a power of two of hashes.
fn perfect(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => Hash::of_nothing(),
        [one] => *one,
        more => {
            let (left, right) = more.split_at(more.len() / 2);
            node_hash(&perfect(left), &perfect(right))
        }
    }
}

type NewFiles = Vec<(String, Vec<u8>)>;

/// The edge after `leaves`, and every file that growth writes: full tiles and bundles as they fill, then the partial
/// ones that are left. A pure function.
fn grow(from: &State, leaves: &[Vec<u8>]) -> (State, NewFiles) {
    let (mut state, mut files) = (from.clone(), Vec::new());
    for leaf in leaves {
        state.bundle.push(leaf.clone());
        let mut carry = leaf_hash(leaf);
        for level in 0_u32.. {
            let place = level as usize;
            if state.edge.len() == place {
                state.edge.push(Vec::new());
            }
            let Some(tile) = state.edge.get_mut(place) else { break };
            tile.push(carry);
            if (tile.len() as u64) < WIDTH {
                break;
            }
            let index = state.size >> ((level + 1) * HEIGHT);
            files.push((tile_path(level, index, WIDTH), encode_tile(tile)));
            if level == 0 {
                files.push((bundle_path(index, WIDTH), encode_bundle(&state.bundle)));
                state.bundle.clear();
            }
            carry = perfect(tile);
            tile.clear();
        }
        state.size += 1;
    }
    for (level, tile) in (0_u32..).zip(&state.edge) {
        // A level whose tile did not change has its file already.
        let unchanged = from.edge.get(level as usize).is_some_and(|before| before == tile)
            && from.size >> ((level + 1) * HEIGHT) == state.size >> ((level + 1) * HEIGHT);
        if tile.is_empty() || unchanged {
            continue;
        }
        let (index, width) = width_edge(level, state.size);
        files.push((tile_path(level, index, width), encode_tile(tile)));
        if level == 0 {
            files.push((bundle_path(index, width), encode_bundle(&state.bundle)));
        }
    }
    (state, files)
}

/// Subtree hashes from the tiles of a log of `size` entries.
#[derive(Debug)]
pub(crate) struct TileReader<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) directory: &'a Path,
    pub(crate) size: u64,
}

impl TileReader<'_> {
    /// A tile as wide as the log makes it.
    pub(crate) fn tile(&self, level: u32, index: u64) -> Result<Vec<Hash>, LogError> {
        let width = width_at(level, index, self.size);
        let path = self.directory.join(tile_path(level, index, width));
        let bytes = self.files.get(&path).map_err(|error| LogError::Files { path: path.clone(), error })?;
        decode_tile(&bytes, width)
            .ok_or(LogError::Damaged { path, why: "not as many hashes as its name says" })
    }
}

impl Subtrees for TileReader<'_> {
    type Error = LogError;

    fn subtree(&self, level: u32, index: u64) -> Result<Hash, LogError> {
        let (tile_level, above) = (level / HEIGHT, level % HEIGHT);
        let (first, count) = (index << above, 1_u64 << above);
        let tile = self.tile(tile_level, first / WIDTH)?;
        let start = usize::try_from(first % WIDTH).unwrap_or(usize::MAX);
        let hashes = tile.get(start..start.saturating_add(usize::try_from(count).unwrap_or(usize::MAX)));
        hashes.map(perfect).ok_or_else(|| LogError::Damaged {
            path: self.directory.join(tile_path(tile_level, first / WIDTH, WIDTH)),
            why: "narrower than the log",
        })
    }
}

fn read_checkpoint(files: &dyn Files, path: &Path) -> Result<(Checkpoint, String), LogError> {
    let bytes = files.get(path).map_err(|error| LogError::Files { path: path.to_owned(), error })?;
    let damaged = LogError::Damaged { path: path.to_owned(), why: "not a signed checkpoint" };
    let Ok(note) = String::from_utf8(bytes) else { return Err(damaged) };
    match Checkpoint::parse_note(&note) {
        Ok(checkpoint) => Ok((checkpoint, note)),
        Err(_) => Err(damaged),
    }
}
