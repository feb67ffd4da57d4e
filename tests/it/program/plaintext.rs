//! Invariants 6 and 12: no contents in clear anywhere: database, write-ahead log, blobs, ledger, keys, logs.

use std::path::Path;
use std::process::Command;

use crate::support::program::{Program, Smtp, postgres_database};

const FROM: &str = "theodore.vasquin@orveane.example";
const TO: &str = "r.lemarrec@client.example";

/// What must not be found: one word for each place where contents pass.
const SECRETS: [&str; 6] = [
    "Tournesolinline",
    "Tournesolsubject",
    "Tournesolattached",
    "Tournesolfilename",
    "Tournesolblob",
    "Tournesolreason",
];

/// A message with a secret in its subject, body, attachment's name and attachment's text.
fn with_attachment(held: bool) -> Vec<u8> {
    let iban = if held { "FR76 3000 6000 0112 3456 7890 189" } else { "rien" };
    format!(
        "From: Theodore Vasquin <{FROM}>\r\nTo: {TO}\r\nSubject: {}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         {} {iban}\r\n--b\r\nContent-Type: text/plain\r\n\
         Content-Disposition: attachment; filename={}.txt\r\n\r\n{} {iban}\r\n--b--\r\n",
        SECRETS[1], SECRETS[0], SECRETS[3], SECRETS[2]
    )
    .into_bytes()
}

/// Large enough to be a blob.
fn large() -> Vec<u8> {
    let line = format!("{} et encore du texte\r\n", SECRETS[4]).repeat(8_000);
    format!("From: {FROM}\r\nTo: {TO}\r\nSubject: {}\r\n\r\n{line}", SECRETS[1]).into_bytes()
}

/// Sends, holds, reads, decides, relays: every way contents take.
fn live_a_day(program: &Program) {
    let mut smtp = Smtp::connect(program.smtp()).unwrap();
    for raw in [with_attachment(false), with_attachment(true), large()] {
        let reply = smtp.send(FROM, &[TO], &raw).unwrap();
        assert!(reply.starts_with("250"), "{reply}");
    }
    let holds = program.api("GET", "/api/v1/holds", "", b"").json();
    let id = holds["holds"][0]["id"].as_str().unwrap();
    let opened = program.api("GET", &format!("/api/v1/holds/{id}"), "", b"").json();
    assert_eq!(opened["subject"], SECRETS[1], "contents are read by whoever may");
    let decision = format!(
        r#"{{"decision":"release","reason":"{}","seen_sha256":{}}}"#,
        SECRETS[5], opened["seen_sha256"]
    );
    let path = format!("/api/v1/holds/{id}/decision");
    let decided = program.api("POST", &path, "application/json", decision.as_bytes());
    assert_eq!(decided.status, 200, "{}", decided.text());
    let dry = format!("/api/v1/assessments?sender={FROM}&recipient={TO}");
    assert_eq!(program.api("POST", &dry, "message/rfc822", &with_attachment(true)).status, 200);
    program.wait_until("all three left", || {
        let left = |raw: &[u8]| program.sunk().iter().any(|sunk| sunk.ends_with(raw));
        left(&with_attachment(false)) && left(&with_attachment(true)) && left(&large())
    });
}

fn probe(bytes: &[u8], place: &str) {
    for secret in SECRETS {
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        for needle in [secret.as_bytes(), hex.as_bytes()] {
            let found = bytes.windows(needle.len()).any(|window| window == needle);
            assert!(!found, "{place} holds {secret} in clear");
        }
    }
}

/// Every file of the instance but the outside world's own; how many bytes were looked at.
fn probe_files(directory: &Path) -> usize {
    let mut waiting = vec![directory.to_owned()];
    let mut read = 0;
    while let Some(path) = waiting.pop() {
        if path.ends_with("sink") {
            continue;
        }
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        } else if let Ok(bytes) = std::fs::read(&path) {
            read += bytes.len();
            probe(&bytes, &path.display().to_string());
        }
    }
    read
}

#[test]
fn clause_d1_no_plaintext_anywhere_on_disk() {
    let directory = std::env::temp_dir().join(format!("cerebro-plaintext-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let log = directory.with_extension("log");
    let program = Program::start_logged(&directory, None, &log);
    live_a_day(&program);
    assert!(probe_files(&program.directory) > 400_000, "the probe read almost nothing");
    probe(&std::fs::read(&log).unwrap(), "the log");
    std::fs::remove_file(log).unwrap();
}

#[test]
fn no_plaintext_in_postgresql() {
    let Some(url) = postgres_database("plaintext") else {
        eprintln!("skipped: CEREBRO_TEST_POSTGRES is not set");
        return;
    };
    let directory = std::env::temp_dir().join(format!("cerebro-plaintext-pg-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let log = directory.with_extension("log");
    let program = Program::start_logged(&directory, Some(url.clone()), &log);
    live_a_day(&program);
    let dump = Command::new("pg_dump").arg(&url).output().unwrap();
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    assert!(dump.stdout.len() > 20_000, "the probe read almost nothing");
    probe(&dump.stdout, "PostgreSQL");
    probe_files(&program.directory);
    probe(&std::fs::read(&log).unwrap(), "the log");
    std::fs::remove_file(log).unwrap();
}

#[test]
fn the_probe_finds_what_is_in_clear() {
    let found = std::panic::catch_unwind(|| probe(b"...Tournesolblob...", "a file"));
    assert!(found.is_err());
    let hex = std::panic::catch_unwind(|| probe(b"\\x546f75726e65736f6c626c6f62", "a dump"));
    assert!(hex.is_err());
}
