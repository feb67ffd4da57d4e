//! An operator hands a waiting hold to the arbiters before its clock does.

use access::{Evidence, EvidenceKind, Operation, Permit, StoreError, Tx, action};
use vocabulary::{EmailAddress, HoldId};

use super::event::{self, EventKind};
use super::guarded;
use super::hold::Escalation;
use super::settle::{self, ReviewError};
use super::sql;
use crate::notices::Call;
use crate::organisation::Reason;
use crate::{Cerebro, notices};

/// Escalates a hold and calls the arbiters. Its due time does not move.
///
/// # Errors
/// Nothing changed.
pub async fn escalate(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::EscalateHold>,
    reason: Reason,
) -> Result<(), ReviewError> {
    let organisation = settle::organisation(cerebro, op)?;
    let hold = permit.subject();
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::HOLD, vec![hold.into()]).await)
        .await?
        .ok_or(ReviewError::NotFound)?;
    let due = row.get(10)?;
    let mut called = Vec::new();
    for arbiter in arbiters(op).await? {
        called.extend(notices::called(cerebro, op, &organisation, &arbiter, hold, due, Call::Arbitration)?);
    }
    for custodian in custodians(op, hold).await? {
        called.extend(notices::called(cerebro, op, &organisation, &custodian, hold, due, Call::Custody)?);
    }
    let happened = event::prepare(op, hold, EventKind::Escalated, Some(reason.as_str()))?;
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, hold: HoldId| {
        let values = vec![hold.into(), Escalation::Arbiters.level().into(), due.into(), "expire".into()];
        if tx.execute(sql::ESCALATE, values).await? == 0 {
            return Err(ReviewError::AlreadyEscalated);
        }
        for notice in called {
            notices::enqueue(tx, notice, now).await?;
        }
        event::record(tx, hold, happened).await?;
        Ok(((), Evidence::of(EvidenceKind::HoldEscalated, hold).with("reason", reason.as_str())))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}

/// Where those are reached who alone let a guarded hold go; nobody for any other.
pub(crate) async fn custodians(op: &Operation, hold: HoldId) -> Result<Vec<EmailAddress>, ReviewError> {
    if guarded::guard_of(op, hold).await?.class().is_none() {
        return Ok(Vec::new());
    }
    let called: Result<Vec<EmailAddress>, StoreError> = op
        .read(async |tx: &mut Tx<'_>| {
            tx.fetch(sql::CUSTODIANS, vec![]).await?.iter().map(|row| row.parse(0)).collect()
        })
        .await;
    Ok(called?)
}

/// Where the arbiters of the organisation are reached.
pub(crate) async fn arbiters(op: &Operation) -> Result<Vec<EmailAddress>, StoreError> {
    op.read(async |tx: &mut Tx<'_>| {
        tx.fetch(sql::ARBITERS, vec![]).await?.iter().map(|row| row.parse(0)).collect()
    })
    .await
}
