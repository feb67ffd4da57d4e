//! What waits to leave: enqueue, lease, attempt, record. The relay asks these four and nothing else.
//!
//! A row is leased for longer than any attempt can last, with a fence that grows at each lease: who was cut off and
//! comes back finds its fence gone, and stops before the final dot.
//!
//! A relay that dies after `attempting` leaves its deliveries there; the next lease tries them again: at least once on
//! the wire, never lost, and the entry of that attempt says that the one before is unanswered. A relay that lives and
//! sees the remote's answer lost records `Uncertain`, which ends it.

mod attempt;
mod content;
mod gone;
mod lease;
mod record;

use access::{StoreError, Tx, Value};
use vocabulary::{EmailAddress, FlowId, ForwardPath, OutboxId, Timestamp, Xtext};

pub use attempt::{attempting, hold, postpone};
pub use content::{Outgoing, content};
pub use gone::Gone;
pub use lease::lease;
pub use record::{Outcome, Retry, record, record_some};

pub(crate) mod sql {
    access::statements! {
        Organisation INSERT_OUTBOX = "INSERT INTO outbox (organisation, id, flow, kind, recipient, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        Organisation INSERT_LEASE = "INSERT INTO outbox_lease (organisation, outbox, state, attempt, next_at, leased_until, fence, first_at, lane, behind) VALUES ($1, $2, 'ready', 0, $3, 0, 0, $3, COALESCE((SELECT f.bulk FROM flow f WHERE f.organisation = $1 AND f.id = $4), 0), $5)";
        MechanicalPlatform LEASE = "UPDATE outbox_lease SET leased_until = $2, node = $4, fence = fence + 1, attempt = attempt + 1, held_off = 0 WHERE outbox IN (SELECT l.outbox FROM outbox_lease l WHERE l.state = 'ready' AND l.lane = $5 AND l.next_at <= $1 AND (l.leased_until <= $6 OR (l.leased_until <= $1 AND l.node = $4)) AND (l.behind IS NULL OR NOT EXISTS (SELECT 1 FROM outbox_lease b WHERE b.outbox = l.behind AND b.state = 'ready')) AND NOT EXISTS (SELECT 1 FROM relay_pause p WHERE p.organisation = l.organisation AND p.destination = '*') ORDER BY l.next_at LIMIT $3) RETURNING organisation, outbox, attempt, fence, last_reply"
            => "UPDATE outbox_lease SET leased_until = $2, node = $4, fence = fence + 1, attempt = attempt + 1, held_off = 0 WHERE outbox IN (SELECT l.outbox FROM outbox_lease l WHERE l.state = 'ready' AND l.lane = $5 AND l.next_at <= $1 AND (l.leased_until <= $6 OR (l.leased_until <= $1 AND l.node = $4)) AND (l.behind IS NULL OR NOT EXISTS (SELECT 1 FROM outbox_lease b WHERE b.outbox = l.behind AND b.state = 'ready')) AND NOT EXISTS (SELECT 1 FROM relay_pause p WHERE p.organisation = l.organisation AND p.destination = '*') ORDER BY l.next_at LIMIT $3 FOR UPDATE OF l SKIP LOCKED) RETURNING organisation, outbox, attempt, fence, last_reply";
        Platform EVERYTHING_PAUSED = "SELECT organisation FROM relay_pause WHERE destination = '*' LIMIT 1";
        MechanicalPlatform HOLD_OFF = "UPDATE outbox_lease SET next_at = $2, held_off = 1 WHERE outbox IN (SELECT l.outbox FROM outbox_lease l WHERE l.state = 'ready' AND l.lane IN (0, 1) AND l.next_at <= $1 AND l.leased_until = 0 AND EXISTS (SELECT 1 FROM relay_pause p WHERE p.organisation = l.organisation AND p.destination = '*') ORDER BY l.next_at LIMIT $3)"
            => "UPDATE outbox_lease SET next_at = $2, held_off = 1 WHERE outbox IN (SELECT l.outbox FROM outbox_lease l WHERE l.state = 'ready' AND l.lane IN (0, 1) AND l.next_at <= $1 AND l.leased_until = 0 AND EXISTS (SELECT 1 FROM relay_pause p WHERE p.organisation = l.organisation AND p.destination = '*') ORDER BY l.next_at LIMIT $3 FOR UPDATE OF l SKIP LOCKED)";
        Organisation OUTBOX = "SELECT o.flow, f.sender, f.eight_bit, f.smtputf8, f.dsn_return, f.envelope_id FROM outbox o LEFT JOIN flow f ON f.organisation = $1 AND f.id = o.flow WHERE o.organisation = $1 AND o.id = $2";
        Organisation CONTENT = "SELECT o.flow, o.sealed, f.body, f.body_blob, f.client, f.received_at, f.helo, f.peer, f.protocol, f.tls, f.size, (SELECT d.reason FROM assessment_debt d WHERE d.organisation = $1 AND d.flow = o.flow AND d.paid_at IS NULL) FROM outbox o LEFT JOIN flow f ON f.organisation = $1 AND f.id = o.flow WHERE o.organisation = $1 AND o.id = $2";
        Platform ABSENT = "SELECT DISTINCT node, 0 FROM outbox_lease WHERE state = 'ready' AND leased_until > 0 AND node <> $1"
            => "SELECT DISTINCT node, 1::bigint FROM outbox_lease WHERE state = 'ready' AND leased_until > 0 AND node <> $1 AND node NOT IN (SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = 1128616018 AND granted)";
        MechanicalPlatform FREE_LEASES = "UPDATE outbox_lease SET leased_until = 0 WHERE state = 'ready' AND leased_until > 0 AND node = $1"
            => "UPDATE outbox_lease SET leased_until = 0 WHERE state = 'ready' AND leased_until > 0 AND node = $1 AND node NOT IN (SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = 1128616018 AND granted)";
        Organisation PENDING = "SELECT id, recipient, notify, original_recipient, state FROM delivery WHERE organisation = $1 AND outbox = $2 AND state IN ('queued', 'attempting') ORDER BY position LIMIT 1000";
        Organisation DELAY = "SELECT first_at, delay_told_at FROM outbox_lease WHERE organisation = $1 AND outbox = $2";
        Organisation DEFERRED = "SELECT id, deferred, deferrals FROM delivery WHERE organisation = $1 AND outbox = $2 AND state IN ('queued', 'attempting') ORDER BY position LIMIT 1000";
        Organisation DEFER = "UPDATE delivery SET deferred = $3, deferrals = deferrals + 1, reply = $4 WHERE organisation = $1 AND id = $2 AND state IN ('queued', 'attempting') AND (deferred IS NULL OR deferred <> $3)";
        Mechanical DELAY_TOLD = "UPDATE outbox_lease SET delay_told_at = $3 WHERE organisation = $1 AND outbox = $2 AND delay_told_at IS NULL";
        Mechanical ATTEMPT = "UPDATE outbox_lease SET leased_until = $4, last_reply = NULL WHERE organisation = $1 AND outbox = $2 AND fence = $3 AND state = 'ready' AND leased_until > 0";
        Mechanical HOLD = "UPDATE outbox_lease SET leased_until = $4 WHERE organisation = $1 AND outbox = $2 AND fence = $3 AND state = 'ready' AND leased_until > 0";
        Organisation ATTEMPTING = "UPDATE delivery SET state = 'attempting', changed_at = $3 WHERE organisation = $1 AND id = $2 AND state IN ('queued', 'attempting')";
        Organisation END_DELIVERY = "UPDATE delivery SET state = $3, reply = $4, changed_at = $5 WHERE organisation = $1 AND id = $2 AND state IN ('queued', 'attempting')";
        Organisation LEFT = "SELECT COUNT(*) FROM delivery WHERE organisation = $1 AND outbox = $2 AND state IN ('queued', 'attempting')";
        Mechanical DONE = "UPDATE outbox_lease SET state = 'done', leased_until = 0 WHERE organisation = $1 AND outbox = $2 AND fence = $3";
        Mechanical POSTPONE = "UPDATE outbox_lease SET leased_until = 0, next_at = $4, attempt = attempt - 1 WHERE organisation = $1 AND outbox = $2 AND fence = $3";
        Mechanical PASS_OVER = "UPDATE outbox_lease SET leased_until = 0, next_at = $4, attempt = attempt - 1, held_off = 1 WHERE organisation = $1 AND outbox = $2 AND fence = $3";
        Mechanical AGAIN = "UPDATE outbox_lease SET leased_until = 0, next_at = $4, last_reply = $5, attempt = attempt - $6 WHERE organisation = $1 AND outbox = $2 AND fence = $3";
    }
}

/// Puts a flow's deliveries in the outbox, inside the write that decided it. They leave after the row `behind`.
pub(crate) async fn enqueue(
    tx: &mut Tx<'_>,
    id: OutboxId,
    flow: FlowId,
    behind: Option<OutboxId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let values = vec![id.into(), flow.into(), "message".into(), Value::Null, Value::Null, now.into()];
    tx.execute(sql::INSERT_OUTBOX, values).await?;
    let behind = behind.map_or(Value::Null, Value::from);
    tx.execute(sql::INSERT_LEASE, vec![id.into(), now.into(), flow.into(), behind]).await?;
    Ok(())
}

/// What was asked about a recipient, from its row. What does not read back was asked by nobody.
pub(crate) fn path(address: EmailAddress, notify: &str, original: Option<String>) -> ForwardPath {
    ForwardPath {
        address,
        notify: notify.parse().unwrap_or_default(),
        original: original.and_then(|original| Xtext::kept(&original).ok()),
    }
}
