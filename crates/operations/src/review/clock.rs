//! The hold clock: cover is called, then the arbiters, then the due time passes and it is said. Never a silent
//! release, never a silent deletion.

use access::{Evidence, EvidenceKind, Operation, OperationError, StoreError, SystemReason, Tx, action};
use vocabulary::{HoldId, OrganisationId, PlatformReason, Timestamp};

use super::escalate::{arbiters, custodians};
use super::event::{self, EventKind};
use super::hold::Escalation;
use super::settle::{self, ReviewError};
use super::sql;
use crate::notices::Call;
use crate::{Cerebro, notices};

/// What the clock does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It calls the deputy.
    Cover,
    /// It calls the arbiters.
    Escalate,
    /// The due time passes: the hold goes on waiting, with the arbiters.
    Expire,
}

impl Event {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        match word {
            "cover" => Some(Self::Cover),
            "escalate" => Some(Self::Escalate),
            "expire" => Some(Self::Expire),
            _ => None,
        }
    }

    const fn happened(self) -> EventKind {
        match self {
            Self::Cover => EventKind::Covered,
            Self::Escalate => EventKind::Escalated,
            Self::Expire => EventKind::Expired,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Cover => "cover",
            Self::Escalate => "escalate",
            Self::Expire => "expire",
        }
    }
}

/// Moves every clock that is due, at most a hundred a call; how many moved. A hold that cannot be moved is logged and
/// tried again at the next call.
///
/// # Errors
/// The database did not answer.
pub async fn advance_due(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let now = cerebro.instance().now();
    let due = cerebro
        .instance()
        .read_platform(PlatformReason::Timer, async move |tx: &mut Tx<'_>| {
            let rows = tx.fetch(sql::DUE, vec![now.into()]).await?;
            rows.iter()
                .map(|row| Ok((row.parse(0)?, row.parse(1)?, row.get(2)?)))
                .collect::<Result<Vec<(OrganisationId, HoldId, String)>, StoreError>>()
        })
        .await?;
    let mut moved = 0;
    for (organisation, hold, event) in due {
        let op = cerebro.system(SystemReason::Timer, organisation);
        let Some(event) = Event::parse(&event) else { continue };
        match advance(cerebro, &op, hold, event).await {
            Ok(()) => moved += 1,
            Err(ReviewError::NotFound) => {}
            Err(error) => tracing::error!(%hold, %error, "a hold's clock could not be moved"),
        }
    }
    Ok(moved)
}

async fn advance(cerebro: &Cerebro, op: &Operation, hold: HoldId, event: Event) -> Result<(), ReviewError> {
    let organisation = settle::organisation(cerebro, op)?;
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::HOLD, vec![hold.into()]).await)
        .await?
        .ok_or(ReviewError::NotFound)?;
    let (held_at, due): (Timestamp, Timestamp) = (row.get(9)?, row.get(10)?);
    let people = match event {
        Event::Cover => organisation.policy.deputy.iter().cloned().collect(),
        Event::Escalate | Event::Expire => arbiters(op).await?,
    };
    let mut called = Vec::new();
    let call = if event == Event::Cover { Call::Cover } else { Call::Arbitration };
    for person in &people {
        called.extend(notices::called(cerebro, op, &organisation, person, hold, due, call)?);
    }
    for custodian in custodians(op, hold).await? {
        called.extend(notices::called(cerebro, op, &organisation, &custodian, hold, due, Call::Custody)?);
    }
    let escalate_at = held_at.plus(organisation.policy.part(organisation.policy.escalate_at_percent));
    let (level, next_at, next, kind) = match event {
        Event::Cover => (Escalation::Team, Some(escalate_at), Some("escalate"), EvidenceKind::HoldCovered),
        Event::Escalate => (Escalation::Arbiters, Some(due), Some("expire"), EvidenceKind::HoldEscalated),
        Event::Expire => (Escalation::Overdue, None, None, EvidenceKind::HoldExpired),
    };
    let (now, count) = (op.now(), called.len());
    let happened = event::prepare(op, hold, event.happened(), None)?;
    let permit = op.permit(action::AdvanceHold, hold).await?;
    op.write(permit, async move |tx: &mut Tx<'_>, hold: HoldId| {
        let values = vec![
            hold.into(),
            level.level().into(),
            next_at.into(),
            next.into(),
            event.word().into(),
            now.into(),
        ];
        // Decided meanwhile, or moved by another node: nothing to do.
        if tx.execute(sql::TICK, values).await? == 0 {
            return Err(ReviewError::NotFound);
        }
        for notice in called {
            notices::enqueue(tx, notice, now).await?;
        }
        event::record(tx, hold, happened).await?;
        Ok(((), Evidence::of(kind, hold).with("called", count)))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}
