//! Recording what became of a leased row: one terminal entry a delivery, however often it is said.

use std::collections::HashMap;

use access::{
    Evidence, EvidenceKind, MechanicalReason, Operation, OperationError, StoreError, SystemReason, Tx, Value,
    action,
};
use vocabulary::{DeliveryId, Leased, OutboxId, Timestamp, bounds};

use super::super::{DeliveryState, Passage};
use super::sql;
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
        /// How it went there, where that is known.
        passage: Option<Passage>,
    },
}

/// When who was deferred is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// At this instant.
    pub at: Timestamp,
    /// This lease was an attempt: a message is given up after many. Not so where our own system could not try.
    pub counts: bool,
}

impl Retry {
    fn values(self, outbox: OutboxId, fence: u64, last: String) -> Vec<Value> {
        let given_back = i64::from(!self.counts);
        vec![outbox.into(), fence.into(), self.at.into(), last.into(), given_back.into()]
    }
}

impl From<Timestamp> for Retry {
    /// After an attempt.
    fn from(at: Timestamp) -> Self {
        Self { at, counts: true }
    }
}

/// Records what became of each recipient: one terminal entry a delivery. Deferred ones are tried again at `retry`; that
/// they are is an entry when the reason (code and status) is not the one recorded last, at most
/// [`bounds::DELIVERY_DEFERRALS_RECORDED_MAX`] times a delivery: five days of one answer are one entry, not forty. The sender gets the reports they asked for (RFC 3461), in the same write.
///
/// # Errors
/// Nothing was recorded; the lease runs out and the row is tried again.
pub async fn record(
    cerebro: &Cerebro,
    leased: &Leased,
    outcomes: Vec<(DeliveryId, Outcome)>,
    retry: impl Into<Retry>,
) -> Result<(), OperationError> {
    end(cerebro, leased, outcomes, Some(retry.into())).await
}

/// The same for some recipients of the row while others are still being attempted: the lease goes on.
///
/// # Errors
/// Nothing was recorded.
pub async fn record_some(
    cerebro: &Cerebro,
    leased: &Leased,
    outcomes: Vec<(DeliveryId, Outcome)>,
) -> Result<(), OperationError> {
    end(cerebro, leased, outcomes, None).await
}

async fn end(
    cerebro: &Cerebro,
    leased: &Leased,
    outcomes: Vec<(DeliveryId, Outcome)>,
    retry: Option<Retry>,
) -> Result<(), OperationError> {
    let op = cerebro.system(SystemReason::Relay, leased.organisation);
    // Empty: every answer was heard, none of them says to wait. See `outgoing::withdraw`.
    let last = outcomes.iter().find_map(|(_, outcome)| code_and_status(outcome)).unwrap_or_default();
    let delay = delay(&op, leased, &outcomes).await?;
    let reports = notices::reports(cerebro, &op, leased, &outcomes, delay).await?;
    let told = delay.is_some() && reports.iter().any(|report| report.is_delay);
    let deferrals = Deferral::of(&op, leased, &outcomes).await?;
    let terminal: Vec<Ended> =
        outcomes.into_iter().filter_map(|(id, outcome)| terminal(id, outcome)).collect();
    let (outbox, fence, attempt) = (leased.outbox, leased.fence, leased.attempt);
    if terminal.is_empty() && reports.is_empty() && deferrals.is_empty() {
        let Some(retry) = retry else { return Ok(()) };
        return op
            .write_mechanical(MechanicalReason::Retry, async move |tx: &mut Tx<'_>| {
                tx.execute(sql::AGAIN, retry.values(outbox, fence, last)).await
            })
            .await
            .map(drop)
            .map_err(|error: StoreError| error.into());
    }
    let wakes = !reports.is_empty();
    let (permit, now) = (op.permit(action::RecordDelivery, outbox).await?, op.now());
    let recorded = op
        .write(permit, async move |tx: &mut Tx<'_>, outbox: OutboxId| {
            let mut facts = end_each(tx, outbox, terminal, now).await?;
            for deferral in deferrals {
                if tx.execute(sql::DEFER, deferral.values()).await? > 0 {
                    facts.push(deferral.evidence(outbox, attempt));
                }
            }
            if told && tx.execute(sql::DELAY_TOLD, vec![outbox.into(), now.into()]).await? > 0 {
                facts.push(Evidence::of(EvidenceKind::DeliveryDelayed, outbox));
            }
            // Nothing ended, nothing is put off for a new reason and nobody is told of a delay: another try recorded it, its
            // reports included.
            let evidence = facts.into_iter().reduce(Evidence::and).ok_or(Record::Ended)?;
            for report in reports {
                notices::enqueue(tx, report.notice, now).await?;
            }
            if let Some(retry) = retry {
                let left: u64 = match tx.fetch_optional(sql::LEFT, vec![outbox.into()]).await? {
                    Some(row) => row.get(0)?,
                    None => 0,
                };
                if left == 0 {
                    tx.execute(sql::DONE, vec![outbox.into(), fence.into()]).await?;
                } else {
                    tx.execute(sql::AGAIN, retry.values(outbox, fence, last)).await?;
                }
            }
            Ok(((), evidence))
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

/// A deferral to be recorded: its reason is new.
struct Deferral {
    id: DeliveryId,
    reason: String,
    reply: String,
}

impl Deferral {
    async fn of(
        op: &Operation,
        leased: &Leased,
        outcomes: &[(DeliveryId, Outcome)],
    ) -> Result<Vec<Self>, OperationError> {
        let found: Vec<Self> = outcomes
            .iter()
            .filter_map(|(id, outcome)| {
                let Outcome::Deferred { reply } = outcome else { return None };
                Some(Self { id: *id, reason: code_and_status(outcome)?, reply: reply.clone() })
            })
            .collect();
        if found.is_empty() {
            return Ok(found);
        }
        let outbox = leased.outbox;
        let rows = op
            .read(async move |tx: &mut Tx<'_>| tx.fetch(sql::DEFERRED, vec![outbox.into()]).await)
            .await
            .map_err(OperationError::Store)?;
        let mut known: HashMap<DeliveryId, (Option<String>, u64)> = HashMap::new();
        for row in rows {
            known.insert(row.parse(0)?, (row.get(1)?, row.get(2)?));
        }
        let is_new = |deferral: &Self| {
            known.get(&deferral.id).is_some_and(|(last, count)| {
                *count < bounds::DELIVERY_DEFERRALS_RECORDED_MAX as u64
                    && last.as_ref() != Some(&deferral.reason)
            })
        };
        Ok(found.into_iter().filter(is_new).collect())
    }

    fn values(&self) -> Vec<Value> {
        vec![self.id.into(), self.reason.clone().into(), self.reply.clone().into()]
    }

    fn evidence(self, outbox: OutboxId, attempt: u32) -> Evidence {
        Evidence::of(EvidenceKind::DeliveryDeferred, self.id)
            .with("reply", self.reply)
            .with("attempt", attempt)
            .with("outbox", outbox.to_string())
    }
}

/// Ends deliveries, each once; one fact for each that had not ended.
async fn end_each(
    tx: &mut Tx<'_>,
    outbox: OutboxId,
    terminal: Vec<Ended>,
    now: Timestamp,
) -> Result<Vec<Evidence>, StoreError> {
    let mut facts = Vec::with_capacity(terminal.len());
    for ended in terminal {
        if tx.execute(sql::END_DELIVERY, ended.values(now)).await? > 0 {
            facts.push(ended.evidence(outbox));
        }
    }
    Ok(facts)
}

/// Since when a row waits, if some of it was deferred again, it has waited long, and nobody was told yet.
async fn delay(
    op: &Operation,
    leased: &Leased,
    outcomes: &[(DeliveryId, Outcome)],
) -> Result<Option<Timestamp>, OperationError> {
    if !outcomes.iter().any(|(_, outcome)| matches!(outcome, Outcome::Deferred { .. })) {
        return Ok(None);
    }
    let outbox = leased.outbox;
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::DELAY, vec![outbox.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    let Some(row) = row else { return Ok(None) };
    let since: Timestamp = row.get(0)?;
    let is_due =
        op.now().since(since) >= bounds::RELAY_DELAY_TOLD && row.get::<Option<Timestamp>>(1)?.is_none();
    Ok(is_due.then_some(since))
}

/// `450 4.2.1` of a temporary failure: the rest of a reply may name people.
fn code_and_status(outcome: &Outcome) -> Option<String> {
    let Outcome::Deferred { reply } = outcome else { return None };
    let words = reply.split(' ').take(2).filter(|word| word.bytes().all(|b| b.is_ascii_digit() || b == b'.'));
    Some(words.collect::<Vec<_>>().join(" "))
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
        Outcome::Uncertain { reason, passage } => (DeliveryState::Uncertain, reason, passage),
        Outcome::Deferred { .. } => return None,
    };
    Some(Ended { id, state, reply, passage })
}
