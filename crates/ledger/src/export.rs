//! A verifiable copy of a log.

use std::io;
use std::path::Path;

/// Copies a log's tiles, entries, kept checkpoints and latest checkpoint into a new directory. The latest checkpoint is
/// read first: what a running sealer adds meanwhile is more than it needs, never less. The key it carries in `vkey`
/// is for convenience: whoever verifies must have it from elsewhere.
///
/// # Errors
/// `into` exists already, or a file could not be copied.
pub fn export(directory: &Path, into: &Path) -> io::Result<()> {
    let checkpoint = std::fs::read(directory.join("checkpoint"))?;
    std::fs::create_dir(into)?;
    copy_tree(&directory.join("tile"), &into.join("tile"))?;
    copy_tree(&directory.join("checkpoints"), &into.join("checkpoints"))?;
    std::fs::copy(directory.join("vkey"), into.join("vkey"))?;
    std::fs::write(into.join("checkpoint"), checkpoint)
}

fn copy_tree(from: &Path, into: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(into)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), into.join(entry.file_name()));
        if source.is_dir() {
            copy_tree(&source, &target)?;
        } else if source.extension().is_none_or(|extension| extension != "part") {
            match std::fs::copy(&source, &target) {
                // A partial tile that the sealer replaced by its full one between listing and copying.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
                Ok(_) => {}
            }
        }
    }
    Ok(())
}
