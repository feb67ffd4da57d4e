//! What leaves is stopped, and goes on: to one destination, or everything of the organisation. What is in a relay's hands
//! when it is stopped still leaves.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action};
use vocabulary::{OrganisationId, bounds};

use super::{Destination, sql};
use crate::Cerebro;
use crate::organisation::Reason;

/// Why nothing was stopped or restarted. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum PauseError {
    /// It is stopped already.
    #[error("the destination is paused already")]
    Already,
    /// It is not stopped.
    #[error("the destination is not paused")]
    NotPaused,
    /// More destinations than one can oversee: stop everything instead.
    #[error("more than {} destinations are paused", bounds::RELAY_PAUSES_MAX)]
    TooMany,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for PauseError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

pub(super) fn context(destination: &Destination) -> String {
    format!("{destination}/pause")
}

/// Stops what leaves to a destination.
///
/// # Errors
/// Nothing changed.
pub async fn pause(
    op: &Operation,
    permit: Permit<action::PauseRelay>,
    destination: Destination,
    reason: Reason,
) -> Result<(), PauseError> {
    let sealed = op.seal(&context(&destination), reason.as_str().as_bytes())?;
    let (actor, now) = (op.actor().to_string(), op.now());
    op.write(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
        if tx.fetch(sql::DESTINATIONS, vec![]).await?.len() >= bounds::RELAY_PAUSES_MAX {
            return Err(PauseError::TooMany);
        }
        let values = vec![destination.to_string().into(), sealed.into(), actor.into(), now.into()];
        if tx.execute(sql::PAUSE, values).await? == 0 {
            return Err(PauseError::Already);
        }
        let evidence = Evidence::of(EvidenceKind::RelayPaused, organisation)
            .with("destination", destination.to_string())
            .with("reason", reason.as_str());
        Ok(((), evidence))
    })
    .await
}

/// Lets it go on: what was passed over meanwhile leaves at once, and no attempt was lost.
///
/// # Errors
/// Nothing changed.
pub async fn resume(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::PauseRelay>,
    destination: Destination,
) -> Result<(), PauseError> {
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
        if tx.execute(sql::RESUME, vec![destination.to_string().into()]).await? == 0 {
            return Err(PauseError::NotPaused);
        }
        tx.execute(sql::HELD_OFF_NO_MORE, vec![now.into()]).await?;
        let evidence = Evidence::of(EvidenceKind::RelayResumed, organisation)
            .with("destination", destination.to_string());
        Ok(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}
