//! The heart: facts and a control set in, an assessment out. No clock, no randomness, no I/O, no early stop.

use vocabulary::bounds;

use crate::condition::{Budget, EvaluationError, Value};
use crate::control::Control;
use crate::detect::{self, CONTROL_ERROR, DETECTORS, Kept};
use crate::gather::{self, Gathered};
use crate::recipients::{self, Standing};
use crate::values;
use crate::{Assessment, ControlMatch, ControlSet, Facts, Finding, Mode, Stage, Verdict, Watch};

/// The engine's version, in every assessment. Changes with anything that can change an outcome.
pub const ENGINE: &str = concat!(
    "cerebro ",
    env!("CARGO_PKG_VERSION"),
    " detectors 6 lexicons 2 topics 2 semantic 2 conditions 9 places 2"
);

/// Assesses one message: what is found, which controls match for whom, and what follows for each recipient.
#[must_use]
pub fn assess(facts: &Facts<'_>, set: &ControlSet) -> Assessment {
    assess_watched(facts, set, &mut |_| {})
}

/// As [`assess`]; `watch` is told as each part of the work ends.
#[must_use]
pub fn assess_watched(facts: &Facts<'_>, set: &ControlSet, watch: Watch<'_>) -> Assessment {
    let mut assessment = Assessment::empty(set);
    assessment.versions.lists = facts.organisation.digest().to_owned();
    assessment.versions.facts = facts.digest();
    watch(Stage::Digest);
    let gathered = gather::gather(facts, set.models(), watch);
    let standings = recipients::standings(facts, &gathered.addresses, &gathered.clients);
    watch(Stage::Recipients);
    let outcomes = evaluate(facts, set, &gathered, &standings);
    watch(Stage::Controls);
    assessment.scores = values::scores(&gathered);
    assessment.incomplete = gathered.incomplete;
    assessment.dropped_findings = gathered.dropped;
    assessment.unscored_sentences = u64::try_from(gathered.topics.unscored()).unwrap_or(u64::MAX);
    assessment.findings = kept(gathered.findings, set, &outcomes);

    for (control, outcome) in set.controls().zip(outcomes) {
        record(&mut assessment, set, control, outcome);
    }
    if !Standing::are_plain(&standings) {
        assessment.standings = standings;
    }
    conclude(&mut assessment, facts.recipients.len());
    watch(Stage::Verdict);
    assessment
}

/// The findings that say something by themselves, and those that a control that matched asks about.
fn kept(mut findings: Vec<Finding>, set: &ControlSet, outcomes: &[Outcome]) -> Vec<Finding> {
    let matched = set.controls().zip(outcomes).filter(|(_, outcome)| outcome.has_matched());
    let mut keeps: Vec<bool> = DETECTORS.iter().map(|known| known.kept == Kept::Always).collect();
    for index in matched.flat_map(|(control, _)| control.condition.detectors()) {
        keeps.get_mut(index).into_iter().for_each(|keep| *keep = true);
    }
    findings.retain(|finding| {
        detect::detector_index(&finding.detector).and_then(|index| keeps.get(index)).is_none_or(|keep| *keep)
    });
    findings
}

/// For whom a control's condition held, and for whom it had no answer.
#[derive(Default)]
struct Outcome {
    matched: Vec<usize>,
    failed: Vec<usize>,
    error: Option<EvaluationError>,
    /// A condition that asks about no recipient, on a message without recipient.
    matched_nobody: bool,
}

impl Outcome {
    const fn has_matched(&self) -> bool {
        !self.matched.is_empty() || self.matched_nobody
    }
}

fn evaluate(
    facts: &Facts<'_>,
    set: &ControlSet,
    gathered: &Gathered,
    standings: &[Standing],
) -> Vec<Outcome> {
    let mut values = values::of_message(facts, gathered, standings, set);
    let mut left = bounds::ASSESSMENT_STEPS_MAX;
    set.controls()
        .map(|control| {
            if control.condition.is_per_recipient() {
                per_recipient(facts, standings, control, &mut values, &mut left)
            } else {
                for_all(facts, control, &values, &mut left)
            }
        })
        .collect()
}

fn for_all(facts: &Facts<'_>, control: &Control, values: &[Value], left: &mut u64) -> Outcome {
    let everyone = || (0..facts.recipients.len()).collect();
    match ask(control, values, left) {
        Ok(true) => Outcome { matched: everyone(), matched_nobody: true, ..Outcome::default() },
        Ok(false) => Outcome::default(),
        Err(error) => Outcome { failed: everyone(), error: Some(error), ..Outcome::default() },
    }
}

/// Recipients that give the same values get the same answer, which is worked out once.
fn per_recipient(
    facts: &Facts<'_>,
    standings: &[Standing],
    control: &Control,
    values: &mut [Value],
    left: &mut u64,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut known: Vec<(Vec<Value>, Result<bool, EvaluationError>)> = Vec::new();
    for (index, (recipient, standing)) in facts.recipients.iter().zip(standings).enumerate() {
        values::set_recipient(values, recipient, standing, &control.condition);
        let asked = values::asked_of_recipient(values, &control.condition);
        let answer = match known.iter().find(|(same, _)| *same == asked) {
            Some((_, answer)) => *answer,
            None => {
                let answer = ask(control, values, left);
                if known.len() < KNOWN_MAX {
                    known.push((asked, answer));
                }
                answer
            }
        };
        match answer {
            Ok(true) => outcome.matched.push(index),
            Ok(false) => {}
            Err(error) => {
                outcome.failed.push(index);
                outcome.error = Some(error);
            }
        }
    }
    outcome
}

/// Distinct answers remembered per control: `external` and `first_contact` have four.
const KNOWN_MAX: usize = 16;

fn ask(control: &Control, values: &[Value], left: &mut u64) -> Result<bool, EvaluationError> {
    let allowed = bounds::CONDITION_STEPS_MAX.min(*left);
    let mut budget = Budget::of(allowed);
    let answer = control.condition.holds(values, &mut budget);
    *left -= allowed - budget.left();
    answer
}

/// Adds the control's matches: one for those it concerns, one for those it could not answer about.
fn record(assessment: &mut Assessment, set: &ControlSet, control: &Control, outcome: Outcome) {
    let mode = mode(assessment, set, control);
    if outcome.has_matched() {
        let findings = findings_for(assessment, control);
        assessment.matches.push(matched(control, mode, control.verdict, findings, outcome.matched, None));
    }
    if let Some(error) = outcome.error {
        // Invariant 15: a control that errors is a finding, and holds.
        assessment.findings.push(Finding {
            detector: CONTROL_ERROR.to_owned(),
            part: "message".to_owned(),
            start: 0,
            end: 0,
            region: None,
            place: None,
            certainty: 100,
            excerpt: String::new(),
            term: String::new(),
            controls: vec![control.id.clone()],
        });
        let findings = vec![assessment.findings.len() - 1];
        let error = Some(error.to_string());
        assessment.matches.push(matched(control, mode, Verdict::Hold, findings, outcome.failed, error));
    }
}

/// Whether a control's verdict counts for this message: what a model says counts only as far as its calibration was signed.
fn mode(assessment: &Assessment, set: &ControlSet, control: &Control) -> Mode {
    let measures = control.condition.measures();
    let allowed = || set.calibrations().allow(measures, &assessment.scores, &assessment.versions);
    if control.mode == Mode::Observe || measures.is_empty() || allowed() {
        control.mode
    } else {
        Mode::Observe
    }
}

fn findings_for(assessment: &mut Assessment, control: &Control) -> Vec<usize> {
    let asked: Vec<&str> =
        control.condition.detectors().iter().filter_map(|index| Some(DETECTORS.get(*index)?.name)).collect();
    let mut indices = Vec::new();
    for (index, finding) in assessment.findings.iter_mut().enumerate() {
        if asked.contains(&finding.detector.as_str()) {
            finding.controls.push(control.id.clone());
            indices.push(index);
        }
    }
    indices
}

fn matched(
    control: &Control,
    mode: Mode,
    verdict: Verdict,
    findings: Vec<usize>,
    recipients: Vec<usize>,
    error: Option<String>,
) -> ControlMatch {
    ControlMatch {
        control: control.id.clone(),
        version: control.version,
        mode,
        verdict,
        severity: control.severity,
        hold_class: control.hold_class.clone(),
        findings,
        recipients,
        error,
        measures: control.condition.measures().to_vec(),
        uncalibrated: mode != control.mode,
    }
}

/// The gravest enforced verdict for each recipient, and over all of them.
fn conclude(assessment: &mut Assessment, recipients: usize) {
    let mut verdicts = vec![Verdict::Pass; recipients];
    let mut gravest = Verdict::Pass;
    for found in assessment.matches.iter().filter(|found| found.mode == Mode::Enforce) {
        gravest = gravest.max(found.verdict);
        for index in &found.recipients {
            if let Some(verdict) = verdicts.get_mut(*index) {
                *verdict = (*verdict).max(found.verdict);
            }
        }
    }
    assessment.recipients = verdicts;
    assessment.verdict = gravest;
}
