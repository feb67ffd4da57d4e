//! Past flows read again in the background: the rehearsal of a draft, or a look back. Asked for by a person, carried on by whichever
//! node has time, where it was when that node is gone; one at a time in an organisation.

pub mod look;
pub mod run;
pub mod start;
pub mod stop;

use access::{Operation, OperationError};
use serde::{Deserialize, Serialize};
use vocabulary::{FlowId, ReplayId, Timestamp, bounds};

use super::look_back::LookedBack;
use super::rehearse::Rehearsal;

pub(crate) mod sql {
    access::statements! {
        Organisation RUNNING = "SELECT id FROM replay WHERE organisation = $1 AND state = 'running'";
        Organisation INSERT = "INSERT INTO replay (organisation, id, kind, subject, from_at, until_at, state, asked_by) VALUES ($1, $2, $3, $4, $5, $6, 'running', $7)";
        Organisation INSERT_PROGRESS = "INSERT INTO replay_progress (organisation, replay, total, done, lease, leased_until, attempts) VALUES ($1, $2, 0, 0, '', 0, 0)";
        Organisation ONE = "SELECT r.id, r.kind, r.subject, r.from_at, r.until_at, r.state, r.asked_by, r.ended_by, r.ended_at, p.total, p.done, r.sealed, p.sealed, p.attempts FROM replay r JOIN replay_progress p ON p.organisation = $1 AND p.replay = r.id WHERE r.organisation = $1 AND r.id = $2";
        Organisation LIST = "SELECT r.id, r.kind, r.subject, r.from_at, r.until_at, r.state, r.asked_by, r.ended_by, r.ended_at, p.total, p.done FROM replay r JOIN replay_progress p ON p.organisation = $1 AND p.replay = r.id WHERE r.organisation = $1 ORDER BY r.until_at DESC, r.id DESC LIMIT 20";
        Organisation END = "UPDATE replay SET state = $3, ended_by = $4, ended_at = $5, sealed = $6 WHERE organisation = $1 AND id = $2 AND state = 'running'";
        Platform DUE = "SELECT r.organisation, r.id FROM replay r JOIN replay_progress p ON p.organisation = r.organisation AND p.replay = r.id WHERE r.state = 'running' AND p.leased_until <= $1 ORDER BY r.until_at, r.id LIMIT 100";
        Mechanical CLAIM = "UPDATE replay_progress SET lease = $3, leased_until = $4, attempts = attempts + 1 WHERE organisation = $1 AND replay = $2 AND leased_until <= $5";
        Mechanical NOTE = "UPDATE replay_progress SET total = $4, done = $5, sealed = $6, leased_until = $7, attempts = CASE WHEN done < $5 THEN 0 ELSE attempts END WHERE organisation = $1 AND replay = $2 AND lease = $3 AND EXISTS (SELECT 1 FROM replay r WHERE r.organisation = $1 AND r.id = $2 AND r.state = 'running')";
    }
}

/// Why past flows are read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayKind {
    /// To see what a draft would have done.
    Rehearsal,
    /// To see what the controls and lists of today would have matched.
    LookBack,
}

vocabulary::words!(ReplayKind { Rehearsal = "rehearsal", LookBack = "look_back" });

impl ReplayKind {
    /// Flows read at most, the latest first.
    const fn flows_max(self) -> usize {
        match self {
            Self::Rehearsal => bounds::REPLAYED_FLOWS_MAX,
            Self::LookBack => bounds::LOOKED_BACK_FLOWS_MAX,
        }
    }
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplayState {
    /// A node is at it, or will be.
    Running,
    /// What it found is kept.
    Done,
    /// A person stopped it.
    Stopped,
    /// It did not get further.
    Failed,
}

vocabulary::words!(ReplayState { Running = "running", Done = "done", Stopped = "stopped", Failed = "failed" });

/// What is known so far, sealed between two notes.
#[derive(Serialize, Deserialize)]
struct Known {
    /// The digest of the controls in force when it was begun; with others it begins anew.
    controls: String,
    /// Of the lists.
    lists: String,
    /// The last flow that was read.
    after: Option<(Timestamp, FlowId)>,
    done: u64,
    total: u64,
    report: Report,
}

#[derive(Serialize, Deserialize)]
enum Report {
    Rehearsal(Rehearsal),
    LookBack(LookedBack),
}

fn context(id: ReplayId) -> String {
    format!("{id}/found")
}

fn seal<T: Serialize>(op: &Operation, id: ReplayId, found: &T) -> Result<Vec<u8>, OperationError> {
    let plain = serde_json::to_vec(found).map_err(|_| OperationError::Damaged("a replay".into()))?;
    op.instance().seal_lasting(op.organisation(), &context(id), &plain)
}

fn open<T: for<'de> Deserialize<'de>>(
    op: &Operation,
    id: ReplayId,
    sealed: &[u8],
) -> Result<T, OperationError> {
    let opened = op.open(&context(id), sealed)?;
    serde_json::from_slice(&opened).map_err(|_| OperationError::Damaged("a replay".into()))
}
