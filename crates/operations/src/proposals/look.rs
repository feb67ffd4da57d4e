//! Proposals: those that wait, what became of earlier ones, and what stands in one.

use access::{Operation, OperationError, Permit, Row, StoreError, Tx, action};
use vocabulary::ProposalId;

use super::{Kept, Line, Subject, Whole, answer_context, context, sql};

/// Proposals, those that wait first, at most a hundred; without what stands in them.
///
/// # Errors
/// The database did not answer.
pub async fn list(op: &Operation, _permit: &Permit<action::ReadLists>) -> Result<Vec<Line>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| {
            let rows = tx.fetch(sql::LIST, vec![]).await?;
            rows.iter().map(Line::from_row).collect::<Result<Vec<_>, StoreError>>()
        })
        .await;
    rows.map_err(OperationError::Store)
}

/// One proposal, opened; none of another organisation.
///
/// # Errors
/// The database did not answer, or it does not open.
pub async fn one(
    op: &Operation,
    _permit: &Permit<action::ReadListEntries>,
    id: ProposalId,
) -> Result<Option<Whole>, OperationError> {
    find(op, id).await
}

pub(super) async fn find(op: &Operation, id: ProposalId) -> Result<Option<Whole>, OperationError> {
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::ONE, vec![id.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    row.map(|row| open(op, &row)).transpose()
}

/// Those that wait about something, the latest first.
pub(crate) async fn waiting_for(op: &Operation, subject: &Subject) -> Result<Vec<Whole>, OperationError> {
    let values = vec![subject.kind().into(), subject.name().into(), op.now().into()];
    let rows = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch(sql::OF_SUBJECT, values).await)
        .await
        .map_err(OperationError::Store)?;
    rows.iter().map(|row| open(op, row)).collect()
}

fn open(op: &Operation, row: &Row) -> Result<Whole, OperationError> {
    let line = Line::from_row(row)?;
    let damaged = || OperationError::Damaged("a proposal that waits".into());
    let opened = op.open(&context(line.id), &row.get::<Vec<u8>>(11)?)?;
    let Kept { what, reason } = serde_json::from_slice(&opened).map_err(|_| damaged())?;
    let answer = match row.get::<Option<Vec<u8>>>(12)? {
        Some(sealed) => {
            let opened = op.open(&answer_context(line.id), &sealed)?;
            Some(String::from_utf8(opened).map_err(|_| damaged())?)
        }
        None => None,
    };
    Ok(Whole { line, what, reason, answer })
}
