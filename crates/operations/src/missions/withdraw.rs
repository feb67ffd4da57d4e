//! A mission is withdrawn: it counts from the next request on (clause R4). One person is enough, for this tightens.

use access::{Evidence, EvidenceKind, Family, Operation, Permit, Tx, action};
use vocabulary::{AccountId, GrantId};

use super::{end_context, list, sql};
use crate::accounts::look;
use crate::accounts::mail::{self, News};
use crate::accounts::standing::{self, StandingError};
use crate::organisation::Reason;
use crate::{Cerebro, notices};

/// Withdraws it.
///
/// # Errors
/// [`StandingError`]: among others, it is the last administrator's. Nothing changed.
pub async fn withdraw(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::WithdrawMission>,
    reason: Reason,
) -> Result<AccountId, StandingError> {
    let by = op.actor().account().ok_or(StandingError::NotFound)?;
    let (account, mission) = list::held(op, permit.subject()).await?.ok_or(StandingError::NotFound)?;
    let subject = look::subject(op, account).await?.ok_or(StandingError::NotFound)?;
    let notice = mail::news(cerebro, op, &subject, &News::MissionWithdrawn(mission))?;
    let (now, grant) = (op.now(), permit.subject());
    let sealed =
        op.instance().seal_lasting(op.organisation(), &end_context(grant), reason.as_str().as_bytes())?;
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, grant: GrantId| {
        if mission.family() == Family::Administration {
            standing::keep_an_administrator(tx, account, now).await?;
        }
        let values = vec![grant.into(), now.into(), by.to_string().into(), sealed.into()];
        if tx.execute(sql::WITHDRAW, values).await? == 0 {
            return Err(StandingError::NotFound);
        }
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        let evidence = Evidence::of(EvidenceKind::MissionWithdrawn, grant)
            .with("account", account.to_string())
            .with("mission", mission.word())
            .with("reason", reason.as_str());
        Ok(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(account)
}
