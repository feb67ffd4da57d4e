//! False alarms: what the shipped controls say of real mail that nobody meant to stop.
//!
//! The corpus holds ordinary mail: whatever an enforced control holds in it is a false alarm, or a message that
//! really has what the control looks for. Both are listed by name, so that each can be explained. No content is
//! printed: findings are named by detector, part and code.
#![expect(clippy::print_stdout, reason = "it prints a report")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use compliance::calibration::{Measure, Observations};
use compliance::detect::SEMANTIC;
use compliance::semantic::{Exemplars, Models, SecondReader};
use compliance::{Assessment, AttachmentOutcome, ControlSet, Finding, Mode, Verdict};
use vocabulary::Timestamp;

use crate::{corpus, labelled};

/// Folders looked at when none is named.
const FOLDERS: &[&str] = &["emails", "bounces", "mime"];
/// Detectors whose excerpt is a code, not content.
const CODED: &[&str] = &[
    compliance::detect::UNREADABLE_ATTACHMENT,
    compliance::detect::UNREADABLE_MESSAGE,
    compliance::detect::AMBIGUOUS_MESSAGE,
];

/// Per control: messages it matched.
#[derive(Default)]
struct Count {
    matched: usize,
    enforced: bool,
}

/// See the module.
#[derive(Debug, Args)]
pub(crate) struct Alarms {
    /// Folders of the corpus; emails, bounces and mime when none is named.
    folders: Vec<String>,
    /// What topics and the encoder (`CEREBRO_MODELS`) score, in place of what controls say: messages that reach each threshold.
    #[arg(long)]
    scores: bool,
}

/// Prints the report.
pub(crate) fn run(command: &Alarms) -> anyhow::Result<()> {
    let named: Vec<&str> = command.folders.iter().map(String::as_str).collect();
    if command.scores {
        return scores(if named.is_empty() { FOLDERS.get(..1).unwrap_or_default() } else { &named });
    }
    let set = ControlSet::shipped();
    for folder in if named.is_empty() { FOLDERS } else { &named } {
        report(&set, folder)?;
    }
    Ok(())
}

fn report(set: &ControlSet, folder: &str) -> anyhow::Result<()> {
    let mut counts: BTreeMap<String, Count> = BTreeMap::new();
    let mut detectors: BTreeMap<String, usize> = BTreeMap::new();
    let (mut all, mut held) = (0_usize, Vec::new());
    for (name, raw) in corpus::messages(folder)? {
        let assessment = compliance::assess(&corpus::read(&raw).facts(Timestamp::default()), set);
        all += 1;
        let mut found: Vec<&str> =
            assessment.findings.iter().map(|finding| finding.detector.as_str()).collect();
        found.sort_unstable();
        found.dedup();
        for detector in found {
            *detectors.entry(detector.to_owned()).or_default() += 1;
        }
        for matched in &assessment.matches {
            let count = counts.entry(matched.control.clone()).or_default();
            count.matched += 1;
            count.enforced = matched.mode == Mode::Enforce;
        }
        if assessment.verdict != Verdict::Pass {
            held.push(format!("  {name}: {}", why(&assessment)));
        }
    }
    println!("{folder}: {} of {all} held ({})", held.len(), share(held.len(), all));
    for (control, count) in counts {
        let mode = if count.enforced { "enforce" } else { "observe" };
        println!("  {control:14} {mode} {:5} {}", count.matched, share(count.matched, all));
    }
    println!("  findings, by messages that have one: {detectors:?}");
    held.iter().for_each(|line| println!("{line}"));
    Ok(())
}

/// Ordinary messages that reach each threshold of each score, and the kinds that the encoder finds in them.
fn scores(folders: &[&str]) -> anyhow::Result<()> {
    let encoder = labelled::encoder()?.context("there is no encoder: set CEREBRO_MODELS")?;
    let models = Models::new(Arc::new(encoder), Exemplars::default())?;
    let set = ControlSet::shipped().with_models(models);
    let mut seen: BTreeMap<Measure, Observations> = BTreeMap::new();
    let (mut all, mut kinds) = (0_usize, BTreeMap::<String, usize>::new());
    for folder in folders {
        for (_, raw) in corpus::messages(folder)? {
            let assessment = compliance::assess(&corpus::read(&raw).facts(Timestamp::default()), &set);
            all += 1;
            for measure in Measure::all() {
                let score = assessment.scores.get(&measure).copied().unwrap_or(0);
                seen.entry(measure).or_default().add(score, None);
            }
            let found = assessment.findings.iter().filter(|finding| finding.detector == SEMANTIC);
            let found: BTreeSet<&str> = found.filter_map(|finding| finding.term.split(' ').next()).collect();
            found.into_iter().for_each(|kind| *kinds.entry(kind.to_owned()).or_default() += 1);
        }
    }
    println!("{all} messages; those that reach 500, 600, 700, 800, 900, 950:");
    for (measure, seen) in seen {
        let curve = seen.curve(1);
        let reached = [500, 600, 700, 800, 900, 950].map(|from| curve.at(from).map_or(0, |at| at.above.seen));
        println!("  {measure:30} {reached:?}");
    }
    println!("  kinds the encoder finds, by messages: {kinds:?}");
    second(folders)
}

/// Of every so many ordinary messages one is read again, as if it waited.
const READ_AGAIN_EVERY: usize = 10;

/// Ordinary messages in which the second encoder would find something, if they waited.
fn second(folders: &[&str]) -> anyhow::Result<()> {
    let Some(second) = labelled::second()? else { return Ok(()) };
    let reader = SecondReader::new(Arc::new(second))?;
    let (mut all, mut more, mut sentences, mut highest) = (0_usize, 0_usize, 0_usize, Vec::new());
    for folder in folders {
        for (_, raw) in corpus::messages(folder)?.iter().step_by(READ_AGAIN_EVERY) {
            let unsent = corpus::read(raw);
            let facts = unsent.facts(Timestamp::default());
            let files = facts.attachments.iter().filter_map(|file| match &file.outcome {
                AttachmentOutcome::Text(text) => Some((file.part.as_str(), text.as_str())),
                _ => None,
            });
            let reading = reader.read(facts.message, &files.collect::<Vec<_>>(), facts.organisation);
            all += 1;
            more += usize::from(reading.more);
            sentences += reading.sentences;
            highest.push(reading.highest);
        }
    }
    let reached = [600, 700, 800, 900].map(|from| highest.iter().filter(|highest| **highest >= from).count());
    println!(
        "{all} messages read by the second encoder, {sentences} sentences, {more} with more than it reads; those that reach 600, 700, 800, 900: {reached:?}"
    );
    Ok(())
}

/// The enforced controls and the kinds of what they found.
fn why(assessment: &Assessment) -> String {
    let enforced = assessment.matches.iter().filter(|found| found.mode == Mode::Enforce);
    let reasons = enforced.map(|found| {
        let findings = found.findings.iter().filter_map(|index| assessment.findings.get(*index));
        let mut kinds: Vec<String> = findings.map(kind).collect();
        kinds.sort();
        kinds.dedup();
        format!("{} [{}]", found.control, kinds.join(", "))
    });
    reasons.collect::<Vec<_>>().join(" ")
}

fn kind(finding: &Finding) -> String {
    let code = if CODED.contains(&finding.detector.as_str()) { &finding.excerpt } else { "" };
    format!("{} {code}", finding.detector).trim_end().to_owned()
}

fn share(part: usize, all: usize) -> String {
    let thousandths = (part * 100_000).checked_div(all).unwrap_or(0);
    format!("{}.{:03} %", thousandths / 1_000, thousandths % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ordinary mail passes: at most 0.5 % may be held by the shipped set as it is enforced.
    #[test]
    fn ordinary_mail_is_not_held() {
        if corpus::root().is_err() {
            eprintln!("skipped: there is no corpus (set CEREBRO_CORPUS)");
            return;
        }
        let set = ControlSet::shipped();
        let mut held = Vec::new();
        let messages = corpus::messages("emails").unwrap();
        for (name, raw) in &messages {
            let assessment = compliance::assess(&corpus::read(raw).facts(Timestamp::default()), &set);
            if assessment.verdict != Verdict::Pass {
                held.push(format!("{name}: {}", why(&assessment)));
            }
        }
        assert!(messages.len() > 1_600, "the corpus is smaller than expected");
        assert!(held.len() * 1_000 <= messages.len() * 5, "{held:#?}");
    }
}
