//! A draft is given up.

use access::{Evidence, EvidenceKind, Operation, Permit, Tx, action};
use vocabulary::ControlSetId;

use super::{ControlsError, SetState, sql};

/// Gives it up; it can be drafted again.
///
/// # Errors
/// It is no draft, or not of this organisation.
pub async fn withdraw(op: &Operation, permit: Permit<action::DropControls>) -> Result<(), ControlsError> {
    let (now, by) = (op.now(), op.actor().to_string());
    op.write(permit, async move |tx: &mut Tx<'_>, id: ControlSetId| {
        let values = vec![id.into(), SetState::Withdrawn.word().into(), by.into(), now.into()];
        if tx.execute(sql::END, values).await? == 0 {
            return Err(ControlsError::Over);
        }
        Ok(((), Evidence::of(EvidenceKind::ControlsWithdrawn, id)))
    })
    .await
}
