//! A request for an account is turned down, or nobody answered it in thirty days. Its address is free again.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, SystemReason, Tx, action};
use vocabulary::AccountId;

use super::approve::ApproveError;
use super::{look, sql};
use crate::Cerebro;
use crate::due::due;

/// Turns it down. Its holder is not told by us: a stranger could learn from it.
///
/// # Errors
/// [`ApproveError`]; nothing changed.
pub async fn refuse(op: &Operation, permit: Permit<action::RefuseAccount>) -> Result<(), ApproveError> {
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        let current = look::inside(tx, account).await?.ok_or(ApproveError::NotFound)?;
        let closed = current.account()?.refuse()?;
        let values = vec![
            account.into(),
            closed.state.word().into(),
            now.into(),
            identity::AccountState::Requested.word().into(),
        ];
        if tx.execute(sql::CHANGE_STATUS, values).await? == 0 {
            return Err(ApproveError::NotFound);
        }
        Ok(((), Evidence::of(EvidenceKind::AccountRefused, account)))
    })
    .await
}

/// Purges requests that nobody answered, at most a hundred a call; how many went.
///
/// # Errors
/// The database did not answer.
pub async fn purge_due(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let now = cerebro.instance().now();
    let due = due::<AccountId>(cerebro, sql::REQUESTS_OVER, vec![now.into()]).await?;
    let mut purged = 0;
    for (organisation, account) in due {
        let op = cerebro.system(SystemReason::Timer, organisation);
        let permit = op.permit(action::RefuseAccount, account).await?;
        match refuse(&op, permit).await {
            Ok(()) => purged += 1,
            Err(error) => tracing::error!(%account, %error, "an old request could not be purged"),
        }
    }
    Ok(purged)
}
