//! What an assessment costs, stage by stage, and how that grows with the size of a mail.
//!
//! Text mails of the corpus, by size, and one mail of 25 MB with twenty files. Each is read and assessed again and again
//! on one core; a stage's time is what passes between its end and the end of the one before. Files are extracted in this
//! process: in service the confined child adds what a pipe and a process cost.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::ensure;
use clap::Args;
use compliance::{AttachmentOutcome, ControlSet, Stage, Unsent};
use mail::Message;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use vocabulary::Timestamp;

use super::{heavy, tell};
use crate::corpus;

/// Classes of size, bytes of text: from, to.
const CLASSES: [(usize, usize); 5] =
    [(0, 1_000), (1_000, 4_000), (4_000, 16_000), (16_000, 64_000), (64_000, 1_000_000)];
/// Mails of one class, spread over it.
const MAILS_MAX: usize = 120;

/// Prints what one assessment costs, stage by stage.
#[derive(Debug, Args)]
pub(crate) struct Assess {
    /// How often each mail is assessed; its time is the least of them.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// One size class alone, over and over, for a profiler: its number, from 0.
    #[arg(long)]
    profile: Option<usize>,
    /// Instead, a digest of all that is concluded of the corpus: two builds that conclude the same print the same.
    #[arg(long)]
    digest: bool,
}

/// Time by stage.
#[derive(Clone, Default)]
struct Cost {
    stages: BTreeMap<&'static str, Duration>,
}

impl Cost {
    fn whole(&self) -> Duration {
        self.stages.values().sum()
    }

    /// Without reading: what `compliance::assess` takes.
    fn assessing(&self) -> Duration {
        self.stages.iter().filter(|(stage, _)| !READING.contains(stage)).map(|(_, time)| *time).sum()
    }
}

const READING: [&str; 2] = ["mime", "extraction"];

pub(crate) fn run(command: &Assess) -> anyhow::Result<Json> {
    let set = ControlSet::shipped();
    if command.digest {
        return digest(&set);
    }
    let mut classes: Vec<Vec<Vec<u8>>> = vec![Vec::new(); CLASSES.len()];
    for (_, raw) in corpus::messages("emails")? {
        let message = mail::parse(&raw);
        if message.all_attachments().is_empty()
            && let Some(class) =
                CLASSES.iter().position(|(from, to)| (*from..*to).contains(&text_bytes(&message)))
            && let Some(class) = classes.get_mut(class)
        {
            class.push(raw);
        }
    }
    if let Some(class) = command.profile {
        return profile(&set, classes.get(class).map_or(&[], Vec::as_slice));
    }
    let mut table = Vec::new();
    for (mails, (from, to)) in classes.iter().zip(CLASSES) {
        let step = mails.len().div_ceil(MAILS_MAX).max(1);
        let mails: Vec<&Vec<u8>> = mails.iter().step_by(step).collect();
        tell(&format!("{} mails of {from} to {to} bytes of text", mails.len()));
        let mut costs = Vec::with_capacity(mails.len());
        for raw in mails {
            costs.push((text_bytes(&mail::parse(raw)), least(&set, raw, command.rounds)));
        }
        table.push(row(&format!("text, {from} to {to}"), &costs)?);
    }
    tell("one mail of 25 MB with twenty files");
    let heavy = heavy::mail()?;
    ensure!(heavy.len() > 24 * 1024 * 1024, "the heavy mail has {} bytes", heavy.len());
    let bytes = all_bytes(&read(&heavy, &mut Cost::default()));
    table.push(row("25 MB, twenty files", &[(bytes, least(&set, &heavy, 3))])?);
    Ok(
        json!({ "what": "assess", "unit": "microseconds, one core, the median mail of each class", "classes": table }),
    )
}

/// The median cost of each stage, of the whole, and the whole for each kilobyte of text.
fn row(name: &str, costs: &[(usize, Cost)]) -> anyhow::Result<Json> {
    ensure!(!costs.is_empty(), "no mail of the class {name}");
    let mut stages = serde_json::Map::new();
    for stage in ["mime", "extraction"].into_iter().chain(Stage::ALL.iter().map(|stage| stage.word())) {
        let of = |cost: &Cost| cost.stages.get(stage).copied().unwrap_or_default();
        stages.insert(stage.to_owned(), micros(median(costs.iter().map(|(_, cost)| of(cost)).collect())));
    }
    let bytes = median(costs.iter().map(|(bytes, _)| *bytes).collect());
    let assessing = median(costs.iter().map(|(_, cost)| cost.assessing()).collect());
    let mut tail: Vec<Duration> = costs.iter().map(|(_, cost)| cost.whole()).collect();
    tail.sort_unstable();
    Ok(json!({
        "mails": name,
        "count": costs.len(),
        "text_bytes": bytes,
        "stages": stages,
        "assess": micros(assessing),
        "whole": micros(median(costs.iter().map(|(_, cost)| cost.whole()).collect())),
        "whole_p95": micros(tail.get(tail.len() * 95 / 100).copied().unwrap_or_default()),
        "assess_per_kb": (assessing.as_secs_f64() * 1e9 / bytes.max(1) as f64).round() / 1e3 * 1.024,
    }))
}

fn micros(time: Duration) -> Json {
    json!((time.as_secs_f64() * 1e7).round() / 10.0)
}

fn median<T: Ord + Copy + Default>(mut values: Vec<T>) -> T {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The cheapest of some rounds: what is left when nothing else runs.
fn least(set: &ControlSet, raw: &[u8], rounds: usize) -> Cost {
    let rounds = (0..rounds.max(1)).map(|_| once(set, raw));
    rounds.min_by_key(Cost::whole).unwrap_or_default()
}

fn once(set: &ControlSet, raw: &[u8]) -> Cost {
    let mut cost = Cost::default();
    let unsent = read(raw, &mut cost);
    let mut last = Instant::now();
    let mut ended = |stage: Stage| {
        let now = Instant::now();
        *cost.stages.entry(stage.word()).or_default() += now - last;
        last = now;
    };
    let assessment = compliance::assess_watched(&unsent.facts(Timestamp::default()), set, &mut ended);
    std::hint::black_box(assessment);
    cost
}

fn read(raw: &[u8], cost: &mut Cost) -> Unsent {
    let start = Instant::now();
    let message = mail::parse(raw);
    let parsed = Instant::now();
    let unsent = corpus::unsent(message);
    cost.stages.insert("mime", parsed - start);
    cost.stages.insert("extraction", parsed.elapsed());
    unsent
}

fn text_bytes(message: &Message) -> usize {
    message.all_texts().iter().map(|text| text.text.len()).sum()
}

fn all_bytes(unsent: &Unsent) -> usize {
    let facts = unsent.facts(Timestamp::default());
    let of_files = facts.attachments.iter().map(|file| match &file.outcome {
        AttachmentOutcome::Text(text) => text.len(),
        AttachmentOutcome::Nothing | AttachmentOutcome::Unreadable(_) => 0,
    });
    text_bytes(facts.message) + of_files.sum::<usize>()
}

fn digest(set: &ControlSet) -> anyhow::Result<Json> {
    let (mut hash, mut messages) = (Sha256::new(), 0_u32);
    for folder in ["emails", "mime", "bounces"] {
        for (_, raw) in corpus::messages(folder)? {
            let unsent = corpus::unsent(mail::parse(&raw));
            let facts = unsent.facts(Timestamp::default());
            hash.update(serde_json::to_vec(&compliance::assess(&facts, set))?);
            for text in facts.message.all_texts() {
                hash.update(format!("{:?}", text.regions));
            }
            messages += 1;
        }
    }
    Ok(json!({ "messages": messages, "sha256": hex(&hash.finalize()) }))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Assesses for some seconds and says how fast; what a profiler looks at.
fn profile(set: &ControlSet, mails: &[Vec<u8>]) -> anyhow::Result<Json> {
    ensure!(!mails.is_empty(), "no mail of that class");
    let read: Vec<Unsent> = mails.iter().map(|raw| corpus::unsent(mail::parse(raw))).collect();
    let start = Instant::now();
    let mut done = 0_u32;
    while start.elapsed() < Duration::from_secs(10) {
        for unsent in &read {
            std::hint::black_box(compliance::assess(&unsent.facts(Timestamp::default()), set));
            done += 1;
        }
    }
    let mean = start.elapsed().as_secs_f64() * 1e6 / f64::from(done);
    let mut said = String::new();
    write!(said, "{mean:.1} µs")?;
    Ok(json!({ "mails": mails.len(), "assessed": done, "mean": said }))
}
