//! The database was brought back from a backup and is older than what was signed (attack Z3). The log remembers what it forgot:
//! its entries are taken up again, and what they ended ends again. Nothing that was good once is good a second time: every
//! session, backup code, link and used step of an app is over. What waits to leave may have left since: it stays until somebody has looked.

use std::path::Path;

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, Value, action};
use identity::{EndReason, totp};
use ledger::{Entry, Leaves, Log};
use vocabulary::{OrganisationId, Timestamp, bounds};

use super::sql as evidence;
use crate::Cerebro;
use crate::outgoing::restored::{Restoration, Since};

pub(crate) mod sql {
    access::statements! {
        /// A detail that the backup held, not yet numbered then, is kept with its entry.
        Organisation TAKE_UP = "INSERT INTO ledger_entry (organisation, idx, operation, leaf, detail) VALUES ($1, $2, $3, $4, COALESCE((SELECT detail FROM evidence_outbox WHERE organisation = $1 AND leaf = $4), $5))";
        Organisation TAKEN_UP = "DELETE FROM evidence_outbox WHERE organisation = $1 AND leaf = $2";
        Organisation END_SESSIONS = "UPDATE session SET ended_at = $2, end_reason = $3 WHERE organisation = $1 AND ended_at IS NULL";
        Organisation END_LINKS = "UPDATE account_link SET ended_at = $2 WHERE organisation = $1 AND ended_at IS NULL";
        Organisation END_SIGN_IN_CODES = "UPDATE sign_in_code SET ended_at = $2 WHERE organisation = $1 AND ended_at IS NULL";
        Organisation END_ARRIVALS = "UPDATE arrival SET expires_at = $2 WHERE organisation = $1 AND expires_at > $2";
        Organisation END_BACKUP_CODES = "UPDATE authenticator SET ended_at = $2 WHERE organisation = $1 AND kind = 'backup_code' AND ended_at IS NULL";
        Organisation USE_STEPS_UP = "UPDATE authenticator SET last_step = $2 WHERE organisation = $1 AND kind = 'totp' AND last_step < $2";
        Organisation FORGET_CEREMONIES = "DELETE FROM ceremony WHERE organisation = $1";
        Organisation END_PASSWORD = "UPDATE authenticator SET ended_at = $3 WHERE organisation = $1 AND account = $2 AND kind = 'password' AND ended_at IS NULL";
        Organisation END_FACTOR = "UPDATE authenticator SET ended_at = $3 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL";
        Organisation SUSPEND_FACTOR = "UPDATE authenticator SET suspended_at = $3 WHERE organisation = $1 AND id = $2 AND suspended_at IS NULL";
        Organisation END_GRANT = "UPDATE mission_grant SET ended_at = $3 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL";
        Organisation SUSPEND_ACCOUNT = "UPDATE account SET status = 'suspended', changed_at = $3 WHERE organisation = $1 AND id = $2 AND status = 'active'";
        Organisation END_TOKEN = "UPDATE api_token SET ended_at = $3 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL";
        Organisation END_TOKENS = "UPDATE api_token SET ended_at = $3 WHERE organisation = $1 AND account = $2 AND ended_at IS NULL";
    }
}

/// A log whose database is behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Behind {
    /// Whose.
    pub organisation: OrganisationId,
    /// The log's origin.
    pub origin: String,
    /// Entries the database holds.
    pub held: u64,
    /// Entries that were signed.
    pub signed: u64,
}

/// Why a restored database was not taken over. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum RestoredError {
    /// Nothing is missing.
    #[error("the database holds everything that was signed: nothing is to be done")]
    NotBehind,
    /// The log itself is not what was signed: its missing files come back from a copy first.
    #[error("{0}")]
    Log(String),
    /// Its last entry is not the one the log has there: a database of another instance, or of another history.
    #[error("entry {0} of the database is not the log's: this is no earlier state of the same instance")]
    Another(u64),
    /// What the sealer remembered is there: nothing is gone.
    #[error("what was signed last is remembered in {0}: nothing is gone")]
    Remembered(String),
    /// Older than is taken over.
    #[error("more than {} entries are missing: bring a later backup back", bounds::RESTORED_ENTRIES_MAX)]
    TooOld,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for RestoredError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Which databases are behind what was signed. What the lock remembers counts, and what was published where the lock is
/// another machine's.
///
/// # Errors
/// The database did not answer.
pub async fn behind(cerebro: &Cerebro, locks: &Path) -> Result<Vec<Behind>, OperationError> {
    let mut found = Vec::new();
    for organisation in cerebro.organisations() {
        let id = organisation.id;
        let signed =
            [locks.join(id.to_string()), cerebro.log_directory(id)].iter().map(|place| size_in(place)).max();
        let held = head(&cerebro.system(access::SystemReason::Sealer, id)).await?;
        let signed = signed.unwrap_or(0);
        if held < signed {
            found.push(Behind { organisation: id, origin: organisation.origin.clone(), held, signed });
        }
    }
    Ok(found)
}

/// How many entries the checkpoint in a directory signs; none where it cannot be read, which opening the log tells.
fn size_in(directory: &Path) -> u64 {
    let note = std::fs::read_to_string(directory.join("checkpoint")).unwrap_or_default();
    ledger::Checkpoint::parse_note(&note).map_or(0, |checkpoint| checkpoint.size)
}

/// How many entries the database holds.
pub(super) async fn head(op: &Operation) -> Result<u64, OperationError> {
    let head = op.read(async |tx: &mut Tx<'_>| match tx.fetch_optional(evidence::HEAD, vec![]).await? {
        Some(row) => row.get::<u64>(0),
        None => Ok::<_, StoreError>(0),
    });
    Ok(head.await?)
}

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// Entries taken up from the log. What they commit to is gone with the database that held it.
    pub entries: u64,
    /// Sessions that were open in the backup.
    pub sessions: u64,
    /// Backup codes that stood in it.
    pub codes: u64,
    /// Passwords, factors, missions, accounts that had ended since, and ended again.
    pub ended_again: u64,
    /// What leaves is stopped, and why.
    pub stopped: Restoration,
}

/// Whether nothing remembers what was signed last in a log: this is another machine than the one that signed.
#[must_use]
pub fn is_forgotten(locks: &Path, organisation: OrganisationId) -> bool {
    !locks.join(organisation.to_string()).join("checkpoint").exists()
}

/// Takes over an instance whose locks are gone with their machine: everything that is good once is over, then what the log
/// published is remembered again. A crash in between leaves the first, and it is begun anew.
///
/// # Errors
/// [`RestoredError`].
pub async fn begin_anew(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::TakeOverRestored>,
    locks: &Path,
) -> Result<Restored, RestoredError> {
    let (lock, log) = (locks.join(op.organisation().to_string()), cerebro.log_directory(op.organisation()));
    if !is_forgotten(locks, op.organisation()) {
        return Err(RestoredError::Remembered(lock.display().to_string()));
    }
    let now = op.now();
    let backup =
        last_known(op, head(op).await?).await?.map_or(Ok(Timestamp::default()), |leaf| instant(&leaf))?;
    let who = op.clone();
    let done = op
        .write(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
            let (sessions, codes) = burn(tx, now).await?;
            let (stopped, paused) = Since::default().stop(tx, &who, backup).await?;
            let evidence = Evidence::of(EvidenceKind::OrganisationRestored, organisation)
                .with("entries", 0_u64)
                .with("locks", "gone")
                .with("sessions_ended", sessions)
                .with("codes_ended", codes)
                .and(paused);
            let done = Restored { entries: 0, sessions, codes, ended_again: 0, stopped };
            Ok::<_, RestoredError>((done, evidence))
        })
        .await?;
    Log::adopt(&log, &lock).map_err(|error| RestoredError::Log(error.to_string()))?;
    Ok(done)
}

/// Takes over a database that is behind its log, in one write.
///
/// # Errors
/// [`RestoredError`]; nothing changed.
pub async fn take_over(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::TakeOverRestored>,
    locks: &Path,
) -> Result<Restored, RestoredError> {
    let Missing { held, backup, leaves } = missing(cerebro, op, locks).await?;
    let (now, who) = (op.now(), op.clone());
    op.write(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
        let (mut entries, mut ended_again, mut left) = (0, 0, Since::default());
        for (index, leaf) in (held..).zip(leaves) {
            let entry = Entry::from_bytes(&leaf).map_err(|error| RestoredError::Log(error.to_string()))?;
            let operation = entry.operation.to_string();
            let no_detail = Value::from(Vec::<u8>::new());
            let values = vec![index.into(), operation.into(), leaf.clone().into(), no_detail];
            tx.execute(sql::TAKE_UP, values).await?;
            tx.execute(sql::TAKEN_UP, vec![leaf.into()]).await?;
            for statement in ends(&entry.kind) {
                ended_again += tx.execute(statement, vec![entry.subject.clone().into(), now.into()]).await?;
            }
            left.take(tx, &entry, now).await?;
            entries += 1;
        }
        let (sessions, codes) = burn(tx, now).await?;
        let (stopped, paused) = left.stop(tx, &who, backup).await?;
        let evidence = Evidence::of(EvidenceKind::OrganisationRestored, organisation)
            .with("entries", entries)
            .with("sessions_ended", sessions)
            .with("codes_ended", codes)
            .with("ended_again", ended_again)
            .and(paused);
        Ok((Restored { entries, sessions, codes, ended_again, stopped }, evidence))
    })
    .await
}

/// What entries ended, and a backup from before them brings back. Closing is for good: who sees a suspended account closes it.
const ENDS: &[(EvidenceKind, &[&access::Statement])] = &[
    (EvidenceKind::AccountSuspended, &[sql::SUSPEND_ACCOUNT]),
    (EvidenceKind::AccountClosed, &[sql::SUSPEND_ACCOUNT, sql::END_PASSWORD, sql::END_TOKENS]),
    (EvidenceKind::PasswordSet, &[sql::END_PASSWORD]),
    (EvidenceKind::PasswordCompromised, &[sql::END_PASSWORD]),
    (EvidenceKind::AuthenticatorRemoved, &[sql::END_FACTOR]),
    (EvidenceKind::AuthenticatorSuspended, &[sql::SUSPEND_FACTOR]),
    (EvidenceKind::TokenEnded, &[sql::END_TOKEN]),
    (EvidenceKind::MissionWithdrawn, &[sql::END_GRANT]),
];

fn ends(kind: &str) -> &'static [&'static access::Statement] {
    ENDS.iter().find(|(known, _)| known.word() == kind).map_or(&[], |(_, statements)| statements)
}

/// Whatever is good once, or until somebody ends it, may have been used or ended since.
async fn burn(tx: &mut Tx<'_>, now: Timestamp) -> Result<(u64, u64), StoreError> {
    let sessions = tx.execute(sql::END_SESSIONS, vec![now.into(), EndReason::Restored.word().into()]).await?;
    for statement in [sql::END_LINKS, sql::END_SIGN_IN_CODES, sql::END_ARRIVALS] {
        tx.execute(statement, vec![now.into()]).await?;
    }
    tx.execute(sql::USE_STEPS_UP, vec![totp::last_accepted(now).into()]).await?;
    tx.execute(sql::FORGET_CEREMONIES, vec![]).await?;
    Ok((sessions, tx.execute(sql::END_BACKUP_CODES, vec![now.into()]).await?))
}

/// What the database lacks.
struct Missing {
    /// How many entries it holds.
    held: u64,
    /// When the last of them was written.
    backup: Timestamp,
    /// The leaves behind them.
    leaves: Vec<Vec<u8>>,
}

/// The leaves the database lacks, from the log's files, which are what was signed.
async fn missing(cerebro: &Cerebro, op: &Operation, locks: &Path) -> Result<Missing, RestoredError> {
    let (id, held) = (op.organisation(), head(op).await?);
    let directory = cerebro.log_directory(id);
    let unreadable = |error: &dyn std::fmt::Display| RestoredError::Log(error.to_string());
    let log = Log::open(&directory, &locks.join(id.to_string())).map_err(|error| unreadable(&error))?;
    if held >= log.size() {
        return Err(RestoredError::NotBehind);
    }
    if log.size() - held > bounds::RESTORED_ENTRIES_MAX {
        return Err(RestoredError::TooOld);
    }
    let known = last_known(op, held).await?;
    let leaves = Leaves::of(&directory, held.saturating_sub(1)).map_err(|error| unreadable(&error))?;
    let mut leaves = leaves.map(|leaf| leaf.map(|(_, bytes)| bytes).map_err(|error| unreadable(&error)));
    if held > 0 && leaves.next().transpose()? != known {
        return Err(RestoredError::Another(held.saturating_sub(1)));
    }
    let backup = known.map_or(Ok(Timestamp::default()), |leaf| instant(&leaf))?;
    Ok(Missing { held, backup, leaves: leaves.collect::<Result<_, _>>()? })
}

/// The last of the entries that the database holds.
async fn last_known(op: &Operation, held: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(last) = held.checked_sub(1) else { return Ok(None) };
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(evidence::ENTRY, vec![last.into()]).await)
        .await?;
    row.map(|row| row.get(1)).transpose()
}

fn instant(leaf: &[u8]) -> Result<Timestamp, RestoredError> {
    Entry::from_bytes(leaf).map(|entry| entry.at).map_err(|error| RestoredError::Log(error.to_string()))
}
