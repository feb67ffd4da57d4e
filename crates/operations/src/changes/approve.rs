//! A second administrator agrees to a change, and it is done, in one write.

use access::{
    Evidence, EvidenceKind, Mission, Operation, OperationError, Permit, Row, StoreError, Tx, action,
};
use identity::AccountState;
use vocabulary::{AccountId, ChangeId, OrganisationId, Timestamp, TokenId};

use super::{Change, ChangeState, Proposal, list, sql};
use crate::Cerebro;
use crate::accounts::look;
use crate::accounts::mail::{self, News};
use crate::accounts::people::{self, SamePerson};
use crate::accounts::standing;
use crate::missions::grant::{self, GrantError};
use crate::missions::{NewGrant, Period};
use crate::notices::{self, Notice};
use crate::organisation::{Reason, Setting, change_security};
use crate::services::renew::{self, RenewError};

/// Why a change is not done. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// There is no such change here.
    #[error("there is no such change")]
    NotFound,
    /// It was answered, or nobody answered in time.
    #[error("the change does not wait any more")]
    Over,
    /// Whoever agrees is whoever asked or whom it is for, or a second account of theirs.
    #[error(
        "whoever asks for a change, whoever agrees and whom it is for are three people; this one is two of them"
    )]
    SamePerson(#[from] SamePerson),
    /// Whoever asked does not administer any more.
    #[error("whoever asked for the change is not an administrator any more: it has to be asked for again")]
    RequesterGone,
    /// What was asked for cannot be given any more.
    #[error(transparent)]
    Grant(GrantError),
    /// The service can have no other token any more.
    #[error(transparent)]
    Token(RenewError),
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for ChangeError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

impl From<GrantError> for ChangeError {
    fn from(error: GrantError) -> Self {
        match error {
            GrantError::Operation(error) => Self::Operation(error),
            error => Self::Grant(error),
        }
    }
}

impl From<RenewError> for ChangeError {
    fn from(error: RenewError) -> Self {
        match error {
            RenewError::Operation(error) => Self::Operation(error),
            error => Self::Token(error),
        }
    }
}

/// What the change becomes, made ready before the write.
enum Effect {
    Mission { account: AccountId, mission: Mission, period: Period, given: NewGrant, notice: Option<Notice> },
    Token { account: AccountId, token: TokenId, hash: Vec<u8> },
    Security { organisation: OrganisationId, settings: Vec<Setting> },
}

/// Agrees to it: the change is done.
///
/// # Errors
/// [`ChangeError`]; it still waits then, unless it says otherwise.
pub async fn approve(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ApproveChange>,
) -> Result<(), ChangeError> {
    let by = op.actor().account().ok_or(ChangeError::NotFound)?;
    let change = list::find(op, permit.subject()).await?.ok_or(ChangeError::NotFound)?;
    let effect = prepare(cerebro, op, by, &change).await?;
    let now = op.now();
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, id: ChangeId| {
        if change.state != ChangeState::Waiting || now >= change.until {
            return Err(ChangeError::Over);
        }
        let others: Vec<AccountId> =
            [Some(change.requested_by), change.proposal.beneficiary()].into_iter().flatten().collect();
        people::distinct::<ChangeError>(tx, by, &others).await?;
        check_requester(tx, change.requested_by, now).await?;
        let values = vec![id.into(), ChangeState::Approved.word().into(), by.to_string().into(), now.into()];
        if tx.execute(sql::DECIDE, values).await? == 0 {
            return Err(ChangeError::Over);
        }
        let evidence =
            Evidence::of(EvidenceKind::ChangeApproved, id).with("asked_by", change.requested_by.to_string());
        Ok(((), evidence.and(effect.take(tx, now).await?)))
    })
    .await?;
    cerebro.refresh().await?;
    cerebro.wake_relay();
    Ok(())
}

async fn prepare(
    cerebro: &Cerebro,
    op: &Operation,
    by: AccountId,
    change: &Change,
) -> Result<Effect, ChangeError> {
    match &change.proposal {
        Proposal::Security { settings } => {
            Ok(Effect::Security { organisation: op.organisation(), settings: settings.clone() })
        }
        &Proposal::Token { account, token, ref hash } => {
            Ok(Effect::Token { account, token, hash: hash.clone() })
        }
        &Proposal::Mission { account, mission, from, until } => {
            let subject = look::subject(op, account).await?.ok_or(ChangeError::NotFound)?;
            let reason = Reason::parse(&change.reason)
                .map_err(|_| OperationError::Damaged("the reason of a change".into()))?;
            let period = Period { from: from.max(op.now()), until };
            let given = NewGrant::prepare(op, mission, period, by, &reason)?;
            let notice = mail::news(cerebro, op, &subject, &News::MissionGiven(mission))?;
            Ok(Effect::Mission { account, mission, period, given, notice })
        }
    }
}

impl Effect {
    async fn take(self, tx: &mut Tx<'_>, now: Timestamp) -> Result<Evidence, ChangeError> {
        match self {
            Self::Security { organisation, settings } => {
                Ok(change_security::take(tx, organisation, &settings).await?)
            }
            Self::Token { account, token, hash } => Ok(renew::take(tx, account, token, hash, now).await?),
            Self::Mission { account, mission, period, given, notice } => {
                let current = look::inside(tx, account).await?.ok_or(ChangeError::NotFound)?;
                if period.until.is_some_and(|until| until <= period.from) {
                    return Err(ChangeError::Over);
                }
                grant::check(tx, &current, mission, period, now).await?;
                let evidence = given.keep(tx, account).await?;
                if let Some(notice) = notice {
                    notices::enqueue(tx, notice, now).await?;
                }
                Ok(evidence)
            }
        }
    }
}

/// Whoever asked must still be somebody who may ask: what a suspended administrator left behind is nobody's wish.
async fn check_requester(tx: &mut Tx<'_>, requester: AccountId, now: Timestamp) -> Result<(), ChangeError> {
    let known = look::inside(tx, requester).await?;
    let active = known.as_ref().is_some_and(|account| account.state == AccountState::Active);
    let is_service = known.is_some_and(|account| account.email.is_none());
    let statement = if is_service { sql::REGISTERS } else { standing::sql::ADMINISTERS };
    let row: Option<Row> = tx.fetch_optional(statement, vec![requester.into(), now.into()]).await?;
    let may_ask = row.map_or(Ok(0), |row| row.get::<u64>(0))? > 0;
    if active && may_ask { Ok(()) } else { Err(ChangeError::RequesterGone) }
}
