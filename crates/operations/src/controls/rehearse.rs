//! A draft is rehearsed on past flows, beside the set in force: what would wait that did not, what would not, how much work that
//! is. Both sets see the same messages and the lists of today, so that only the controls differ.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use compliance::{Assessment, ControlMatch, ControlSet, Mode, Verdict};
use serde::{Deserialize, Serialize};
use vocabulary::{ControlSetId, FlowId, Timestamp, bounds};

use super::replay::{self, Past};
use super::replays::look::ReplayLine;
use super::replays::{self, ReplayState, run, start};
use super::{ControlsError, load, look, rehearsal_context, sql};
use crate::flows::settle::verdict_word;
use crate::{Cerebro, Organisation};

/// What a draft would have done to past flows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rehearsal {
    /// The digest of the set it was compared with, in force then.
    pub beside: String,
    /// The window.
    pub from: Timestamp,
    /// When it was made.
    pub until: Timestamp,
    /// Flows both sets were asked about.
    pub flows: u64,
    /// Flows that could not be read again: erased, or too large.
    pub unread: u64,
    /// There were more in the window than are looked at.
    pub more: bool,
    /// Days the flows are spread over, at least one.
    pub days: u64,
    /// Seconds they are spread over, where there were more than are looked at: days would round them up. 0 otherwise.
    #[serde(default)]
    pub span_seconds: u64,
    /// Flows the set in force holds or refuses.
    pub waits_now: u64,
    /// Flows the draft would.
    pub would_wait: u64,
    /// By control whose matches change: flows now, flows then.
    pub controls: BTreeMap<String, (u64, u64)>,
    /// Flows that are decided otherwise; the first [`bounds::REHEARSAL_CHANGES_MAX`] are named.
    pub changed: u64,
    /// Those that are named, the latest first.
    pub changes: Vec<Changed>,
    /// Seconds between the first reading of a held message and its decision, the median of late; `None` before there was any.
    pub review_seconds: Option<u64>,
    /// Holds of the last thirty days whose time ran out, per thousand; `None` before there was any.
    pub expired_per_mille: Option<u64>,
}

/// A flow that is decided otherwise: its verdict changes, or for whom, or the controls that hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// Which.
    pub flow: FlowId,
    /// When it came.
    pub at: Timestamp,
    /// The verdict's word by the set in force.
    pub was: String,
    /// By the draft.
    pub becomes: String,
    /// Controls that hold or refuse it by the draft alone.
    pub gained: Vec<String>,
    /// Controls that hold or refuse it by the set in force alone.
    pub lost: Vec<String>,
}

impl Rehearsal {
    /// So many, by the day.
    const fn per_day(&self, count: u64) -> u64 {
        let days = if self.days == 0 { 1 } else { self.days };
        let span = if self.span_seconds == 0 { days * DAY.as_secs() } else { self.span_seconds };
        count * DAY.as_secs() / span
    }

    /// Messages a day that wait with the set in force, in tenths.
    #[must_use]
    pub const fn waits_per_day(&self) -> u64 {
        self.per_day(self.waits_now * 10)
    }

    /// Messages a day that would wait, in tenths.
    #[must_use]
    pub const fn holds_per_day(&self) -> u64 {
        self.per_day(self.would_wait * 10)
    }

    /// Minutes of review a day, by the time reviews took of late.
    #[must_use]
    pub fn review_minutes_per_day(&self) -> Option<u64> {
        self.review_seconds.map(|seconds| self.per_day(seconds * self.would_wait) / 60)
    }

    /// Holds a day whose time would run out, in tenths, by the share that did of late.
    #[must_use]
    pub fn expiries_per_day(&self) -> Option<u64> {
        self.expired_per_mille.map(|share| self.per_day(share * self.would_wait * 10) / 1_000)
    }
}

const DAY: Duration = Duration::from_secs(24 * 3600);
/// The shortest time that says something of a day.
const SPAN_MIN: Duration = Duration::from_secs(3_600);

/// Rehearses a draft on the flows of the last `days`, here and now: asks for it and takes it up, or waits for the node that did.
/// For commands; the console only asks ([`start::rehearsal`]).
///
/// # Errors
/// [`ControlsError`].
pub async fn rehearse(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::RehearseControls>,
    days: u32,
) -> Result<Rehearsal, ControlsError> {
    let set = permit.subject();
    let id = start::rehearsal(op, permit, days).await?;
    run::to_the_end(cerebro, op, id).await?;
    look::rehearsal(op, set).await?.ok_or(ControlsError::Stopped)
}

/// The set a rehearsal is of.
pub(super) async fn draft(
    op: &Operation,
    line: &ReplayLine,
    organisation: &Organisation,
) -> Result<Arc<ControlSet>, OperationError> {
    load(op, set_of(line)?, &organisation.controls).await
}

fn set_of(line: &ReplayLine) -> Result<ControlSetId, OperationError> {
    line.subject.parse().map_err(|_| OperationError::Damaged("the set of a rehearsal".into()))
}

/// Nothing read yet.
pub(super) async fn begin(
    op: &Operation,
    organisation: &Organisation,
    line: &ReplayLine,
    past: &replay::Window,
) -> Result<Rehearsal, OperationError> {
    // What lies before the oldest flow says nothing of a day.
    let oldest = past.oldest.unwrap_or(line.from);
    let span = line.until.since(oldest);
    Ok(Rehearsal {
        beside: organisation.controls.digest().to_owned(),
        from: line.from,
        until: line.until,
        flows: 0,
        unread: 0,
        more: past.more,
        days: span.as_secs().div_ceil(DAY.as_secs()).max(1),
        span_seconds: if past.more { span.max(SPAN_MIN).as_secs() } else { 0 },
        waits_now: 0,
        would_wait: 0,
        controls: BTreeMap::new(),
        changed: 0,
        changes: Vec::new(),
        review_seconds: review_seconds(op).await?,
        expired_per_mille: expired_per_mille(op, line.until).await?,
    })
}

impl Rehearsal {
    /// Both sets see one more flow; `None` could not be read again.
    pub(super) fn read(&mut self, organisation: &Organisation, draft: &ControlSet, past: Option<&Past>) {
        let Some(past) = past else {
            self.unread += 1;
            return;
        };
        let was = past.assess(&organisation.facts, &organisation.controls);
        let becomes = past.assess(&organisation.facts, draft);
        self.add(past.id, past.at, &was, &becomes);
    }

    fn add(&mut self, flow: FlowId, at: Timestamp, was: &Assessment, becomes: &Assessment) {
        self.flows += 1;
        self.waits_now += u64::from(was.verdict != Verdict::Pass);
        self.would_wait += u64::from(becomes.verdict != Verdict::Pass);
        let (before, after) = (matching(was), matching(becomes));
        let (counted, counts) = (counting(was), counting(becomes));
        for control in &before {
            self.controls.entry(control.clone()).or_default().0 += 1;
        }
        for control in &after {
            self.controls.entry(control.clone()).or_default().1 += 1;
        }
        // Held for somebody else, or by another control, it is decided otherwise though it waits as before.
        if was.recipients == becomes.recipients && was.verdict == becomes.verdict && counted == counts {
            return;
        }
        self.changed += 1;
        if self.changes.len() < bounds::REHEARSAL_CHANGES_MAX {
            // One that observed and holds is new to whom it holds up, though it matched before.
            let only = |these: &[String], those: &[String]| {
                these.iter().filter(|control| !those.contains(control)).cloned().collect()
            };
            self.changes.push(Changed {
                flow,
                at,
                was: verdict_word(was.verdict).to_owned(),
                becomes: verdict_word(becomes.verdict).to_owned(),
                gained: only(&counts, &counted),
                lost: only(&counted, &counts),
            });
        }
    }
}

/// The ids of the controls that matched, each once.
fn matching(assessment: &Assessment) -> Vec<String> {
    ids(assessment.matches.iter())
}

/// Of those whose verdict counts.
fn counting(assessment: &Assessment) -> Vec<String> {
    let counts = |found: &&ControlMatch| found.mode == Mode::Enforce && found.verdict != Verdict::Pass;
    ids(assessment.matches.iter().filter(counts))
}

fn ids<'a>(matches: impl Iterator<Item = &'a ControlMatch>) -> Vec<String> {
    let mut ids: Vec<String> = matches.map(|found| found.control.clone()).collect();
    ids.sort();
    ids.dedup();
    ids
}

async fn review_seconds(op: &Operation) -> Result<Option<u64>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| tx.fetch(sql::REVIEW_TIMES, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let times = rows.iter().map(|row| row.get::<i64>(0)).collect::<Result<Vec<i64>, _>>()?;
    let mut seconds: Vec<u64> = times
        .into_iter()
        .filter_map(|micros| u64::try_from(micros).ok())
        .map(|micros| micros / 1_000_000)
        .collect();
    seconds.sort_unstable();
    Ok(seconds.get(seconds.len() / 2).copied())
}

async fn expired_per_mille(op: &Operation, now: Timestamp) -> Result<Option<u64>, OperationError> {
    let since = now.minus(DAY * 30);
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::EXPIRIES, vec![since.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    let Some(row) = row else { return Ok(None) };
    let (holds, expired) = (row.get::<u64>(0)?, row.get::<Option<u64>>(1)?.unwrap_or(0));
    Ok((holds > 0).then(|| expired * 1_000 / holds))
}

/// Keeps it with its draft, with an entry; the replay is over.
pub(super) async fn keep(op: &Operation, line: &ReplayLine, found: &Rehearsal) -> Result<(), ControlsError> {
    let (id, set) = (line.id, set_of(line)?);
    let mut rehearsal = found.clone();
    rehearsal.controls.retain(|_, (now, then)| now != then);
    let plain = serde_json::to_vec(&rehearsal).map_err(|_| OperationError::Damaged("a rehearsal".into()))?;
    let sealed = op.instance().seal_lasting(op.organisation(), &rehearsal_context(set), &plain)?;
    let (now, beside) = (op.now(), rehearsal.beside.clone());
    let evidence = Evidence::of(EvidenceKind::ControlsRehearsed, set)
        .with("replay", id.to_string())
        .with("asked_by", line.asked_by.clone())
        .with("beside", beside.clone())
        .with("flows", rehearsal.flows)
        .with("waits_now", rehearsal.waits_now)
        .with("would_wait", rehearsal.would_wait)
        .with("changed", rehearsal.changed);
    let by = op.actor().to_string();
    let permit = op.permit(action::RehearseControls, set).await.map_err(OperationError::from)?;
    op.write(permit, async move |tx: &mut Tx<'_>, set: ControlSetId| {
        let none: Option<Vec<u8>> = None;
        let done = vec![id.into(), ReplayState::Done.word().into(), by.into(), now.into(), none.into()];
        if tx.execute(replays::sql::END, done).await? == 0 {
            return Err(ControlsError::Stopped);
        }
        let values = vec![set.into(), sealed.into(), beside.into(), now.into()];
        if tx.execute(sql::REHEARSED, values).await? == 0 {
            return Err(ControlsError::Over);
        }
        Ok(((), evidence))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(days: u64, span_seconds: u64) -> Rehearsal {
        Rehearsal {
            beside: String::new(),
            from: Timestamp::default(),
            until: Timestamp::default(),
            flows: 5_000,
            unread: 0,
            more: span_seconds > 0,
            days,
            span_seconds,
            waits_now: 50,
            would_wait: 100,
            controls: BTreeMap::new(),
            changed: 0,
            changes: Vec::new(),
            review_seconds: Some(120),
            expired_per_mille: Some(20),
        }
    }

    /// The latest 5,000 of a busy institution came in three hours: a day is eight times that, and not the three hours.
    #[test]
    fn a_day_is_told_by_the_time_that_was_read() {
        let by_day = |found: &Rehearsal| {
            (
                found.waits_per_day(),
                found.holds_per_day(),
                found.review_minutes_per_day(),
                found.expiries_per_day(),
            )
        };
        assert_eq!(by_day(&found(1, 3 * 3_600)), (4_000, 8_000, Some(1_600), Some(160)));
        assert_eq!(by_day(&found(2, 25 * 3_600)), (480, 960, Some(192), Some(19)));
        assert_eq!(by_day(&found(10, 0)), (50, 100, Some(20), Some(2)));
        assert_eq!(by_day(&found(0, 0)), (500, 1_000, Some(200), Some(20)), "kept before spans were");
    }
}
