//! A suspended account works again, with the missions it still has. No session comes back, and administration does not:
//! it is given anew, by two.

use access::{Evidence, EvidenceKind, Operation, Permit, Tx, action};
use identity::account::Account;
use vocabulary::AccountId;

use super::look;
use super::mail::{self, News};
use super::standing::{self, StandingError};
use crate::organisation::Reason;
use crate::{Cerebro, notices};

/// Reinstates it.
///
/// # Errors
/// [`StandingError`]; nothing changed.
pub async fn reinstate(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ReinstateAccount>,
    reason: Reason,
) -> Result<(), StandingError> {
    let subject = look::subject(op, permit.subject()).await?.ok_or(StandingError::NotFound)?;
    let notice = mail::news(cerebro, op, &subject, &News::Reinstated)?;
    let now = op.now();
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        standing::change(tx, account, now, Account::reinstate).await?;
        let evidence = Evidence::of(EvidenceKind::AccountReinstated, account).with("reason", reason.as_str());
        // A session that slipped in beside the suspension does not wake up with the account.
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
