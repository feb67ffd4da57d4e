//! How far it is, and what it found.

use access::{Operation, OperationError, Permit, Row, Tx, action};
use vocabulary::{ReplayId, Timestamp};

use super::super::look_back::LookedBack;
use super::{ReplayKind, ReplayState, open, sql};

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayLine {
    /// Its id.
    pub id: ReplayId,
    /// Why flows are read again.
    pub kind: ReplayKind,
    /// The set that is rehearsed, or the organisation.
    pub subject: String,
    /// The window.
    pub from: Timestamp,
    /// When it was asked for.
    pub until: Timestamp,
    /// Where it stands.
    pub state: ReplayState,
    /// Who asked, as entries of the ledger name an actor.
    pub asked_by: String,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<Timestamp>,
    /// Flows to read; 0 until they were counted.
    pub total: u64,
    /// Flows read.
    pub done: u64,
}

/// The latest twenty.
///
/// # Errors
/// The database did not answer.
pub async fn list(
    op: &Operation,
    _permit: &Permit<action::ReadControls>,
) -> Result<Vec<ReplayLine>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| tx.fetch(sql::LIST, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    rows.iter().map(ReplayLine::from_row).collect()
}

/// One, with what a look back found once it is done; none of another organisation.
///
/// # Errors
/// The database did not answer, or it does not open.
pub async fn one(
    op: &Operation,
    _permit: &Permit<action::ReadControls>,
    id: ReplayId,
) -> Result<Option<(ReplayLine, Option<LookedBack>)>, OperationError> {
    let Some(row) = row(op, id).await? else { return Ok(None) };
    let found = row.get::<Option<Vec<u8>>>(11)?.map(|sealed| open(op, id, &sealed)).transpose()?;
    Ok(Some((ReplayLine::from_row(&row)?, found)))
}

/// What a look back found; `None` until it is done.
pub(in super::super) async fn found(
    op: &Operation,
    id: ReplayId,
) -> Result<Option<LookedBack>, OperationError> {
    let Some(row) = row(op, id).await? else { return Ok(None) };
    row.get::<Option<Vec<u8>>>(11)?.map(|sealed| open(op, id, &sealed)).transpose()
}

pub(super) async fn row(op: &Operation, id: ReplayId) -> Result<Option<Row>, OperationError> {
    op.read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::ONE, vec![id.into()]).await)
        .await
        .map_err(OperationError::Store)
}

impl ReplayLine {
    pub(super) fn from_row(row: &Row) -> Result<Self, OperationError> {
        Ok(Self {
            id: row.parse(0)?,
            kind: row.parse(1)?,
            subject: row.get(2)?,
            from: row.get(3)?,
            until: row.get(4)?,
            state: row.parse(5)?,
            asked_by: row.get(6)?,
            ended_by: row.get(7)?,
            ended_at: row.get(8)?,
            total: row.get(9)?,
            done: row.get(10)?,
        })
    }
}
