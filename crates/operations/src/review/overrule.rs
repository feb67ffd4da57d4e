//! Governance decides against a verdict, a decision or a ruling, with grounds (clause P2).

use access::{Operation, Permit, action};

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
    settle::decide(cerebro, op, permit, prepared).await
}
