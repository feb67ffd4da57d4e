//! Ciphertexts too large for a row: one file each, made durable before the row that names it.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use vocabulary::BlobId;

/// A directory of blobs, `ab/blob_…`, two levels so that none grows too wide.
#[derive(Debug, Clone)]
pub struct Blobs {
    root: PathBuf,
}

impl Blobs {
    /// Blobs under `root`, made when absent.
    ///
    /// # Errors
    /// The directory cannot be made.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(root)?;
        Ok(Self { root: root.to_owned() })
    }

    /// Makes `bytes` durable under `id`: file and directory are synced when this returns. A crash before leaves at
    /// most a `.part` file or an orphan that no row names; both are swept.
    ///
    /// # Errors
    /// The disk refused; nothing under `id` may be relied on.
    pub fn put(&self, id: BlobId, bytes: &[u8]) -> std::io::Result<()> {
        let path = self.path(id);
        let directory = self.directory_of(&path)?;
        let part = path.with_extension("part");
        let mut file = File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, &path)?;
        File::open(directory)?.sync_all()
    }

    /// Begins a blob that comes piece by piece, with `head` bytes left free in front for what is known last. Nothing
    /// stands under `id` before [`BlobWriter::finish`].
    ///
    /// # Errors
    /// The disk refused.
    pub fn begin(&self, id: BlobId, head: usize) -> std::io::Result<BlobWriter> {
        let path = self.path(id);
        let directory = self.directory_of(&path)?;
        let part = path.with_extension("part");
        let mut file = File::create(&part)?;
        file.seek(SeekFrom::Start(head as u64))?;
        Ok(BlobWriter { file, part: Some(part), path, directory, head })
    }

    /// The bytes under `id`, to be read in order.
    ///
    /// # Errors
    /// The blob is not there, or the disk refused.
    pub fn reader(&self, id: BlobId) -> std::io::Result<impl Read + Send + use<>> {
        File::open(self.path(id))
    }

    /// The bytes under `id`.
    ///
    /// # Errors
    /// The blob is not there, or the disk refused.
    pub fn get(&self, id: BlobId) -> std::io::Result<Vec<u8>> {
        std::fs::read(self.path(id))
    }

    /// Removes a blob; absent is fine.
    ///
    /// # Errors
    /// The disk refused.
    pub fn remove(&self, id: BlobId) -> std::io::Result<()> {
        match std::fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Every blob older than `grace` on the file system's own clock, unfinished ones included as `None`: the caller
    /// asks the database which of them a row names, and removes the others.
    ///
    /// # Errors
    /// The directory cannot be read.
    pub fn older_than(&self, grace: std::time::Duration) -> std::io::Result<Vec<(Option<BlobId>, PathBuf)>> {
        let mut found = Vec::new();
        for directory in std::fs::read_dir(&self.root)? {
            let directory = directory?.path();
            if !directory.is_dir() {
                continue;
            }
            for file in std::fs::read_dir(&directory)? {
                let file = file?;
                let age = file.metadata()?.modified()?.elapsed().unwrap_or_default();
                if age >= grace {
                    let id = file.file_name().to_str().and_then(|name| name.parse().ok());
                    found.push((id, file.path()));
                }
            }
        }
        Ok(found)
    }

    /// Makes the directory of a blob, durably.
    fn directory_of(&self, path: &Path) -> std::io::Result<PathBuf> {
        let directory = path.parent().unwrap_or(&self.root).to_owned();
        if !directory.exists() {
            std::fs::create_dir_all(&directory)?;
            File::open(&self.root)?.sync_all().inspect_err(|_| {
                // Nobody may find it there and take its name for durable.
                let _ = std::fs::remove_dir(&directory);
            })?;
        }
        Ok(directory)
    }

    fn path(&self, id: BlobId) -> PathBuf {
        let name = id.to_string();
        // The last characters are random, the first are the time.
        let shard = name.get(name.len().saturating_sub(2)..).unwrap_or("00").to_owned();
        self.root.join(shard).join(name)
    }
}

/// A blob that is coming. Dropped before it is finished, it leaves nothing.
#[derive(Debug)]
pub struct BlobWriter {
    file: File,
    /// Until it is finished.
    part: Option<PathBuf>,
    path: PathBuf,
    directory: PathBuf,
    head: usize,
}

impl BlobWriter {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// The disk refused: the blob cannot be finished.
    pub fn push(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Writes what goes in front and makes the blob durable under its id, as [`Blobs::put`] does.
    ///
    /// # Errors
    /// The disk refused, or `head` is not as long as was said; nothing under the id may be relied on.
    pub fn finish(mut self, head: &[u8]) -> std::io::Result<()> {
        if head.len() != self.head {
            return Err(std::io::ErrorKind::InvalidInput.into());
        }
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(head)?;
        self.file.sync_all()?;
        if let Some(part) = self.part.take() {
            std::fs::rename(part, &self.path)?;
        }
        File::open(&self.directory)?.sync_all()
    }
}

impl Drop for BlobWriter {
    fn drop(&mut self) {
        if let Some(part) = self.part.take() {
            // If it stays, the sweep takes it.
            let _ = std::fs::remove_file(part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vocabulary::{SeededEntropy, Timestamp};

    #[test]
    fn a_blob_comes_back_and_goes_away() {
        let root = std::env::temp_dir().join(format!("cerebro-blobs-{}", std::process::id()));
        let blobs = Blobs::open(&root).unwrap();
        let id = BlobId::new(Timestamp::from_micros(1), &SeededEntropy::new(3));
        blobs.put(id, b"sealed").unwrap();
        assert_eq!(blobs.get(id).unwrap(), b"sealed");
        assert_eq!(blobs.older_than(std::time::Duration::ZERO).unwrap().len(), 1);
        blobs.remove(id).unwrap();
        blobs.remove(id).unwrap();
        assert!(blobs.get(id).is_err());
        let mut writer = blobs.begin(id, 3).unwrap();
        writer.push(b"bo").unwrap();
        writer.push(b"dy").unwrap();
        assert!(blobs.get(id).is_err(), "nothing stands there before the end");
        writer.finish(b"hea").unwrap();
        assert_eq!(blobs.get(id).unwrap(), b"heabody");
        let mut read = Vec::new();
        blobs.reader(id).unwrap().read_to_end(&mut read).unwrap();
        assert_eq!(read, b"heabody");
        blobs.remove(id).unwrap();
        let mut given_up = blobs.begin(id, 0).unwrap();
        given_up.push(b"x").unwrap();
        drop(given_up);
        assert!(blobs.older_than(std::time::Duration::ZERO).unwrap().is_empty());
        std::fs::remove_dir_all(root).unwrap();
    }
}
