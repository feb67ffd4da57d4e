//! Past flows are looked at again with the controls and lists of today: after a list of restricted issuers changed, what left
//! before it did. What is found is compared, not only which controls match: a message that named one issuer may name another.
//! Nothing is undone; the entry says how many, the answer which.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use compliance::{Assessment, ControlMatch, Guard, Guarded};
use serde::{Deserialize, Serialize};
use vocabulary::{FlowId, Timestamp, bounds};

use super::replays::look::ReplayLine;
use super::replays::{self, ReplayState, run, start};
use super::{ControlsError, replay};
use crate::flows::assessments;
use crate::{Cerebro, Organisation};

/// A flow of which today more is found than when it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Which.
    pub flow: FlowId,
    /// When it came.
    pub at: Timestamp,
    /// The controls that match now and did not.
    pub controls: Vec<String>,
    /// Controls that matched already, and find more now: another issuer, another recipient.
    #[serde(default)]
    pub further: Vec<String>,
    /// How it is guarded, as [`Guard::bits`]; `None` in what was kept before that was.
    #[serde(default)]
    pub guard: Option<i64>,
}

impl Seen {
    /// As what it is guarded: then nothing is told of it but when it came.
    #[must_use]
    pub fn guarded(&self) -> Option<Guarded> {
        Guard::from_bits(self.guard.unwrap_or(0)).class()
    }
}

/// What looking back found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookedBack {
    /// Flows looked at.
    pub flows: u64,
    /// Flows that could not be read again.
    pub unread: u64,
    /// There were more than are looked at: it stopped at [`bounds::LOOKED_BACK_FLOWS_MAX`].
    pub more: bool,
    /// When the oldest flow looked at came.
    #[serde(default)]
    pub reached: Option<Timestamp>,
    /// Flows of which more is found now, named or not; 0 in what was kept before they were counted.
    #[serde(default)]
    pub count: u64,
    /// Of those, guarded ones. They are in no count of a control.
    #[serde(default)]
    pub guarded: u64,
    /// By control: flows it matches now and did not, flows it matched already and in which it finds more.
    #[serde(default)]
    pub by_control: BTreeMap<String, (u64, u64)>,
    /// The latest of them, at most [`bounds::LOOKED_BACK_MAX`].
    pub seen: Vec<Seen>,
}

impl LookedBack {
    /// Flows of which more is found now.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.count.max(self.seen.len() as u64)
    }

    /// Counts one, and names it while there is room.
    fn add(&mut self, seen: Seen) {
        self.count += 1;
        if seen.guarded().is_some() {
            self.guarded += 1;
        } else {
            for control in &seen.controls {
                self.by_control.entry(control.clone()).or_default().0 += 1;
            }
            for control in &seen.further {
                self.by_control.entry(control.clone()).or_default().1 += 1;
            }
        }
        if self.seen.len() < bounds::LOOKED_BACK_MAX {
            self.seen.push(seen);
        }
    }
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
pub(super) fn begin(past: &replay::Window) -> LookedBack {
    LookedBack {
        flows: 0,
        unread: 0,
        more: past.more,
        reached: None,
        count: 0,
        guarded: 0,
        by_control: BTreeMap::new(),
        seen: Vec::new(),
    }
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
    found.reached = Some(at);
    let made = match assessments::latest(op, flow).await {
        Err(error) if error.is_erased() => {
            found.unread += 1;
            return Ok(());
        }
        made => made?,
    };
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
    let (controls, further) = more(made.as_ref(), &now);
    if !controls.is_empty() || !further.is_empty() {
        let guard = made.iter().fold(Guard::of(&now, None), |guard, made| guard.and(Guard::of(made, None)));
        found.add(Seen { flow, at, controls, further, guard: Some(guard.bits()) });
    }
    Ok(())
}

/// The controls that match now and did not, and those that matched and find more now. What was found is compared by detector,
/// part and value, wherever in the part it stands; nothing of it is kept.
fn more(made: Option<&Assessment>, now: &Assessment) -> (Vec<String>, Vec<String>) {
    let (mut new, mut further) = (BTreeSet::new(), BTreeSet::new());
    for found in &now.matches {
        let earlier: Vec<&ControlMatch> = made
            .iter()
            .flat_map(|made| &made.matches)
            .filter(|earlier| earlier.control == found.control)
            .collect();
        if earlier.is_empty() {
            new.insert(found.control.clone());
            continue;
        }
        let known: HashSet<_> =
            made.iter().flat_map(|made| earlier.iter().flat_map(|earlier| values(made, earlier))).collect();
        let recipients: HashSet<usize> =
            earlier.iter().flat_map(|earlier| earlier.recipients.iter().copied()).collect();
        if values(now, found).any(|value| !known.contains(&value))
            || found.recipients.iter().any(|recipient| !recipients.contains(recipient))
        {
            further.insert(found.control.clone());
        }
    }
    (new.into_iter().collect(), further.into_iter().collect())
}

/// What a match rests on: detector, part, value.
fn values<'a>(
    assessment: &'a Assessment,
    found: &'a ControlMatch,
) -> impl Iterator<Item = (&'a str, &'a str, &'a str)> {
    let findings = found.findings.iter().filter_map(|index| assessment.findings.get(*index));
    findings.map(|finding| (finding.detector.as_str(), finding.part.as_str(), finding.excerpt.as_str()))
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
        .with("seen", found.count)
        .with("more", found.more)
        .with("reached", found.reached.map(Timestamp::rfc3339).unwrap_or_default());
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
