//! What suspending, reinstating and closing share: the act, who must remain, and what ends with an account.

use access::{
    Action, Actor, Evidence, EvidenceKind, Family, Mission, Operation, OperationError, Permit, Row,
    StoreError, Tx,
};
use identity::account::{Account, AccountError};
use identity::{AccountState, EndReason};
use vocabulary::{AccountId, Timestamp};

use super::look;
use super::mail::{self, News};
use crate::idempotency::{self, Key, KeyError};
use crate::organisation::Reason;
use crate::{Cerebro, notices};

pub(crate) mod sql {
    access::statements! {
        /// Administrators but one who could go on alone: active, with a password and a second factor, for no set time.
        Organisation OTHER_ADMINISTRATORS = "SELECT COUNT(*) FROM account a WHERE a.organisation = $1 AND a.id <> $2 AND a.kind = 'person' AND a.status = 'active' AND EXISTS (SELECT 1 FROM mission_grant g WHERE g.organisation = $1 AND g.account = a.id AND g.mission = 'administrator' AND g.ended_at IS NULL AND g.suspended_at IS NULL AND g.from_at <= $3 AND g.until_at IS NULL) AND EXISTS (SELECT 1 FROM authenticator f WHERE f.organisation = $1 AND f.account = a.id AND f.kind = 'password' AND f.ended_at IS NULL) AND EXISTS (SELECT 1 FROM authenticator f WHERE f.organisation = $1 AND f.account = a.id AND f.kind NOT IN ('password', 'backup_code') AND f.ended_at IS NULL AND f.suspended_at IS NULL)";
        Organisation ADMINISTERS = "SELECT COUNT(*) FROM mission_grant WHERE organisation = $1 AND account = $2 AND mission = 'administrator' AND ended_at IS NULL AND suspended_at IS NULL AND (until_at IS NULL OR until_at > $3)";
        Organisation CHANGE_STATE = "UPDATE account SET status = $3, changed_at = $4, moved_by = $6 WHERE organisation = $1 AND id = $2 AND status = $5";
        Organisation MOVED_BY = "SELECT moved_by FROM account WHERE organisation = $1 AND id = $2";
        Organisation CLOSE_NOW = "UPDATE account SET status = 'closed', changed_at = $3 WHERE organisation = $1 AND id = $2 AND status <> 'closed'";
        Organisation END_SESSIONS = "UPDATE session SET ended_at = $3, end_reason = $4 WHERE organisation = $1 AND account = $2 AND ended_at IS NULL";
        Organisation END_LINKS = "UPDATE account_link SET ended_at = $3 WHERE organisation = $1 AND account = $2 AND ended_at IS NULL";
        Organisation END_TOKENS = "UPDATE api_token SET ended_at = $3 WHERE organisation = $1 AND account = $2 AND ended_at IS NULL";
        Organisation END_AUTHENTICATORS = "UPDATE authenticator SET ended_at = $3 WHERE organisation = $1 AND account = $2 AND ended_at IS NULL";
        Organisation END_MISSION = "UPDATE mission_grant SET ended_at = $3 WHERE organisation = $1 AND account = $2 AND mission = $4 AND ended_at IS NULL";
    }
}

/// Why an account stands as before. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum StandingError {
    /// There is no such account here.
    #[error("there is no such account")]
    NotFound,
    /// Its state does not allow it.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// Nobody would be left to administer the organisation.
    #[error(
        "this is the last administrator with a password, a second factor and no end: give the mission to somebody else first"
    )]
    LastAdministrator,
    /// A service gives back only what it took away itself: what a person decided, a person takes back.
    #[error("somebody else suspended this account: a person reinstates it")]
    NotYours,
    /// The request was done already, or its key stands for another.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for StandingError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// One of the three acts.
pub(super) struct Act {
    /// The state an account comes to.
    pub(super) becomes: fn(Account) -> Result<Account, AccountError>,
    /// What its holder is told.
    pub(super) news: News,
    /// The fact in the ledger.
    pub(super) kind: EvidenceKind,
    /// It is over for good: tokens, authenticators and every mission go as well.
    pub(super) for_good: bool,
}

/// Does it: the account's state, whatever was open, the mail to its holder and the entry, in one write made in turn.
pub(super) async fn perform<A: Action<Subject = AccountId>>(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<A>,
    reason: Reason,
    act: Act,
    key: Option<Key>,
) -> Result<(), StandingError> {
    let subject = look::subject(op, permit.subject()).await?.ok_or(StandingError::NotFound)?;
    let notice = mail::news(cerebro, op, &subject, &act.news)?;
    let (now, actor, answer) = (op.now(), op.actor(), op.id().to_string());
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        change(tx, account, now, actor, act.becomes).await?;
        let evidence = Evidence::of(act.kind, account).with("reason", reason.as_str());
        // Reinstating too: a session that slipped in beside the suspension does not wake up with the account.
        let mut evidence = end_access(tx, account, now, evidence).await?;
        if act.for_good {
            evidence = end_everything(tx, account, now, evidence).await?;
        }
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        idempotency::keep::<StandingError>(tx, key, answer, now).await?;
        Ok::<_, StandingError>(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}

/// Moves an account to the state `becomes` makes of it.
async fn change(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
    actor: Actor,
    becomes: fn(Account) -> Result<Account, AccountError>,
) -> Result<(), StandingError> {
    let current = look::inside(tx, account).await?.ok_or(StandingError::NotFound)?;
    let changed = becomes(current.account()?)?;
    let (leaves, returns) = (current.state == AccountState::Active, changed.state == AccountState::Active);
    if leaves && !returns {
        keep_an_administrator(tx, account, now).await?;
    }
    if returns && matches!(actor, Actor::Service { .. }) && !moved_by(tx, account, actor).await? {
        return Err(StandingError::NotYours);
    }
    let values = vec![
        account.into(),
        changed.state.word().into(),
        now.into(),
        current.state.word().into(),
        actor.to_string().into(),
    ];
    if tx.execute(sql::CHANGE_STATE, values).await? == 0 {
        return Err(StandingError::NotFound);
    }
    Ok(())
}

/// Whether whoever acts moved the account to where it stands.
async fn moved_by(tx: &mut Tx<'_>, account: AccountId, actor: Actor) -> Result<bool, StoreError> {
    let row = tx.fetch_optional(sql::MOVED_BY, vec![account.into()]).await?;
    let by: Option<String> = row.map_or(Ok(None), |row| row.get(0))?;
    Ok(by == Some(actor.to_string()))
}

/// Refuses to leave an organisation without an administrator who could go on (attack L1). The caller's write is made in
/// turn, so that two at once do not each count the other.
///
/// # Errors
/// [`StandingError::LastAdministrator`].
pub(crate) async fn keep_an_administrator(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
) -> Result<(), StandingError> {
    let values = vec![account.into(), now.into()];
    if count(tx.fetch_optional(sql::ADMINISTERS, values.clone()).await?)? == 0 {
        return Ok(());
    }
    match count(tx.fetch_optional(sql::OTHER_ADMINISTRATORS, values).await?)? {
        0 => Err(StandingError::LastAdministrator),
        _ => Ok(()),
    }
}

/// How many administrators could go on alone (attack L2).
pub(super) async fn administrators(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, StoreError> {
    // No account is left out: none has an empty id.
    count(tx.fetch_optional(sql::OTHER_ADMINISTRATORS, vec!["".into(), now.into()]).await?)
}

fn count(row: Option<Row>) -> Result<u64, StoreError> {
    row.map_or(Ok(0), |row| row.get(0))
}

/// Ends every session and link of an account, and its missions of administration: those are given again by two, or not.
pub(super) async fn end_access(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
    evidence: Evidence,
) -> Result<Evidence, StoreError> {
    let ended = vec![account.into(), now.into(), EndReason::AccountEnded.word().into()];
    let sessions = tx.execute(sql::END_SESSIONS, ended).await?;
    let links = tx.execute(sql::END_LINKS, vec![account.into(), now.into()]).await?;
    let administration = |mission: &&Mission| mission.family() == Family::Administration;
    let mut missions = 0;
    for mission in Mission::ALL.iter().filter(administration) {
        missions += end_mission(tx, account, *mission, now).await?;
    }
    Ok(evidence
        .with("sessions_ended", sessions)
        .with("links_ended", links)
        .with("administration_ended", missions))
}

/// Ends what only an account that is over gives up: tokens, authenticators, every mission.
pub(super) async fn end_everything(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
    evidence: Evidence,
) -> Result<Evidence, StoreError> {
    let tokens = tx.execute(sql::END_TOKENS, vec![account.into(), now.into()]).await?;
    let authenticators = tx.execute(sql::END_AUTHENTICATORS, vec![account.into(), now.into()]).await?;
    let mut missions = 0;
    for mission in Mission::ALL {
        missions += end_mission(tx, account, *mission, now).await?;
    }
    Ok(evidence
        .with("tokens_ended", tokens)
        .with("authenticators_ended", authenticators)
        .with("missions_ended", missions))
}

/// Closes an account whatever its state, and everything of it: what was opened for hours is over. Whether somebody is left
/// to administer was settled when it was opened.
pub(crate) async fn close_now(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
    evidence: Evidence,
) -> Result<Evidence, StoreError> {
    tx.execute(sql::CLOSE_NOW, vec![account.into(), now.into()]).await?;
    let evidence = end_access(tx, account, now, evidence).await?;
    end_everything(tx, account, now, evidence).await
}

async fn end_mission(
    tx: &mut Tx<'_>,
    account: AccountId,
    mission: Mission,
    now: Timestamp,
) -> Result<u64, StoreError> {
    tx.execute(sql::END_MISSION, vec![account.into(), now.into(), mission.word().into()]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Who may be the last is asked in SQL, which names the missions of administration by their word.
    #[test]
    fn l1_the_statements_know_every_administration_mission() {
        for mission in Mission::ALL {
            for statement in [sql::OTHER_ADMINISTRATORS, sql::ADMINISTERS] {
                let named = statement.sqlite.contains(&format!("mission = '{mission}'"));
                let may_be_last = mission.family() == Family::Administration && !mission.is_of_services();
                assert_eq!(named, may_be_last, "{mission}");
            }
        }
    }
}
