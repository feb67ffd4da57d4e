//! C2SP tlog-proof: one entry, its path and the signed checkpoint in one text that anybody can check offline.
//!
//! Its `extra` line carries what the checkpoint does not: the entry, and what it commits to where the proof is for
//! somebody who may know it. The line is not signed; it is believed only because it hashes to what is.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::tree::{self, ProofError};
use crate::{
    Checkpoint, CheckpointError, Entry, EntryError, Hash, NoteError, Verifier, commitment, leaf_hash,
};

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Why a proof does not hold.
#[derive(Debug, thiserror::Error)]
pub enum InvalidProof {
    /// Not the text of a proof.
    #[error("not a tlog-proof")]
    Shape,
    /// The extra line is not that of one of our proofs: the entry must come from elsewhere.
    #[error("the proof does not carry its entry")]
    NoEntry,
    /// The extra line carries a leaf that is no entry.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// The extra line carries another detail than the one the entry commits to.
    #[error("the detail is not the one that the entry commits to")]
    Commitment,
    /// The checkpoint is not signed by the key.
    #[error("checkpoint: {0}")]
    Note(#[from] NoteError),
    /// The signed text is not a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The path does not lead from this leaf to the root.
    #[error("the entry is not the one at this index of the signed log")]
    Path(#[from] ProofError),
}

/// What an entry commits to, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// 32 random bytes.
    pub salt: [u8; 32],
    /// JSON text.
    pub detail: String,
}

/// What a proof proved.
#[derive(Debug, Clone)]
pub struct Proven {
    /// Place in the log.
    pub index: u64,
    /// The signed checkpoint it is under.
    pub checkpoint: Checkpoint,
    /// The entry.
    pub entry: Entry,
    /// The detail it commits to, where the proof opens it.
    pub detail: Option<String>,
}

/// The extra line's JSON.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extra {
    leaf: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    salt: Option<Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

/// The text of a proof that carries its entry, opened or not.
#[must_use]
pub fn render(index: u64, entry: &Entry, opening: Option<&Opening>, path: &[Hash], note: &str) -> String {
    let extra = Extra {
        leaf: STANDARD.encode(entry.to_bytes()),
        salt: opening.map(|opening| Hash(opening.salt)),
        detail: opening.map(|opening| opening.detail.clone()),
    };
    // Strings only: there is nothing in it that JSON cannot say.
    let extra = STANDARD.encode(serde_json::to_vec(&extra).unwrap_or_default());
    let mut text = format!("{HEADER}\nextra {extra}\nindex {index}\n");
    for hash in path {
        let _ = writeln!(text, "{hash}");
    }
    text + "\n" + note
}

/// Checks a proof that carries its entry.
///
/// # Errors
/// It does not hold for this key, or carries no entry.
pub fn verify(text: &str, key: &Verifier) -> Result<Proven, InvalidProof> {
    let extra = parse(text)?.extra.ok_or(InvalidProof::NoEntry)?;
    let extra: Extra = STANDARD
        .decode(extra)
        .ok()
        .and_then(|json| serde_json::from_slice(&json).ok())
        .ok_or(InvalidProof::NoEntry)?;
    let leaf = STANDARD.decode(extra.leaf).map_err(|_| InvalidProof::NoEntry)?;
    let (index, checkpoint) = verify_leaf(text, &leaf, key)?;
    let entry = Entry::from_bytes(&leaf)?;
    let detail = match (extra.salt, extra.detail) {
        (Some(salt), Some(detail)) if commitment(&salt.0, detail.as_bytes()) == entry.commitment => {
            Some(detail)
        }
        (None, None) => None,
        _ => return Err(InvalidProof::Commitment),
    };
    Ok(Proven { index, checkpoint, entry, detail })
}

/// Checks that `leaf` stands in the log of `key`, whatever the proof carries; its index and the checkpoint it is
/// under.
///
/// # Errors
/// It does not, or the text is not a proof.
pub fn verify_leaf(text: &str, leaf: &[u8], key: &Verifier) -> Result<(u64, Checkpoint), InvalidProof> {
    let proof = parse(text)?;
    let checkpoint = Checkpoint::parse(key.open(proof.note)?)?;
    if checkpoint.origin != key.name() {
        return Err(InvalidProof::Checkpoint(CheckpointError::Shape));
    }
    tree::verify_inclusion(leaf_hash(leaf), proof.index, checkpoint.size, &proof.path, &checkpoint.root)?;
    Ok((proof.index, checkpoint))
}

struct Parsed<'t> {
    extra: Option<&'t str>,
    index: u64,
    path: Vec<Hash>,
    note: &'t str,
}

fn parse(text: &str) -> Result<Parsed<'_>, InvalidProof> {
    let (head, note) = text.split_once("\n\n").ok_or(InvalidProof::Shape)?;
    let mut lines = head.split('\n');
    if lines.next() != Some(HEADER) {
        return Err(InvalidProof::Shape);
    }
    let mut line = lines.next().ok_or(InvalidProof::Shape)?;
    let extra = line.strip_prefix("extra ");
    if extra.is_some() {
        line = lines.next().ok_or(InvalidProof::Shape)?;
    }
    let number = line.strip_prefix("index ").ok_or(InvalidProof::Shape)?;
    let index: u64 = number.parse().map_err(|_| InvalidProof::Shape)?;
    if index.to_string() != number {
        return Err(InvalidProof::Shape);
    }
    let path = lines.map(|line| line.parse().map_err(|_| InvalidProof::Shape)).collect::<Result<_, _>>()?;
    Ok(Parsed { extra, index, path, note })
}
