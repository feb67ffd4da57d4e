//! An arbiter rules on an escalated hold (clause P2).

use access::{Operation, Permit, action};

use super::hold::Step;
use super::settle::{self, By, Decision, ReviewError};
use crate::Cerebro;

/// The ruling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling {
    /// It leaves.
    Release,
    /// It does not.
    Reject,
}

impl Ruling {
    pub(crate) const fn step(self) -> Step {
        match self {
            Self::Release => Step::Release,
            Self::Reject => Step::Reject,
        }
    }
}

/// Rules on a hold that was escalated to the arbiters.
///
/// # Errors
/// Nothing changed; among others, a hold still with its team is not arbitrated.
pub async fn arbitrate(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ArbitrateHold>,
    ruling: Ruling,
    decision: Decision,
) -> Result<(), ReviewError> {
    let prepared =
        settle::prepare(cerebro, op, permit.subject(), ruling.step(), By::Arbitration, decision).await?;
    settle::decide(cerebro, op, permit, prepared).await
}
