//! An operator releases or rejects a waiting hold.

use access::{Operation, Permit, action};

use super::hold::Step;
use super::settle::{self, By, Decision, ReviewError};
use crate::Cerebro;

/// Lets a waiting hold go: its deliveries are queued and its sender told, in one write.
///
/// # Errors
/// Nothing changed.
pub async fn release(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ReleaseHold>,
    decision: Decision,
) -> Result<(), ReviewError> {
    let prepared =
        settle::prepare(cerebro, op, permit.subject(), Step::Release, By::Review, decision).await?;
    settle::decide(cerebro, op, permit, prepared).await
}

/// Refuses a waiting hold: nothing of it will leave unless governance overrules.
///
/// # Errors
/// Nothing changed.
pub async fn reject(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::RejectHold>,
    decision: Decision,
) -> Result<(), ReviewError> {
    let prepared = settle::prepare(cerebro, op, permit.subject(), Step::Reject, By::Review, decision).await?;
    settle::decide(cerebro, op, permit, prepared).await
}
