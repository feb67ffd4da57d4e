//! What would make the organisation watch less waits here for a second person: entries of its lists, another client file, its examples.
//! Whoever asks and whoever agrees are two natural people; nothing that waits is in force.

pub mod agree;
pub mod look;
pub mod propose;
pub mod refuse;

use access::{Evidence, Operation, OperationError, Row, StoreError, Value};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, ProposalId, Timestamp, bounds};

use crate::accounts::people::SamePerson;
use crate::clients::Differs;
use crate::examples::Change;
use crate::lists::{Delta, ListName, Taken};

pub(crate) mod sql {
    access::statements! {
        Organisation INSERT = "INSERT INTO proposal (organisation, id, kind, subject, sealed, added, removed, state, proposed_by, proposed_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, $10)";
        Organisation WAITING_COUNT = "SELECT COUNT(*) FROM proposal WHERE organisation = $1 AND state = 'waiting' AND until_at > $2";
        Organisation OF_SUBJECT = "SELECT id, kind, subject, added, removed, state, proposed_by, proposed_at, until_at, ended_by, ended_at, sealed, answer FROM proposal WHERE organisation = $1 AND kind = $2 AND subject = $3 AND state = 'waiting' AND until_at > $4 ORDER BY proposed_at DESC, id LIMIT 100";
        Organisation ONE = "SELECT id, kind, subject, added, removed, state, proposed_by, proposed_at, until_at, ended_by, ended_at, sealed, answer FROM proposal WHERE organisation = $1 AND id = $2";
        Organisation LIST = "SELECT id, kind, subject, added, removed, state, proposed_by, proposed_at, until_at, ended_by, ended_at FROM proposal WHERE organisation = $1 ORDER BY state <> 'waiting', proposed_at DESC, id LIMIT 100";
        Organisation END = "UPDATE proposal SET state = $3, ended_by = $4, ended_at = $5, answer = $6 WHERE organisation = $1 AND id = $2 AND state = 'waiting'";
        Organisation SUPERSEDE = "UPDATE proposal SET state = 'replaced', ended_by = $4, ended_at = $5 WHERE organisation = $1 AND kind = $2 AND subject = $3 AND state = 'waiting'";
        Organisation PUT_PIECE = "INSERT INTO proposal_piece (organisation, proposal, piece, sealed) VALUES ($1, $2, $3, $4)";
        Organisation PIECE = "SELECT sealed FROM proposal_piece WHERE organisation = $1 AND proposal = $2 AND piece = $3";
        Organisation DROP_PIECES = "DELETE FROM proposal_piece WHERE organisation = $1 AND proposal = $2";
        Organisation DROP_ALL_PIECES = "DELETE FROM proposal_piece WHERE organisation = $1";
        Platform DUE = "SELECT organisation, id FROM proposal WHERE state = 'waiting' AND until_at <= $1 ORDER BY until_at LIMIT 100";
    }
}

/// What a proposal is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// One of the lists.
    List(ListName),
    /// The client file.
    Clients,
    /// A category of examples, by its name.
    Examples(String),
}

impl Subject {
    /// Its kind in the table, on the wire and in the ledger.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::List(_) => "list",
            Self::Clients => "clients",
            Self::Examples(_) => "examples",
        }
    }

    /// Which of the kind; empty for the client file.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::List(list) => list.word(),
            Self::Clients => "",
            Self::Examples(category) => category,
        }
    }

    fn parse(kind: &str, name: String) -> Option<Self> {
        match kind {
            "list" => ListName::parse(&name).map(Self::List),
            "clients" => Some(Self::Clients),
            "examples" => Some(Self::Examples(name)),
            _ => None,
        }
    }
}

/// What would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "what", rename_all = "snake_case")]
pub enum What {
    /// Entries of a list.
    List(Delta),
    /// The client file: counts, and what stands in its pieces.
    Clients(Differs),
    /// A category of examples.
    Examples(Change),
}

impl What {
    /// How many entries would come, and how many would go.
    fn counts(&self) -> (u64, u64) {
        match self {
            Self::List(delta) => (delta.added.len() as u64, delta.removed.len() as u64),
            Self::Clients(file) => (file.new, file.gone),
            Self::Examples(change) => {
                (change.sentences.added.len() as u64, change.sentences.removed.len() as u64)
            }
        }
    }
}

/// What is kept, sealed, of a proposal.
#[derive(Serialize, Deserialize)]
struct Kept {
    what: What,
    reason: String,
}

/// Where a proposal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProposalState {
    /// It waits for a second person.
    Waiting,
    /// It was agreed to, and is done.
    Agreed,
    /// It was turned down, or taken back.
    Refused,
    /// Another of the same took its place.
    Replaced,
    /// Nobody answered in time.
    Lapsed,
}

vocabulary::words!(ProposalState {
    Waiting = "waiting",
    Agreed = "agreed",
    Refused = "refused",
    Replaced = "replaced",
    Lapsed = "lapsed",
});

/// A proposal, without what stands in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its id.
    pub id: ProposalId,
    /// What it is about.
    pub subject: Subject,
    /// How many entries would come.
    pub added: u64,
    /// How many would go.
    pub removed: u64,
    /// Where it stands.
    pub state: ProposalState,
    /// Who asked, as entries of the ledger name an actor.
    pub proposed_by: String,
    /// When.
    pub proposed_at: Timestamp,
    /// Until when it waits.
    pub until: Timestamp,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// When.
    pub ended_at: Option<Timestamp>,
}

impl Line {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        let subject = Subject::parse(&row.get::<String>(1)?, row.get(2)?);
        Ok(Self {
            id: row.parse(0)?,
            subject: subject.ok_or(StoreError::Column { column: 2, wanted: "what a proposal is about" })?,
            added: row.get(3)?,
            removed: row.get(4)?,
            state: row.parse(5)?,
            proposed_by: row.get(6)?,
            proposed_at: row.get(7)?,
            until: row.get(8)?,
            ended_by: row.get(9)?,
            ended_at: row.get(10)?,
        })
    }

    /// It waits, now.
    #[must_use]
    pub fn waits(&self, now: Timestamp) -> bool {
        self.state == ProposalState::Waiting && now < self.until
    }

    /// Who asked, when that is a person or a service.
    #[must_use]
    pub fn proposer(&self) -> Option<AccountId> {
        self.proposed_by.parse().ok()
    }
}

/// A proposal, opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// Who, when, where it stands.
    pub line: Line,
    /// What would change.
    pub what: What,
    /// Why it was asked for.
    pub reason: String,
    /// Why it was refused.
    pub answer: Option<String>,
}

/// Who put a version in force, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// As entries of the ledger name an actor.
    pub who: String,
    /// When.
    pub at: Timestamp,
    /// Who had asked for it, where a second person agreed.
    pub proposed_by: Option<String>,
}

impl By {
    pub(crate) fn of(op: &Operation) -> Self {
        Self { who: op.actor().to_string(), at: op.now(), proposed_by: None }
    }

    /// The last columns of a version: the first of them is `column`.
    pub(crate) fn of_row(row: &Row, column: usize) -> Result<Self, StoreError> {
        Ok(Self { who: row.get(column)?, at: row.get(column + 1)?, proposed_by: row.get(column + 2)? })
    }

    pub(crate) fn values(&self) -> [Value; 3] {
        [self.who.as_str().into(), self.at.into(), self.proposed_by.clone().into()]
    }
}

/// What was read is not in force any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it was changed by somebody else meanwhile: look at it again")]
pub struct Meanwhile;

/// Why what is watched was not changed, whatever it is: lists, the client file, examples. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Unchanged {
    /// What waits for a second person is told why.
    #[error(
        "what makes the organisation watch less waits for a second person, who is told why: give a reason"
    )]
    ReasonWanted,
    /// Somebody changed it at the same moment.
    #[error(transparent)]
    Meanwhile(#[from] Meanwhile),
    /// Too many proposals wait.
    #[error("at most {} proposals wait at once: answer some first", bounds::PROPOSALS_WAITING_MAX)]
    TooManyWait,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for Unchanged {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// The evidence of one write: what is in force from now on, and what waits.
pub(crate) fn of_both(done: Option<Evidence>, waits: Option<Evidence>) -> Result<Evidence, OperationError> {
    let evidence = done.into_iter().chain(waits).reduce(Evidence::and);
    evidence.ok_or_else(|| OperationError::Damaged("a change of nothing".into()))
}

/// Why a proposal is not answered. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// There is no such proposal here.
    #[error("there is no such proposal")]
    NotFound,
    /// It was answered, or nobody answered in time.
    #[error("the proposal does not wait any more")]
    Over,
    /// Whoever agrees asked, by this or another account.
    #[error("whoever asks and whoever agrees are two people; this one is both")]
    SamePerson(#[from] SamePerson),
    /// A command at the machine, or a program, agrees to nothing: a person does.
    #[error("a person who is signed in agrees to a proposal")]
    Nobody,
    /// What it rests on was changed since.
    #[error(transparent)]
    Meanwhile(#[from] Meanwhile),
    /// Another organisation of the instance sends from the domain.
    #[error(transparent)]
    Taken(#[from] Taken),
    /// More than may be kept.
    #[error("there would be more than {0}: something else has to go first")]
    Full(usize),
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for ProposalError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

fn context(id: ProposalId) -> String {
    format!("{id}/proposal")
}

fn answer_context(id: ProposalId) -> String {
    format!("{id}/answer")
}

/// What a sealed piece of a client file is bound to while it waits.
pub(crate) fn piece_context(id: ProposalId, piece: u64) -> String {
    format!("{id}/piece/{piece}")
}
