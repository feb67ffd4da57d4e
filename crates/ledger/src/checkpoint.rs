//! C2SP checkpoints: origin, size, root, and whatever lines follow.

use crate::note::{self, NoteError};
use crate::{Hash, Signer};

/// How large a log is and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, for ever.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// Their root.
    pub root: Hash,
}

/// The text is not a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// Not origin, decimal size and base64 root on lines of their own.
    #[error("not a checkpoint: origin, size and root on lines of their own")]
    Shape,
    /// Not a signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// The body, as it is signed.
    #[must_use]
    pub fn body(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// Reads a body; extension lines are allowed and ignored.
    ///
    /// # Errors
    /// It is not one.
    pub fn parse(body: &str) -> Result<Self, CheckpointError> {
        let mut lines = body.strip_suffix('\n').ok_or(CheckpointError::Shape)?.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(CheckpointError::Shape);
        };
        let canonical = size == "0" || !(size.starts_with('0') || size.starts_with('+'));
        let (Ok(size), Ok(root), true) = (size.parse(), root.parse(), canonical && !origin.is_empty()) else {
            return Err(CheckpointError::Shape);
        };
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// Reads the body of a signed note, without checking who signed it.
    ///
    /// # Errors
    /// It is not a note, or its text not a checkpoint.
    pub fn parse_note(note: &str) -> Result<Self, CheckpointError> {
        Self::parse(note::split(note)?.0)
    }

    /// The signed note.
    #[must_use]
    pub fn sign(&self, signer: &Signer) -> String {
        signer.sign(&self.body())
    }
}
