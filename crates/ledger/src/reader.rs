//! Reads a log's tiles and bundles as the log of a given size has them.

use std::io;
use std::path::Path;

use crate::files::{Disk, Files};
use crate::tile::{HEIGHT, WIDTH, bundle_path, decode_bundle, decode_tile, tile_path, width_at};
use crate::tree::{Subtrees, perfect};
use crate::{Checkpoint, Hash};

/// Why a file of a log says nothing. Paths are those inside the log.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is not there.
    #[error("{0} is missing")]
    Missing(String),
    /// The disk refused.
    #[error("{path} cannot be read: {error}")]
    Disk {
        /// Which file.
        path: String,
        /// What the disk said.
        error: io::Error,
    },
    /// It does not hold what it should.
    #[error("{path} is damaged: {why}")]
    Damaged {
        /// Which file.
        path: String,
        /// What is wrong.
        why: &'static str,
    },
}

impl ReadError {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &str {
        let (Self::Missing(path) | Self::Disk { path, .. } | Self::Damaged { path, .. }) = self;
        path
    }
}

/// A tile's or bundle's file: its own, or the full one that took its place (tlog-tiles lets partial ones go).
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) path: String,
    pub(crate) bytes: Vec<u8>,
    /// How many hashes or entries its name promises.
    pub(crate) width: u64,
}

/// The files of a log of `size` entries.
#[derive(Debug)]
pub(crate) struct TileReader<'a> {
    pub(crate) files: &'a dyn Files,
    pub(crate) directory: &'a Path,
    pub(crate) size: u64,
}

impl TileReader<'_> {
    /// A tile, as wide as the log makes it.
    pub(crate) fn tile(&self, level: u32, index: u64) -> Result<Vec<Hash>, ReadError> {
        let width = width_at(level, index, self.size);
        let found = self.find(width, |width| tile_path(level, index, width))?;
        let mut hashes = decode_tile(&found.bytes, found.width)
            .ok_or(ReadError::Damaged { path: found.path, why: "not as many hashes as its name says" })?;
        hashes.truncate(usize::try_from(width).unwrap_or(usize::MAX));
        Ok(hashes)
    }

    /// The bundle `index`, undecoded: it may hold anything.
    pub(crate) fn bundle(&self, index: u64) -> Result<Found, ReadError> {
        self.find(width_at(0, index, self.size), |width| bundle_path(index, width))
    }

    /// The entries of the bundle `index`, as many as the log has there.
    pub(crate) fn entries(&self, index: u64) -> Result<Vec<Vec<u8>>, ReadError> {
        let width = width_at(0, index, self.size);
        let found = self.bundle(index)?;
        let entries = decode_bundle(&found.bytes).filter(|entries| entries.len() as u64 == found.width);
        let entries = entries
            .ok_or(ReadError::Damaged { path: found.path, why: "not as many entries as its name says" })?;
        let width = usize::try_from(width).unwrap_or(usize::MAX);
        Ok(entries.into_iter().take(width).map(<[u8]>::to_vec).collect())
    }

    fn find(&self, width: u64, path: impl Fn(u64) -> String) -> Result<Found, ReadError> {
        let own = read(self.files, self.directory, &path(width));
        let (path, width, bytes) = match own {
            Err(ReadError::Missing(missing)) if width < WIDTH => {
                let bytes = read(self.files, self.directory, &path(WIDTH)).map_err(|error| match error {
                    ReadError::Missing(_) => ReadError::Missing(missing),
                    other => other,
                })?;
                (path(WIDTH), WIDTH, bytes)
            }
            own => (path(width), width, own?),
        };
        Ok(Found { path, bytes, width })
    }
}

impl Subtrees for TileReader<'_> {
    type Error = ReadError;

    fn subtree(&self, level: u32, index: u64) -> Result<Hash, ReadError> {
        let (tile_level, above) = (level / HEIGHT, level % HEIGHT);
        let (first, count) = (index << above, 1_u64 << above);
        let tile = self.tile(tile_level, first / WIDTH)?;
        let start = usize::try_from(first % WIDTH).unwrap_or(usize::MAX);
        let hashes = tile.get(start..start.saturating_add(usize::try_from(count).unwrap_or(usize::MAX)));
        hashes.map(perfect).ok_or_else(|| ReadError::Damaged {
            path: tile_path(tile_level, first / WIDTH, WIDTH),
            why: "narrower than the log",
        })
    }
}

fn read(files: &dyn Files, directory: &Path, path: &str) -> Result<Vec<u8>, ReadError> {
    files.get(&directory.join(path)).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ReadError::Missing(path.to_owned()),
        _ => ReadError::Disk { path: path.to_owned(), error },
    })
}

/// A signed note of a log as text; who signed it is not checked.
pub(crate) fn read_note(files: &dyn Files, directory: &Path, path: &str) -> Result<String, ReadError> {
    let bytes = read(files, directory, path)?;
    String::from_utf8(bytes).map_err(|_| ReadError::Damaged { path: path.to_owned(), why: "not text" })
}

/// A checkpoint of a log with its note; who signed it is not checked.
pub(crate) fn read_checkpoint(
    files: &dyn Files,
    directory: &Path,
    path: &str,
) -> Result<(Checkpoint, String), ReadError> {
    let note = read_note(files, directory, path)?;
    match Checkpoint::parse_note(&note) {
        Ok(checkpoint) => Ok((checkpoint, note)),
        Err(_) => Err(ReadError::Damaged { path: path.to_owned(), why: "not a signed checkpoint" }),
    }
}

/// The leaves of a log one by one, as its files have them: nothing is verified.
#[derive(Debug)]
pub struct Leaves<'a> {
    directory: &'a Path,
    size: u64,
    next: u64,
    bundle: std::vec::IntoIter<Vec<u8>>,
}

impl<'a> Leaves<'a> {
    /// Those of the log in `directory`, from an index on.
    ///
    /// # Errors
    /// There is no checkpoint that says how many there are.
    pub fn of(directory: &'a Path, from: u64) -> Result<Self, ReadError> {
        let (checkpoint, _) = read_checkpoint(&Disk, directory, "checkpoint")?;
        Ok(Self { directory, size: checkpoint.size, next: from, bundle: Vec::new().into_iter() })
    }
}

impl Iterator for Leaves<'_> {
    type Item = Result<(u64, Vec<u8>), ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.next >= self.size {
            return None;
        }
        let index = self.next;
        if self.bundle.len() == 0 {
            let reader = TileReader { files: &Disk, directory: self.directory, size: self.size };
            match reader.entries(index / WIDTH) {
                Ok(entries) => self.bundle = entries.into_iter(),
                Err(error) => {
                    self.next = self.size;
                    return Some(Err(error));
                }
            }
            // The first bundle is entered in its middle.
            for _ in 0..index % WIDTH {
                self.bundle.next();
            }
        }
        self.next += 1;
        self.bundle.next().map(|leaf| Ok((index, leaf)))
    }
}
