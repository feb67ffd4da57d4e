//! The duty to assess: flows that were accepted before they were understood are assessed here, late but surely.
//! A late Pass queues, a late Hold holds, a late Refuse refuses with a notice.

use access::{OperationError, StoreError, SystemReason, Tx};
use vocabulary::{FlowId, OrganisationId, PlatformReason, Timestamp};

use super::opened::reopen;
use super::receive::{ReceiveError, last_three};
use super::{sql, understand};
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

/// Assesses the accepted flows of a lane, oldest first; how many were settled. One that cannot be settled is logged and stays
/// accepted, and those behind it are looked at: nothing of it leaves.
///
/// # Errors
/// The database did not answer.
pub async fn assess_accepted(cerebro: &Cerebro, lane: Lane) -> Result<usize, OperationError> {
    let (mut settled, mut after) = (0, (Timestamp::default(), String::new()));
    loop {
        let page = accepted(cerebro, lane, after.clone()).await?;
        for (organisation, flow, at) in &page {
            after = (*at, flow.to_string());
            match assess_one(cerebro, *organisation, *flow).await {
                Ok(is_settled) => settled += usize::from(is_settled),
                Err(error) => {
                    tracing::error!(%flow, %error, "an accepted flow could not be assessed; it stays accepted")
                }
            }
        }
        if page.len() < PAGE {
            return Ok(settled);
        }
    }
}

type Accepted = (OrganisationId, FlowId, Timestamp);

async fn accepted(
    cerebro: &Cerebro,
    lane: Lane,
    after: (Timestamp, String),
) -> Result<Vec<Accepted>, OperationError> {
    let values = vec![(lane == Lane::Bulk).into(), after.0.into(), after.1.into()];
    let rows = cerebro
        .instance()
        .read_platform(PlatformReason::Timer, async move |tx: &mut Tx<'_>| {
            tx.fetch(sql::ACCEPTED, values).await
        })
        .await?;
    let accepted = rows.iter().map(|row| Ok((row.parse(0)?, row.parse(1)?, row.get(2)?)));
    accepted.collect::<Result<_, StoreError>>().map_err(OperationError::from)
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
    let understood = match cerebro.readings().take(id).await {
        Some(understood) => understood,
        None => understand::read(cerebro, &flow.raw).await,
    };
    let settled = last_three(cerebro, &op, &organisation, &flow, &understood, Some(deliveries)).await;
    if !matches!(settled, Ok(Some(_))) {
        cerebro.readings().keep(id, understood);
    }
    Ok(settled?.is_some())
}
