//! Proves that one entry is under the signed checkpoint, with what it commits to for who may read it.

use access::{Operation, OperationError, Permit, Tx, action};
use ledger::proof::Opening;
use ledger::{Entry, Hash, Log};
use vocabulary::OperationId;

use super::sql;
use crate::Cerebro;

/// A proof a stranger can verify.
#[derive(Debug, Clone)]
pub struct Proved {
    /// Place in the log.
    pub index: u64,
    /// The entry.
    pub entry: Entry,
    /// RFC 6962 hash of its leaf.
    pub leaf_hash: Hash,
    /// Size of the tree proven against.
    pub size: u64,
    /// The audit path, from the leaf up.
    pub path: Vec<Hash>,
    /// The signed checkpoint.
    pub note: String,
    /// The whole as a C2SP tlog-proof file, which carries the entry and what it commits to.
    pub file: String,
    /// What the entry commits to, opened: JSON text. Empty where it is gone: the entry was taken up from the log after the
    /// database that held it was lost.
    pub detail: String,
}

/// Why there is no proof.
#[derive(Debug, thiserror::Error)]
pub enum ProveError {
    /// There is no such entry here.
    #[error("there is no such entry")]
    NotFound,
    /// It is committed and not yet under a checkpoint: within a second.
    #[error("the entry is not sealed yet")]
    NotSealed,
    /// Not permitted, or not readable.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<access::StoreError> for ProveError {
    fn from(error: access::StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Proves entry `index` against the latest checkpoint.
///
/// # Errors
/// There is none, or it is not sealed yet.
pub async fn prove(
    cerebro: &Cerebro,
    op: &Operation,
    permit: &Permit<action::ReadLedger>,
    index: u64,
) -> Result<Proved, ProveError> {
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::ENTRY, vec![index.into()]).await)
        .await?
        .ok_or(ProveError::NotFound)?;
    let damaged = |error: String| ProveError::Operation(OperationError::Damaged(error));
    let leaf: Vec<u8> = row.get(1)?;
    let entry = Entry::from_bytes(&leaf).map_err(|error| damaged(error.to_string()))?;
    let directory = cerebro.log_directory(permit.subject());
    let note = std::fs::read_to_string(directory.join("checkpoint")).map_err(OperationError::from)?;
    let checkpoint = ledger::Checkpoint::parse_note(&note).map_err(|error| damaged(error.to_string()))?;
    if index >= checkpoint.size {
        return Err(ProveError::NotSealed);
    }
    let path = Log::read_inclusion(&directory, index, checkpoint.size)
        .map_err(|error| damaged(error.to_string()))?;
    let operation: OperationId = row.parse(3)?;
    let sealed = row.get::<Vec<u8>>(2)?;
    let opening = match sealed.is_empty() {
        true => None,
        false => Some(opened(op, operation, &sealed, &entry)?),
    };
    Ok(Proved {
        index,
        leaf_hash: ledger::leaf_hash(&leaf),
        size: checkpoint.size,
        file: ledger::proof::render(index, &entry, opening.as_ref(), &path, &note),
        path,
        note,
        detail: opening.map(|opening| opening.detail).unwrap_or_default(),
        entry,
    })
}

/// Opens what the entry commits to and checks that it does.
fn opened(
    op: &Operation,
    operation: OperationId,
    sealed: &[u8],
    entry: &Entry,
) -> Result<Opening, OperationError> {
    let kept = op.open(&format!("{operation}/evidence"), sealed)?;
    let damaged = || OperationError::Damaged("the entry commits to something else than its detail".into());
    let (salt, detail) = kept.split_first_chunk::<32>().ok_or_else(damaged)?;
    if ledger::commitment(salt, detail) != entry.commitment {
        return Err(damaged());
    }
    let detail = std::str::from_utf8(detail).map_err(|_| damaged())?;
    Ok(Opening { salt: *salt, detail: detail.to_owned() })
}
