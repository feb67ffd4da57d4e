//! A verifiable copy of a log.

use std::path::Path;

use crate::files::{Disk, Files};
use crate::log::LogError;
use crate::reader::{ReadError, TileReader, read_checkpoint};
use crate::tile::{WIDTH, bundle_path, encode_bundle, encode_tile, hashes_at, tile_path, width_at};

/// Copies the log as its latest checkpoint signs it into a new directory: the tiles and bundles of that size, the
/// checkpoints kept up to it, nothing that a running sealer adds meanwhile. The key it carries in `vkey` is for
/// convenience: whoever verifies must have it from elsewhere.
///
/// # Errors
/// `into` exists already, a file of the log is missing or damaged, or a copy could not be written.
pub fn export(directory: &Path, into: &Path) -> Result<(), LogError> {
    let read = |error| LogError::Read { directory: directory.to_owned(), error };
    let (checkpoint, note) = read_checkpoint(&Disk, directory, "checkpoint").map_err(read)?;
    std::fs::create_dir(into).map_err(|error| LogError::Write { path: into.to_owned(), error })?;
    let copy = Copy { reader: TileReader { files: &Disk, directory, size: checkpoint.size }, into };
    for level in (0..).take_while(|level| hashes_at(*level, checkpoint.size) > 0) {
        for index in 0..hashes_at(level, checkpoint.size).div_ceil(WIDTH) {
            copy.tile(level, index)?;
        }
    }
    for index in 0..checkpoint.size.div_ceil(WIDTH) {
        copy.bundle(index)?;
    }
    for size in kept_sizes(directory).into_iter().filter(|size| *size <= checkpoint.size) {
        copy.file(&format!("checkpoints/{size}"))?;
    }
    copy.file("vkey")?;
    copy.put("checkpoint", note.as_bytes())
}

/// The sizes of the checkpoints that a log keeps, smallest first.
pub(crate) fn kept_sizes(directory: &Path) -> Vec<u64> {
    let names = std::fs::read_dir(directory.join("checkpoints")).into_iter().flatten().flatten();
    let mut sizes: Vec<u64> = names
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            name.parse().ok().filter(|size: &u64| size.to_string() == name)
        })
        .collect();
    sizes.sort_unstable();
    sizes
}

struct Copy<'a> {
    reader: TileReader<'a>,
    into: &'a Path,
}

impl Copy<'_> {
    fn read_error(&self, error: ReadError) -> LogError {
        LogError::Read { directory: self.reader.directory.to_owned(), error }
    }

    fn tile(&self, level: u32, index: u64) -> Result<(), LogError> {
        let hashes = self.reader.tile(level, index).map_err(|error| self.read_error(error))?;
        self.put(&tile_path(level, index, hashes.len() as u64), &encode_tile(&hashes))
    }

    fn bundle(&self, index: u64) -> Result<(), LogError> {
        let entries = self.reader.entries(index).map_err(|error| self.read_error(error))?;
        self.put(&bundle_path(index, width_at(0, index, self.reader.size)), &encode_bundle(&entries))
    }

    fn file(&self, path: &str) -> Result<(), LogError> {
        let bytes = Disk
            .get(&self.reader.directory.join(path))
            .map_err(|error| self.read_error(ReadError::Disk { path: path.to_owned(), error }))?;
        self.put(path, &bytes)
    }

    fn put(&self, path: &str, bytes: &[u8]) -> Result<(), LogError> {
        let path = self.into.join(path);
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        made.and_then(|()| std::fs::write(&path, bytes)).map_err(|error| LogError::Write { path, error })
    }
}
