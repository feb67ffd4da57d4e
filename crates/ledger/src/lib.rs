//! Entries, Merkle tree, tiles, signed checkpoints, proofs, offline verification.
//!
//! A log is a directory in C2SP formats (tlog-tiles, tlog-checkpoint, signed-note), hashed as RFC 6962: third-party
//! tools verify it today. [`Log`] makes and grows one, [`verify_directory`] checks one from files and a public key.
//! `docs/formats/ledger.md` lets a stranger write their own.
//!
//! **Invariants:** verification needs no database and no network (invariant 10); a leaf holds no personal data, only
//! pseudonymous ids and a salted commitment (invariant 12); a log is created by [`Log::init`] and nothing else.

pub mod checkpoint;
mod edge;
pub mod entry;
mod export;
mod files;
pub mod hash;
pub mod log;
pub mod note;
pub mod proof;
mod reader;
pub mod tile;
pub mod tree;
mod verify;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use entry::{Entry, EntryError, commitment};
pub use export::export;
pub use files::{Disk, Files};
pub use hash::{Hash, leaf_hash, node_hash};
pub use log::{Log, LogError};
pub use note::{NoteError, Signer, Verifier};
pub use reader::{Leaves, ReadError};
pub use verify::{Place, Report, verify_directory};

#[cfg(test)]
mod tests;
