//! What suspending, reinstating and closing share: who must remain, and what ends with an account.

use access::{Evidence, Family, Mission, OperationError, Row, StoreError, Tx};
use identity::account::{Account, AccountError};
use identity::{AccountState, EndReason};
use vocabulary::{AccountId, Timestamp};

use super::look::{self, Subject};

pub(crate) mod sql {
    access::statements! {
        /// Administrators but one who could go on alone: active, with a password and a second factor, for no set time.
        Organisation OTHER_ADMINISTRATORS = "SELECT COUNT(*) FROM account a WHERE a.organisation = $1 AND a.id <> $2 AND a.kind = 'person' AND a.status = 'active' AND EXISTS (SELECT 1 FROM mission_grant g WHERE g.organisation = $1 AND g.account = a.id AND g.mission = 'administrator' AND g.ended_at IS NULL AND g.from_at <= $3 AND g.until_at IS NULL) AND EXISTS (SELECT 1 FROM authenticator f WHERE f.organisation = $1 AND f.account = a.id AND f.kind = 'password' AND f.ended_at IS NULL) AND EXISTS (SELECT 1 FROM authenticator f WHERE f.organisation = $1 AND f.account = a.id AND f.kind NOT IN ('password', 'backup_code') AND f.ended_at IS NULL AND f.suspended_at IS NULL)";
        Organisation ADMINISTERS = "SELECT COUNT(*) FROM mission_grant WHERE organisation = $1 AND account = $2 AND mission = 'administrator' AND ended_at IS NULL AND (until_at IS NULL OR until_at > $3)";
        Organisation CHANGE_STATE = "UPDATE account SET status = $3, changed_at = $4 WHERE organisation = $1 AND id = $2 AND status = $5";
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
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for StandingError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Moves an account to the state `becomes` makes of it, inside a write made in turn.
pub(super) async fn change(
    tx: &mut Tx<'_>,
    account: AccountId,
    now: Timestamp,
    becomes: fn(Account) -> Result<Account, AccountError>,
) -> Result<Subject, StandingError> {
    let current = look::inside(tx, account).await?.ok_or(StandingError::NotFound)?;
    let changed = becomes(current.account()?)?;
    let leaves = current.state == AccountState::Active;
    if leaves && changed.state != AccountState::Active {
        keep_an_administrator(tx, account, now).await?;
    }
    let values = vec![account.into(), changed.state.word().into(), now.into(), current.state.word().into()];
    if tx.execute(sql::CHANGE_STATE, values).await? == 0 {
        return Err(StandingError::NotFound);
    }
    Ok(current)
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
                assert_eq!(named, mission.family() == Family::Administration, "{mission}");
            }
        }
    }
}
