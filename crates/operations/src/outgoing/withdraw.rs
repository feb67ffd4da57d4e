//! A message is taken out of what waits to leave, for good, and its sender is told. Only while nobody can have it: a relay
//! that may have handed it over has the last word.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Row, StoreError, Tx, action};
use vocabulary::{FlowId, OutboxId, Timestamp};

use super::{behind, sql};
use crate::Cerebro;
use crate::flows::settle::{Summary, summary_context};
use crate::flows::sql as flow_sql;
use crate::notices::{self, Stopped};
use crate::organisation::Reason;
use crate::review::open_json;

/// Why it was not taken out. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    /// There is no such message here, it waits no more, or it is a notice of ours.
    #[error("there is no such message waiting")]
    NotFound,
    /// A relay has it in hand, or died with it in hand.
    #[error("the message is being sent, or may have been")]
    BeingSent,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for WithdrawError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Takes it out, and what would cancel it for those it no longer reaches. Recipients that had it already keep it.
///
/// # Errors
/// Nothing changed.
pub async fn withdraw(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::WithdrawDelivery>,
    reason: Reason,
) -> Result<(), WithdrawError> {
    let outbox = permit.subject();
    let found = op
        .read(async move |tx: &mut Tx<'_>| {
            let Some(row) = tx.fetch_optional(sql::FLOW_OF, vec![outbox.into()]).await? else {
                return Ok(None);
            };
            let Some(flow) = row.parse_optional::<FlowId>(0)? else { return Ok(None) };
            Ok::<_, WithdrawError>(tx.fetch_optional(flow_sql::FLOW, vec![flow.into()]).await?)
        })
        .await?
        .ok_or(WithdrawError::NotFound)?;
    let notice = told(cerebro, op, &found)?;
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, outbox: OutboxId| {
        let row = tx.fetch_optional(sql::LOCK, vec![outbox.into()]).await?.ok_or(WithdrawError::NotFound)?;
        if row.get::<String>(0)? != "ready" {
            return Err(WithdrawError::NotFound);
        }
        let flow: FlowId = row.parse_optional(3)?.ok_or(WithdrawError::NotFound)?;
        // A reply that was heard says that nothing is with the next hop; an attempt without one does not.
        let attempted = tx.fetch_optional(sql::ATTEMPTED, vec![outbox.into()]).await?.is_some();
        let in_hand = row.get::<Timestamp>(1)? > now;
        if in_hand || (attempted && row.get::<Option<String>>(2)?.is_none()) {
            return Err(WithdrawError::BeingSent);
        }
        let withdrawn = tx.execute(sql::WITHDRAW, vec![outbox.into(), now.into()]).await?;
        tx.execute(sql::TAKEN_OUT, vec![outbox.into()]).await?;
        let cancellations = behind::stop_cancellations(tx, outbox, now).await?;
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        let evidence = Evidence::of(EvidenceKind::DeliveryWithdrawn, outbox)
            .with("flow", flow.to_string())
            .with("deliveries", withdrawn)
            .with("cancellations", cancellations)
            .with("reason", reason.as_str());
        Ok(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}

/// What the sender reads.
fn told(cerebro: &Cerebro, op: &Operation, flow: &Row) -> Result<Option<notices::Notice>, OperationError> {
    let Some(organisation) = cerebro.organisation(op.organisation()) else { return Ok(None) };
    let (id, sender): (FlowId, _) = (flow.parse(0)?, flow.parse_optional(1)?);
    let summary: Summary = open_json(op, &summary_context(id), &flow.get::<Vec<u8>>(7)?)?;
    notices::stopped(op, &organisation, sender.as_ref(), &summary.subject, Stopped::TakenOut)
}
