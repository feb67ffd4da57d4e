//! A suspended account works again, with the missions it still has. No session comes back, and administration does not:
//! it is given anew, by two. A service reinstates only what it suspended itself.

use access::{EvidenceKind, Operation, Permit, action};
use identity::account::Account;

use super::mail::News;
use super::standing::{self, Act, StandingError};
use crate::Cerebro;
use crate::idempotency::Key;
use crate::organisation::Reason;

/// Reinstates it. A program's key is answered with the step's id.
///
/// # Errors
/// [`StandingError`]; nothing changed.
pub async fn reinstate(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ReinstateAccount>,
    reason: Reason,
    key: Option<Key>,
) -> Result<(), StandingError> {
    let act = Act {
        becomes: Account::reinstate,
        news: News::Reinstated,
        kind: EvidenceKind::AccountReinstated,
        for_good: false,
    };
    standing::perform(cerebro, op, permit, reason, act, key).await
}
