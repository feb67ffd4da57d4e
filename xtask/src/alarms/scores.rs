//! What topics and the encoders say of ordinary mail: the ground on which thresholds are chosen.
#![expect(clippy::print_stdout, reason = "it prints a report")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::Context;
use compliance::calibration::{Measure, Observations};
use compliance::detect::SEMANTIC;
use compliance::semantic::{Exemplars, Models, SecondReader};
use compliance::{AttachmentOutcome, ControlSet};
use vocabulary::Timestamp;

use crate::{corpus, labelled};

/// Ordinary messages that reach each threshold of each score, and the kinds that the encoder finds in them.
pub(super) fn scores(folders: &[&str]) -> anyhow::Result<()> {
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
