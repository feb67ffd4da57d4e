//! A node takes up what was asked for and reads flow after flow; every few it notes how far it is, under a lease. A crash loses
//! what came after the last note; whoever takes it up next goes on from there.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use access::{MechanicalReason, Operation, OperationError, StoreError, SystemReason, Tx, action};
use compliance::ControlSet;
use vocabulary::{FlowId, OrganisationId, ReplayId, Timestamp, bounds};

use super::super::{ControlsError, look_back, rehearse, replay};
use super::look::{self, ReplayLine};
use super::{Known, ReplayKind, ReplayState, Report, open, seal, sql, stop};
use crate::due::due;
use crate::{Cerebro, Organisation};

/// Takes up what nobody is at, until `stopping`; how many were finished. What cannot be carried on is logged and taken up again
/// once its lease has run out.
///
/// # Errors
/// The database did not answer.
pub async fn run_due(cerebro: &Cerebro, stopping: impl Fn() -> bool) -> Result<usize, OperationError> {
    let now = cerebro.instance().now();
    let due = due::<ReplayId>(cerebro, sql::DUE, vec![now.into()]).await?;
    let mut finished = 0;
    for (organisation, id) in due {
        match run_one(cerebro, organisation, id, &stopping).await {
            Ok(true) => finished += 1,
            Ok(false) => {}
            Err(error) => {
                tracing::error!(replay = %id, %error, "past flows could not be read again; they will be")
            }
        }
    }
    Ok(finished)
}

/// Takes one up; `false` when somebody is at it, when it was stopped meanwhile, or when this process stops.
///
/// # Errors
/// [`ControlsError`]; it can be taken up again.
pub async fn run_one(
    cerebro: &Cerebro,
    organisation: OrganisationId,
    id: ReplayId,
    stopping: &impl Fn() -> bool,
) -> Result<bool, ControlsError> {
    run_up_to(cerebro, organisation, id, usize::MAX, stopping).await
}

/// As [`run_one`], and begins with at most `most` flows where its kind allows more.
///
/// # Errors
/// As [`run_one`].
pub async fn run_up_to(
    cerebro: &Cerebro,
    organisation: OrganisationId,
    id: ReplayId,
    most: usize,
    stopping: &impl Fn() -> bool,
) -> Result<bool, ControlsError> {
    let op = cerebro.system(SystemReason::Timer, organisation);
    let Some(organisation) = cerebro.organisation(organisation) else { return Ok(false) };
    let Some(mut taken) = Taken::claim(&op, id).await? else { return Ok(false) };
    let Some(known) = taken.begin(&op, &organisation, most).await? else { return Ok(false) };
    let Some(known) = taken.read_all(cerebro, &op, &organisation, known, stopping).await? else {
        return Ok(false);
    };
    match finish(&op, &organisation, &taken.line, known.report).await {
        Ok(()) => Ok(true),
        // Stopped, or taken over, between the last flow and now.
        Err(ControlsError::Stopped) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Takes one up, or waits for the node that did, until it is over.
pub(in super::super) async fn to_the_end(
    cerebro: &Cerebro,
    op: &Operation,
    id: ReplayId,
) -> Result<(), ControlsError> {
    loop {
        if run_one(cerebro, op.organisation(), id, &|| false).await? {
            return Ok(());
        }
        let row = look::row(op, id).await?.ok_or(ControlsError::NotFound)?;
        match ReplayLine::from_row(&row)?.state {
            ReplayState::Running => tokio::time::sleep(WAIT).await,
            ReplayState::Done => return Ok(()),
            ReplayState::Stopped | ReplayState::Failed => return Err(ControlsError::Stopped),
        }
    }
}

/// Between two looks at what another node does.
const WAIT: Duration = Duration::from_millis(250);

/// What this node is at.
struct Taken {
    line: ReplayLine,
    lease: String,
    earlier: Option<Vec<u8>>,
    attempts: u32,
    draft: Option<Arc<ControlSet>>,
}

impl Taken {
    async fn claim(op: &Operation, id: ReplayId) -> Result<Option<Self>, OperationError> {
        let (lease, now) = (op.id().to_string(), op.now());
        let values =
            vec![id.into(), lease.as_str().into(), now.plus(bounds::REPLAY_LEASE).into(), now.into()];
        let claimed: Result<u64, StoreError> = op
            .write_mechanical(MechanicalReason::Lease, async move |tx: &mut Tx<'_>| {
                tx.execute(sql::CLAIM, values).await
            })
            .await;
        if claimed? == 0 {
            return Ok(None);
        }
        let Some(row) = look::row(op, id).await? else { return Ok(None) };
        let line = ReplayLine::from_row(&row)?;
        let taken = Self { line, lease, earlier: row.get(12)?, attempts: row.get(13)?, draft: None };
        Ok(Some(taken).filter(|taken| taken.line.state == ReplayState::Running))
    }

    /// What is known so far, if it was begun beside the same controls and lists; else nothing yet.
    async fn begin(
        &mut self,
        op: &Operation,
        organisation: &Organisation,
        most: usize,
    ) -> Result<Option<Known>, ControlsError> {
        if self.attempts > bounds::REPLAY_ATTEMPTS_MAX {
            let permit = op.permit(action::StopReplay, self.line.id).await.map_err(OperationError::from)?;
            stop::fail(op, permit).await?;
            return Ok(None);
        }
        if self.line.kind == ReplayKind::Rehearsal {
            self.draft = Some(rehearse::draft(op, &self.line, organisation).await?);
        }
        let earlier = self.earlier.take();
        let earlier: Option<Known> = earlier.map(|sealed| open(op, self.line.id, &sealed)).transpose()?;
        let (controls, lists) = (organisation.controls.digest(), organisation.facts.digest());
        let same = |known: &Known| known.controls == controls && known.lists == lists;
        if let Some(known) = earlier.filter(same) {
            return Ok(Some(known));
        }
        let most = most.min(self.line.kind.flows_max());
        let past = replay::count(op, self.line.from, self.line.until, most).await?;
        let report = match self.line.kind {
            ReplayKind::Rehearsal => {
                Report::Rehearsal(rehearse::begin(op, organisation, &self.line, &past).await?)
            }
            ReplayKind::LookBack => Report::LookBack(look_back::begin(&past)),
        };
        let known = Known {
            controls: controls.to_owned(),
            lists: lists.to_owned(),
            after: None,
            done: 0,
            total: past.flows,
            report,
        };
        Ok(self.note(op, &known, false).await?.then_some(known))
    }

    /// Reads what is left; `None` when it is not ours any more, or this process stops.
    async fn read_all(
        &self,
        cerebro: &Cerebro,
        op: &Operation,
        organisation: &Organisation,
        mut known: Known,
        stopping: &impl Fn() -> bool,
    ) -> Result<Option<Known>, ControlsError> {
        let (mut since_note, mut noted_at) = (0, op.now());
        let mut page = VecDeque::new();
        while known.done < known.total {
            if page.is_empty() {
                page.extend(replay::page(op, self.line.from, self.line.until, known.after).await?);
            }
            // Fewer than were counted: some were erased since.
            let Some((flow, at)) = page.pop_front() else { break };
            self.read(cerebro, op, organisation, &mut known.report, (flow, at)).await?;
            known.done += 1;
            known.after = Some((at, flow));
            since_note += 1;
            let late = op.now().since(noted_at) >= bounds::REPLAY_LEASE / 3;
            let stops = stopping();
            if since_note >= bounds::REPLAY_NOTED_FLOWS || late || stops {
                if !self.note(op, &known, stops).await? || stops {
                    return Ok(None);
                }
                (since_note, noted_at) = (0, op.now());
            }
            tokio::task::yield_now().await;
        }
        known.total = known.done;
        Ok(self.note(op, &known, false).await?.then_some(known))
    }

    async fn read(
        &self,
        cerebro: &Cerebro,
        op: &Operation,
        organisation: &Organisation,
        report: &mut Report,
        (flow, at): (FlowId, Timestamp),
    ) -> Result<(), OperationError> {
        match (report, &self.draft) {
            (Report::Rehearsal(report), Some(draft)) => {
                let past = replay::again(cerebro, op, organisation, flow, at).await?;
                report.read(organisation, draft, past.as_ref());
            }
            (Report::LookBack(report), _) => {
                look_back::read(cerebro, op, organisation, report, (flow, at)).await?;
            }
            (Report::Rehearsal(_), None) => {
                return Err(OperationError::Damaged("a rehearsal of nothing".into()));
            }
        }
        Ok(())
    }

    /// Notes how far it is, and gives the lease up when told; `false` when it was stopped or another node is at it.
    async fn note(&self, op: &Operation, known: &Known, give_up: bool) -> Result<bool, OperationError> {
        let until = if give_up { op.now() } else { op.now().plus(bounds::REPLAY_LEASE) };
        let values = vec![
            self.line.id.into(),
            self.lease.as_str().into(),
            known.total.into(),
            known.done.into(),
            seal(op, self.line.id, known)?.into(),
            until.into(),
        ];
        let noted: Result<u64, StoreError> = op
            .write_mechanical(MechanicalReason::Lease, async move |tx: &mut Tx<'_>| {
                tx.execute(sql::NOTE, values).await
            })
            .await;
        Ok(noted? > 0)
    }
}

async fn finish(
    op: &Operation,
    organisation: &Organisation,
    line: &ReplayLine,
    report: Report,
) -> Result<(), ControlsError> {
    match report {
        Report::Rehearsal(report) => rehearse::keep(op, line, &report).await,
        Report::LookBack(report) => {
            let sealed = seal(op, line.id, &report)?;
            look_back::keep(op, organisation, line, &report, sealed).await
        }
    }
}
