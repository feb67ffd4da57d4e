//! Reading past flows again ends before its end: a person stops it, or it does not get further.

use access::{Evidence, EvidenceKind, Operation, Permit, Tx, action};
use vocabulary::ReplayId;

use super::super::ControlsError;
use super::{ReplayState, sql};

/// Stops it. Who is at it notices within a few messages; nothing of what was found is kept.
///
/// # Errors
/// It is over, or not of this organisation.
pub async fn stop(op: &Operation, permit: Permit<action::StopReplay>) -> Result<(), ControlsError> {
    end(op, permit, ReplayState::Stopped, EvidenceKind::ReplayStopped).await
}

/// It was begun too often without getting further.
pub(super) async fn fail(op: &Operation, permit: Permit<action::StopReplay>) -> Result<(), ControlsError> {
    end(op, permit, ReplayState::Failed, EvidenceKind::ReplayFailed).await
}

async fn end(
    op: &Operation,
    permit: Permit<action::StopReplay>,
    state: ReplayState,
    kind: EvidenceKind,
) -> Result<(), ControlsError> {
    let (now, by) = (op.now(), op.actor().to_string());
    op.write(permit, async move |tx: &mut Tx<'_>, id: ReplayId| {
        let none: Option<Vec<u8>> = None;
        let values = vec![id.into(), state.word().into(), by.into(), now.into(), none.into()];
        if tx.execute(sql::END, values).await? == 0 {
            return Err(ControlsError::Over);
        }
        Ok(((), Evidence::of(kind, id)))
    })
    .await
}
