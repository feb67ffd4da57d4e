//! What was counted last, and which calibrations there are.

use access::{Operation, OperationError, Permit, Row, Tx, action};
use compliance::calibration::{Measure, Observations};
use serde::{Deserialize, Serialize};
use vocabulary::{CalibrationId, Timestamp};

use super::{CalibrationState, Counts, context, count_context, sql};

/// What is kept, sealed, of a calibration.
#[derive(Serialize, Deserialize)]
pub(super) struct Kept {
    /// The counts it rests on.
    pub(super) seen: Observations,
    /// Why it was proposed.
    pub(super) reason: String,
}

/// The last count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastCount {
    /// The counts.
    pub counts: Counts,
    /// Who counted, as entries of the ledger name an actor.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// One calibration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: CalibrationId,
    /// The score.
    pub measure: Measure,
    /// What it was measured with: it counts only while that is so.
    pub scale: String,
    /// From which score on controls may hold, per mille.
    pub from: u16,
    /// Messages it rests on.
    pub messages: u64,
    /// Days with messages.
    pub days: u64,
    /// Where it stands.
    pub state: CalibrationState,
    /// When its scores were counted.
    pub measured_at: Timestamp,
    /// Who proposed it, as entries of the ledger name an actor.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Timestamp,
    /// Who signed it.
    pub signed_by: Option<String>,
    /// When.
    pub signed_at: Option<Timestamp>,
    /// Who ended or replaced it.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<Timestamp>,
}

/// One calibration, with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// What the list says of it.
    pub line: Line,
    /// The counts it rests on.
    pub seen: Observations,
    /// Why it was proposed.
    pub reason: String,
}

/// The last count; `None` before there was one.
///
/// # Errors
/// The database did not answer, or it does not open.
pub async fn counted(
    op: &Operation,
    _permit: &Permit<action::ReadControls>,
) -> Result<Option<LastCount>, OperationError> {
    last(op).await
}

/// The calibrations, the latest first, at most a hundred.
///
/// # Errors
/// The database did not answer.
pub async fn list(
    op: &Operation,
    _permit: &Permit<action::ReadControls>,
) -> Result<Vec<Line>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| tx.fetch(sql::LIST, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    rows.iter().map(Line::from_row).collect()
}

/// One of them, whole; none of another organisation.
///
/// # Errors
/// The database did not answer, or it does not open.
pub async fn one(
    op: &Operation,
    _permit: &Permit<action::ReadControls>,
    id: CalibrationId,
) -> Result<Option<Whole>, OperationError> {
    let Some(row) = row(op, id).await? else { return Ok(None) };
    let plain = op.open(&context(id), &row.get::<Vec<u8>>(14)?)?;
    let Kept { seen, reason } = serde_json::from_slice(&plain)
        .map_err(|_| OperationError::Damaged(format!("{id} does not read back")))?;
    Ok(Some(Whole { line: Line::from_row(&row)?, seen, reason }))
}

pub(super) async fn last(op: &Operation) -> Result<Option<LastCount>, OperationError> {
    let row = op
        .read(async |tx: &mut Tx<'_>| tx.fetch_optional(sql::COUNT, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let Some(row) = row else { return Ok(None) };
    let plain = op.open(&count_context(op.organisation()), &row.get::<Vec<u8>>(0)?)?;
    let counts = serde_json::from_slice(&plain)
        .map_err(|_| OperationError::Damaged("a count of scores does not read back".into()))?;
    Ok(Some(LastCount { counts, by: row.get(1)?, at: row.get(2)? }))
}

pub(super) async fn line(op: &Operation, id: CalibrationId) -> Result<Option<Line>, OperationError> {
    row(op, id).await?.as_ref().map(Line::from_row).transpose()
}

async fn row(op: &Operation, id: CalibrationId) -> Result<Option<Row>, OperationError> {
    op.read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::ONE, vec![id.into()]).await)
        .await
        .map_err(OperationError::Store)
}

impl Line {
    fn from_row(row: &Row) -> Result<Self, OperationError> {
        let measure = row.get::<String>(1)?.parse();
        Ok(Self {
            id: row.parse(0)?,
            measure: measure.map_err(|_| OperationError::Damaged("the score of a calibration".into()))?,
            scale: row.get(2)?,
            from: u16::try_from(row.get::<u64>(3)?).unwrap_or(u16::MAX),
            messages: row.get(4)?,
            days: row.get(5)?,
            state: row.parse(6)?,
            measured_at: row.get(7)?,
            proposed_by: row.get(8)?,
            proposed_at: row.get(9)?,
            signed_by: row.get(10)?,
            signed_at: row.get(11)?,
            ended_by: row.get(12)?,
            ended_at: row.get(13)?,
        })
    }
}
