//! `cerebro verify`: an exported ledger, or the proof of one entry, from files alone.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Args;
use ledger::proof::{self, Proven};
use ledger::{Checkpoint, Verifier};
use serde_json::{Map, Value as Json, json};

use super::verify_signature::{self, Signed};
use super::{complain, say};

/// Verify an exported ledger, or the proof of one entry, from files alone: no server, no network.
#[derive(Debug, Args)]
#[command(
    after_help = "Exits 0 when what was given verifies, 1 when it does not, 2 when it could not be checked \
(no such file, not a key, not a checkpoint)."
)]
pub(crate) struct Verify {
    /// The exported directory, or a .tlog-proof file.
    what: PathBuf,
    /// The log's public key (C2SP vkey), or a file that holds it. Get it from somebody else than whoever gave you the
    /// evidence.
    #[arg(long)]
    key: Vec<String>,
    /// A checkpoint seen earlier: the log must hold at least what it held then.
    #[arg(long)]
    at_least: Option<PathBuf>,
    /// Print the report as JSON.
    #[arg(long)]
    json: bool,
}

/// Exits 0 when it verifies, 1 when it does not, 2 when it could not be checked.
pub(crate) fn run(command: &Verify) -> ExitCode {
    let outcome = if command.what.is_dir() { log(command) } else { entry(command) };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            complain(&error);
            ExitCode::from(2)
        }
    }
}

fn log(command: &Verify) -> anyhow::Result<bool> {
    let keys = keys(command)?;
    let at_least = match &command.at_least {
        Some(path) => Some(seen_earlier(path, &keys).with_context(|| path.display().to_string())?),
        None => None,
    };
    let report = ledger::verify_directory(&command.what, &keys, at_least.as_ref());
    say(&if command.json { serde_json::to_string(&report)? } else { report.to_string() });
    Ok(report.is_ok())
}

fn entry(command: &Verify) -> anyhow::Result<bool> {
    let text = std::fs::read_to_string(&command.what).with_context(|| command.what.display().to_string())?;
    if command.at_least.is_some() {
        bail!("--at-least is for a whole log: a proof is about one entry");
    }
    let keys = keys(command)?;
    if keys.is_empty() {
        bail!("a proof is checked with the log's public key: give --key");
    }
    let mut outcome = Err(proof::InvalidProof::Shape);
    for key in &keys {
        outcome = proof::verify(&text, key);
        if outcome.is_ok() {
            break;
        }
    }
    let fault = |error: &str| match command.json {
        true => say(&json!({"ok": false, "faults": [error]}).to_string()),
        false => say(&format!("FAULT        {error}\nNOT VERIFIED")),
    };
    let proven = match outcome {
        Ok(proven) => proven,
        Err(error) => {
            fault(&error.to_string());
            return Ok(false);
        }
    };
    let signed = match verify_signature::check(&proven.entry, &detail(&proven)?).transpose() {
        Ok(signed) => signed,
        Err(error) => {
            fault(&format!("the signature of a security key: {error}"));
            return Ok(false);
        }
    };
    say(&if command.json {
        told(&proven, signed.as_ref())?.to_string()
    } else {
        described(&proven, signed.as_ref())?
    });
    Ok(true)
}

fn detail(proven: &Proven) -> anyhow::Result<Map<String, Json>> {
    Ok(proven.detail.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default())
}

const NOT_SHOWN: &str = "that the entry says the truth: only that nobody changed it since it was signed";

fn told(proven: &Proven, signed: Option<&Signed>) -> anyhow::Result<Json> {
    Ok(json!({
        "ok": true,
        "origin": proven.checkpoint.origin,
        "index": proven.index,
        "size": proven.checkpoint.size,
        "root": proven.checkpoint.root,
        "entry": serde_json::from_slice::<Json>(&proven.entry.to_bytes())?,
        "detail": proven.detail.as_deref().map(serde_json::from_str::<Json>).transpose()?,
        "signed_by": signed.map(|signed| json!({"key_sha256": signed.key_sha256, "origin": signed.origin})),
        "not_shown": [NOT_SHOWN],
    }))
}

fn described(proven: &Proven, signed: Option<&Signed>) -> anyhow::Result<String> {
    let (entry, checkpoint) = (&proven.entry, &proven.checkpoint);
    let mut lines = vec![
        format!("log          {}", checkpoint.origin),
        format!("entry        {} of {}", proven.index, checkpoint.size),
        format!("what         {}", entry.kind),
        format!("when         {}", entry.at.rfc3339()),
        format!("who          {}", entry.actor),
        format!("to what      {}", entry.subject),
    ];
    let detail = detail(proven)?;
    lines.extend(detail.iter().map(|(name, value)| format!("detail       {name}: {value}")));
    lines.push(
        "shown        the entry stands at this index under the checkpoint signed by the key".to_owned(),
    );
    match proven.detail {
        Some(_) => lines.push("shown        the detail is the one that the entry commits to".to_owned()),
        None => lines.push("not shown    what the entry commits to: this proof does not open it".to_owned()),
    }
    if let Some(Signed { key_sha256, origin }) = signed {
        lines.push(format!(
            "shown        a security key signed exactly this decision at {origin}; its key: {key_sha256}"
        ));
        lines.push(
            "not shown    whose key it is: authenticator.added with this key_sha256 names the account"
                .to_owned(),
        );
    }
    lines.push(format!("not shown    {NOT_SHOWN}"));
    lines.push("VERIFIED".to_owned());
    Ok(lines.join("\n"))
}

fn keys(command: &Verify) -> anyhow::Result<Vec<Verifier>> {
    command.key.iter().map(|key| read_key(key)).collect()
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
