//! What waited to leave after a message that was taken out: it moves up, and what only cancels that message stays too.

use access::{OperationError, Tx};
use vocabulary::{EmailAddress, FlowId, OutboxId, Timestamp};

use super::sql;
use crate::flows::invitation::{Before, Invitation};

/// Lets what stood behind `taken_out` stand behind what that stood behind, and takes out each cancellation of an invitation
/// that its recipients will not have. How many deliveries those are.
///
/// # Errors
/// The database did not answer, or what it said makes no sense.
pub(super) async fn stop_cancellations(
    tx: &mut Tx<'_>,
    taken_out: OutboxId,
    now: Timestamp,
) -> Result<u64, OperationError> {
    let (mut stopped, mut waiting) = (0, vec![taken_out]);
    while let Some(row) = waiting.pop() {
        let followers = tx.fetch(sql::BEHIND, vec![row.into()]).await?;
        tx.execute(sql::MOVE_UP, vec![row.into()]).await?;
        for follower in followers {
            let (outbox, flow): (OutboxId, FlowId) = (follower.parse(0)?, follower.parse(1)?);
            let of_this = stop(tx, outbox, flow, now).await?;
            stopped += of_this;
            let left = tx.fetch_optional(sql::LEFT, vec![outbox.into()]).await?;
            if of_this > 0 && left.is_none() {
                tx.execute(sql::TAKEN_OUT, vec![outbox.into()]).await?;
                waiting.push(outbox);
            }
        }
    }
    Ok(stopped)
}

/// Stops what `flow` would cancel by the row `outbox` for recipients who never had it.
async fn stop(
    tx: &mut Tx<'_>,
    outbox: OutboxId,
    flow: FlowId,
    now: Timestamp,
) -> Result<u64, OperationError> {
    let Some(invitation) = Invitation::of_settled(tx, flow).await?.filter(|settled| settled.cancels) else {
        return Ok(0);
    };
    let before = invitation.before(tx, flow).await?;
    let mut stopped = 0;
    for delivery in tx.fetch(sql::QUEUED, vec![outbox.into()]).await? {
        let recipient = delivery.parse::<EmailAddress>(1)?.key();
        if matches!(before.get(&recipient), Some(Before::Stopped(_))) {
            stopped +=
                tx.execute(sql::WITHDRAW_ONE, vec![delivery.get::<String>(0)?.into(), now.into()]).await?;
        }
    }
    Ok(stopped)
}
