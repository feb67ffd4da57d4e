//! Which control sets there are, and one of them with its rehearsal.

use std::collections::HashMap;
use std::sync::Arc;

use access::{Operation, OperationError, Permit, Row, Tx, action};
use compliance::ControlSet;
use vocabulary::{ControlSetId, Timestamp};

use super::rehearse::Rehearsal;
use super::{SetState, load, open, rehearsal_context, sql};
use crate::Cerebro;
use crate::review::sql as review;

/// One set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetLine {
    /// Its id.
    pub id: ControlSetId,
    /// Its number, from 1.
    pub number: u64,
    /// Its digest, as assessments name it.
    pub digest: String,
    /// How many controls.
    pub controls: u64,
    /// Where it stands.
    pub state: SetState,
    /// Who drafted it, as entries of the ledger name an actor.
    pub drafted_by: String,
    /// When.
    pub drafted_at: Timestamp,
    /// The digest of the set it was rehearsed beside.
    pub rehearsed_on: Option<String>,
    /// When.
    pub rehearsed_at: Option<Timestamp>,
    /// Who published or withdrew it.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<Timestamp>,
}

/// One set, whole.
#[derive(Debug, Clone)]
pub struct SetWhole {
    /// What the list says of it.
    pub line: SetLine,
    /// Why it was drafted.
    pub reason: String,
    /// Name and text of each file.
    pub files: Vec<(String, String)>,
    /// Its last rehearsal.
    pub rehearsal: Option<Rehearsal>,
}

/// A set that others start from: the one in force, or one of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// The one in force.
    InForce,
    /// This one.
    Set(ControlSetId),
}

/// A set, read.
#[derive(Debug)]
pub struct SetRead {
    /// Its controls.
    pub controls: Arc<ControlSet>,
    /// What is known of it; `None` for the set the service was started with.
    pub whole: Option<SetWhole>,
}

/// One set with its controls read; none of another organisation.
///
/// # Errors
/// The database did not answer, it does not open, or this program does not understand it.
pub async fn read(
    cerebro: &Cerebro,
    op: &Operation,
    permit: &Permit<action::ReadControls>,
    base: Base,
) -> Result<Option<SetRead>, OperationError> {
    let organisation = cerebro
        .organisation(op.organisation())
        .ok_or_else(|| OperationError::Damaged("the organisation is not loaded".into()))?;
    let id = match base {
        Base::Set(id) => id,
        Base::InForce => {
            let whole = match organisation.control_set {
                Some(id) => one(op, permit, id).await?,
                None => None,
            };
            return Ok(Some(SetRead { controls: Arc::clone(&organisation.controls), whole }));
        }
    };
    let Some(whole) = one(op, permit, id).await? else { return Ok(None) };
    let controls = load(op, id, &organisation.controls).await?;
    Ok(Some(SetRead { controls, whole: Some(whole) }))
}

/// The names of those who drafted and published, by the word entries of the ledger have for them.
///
/// # Errors
/// The database did not answer.
pub async fn names(
    op: &Operation,
    _permit: &Permit<action::ReadControls>,
) -> Result<HashMap<String, String>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| tx.fetch(review::NAMES, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The sets, the latest first, at most a hundred.
///
/// # Errors
/// The database did not answer.
pub async fn list(
    op: &Operation,
    _permit: &Permit<action::ReadControls>,
) -> Result<Vec<SetLine>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| tx.fetch(sql::LIST, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    rows.iter().map(SetLine::from_row).collect()
}

/// One set; none of another organisation.
///
/// # Errors
/// The database did not answer, or it does not open.
pub async fn one(
    op: &Operation,
    _permit: &Permit<action::ReadControls>,
    id: ControlSetId,
) -> Result<Option<SetWhole>, OperationError> {
    let Some(row) = row(op, id).await? else { return Ok(None) };
    let kept = open(op, id, &row.get::<Vec<u8>>(11)?)?;
    let rehearsal = opened(op, id, &row)?;
    Ok(Some(SetWhole { line: SetLine::from_row(&row)?, reason: kept.reason, files: kept.files, rehearsal }))
}

/// The last rehearsal of a set.
pub(super) async fn rehearsal(op: &Operation, id: ControlSetId) -> Result<Option<Rehearsal>, OperationError> {
    let Some(row) = row(op, id).await? else { return Ok(None) };
    opened(op, id, &row)
}

fn opened(op: &Operation, id: ControlSetId, row: &Row) -> Result<Option<Rehearsal>, OperationError> {
    let Some(sealed) = row.get::<Option<Vec<u8>>>(12)? else { return Ok(None) };
    let opened = op.open(&rehearsal_context(id), &sealed)?;
    let read = serde_json::from_slice(&opened);
    Ok(Some(read.map_err(|_| OperationError::Damaged("a rehearsal".into()))?))
}

/// The set of a number.
///
/// # Errors
/// The database did not answer.
pub async fn numbered(
    op: &Operation,
    _permit: &Permit<action::ReadControls>,
    number: u64,
) -> Result<Option<ControlSetId>, OperationError> {
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::BY_NUMBER, vec![number.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    Ok(row.map(|row| row.parse(0)).transpose()?)
}

async fn row(op: &Operation, id: ControlSetId) -> Result<Option<Row>, OperationError> {
    op.read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::ONE, vec![id.into()]).await)
        .await
        .map_err(OperationError::Store)
}

pub(super) async fn line(op: &Operation, id: ControlSetId) -> Result<Option<SetLine>, OperationError> {
    row(op, id).await?.as_ref().map(SetLine::from_row).transpose()
}

/// The line, and what is sealed of it.
pub(super) async fn sealed(
    op: &Operation,
    id: ControlSetId,
) -> Result<Option<(SetLine, Vec<u8>)>, OperationError> {
    let Some(row) = row(op, id).await? else { return Ok(None) };
    Ok(Some((SetLine::from_row(&row)?, row.get(11)?)))
}

impl SetLine {
    fn from_row(row: &Row) -> Result<Self, OperationError> {
        Ok(Self {
            id: row.parse(0)?,
            number: row.get(1)?,
            digest: row.get(2)?,
            controls: row.get(3)?,
            state: row.parse(4)?,
            drafted_by: row.get(5)?,
            drafted_at: row.get(6)?,
            rehearsed_on: row.get(7)?,
            rehearsed_at: row.get(8)?,
            ended_by: row.get(9)?,
            ended_at: row.get(10)?,
        })
    }
}
