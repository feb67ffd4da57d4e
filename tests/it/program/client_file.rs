//! A client file is imported by a command, and none of its values stands anywhere afterwards.

use std::path::Path;
use std::process::{Command, Output};

use super::parts::{configure, init};
use crate::support::ports::free_port;
use crate::support::program::{binary, postgres_database};

/// What must not be found: as it stands in the file, and as it is compared.
const VALUES: [&str; 8] = [
    "FR7630006000011234567890189",
    "fr7630006000011234567890189",
    "202411800733",
    "2024-118-00733",
    "tournesol.vidal",
    "Tréhorel",
    "trehorel",
    "CLIENT-TOURNESOL",
];
const FILE: &str = "client;iban;contract;email;name;born\n\
    CLIENT-TOURNESOL;FR7630006000011234567890189;2024-118-00733;tournesol.vidal@sableval.example;Odile Tréhorel;12/03/1975\n";

fn clients(config: &Path, words: &[&str]) -> Output {
    Command::new(binary()).args(["clients", "--config"]).arg(config).args(words).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn probe(bytes: &[u8], place: &str) {
    for value in VALUES {
        let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
        for needle in [value.as_bytes(), hex.as_bytes()] {
            let found = bytes.windows(needle.len()).any(|window| window == needle);
            assert!(!found, "{place} holds {value} in clear");
        }
    }
}

fn probe_files(directory: &Path) -> usize {
    let mut read = 0;
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        if entry.path().is_dir() {
            read += probe_files(&entry.path());
        } else if let Ok(bytes) = std::fs::read(entry.path()) {
            read += bytes.len();
            probe(&bytes, &entry.path().display().to_string());
        }
    }
    read
}

#[test]
fn clause_d1_no_value_of_a_client_file_stands_on_disk() {
    for database in [None, postgres_database("client_file")] {
        let engine = if database.is_some() { "postgresql" } else { "sqlite" };
        let directory = std::env::temp_dir().join(format!("cerebro-clients-{engine}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        let config = configure(&directory, database.as_deref(), free_port(), "127.0.0.1:9".parse().unwrap());
        assert!(init(&config).status.success());
        let file = std::env::temp_dir().join(format!("cerebro-clients-{engine}-{}.csv", std::process::id()));
        std::fs::write(&file, format!("{FILE}B;nothing;;;;\n")).unwrap();
        let path = file.to_str().unwrap();
        let wrong = clients(&config, &["import", path]);
        assert!(!wrong.status.success() && said(&wrong).contains("line 3"), "{}", said(&wrong));
        assert!(said(&clients(&config, &["show"])).contains("no client file"));
        std::fs::write(&file, FILE).unwrap();
        let given = clients(&config, &["import", path]);
        assert_eq!(said(&given), "version 1: 1 clients, 5 identifiers\n");
        let shown = said(&clients(&config, &["show"]));
        assert!(shown.starts_with("version 1: 1 clients, 5 identifiers, "), "{shown}");
        std::fs::remove_file(&file).unwrap();
        // On PostgreSQL little stands in files.
        let least = if database.is_some() { 1_000 } else { 50_000 };
        assert!(probe_files(&directory) > least, "the probe read almost nothing");
        if let Some(url) = database {
            let dump = Command::new("pg_dump").arg(&url).output().unwrap();
            assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
            assert!(String::from_utf8_lossy(&dump.stdout).contains("client_piece"));
            probe(&dump.stdout, "PostgreSQL");
        }
        std::fs::remove_dir_all(&directory).unwrap();
    }
}
