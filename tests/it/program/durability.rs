//! Invariant 1: what was acknowledged is never lost, what is undecided never leaves.
//!
//! `CEREBRO_KILLS` sets how often the program is killed (6 in the ordinary run), `CEREBRO_MESSAGES` how many messages
//! each life gets.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::support::message;
use crate::support::program::{Program, Smtp, binary};

const FROM: &str = "theodore.vasquin@orveane.example";

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Sends until the program dies; remembers what was acknowledged, and whether it must be held.
fn load(
    program: &Program,
    next: &Arc<AtomicU64>,
    acknowledged: &Arc<Mutex<HashSet<String>>>,
) -> Vec<std::thread::JoinHandle<()>> {
    (0..8)
        .map(|_| {
            let (address, next, acknowledged) = (program.smtp(), Arc::clone(next), Arc::clone(acknowledged));
            std::thread::spawn(move || {
                let Ok(mut smtp) = Smtp::connect(address) else { return };
                loop {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let held = number.is_multiple_of(10);
                    let mark = format!("{}-{number:09}", if held { "held" } else { "pass" });
                    let iban = if held { "FR76 3000 6000 0112 3456 7890 189" } else { "rien" };
                    let raw = message(&format!("marque {mark}\n{iban}"));
                    match smtp.send(FROM, &["r.lemarrec@client.example"], &raw) {
                        Ok(reply) if reply.starts_with("250") => {
                            acknowledged.lock().unwrap().insert(mark);
                        }
                        Ok(_) => {}
                        Err(_) => return,
                    }
                }
            })
        })
        .collect()
}

fn marks(sunk: &[Vec<u8>]) -> HashSet<String> {
    let mut found = HashSet::new();
    for message in sunk {
        let text = String::from_utf8_lossy(message);
        if let Some(mark) = text.split("marque ").nth(1).and_then(|rest| rest.split_whitespace().next()) {
            found.insert(mark.to_owned());
        }
    }
    found
}

#[test]
fn kill_nine_loses_nothing_acknowledged() {
    kill_nine(Program::start("kill"));
}

#[test]
fn kill_nine_loses_nothing_acknowledged_on_postgresql() {
    match Program::start_on_postgres("kill") {
        Some(program) => kill_nine(program),
        None => eprintln!("skipped on PostgreSQL: CEREBRO_TEST_POSTGRES is not set"),
    }
}

fn kill_nine(mut program: Program) {
    let kills = setting("CEREBRO_KILLS", 6);
    let pause = setting("CEREBRO_LIFE_MS", 700);
    let (next, acknowledged) = (Arc::new(AtomicU64::new(0)), Arc::new(Mutex::new(HashSet::new())));
    for life in 0..kills {
        let senders = load(&program, &next, &acknowledged);
        std::thread::sleep(Duration::from_millis(pause + (life * 137) % 400));
        let postgres = program.postgres.clone();
        let directory = program.kill();
        for sender in senders {
            sender.join().unwrap();
        }
        program = Program::start_again(&directory, postgres);
    }
    let acknowledged = acknowledged.lock().unwrap().clone();
    assert!(acknowledged.len() as u64 > kills * 10, "hardly any load: {}", acknowledged.len());
    let (held, pass): (Vec<_>, Vec<_>) =
        acknowledged.iter().cloned().partition(|mark| mark.starts_with("held"));
    program.wait_until(
        "every acknowledged message that passes reaches the sink, or is known to be uncertain",
        || {
            let sunk = marks(&program.sunk());
            let missing = pass.iter().filter(|mark| !sunk.contains(*mark)).count();
            missing <= uncertain(&program)
        },
    );
    let sunk = marks(&program.sunk());
    assert!(sunk.iter().all(|mark| mark.starts_with("pass")), "something undecided left");
    let waiting = program.api("GET", "/api/v1/holds", "", b"").json()["holds"].as_array().unwrap().len();
    assert!(waiting >= held.len().min(500), "{waiting} wait, {} were acknowledged as held", held.len());
    verify(&program);
    println!("{} acknowledged over {kills} kills, {} held, nothing lost", acknowledged.len(), held.len());
}

/// Deliveries whose remote answer was lost: said aloud, never counted as delivered.
fn uncertain(program: &Program) -> usize {
    let flows = program.api("GET", "/api/v1/flows", "", b"").json();
    let ids: Vec<String> = flows["flows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|flow| flow["id"].as_str().unwrap().to_owned())
        .collect();
    ids.iter()
        .filter(|id| {
            let flow = program.api("GET", &format!("/api/v1/flows/{id}"), "", b"").json();
            flow["deliveries"].as_array().unwrap().iter().any(|delivery| delivery["state"] == "uncertain")
        })
        .count()
}

fn verify(program: &Program) {
    std::thread::sleep(Duration::from_millis(1_500));
    let export = program.directory.join("export");
    let made = std::process::Command::new(binary())
        .args(["ledger", "export"])
        .arg(&export)
        .args(["--organisation", "orveane.example/cerebro", "--dir"])
        .arg(&program.directory)
        .status()
        .unwrap();
    assert!(made.success());
    let key = program.ready["ledger_public_keys"][0].as_str().unwrap();
    let report = std::process::Command::new(binary())
        .arg("verify")
        .arg(&export)
        .args(["--key", key])
        .output()
        .unwrap();
    assert!(report.status.success(), "{}", String::from_utf8_lossy(&report.stdout));
}
