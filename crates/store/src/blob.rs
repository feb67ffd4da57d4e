//! Ciphertexts too large for a row: one file each, made durable before the row that names it.

use std::io::Write;
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
        let directory = path.parent().unwrap_or(&self.root);
        if !directory.exists() {
            std::fs::create_dir_all(directory)?;
            std::fs::File::open(&self.root)?.sync_all()?;
        }
        let part = path.with_extension("part");
        let mut file = std::fs::File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, &path)?;
        std::fs::File::open(directory)?.sync_all()
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

    fn path(&self, id: BlobId) -> PathBuf {
        let name = id.to_string();
        // The last characters are random, the first are the time.
        let shard = name.get(name.len().saturating_sub(2)..).unwrap_or("00").to_owned();
        self.root.join(shard).join(name)
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
        std::fs::remove_dir_all(root).unwrap();
    }
}
