//! A long queue: taken while nobody answers at the next hop, in memory that does not grow with it; started again on it with
//! no more work than on a short one; and leaving when the next hop is back. `cargo xtask bench restart` measures the same at any length (F10).

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Child;
use std::thread;
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
/// Bytes of each: what comes after the warm ones would be 64 MB in memory. In fields of servers, which no assessment reads: the test is one of queues.
const MESSAGE_BYTES: usize = 40_000;
/// Clients that bring them.
const CLIENTS: usize = 8;
/// What memory may grow by from the first to the last, kB.
const GROWTH_KB: u64 = 40_000;

/// Memory a process has, kB.
fn memory(child: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// What a process has done since it was started. Counted, not timed: a busy machine changes neither.
#[derive(Debug)]
struct Work {
    /// Bytes read from files.
    read: u64,
    /// Processor time.
    processor: Duration,
}

fn work(child: &Child) -> Work {
    let of = |file: &str| std::fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap();
    let io = of("io");
    let read = io.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap().parse().unwrap();
    let stat = of("stat");
    // Behind the name, which may hold blanks: the 14th and 15th field, in hundredths of a second (proc_pid_stat(5)).
    let (_, fields) = stat.rsplit_once(')').unwrap();
    let ticks: u64 =
        fields.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum();
    Work { read, processor: Duration::from_millis(ticks * 10) }
}

/// Killed, so that nothing is told and nothing flushed, and started again: what it did until it was ready. Its next hop takes
/// connections and says nothing: what the relay has in hand is then bounded, and fewer than wait in either queue.
fn restart(running: &mut Processes, config: &Path, smtp: SocketAddr, next_hop: SocketAddr) -> Work {
    running.0[0].kill().unwrap();
    running.0[0].wait().unwrap();
    let _silent = TcpListener::bind(next_hop).unwrap();
    running.0[0] = serve(config, None);
    drop(connect(smtp));
    work(&running.0[0])
}

/// By several clients at once, so that it is not one message's way to the disk that is waited for each time.
fn send(smtp: SocketAddr, from: usize, to: usize) {
    thread::scope(|scope| {
        for client in 0..CLIENTS {
            scope.spawn(move || send_some(smtp, (from..to).skip(client).step_by(CLIENTS)));
        }
    });
}

fn send_some(smtp: SocketAddr, numbers: impl Iterator<Item = usize>) {
    let mut session = connect(smtp);
    for number in numbers {
        let field = format!("X-MS-Rempli: {}\r\n", "a".repeat(900));
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
    let short = restart(&mut running, &config, smtp, next_hop);
    send(smtp, WARM, QUEUED);
    let full = memory(&running.0[0]);
    eprintln!("{name}: {warm} kB with {WARM} queued, {full} kB with {QUEUED}");
    assert!(full < warm + GROWTH_KB, "memory grows with the queue: {warm} kB, then {full} kB");

    let long = restart(&mut running, &config, smtp, next_hop);
    eprintln!("{name}: ready after {short:?} with {WARM} queued, after {long:?} with {QUEUED}");
    let more = ((QUEUED - WARM) * MESSAGE_BYTES) as u64;
    assert!(long.read < short.read + more / 2, "a restart reads the queue: {short:?}, then {long:?}");
    let most = short.processor * 2 + Duration::from_secs(1);
    assert!(long.processor < most, "a restart works through the queue: {short:?}, then {long:?}");
    let began = Instant::now();
    send(smtp, QUEUED, QUEUED + 1);
    let again = memory(&running.0[0]);
    assert!(again < warm + GROWTH_KB, "a restart reads the queue: {again} kB");

    let kept = directory.join("sink");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_, sink) = runtime.block_on(Sink::start(next_hop, Some(&kept))).unwrap();
    let end = Instant::now() + Duration::from_secs(480);
    // A quarter of it: the rest waits for its own next attempt, minutes away.
    while left(&kept) < QUEUED / 4 {
        assert!(Instant::now() < end, "{} of {} left", left(&kept), QUEUED + 1);
        thread::sleep(Duration::from_millis(200));
    }
    let leaving = memory(&running.0[0]);
    eprintln!("{name}: a quarter has left after {:?}, {leaving} kB", began.elapsed());
    drop(running);
    // It may still be writing what it took.
    drop((sink, runtime));
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
