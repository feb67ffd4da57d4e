//! A mission is withdrawn: it counts from the next request on (clause R4). One person is enough, for this tightens.

use access::{Evidence, EvidenceKind, Family, Mission, Operation, Permit, Tx, action};
use vocabulary::{AccountId, GrantId, Timestamp};

use super::{end_context, list, sql};
use crate::Cerebro;
use crate::accounts::look;
use crate::accounts::mail::{self, News};
use crate::accounts::standing::{self, StandingError};
use crate::idempotency::{self, Key};
use crate::notices::{self, Notice};
use crate::organisation::Reason;

/// Withdraws it; whose it was. A program's key is answered with the step's id.
///
/// # Errors
/// [`StandingError`]: among others, it is the last administrator's. Nothing changed.
pub async fn withdraw(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::WithdrawMission>,
    reason: Reason,
    key: Option<Key>,
) -> Result<AccountId, StandingError> {
    let withdrawal = Withdrawal::prepare(cerebro, op, permit.subject(), reason).await?;
    let (account, now, answer) = (withdrawal.account, op.now(), op.id().to_string());
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, grant: GrantId| {
        let evidence = withdrawal.take(tx, grant).await?;
        idempotency::keep::<StandingError>(tx, key, answer, now).await?;
        Ok::<_, StandingError>(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(account)
}

/// A mission on its way out, made ready before the write.
pub(crate) struct Withdrawal {
    /// Whose it is.
    pub(crate) account: AccountId,
    mission: Mission,
    by: AccountId,
    reason: Reason,
    sealed: Vec<u8>,
    notice: Option<Notice>,
    now: Timestamp,
}

impl Withdrawal {
    pub(crate) async fn prepare(
        cerebro: &Cerebro,
        op: &Operation,
        grant: GrantId,
        reason: Reason,
    ) -> Result<Self, StandingError> {
        let by = op.actor().account().ok_or(StandingError::NotFound)?;
        let (account, mission) = list::held(op, grant).await?.ok_or(StandingError::NotFound)?;
        let subject = look::subject(op, account).await?.ok_or(StandingError::NotFound)?;
        let notice = mail::news(cerebro, op, &subject, &News::MissionWithdrawn(mission))?;
        let text = reason.as_str().as_bytes();
        let sealed = op.instance().seal_lasting(op.organisation(), &end_context(grant), text)?;
        Ok(Self { account, mission, by, reason, sealed, notice, now: op.now() })
    }

    /// Takes it away, inside a write made in turn.
    pub(crate) async fn take(self, tx: &mut Tx<'_>, grant: GrantId) -> Result<Evidence, StandingError> {
        let Self { account, mission, by, reason, sealed, notice, now } = self;
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
        Ok(Evidence::of(EvidenceKind::MissionWithdrawn, grant)
            .with("account", account.to_string())
            .with("mission", mission.word())
            .with("reason", reason.as_str()))
    }
}
