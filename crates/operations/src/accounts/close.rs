//! An account is closed for good: its holder left (clause R4). Its id and its history stay; its address is free, and an
//! account made anew under it inherits nothing (attack K4).

use access::{EvidenceKind, Operation, Permit, action};
use identity::account::Account;

use super::mail::News;
use super::standing::{self, Act, StandingError};
use crate::Cerebro;
use crate::idempotency::Key;
use crate::organisation::Reason;

/// Closes it: sessions, links, tokens, authenticators and missions end. A program's key is answered with the step's id.
///
/// # Errors
/// [`StandingError`]; nothing changed.
pub async fn close(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::CloseAccount>,
    reason: Reason,
    key: Option<Key>,
) -> Result<(), StandingError> {
    let act = Act {
        becomes: Account::close,
        news: News::Closed,
        kind: EvidenceKind::AccountClosed,
        for_good: true,
    };
    standing::perform(cerebro, op, permit, reason, act, key).await
}
