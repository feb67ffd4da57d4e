//! Messages end to end: the same load, the same messages, the same sink, one subject after the other in one run, round
//! after round. Every subject syncs to disk before its 250 and hands each message on to the sink.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use serde_json::{Value as Json, json};

use super::cerebro::Cerebro;
use super::load::{self, Load, Taken};
use super::messages::{self, Messages};
use super::postfix::Postfix;
use super::processes::{self, Used};
use super::sink::Sink;
use super::tell;

/// Messages through the whole of each subject.
#[derive(Debug, Args)]
pub(crate) struct Mail {
    /// Messages in each measure.
    #[arg(long, default_value_t = 2_000)]
    messages: u64,
    /// Connections at once.
    #[arg(long, value_delimiter = ',', default_value = "20,100")]
    connections: Vec<usize>,
    /// Sizes: 2k, 10k, 100k, or mix (files of the folder `--corpus`).
    #[arg(long, value_delimiter = ',', default_value = "2k,10k,100k")]
    sizes: Vec<String>,
    /// Messages of `mix`.
    #[arg(long, env = "CEREBRO_CORPUS")]
    corpus: Option<PathBuf>,
    /// Rounds; each figure is the median.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Subjects.
    #[arg(long, value_delimiter = ',', default_value = "cerebro,postfix,postfix+rspamd")]
    subjects: Vec<String>,
    /// Also CEREBRO on PostgreSQL: the URL of a database there; another, `cerebro_bench`, is made on the same server.
    #[arg(long)]
    postgres: Option<String>,
}

impl Mail {
    /// What `./dev bench` runs: one size, both loads.
    pub(crate) fn usual() -> Self {
        Self {
            messages: 2_000,
            connections: vec![20, 100],
            sizes: vec!["10k".into()],
            corpus: None,
            rounds: 3,
            subjects: ["cerebro", "postfix", "postfix+rspamd"].map(str::to_owned).to_vec(),
            postgres: None,
        }
    }
}

/// After so long without an arrival, what has not arrived is not awaited.
const STILL: Duration = Duration::from_secs(8);

/// One subject, running.
enum Subject {
    Cerebro(Cerebro),
    Postfix(Postfix),
}

impl Subject {
    fn start(name: &str, sink: &Sink, postgres: Option<&str>) -> anyhow::Result<Self> {
        Ok(match name {
            "cerebro" => Self::Cerebro(Cerebro::start(sink.address, None)?),
            "cerebro on postgresql" => Self::Cerebro(Cerebro::start(sink.address, postgres)?),
            "postfix" => Self::Postfix(Postfix::start(sink.address, false)?),
            "postfix+rspamd" => Self::Postfix(Postfix::start(sink.address, true)?),
            other => anyhow::bail!("no subject {other:?}"),
        })
    }

    fn smtp(&self) -> std::net::SocketAddr {
        match self {
            Self::Cerebro(subject) => subject.smtp,
            Self::Postfix(subject) => subject.smtp,
        }
    }

    fn pids(&self) -> Vec<u32> {
        match self {
            Self::Cerebro(subject) => vec![subject.pid()],
            Self::Postfix(subject) => subject.pids(),
        }
    }

    /// Where the time went so far, by kind of thread.
    fn threads(&self) -> BTreeMap<String, f64> {
        match self {
            Self::Cerebro(subject) => processes::threads(subject.pid()),
            Self::Postfix(_) => BTreeMap::new(),
        }
    }
}

/// One measure.
struct Figures {
    taken: Taken,
    /// Messages that reached the sink; the others were refused, or kept for a person.
    arrived: u64,
    end_to_end: Duration,
    used: Used,
    cpu_seconds: f64,
    threads: BTreeMap<String, f64>,
}

impl Figures {
    fn accepted_per_second(&self) -> f64 {
        self.taken.accepted as f64 / self.taken.elapsed.as_secs_f64()
    }
}

/// Runs it all; the report.
pub(crate) fn run(command: &Mail) -> anyhow::Result<Json> {
    let mut subjects = command.subjects.clone();
    if command.postgres.is_some() {
        subjects.push("cerebro on postgresql".into());
    }
    let mut measures = Vec::new();
    for size in &command.sizes {
        let what = messages_of(size, command)?;
        for connections in &command.connections {
            let measure = compare(command, &subjects, &what, *connections)?;
            tell(&measure.to_string());
            measures.push(measure);
        }
    }
    Ok(json!({
        "bench": "mail",
        "machine": machine(),
        "fsync": "before every 250, every subject",
        "messages": command.messages,
        "rounds": command.rounds,
        "measures": measures,
    }))
}

fn messages_of(size: &str, command: &Mail) -> anyhow::Result<Messages> {
    match size {
        "2k" => Ok(messages::of_size(size, 2_000)),
        "10k" => Ok(messages::of_size(size, 10_000)),
        "100k" => Ok(messages::of_size(size, 100_000)),
        "mix" => {
            let corpus = command.corpus.as_deref().context("mix needs --corpus or CEREBRO_CORPUS")?;
            messages::of_folder(size, &corpus.join("emails"), 1_000)
        }
        other => anyhow::bail!("no size {other:?}"),
    }
}

fn compare(command: &Mail, subjects: &[String], what: &Messages, connections: usize) -> anyhow::Result<Json> {
    let mut all: Vec<(String, Vec<Figures>)> =
        subjects.iter().map(|name| (name.clone(), Vec::new())).collect();
    for round in 1..=command.rounds {
        for (name, figures) in &mut all {
            tell(&format!("{}, {connections} connections, round {round}: {name}", what.name));
            figures.push(measure(command, name, what, connections, None)?);
        }
    }
    let half = half_of_the_slowest(&all);
    let mut under_half_load = serde_json::Map::new();
    for name in subjects {
        tell(&format!("{}, {connections} connections, {half:.0} messages/s: {name}", what.name));
        let taken = measure(command, name, what, connections, Some(half))?.taken;
        let waits = json!({
            "dot_to_250_ms_p50": rounded(taken.quantile(0.5)),
            "dot_to_250_ms_p99": rounded(taken.quantile(0.99)),
        });
        under_half_load.insert(name.clone(), waits);
    }
    let report: serde_json::Map<String, Json> =
        all.iter().map(|(name, figures)| (name.clone(), summary(command, figures))).collect();
    let rate = |name: &str| report.get(name).and_then(|one| one["end_to_end_per_second"].as_f64());
    let ratio = |peer: &str| Some(rounded(rate("cerebro")? / rate(peer)?));
    Ok(json!({
        "size": what.name,
        "connections": connections,
        "subjects": report,
        "half_load": { "messages_per_second": rounded(half), "subjects": under_half_load },
        "cerebro_to_postfix": ratio("postfix"),
        "cerebro_to_postfix_with_rspamd": ratio("postfix+rspamd"),
    }))
}

/// A rate that leaves every subject half idle, the same for all: waits at rest, not waits in a queue.
fn half_of_the_slowest(all: &[(String, Vec<Figures>)]) -> f64 {
    let rates = all.iter().flat_map(|(_, figures)| figures).map(Figures::accepted_per_second);
    rates.fold(f64::INFINITY, f64::min) / 2.0
}

fn measure(
    command: &Mail,
    name: &str,
    what: &Messages,
    connections: usize,
    rate: Option<f64>,
) -> anyhow::Result<Figures> {
    let sink = Sink::start()?;
    let subject = Subject::start(name, &sink, command.postgres.as_deref())?;
    let load = |messages, rate| Load { to: subject.smtp(), connections, messages, rate, what };
    let warm = load::send(&load(command.messages / 10 + connections as u64, None))?;
    if sink.wait_until_still(warm.accepted, STILL).count == 0 {
        anyhow::bail!("{name}: nothing arrives");
    }
    let (before, threads) = (processes::used(&subject.pids()), subject.threads());
    let (already, start) = (sink.count(), Instant::now());
    let taken = load::send(&load(command.messages, rate))?;
    let arrived = sink.wait_until_still(already + taken.accepted, STILL);
    let used = processes::used(&subject.pids());
    Ok(Figures {
        arrived: arrived.count - already,
        end_to_end: arrived.last - start,
        cpu_seconds: used.cpu_seconds - before.cpu_seconds,
        used,
        threads: since(subject.threads(), &threads),
        taken,
    })
}

/// What each kind of thread used between two looks.
fn since(now: BTreeMap<String, f64>, before: &BTreeMap<String, f64>) -> BTreeMap<String, f64> {
    let used = |name: &str, seconds: f64| seconds - before.get(name).copied().unwrap_or(0.0);
    now.into_iter().map(|(name, seconds)| (name.clone(), rounded(used(&name, seconds)))).collect()
}

fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn summary(command: &Mail, figures: &[Figures]) -> Json {
    let median = |of: &dyn Fn(&Figures) -> f64| {
        let mut values: Vec<f64> = figures.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        let value = values.get(values.len() / 2).copied().unwrap_or(0.0);
        rounded(value)
    };
    let messages = command.messages as f64;
    json!({
        "accepted_per_second": median(&Figures::accepted_per_second),
        "end_to_end_per_second": median(&|f| f.arrived as f64 / f.end_to_end.as_secs_f64()),
        "arrived": median(&|f| f.arrived as f64),
        "refused": median(&|f| f.taken.refused as f64),
        "dot_to_250_ms_p50": median(&|f| f.taken.quantile(0.5)),
        "dot_to_250_ms_p99": median(&|f| f.taken.quantile(0.99)),
        "cpu_ms_per_message": median(&|f| f.cpu_seconds * 1000.0 / messages),
        "memory_mb": median(&|f| f.used.memory_bytes as f64 / 1e6),
        "cpu_seconds_by_thread": figures.last().map(|f| &f.threads).filter(|threads| !threads.is_empty()),
    })
}

fn machine() -> Json {
    let info = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("");
    json!({
        "processor": model.trim_start_matches(['\t', ' ', ':']),
        "cores": std::thread::available_parallelism().map_or(0, usize::from),
    })
}
