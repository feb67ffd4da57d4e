//! Changes that weaken security and wait for a second administrator: a new administrator, what a service may do, looser settings. Whoever asks,
//! whoever agrees and whom it is for are three natural people, through second accounts too (attack A3).

pub mod approve;
pub mod list;
pub mod propose;
pub mod refuse;

use access::{Mission, Operation, OperationError, Row, StoreError};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, ChangeId, Timestamp, TokenId};

use crate::organisation::Setting;

pub(crate) mod sql {
    access::statements! {
        Organisation INSERT = "INSERT INTO pending_change (organisation, id, kind, subject, sealed, requested_by, state, created_at, until_at) VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, $8)";
        Organisation WAITING_COUNT = "SELECT COUNT(*) FROM pending_change WHERE organisation = $1 AND state = 'waiting' AND until_at > $2";
        Organisation SAME = "SELECT COUNT(*) FROM pending_change WHERE organisation = $1 AND state = 'waiting' AND until_at > $2 AND kind = $3 AND subject = $4";
        Organisation ONE = "SELECT id, sealed, requested_by, state, created_at, until_at, decided_by, decided_at FROM pending_change WHERE organisation = $1 AND id = $2";
        Organisation LIST = "SELECT id, sealed, requested_by, state, created_at, until_at, decided_by, decided_at FROM pending_change WHERE organisation = $1 ORDER BY state <> 'waiting', created_at DESC, id LIMIT 100";
        Organisation DECIDE = "UPDATE pending_change SET state = $3, decided_by = $4, decided_at = $5 WHERE organisation = $1 AND id = $2 AND state = 'waiting'";
        /// Missions by which a service may ask.
        Organisation REGISTERS = "SELECT COUNT(*) FROM mission_grant WHERE organisation = $1 AND account = $2 AND mission = 'registrar' AND ended_at IS NULL AND suspended_at IS NULL AND (until_at IS NULL OR until_at > $3)";
        Platform DUE = "SELECT organisation, id FROM pending_change WHERE state = 'waiting' AND until_at <= $1 ORDER BY until_at LIMIT 100";
    }
}

/// What would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Proposal {
    /// Somebody would hold a mission of administration.
    Mission {
        /// Who.
        account: AccountId,
        /// Which.
        mission: Mission,
        /// From when; from the approval on when that is later.
        from: Timestamp,
        /// Until when; `None` until it is withdrawn.
        until: Option<Timestamp>,
    },
    /// A service would have a new token, and the one before would end some days later.
    Token {
        /// Of which service.
        account: AccountId,
        /// The token's id.
        token: TokenId,
        /// SHA-256 of the token: whoever asked was shown it.
        hash: Vec<u8>,
    },
    /// Settings that decide who comes in would be looser.
    Security {
        /// As they would be.
        settings: Vec<Setting>,
    },
}

impl Proposal {
    /// The word in the table.
    const fn word(&self) -> &'static str {
        match self {
            Self::Mission { .. } => "mission",
            Self::Token { .. } => "token",
            Self::Security { .. } => "security",
        }
    }

    /// Whom it is for, when it is for somebody.
    #[must_use]
    pub const fn beneficiary(&self) -> Option<AccountId> {
        match self {
            Self::Mission { account, .. } | Self::Token { account, .. } => Some(*account),
            Self::Security { .. } => None,
        }
    }
}

/// What is kept, sealed, of a change that waits.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) proposal: Proposal,
    pub(crate) reason: String,
}

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeState {
    /// It waits for a second administrator.
    Waiting,
    /// It was agreed to, and is done.
    Approved,
    /// It was turned down, or taken back.
    Refused,
    /// Nobody answered in time.
    Lapsed,
}

vocabulary::words!(ChangeState {
    Waiting = "waiting",
    Approved = "approved",
    Refused = "refused",
    Lapsed = "lapsed",
});

/// One change.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its id.
    pub id: ChangeId,
    /// What would change.
    pub proposal: Proposal,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub requested_by: AccountId,
    /// Where it stands.
    pub state: ChangeState,
    /// Since when.
    pub created_at: Timestamp,
    /// Until when it waits.
    pub until: Timestamp,
    /// Who answered.
    pub decided_by: Option<AccountId>,
    /// When.
    pub decided_at: Option<Timestamp>,
}

fn context(change: ChangeId) -> String {
    format!("{change}/proposal")
}

/// A row, still sealed.
struct Sealed {
    id: ChangeId,
    sealed: Vec<u8>,
    requested_by: AccountId,
    state: ChangeState,
    created_at: Timestamp,
    until: Timestamp,
    decided_by: Option<AccountId>,
    decided_at: Option<Timestamp>,
}

impl Sealed {
    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.parse(0)?,
            sealed: row.get(1)?,
            requested_by: row.parse(2)?,
            state: row.parse(3)?,
            created_at: row.get(4)?,
            until: row.get(5)?,
            decided_by: row.get::<Option<String>>(6)?.and_then(|text| text.parse().ok()),
            decided_at: row.get(7)?,
        })
    }

    fn open(self, op: &Operation) -> Result<Change, OperationError> {
        let text = op.open(&context(self.id), &self.sealed)?;
        let Kept { proposal, reason } = serde_json::from_slice(&text)
            .map_err(|_| OperationError::Damaged("a change that waits".into()))?;
        let Self { id, requested_by, state, created_at, until, decided_by, decided_at, .. } = self;
        Ok(Change { id, proposal, reason, requested_by, state, created_at, until, decided_by, decided_at })
    }
}
