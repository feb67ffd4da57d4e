//! What was decided on a hold is carried out for every flow that waits with it, a bounded number at a time: a campaign of
//! many thousands holds up nobody else's write. Until its turn comes a companion waits; a crash leaves it waiting, and the
//! clock goes on.

use std::collections::HashMap;

use access::{
    Evidence, EvidenceKind, Instance, Operation, OperationError, Statement, StoreError, SystemReason, Tx,
    Value, action,
};
use vocabulary::{FlowId, HoldId, OrganisationId, OutboxId, Timestamp, bounds};

use super::hold::HoldState;
use super::settle;
use crate::due::due;
use crate::flows::invitation::{self, Invitation, Placed};
use crate::flows::settle::{Summary, summary_context};
use crate::flows::together::{self, Kind};
use crate::flows::{DeliveryState, outbox, sql as flow_sql};
use crate::notices::{self, Notice, Stopped};
use crate::{Cerebro, Organisation};

pub(crate) mod sql {
    access::statements! {
        Platform CARRYING = "SELECT organisation, id FROM hold WHERE carrying = 1 LIMIT 100";
        Organisation STATE = "SELECT state FROM hold WHERE organisation = $1 AND id = $2";
        Organisation LOCK = "SELECT state FROM hold WHERE organisation = $1 AND id = $2"
            => "SELECT state FROM hold WHERE organisation = $1 AND id = $2 FOR UPDATE";
        Organisation BEGIN = "UPDATE hold SET carrying = 1 WHERE organisation = $1 AND id = $2 AND companions > 0";
        Organisation DONE = "UPDATE hold SET carrying = 0 WHERE organisation = $1 AND id = $2";
        Organisation NEXT = "SELECT flow, kind, outcome FROM companion WHERE organisation = $1 AND hold = $2 AND (outcome IS NULL OR outcome <> $3) ORDER BY joined_at, flow LIMIT $4";
        Organisation CARRIED = "UPDATE companion SET outcome = $3 WHERE organisation = $1 AND flow = $2";
        Organisation WAIT_ON = "UPDATE companion SET hold = $3, kind = 'follows', outcome = NULL WHERE organisation = $1 AND flow = $2";
    }
}

/// Notes, inside the write of a decision, that there is something to carry out.
pub(super) async fn begin(tx: &mut Tx<'_>, hold: HoldId) -> Result<(), StoreError> {
    tx.execute(sql::BEGIN, vec![hold.into()]).await.map(drop)
}

/// Carries out one hold's decision as far as it goes. What fails is logged: the clock makes up for it.
pub(super) async fn now(cerebro: &Cerebro, organisation: OrganisationId, hold: HoldId) {
    if let Err(error) = carry(cerebro, organisation, hold).await {
        tracing::error!(%hold, %error, "a decision could not be carried out for all that waited with it");
    }
}

/// Carries out every decision that was made and is not carried out whole.
///
/// # Errors
/// The database did not answer.
pub async fn carry_due(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let holds = due::<HoldId>(cerebro, sql::CARRYING, vec![]).await?;
    let count = holds.len();
    for (organisation, hold) in holds {
        now(cerebro, organisation, hold).await;
    }
    Ok(count)
}

async fn carry(cerebro: &Cerebro, organisation: OrganisationId, hold: HoldId) -> Result<(), OperationError> {
    let op = cerebro.system(SystemReason::Timer, organisation);
    let organisation = settle::organisation(cerebro, &op)?;
    for _ in 0..=bounds::HOLD_COMPANIONS_MAX / bounds::HOLD_COMPANIONS_CARRIED {
        let told = told(&op, &organisation, hold).await?;
        let permit = op.permit(action::AdvanceHold, hold).await?;
        let (now, instance) = (op.now(), op.instance().clone());
        let carried = op
            .write(permit, async move |tx: &mut Tx<'_>, hold: HoldId| {
                carry_batch(tx, &instance, hold, told, now).await
            })
            .await;
        match carried {
            Ok(is_last) => {
                cerebro.wake_relay();
                if is_last {
                    return Ok(());
                }
            }
            Err(Carry::NotDecided) => return Ok(()),
            Err(Carry::Operation(error)) => return Err(error),
        }
    }
    Ok(())
}

#[derive(Debug, thiserror::Error)]
enum Carry {
    #[error("the hold is not decided")]
    NotDecided,
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for Carry {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// The companions to be moved next, at most one more than a batch, and what the hold became.
async fn next(
    tx: &mut Tx<'_>,
    hold: HoldId,
    state: &'static Statement,
) -> Result<(HoldState, Vec<Companion>), OperationError> {
    let row = tx.fetch_optional(state, vec![hold.into()]).await?;
    let row = row.ok_or_else(|| OperationError::Damaged(format!("{hold} is gone")))?;
    let state: HoldState = row.parse(0)?;
    let most = bounds::HOLD_COMPANIONS_CARRIED + 1;
    let rows = tx.fetch(sql::NEXT, vec![hold.into(), state.word().into(), most.into()]).await?;
    let companions = rows.iter().map(|row| {
        Ok(Companion {
            flow: row.parse(0)?,
            kind: row.get::<String>(1)?.parse().ok(),
            from: match row.get::<Option<String>>(2)? {
                None => DeliveryState::Held,
                // Overruled: what was refused with it is let go with it.
                Some(_) => DeliveryState::Rejected,
            },
        })
    });
    Ok((state, companions.collect::<Result<_, StoreError>>()?))
}

struct Companion {
    flow: FlowId,
    kind: Option<Kind>,
    from: DeliveryState,
}

/// What the senders of followers read, when these do not leave; of parts and campaigns the hold's own notice speaks.
async fn told(
    op: &Operation,
    organisation: &Organisation,
    hold: HoldId,
) -> Result<HashMap<FlowId, Notice>, OperationError> {
    let rows = op
        .read(async move |tx: &mut Tx<'_>| {
            let (state, companions) = next(tx, hold, sql::STATE).await?;
            let mut rows = Vec::new();
            for one in companions.iter().filter(|one| one.kind == Some(Kind::Follows)) {
                if state == HoldState::Rejected {
                    rows.extend(tx.fetch_optional(flow_sql::FLOW, vec![one.flow.into()]).await?);
                }
            }
            Ok::<_, OperationError>(rows)
        })
        .await?;
    let mut all = HashMap::new();
    for row in rows {
        let flow: FlowId = row.parse(0)?;
        let summary: Summary = settle::open_json(op, &summary_context(flow), &row.get::<Vec<u8>>(7)?)?;
        let sender = row.parse_optional(1)?;
        let notice = notices::stopped(op, organisation, sender.as_ref(), &summary.subject, Stopped::Follows)?;
        all.extend(notice.map(|notice| (flow, notice)));
    }
    Ok(all)
}

/// Moves a batch; whether it was the last.
async fn carry_batch(
    tx: &mut Tx<'_>,
    instance: &Instance,
    hold: HoldId,
    mut told: HashMap<FlowId, Notice>,
    now: Timestamp,
) -> Result<(bool, Evidence), Carry> {
    let (state, mut companions) = next(tx, hold, sql::LOCK).await?;
    if state == HoldState::Waiting {
        return Err(Carry::NotDecided);
    }
    let is_last = companions.len() <= bounds::HOLD_COMPANIONS_CARRIED;
    companions.truncate(bounds::HOLD_COMPANIONS_CARRIED);
    let (mut queued, mut stopped, mut flows) = (0, 0, Vec::new());
    for one in companions {
        let placed = move_one(tx, instance, &one, state, now).await?;
        match placed.waits {
            Some(other) => {
                tx.execute(sql::WAIT_ON, vec![one.flow.into(), other.into()]).await?;
                tx.execute(together::sql::JOIN_FOLLOWED, vec![other.into()]).await?;
            }
            None => {
                tx.execute(sql::CARRIED, vec![one.flow.into(), state.word().into()]).await?;
            }
        }
        if let Some(notice) = told.remove(&one.flow).filter(|_| placed.stopped > 0) {
            notices::enqueue(tx, notice, now).await?;
        }
        queued += placed.queued;
        stopped += placed.stopped;
        flows.push(one.flow.to_string());
    }
    if is_last {
        tx.execute(sql::DONE, vec![hold.into()]).await?;
    }
    let evidence = Evidence::of(EvidenceKind::HoldCarried, hold)
        .with("becomes", state.word())
        .with("flows", flows)
        .with("queued", queued)
        .with("stopped", stopped);
    Ok((is_last, evidence))
}

async fn move_one(
    tx: &mut Tx<'_>,
    instance: &Instance,
    one: &Companion,
    state: HoldState,
    now: Timestamp,
) -> Result<Placed, OperationError> {
    let is_released = state == HoldState::Released;
    let invitation = Invitation::of_settled(tx, one.flow).await?;
    if let Some(invitation) = invitation.filter(|_| is_released || one.kind == Some(Kind::Follows)) {
        let when = (now, instance.entropy());
        return invitation::place(tx, &invitation, one.flow, one.from, !is_released, when).await;
    }
    let (to, row) = match state {
        HoldState::Released => (DeliveryState::Queued, Some(OutboxId::new(now, instance.entropy()))),
        HoldState::Withdrawn => (DeliveryState::Withdrawn, None),
        HoldState::Rejected | HoldState::Waiting => (DeliveryState::Rejected, None),
    };
    if let Some(row) = row {
        outbox::enqueue(tx, row, one.flow, None, now).await?;
    }
    let values = vec![
        one.flow.into(),
        to.word().into(),
        row.map_or(Value::Null, Value::from),
        now.into(),
        one.from.word().into(),
    ];
    let moved = tx.execute(super::sql::MOVE_DELIVERIES, values).await?;
    let (queued, stopped) = if is_released { (moved, 0) } else { (0, moved) };
    Ok(Placed { queued, stopped, waits: None })
}
