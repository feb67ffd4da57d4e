//! Makes the topics model from the labelled sentences: the same bytes each time, on any machine.
//!
//! One-against-the-rest logistic regression in additions, multiplications, divisions and square roots of IEEE 754 alone, in
//! a fixed order; then the weightiest buckets, in eight bits. What scores mean is settled on sentences held out by file,
//! never at random: French rows mirror English ones, and senders recur.
#![expect(clippy::print_stdout, reason = "it prints a report")]

pub(crate) mod examples;
pub(crate) mod head;
pub(crate) mod learn;

use std::path::Path;

use anyhow::{Context, bail, ensure};
use clap::Args;
use compliance::topics::{CLASSES, KNOTS, Model};

use crate::labelled;
use examples::Example;

/// The largest model committed, bytes.
const SIZE_MAX: usize = 600 * 1024;

/// See the module.
#[derive(Debug, Args)]
pub(crate) struct Train {
    /// Only compare with the committed model.
    #[arg(long)]
    check: bool,
}

/// Trains, and writes or compares.
pub(crate) fn run(command: &Train) -> anyhow::Result<()> {
    let texts = labelled::all()?;
    let examples = examples::of(&texts);
    let model = calibrated(&examples, learn::learn(&examples.iter().collect::<Vec<_>>())?)?;
    let bytes = model.to_bytes();
    ensure!(bytes.len() <= SIZE_MAX, "the model has {} bytes", bytes.len());
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/compliance/models/topics.bin");
    println!("{} sentences, {} bytes", examples.len(), bytes.len());
    if command.check {
        let committed = std::fs::read(&path).with_context(|| path.display().to_string())?;
        if committed != bytes {
            bail!("{} is not what training gives: run cargo xtask train", path.display());
        }
        return Ok(());
    }
    std::fs::write(&path, bytes).with_context(|| path.display().to_string())
}

/// The model of everything but one file, with its knots.
pub(crate) fn without(examples: &[Example], file: usize) -> anyhow::Result<Model> {
    let rest: Vec<&Example> = examples.iter().filter(|example| example.file != file).collect();
    let knots = knots_of(&held_out(&rest)?);
    Ok(learn::learn(&rest)?.with_knots(knots)?)
}

fn calibrated(examples: &[Example], learnt: learn::Learnt) -> anyhow::Result<Model> {
    let all: Vec<&Example> = examples.iter().collect();
    Ok(learnt.with_knots(knots_of(&held_out(&all)?))?)
}

/// The margins of ordinary sentences by models that never saw their file.
fn held_out(examples: &[&Example]) -> anyhow::Result<Vec<[i32; CLASSES.len()]>> {
    let mut margins = Vec::new();
    for file in 0..labelled::FILES.len() {
        let (held, rest): (Vec<&Example>, Vec<&Example>) =
            examples.iter().copied().partition(|example| example.file == file);
        if held.is_empty() || rest.is_empty() {
            continue;
        }
        let model = learn::learn(&rest)?.with_knots([[0; KNOTS.len()]; CLASSES.len()])?;
        let ordinary = held.iter().filter(|example| example.is_ordinary());
        margins.extend(ordinary.map(|example| model.margins(&example.buckets)));
    }
    Ok(margins)
}

/// The margins that the share of each knot reaches; each above the one before.
fn knots_of(margins: &[[i32; CLASSES.len()]]) -> [[i32; KNOTS.len()]; CLASSES.len()] {
    let mut knots = [[0; KNOTS.len()]; CLASSES.len()];
    for (class, knots) in knots.iter_mut().enumerate() {
        let mut sorted: Vec<i32> = margins.iter().filter_map(|margins| margins.get(class).copied()).collect();
        sorted.sort_unstable_by_key(|margin| std::cmp::Reverse(*margin));
        let mut last = i32::MIN;
        for (knot, (share, _)) in knots.iter_mut().zip(KNOTS) {
            let place = sorted.len() * share as usize / 100_000;
            *knot = sorted.get(place).copied().unwrap_or(i32::MAX / 2).max(last.saturating_add(1));
            last = *knot;
        }
    }
    knots
}
