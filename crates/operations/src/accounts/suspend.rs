//! An account is suspended (clause R4): from the next request on, on every node, its sessions, links and tokens do
//! nothing. Sessions and links are over; a service's token works again when its account does.

use access::{Evidence, EvidenceKind, Operation, Permit, Tx, action};
use identity::account::Account;
use vocabulary::AccountId;

use super::look;
use super::mail::{self, News};
use super::standing::{self, StandingError};
use crate::organisation::Reason;
use crate::{Cerebro, notices};

/// Suspends it.
///
/// # Errors
/// [`StandingError`]; nothing changed.
pub async fn suspend(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::SuspendAccount>,
    reason: Reason,
) -> Result<(), StandingError> {
    let subject = look::subject(op, permit.subject()).await?.ok_or(StandingError::NotFound)?;
    let notice = mail::news(cerebro, op, &subject, &News::Suspended)?;
    let now = op.now();
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        standing::change(tx, account, now, Account::suspend).await?;
        let evidence = Evidence::of(EvidenceKind::AccountSuspended, account).with("reason", reason.as_str());
        let evidence = standing::end_access(tx, account, now, evidence).await?;
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        Ok::<_, StandingError>(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}
