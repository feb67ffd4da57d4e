//! A long queue: taken while the next hop is down, then CEREBRO is killed and started again on it, and the next hop comes back.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use serde_json::{Value as Json, json};

use super::cerebro::{Cerebro, free_port};
use super::load::{self, Load};
use super::sink::Sink;
use super::{messages, processes, tell};

/// How long the queue's departure is watched.
const WATCHED: Duration = Duration::from_secs(20);

/// CEREBRO killed and started again with a long queue.
#[derive(Debug, Args)]
pub(crate) struct Restart {
    /// Messages queued.
    #[arg(long, default_value_t = 100_000)]
    messages: u64,
    /// Connections that bring them.
    #[arg(long, default_value_t = 50)]
    connections: usize,
}

/// Runs it; the report.
pub(crate) fn run(command: &Restart) -> anyhow::Result<Json> {
    let next_hop: SocketAddr = format!("127.0.0.1:{}", free_port()?).parse()?;
    let what = messages::of_size("2k", 2_000);
    let subject = Cerebro::start(next_hop, None)?;
    tell(&format!("{} messages while the next hop is down", command.messages));
    let load = Load {
        to: subject.smtp,
        connections: command.connections,
        messages: command.messages,
        rate: None,
        what: &what,
    };
    let taken = load::send(&load)?;
    let full = processes::used(&[subject.pid()]).memory_bytes;
    tell("killed and started again");
    let killed = Instant::now();
    let subject = subject.restart(next_hop)?;
    let started = killed.elapsed();
    std::thread::sleep(Duration::from_secs(3));
    let again = processes::used(&[subject.pid()]).memory_bytes;
    tell("the next hop is back");
    let (sink, back) = (Sink::start_at(next_hop)?, Instant::now());
    let first = sink.wait_for(1, Duration::from_secs(120)).context("nothing leaves")?;
    std::thread::sleep(WATCHED);
    let rate = sink.count() as f64 / first.elapsed().as_secs_f64();
    Ok(json!({
        "bench": "restart",
        "queued": taken.accepted,
        "accepted_per_second": taken.accepted as f64 / taken.elapsed.as_secs_f64(),
        "memory_mb_while_queued": full as f64 / 1e6,
        "kill_to_ready_seconds": started.as_secs_f64(),
        "memory_mb_after_restart": again as f64 / 1e6,
        "next_hop_back_to_first_departure_seconds": (first - back).as_secs_f64(),
        "departures_per_second": rate,
    }))
}
