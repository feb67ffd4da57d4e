//! A person asks for past flows to be read again: a row that a node takes up, and an entry.

use std::time::Duration;

use access::{Action, Evidence, EvidenceKind, Operation, Permit, Tx, action};
use vocabulary::{ReplayId, Timestamp, bounds};

use super::super::{ControlsError, SetState, look};
use super::{ReplayKind, sql};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Asks what a draft would have done to the flows of the last `days`. A finished rehearsal replaces the last one of that draft.
///
/// # Errors
/// [`ControlsError`]; [`ControlsError::Busy`] while another is not done.
pub async fn rehearsal(
    op: &Operation,
    permit: Permit<action::RehearseControls>,
    days: u32,
) -> Result<ReplayId, ControlsError> {
    let set = permit.subject();
    let line = look::line(op, set).await?.ok_or(ControlsError::NotFound)?;
    if line.state != SetState::Draft {
        return Err(ControlsError::Over);
    }
    let from = op.now().minus(DAY * days.clamp(1, bounds::REHEARSAL_DAYS_MAX));
    start(op, permit, ReplayKind::Rehearsal, from).await
}

/// Asks what the flows since a moment match with the controls and lists of today, and did not when they came.
///
/// # Errors
/// [`ControlsError`]; [`ControlsError::Busy`] while another is not done.
pub async fn look_back(
    op: &Operation,
    permit: Permit<action::LookBack>,
    since: Timestamp,
) -> Result<ReplayId, ControlsError> {
    start(op, permit, ReplayKind::LookBack, since).await
}

async fn start<A: Action>(
    op: &Operation,
    permit: Permit<A>,
    kind: ReplayKind,
    from: Timestamp,
) -> Result<ReplayId, ControlsError> {
    let (now, by) = (op.now(), op.actor().to_string());
    let id = ReplayId::new(now, op.entropy());
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, subject: A::Subject| {
        if tx.fetch_optional(sql::RUNNING, vec![]).await?.is_some() {
            return Err(ControlsError::Busy);
        }
        let subject = subject.to_string();
        let values =
            vec![id.into(), kind.word().into(), subject.as_str().into(), from.into(), now.into(), by.into()];
        tx.execute(sql::INSERT, values).await?;
        tx.execute(sql::INSERT_PROGRESS, vec![id.into()]).await?;
        let evidence = Evidence::of(EvidenceKind::ReplayStarted, id)
            .with("kind", kind.word())
            .with("subject", subject)
            .with("from", from.rfc3339());
        Ok((id, evidence))
    })
    .await
}
