//! The duty to assess: flows that were accepted before they were understood are assessed here, late but surely.
//! A late Pass queues, a late Hold holds, a late Refuse refuses with a notice.

use access::{Operation, OperationError, StoreError, SystemReason, Tx};
use vocabulary::{BlobId, DeliveryId, FlowId, ForwardPath, OrganisationId, PlatformReason, Timestamp, Xtext};

use super::opened::{OpenFlow, Origin};
use super::receive::{Envelope, ReceiveError};
use super::surroundings::Surroundings;
use super::{body, facts, outbox, settle, sql, understand};
use crate::Cerebro;

/// Flows looked at together; the statement says the same.
const PAGE: usize = 50;

/// Whose messages: what people write never waits behind what is sent by the thousand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    /// People's.
    People,
    /// Of clients declared to send by the thousand.
    Bulk,
}

impl Lane {
    pub(super) fn of(bulk: bool) -> Self {
        if bulk { Self::Bulk } else { Self::People }
    }
}

/// Assesses what is owed in a lane, oldest first; how many flows were settled. One that cannot be settled is logged and stays
/// owed, and those behind it are looked at: nothing of it leaves.
///
/// # Errors
/// The database did not answer.
pub async fn assess_owed(cerebro: &Cerebro, lane: Lane) -> Result<usize, OperationError> {
    let (mut settled, mut after) = (0, (Timestamp::default(), String::new()));
    loop {
        let page = owed(cerebro, lane, after.clone()).await?;
        for (organisation, flow, at) in &page {
            after = (*at, flow.to_string());
            match assess_one(cerebro, *organisation, *flow).await {
                Ok(is_settled) => settled += usize::from(is_settled),
                Err(error) => {
                    tracing::error!(%flow, %error, "an owed assessment could not be made; it stays owed")
                }
            }
        }
        if page.len() < PAGE {
            return Ok(settled);
        }
    }
}

type Owed = (OrganisationId, FlowId, Timestamp);

async fn owed(
    cerebro: &Cerebro,
    lane: Lane,
    after: (Timestamp, String),
) -> Result<Vec<Owed>, OperationError> {
    let values = vec![(lane == Lane::Bulk).into(), after.0.into(), after.1.into()];
    let rows = cerebro
        .instance()
        .read_platform(PlatformReason::Timer, async move |tx: &mut Tx<'_>| {
            tx.fetch(sql::ACCEPTED, values).await
        })
        .await?;
    let owed = rows.iter().map(|row| Ok((row.parse(0)?, row.parse(1)?, row.get(2)?)));
    owed.collect::<Result<_, StoreError>>().map_err(OperationError::from)
}

/// False: it was settled meanwhile, or waits for what it follows to be assessed.
async fn assess_one(
    cerebro: &Cerebro,
    organisation: OrganisationId,
    id: FlowId,
) -> Result<bool, ReceiveError> {
    let op = cerebro.system(SystemReason::Gateway, organisation);
    let Some(organisation) = cerebro.organisation(organisation) else { return Ok(false) };
    let Some((flow, deliveries)) = reopen(&op, id).await? else { return Ok(false) };
    let understood = understand::read(cerebro, &flow.raw).await;
    let recipients = facts::of_recipients(&op, &organisation, &flow.envelope).await?;
    let assessed = understand::assess(&organisation, &flow, &understood, &recipients, op.now())?;
    let around = Surroundings::look(&op, &flow, &understood.message).await?;
    if around.too_early {
        return Ok(false);
    }
    settle::settle_owed(
        cerebro,
        &op,
        &organisation,
        flow,
        deliveries,
        &understood,
        &recipients,
        assessed,
        around,
    )
    .await?;
    Ok(true)
}

/// A flow that is durable already, with its deliveries, to be assessed; `None` when there is none here.
///
/// # Errors
/// The database did not answer, or its body cannot be read.
pub(crate) async fn reopen(
    op: &Operation,
    id: FlowId,
) -> Result<Option<(OpenFlow, Vec<DeliveryId>)>, OperationError> {
    let (row, deliveries) = op
        .read(async move |tx: &mut Tx<'_>| {
            let row = tx.fetch_optional(sql::FLOW, vec![id.into()]).await?;
            Ok::<_, StoreError>((row, tx.fetch(sql::DELIVERIES, vec![id.into()]).await?))
        })
        .await?;
    let Some(row) = row else { return Ok(None) };
    let raw = body::read(op, id, row.get(10)?, row.parse_optional::<BlobId>(11)?)?;
    let mut ids: Vec<DeliveryId> = Vec::with_capacity(deliveries.len());
    let mut recipients: Vec<ForwardPath> = Vec::with_capacity(deliveries.len());
    for delivery in &deliveries {
        ids.push(delivery.parse(0)?);
        recipients.push(outbox::path(delivery.parse(1)?, &delivery.get::<String>(8)?, delivery.get(9)?));
    }
    let envelope = Envelope {
        reverse_path: row.parse_optional(1)?,
        recipients,
        eight_bit: row.get(8)?,
        smtputf8: row.get(9)?,
        returns: row.parse_optional(16)?,
        envelope_id: row.get::<Option<String>>(17)?.and_then(|id| Xtext::kept(&id).ok()),
    };
    Ok(Some((OpenFlow::again(id, Origin::of_row(&row)?, envelope, raw), ids)))
}
