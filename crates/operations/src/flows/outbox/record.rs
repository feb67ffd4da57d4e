//! Recording what became of a leased row: one terminal entry a delivery, however often it is said.

use access::{
    Evidence, EvidenceKind, MechanicalReason, OperationError, StoreError, SystemReason, Tx, Value, action,
};
use vocabulary::{DeliveryId, OutboxId, Timestamp};

use super::super::{DeliveryState, Passage};
use super::{LeaseHeld, sql};
use crate::{Cerebro, notices};

/// What became of one recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The remote took it.
    Delivered {
        /// Its last answer.
        reply: String,
        /// How it went there.
        passage: Passage,
    },
    /// Try again.
    Deferred {
        /// Its last answer, or what happened instead.
        reply: String,
    },
    /// Refused for good, or out of time.
    Bounced {
        /// Its last answer.
        reply: String,
    },
    /// Handed over; the answer was lost.
    Uncertain {
        /// What happened instead of an answer.
        reason: String,
    },
}

/// Records what became of each recipient: one terminal entry a delivery. Deferred ones are tried again at `retry_at`.
///
/// # Errors
/// Nothing was recorded; the lease runs out and the row is tried again.
pub async fn record(
    cerebro: &Cerebro,
    leased: &LeaseHeld,
    outcomes: Vec<(DeliveryId, Outcome)>,
    retry_at: Timestamp,
) -> Result<(), OperationError> {
    end(cerebro, leased, outcomes, Some(retry_at)).await
}

/// The same for some recipients of the row while others are still being attempted: the lease goes on.
///
/// # Errors
/// Nothing was recorded.
pub async fn record_some(
    cerebro: &Cerebro,
    leased: &LeaseHeld,
    outcomes: Vec<(DeliveryId, Outcome)>,
) -> Result<(), OperationError> {
    end(cerebro, leased, outcomes, None).await
}

async fn end(
    cerebro: &Cerebro,
    leased: &LeaseHeld,
    outcomes: Vec<(DeliveryId, Outcome)>,
    retry_at: Option<Timestamp>,
) -> Result<(), OperationError> {
    let op = cerebro.system(SystemReason::Relay, leased.organisation);
    let terminal: Vec<Ended> =
        outcomes.into_iter().filter_map(|(id, outcome)| terminal(id, outcome)).collect();
    let (outbox, fence) = (leased.outbox, leased.fence);
    if terminal.is_empty() {
        let Some(retry_at) = retry_at else { return Ok(()) };
        return op
            .write_mechanical(MechanicalReason::Retry, async move |tx: &mut Tx<'_>| {
                tx.execute(sql::AGAIN, vec![outbox.into(), fence.into(), retry_at.into()]).await
            })
            .await
            .map(drop)
            .map_err(|error: StoreError| error.into());
    }
    let bounced: Vec<DeliveryId> =
        terminal.iter().filter(|ended| ended.state == DeliveryState::Bounced).map(|ended| ended.id).collect();
    let bounce = notices::bounced(cerebro, &op, leased, &bounced)?;
    let wakes = bounce.is_some();
    let permit = op.permit(action::RecordDelivery, outbox).await?;
    let now = op.now();
    let recorded = op
        .write(permit, async move |tx: &mut Tx<'_>, outbox: OutboxId| {
            let mut evidence: Option<Evidence> = None;
            for ended in terminal {
                if tx.execute(sql::END_DELIVERY, ended.values(now)).await? == 0 {
                    continue;
                }
                let fact = ended.evidence(outbox);
                evidence = Some(match evidence {
                    Some(all) => all.and(fact),
                    None => fact,
                });
            }
            if let Some(notice) = bounce {
                notices::enqueue(tx, notice, now).await?;
            }
            if let Some(retry_at) = retry_at {
                let left: u64 = match tx.fetch_optional(sql::LEFT, vec![outbox.into()]).await? {
                    Some(row) => row.get(0)?,
                    None => 0,
                };
                if left == 0 {
                    tx.execute(sql::DONE, vec![outbox.into(), fence.into()]).await?;
                } else {
                    tx.execute(sql::AGAIN, vec![outbox.into(), fence.into(), retry_at.into()]).await?;
                }
            }
            Ok(((), evidence.ok_or(Record::Ended)?))
        })
        .await;
    match recorded {
        Ok(()) if wakes => cerebro.wake_relay(),
        // The answer to an earlier try was lost, or another relay recorded the end: nothing is stated twice.
        Ok(()) | Err(Record::Ended) => {}
        Err(Record::Operation(error)) => return Err(error),
    }
    Ok(())
}

#[derive(Debug, thiserror::Error)]
enum Record {
    #[error("its deliveries had ended already")]
    Ended,
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for Record {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// The end of one delivery.
struct Ended {
    id: DeliveryId,
    state: DeliveryState,
    reply: String,
    passage: Option<Passage>,
}

impl Ended {
    fn values(&self, now: Timestamp) -> Vec<Value> {
        let shown = match &self.passage {
            Some(passage) => format!("{} ({})", self.reply, passage.line()),
            None => self.reply.clone(),
        };
        vec![self.id.into(), self.state.word().into(), shown.into(), now.into()]
    }

    fn evidence(self, outbox: OutboxId) -> Evidence {
        let fact = Evidence::of(EvidenceKind::DeliveryEnded, self.id)
            .with("state", self.state.word())
            .with("reply", self.reply)
            .with("outbox", outbox.to_string());
        self.passage.iter().fold(fact, |fact, passage| passage.attest(fact))
    }
}

fn terminal(id: DeliveryId, outcome: Outcome) -> Option<Ended> {
    let (state, reply, passage) = match outcome {
        Outcome::Delivered { reply, passage } => (DeliveryState::Delivered, reply, Some(passage)),
        Outcome::Bounced { reply } => (DeliveryState::Bounced, reply, None),
        Outcome::Uncertain { reason } => (DeliveryState::Uncertain, reason, None),
        Outcome::Deferred { .. } => return None,
    };
    Some(Ended { id, state, reply, passage })
}
