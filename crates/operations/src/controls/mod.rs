//! The life of a control set: drafted from files, rehearsed on past flows, published by a second person, in force on every
//! node within seconds.

pub mod change;
pub mod draft;
pub mod look;
pub mod look_back;
pub mod looked_back;
pub mod publish;
pub mod rehearse;
mod replay;
pub mod replays;
pub mod samples;
pub mod then;
pub mod withdraw;
mod wrong;

use std::collections::HashMap;
use std::sync::Arc;

use access::{Instance, Operation, OperationError, StoreError, Tx};
use compliance::ControlSet;
use serde::{Deserialize, Serialize};
use vocabulary::{ControlSetId, OrganisationId, PlatformReason};

pub use wrong::{Wrong, joined};

use crate::accounts::people::SamePerson;

pub(crate) mod sql {
    access::statements! {
        Platform IN_FORCE = "SELECT organisation, id FROM control_set c WHERE state = 'published' AND NOT EXISTS (SELECT 1 FROM control_set l WHERE l.organisation = c.organisation AND l.state = 'published' AND (l.ended_at > c.ended_at OR (l.ended_at = c.ended_at AND l.number > c.number))) ORDER BY organisation LIMIT 1000";
        Organisation NEXT_NUMBER = "SELECT COALESCE(MAX(number), 0) FROM control_set WHERE organisation = $1";
        Organisation INSERT = "INSERT INTO control_set (organisation, id, number, digest, controls, sealed, state, drafted_by, drafted_at) VALUES ($1, $2, $3, $4, $5, $6, 'draft', $7, $8)";
        Organisation ONE = "SELECT id, number, digest, controls, state, drafted_by, drafted_at, rehearsed_on, rehearsed_at, ended_by, ended_at, sealed, rehearsal FROM control_set WHERE organisation = $1 AND id = $2";
        Organisation LIST = "SELECT id, number, digest, controls, state, drafted_by, drafted_at, rehearsed_on, rehearsed_at, ended_by, ended_at FROM control_set WHERE organisation = $1 ORDER BY number DESC LIMIT 100";
        Organisation BY_NUMBER = "SELECT id FROM control_set WHERE organisation = $1 AND number = $2";
        Organisation PUBLISHED_WITH = "SELECT id, ended_at FROM control_set WHERE organisation = $1 AND digest = $2 AND state = 'published' ORDER BY ended_at DESC, number DESC LIMIT 20";
        Organisation REHEARSED = "UPDATE control_set SET rehearsal = $3, rehearsed_on = $4, rehearsed_at = $5 WHERE organisation = $1 AND id = $2 AND state = 'draft'";
        Organisation END = "UPDATE control_set SET state = $3, ended_by = $4, ended_at = $5 WHERE organisation = $1 AND id = $2 AND state = 'draft'";
        Organisation PAST = "SELECT id, received_at FROM flow WHERE organisation = $1 AND received_at >= $2 AND (received_at, id) < ($3, $4) AND verdict <> 'accepted' ORDER BY received_at DESC, id DESC LIMIT $5";
        Organisation PAST_COUNT = "SELECT COUNT(*), MIN(received_at) FROM (SELECT received_at FROM flow WHERE organisation = $1 AND received_at >= $2 AND received_at <= $3 AND verdict <> 'accepted' ORDER BY received_at DESC, id DESC LIMIT $4) newest";
        Organisation HOLD_OF_FLOW = "SELECT h.id, h.guard FROM hold h WHERE h.organisation = $1 AND (h.flow = $2 OR h.id IN (SELECT c.hold FROM companion c WHERE c.organisation = $1 AND c.flow = $2)) ORDER BY h.held_at DESC, h.id DESC LIMIT 1";
        Organisation REVIEW_TIMES = "SELECT h.decided_at - MIN(r.read_at) FROM hold h JOIN reading r ON r.organisation = $1 AND r.subject = h.id WHERE h.organisation = $1 AND h.decided_at IS NOT NULL GROUP BY h.id, h.decided_at ORDER BY h.decided_at DESC LIMIT 200";
        Organisation EXPIRIES = "SELECT COUNT(*), SUM(CASE WHEN EXISTS (SELECT 1 FROM hold_event e WHERE e.organisation = $1 AND e.hold = h.id AND e.kind = 'expired') THEN 1 ELSE 0 END) FROM hold h WHERE h.organisation = $1 AND h.held_at >= $2";
    }
}

/// Where a set stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetState {
    /// It can be rehearsed, published or withdrawn.
    Draft,
    /// It was published; the one published last is in force.
    Published,
    /// It will not be published.
    Withdrawn,
}

vocabulary::words!(SetState { Draft = "draft", Published = "published", Withdrawn = "withdrawn" });

/// What is kept, sealed, of a set.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept {
    /// Name and text of each control's file.
    files: Vec<(String, String)>,
    /// Why it was drafted.
    reason: String,
}

fn context(set: ControlSetId) -> String {
    format!("{set}/controls")
}

fn rehearsal_context(set: ControlSetId) -> String {
    format!("{set}/rehearsal")
}

/// Why something was not done with a control set. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum ControlsError {
    /// There is no such set here.
    #[error("there is no such control set")]
    NotFound,
    /// It is no set: everything wrong with it.
    #[error("the control set is not valid: {}", joined(.0, "; "))]
    Invalid(Vec<Wrong>),
    /// The set in force is the same, byte for byte.
    #[error("the set is the one in force already")]
    InForce,
    /// It is no draft any more.
    #[error("the set is no draft any more: it was published or withdrawn")]
    Over,
    /// The set has no such control.
    #[error("the set has no such control")]
    NoControl,
    /// It was not rehearsed, or on another set than the one in force now.
    #[error("the set was not rehearsed beside the one in force now: rehearse it first")]
    NotRehearsed,
    /// Past flows are being read again already.
    #[error("past flows are being read again already: wait until that is done, or stop it")]
    Busy,
    /// It was stopped, or could not be done.
    #[error("reading past flows again was stopped, or did not get further")]
    Stopped,
    /// Whoever publishes drafted it, by this or another account.
    #[error("whoever drafts a set and whoever publishes it are two people; this one is both")]
    SamePerson(#[from] SamePerson),
    /// Controls in it would hold by scores that are not calibrated: each by its id, with the scores.
    #[error("these controls would hold by scores without a calibration in force: {}", .0.join("; "))]
    Uncalibrated(Vec<String>),
    /// A command at the machine publishes nothing: a person does.
    #[error("a control set is published by a person who is signed in")]
    Nobody,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for ControlsError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Which set is in force, of every organisation that published one.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn in_force(
    instance: &Instance,
) -> Result<HashMap<OrganisationId, ControlSetId>, OperationError> {
    let rows = instance
        .read_platform(PlatformReason::Gateway, async |tx: &mut Tx<'_>| tx.fetch(sql::IN_FORCE, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.parse(1)?))).collect()
}

/// One set, read and checked, with the models of the set the service was started with. A set that cannot be read is an error,
/// never another set.
///
/// # Errors
/// There is none, it does not open, or this program does not understand it.
pub(crate) async fn load(
    op: &Operation,
    id: ControlSetId,
    started_with: &ControlSet,
) -> Result<Arc<ControlSet>, OperationError> {
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::ONE, vec![id.into()]).await)
        .await
        .map_err(OperationError::Store)?
        .ok_or_else(|| OperationError::Damaged(format!("{id} is gone")))?;
    let kept = open(op, id, &row.get::<Vec<u8>>(11)?)?;
    let set = tokio::task::spawn_blocking(move || kept.parse()).await;
    match set.map_err(|_| OperationError::Damaged(format!("{id} cannot be read")))? {
        Ok(set) => {
            let set = set.with_models(started_with.models().clone());
            Ok(Arc::new(set.with_calibrations(started_with.calibrations().clone())))
        }
        Err(errors) => Err(OperationError::Damaged(format!("{id}: {}", joined(&errors, "; ")))),
    }
}

pub(crate) fn open(op: &Operation, id: ControlSetId, sealed: &[u8]) -> Result<Kept, OperationError> {
    let opened = op.open(&context(id), sealed)?;
    serde_json::from_slice(&opened).map_err(|_| OperationError::Damaged(format!("{id} does not read back")))
}

impl Kept {
    /// The set, or everything wrong with it: files first, then samples that do not match as they say.
    fn checked(&self) -> Result<ControlSet, Vec<Wrong>> {
        let set = self.parse()?;
        let failures = set.check_samples();
        if failures.is_empty() {
            return Ok(set);
        }
        Err(failures.into_iter().map(Wrong::from).collect())
    }

    fn parse(&self) -> Result<ControlSet, Vec<Wrong>> {
        let files: Vec<(&str, &str)> =
            self.files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        ControlSet::parse(&files).map_err(|errors| errors.into_iter().map(Wrong::from).collect())
    }
}
