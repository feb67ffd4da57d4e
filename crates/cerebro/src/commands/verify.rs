//! `cerebro verify DIR`: an exported ledger, from files alone.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use ledger::{Checkpoint, Verifier};

use super::{complain, say};

/// Verify an exported ledger from files alone: no server, no network.
#[derive(Debug, Args)]
#[command(after_help = "Exits 0 when the log verifies, 1 when it does not, 2 when it could not be checked \
(no such directory, not a key, not a checkpoint).")]
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
    if !command.directory.is_dir() {
        bail!("{} is not a directory", command.directory.display());
    }
    let keys: Vec<Verifier> = command.key.iter().map(|key| read_key(key)).collect::<Result<_, _>>()?;
    let at_least = match &command.at_least {
        Some(path) => Some(seen_earlier(path, &keys).with_context(|| path.display().to_string())?),
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

fn read_key(given: &str) -> anyhow::Result<Verifier> {
    let path = Path::new(given);
    let text = if path.is_file() { std::fs::read_to_string(path)? } else { given.to_owned() };
    Verifier::parse(text.trim()).with_context(|| format!("--key {given}"))
}

/// With keys given, a checkpoint that none of them signed is somebody's mistake, or somebody's forgery.
fn seen_earlier(path: &Path, keys: &[Verifier]) -> anyhow::Result<Checkpoint> {
    let note = std::fs::read_to_string(path)?;
    if !keys.is_empty() && !keys.iter().any(|key| key.open(&note).is_ok()) {
        bail!("not a checkpoint signed by the key given");
    }
    Ok(Checkpoint::parse_note(&note)?)
}
