//! Invariant 1: what was acknowledged is never lost, what is undecided never leaves (F02).
//!
//! `CEREBRO_KILLS` sets how often the program is killed (6 in the ordinary run), `CEREBRO_LIFE_MS` how long each life
//! takes messages, `CEREBRO_MESSAGES` how many are acknowledged in all at least: the last life goes on until then.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use vocabulary::FlowId;

use crate::support::census::{Census, Places};
use crate::support::message;
use crate::support::program::{Program, Smtp, binary};

const FROM: &str = "theodore.vasquin@orveane.example";
const SENDERS: usize = 8;

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// What was acknowledged: the mark in the message, by its flow.
type Acknowledged = Arc<Mutex<HashMap<FlowId, String>>>;

fn mark_of(number: u64) -> (String, bool) {
    let held = number.is_multiple_of(10);
    (format!("{}-{number:09}", if held { "held" } else { "pass" }), held)
}

fn message_of(mark: &str, held: bool) -> Vec<u8> {
    let iban = if held { "FR76 3000 6000 0112 3456 7890 189" } else { "rien" };
    message(&format!("marque {mark}\n{iban}"))
}

/// Sends until the program dies or is told to stop; remembers what was acknowledged.
fn load(
    program: &Program,
    next: &Arc<AtomicU64>,
    acknowledged: &Acknowledged,
    stop: &Arc<AtomicBool>,
) -> Vec<std::thread::JoinHandle<()>> {
    (0..SENDERS)
        .map(|_| {
            let (address, next, stop) = (program.smtp(), Arc::clone(next), Arc::clone(stop));
            let acknowledged = Arc::clone(acknowledged);
            std::thread::spawn(move || {
                let Ok(mut smtp) = Smtp::connect(address) else { return };
                while !stop.load(Ordering::SeqCst) {
                    let (mark, held) = mark_of(next.fetch_add(1, Ordering::SeqCst));
                    match smtp.send(FROM, &["r.lemarrec@client.example"], &message_of(&mark, held)) {
                        Ok(reply) => {
                            if let Some(rest) = reply.strip_prefix("250 2.0.0 ") {
                                let flow = rest.split(' ').next().unwrap().parse().unwrap();
                                acknowledged.lock().unwrap().insert(flow, mark);
                            }
                        }
                        Err(_) => return,
                    }
                }
            })
        })
        .collect()
}

/// What the outside world holds, read as it grows.
#[derive(Default)]
struct Outside {
    files: HashSet<OsString>,
    marks: HashSet<String>,
}

impl Outside {
    fn look(&mut self, program: &Program) {
        for file in std::fs::read_dir(program.directory.join("sink")).into_iter().flatten().flatten() {
            let is_message = file.path().extension().is_some_and(|extension| extension == "eml");
            if !is_message || !self.files.insert(file.file_name()) {
                continue;
            }
            let raw = std::fs::read(file.path()).unwrap();
            let text = String::from_utf8_lossy(&raw);
            if let Some(mark) = text.split("marque ").nth(1).and_then(|rest| rest.split_whitespace().next()) {
                self.marks.insert(mark.to_owned());
            }
        }
    }
}

#[test]
fn f02_kill_nine_loses_nothing_acknowledged() {
    kill_nine(Program::start("kill"));
}

#[test]
fn f02_kill_nine_loses_nothing_acknowledged_on_postgresql() {
    match Program::start_on_postgres("kill") {
        Some(program) => kill_nine(program),
        None => eprintln!("skipped on PostgreSQL: CEREBRO_TEST_POSTGRES is not set"),
    }
}

fn kill_nine(mut program: Program) {
    let (kills, pause) = (setting("CEREBRO_KILLS", 6), setting("CEREBRO_LIFE_MS", 700));
    let (next, acknowledged) = (Arc::new(AtomicU64::new(0)), Acknowledged::default());
    let stop = Arc::new(AtomicBool::new(false));
    for life in 0..kills {
        let senders = load(&program, &next, &acknowledged, &stop);
        std::thread::sleep(Duration::from_millis(pause + (life * 137) % 400));
        let postgres = program.postgres.clone();
        let directory = program.kill();
        for sender in senders {
            sender.join().unwrap();
        }
        program = Program::start_again(&directory, postgres);
    }
    let wanted = setting("CEREBRO_MESSAGES", kills * 10);
    let senders = load(&program, &next, &acknowledged, &stop);
    while (acknowledged.lock().unwrap().len() as u64) < wanted {
        std::thread::sleep(Duration::from_millis(20));
    }
    stop.store(true, Ordering::SeqCst);
    for sender in senders {
        sender.join().unwrap();
    }
    let acknowledged = acknowledged.lock().unwrap().clone();
    let outside = wait_for_the_last(&program, &acknowledged);
    assert!(outside.marks.iter().all(|mark| mark.starts_with("pass")), "something undecided left");
    verify(&program);
    let postgres = program.postgres.clone();
    let directory = program.kill();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (faults, uncertain) =
        runtime.block_on(account(&Places::of_demo(&directory, postgres), &acknowledged, &outside));
    assert!(faults.is_empty(), "{} faults: {:#?}", faults.len(), &faults[..faults.len().min(20)]);
    println!("{} acknowledged over {kills} kills, {uncertain} uncertain, nothing lost", acknowledged.len());
    std::fs::remove_dir_all(directory).unwrap();
}

/// Until every acknowledged message that passes is outside, or nothing has moved for twenty seconds: what is still
/// missing then must be known as uncertain.
fn wait_for_the_last(program: &Program, acknowledged: &HashMap<FlowId, String>) -> Outside {
    let mut outside = Outside::default();
    let mut moved = Instant::now();
    while moved.elapsed() < Duration::from_secs(20) {
        let before = outside.files.len();
        outside.look(program);
        if outside.files.len() > before {
            moved = Instant::now();
        }
        if acknowledged.values().all(|mark| mark.starts_with("held") || outside.marks.contains(mark)) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    outside
}

/// What is wrong with what the instance holds, and how many deliveries it says it is not sure of.
async fn account(
    places: &Places,
    acknowledged: &HashMap<FlowId, String>,
    outside: &Outside,
) -> (Vec<String>, usize) {
    let census = Census::take(places).await.unwrap();
    let mut faults = census.faults();
    let settled = census.entries_of("flow.settled");
    let mut uncertain = 0;
    for (flow, mark) in acknowledged {
        let Some(found) = census.flows.get(flow) else {
            faults.push(format!("{flow} ({mark}) was acknowledged and is lost"));
            continue;
        };
        let held = mark.starts_with("held");
        match census.body(*flow) {
            Ok(body) if body == message_of(mark, held) => {}
            Ok(_) => faults.push(format!("{flow} has another body")),
            Err(error) => faults.push(format!("the body of {flow} does not open: {error}")),
        }
        if settled.get(&flow.to_string()) != Some(&1) {
            faults.push(format!("{flow} has no evidence"));
        }
        if found.hold.as_deref() != held.then_some("waiting") {
            faults.push(format!("the hold of {flow} is {:?}", found.hold));
        }
        for (delivery, state, _) in &found.deliveries {
            let right = match state.as_str() {
                "held" => held,
                "delivered" => outside.marks.contains(mark),
                // The remote's answer was lost: said aloud, never counted as delivered.
                "uncertain" => {
                    uncertain += 1;
                    true
                }
                _ => false,
            };
            if !right {
                faults.push(format!("{delivery} of {mark} is {state}"));
            }
        }
    }
    for (delivery, times) in census.entries_of("delivery.ended") {
        if times > 1 {
            faults.push(format!("{delivery} ended {times} times"));
        }
    }
    (faults, uncertain)
}

fn verify(program: &Program) {
    std::thread::sleep(Duration::from_millis(1_500));
    let export = program.directory.join("export");
    program.export("orveane.example/cerebro", &export);
    let key = program.ready["ledger_public_keys"][0].as_str().unwrap();
    let report = std::process::Command::new(binary())
        .arg("verify")
        .arg(&export)
        .args(["--key", key])
        .output()
        .unwrap();
    assert!(report.status.success(), "{}", String::from_utf8_lossy(&report.stdout));
}
