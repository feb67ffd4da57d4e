//! C2SP tlog-proof: one entry, its path and the signed checkpoint in one text that anybody can check offline.

use std::fmt::Write as _;

use crate::tree::{self, ProofError};
use crate::{Checkpoint, CheckpointError, Hash, NoteError, Verifier, leaf_hash};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProof {
    /// Not the text of a proof.
    #[error("not a tlog-proof")]
    Shape,
    /// The checkpoint is not signed by the key.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The signed text is not a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The path does not lead from this leaf to the root.
    #[error(transparent)]
    Path(#[from] ProofError),
}

/// The text of a proof.
#[must_use]
pub fn render(index: u64, path: &[Hash], note: &str) -> String {
    let mut text = format!("{HEADER}\nindex {index}\n");
    for hash in path {
        let _ = writeln!(text, "{hash}");
    }
    text + "\n" + note
}

/// Checks that `leaf` stands in the log of `key`; its index and the checkpoint it is under.
///
/// # Errors
/// It does not, or the text is not a proof.
pub fn verify(text: &str, leaf: &[u8], key: &Verifier) -> Result<(u64, Checkpoint), InvalidProof> {
    let (head, note) = text.split_once("\n\n").ok_or(InvalidProof::Shape)?;
    let mut lines = head.lines();
    if lines.next() != Some(HEADER) {
        return Err(InvalidProof::Shape);
    }
    let mut line = lines.next().ok_or(InvalidProof::Shape)?;
    if line.starts_with("extra ") {
        line = lines.next().ok_or(InvalidProof::Shape)?;
    }
    let index = line.strip_prefix("index ").and_then(|text| text.parse().ok()).ok_or(InvalidProof::Shape)?;
    let path: Vec<Hash> =
        lines.map(|line| line.parse().map_err(|_| InvalidProof::Shape)).collect::<Result<_, _>>()?;
    let checkpoint = Checkpoint::parse(key.open(note)?)?;
    tree::verify_inclusion(leaf_hash(leaf), index, checkpoint.size, &path, &checkpoint.root)?;
    Ok((index, checkpoint))
}
