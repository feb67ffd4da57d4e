//! An account is suspended (clause R4): from the next request on, on every node, its sessions, links and tokens do
//! nothing. Sessions and links are over; a service's token works again when its account does.

use access::{EvidenceKind, Operation, Permit, action};
use identity::account::Account;

use super::mail::News;
use super::standing::{self, Act, StandingError};
use crate::Cerebro;
use crate::idempotency::Key;
use crate::organisation::Reason;

/// Suspends it. A program's key is answered with the step's id.
///
/// # Errors
/// [`StandingError`]; nothing changed.
pub async fn suspend(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::SuspendAccount>,
    reason: Reason,
    key: Option<Key>,
) -> Result<(), StandingError> {
    let act = Act {
        becomes: Account::suspend,
        news: News::Suspended,
        kind: EvidenceKind::AccountSuspended,
        for_good: false,
    };
    standing::perform(cerebro, op, permit, reason, act, key).await
}
