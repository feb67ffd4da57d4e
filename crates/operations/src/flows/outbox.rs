//! What waits to leave: enqueue, lease, attempt, record. The relay asks these four and nothing else.
//!
//! A row is leased for longer than any attempt can last, with a fence that grows at each lease: who was cut off and
//! comes back finds its fence gone, and stops before the final dot.
//!
//! A relay that dies after `attempting` leaves its deliveries there; the next lease tries them again: at least once on
//! the wire, never lost. A relay that lives and sees the remote's answer lost records `Uncertain`, which ends it.

mod record;

use std::collections::BTreeMap;

use access::{
    Evidence, EvidenceKind, MechanicalReason, Operation, OperationError, Row, StoreError, SystemReason, Tx,
    Value, action,
};
use vocabulary::{
    DeliveryId, EmailAddress, FlowId, ForwardPath, OrganisationId, OutboxId, PlatformReason, Return,
    Timestamp, Xtext, bounds,
};

use super::body::Large;
use super::{body, loops, lost_leases};
use crate::{Cerebro, notices};

pub use record::{Outcome, record, record_some};

pub(crate) mod sql {
    access::statements! {
        Organisation INSERT_OUTBOX = "INSERT INTO outbox (organisation, id, flow, kind, recipient, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        Organisation INSERT_LEASE = "INSERT INTO outbox_lease (organisation, outbox, state, attempt, next_at, leased_until, fence, first_at) VALUES ($1, $2, 'ready', 0, $3, 0, 0, $3)";
        MechanicalPlatform LEASE = "UPDATE outbox_lease SET leased_until = $2, node = $4, fence = fence + 1, attempt = attempt + 1 WHERE outbox IN (SELECT outbox FROM outbox_lease WHERE state = 'ready' AND next_at <= $1 AND leased_until <= $1 ORDER BY next_at LIMIT $3) RETURNING organisation, outbox, attempt, fence, first_at"
            => "UPDATE outbox_lease SET leased_until = $2, node = $4, fence = fence + 1, attempt = attempt + 1 WHERE outbox IN (SELECT outbox FROM outbox_lease WHERE state = 'ready' AND next_at <= $1 AND leased_until <= $1 ORDER BY next_at LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING organisation, outbox, attempt, fence, first_at";
        Organisation OUTBOX = "SELECT o.flow, f.sender, f.eight_bit, f.smtputf8, f.dsn_return, f.envelope_id FROM outbox o LEFT JOIN flow f ON f.organisation = $1 AND f.id = o.flow WHERE o.organisation = $1 AND o.id = $2";
        Organisation CONTENT = "SELECT o.flow, o.sealed, f.body, f.body_blob, f.client, f.received_at, f.helo, f.peer, f.protocol, f.tls, f.size, (SELECT d.reason FROM assessment_debt d WHERE d.organisation = $1 AND d.flow = o.flow AND d.paid_at IS NULL) FROM outbox o LEFT JOIN flow f ON f.organisation = $1 AND f.id = o.flow WHERE o.organisation = $1 AND o.id = $2";
        MechanicalPlatform FREE_LEASES = "UPDATE outbox_lease SET leased_until = 0 WHERE state = 'ready' AND leased_until > 0 AND node <> $1"
            => "UPDATE outbox_lease SET leased_until = 0 WHERE state = 'ready' AND leased_until > 0 AND node <> $1 AND node NOT IN (SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = 1128616018 AND granted)";
        Organisation PENDING = "SELECT id, recipient, notify, original_recipient FROM delivery WHERE organisation = $1 AND outbox = $2 AND state IN ('queued', 'attempting') ORDER BY position LIMIT 1000";
        Organisation FENCED = "SELECT outbox FROM outbox_lease WHERE organisation = $1 AND outbox = $2 AND fence = $3 AND leased_until > $4 AND state = 'ready'"
            => "SELECT outbox FROM outbox_lease WHERE organisation = $1 AND outbox = $2 AND fence = $3 AND leased_until > $4 AND state = 'ready' FOR UPDATE";
        Organisation ATTEMPTING = "UPDATE delivery SET state = 'attempting', changed_at = $3 WHERE organisation = $1 AND outbox = $2 AND state IN ('queued', 'attempting')";
        Organisation END_DELIVERY = "UPDATE delivery SET state = $3, reply = $4, changed_at = $5 WHERE organisation = $1 AND id = $2 AND state IN ('queued', 'attempting')";
        Organisation LEFT = "SELECT COUNT(*) FROM delivery WHERE organisation = $1 AND outbox = $2 AND state IN ('queued', 'attempting')";
        Mechanical DONE = "UPDATE outbox_lease SET state = 'done', leased_until = 0 WHERE organisation = $1 AND outbox = $2 AND fence = $3";
        Mechanical AGAIN = "UPDATE outbox_lease SET leased_until = 0, next_at = $4 WHERE organisation = $1 AND outbox = $2 AND fence = $3";
        Mechanical POSTPONE = "UPDATE outbox_lease SET leased_until = 0, next_at = $4, attempt = attempt - 1 WHERE organisation = $1 AND outbox = $2 AND fence = $3";
    }
}

/// A row leased to one relay.
#[derive(Debug, Clone)]
pub struct Leased {
    /// The row.
    pub outbox: OutboxId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// The flow it belongs to; `None` for a notice of ours.
    pub flow: Option<FlowId>,
    /// The reverse-path; `None` is the null one.
    pub reverse_path: Option<EmailAddress>,
    /// The recipients still to be served.
    pub recipients: Vec<(DeliveryId, ForwardPath)>,
    /// `RET`.
    pub returns: Option<Return>,
    /// `ENVID`.
    pub envelope_id: Option<Xtext>,
    /// The message needs 8BITMIME.
    pub eight_bit: bool,
    /// The message needs SMTPUTF8.
    pub smtputf8: bool,
    /// From 1.
    pub attempt: u32,
    /// Proof that the lease is still ours.
    pub fence: u64,
    /// When it first could leave: expiry counts from here.
    pub first_at: Timestamp,
}

/// What a relay names when it reports on a leased row.
#[derive(Debug, Clone)]
pub struct LeaseHeld {
    /// The row.
    pub outbox: OutboxId,
    /// Whose it is.
    pub organisation: OrganisationId,
    /// The reverse-path: who is told of a bounce.
    pub reverse_path: Option<EmailAddress>,
    /// The recipients it was leased for.
    pub recipients: Vec<(DeliveryId, ForwardPath)>,
    /// From 1.
    pub attempt: u32,
    /// Proof that the lease is still ours.
    pub fence: u64,
}

impl Leased {
    /// The part that reports name.
    #[must_use]
    pub fn held(&self) -> LeaseHeld {
        LeaseHeld {
            outbox: self.outbox,
            organisation: self.organisation,
            reverse_path: self.reverse_path.clone(),
            recipients: self.recipients.clone(),
            attempt: self.attempt,
            fence: self.fence,
        }
    }
}

/// Puts a flow's deliveries in the outbox, inside the write that decided it.
pub(crate) async fn enqueue(
    tx: &mut Tx<'_>,
    id: OutboxId,
    flow: FlowId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let values = vec![id.into(), flow.into(), "message".into(), Value::Null, Value::Null, now.into()];
    tx.execute(sql::INSERT_OUTBOX, values).await?;
    tx.execute(sql::INSERT_LEASE, vec![id.into(), now.into()]).await?;
    Ok(())
}

/// Leases what is due, at most `max` rows, oldest first.
///
/// # Errors
/// The database did not answer; whatever it leased all the same is let go before the next lease.
pub async fn lease(cerebro: &Cerebro, max: usize) -> Result<Vec<Leased>, OperationError> {
    lost_leases::free(cerebro).await?;
    let now = cerebro.instance().now();
    let until = now.plus(bounds::RELAY_LEASE);
    let leased = lease_until(cerebro, now, until, max).await;
    if leased.is_err() {
        cerebro.lost_leases().note(until);
    }
    leased
}

async fn lease_until(
    cerebro: &Cerebro,
    now: Timestamp,
    until: Timestamp,
    max: usize,
) -> Result<Vec<Leased>, OperationError> {
    let node = cerebro.instance().node();
    let rows = cerebro
        .instance()
        .write_mechanical(PlatformReason::Relay, MechanicalReason::Lease, async move |tx: &mut Tx<'_>| {
            tx.fetch(sql::LEASE, vec![now.into(), until.into(), max.into(), node.into()]).await
        })
        .await?;
    let mut leased = Vec::with_capacity(rows.len());
    let mut ended = Vec::new();
    for (organisation, rows) in by_organisation(&rows)? {
        let op = cerebro.system(SystemReason::Relay, organisation);
        for (row, found) in rows.iter().zip(load(&op, &rows).await?) {
            match found {
                Some(found) => leased.push(found),
                None => ended.push((op.clone(), row.outbox, row.fence)),
            }
        }
    }
    for (op, outbox, fence) in ended {
        done(&op, outbox, fence).await?;
    }
    Ok(leased)
}

/// Frees the leases of nodes that died: what they were doing can be done again at once. A node that was only cut off
/// finds its fence gone before its final dot.
///
/// # Errors
/// The database did not answer; the leases run out by themselves.
pub async fn free_leases(cerebro: &Cerebro) -> Result<u64, OperationError> {
    let instance = cerebro.instance();
    instance.stay_present().await?;
    let node = instance.node();
    let freed = instance
        .write_mechanical(PlatformReason::Relay, MechanicalReason::Lease, async move |tx: &mut Tx<'_>| {
            tx.execute(sql::FREE_LEASES, vec![node.into()]).await.map_err(OperationError::from)
        })
        .await?;
    if freed > 0 {
        cerebro.wake_relay();
    }
    Ok(freed)
}

/// A leased row, before its envelope is known.
#[derive(Debug, Clone)]
struct LeaseRow {
    outbox: OutboxId,
    attempt: u32,
    fence: u64,
    first_at: Timestamp,
}

fn by_organisation(rows: &[Row]) -> Result<BTreeMap<OrganisationId, Vec<LeaseRow>>, StoreError> {
    let mut all: BTreeMap<OrganisationId, Vec<LeaseRow>> = BTreeMap::new();
    for row in rows {
        all.entry(row.parse(0)?).or_default().push(LeaseRow {
            outbox: row.parse(1)?,
            attempt: row.get(2)?,
            fence: row.get(3)?,
            first_at: row.get(4)?,
        });
    }
    Ok(all)
}

/// The envelopes of leased rows, in one read; `None` for a row with nobody left to serve.
async fn load(op: &Operation, rows: &[LeaseRow]) -> Result<Vec<Option<Leased>>, OperationError> {
    let (rows, organisation) = (rows.to_vec(), op.organisation());
    op.read(async move |tx: &mut Tx<'_>| {
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            all.push(envelope(tx, organisation, row).await?);
        }
        Ok(all)
    })
    .await
}

async fn envelope(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    lease: LeaseRow,
) -> Result<Option<Leased>, OperationError> {
    let Some(row) = tx.fetch_optional(sql::OUTBOX, vec![lease.outbox.into()]).await? else { return Ok(None) };
    let mut recipients = Vec::new();
    for delivery in tx.fetch(sql::PENDING, vec![lease.outbox.into()]).await? {
        let path = path(delivery.parse(1)?, &delivery.get::<String>(2)?, delivery.get(3)?);
        recipients.push((delivery.parse(0)?, path));
    }
    Ok((!recipients.is_empty()).then_some(Leased {
        outbox: lease.outbox,
        organisation,
        flow: row.parse_optional(0)?,
        reverse_path: row.parse_optional(1)?,
        recipients,
        returns: row.parse_optional(4)?,
        envelope_id: row.get::<Option<String>>(5)?.and_then(|id| Xtext::kept(&id).ok()),
        eight_bit: row.get::<Option<bool>>(2)?.unwrap_or(false),
        smtputf8: row.get::<Option<bool>>(3)?.unwrap_or(false),
        attempt: lease.attempt,
        fence: lease.fence,
        first_at: lease.first_at,
    }))
}

/// What was asked about a recipient, from its row. What does not read back was asked by nobody.
pub(crate) fn path(address: EmailAddress, notify: &str, original: Option<String>) -> ForwardPath {
    ForwardPath {
        address,
        notify: notify.parse().unwrap_or_default(),
        original: original.and_then(|original| Xtext::kept(&original).ok()),
    }
}

/// The bytes to send: our trace fields, then the message as it came in; or our own notice.
#[derive(Debug, Clone)]
pub enum Outgoing {
    /// In memory.
    Whole(Vec<u8>),
    /// Read while it leaves.
    Large(Large),
}

/// What is to be sent of a row. `by` is our host name, for the trace fields.
///
/// # Errors
/// It cannot be read or opened.
pub async fn content(
    cerebro: &Cerebro,
    organisation: OrganisationId,
    outbox: OutboxId,
    by: &str,
) -> Result<Outgoing, OperationError> {
    let op = cerebro.system(SystemReason::Relay, organisation);
    let row = op
        .read(async move |tx: &mut Tx<'_>| {
            tx.fetch_optional(sql::CONTENT, vec![outbox.into()]).await.map_err(OperationError::from)
        })
        .await?
        .ok_or_else(|| OperationError::Damaged(format!("{outbox} is gone")))?;
    let Some(flow) = row.parse_optional::<FlowId>(0)? else {
        return Ok(Outgoing::Whole(notices::open(&op, outbox, &row.get::<Vec<u8>>(1)?)?));
    };
    let header = trace(&op, flow, &row, by)?;
    match row.parse_optional(3)? {
        Some(blob) if row.get::<u64>(10)? > bounds::RELAY_MEMORY_BYTES_MAX => {
            let large = move || Large::new(&op, flow, blob, header);
            let large = tokio::task::spawn_blocking(large).await;
            large
                .map_err(|_| OperationError::Damaged(format!("{flow} could not be read")))?
                .map(Outgoing::Large)
        }
        blob => {
            let raw = body::read(&op, flow, row.get(2)?, blob)?;
            Ok(Outgoing::Whole(mail::trace::prepend(&header, &raw)))
        }
    }
}

/// Our two fields above a message: whence it came, and a mark by which we know it when it comes back.
fn trace(op: &Operation, flow: FlowId, row: &Row, by: &str) -> Result<Vec<u8>, OperationError> {
    let id = flow.to_string();
    let (client, helo): (String, Option<String>) = (row.get(4)?, row.get(6)?);
    let (protocol, tls): (String, Option<String>) = (row.get(8)?, row.get(9)?);
    Ok(mail::trace::header(&mail::trace::Trace {
        helo: helo.as_deref().unwrap_or(&client),
        peer: row.get::<Option<String>>(7)?.and_then(|peer| peer.parse().ok()),
        by,
        protocol: &protocol,
        tls: tls.as_deref(),
        flow: &id,
        recipient: None,
        at: row.get(5)?,
        instance: by,
        mark: &loops::mark(op, &id)?,
        owed: row.get::<Option<String>>(11)?.is_some(),
    }))
}

/// Records, durably and before the final dot, that the remote may have it from now on. `false`: the lease is gone,
/// nothing may be sent.
///
/// # Errors
/// It could not be recorded: nothing may be sent.
pub async fn attempting(cerebro: &Cerebro, leased: &LeaseHeld) -> Result<bool, OperationError> {
    let op = cerebro.system(SystemReason::Relay, leased.organisation);
    let permit = op.permit(action::RecordDelivery, leased.outbox).await?;
    let (fence, now, attempt) = (leased.fence, op.now(), leased.attempt);
    let outcome = op
        .write(permit, async move |tx: &mut Tx<'_>, outbox: OutboxId| {
            let held = tx.fetch_optional(sql::FENCED, vec![outbox.into(), fence.into(), now.into()]).await?;
            if held.is_none() {
                return Err(Attempt::FenceLost);
            }
            tx.execute(sql::ATTEMPTING, vec![outbox.into(), now.into()]).await?;
            Ok(((), Evidence::of(EvidenceKind::DeliveryAttempting, outbox).with("attempt", attempt)))
        })
        .await;
    match outcome {
        Ok(()) => Ok(true),
        Err(Attempt::FenceLost) => Ok(false),
        Err(Attempt::Operation(error)) => Err(error),
    }
}

#[derive(Debug, thiserror::Error)]
enum Attempt {
    #[error("the lease is gone")]
    FenceLost,
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for Attempt {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Gives back a row that was not attempted: its turn comes at `until`, and this lease did not count.
///
/// # Errors
/// The database did not answer; the lease runs out by itself.
pub async fn postpone(cerebro: &Cerebro, leased: &LeaseHeld, until: Timestamp) -> Result<(), OperationError> {
    let op = cerebro.system(SystemReason::Relay, leased.organisation);
    let (outbox, fence) = (leased.outbox, leased.fence);
    op.write_mechanical(MechanicalReason::Retry, async move |tx: &mut Tx<'_>| {
        tx.execute(sql::POSTPONE, vec![outbox.into(), fence.into(), until.into()]).await
    })
    .await
    .map(drop)
    .map_err(|error: StoreError| error.into())
}

async fn done(op: &Operation, outbox: OutboxId, fence: u64) -> Result<(), StoreError> {
    op.write_mechanical(MechanicalReason::Lease, async move |tx: &mut Tx<'_>| {
        tx.execute(sql::DONE, vec![outbox.into(), fence.into()]).await
    })
    .await
    .map(drop)
}
