//! A long queue: taken while nobody answers at the next hop, in memory that does not grow with it; started again on it at
//! once; and leaving when the next hop is back. `cargo xtask bench restart` measures the same at any length (F10).

use std::net::SocketAddr;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

use gateway::sink::Sink;

use super::parts::{Processes, configure, connect, init, serve};
use crate::support::message;
use crate::support::ports::free_port;
use crate::support::program::postgres_database;

/// Taken before memory is looked at first: 32 MB, so that SQLite's page caches (16 MB a connection) and pools are full.
const WARM: usize = 800;
/// Messages of the queue.
const QUEUED: usize = 2_400;
/// Bytes of each: what comes after the warm ones would be 64 MB in memory. In fields nobody reads, so that the test is not one of assessment.
const MESSAGE_BYTES: usize = 40_000;
/// What memory may grow by from the first to the last, kB.
const GROWTH_KB: u64 = 40_000;

/// Memory a process has, kB.
fn memory(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn send(smtp: SocketAddr, from: usize, to: usize) {
    let mut session = connect(smtp);
    for number in from..to {
        let field = format!("X-Rempli: {}\r\n", "a".repeat(900));
        let fields = field.repeat(MESSAGE_BYTES / field.len()).into_bytes();
        let raw = [fields, message(&format!("Bonjour, voici le point numero {number}."))].concat();
        let reply = session.send("ada@bank.example", &["r.lemarrec@client.example"], &raw).unwrap();
        assert!(reply.starts_with("250"), "{reply}");
    }
}

fn left(sink: &Path) -> usize {
    let files = std::fs::read_dir(sink).into_iter().flatten().flatten();
    files.filter(|file| file.path().extension().is_some_and(|extension| extension == "eml")).count()
}

fn long_queue(name: &str, database: Option<String>) {
    let directory = std::env::temp_dir().join(format!("cerebro-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let (port, next_hop) = (free_port(), free_port());
    let next_hop: SocketAddr = format!("127.0.0.1:{next_hop}").parse().unwrap();
    let config = configure(&directory, database.as_deref(), port, next_hop);
    let made = init(&config);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let smtp: SocketAddr = format!("127.0.0.1:{port}").parse().unwrap();

    let mut running = Processes(vec![serve(&config, None)]);
    send(smtp, 0, WARM);
    let warm = memory(&running.0[0]);
    send(smtp, WARM, QUEUED);
    let full = memory(&running.0[0]);
    eprintln!("{name}: {warm} kB with {WARM} queued, {full} kB with {QUEUED}");
    assert!(full < warm + GROWTH_KB, "memory grows with the queue: {warm} kB, then {full} kB");

    // Killed: nothing is told, nothing is flushed.
    running.0[0].kill().unwrap();
    running.0[0].wait().unwrap();
    let began = Instant::now();
    running.0[0] = serve(&config, None);
    drop(connect(smtp));
    eprintln!("{name}: ready {:?} after it was started again", began.elapsed());
    send(smtp, QUEUED, QUEUED + 1);
    let again = memory(&running.0[0]);
    assert!(again < warm + GROWTH_KB, "a restart reads the queue: {again} kB");

    let kept = directory.join("sink");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_, _sink) = runtime.block_on(Sink::start(next_hop, Some(&kept))).unwrap();
    let end = Instant::now() + Duration::from_secs(480);
    // Half of it: the rest waits for its own next attempt, minutes away.
    while left(&kept) < QUEUED / 2 {
        assert!(Instant::now() < end, "{} of {} left", left(&kept), QUEUED + 1);
        std::thread::sleep(Duration::from_millis(200));
    }
    let leaving = memory(&running.0[0]);
    eprintln!("{name}: half has left {:?} after the start, {leaving} kB", began.elapsed());
    drop(running);
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn f10_a_long_queue_takes_no_memory_and_no_time_to_start_on() {
    long_queue("long_queue", None);
}

#[test]
fn f10_a_long_queue_takes_no_memory_and_no_time_to_start_on_on_postgresql() {
    match postgres_database("long_queue") {
        Some(database) => long_queue("long_queue_postgres", Some(database)),
        None => eprintln!("skipped: CEREBRO_TEST_POSTGRES is not set"),
    }
}
