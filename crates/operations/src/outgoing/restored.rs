//! What leaves, when a database was brought back from a backup: what left since stands in it as still waiting. What the log says
//! ended does not leave again; everything else waits until somebody has looked (see `docs/operating/backup.md`).

use std::collections::BTreeSet;

use access::{Actor, Evidence, EvidenceKind, Operation, OperationError, Row, StoreError, SystemReason, Tx};
use ledger::Entry;
use serde::{Deserialize, Serialize};
use vocabulary::{OrganisationId, PlatformReason, Timestamp};

use super::pause::context;
use super::{Destination, sql as outgoing};
use crate::Cerebro;

pub(crate) mod sql {
    access::statements! {
        /// The log says that it ended; how is gone with the database that held it.
        Organisation ENDED = "UPDATE delivery SET state = 'uncertain', reply = 'ended according to the ledger, after the backup this database comes from', changed_at = $3 WHERE organisation = $1 AND id = $2 AND state IN ('accepted', 'held', 'queued', 'attempting')";
        Mechanical NOBODY_LEFT = "UPDATE outbox_lease SET state = 'done', leased_until = 0, fence = fence + 1 WHERE organisation = $1 AND state = 'ready' AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.organisation = $1 AND d.outbox = outbox_lease.outbox AND d.state IN ('queued', 'attempting'))";
        Organisation WAITS = "SELECT 1 FROM outbox_lease WHERE organisation = $1 AND outbox = $2 AND state = 'ready'";
        Platform STOPPED = "SELECT organisation FROM relay_pause WHERE destination = '*' AND paused_by = $1 ORDER BY organisation LIMIT 1000";
        /// What an administrator had stopped stays stopped, for this reason now.
        Organisation STOP = "INSERT INTO relay_pause (organisation, destination, reason, paused_by, paused_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organisation, destination) DO UPDATE SET reason = $3, paused_by = $4, paused_at = $5";
    }
}

/// Why everything waits after a restoration: what to look at, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restoration {
    /// When the last thing happened that the backup knows; what left after it may leave again.
    pub backup: Timestamp,
    /// Deliveries that had ended since, by the log: they do not leave again.
    pub ended: u64,
    /// Messages that wait and that a relay had attempted since: they may be with the next hop.
    pub attempted: u64,
}

/// What the log says that became of messages since the backup, entry by entry.
#[derive(Default)]
pub(crate) struct Since {
    ended: u64,
    attempted: BTreeSet<String>,
}

impl Since {
    /// Carries out again what an entry says of what leaves; nothing where it speaks of something else.
    pub(crate) async fn take(
        &mut self,
        tx: &mut Tx<'_>,
        entry: &Entry,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let subject = || entry.subject.clone();
        let is = |kind: EvidenceKind| entry.kind == kind.word();
        if is(EvidenceKind::DeliveryEnded) {
            self.ended += tx.execute(sql::ENDED, vec![subject().into(), now.into()]).await?;
        } else if is(EvidenceKind::DeliveryWithdrawn) {
            self.ended += tx.execute(outgoing::WITHDRAW, vec![subject().into(), now.into()]).await?;
        } else if is(EvidenceKind::DeliveryAttempting) {
            self.attempted.insert(subject());
        }
        Ok(())
    }

    /// Stops everything of the organisation, in the write that takes it over.
    pub(crate) async fn stop(
        self,
        tx: &mut Tx<'_>,
        op: &Operation,
        backup: Timestamp,
    ) -> Result<(Restoration, Evidence), OperationError> {
        tx.execute(sql::NOBODY_LEFT, vec![]).await?;
        let mut attempted = 0;
        for outbox in self.attempted {
            let waits: Option<Row> = tx.fetch_optional(sql::WAITS, vec![outbox.into()]).await?;
            attempted += u64::from(waits.is_some());
        }
        let restoration = Restoration { backup, ended: self.ended, attempted };
        let all = Destination::All;
        let sealed = op.seal(&context(&all), &serde_json::to_vec(&restoration).unwrap_or_default())?;
        let values = vec![all.to_string().into(), sealed.into(), restorer().into(), op.now().into()];
        tx.execute(sql::STOP, values).await?;
        let evidence = Evidence::of(EvidenceKind::RelayPaused, op.organisation())
            .with("destination", all.to_string())
            .with("reason", "restored")
            .with("backup", backup.rfc3339())
            .with("ended_since", restoration.ended)
            .with("attempted_since", attempted);
        Ok((restoration, evidence))
    }
}

/// Organisations of which nothing leaves since their database was brought back.
///
/// # Errors
/// The database did not answer.
pub async fn stopped(cerebro: &Cerebro) -> Result<Vec<OrganisationId>, StoreError> {
    let by = restorer();
    let question = async move |tx: &mut Tx<'_>| {
        let rows = tx.fetch(sql::STOPPED, vec![by.into()]).await?;
        rows.iter().map(|row| row.parse(0)).collect::<Result<Vec<_>, StoreError>>()
    };
    cerebro.instance().read_platform(PlatformReason::Relay, question).await
}

/// Whoever brings a database back. People pause as themselves, and nothing else is paused from there.
pub(super) fn restorer() -> String {
    Actor::System(SystemReason::Console).to_string()
}
