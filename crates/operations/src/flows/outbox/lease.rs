//! Who sends what next: rows leased for longer than any attempt lasts, paused destinations passed over.

use std::collections::{BTreeMap, HashSet};

use access::{MechanicalReason, Operation, OperationError, Row, StoreError, SystemReason, Tx};
use vocabulary::{Leased, OrganisationId, OutboxId, PlatformReason, Target, Timestamp, Xtext, bounds};

use super::{path, sql};
use crate::flows::{DeliveryState, jumps, lost_leases};
use crate::{Cerebro, outgoing};

/// Leases what is due, at most `max` rows and one more, oldest first, people's messages before those sent by the
/// thousand.
///
/// # Errors
/// The database did not answer; whatever it leased all the same is let go before the next lease.
pub async fn lease(cerebro: &Cerebro, max: usize) -> Result<Vec<Leased>, OperationError> {
    lost_leases::free(cerebro).await?;
    let others = jumps::heed(cerebro).await?;
    let now = cerebro.instance().now();
    let until = now.plus(bounds::RELAY_LEASE);
    for _ in 0..bounds::RELAY_PASSED_OVER_MAX {
        let leased = lease_until(cerebro, now, others, until, max).await;
        if leased.is_err() {
            cerebro.lost_leases().note(until);
        }
        let (leased, passed_over) = leased?;
        // A page of nothing but paused destinations must not hide what waits behind it.
        if !leased.is_empty() || passed_over == 0 {
            return Ok(leased);
        }
    }
    // There is more to pass over: at once, and not when the relay looks by itself.
    cerebro.wake_relay();
    Ok(Vec::new())
}

/// The lane of people's messages, and of our notices.
const PEOPLE: i64 = 0;
/// The lane of what is sent by the thousand.
const BULK: i64 = 1;

/// What was leased, and how many rows were passed over because every destination of theirs is paused. Leases of other nodes
/// have ended that ended at `others`.
async fn lease_until(
    cerebro: &Cerebro,
    now: Timestamp,
    others: Timestamp,
    until: Timestamp,
    max: usize,
) -> Result<(Vec<Leased>, usize), OperationError> {
    let node = cerebro.instance().node();
    // People first; of the room there is, bulk takes a share at most, so that a person's message that comes next finds
    // a place however many statements wait.
    let share = (max / bounds::RELAY_BULK_SHARE).max(1);
    let rows = cerebro
        .instance()
        .write_mechanical(PlatformReason::Relay, MechanicalReason::Lease, async move |tx: &mut Tx<'_>| {
            let lane = |lane: i64, rows: usize| {
                vec![now.into(), until.into(), rows.into(), node.into(), lane.into(), others.into()]
            };
            // What an organisation has stopped stands at the head of the line: put behind, or each lease would look at all
            // of it again.
            if tx.fetch_optional(sql::EVERYTHING_PAUSED, vec![]).await?.is_some() {
                let later = now.plus(bounds::RELAY_PAUSED_LOOK);
                let values = vec![now.into(), later.into(), bounds::RELAY_HELD_OFF_AT_ONCE.into()];
                tx.execute(sql::HOLD_OFF, values).await?;
            }
            let mut rows = tx.fetch(sql::LEASE, lane(PEOPLE, max)).await?;
            // One at least, or people who never stop would starve it.
            let room = share.min(max.saturating_sub(rows.len())).max(1);
            rows.extend(tx.fetch(sql::LEASE, lane(BULK, room)).await?);
            Ok::<_, StoreError>(rows)
        })
        .await?;
    let mut leased = Vec::with_capacity(rows.len());
    let mut passed_over = 0;
    for (organisation, rows) in by_organisation(&rows)? {
        let op = cerebro.system(SystemReason::Relay, organisation);
        let (mut paused, mut nobody) = (Vec::new(), Vec::new());
        for (row, found) in rows.iter().zip(load(&op, &rows).await?) {
            match found {
                Found::Leased(found) => leased.push(*found),
                Found::Nobody => nobody.push((row.outbox, row.fence)),
                Found::Paused => paused.push((row.outbox, row.fence)),
            }
        }
        passed_over += paused.len();
        give_back(&op, nobody, paused, now.plus(bounds::RELAY_PAUSED_LOOK)).await?;
    }
    Ok((leased, passed_over))
}

/// What a leased row turned out to be.
enum Found {
    /// To be sent.
    Leased(Box<Leased>),
    /// There is nobody left to serve.
    Nobody,
    /// Every destination of it is paused.
    Paused,
}

/// Rows with nobody to serve are done; paused ones wait until their destinations are resumed, or to be looked at again at
/// `until`, and the attempt does not count. One write for all of a lease: there may be a hundred thousand of them.
async fn give_back(
    op: &Operation,
    nobody: Vec<(OutboxId, u64)>,
    paused: Vec<(OutboxId, u64)>,
    until: Timestamp,
) -> Result<(), StoreError> {
    if nobody.is_empty() && paused.is_empty() {
        return Ok(());
    }
    op.write_mechanical(MechanicalReason::Lease, async move |tx: &mut Tx<'_>| {
        for (outbox, fence) in nobody {
            tx.execute(sql::DONE, vec![outbox.into(), fence.into()]).await?;
        }
        for (outbox, fence) in paused {
            tx.execute(sql::PASS_OVER, vec![outbox.into(), fence.into(), until.into()]).await?;
        }
        Ok(())
    })
    .await
}

/// A leased row, before its envelope is known.
#[derive(Debug, Clone)]
struct LeaseRow {
    outbox: OutboxId,
    attempt: u32,
    fence: u64,
    /// No answer stands behind its last attempt, if there was one.
    silent: bool,
}

fn by_organisation(rows: &[Row]) -> Result<BTreeMap<OrganisationId, Vec<LeaseRow>>, StoreError> {
    let mut all: BTreeMap<OrganisationId, Vec<LeaseRow>> = BTreeMap::new();
    for row in rows {
        all.entry(row.parse(0)?).or_default().push(LeaseRow {
            outbox: row.parse(1)?,
            attempt: row.get(2)?,
            fence: row.get(3)?,
            silent: row.get::<Option<String>>(4)?.is_none(),
        });
    }
    Ok(all)
}

/// The envelopes of leased rows, in one read.
async fn load(op: &Operation, rows: &[LeaseRow]) -> Result<Vec<Found>, OperationError> {
    let (rows, organisation) = (rows.to_vec(), op.organisation());
    op.read(async move |tx: &mut Tx<'_>| {
        let paused = outgoing::paused_destinations(tx).await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            all.push(envelope(tx, organisation, row, &paused).await?);
        }
        Ok(all)
    })
    .await
}

async fn envelope(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    lease: LeaseRow,
    paused: &HashSet<String>,
) -> Result<Found, OperationError> {
    let Some(row) = tx.fetch_optional(sql::OUTBOX, vec![lease.outbox.into()]).await? else {
        return Ok(Found::Nobody);
    };
    let (mut recipients, mut waits, mut attempted) = (Vec::new(), false, false);
    for delivery in tx.fetch(sql::PENDING, vec![lease.outbox.into()]).await? {
        let path = path(delivery.parse(1)?, &delivery.get::<String>(2)?, delivery.get(3)?);
        if paused.contains(path.address.domain()) {
            waits = true;
        } else {
            attempted |= delivery.get::<String>(4)? == DeliveryState::Attempting.word();
            recipients.push(Target { delivery: delivery.parse(0)?, path });
        }
    }
    if recipients.is_empty() {
        return Ok(if waits { Found::Paused } else { Found::Nobody });
    }
    Ok(Found::Leased(Box::new(Leased {
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
        unanswered: attempted && lease.silent,
    })))
}
