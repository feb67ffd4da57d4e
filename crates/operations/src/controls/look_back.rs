//! Past flows are looked at again with the controls and lists of today: after a list of restricted issuers changed, what left
//! before it did. Nothing is undone; the entry says how many, the answer which.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use serde::{Deserialize, Serialize};
use vocabulary::{FlowId, Timestamp, bounds};

use super::replays::look::ReplayLine;
use super::replays::{self, ReplayState, run, start};
use super::{ControlsError, replay};
use crate::flows::assessments;
use crate::{Cerebro, Organisation};

/// A flow that controls would match today and did not when it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Which.
    pub flow: FlowId,
    /// When it came.
    pub at: Timestamp,
    /// The controls that match now and did not.
    pub controls: Vec<String>,
}

/// What looking back found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedBack {
    /// Flows looked at.
    pub flows: u64,
    /// Flows that could not be read again.
    pub unread: u64,
    /// There were more than are looked at.
    pub more: bool,
    /// What matches now and did not, the latest first.
    pub seen: Vec<Seen>,
}

/// Looks at the flows since a moment again, here and now: asks for it and takes it up, or waits for the node that did. For commands;
/// the console only asks ([`start::look_back`]).
///
/// # Errors
/// [`ControlsError`]: nothing is told then.
pub async fn look_back(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::LookBack>,
    since: Timestamp,
) -> Result<LookedBack, ControlsError> {
    let id = start::look_back(op, permit, since).await?;
    run::to_the_end(cerebro, op, id).await?;
    replays::look::found(op, id).await?.ok_or(ControlsError::Stopped)
}

/// Nothing read yet.
pub(super) fn begin(past: &replay::Flows) -> LookedBack {
    LookedBack { flows: 0, unread: 0, more: past.more, seen: Vec::new() }
}

/// One more flow is looked at. One whose last assessment was made with the same controls, lists and examples is not read: it says the same.
pub(super) async fn read(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    found: &mut LookedBack,
    (flow, at): (FlowId, Timestamp),
) -> Result<(), OperationError> {
    found.flows += 1;
    let made = assessments::latest(op, flow).await?;
    let same = made.as_ref().is_some_and(|made| {
        made.versions.lists == organisation.facts.digest()
            && made.versions.control_set == organisation.controls.digest()
            && made.versions.models == organisation.controls.models_digest()
    });
    if same {
        return Ok(());
    }
    let Some(past) = replay::again(cerebro, op, organisation, flow, at).await? else {
        found.unread += 1;
        return Ok(());
    };
    let now = past.assess(&organisation.facts, &organisation.controls);
    let known =
        |control: &str| made.iter().flat_map(|made| &made.matches).any(|found| found.control == control);
    let mut controls: Vec<String> =
        now.matches.into_iter().map(|found| found.control).filter(|control| !known(control)).collect();
    controls.dedup();
    if !controls.is_empty() && found.seen.len() < bounds::LOOKED_BACK_MAX {
        found.seen.push(Seen { flow, at, controls });
    }
    Ok(())
}

/// Keeps what was found, with an entry; the replay is over.
pub(super) async fn keep(
    op: &Operation,
    organisation: &Organisation,
    line: &ReplayLine,
    found: &LookedBack,
    sealed: Vec<u8>,
) -> Result<(), ControlsError> {
    let entry = Evidence::of(EvidenceKind::FlowsLookedBack, op.organisation())
        .with("replay", line.id.to_string())
        .with("asked_by", line.asked_by.clone())
        .with("since", line.from.rfc3339())
        .with("control_set", organisation.controls.digest().to_owned())
        .with("lists", organisation.facts.digest().to_owned())
        .with("flows", found.flows)
        .with("unread", found.unread)
        .with("seen", found.seen.len());
    let (id, now, by) = (line.id, op.now(), op.actor().to_string());
    let permit = op.permit(action::LookBack, op.organisation()).await.map_err(OperationError::from)?;
    op.write(permit, async move |tx: &mut Tx<'_>, _| {
        let done = vec![id.into(), ReplayState::Done.word().into(), by.into(), now.into(), sealed.into()];
        if tx.execute(replays::sql::END, done).await? == 0 {
            return Err(ControlsError::Stopped);
        }
        Ok(((), entry))
    })
    .await
}
