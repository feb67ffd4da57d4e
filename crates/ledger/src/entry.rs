//! One entry: who did what to which subject, when, and a commitment to the detail.
//!
//! Canonical bytes, version 1: one JSON object on one line, keys in alphabetical order, no spaces, times as integers.
//! Reading is strict: bytes that would not be written the same way are refused, so an entry has one encoding.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vocabulary::{OperationId, OrganisationId, Timestamp, bounds};

use crate::Hash;

/// An entry of an organisation's log. No personal data: ids and words only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Whose log it stands in.
    pub organisation: OrganisationId,
    /// What happened, a dotted word: `hold.released`.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// Who: `account_…` or `system:…`.
    pub actor: String,
    /// The step it belongs to.
    pub operation: OperationId,
    /// To what: an id.
    pub subject: String,
    /// [`commitment`] to the detail, which is kept sealed outside the tree.
    pub commitment: Hash,
}

/// The bytes are not an entry.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// Longer than a leaf may be.
    #[error("an entry has at most {} bytes", bounds::LEAF_BYTES_MAX)]
    TooLong,
    /// Not the JSON of an entry.
    #[error("not an entry: {0}")]
    Json(#[from] serde_json::Error),
    /// Written in another way than the canonical one, or by a later version.
    #[error("not the canonical bytes of an entry of version 1")]
    NotCanonical,
}

/// Field order is the canonical order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    actor: String,
    at: i64,
    commitment: Hash,
    kind: String,
    operation: OperationId,
    organisation: OrganisationId,
    subject: String,
    v: u32,
}

impl Entry {
    /// The canonical bytes: the leaf.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let wire = Wire {
            actor: self.actor.clone(),
            at: self.at.micros(),
            commitment: self.commitment,
            kind: self.kind.clone(),
            operation: self.operation,
            organisation: self.organisation,
            subject: self.subject.clone(),
            v: 1,
        };
        // Strings and integers only: there is nothing in it that JSON cannot say.
        serde_json::to_vec(&wire).unwrap_or_default()
    }

    /// Reads canonical bytes.
    ///
    /// # Errors
    /// They are not an entry's, or not canonical.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, EntryError> {
        if bytes.len() > bounds::LEAF_BYTES_MAX {
            return Err(EntryError::TooLong);
        }
        let wire: Wire = serde_json::from_slice(bytes)?;
        let version = wire.v;
        let entry = Self {
            organisation: wire.organisation,
            kind: wire.kind,
            at: Timestamp::from_micros(wire.at),
            actor: wire.actor,
            operation: wire.operation,
            subject: wire.subject,
            commitment: wire.commitment,
        };
        if version == 1 && entry.to_bytes() == bytes { Ok(entry) } else { Err(EntryError::NotCanonical) }
    }
}

/// `SHA-256(salt || detail)`: says nothing about the detail without the salt, and binds it with.
#[must_use]
pub fn commitment(salt: &[u8; 32], detail: &[u8]) -> Hash {
    Hash(Sha256::new_with_prefix(salt).chain_update(detail).finalize().into())
}
