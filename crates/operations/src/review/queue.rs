//! The queue: what waits, sorted by the time left, never by arrival. And what was decided lately.

use access::{Operation, OperationError, Permit, Row, Statement, Tx, Value, action};
use compliance::{Guard, Guarded};
use vocabulary::{EmailAddress, FlowId, HoldId, Timestamp, bounds};

use super::hold::{Escalation, HoldState};
use super::settle::open_json;
use super::sql;
use crate::flows::settle::{Summary, summary_context};

/// One line of the queue.
#[derive(Debug, Clone)]
pub struct HoldSummary {
    /// The hold.
    pub id: HoldId,
    /// Its flow.
    pub flow: FlowId,
    /// Its class.
    pub class: String,
    /// 1 (low) to 4 (critical).
    pub severity: u8,
    /// The gravest control that holds it; empty when assessment failed, and when it is guarded.
    pub control: String,
    /// It is private or protected mail: neither its subject line nor the name it is signed with is told.
    pub guarded: Option<Guarded>,
    /// Where it stands.
    pub state: HoldState,
    /// How far up the ladder.
    pub escalation: Escalation,
    /// Since when it waits.
    pub held_at: Timestamp,
    /// When a decision is due.
    pub due_at: Timestamp,
    /// Who sent it.
    pub sender: Option<EmailAddress>,
    /// The display name in From; empty when it is guarded.
    pub sender_name: String,
    /// Its subject line; empty when it is guarded.
    pub subject: String,
    /// Bytes.
    pub size: u64,
    /// How many attachments.
    pub attachments: usize,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// By whom: the account's id in the queue, its name among decisions.
    pub decided_by: Option<String>,
}

/// One decision.
#[derive(Debug, Clone)]
pub struct DecidedHold {
    /// The hold as it stands.
    pub hold: HoldSummary,
    /// It was decided against an earlier decision.
    pub overridden: bool,
}

/// Which part of what waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slice {
    /// From this step of the ladder on.
    pub ladder: Escalation,
    /// Rows passed over.
    pub from: usize,
    /// Rows at most, and never more than [`bounds::QUEUE_SEARCHED_MAX`].
    pub at_most: usize,
}

impl Slice {
    /// The first rows of everything that waits.
    pub const FIRST: Self = Self { ladder: Escalation::Team, from: 0, at_most: bounds::QUEUE_ROWS_MAX };
}

/// What waits, by time left.
///
/// # Errors
/// The database did not answer, or a subject line does not open.
pub async fn waiting(
    op: &Operation,
    _permit: &Permit<action::ReadQueue>,
    slice: Slice,
) -> Result<Vec<HoldSummary>, OperationError> {
    let at_most = slice.at_most.min(bounds::QUEUE_SEARCHED_MAX) as u64;
    list(op, sql::WAITING, vec![slice.ladder.level().into(), at_most.into(), (slice.from as u64).into()])
        .await
}

/// What waits after a hold, by time left; at most [`bounds::QUEUE_ROWS_MAX`]. Nothing when there is no such hold here.
///
/// # Errors
/// As [`waiting`].
pub async fn waiting_after(
    op: &Operation,
    _permit: &Permit<action::ReadQueue>,
    after: HoldId,
) -> Result<Vec<HoldSummary>, OperationError> {
    list(op, sql::WAITING_AFTER, vec![after.into()]).await
}

/// The hold to open after another one: the next by time left from this step of the ladder on, else the first.
///
/// # Errors
/// The database did not answer.
pub async fn after(
    op: &Operation,
    _permit: &Permit<action::ReadQueue>,
    hold: HoldId,
    ladder: Escalation,
) -> Result<Option<HoldId>, OperationError> {
    op.read(async move |tx: &mut Tx<'_>| {
        let due: Timestamp = match tx.fetch_optional(sql::HOLD, vec![hold.into()]).await? {
            Some(row) => row.get(10)?,
            None => Timestamp::default(),
        };
        for from in [due, Timestamp::default()] {
            let values = vec![hold.into(), ladder.level().into(), from.into()];
            if let Some(row) = tx.fetch_optional(sql::NEXT_WAITING, values).await? {
                return Ok(Some(row.parse(0)?));
            }
        }
        Ok(None)
    })
    .await
}

/// What was decided, latest first; at most 100.
///
/// # Errors
/// As [`waiting`].
pub async fn decided(
    op: &Operation,
    _permit: &Permit<action::ReadQueue>,
) -> Result<Vec<DecidedHold>, OperationError> {
    let rows = rows(op, sql::DECIDED, vec![]).await?;
    rows.iter()
        .map(|row| Ok(DecidedHold { hold: summary(op, row)?, overridden: row.get::<u64>(15)? > 0 }))
        .collect()
}

/// How many wait, from a step of the ladder on.
///
/// # Errors
/// The database did not answer.
pub async fn count(
    op: &Operation,
    _permit: &Permit<action::ReadQueue>,
    ladder: Escalation,
) -> Result<u64, OperationError> {
    let values = vec![ladder.level().into()];
    op.read(async move |tx: &mut Tx<'_>| match tx.fetch_optional(sql::COUNT_WAITING, values).await? {
        Some(row) => Ok(row.get(0)?),
        None => Ok(0),
    })
    .await
}

async fn list(
    op: &Operation,
    statement: &'static Statement,
    values: Vec<Value>,
) -> Result<Vec<HoldSummary>, OperationError> {
    rows(op, statement, values).await?.iter().map(|row| summary(op, row)).collect()
}

async fn rows(
    op: &Operation,
    statement: &'static Statement,
    values: Vec<Value>,
) -> Result<Vec<Row>, OperationError> {
    op.read(async move |tx: &mut Tx<'_>| tx.fetch(statement, values).await.map_err(OperationError::from))
        .await
}

fn summary(op: &Operation, row: &Row) -> Result<HoldSummary, OperationError> {
    let flow: FlowId = row.parse(1)?;
    let mut kept: Summary = open_json(op, &summary_context(flow), &row.get::<Vec<u8>>(11)?)?;
    let guarded = Guard::from_bits(row.get::<Option<i64>>(14)?.unwrap_or(0)).class();
    if guarded.is_some() {
        // No list shows it to anybody: who opens the hold on grounds reads it there.
        kept = Summary { attachments: kept.attachments, ..Summary::default() };
    }
    Ok(HoldSummary {
        id: row.parse(0)?,
        flow,
        class: row.get(2)?,
        severity: u8::try_from(row.get::<i64>(3)?.clamp(1, 4)).unwrap_or(4),
        control: if guarded.is_some() { String::new() } else { row.get(4)? },
        guarded,
        state: row.parse(5)?,
        escalation: Escalation::from_level(row.get(6)?),
        held_at: row.get(7)?,
        due_at: row.get(8)?,
        sender: row.parse_optional(9)?,
        sender_name: kept.sender_name,
        subject: kept.subject,
        size: row.get(10)?,
        attachments: kept.attachments,
        decided_at: row.get(12)?,
        decided_by: row.get(13)?,
    })
}
