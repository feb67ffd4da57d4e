//! An account is closed for good: its holder left (clause R4). Its id and its history stay; its address is free, and an
//! account made anew under it inherits nothing (attack K4).

use access::{Evidence, EvidenceKind, Operation, Permit, Tx, action};
use identity::account::Account;
use vocabulary::AccountId;

use super::look;
use super::mail::{self, News};
use super::standing::{self, StandingError};
use crate::organisation::Reason;
use crate::{Cerebro, notices};

/// Closes it: sessions, links, tokens, authenticators and missions end.
///
/// # Errors
/// [`StandingError`]; nothing changed.
pub async fn close(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::CloseAccount>,
    reason: Reason,
) -> Result<(), StandingError> {
    let subject = look::subject(op, permit.subject()).await?.ok_or(StandingError::NotFound)?;
    let notice = mail::news(cerebro, op, &subject, &News::Closed)?;
    let now = op.now();
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        standing::change(tx, account, now, Account::close).await?;
        let evidence = Evidence::of(EvidenceKind::AccountClosed, account).with("reason", reason.as_str());
        let evidence = standing::end_access(tx, account, now, evidence).await?;
        let evidence = standing::end_everything(tx, account, now, evidence).await?;
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        Ok::<_, StandingError>(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}
