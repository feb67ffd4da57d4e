//! Sessions as their holder sees them, and as an administrator of the organisation does; ending them (clauses T1, R4).

use access::{
    Assurance, Evidence, EvidenceKind, Instance, Mission, Operation, OperationError, Permit, Row, StoreError,
    Tx, action,
};
use identity::Network;
use vocabulary::{AccountId, SessionId, Timestamp};

use super::enrol::session;
use super::session::limits;
use super::sql;
use crate::Policy;

/// One open session.
#[derive(Debug, Clone)]
pub struct SessionLine {
    /// Its id.
    pub id: SessionId,
    /// It is the one that asks.
    pub is_this: bool,
    /// The browser and system it said it was; empty when unknown.
    pub agent: String,
    /// Where it was opened from.
    pub network: String,
    /// What it proved.
    pub assurance: Assurance,
    /// Since when.
    pub since: Timestamp,
    /// The last real activity.
    pub seen: Timestamp,
}

/// Why no session ended.
#[derive(Debug, thiserror::Error)]
pub enum EndError {
    /// There is none of that id that is open and theirs.
    #[error("there is no such session")]
    NotFound,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for EndError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// One's own open sessions, the last used first.
///
/// # Errors
/// The database did not answer.
pub async fn own(
    op: &Operation,
    permit: &Permit<action::ReadOwnAccount>,
) -> Result<Vec<SessionLine>, OperationError> {
    let this = session(op)?;
    open_sessions(op, permit.subject(), Some(this)).await
}

/// The open sessions of somebody of the organisation, for an administrator.
///
/// # Errors
/// The database did not answer.
pub async fn of(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
    account: AccountId,
) -> Result<Vec<SessionLine>, OperationError> {
    open_sessions(op, account, session(op).ok()).await
}

async fn open_sessions(
    op: &Operation,
    account: AccountId,
    this: Option<SessionId>,
) -> Result<Vec<SessionLine>, OperationError> {
    let (now, instance) = (op.now(), op.instance().clone());
    op.read(async move |tx: &mut Tx<'_>| {
        let rows = tx.fetch(sql::GRANTS_OF, vec![account.into(), now.into()]).await?;
        let missions: Vec<Mission> = rows.iter().map(|row| row.parse(0)).collect::<Result<_, _>>()?;
        let limits = limits(&Policy::inside(tx).await?, &missions);
        let values =
            vec![account.into(), now.minus(limits.absolute()).into(), now.minus(limits.idle()).into()];
        let rows = tx.fetch(sql::OPEN_SESSIONS, values).await?;
        let lines = rows.iter().map(|row| line(row, this, &instance)).collect::<Result<_, _>>()?;
        Ok::<_, OperationError>(lines)
    })
    .await
}

fn line(row: &Row, this: Option<SessionId>, instance: &Instance) -> Result<SessionLine, StoreError> {
    let (id, written): (_, Timestamp) = (row.parse(0)?, row.get(5)?);
    let network: String = row.get(2)?;
    Ok(SessionLine {
        is_this: this == Some(id),
        id,
        agent: row.get(1)?,
        network: network.parse::<Network>().map(|known| known.to_string()).unwrap_or_default(),
        assurance: row.parse(3)?,
        since: row.get(4)?,
        seen: instance.uses().of(id).map_or(written, |used| used.max(written)),
    })
}

/// Ends one of one's own sessions. The device it was opened with is new again: ending one from elsewhere is what people do
/// when something is lost.
///
/// # Errors
/// [`EndError`]; nothing changed.
pub async fn end_own(op: &Operation, permit: Permit<action::SignOut>) -> Result<(), EndError> {
    let account = op.actor().account().ok_or(EndError::NotFound)?;
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, id: SessionId| {
        tx.execute(sql::FORGET_DEVICE, vec![account.into(), id.into()]).await?;
        let values = vec![account.into(), id.into(), now.into(), "revoked".into()];
        if tx.execute(sql::END_ONE_SESSION, values).await? == 0 {
            return Err(EndError::NotFound);
        }
        Ok(((), Evidence::of(EvidenceKind::SessionEnded, id).with("reason", "revoked")))
    })
    .await
}

/// Ends all of one's own sessions but the one that asks; how many.
///
/// # Errors
/// Not permitted, or not kept.
pub async fn end_others(
    op: &Operation,
    permit: Permit<action::EndOtherSessions>,
) -> Result<u64, OperationError> {
    let (this, now) = (session(op)?, op.now());
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        let values = vec![account.into(), this.into(), now.into(), "revoked".into()];
        let ended = tx.execute(sql::END_OTHER_SESSIONS, values).await?;
        let evidence = Evidence::of(EvidenceKind::SessionEnded, account)
            .with("reason", "revoked")
            .with("sessions", ended);
        Ok::<_, OperationError>((ended, evidence))
    })
    .await
}

/// An administrator ends one session of somebody, or all of them.
///
/// # Errors
/// [`EndError`]; nothing changed.
pub async fn revoke(
    op: &Operation,
    permit: Permit<action::RevokeSessions>,
    one: Option<SessionId>,
) -> Result<(), EndError> {
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        let ended = match one {
            Some(id) => {
                tx.execute(sql::FORGET_DEVICE, vec![account.into(), id.into()]).await?;
                let values = vec![account.into(), id.into(), now.into(), "revoked".into()];
                tx.execute(sql::END_ONE_SESSION, values).await?
            }
            None => {
                let values = vec![account.into(), now.into(), "revoked".into()];
                tx.execute(sql::END_SESSIONS, values).await?
            }
        };
        if ended == 0 {
            return Err(EndError::NotFound);
        }
        let subject = one.map_or_else(|| account.to_string(), |id| id.to_string());
        let evidence = Evidence::of(EvidenceKind::SessionEnded, subject)
            .with("reason", "revoked")
            .with("account", account.to_string())
            .with("sessions", ended);
        Ok(((), evidence))
    })
    .await
}
