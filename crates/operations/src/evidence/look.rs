//! The ledger as a page shows it: how far it is sealed, its checkpoints, its latest entries.

use std::collections::HashMap;

use access::{Operation, OperationError, Permit, Tx, action};
use ledger::Entry;
use vocabulary::OperationId;

use super::sql;
use crate::Cerebro;

/// What a page of the ledger shows.
#[derive(Debug, Clone)]
pub struct LedgerPage {
    /// The log's origin.
    pub origin: String,
    /// Entries committed.
    pub entries: u64,
    /// Entries under the latest signed checkpoint.
    pub sealed: u64,
    /// Root of the latest checkpoint, base64.
    pub root: String,
    /// The signed note, as a stranger verifies it.
    pub note: String,
    /// Latest entries before the asked index, latest first.
    pub latest: Vec<(u64, Entry)>,
    /// There are earlier ones.
    pub more: bool,
    /// Who the pseudonyms of the entries are, for readers of this organisation.
    pub names: HashMap<String, String>,
}

/// The ledger, from `before` backwards.
///
/// # Errors
/// The database or the log cannot be read.
pub async fn look(
    cerebro: &Cerebro,
    op: &Operation,
    permit: &Permit<action::ReadLedger>,
    before: Option<u64>,
) -> Result<LedgerPage, OperationError> {
    let start = before.unwrap_or(i64::MAX as u64);
    let (head, rows, accounts) = op
        .read(async move |tx: &mut Tx<'_>| {
            let head: u64 = match tx.fetch_optional(sql::HEAD, vec![]).await? {
                Some(row) => row.get(0)?,
                None => 0,
            };
            let rows = tx.fetch(sql::LATEST, vec![start.into()]).await?;
            Ok::<_, OperationError>((head, rows, tx.fetch(sql::OF_ACCOUNTS, vec![]).await?))
        })
        .await?;
    let damaged = |error: String| OperationError::Damaged(error);
    let mut latest = Vec::with_capacity(rows.len());
    for row in rows.iter().take(50) {
        let leaf: Vec<u8> = row.get(1)?;
        latest.push((row.get(0)?, Entry::from_bytes(&leaf).map_err(|error| damaged(error.to_string()))?));
    }
    let mut names = HashMap::new();
    for row in &accounts {
        names.insert(row.get(0)?, row.get(1)?);
    }
    let directory = cerebro.log_directory(permit.subject());
    let note = std::fs::read_to_string(directory.join("checkpoint"))?;
    let checkpoint = ledger::Checkpoint::parse_note(&note).map_err(|error| damaged(error.to_string()))?;
    Ok(LedgerPage {
        origin: checkpoint.origin.clone(),
        entries: head,
        sealed: checkpoint.size,
        root: checkpoint.root.to_string(),
        note,
        more: rows.len() > latest.len(),
        latest,
        names,
    })
}

/// What an operation of the reader's own left in the ledger.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Its place; `None` for the instant a sequencer needs to give it one.
    pub index: Option<u64>,
    /// The entry.
    pub entry: Entry,
}

/// The first entry that an operation left, for the person who acted and nobody else.
///
/// # Errors
/// The database did not answer, or the entry does not read.
pub async fn recorded(op: &Operation, operation: OperationId) -> Result<Option<Recorded>, OperationError> {
    let found = op
        .read(async move |tx: &mut Tx<'_>| {
            if let Some(row) = tx.fetch_optional(sql::FIRST_LEAF, vec![operation.into()]).await? {
                return Ok(Some((Some(row.get::<u64>(0)?), row.get::<Vec<u8>>(1)?)));
            }
            let waiting = tx.fetch_optional(sql::WAITING_LEAF, vec![operation.into()]).await?;
            Ok::<_, OperationError>(match waiting {
                Some(row) => Some((None, row.get(0)?)),
                None => None,
            })
        })
        .await?;
    let Some((index, leaf)) = found else { return Ok(None) };
    let entry = Entry::from_bytes(&leaf).map_err(|error| OperationError::Damaged(error.to_string()))?;
    Ok(Some(Recorded { index, entry }).filter(|found| found.entry.actor == op.actor().to_string()))
}
