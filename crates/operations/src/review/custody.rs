//! Whoever has the mission for private and protected mail decides on a guarded hold, opened or not. Nobody else lets one go.

use access::{Operation, Permit, action};

use super::arbitrate::Ruling;
use super::settle::{self, By, Decision, ReviewError};
use crate::Cerebro;

/// Decides on a guarded hold that waits.
///
/// # Errors
/// Nothing changed; among others, a hold that is not guarded is for its team.
pub async fn decide(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::DecideGuarded>,
    ruling: Ruling,
    decision: Decision,
) -> Result<(), ReviewError> {
    let prepared =
        settle::prepare(cerebro, op, permit.subject(), ruling.step(), By::Custody, decision).await?;
    settle::decide(cerebro, op, permit, prepared).await
}
