//! Flows, latest first, and one flow's deliveries: states and verdicts, no contents but the subject line's absence.

use access::{Operation, OperationError, Permit, Row, Tx, action};
use vocabulary::{EmailAddress, FlowId, Timestamp};

use super::{DeliveryState, sql};

/// One flow, without its contents.
#[derive(Debug, Clone)]
pub struct FlowLine {
    /// Its id.
    pub id: FlowId,
    /// Who sent it; `None` is the null reverse-path.
    pub sender: Option<EmailAddress>,
    /// Bytes.
    pub size: u64,
    /// accepted, pass, hold or refuse.
    pub verdict: String,
    /// When it arrived.
    pub received_at: Timestamp,
    /// smtp or api.
    pub source: String,
    /// The declared client.
    pub client: String,
}

/// One delivery.
#[derive(Debug, Clone)]
pub struct DeliveryLine {
    /// The recipient.
    pub recipient: EmailAddress,
    /// Outside the organisation.
    pub external: bool,
    /// pass, hold or refuse.
    pub verdict: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// The remote's last answer.
    pub reply: Option<String>,
    /// It was put off: it is tried again while it has not ended. Code and status of the last reason recorded.
    pub deferred: Option<String>,
    /// Since when it stands there.
    pub changed_at: Timestamp,
}

/// At most 101 flows, latest first: one more than a page, to know whether there is a next one. With `before`, those
/// that arrived before that flow; none when there is no such flow here.
///
/// # Errors
/// The database did not answer.
pub async fn page(
    op: &Operation,
    _permit: &Permit<action::ReadFlows>,
    before: Option<FlowId>,
) -> Result<Vec<FlowLine>, OperationError> {
    let question = async move |tx: &mut Tx<'_>| match before {
        None => tx.fetch(sql::RECENT, vec![]).await,
        Some(flow) => tx.fetch(sql::RECENT_BEFORE, vec![flow.into()]).await,
    };
    op.read(question).await.map_err(OperationError::Store)?.iter().map(line).collect()
}

/// One flow and its deliveries; `None` when there is none here.
///
/// # Errors
/// The database did not answer.
pub async fn one(
    op: &Operation,
    _permit: &Permit<action::ReadFlows>,
    flow: FlowId,
) -> Result<Option<(FlowLine, Vec<DeliveryLine>)>, OperationError> {
    let found = op
        .read(async move |tx: &mut Tx<'_>| {
            let Some(row) = tx.fetch_optional(sql::FLOW, vec![flow.into()]).await? else { return Ok(None) };
            Ok::<_, OperationError>(Some((row, tx.fetch(sql::DELIVERIES, vec![flow.into()]).await?)))
        })
        .await?;
    let Some((row, deliveries)) = found else { return Ok(None) };
    let deliveries = deliveries.iter().map(delivery).collect::<Result<_, _>>()?;
    Ok(Some((line(&row)?, deliveries)))
}

fn line(row: &Row) -> Result<FlowLine, OperationError> {
    Ok(FlowLine {
        id: row.parse(0)?,
        sender: row.parse_optional(1)?,
        size: row.get(2)?,
        verdict: row.get(3)?,
        received_at: row.get(4)?,
        source: row.get(5)?,
        client: row.get(6)?,
    })
}

fn delivery(row: &Row) -> Result<DeliveryLine, OperationError> {
    Ok(DeliveryLine {
        recipient: row.parse(1)?,
        external: row.get(2)?,
        verdict: row.get(3)?,
        state: row.parse(4)?,
        reply: row.get(5)?,
        deferred: row.get(10)?,
        changed_at: row.get(6)?,
    })
}
