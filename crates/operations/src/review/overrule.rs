//! Governance decides against a verdict, a decision or a ruling, with grounds (clause P2).

use access::{Operation, Permit, Tx, action};
use vocabulary::HoldId;

use super::arbitrate::Ruling;
use super::settle::{self, By, Decision, ReviewError};
use crate::Cerebro;

/// Overrules: a waiting hold without waiting for its team, or a rejection. `decision.reason` holds the grounds. What
/// was released may have left, so it cannot be overruled.
///
/// # Errors
/// Nothing changed.
pub async fn overrule(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::OverruleHold>,
    ruling: Ruling,
    decision: Decision,
) -> Result<(), ReviewError> {
    let prepared =
        settle::prepare(cerebro, op, permit.subject(), ruling.step(), By::Override, decision).await?;
    op.write(permit, async move |tx: &mut Tx<'_>, hold: HoldId| settle::apply(tx, hold, prepared).await)
        .await?;
    cerebro.wake_relay();
    Ok(())
}
