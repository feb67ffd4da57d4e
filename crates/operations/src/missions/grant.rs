//! An administrator gives somebody a mission (clause R1). One of administration makes a new administrator, which weakens
//! security: it waits for a second one. So do the mission that opens private mail, every mission of a service, and every one that
//! a service asks for: a person agrees.
//!
//! Nobody gives a mission to themselves, nor to a second account of theirs (attack A4).

use access::{Actor, Mission, Operation, OperationError, Permit, StoreError, Tx, action};
use identity::AccountState;
use vocabulary::{AccountId, ChangeId, Timestamp, bounds};

use super::{NewGrant, Period, sql};
use crate::accounts::look::{self, Subject};
use crate::accounts::mail::{self, News};
use crate::accounts::people::{self, SamePerson};
use crate::changes::propose::{ProposeError, Proposed};
use crate::changes::{Kept, Proposal};
use crate::idempotency::{self, Key, KeyError};
use crate::organisation::Reason;
use crate::{Cerebro, notices};

/// What is given.
#[derive(Debug, Clone)]
pub struct Gift {
    /// The mission.
    pub mission: Mission,
    /// From when; the past is now.
    pub from: Timestamp,
    /// Until when; `None` until it is withdrawn.
    pub until: Option<Timestamp>,
    /// Why.
    pub reason: Reason,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// It is given.
    Now,
    /// It waits for a second administrator.
    Waits(ChangeId),
}

/// Why it is not given. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// There is no such account here.
    #[error("there is no such account")]
    NotFound,
    /// Only who is active is given anything.
    #[error("the account is not active")]
    NotActive,
    /// The beneficiary is whoever gives, or a second account of theirs.
    #[error("clause R1: nobody gives a mission to themselves, nor to another account of theirs")]
    SamePerson(#[from] SamePerson),
    /// A service connects, a person does everything else.
    #[error("this mission is not for this kind of account")]
    WrongKind,
    /// It ends before it begins, or lies too far ahead.
    #[error("a mission begins within a year and ends after it begins, within ten years")]
    Period,
    /// The account holds the mission in that time already.
    #[error("the account holds this mission already")]
    AlreadyHeld,
    /// The account has as many as may be.
    #[error("an account holds at most {} missions at once", bounds::GRANTS_MAX)]
    TooMany,
    /// Who administers, and who opens private mail, is a matter of people.
    #[error("a service does not ask for missions of administration, nor for custody of private mail")]
    NotByService,
    /// The request was done already, or its key stands for another.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The same is asked for already, or too much is.
    #[error(transparent)]
    Propose(#[from] ProposeError),
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for GrantError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Gives the mission, or asks a second administrator for it: a program's key is answered with the change that waits.
///
/// # Errors
/// [`GrantError`]; nothing changed.
pub async fn grant(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::GrantMission>,
    gift: Gift,
    key: Option<Key>,
) -> Result<Given, GrantError> {
    let by = op.actor().account().ok_or(GrantError::NotFound)?;
    let subject = look::subject(op, permit.subject()).await?.ok_or(GrantError::NotFound)?;
    let period = period(op.now(), &gift)?;
    let mission = gift.mission;
    let by_service = matches!(op.actor(), Actor::Service { .. });
    if by_service && mission.always_has_factor() {
        return Err(GrantError::NotByService);
    }
    // Whoever made a service may hold its token: what that opens, a second administrator agrees to (clause P3).
    if by_service || mission.is_given_by_two() {
        return propose(op, permit, by, gift, period, key).await;
    }
    let given = NewGrant::prepare(op, mission, period, by, &gift.reason)?;
    let notice = mail::news(cerebro, op, &subject, &News::MissionGiven(mission))?;
    let now = op.now();
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        let current = look::inside(tx, account).await?.ok_or(GrantError::NotFound)?;
        check(tx, &current, mission, period, now).await?;
        people::distinct::<GrantError>(tx, by, &[account]).await?;
        let evidence = given.keep(tx, account).await?;
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        Ok::<_, GrantError>(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(Given::Now)
}

async fn propose(
    op: &Operation,
    permit: Permit<action::GrantMission>,
    by: AccountId,
    gift: Gift,
    period: Period,
    key: Option<Key>,
) -> Result<Given, GrantError> {
    let account = permit.subject();
    let mission = gift.mission;
    let proposal = Proposal::Mission { account, mission, from: period.from, until: period.until };
    let kept = Kept { proposal, reason: gift.reason.as_str().to_owned() };
    let (proposed, now) = (Proposed::prepare(op, by, &kept)?, op.now());
    let id = proposed.id;
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        let current = look::inside(tx, account).await?.ok_or(GrantError::NotFound)?;
        check(tx, &current, mission, period, now).await?;
        people::distinct::<GrantError>(tx, by, &[account]).await?;
        let evidence = proposed.keep::<GrantError>(tx).await?;
        idempotency::keep::<GrantError>(tx, key, id.to_string(), now).await?;
        Ok::<_, GrantError>(((), evidence))
    })
    .await?;
    Ok(Given::Waits(id))
}

/// The account may hold the mission in that time: asked when it is given, and again when a second person agrees.
pub(crate) async fn check(
    tx: &mut Tx<'_>,
    account: &Subject,
    mission: Mission,
    period: Period,
    now: Timestamp,
) -> Result<(), GrantError> {
    if account.state != AccountState::Active {
        return Err(GrantError::NotActive);
    }
    if account.email.is_none() != mission.is_of_services() {
        return Err(GrantError::WrongKind);
    }
    let count = async |tx: &mut Tx<'_>, statement, values| {
        let row = tx.fetch_optional(statement, values).await?;
        row.map_or(Ok(0), |row| row.get::<u64>(0))
    };
    let values = vec![account.id.into(), mission.word().into(), period.from.into(), period.until.into()];
    if count(tx, sql::OVERLAPPING, values).await? > 0 {
        return Err(GrantError::AlreadyHeld);
    }
    if count(tx, sql::STANDING, vec![account.id.into(), now.into()]).await? >= bounds::GRANTS_MAX {
        return Err(GrantError::TooMany);
    }
    Ok(())
}

fn period(now: Timestamp, gift: &Gift) -> Result<Period, GrantError> {
    let from = gift.from.max(now);
    let late = from > now.plus(bounds::GRANT_AHEAD_MAX);
    let bad_end = gift.until.is_some_and(|until| until <= from || until > now.plus(bounds::GRANT_LENGTH_MAX));
    if late || bad_end { Err(GrantError::Period) } else { Ok(Period { from, until: gift.until }) }
}
