//! Its time is over: the account is closed for good, with everything that was open. Nobody has to remember it.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, SystemReason, Tx, action};
use vocabulary::BreakGlassId;

use super::{list, sql};
use crate::Cerebro;
use crate::accounts::standing;
use crate::due::due;

/// Shuts those whose time is over, at most a hundred a call; how many.
///
/// # Errors
/// The database did not answer.
pub async fn shut_due(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let now = cerebro.instance().now();
    let due = due::<BreakGlassId>(cerebro, sql::DUE, vec![now.into()]).await?;
    let mut shut = 0;
    for (organisation, id) in due {
        let op = cerebro.system(SystemReason::Timer, organisation);
        let permit = op.permit(action::ShutGlass, id).await?;
        match end(&op, permit).await {
            Ok(()) => shut += 1,
            Err(error) => tracing::error!(%id, %error, "break-glass that is over could not be shut"),
        }
    }
    Ok(shut)
}

async fn end(op: &Operation, permit: Permit<action::ShutGlass>) -> Result<(), OperationError> {
    let now = op.now();
    let Some(glass) = list::find(op, permit.subject()).await? else { return Ok(()) };
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, id: BreakGlassId| {
        let evidence =
            Evidence::of(EvidenceKind::BreakGlassEnded, id).with("account", glass.account.to_string());
        tx.execute(sql::END, vec![id.into(), now.into()]).await?;
        // Closed by an administrator meanwhile, or now: not asked who would be left, for it never was one who could go on.
        let evidence = standing::close_now(tx, glass.account, now, evidence).await?;
        Ok::<_, OperationError>(((), evidence))
    })
    .await
}
