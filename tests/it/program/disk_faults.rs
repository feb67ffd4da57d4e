//! Invariant 1 on a disk that is full or broken: a message is refused with 4xx or it is durable, never in between; when
//! the disk is whole again the same program goes on. Each place, *failed* and *failed but persisted* (F03).

use std::path::PathBuf;
use std::time::{Duration, Instant};

use vocabulary::FlowId;

use crate::support::census::{Census, Places};
use crate::support::disk::{Fault, Watched};
use crate::support::message;
use crate::support::program::{Program, Smtp, postgres_database};

const FROM: &str = "theodore.vasquin@orveane.example";
const IBAN: &str = "FR76 3000 6000 0112 3456 7890 189";
/// `ENOSPC`
const FULL: i32 = 28;
/// `EIO`
const BROKEN: i32 = 5;

/// What comes in while something fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Small,
    Held,
    /// Over what a row holds: a blob.
    Large,
}

const KINDS: [Kind; 3] = [Kind::Small, Kind::Held, Kind::Large];

/// A fault, which messages it must keep out, and whether the others must come in.
struct Case {
    fault: Fault,
    refuses: &'static [Kind],
    takes_others: bool,
}

/// `operation` failing in each way: full, broken, and broken although it was done.
fn each_way(operation: &'static str, pattern: &'static str, refuses: &'static [Kind]) -> Vec<Case> {
    [(FULL, false), (BROKEN, false), (BROKEN, true)]
        .map(|(error, persists)| {
            let fault = Fault { operation, error, persists, pattern };
            Case { fault, refuses, takes_others: true }
        })
        .into()
}

fn all(groups: &[(&'static str, &'static str, &'static [Kind])]) -> Vec<Case> {
    groups.iter().flat_map(|(operation, pattern, refuses)| each_way(operation, pattern, refuses)).collect()
}

struct Acknowledged {
    flow: FlowId,
    raw: Vec<u8>,
    held: bool,
}

/// A running program on a disk that fails when told to, and what it has acknowledged so far.
struct Trial {
    program: Program,
    watched: Watched,
    next: u64,
    acknowledged: Vec<Acknowledged>,
}

impl Trial {
    fn start(name: &str, postgres: Option<String>) -> Self {
        let directory = std::env::temp_dir().join(format!("cerebro-fault-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        std::fs::create_dir_all(&directory).unwrap();
        let directory = std::fs::canonicalize(directory).unwrap();
        let watched = Watched::new(&directory);
        let program = Program::start_under(&directory, postgres, watched.failing());
        Self { program, watched, next: 0, acknowledged: Vec::new() }
    }

    /// Hands one message over on a connection of its own; the last reply, also where none was taken at all.
    fn send(&mut self, kind: Kind) -> String {
        self.next += 1;
        let mut body = format!("marque {}\n{}\n", self.next, if kind == Kind::Held { IBAN } else { "rien" });
        if kind == Kind::Large {
            body += &"Une ligne parmi beaucoup d'autres, qui ne dit rien.\n".repeat(2_000);
        }
        let raw = message(&body);
        let reply = match Smtp::connect(self.program.smtp()) {
            Ok(mut smtp) => smtp.send(FROM, &["r.lemarrec@client.example"], &raw).unwrap(),
            // Turned away in the greeting: 421.
            Err(error) => {
                assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof, "{error}");
                "421".into()
            }
        };
        if let Some(text) = reply.strip_prefix("250 2.0.0 ") {
            let flow = text.split(' ').next().unwrap().parse().unwrap();
            self.acknowledged.push(Acknowledged { flow, raw, held: kind == Kind::Held });
        }
        reply
    }

    /// One of each kind comes through, at the latest some seconds after the disk is whole.
    fn works(&mut self, after: &str) {
        for kind in KINDS {
            let end = Instant::now() + Duration::from_secs(20);
            loop {
                let reply = self.send(kind);
                if reply.starts_with("250") {
                    break;
                }
                assert!(Instant::now() < end, "{after}: {kind:?} is still refused: {reply}");
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    }

    fn go_through(&mut self, cases: &[Case]) {
        for case in cases {
            self.watched.fail(&[case.fault]);
            for kind in KINDS {
                let reply = self.send(kind);
                if case.refuses.contains(&kind) {
                    assert!(
                        reply.starts_with("45") || reply.starts_with("421"),
                        "{:?}, {kind:?}: {reply}",
                        case.fault
                    );
                } else if case.takes_others {
                    assert!(reply.starts_with("250"), "{:?}, {kind:?}: {reply}", case.fault);
                }
            }
            // Long enough for the sealer and the relay to run into it too.
            std::thread::sleep(Duration::from_millis(700));
            self.watched.mend();
            self.works(&format!("after {:?}", case.fault));
        }
    }

    /// What was acknowledged is there, whole; what passes has left; nothing undecided has; the ledger verifies.
    fn account(self) {
        let Self { program, watched, acknowledged, .. } = self;
        program.wait_until("everything acknowledged that passes leaves", || {
            let left = left(&program);
            acknowledged.iter().all(|message| message.held || left.contains(&message.flow))
        });
        for raw in program.sunk() {
            let text = String::from_utf8_lossy(&raw);
            assert!(!text.contains(IBAN), "something undecided left: {text}");
        }
        let postgres = program.postgres.clone();
        let directory = program.kill();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let faults = runtime.block_on(async {
            let census = Census::take(&Places::of_demo(&directory, postgres)).await.unwrap();
            let mut faults = census.faults();
            let settled = census.entries_of("flow.settled");
            for message in &acknowledged {
                let flow = message.flow;
                match census.body(flow) {
                    Ok(body) if body == message.raw => {}
                    Ok(_) => faults.push(format!("{flow} has another body")),
                    Err(error) => faults.push(format!("the body of {flow} does not open: {error}")),
                }
                if settled.get(&flow.to_string()) != Some(&1) {
                    faults.push(format!("{flow} has no evidence"));
                }
                let hold = census.flows.get(&flow).and_then(|flow| flow.hold.as_deref());
                if hold != message.held.then_some("waiting") {
                    faults.push(format!("the hold of {flow} is {hold:?}"));
                }
            }
            faults
        });
        assert!(faults.is_empty(), "{faults:#?}");
        println!("{} acknowledged", acknowledged.len());
        drop(watched);
        std::fs::remove_dir_all(directory).unwrap();
    }
}

fn left(program: &Program) -> Vec<FlowId> {
    program.sunk().iter().filter_map(|raw| traced(raw)).collect()
}

/// The flow a message that left belongs to, from our own trace field.
fn traced(raw: &[u8]) -> Option<FlowId> {
    let text = String::from_utf8_lossy(raw);
    text.lines()
        .find_map(|line| line.strip_prefix("X-Cerebro-Trace: ")?.split_whitespace().nth(1)?.parse().ok())
}

fn try_all(name: &str, postgres: Option<String>, cases: &[Case]) {
    let mut trial = Trial::start(name, postgres);
    trial.works("before anything fails");
    trial.go_through(cases);
    trial.account();
}

/// Blobs, tiles and locks are files on both engines.
fn files() -> Vec<Case> {
    all(&[
        ("write", "/blobs/", &[Kind::Large]),
        ("open", "/blobs/", &[Kind::Large]),
        ("sync", "/blobs/", &[Kind::Large]),
        ("rename", "/blobs/", &[Kind::Large]),
        ("syncdir", "/blobs/", &[Kind::Large]),
        // Sealing stops, messages go on until the backlog's bound.
        ("write", "/ledger/", &[]),
        ("sync", "/ledger/", &[]),
        ("rename", "/ledger/", &[]),
        ("syncdir", "/ledger/", &[]),
        ("write", "/locks/", &[]),
        ("sync", "/locks/", &[]),
        ("rename", "/locks/", &[]),
    ])
}

#[test]
fn f03_a_database_that_cannot_be_written_refuses_and_recovers() {
    try_all(
        "database",
        None,
        &all(&[("write", "cerebro.db-wal$", &KINDS), ("sync", "cerebro.db-wal$", &KINDS)]),
    );
}

#[test]
fn f03_blobs_tiles_and_locks_that_cannot_be_written_refuse_and_recover() {
    try_all("files", None, &files());
}

#[test]
fn f03_blobs_tiles_and_locks_that_cannot_be_written_refuse_and_recover_on_postgresql() {
    match postgres_database("faults") {
        Some(url) => try_all("files-pg", Some(url), &files()),
        None => eprintln!("skipped on PostgreSQL: CEREBRO_TEST_POSTGRES is not set"),
    }
}

#[test]
fn f03_keys_that_cannot_be_made_refuse_and_recover() {
    let cases = ["open", "write", "sync", "rename"].map(|operation| (operation, "/keys/", &KINDS[..1]));
    let cases = all(&[&cases[..], &[("syncdir", "/keys$", &KINDS[..])]].concat());
    for (number, mut case) in cases.into_iter().enumerate() {
        // No key seals contents before the first message: it is the one that must be refused. A key that was made
        // although its making failed is as good as any from then on, once its name is durable.
        case.takes_others = false;
        let mut trial = Trial::start(&format!("keys-{number}"), None);
        trial.go_through(std::slice::from_ref(&case));
        trial.account();
    }
}

#[test]
fn f03_a_checkpoint_that_cannot_be_written_back_loses_nothing() {
    let mut trial = Trial::start("write-back", None);
    // What is acknowledged is in the write-ahead log: the database file itself may wait. Its log outgrows the size at
    // which SQLite writes it back (4,000 pages), again and again, in vain.
    trial.watched.fail(&[
        Fault { operation: "write", error: BROKEN, persists: false, pattern: "cerebro.db$" },
        Fault { operation: "sync", error: BROKEN, persists: false, pattern: "cerebro.db$" },
    ]);
    let log: PathBuf = trial.program.directory.join("data/cerebro.db-wal");
    let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |file| file.len());
    let end = Instant::now() + Duration::from_secs(60);
    while size(&log) < 18 * 1024 * 1024 {
        for kind in KINDS {
            let reply = trial.send(kind);
            assert!(reply.starts_with("250"), "{kind:?}: {reply}");
        }
        assert!(Instant::now() < end, "the log does not grow: {}", size(&log));
    }
    trial.watched.mend();
    trial.works("after the write-back works again");
    trial.account();
}
