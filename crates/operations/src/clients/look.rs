//! Which client files an organisation gave. Never what stands in them: that is hashed and sealed.

use access::{Operation, OperationError, Permit, Tx, action};

use super::sql;
use crate::proposals::By;

/// One version of the client file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientVersion {
    /// Its version, from 1; the highest is in force.
    pub version: u64,
    /// How many clients.
    pub clients: u64,
    /// How many identifiers and addresses of theirs.
    pub identifiers: u64,
    /// SHA-256 of what is kept.
    pub digest: String,
    /// Who gave it, and when.
    pub by: By,
}

/// Every version, the latest first; at most 100.
///
/// # Errors
/// The database did not answer.
pub async fn versions(
    op: &Operation,
    _permit: &Permit<action::ReadLists>,
) -> Result<Vec<ClientVersion>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| tx.fetch(sql::ALL_VERSIONS, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let versions = rows.iter().map(|row| {
        Ok(ClientVersion {
            version: row.get(0)?,
            clients: row.get(1)?,
            identifiers: row.get(2)?,
            digest: row.get(3)?,
            by: By::of_row(row, 4)?,
        })
    });
    versions.collect()
}
