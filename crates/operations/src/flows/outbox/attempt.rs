//! Before the final dot: from here on the remote may have it.

use access::{
    Evidence, EvidenceKind, MechanicalReason, OperationError, StoreError, SystemReason, Tx, action,
};
use vocabulary::{Leased, OutboxId, Timestamp, bounds};

use super::sql;
use crate::Cerebro;

/// Records, durably and before the final dot, that the remote may have it from now on. `false`: the lease is gone,
/// nothing may be sent.
///
/// # Errors
/// It could not be recorded: nothing may be sent.
pub async fn attempting(cerebro: &Cerebro, leased: &Leased) -> Result<bool, OperationError> {
    let op = cerebro.system(SystemReason::Relay, leased.organisation);
    let permit = op.permit(action::RecordDelivery, leased.outbox).await?;
    let (fence, now, attempt, unanswered) = (leased.fence, op.now(), leased.attempt, leased.unanswered);
    let (until, recipients) = (now.plus(bounds::RELAY_LEASE), leased.recipients.clone());
    let outcome = op
        .write(permit, async move |tx: &mut Tx<'_>, outbox: OutboxId| {
            // The remote may take its time for an answer: the lease is ours for as long as that.
            // From here on an answer is owed, until one is recorded.
            if tx.execute(sql::ATTEMPT, vec![outbox.into(), fence.into(), until.into()]).await? == 0 {
                return Err(Attempt::FenceLost);
            }
            // Those it was leased for: others of the row may wait for their destination.
            for to in recipients {
                tx.execute(sql::ATTEMPTING, vec![to.delivery.into(), now.into()]).await?;
            }
            let mut evidence =
                Evidence::of(EvidenceKind::DeliveryAttempting, outbox).with("attempt", attempt);
            if unanswered {
                evidence = evidence.with("earlier_unanswered", true);
            }
            Ok(((), evidence))
        })
        .await;
    match outcome {
        Ok(()) => Ok(true),
        Err(Attempt::FenceLost) => Ok(false),
        Err(Attempt::Operation(error)) => Err(error),
    }
}

#[derive(Debug, thiserror::Error)]
enum Attempt {
    #[error("the lease is gone")]
    FenceLost,
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for Attempt {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Holds a leased row for longer, while its attempt goes on. `false`: the lease is gone.
///
/// # Errors
/// The database did not answer; the lease ends when it would have.
pub async fn hold(cerebro: &Cerebro, leased: &Leased) -> Result<bool, OperationError> {
    let op = cerebro.system(SystemReason::Relay, leased.organisation);
    let (outbox, fence, until) = (leased.outbox, leased.fence, op.now().plus(bounds::RELAY_LEASE));
    op.write_mechanical(MechanicalReason::Lease, async move |tx: &mut Tx<'_>| {
        tx.execute(sql::HOLD, vec![outbox.into(), fence.into(), until.into()]).await
    })
    .await
    .map(|held| held > 0)
    .map_err(|error: StoreError| error.into())
}

/// Gives back a row that was not attempted: its turn comes at `until`, and this lease did not count.
///
/// # Errors
/// The database did not answer; the lease runs out by itself.
pub async fn postpone(cerebro: &Cerebro, leased: &Leased, until: Timestamp) -> Result<(), OperationError> {
    let op = cerebro.system(SystemReason::Relay, leased.organisation);
    let (outbox, fence) = (leased.outbox, leased.fence);
    op.write_mechanical(MechanicalReason::Retry, async move |tx: &mut Tx<'_>| {
        tx.execute(sql::POSTPONE, vec![outbox.into(), fence.into(), until.into()]).await
    })
    .await
    .map(drop)
    .map_err(|error: StoreError| error.into())
}
