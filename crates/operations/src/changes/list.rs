//! Changes that wait for a second administrator, and what became of earlier ones.

use access::{Operation, OperationError, Permit, StoreError, Tx, action};
use vocabulary::ChangeId;

use super::{Change, Sealed, sql};

/// Changes, those that wait first, at most a hundred.
///
/// # Errors
/// The database did not answer, or one does not open.
pub async fn list(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
) -> Result<Vec<Change>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| {
            let rows = tx.fetch(sql::LIST, vec![]).await?;
            rows.iter().map(Sealed::from_row).collect::<Result<Vec<_>, StoreError>>()
        })
        .await?;
    rows.into_iter().map(|row| row.open(op)).collect()
}

/// One change; none of another organisation.
///
/// # Errors
/// The database did not answer, or it does not open.
pub async fn one(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
    id: ChangeId,
) -> Result<Option<Change>, OperationError> {
    find(op, id).await
}

/// How many wait.
///
/// # Errors
/// The database did not answer.
pub async fn waiting(op: &Operation, _permit: &Permit<action::ReadAccounts>) -> Result<u64, OperationError> {
    let now = op.now();
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::WAITING_COUNT, vec![now.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    Ok(row.map_or(Ok(0), |row| row.get(0))?)
}

pub(super) async fn find(op: &Operation, id: ChangeId) -> Result<Option<Change>, OperationError> {
    let row = op
        .read(async move |tx: &mut Tx<'_>| {
            let row = tx.fetch_optional(sql::ONE, vec![id.into()]).await?;
            row.as_ref().map(Sealed::from_row).transpose()
        })
        .await
        .map_err(OperationError::Store)?;
    row.map(|row| row.open(op)).transpose()
}
