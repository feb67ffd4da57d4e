//! `cerebro verify DIR`: an exported ledger, from files alone.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use ledger::{Checkpoint, Verifier};

use super::{complain, say};

/// Verify an exported ledger from files alone: no server, no network.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The exported directory.
    directory: PathBuf,
    /// The log's public key (C2SP vkey), or a file that holds it. Get it from somebody else than whoever gave you the
    /// directory.
    #[arg(long)]
    key: Vec<String>,
    /// A checkpoint seen earlier: the log must hold at least what it held then.
    #[arg(long)]
    at_least: Option<PathBuf>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Exits 0 when the log verifies, 1 when it does not, 2 when it could not be checked.
pub(crate) fn run(command: &Verify) -> ExitCode {
    match check(command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            complain(&error);
            ExitCode::from(2)
        }
    }
}

fn check(command: &Verify) -> anyhow::Result<bool> {
    let mut keys = Vec::new();
    for key in &command.key {
        let text = if PathBuf::from(key).is_file() { std::fs::read_to_string(key)? } else { key.clone() };
        keys.push(Verifier::parse(text.trim())?);
    }
    let at_least = match &command.at_least {
        Some(path) => Some(Checkpoint::parse_note(&std::fs::read_to_string(path)?)?),
        None => None,
    };
    let report = ledger::verify_directory(&command.directory, &keys, at_least.as_ref());
    if command.json {
        say(&serde_json::to_string(&report)?);
    } else {
        say(&report.to_string());
    }
    Ok(report.is_ok())
}
