//! The queue: what waits, sorted by the time left, never by arrival. And what was decided lately.

use access::{Operation, OperationError, Permit, Row, Statement, Tx, Value, action};
use vocabulary::{EmailAddress, FlowId, HoldId, OrganisationId, Timestamp};

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
    /// The gravest control that holds it; empty when assessment failed.
    pub control: String,
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
    /// The display name in From.
    pub sender_name: String,
    /// Its subject line.
    pub subject: String,
    /// Bytes.
    pub size: u64,
    /// How many attachments.
    pub attachments: usize,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// By whom, pseudonymous.
    pub decided_by: Option<String>,
}

/// What waits, by time left; at most [`bounds::QUEUE_ROWS_MAX`].
///
/// # Errors
/// The database did not answer, or a subject line does not open.
pub async fn waiting(
    op: &Operation,
    permit: &Permit<action::ReadQueue>,
) -> Result<Vec<HoldSummary>, OperationError> {
    list(op, permit.subject(), sql::WAITING, vec![]).await
}

/// What waits after a hold, by time left; at most [`bounds::QUEUE_ROWS_MAX`]. Nothing when there is no such hold here.
///
/// # Errors
/// As [`waiting`].
pub async fn waiting_after(
    op: &Operation,
    permit: &Permit<action::ReadQueue>,
    after: HoldId,
) -> Result<Vec<HoldSummary>, OperationError> {
    list(op, permit.subject(), sql::WAITING_AFTER, vec![after.into()]).await
}

/// What was decided, latest first; at most 100.
///
/// # Errors
/// As [`waiting`].
pub async fn decided(
    op: &Operation,
    permit: &Permit<action::ReadQueue>,
) -> Result<Vec<HoldSummary>, OperationError> {
    list(op, permit.subject(), sql::DECIDED, vec![]).await
}

/// How many wait.
///
/// # Errors
/// The database did not answer.
pub async fn count(op: &Operation, _permit: &Permit<action::ReadQueue>) -> Result<u64, OperationError> {
    op.read(async |tx: &mut Tx<'_>| match tx.fetch_optional(sql::COUNT_WAITING, vec![]).await? {
        Some(row) => Ok(row.get(0)?),
        None => Ok(0),
    })
    .await
}

async fn list(
    op: &Operation,
    _organisation: OrganisationId,
    statement: &'static Statement,
    values: Vec<Value>,
) -> Result<Vec<HoldSummary>, OperationError> {
    let rows: Vec<Row> = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch(statement, values).await.map_err(OperationError::from))
        .await?;
    rows.iter().map(|row| summary(op, row)).collect()
}

fn summary(op: &Operation, row: &Row) -> Result<HoldSummary, OperationError> {
    let flow: FlowId = row.parse(1)?;
    let kept: Summary = open_json(op, &summary_context(flow), &row.get::<Vec<u8>>(11)?)?;
    Ok(HoldSummary {
        id: row.parse(0)?,
        flow,
        class: row.get(2)?,
        severity: u8::try_from(row.get::<i64>(3)?.clamp(1, 4)).unwrap_or(4),
        control: row.get(4)?,
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
