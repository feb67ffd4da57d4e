//! A message that waits for its next attempt is tried at once.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action};
use vocabulary::OutboxId;

use super::sql;
use crate::Cerebro;

/// Why it is not tried at once. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum RetryError {
    /// There is no such message here, or it waits no more.
    #[error("there is no such message waiting")]
    NotFound,
    /// A relay has it in hand.
    #[error("the message is being sent")]
    BeingSent,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for RetryError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Makes it due now. The count of its attempts goes on, and so does its expiry; a paused destination stays paused.
///
/// # Errors
/// Nothing changed.
pub async fn retry(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::RetryDelivery>,
) -> Result<(), RetryError> {
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, outbox: OutboxId| {
        let row = tx.fetch_optional(sql::LOCK, vec![outbox.into()]).await?;
        let Some(row) = row.filter(|row| row.get::<String>(0).is_ok_and(|state| state == "ready")) else {
            return Err(RetryError::NotFound);
        };
        if tx.execute(sql::RETRY, vec![outbox.into(), now.into()]).await? == 0 {
            return Err(RetryError::BeingSent);
        }
        let last: Option<String> = row.get(2)?;
        Ok(((), Evidence::of(EvidenceKind::DeliveryRetried, outbox).with("last_reply", last)))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}
