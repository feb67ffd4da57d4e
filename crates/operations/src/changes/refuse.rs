//! A change is turned down or taken back by any administrator, or nobody answered it in time. Refusing tightens: one
//! person is enough.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, SystemReason, Tx, action};
use vocabulary::ChangeId;

use super::approve::ChangeError;
use super::{ChangeState, list, sql};
use crate::Cerebro;
use crate::due::due;

/// Turns it down.
///
/// # Errors
/// [`ChangeError`]; nothing changed.
pub async fn refuse(op: &Operation, permit: Permit<action::RefuseChange>) -> Result<(), ChangeError> {
    list::find(op, permit.subject()).await?.ok_or(ChangeError::NotFound)?;
    end(op, permit, ChangeState::Refused, EvidenceKind::ChangeRefused).await
}

async fn end(
    op: &Operation,
    permit: Permit<action::RefuseChange>,
    state: ChangeState,
    kind: EvidenceKind,
) -> Result<(), ChangeError> {
    let (by, now) = (op.actor().to_string(), op.now());
    op.write(permit, async move |tx: &mut Tx<'_>, id: ChangeId| {
        let values = vec![id.into(), state.word().into(), by.into(), now.into()];
        if tx.execute(sql::DECIDE, values).await? == 0 {
            return Err(ChangeError::Over);
        }
        Ok(((), Evidence::of(kind, id)))
    })
    .await
}

/// Ends changes that nobody answered, at most a hundred a call; how many.
///
/// # Errors
/// The database did not answer.
pub async fn lapse_due(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let now = cerebro.instance().now();
    let due = due::<ChangeId>(cerebro, sql::DUE, vec![now.into()]).await?;
    let mut lapsed = 0;
    for (organisation, change) in due {
        let op = cerebro.system(SystemReason::Timer, organisation);
        let permit = op.permit(action::RefuseChange, change).await?;
        match end(&op, permit, ChangeState::Lapsed, EvidenceKind::ChangeLapsed).await {
            Ok(()) | Err(ChangeError::Over) => lapsed += 1,
            Err(error) => tracing::error!(%change, %error, "an old change could not be ended"),
        }
    }
    Ok(lapsed)
}
