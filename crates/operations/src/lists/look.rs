//! Which lists an organisation gave, in which versions. Never their entries: those are sealed.

use access::{Operation, OperationError, Permit, Tx, action};
use vocabulary::Timestamp;

use super::{ListName, load, sql};

/// One version of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListVersion {
    /// Which list.
    pub list: ListName,
    /// Its version, from 1; the highest is in force.
    pub version: u64,
    /// How many entries.
    pub entries: u64,
    /// Who gave it, as entries of the ledger name an actor.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Every version of every list, by list, the latest first; at most 500.
///
/// # Errors
/// The database did not answer.
pub async fn versions(
    op: &Operation,
    _permit: &Permit<action::ReadLists>,
) -> Result<Vec<ListVersion>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| tx.fetch(sql::ALL_VERSIONS, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let versions = rows.iter().map(|row| {
        Ok(ListVersion {
            list: load::name(row, 0)?,
            version: row.get(1)?,
            entries: row.get(2)?,
            by: row.get(3)?,
            at: row.get(4)?,
        })
    });
    versions.collect()
}
