//! Missions: given from–until and with a reason, withdrawn, and shown to be used or not (clauses R1, R4).

pub mod grant;
pub mod list;
pub mod usage;
pub mod withdraw;

use access::{Evidence, EvidenceKind, Mission, Operation, OperationError, StoreError, Tx};
use vocabulary::{AccountId, GrantId, Timestamp};

use crate::organisation::Reason;

pub(crate) mod sql {
    access::statements! {
        Organisation INSERT = "INSERT INTO mission_grant (organisation, id, account, mission, from_at, until_at, given_by, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        /// Grants of the same mission that overlap a period.
        Organisation OVERLAPPING = "SELECT COUNT(*) FROM mission_grant WHERE organisation = $1 AND account = $2 AND mission = $3 AND ended_at IS NULL AND (until_at IS NULL OR until_at > $4) AND ($5 IS NULL OR from_at < $5)"
            => "SELECT COUNT(*) FROM mission_grant WHERE organisation = $1 AND account = $2 AND mission = $3 AND ended_at IS NULL AND (until_at IS NULL OR until_at > $4) AND ($5::BIGINT IS NULL OR from_at < $5)";
        Organisation STANDING = "SELECT COUNT(*) FROM mission_grant WHERE organisation = $1 AND account = $2 AND ended_at IS NULL AND (until_at IS NULL OR until_at > $3)";
        Organisation ONE = "SELECT account, mission, from_at, until_at FROM mission_grant WHERE organisation = $1 AND id = $2 AND ended_at IS NULL AND (until_at IS NULL OR until_at > $3)";
        Organisation OF_ACCOUNT = "SELECT g.id, g.mission, g.from_at, g.until_at, g.given_by, g.reason, g.ended_at, g.ended_by, g.end_reason, u.used_at, g.suspended_at FROM mission_grant g LEFT JOIN mission_use u ON u.organisation = $1 AND u.account = g.account AND u.mission = g.mission WHERE g.organisation = $1 AND g.account = $2 ORDER BY g.ended_at IS NOT NULL, g.from_at DESC, g.id LIMIT 100";
        Organisation WITHDRAW = "UPDATE mission_grant SET ended_at = $3, ended_by = $4, end_reason = $5 WHERE organisation = $1 AND id = $2 AND ended_at IS NULL AND (until_at IS NULL OR until_at > $3)";
        Mechanical USED = "INSERT INTO mission_use (organisation, account, mission, used_at) VALUES ($1, $2, $3, $4) ON CONFLICT (organisation, account, mission) DO UPDATE SET used_at = CASE WHEN mission_use.used_at < $4 THEN $4 ELSE mission_use.used_at END";
    }
}

fn reason_context(grant: GrantId) -> String {
    format!("{grant}/reason")
}

fn end_context(grant: GrantId) -> String {
    format!("{grant}/end")
}

/// From when to when somebody holds a mission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// From then on.
    pub from: Timestamp,
    /// Until then; `None` until it is withdrawn.
    pub until: Option<Timestamp>,
}

/// A mission on its way into the write that gives it.
pub(crate) struct NewGrant {
    id: GrantId,
    mission: Mission,
    period: Period,
    by: AccountId,
    reason: Vec<u8>,
}

impl NewGrant {
    pub(crate) fn prepare(
        op: &Operation,
        mission: Mission,
        period: Period,
        by: AccountId,
        reason: &Reason,
    ) -> Result<Self, OperationError> {
        let id = GrantId::new(op.now(), op.entropy());
        let reason =
            op.instance().seal_lasting(op.organisation(), &reason_context(id), reason.as_str().as_bytes())?;
        Ok(Self { id, mission, period, by, reason })
    }

    pub(crate) async fn keep(self, tx: &mut Tx<'_>, account: AccountId) -> Result<Evidence, StoreError> {
        let Self { id, mission, period: Period { from, until }, by, reason } = self;
        let values = vec![
            id.into(),
            account.into(),
            mission.word().into(),
            from.into(),
            until.into(),
            by.to_string().into(),
            reason.into(),
        ];
        tx.execute(sql::INSERT, values).await?;
        Ok(Evidence::of(EvidenceKind::MissionGranted, id)
            .with("account", account.to_string())
            .with("mission", mission.word())
            .with("from", from.rfc3339())
            .with("until", until.map_or_else(|| "withdrawn".to_owned(), Timestamp::rfc3339)))
    }
}
