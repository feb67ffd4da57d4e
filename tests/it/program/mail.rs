//! A message is governed end to end.

use std::process::Command;

use crate::support::message;
use crate::support::program::{Program, Smtp, binary};

const FROM: &str = "theodore.vasquin@orveane.example";

#[test]
fn what_passes_leaves_byte_for_byte_and_its_evidence_verifies() {
    let program = Program::start("mail");
    let raw = message("Bonjour,\n.\n..deux points\nÀ demain");
    let mut smtp = Smtp::connect(program.smtp()).unwrap();
    let reply = smtp.send(FROM, &["r.lemarrec@client.example"], &raw).unwrap();
    assert!(reply.starts_with("250"), "{reply}");
    program.wait_until("the message reaches the sink", || {
        program.sunk().iter().any(|sunk| sunk.ends_with(&raw))
    });
    let export = program.directory.join("export");
    let key = program.ready["ledger_public_keys"][0].as_str().unwrap().to_owned();
    program.wait_until("the ledger is sealed", || {
        let _ = std::fs::remove_dir_all(&export);
        program.export("orveane.example/cerebro", &export);
        let report = Command::new(binary())
            .arg("verify")
            .arg(&export)
            .args(["--json", "--key", &key])
            .output()
            .unwrap();
        assert!(report.status.success(), "{}", String::from_utf8_lossy(&report.stdout));
        let entries = std::fs::read_to_string(export.join("checkpoint")).unwrap();
        entries.lines().nth(1).unwrap().parse::<u64>().unwrap() > 25
    });
}

#[test]
fn what_is_held_does_not_leave_and_its_sender_is_told_without_its_text() {
    let program = Program::start("held");
    let secret = "Zanzibar-Tournesol-4471";
    let raw = message(&format!("{secret}\nLe compte du client : FR76 3000 6000 0112 3456 7890 189."));
    let mut smtp = Smtp::connect(program.smtp()).unwrap();
    let reply = smtp.send(FROM, &["r.lemarrec@client.example"], &raw).unwrap();
    assert!(reply.contains("hold"), "{reply}");
    program.wait_until("the sender's notice arrives", || !program.sunk().is_empty());
    assert!(program.sunk().iter().all(|sunk| !String::from_utf8_lossy(sunk).contains(secret)));
}

/// Held, killed, started, stopped, started: decided then, it leaves as it came.
fn held_through_restarts(program: Program) {
    let raw = message("Le compte du client : FR76 3000 6000 0112 3456 7890 189.");
    let mut smtp = Smtp::connect(program.smtp()).unwrap();
    let reply = smtp.send(FROM, &["r.lemarrec@client.example"], &raw).unwrap();
    assert!(reply.contains("hold"), "{reply}");
    drop(smtp);
    let postgres = program.postgres.clone();
    let program = Program::start_again(&program.kill(), postgres.clone());
    let program = Program::start_again(&program.stop(), postgres);
    let holds = program.api("GET", "/api/v1/holds", "", b"").json();
    let hold = holds["holds"][0]["id"].as_str().unwrap().to_owned();
    let opened = program.api("GET", &format!("/api/v1/holds/{hold}"), "", b"").json();
    let seen = opened["seen_sha256"].as_str().unwrap();
    let decision = format!(r#"{{"decision":"release","reason":"Vu avec le client","seen_sha256":"{seen}"}}"#);
    let path = format!("/api/v1/holds/{hold}/decision");
    let decided = program.api("POST", &path, "application/json", decision.as_bytes());
    assert_eq!(decided.status, 200, "{}", decided.text());
    program.wait_until("the message leaves", || program.sunk().iter().any(|sunk| sunk.ends_with(&raw)));
}

#[test]
fn f05_a_hold_outlives_restarts_and_leaves_when_it_is_released() {
    held_through_restarts(Program::start("restarts"));
    match Program::start_on_postgres("restarts") {
        Some(program) => held_through_restarts(program),
        None => eprintln!("skipped on PostgreSQL: CEREBRO_TEST_POSTGRES is not set"),
    }
}

/// What a tenant does on a round trip: its own trace field on top, nothing else.
#[test]
fn f09_a_forged_sender_and_a_round_trip_through_a_tenant_are_refused() {
    let program = Program::start("tenant");
    let raw = message("Bonjour");
    let mut smtp = Smtp::connect(program.smtp()).unwrap();
    assert!(smtp.send(FROM, &["r.lemarrec@client.example"], &raw).unwrap().starts_with("250"));
    program.wait_until("the message reaches the tenant", || !program.sunk().is_empty());
    let back = [b"Received: from cerebro by tenant.example\r\n", &program.sunk()[0][..]].concat();
    let loops = smtp.send(FROM, &["r.lemarrec@client.example"], &back).unwrap();
    assert!(loops.starts_with("554 5.4.6"), "{loops}");
    let forged = smtp.send("directeur@client.example", &["r.lemarrec@client.example"], &raw).unwrap();
    assert!(forged.starts_with("550 5.7.1"), "{forged}");
    assert_eq!(program.sunk().len(), 1, "nothing of either left");
}
