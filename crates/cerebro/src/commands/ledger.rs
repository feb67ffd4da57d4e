//! `cerebro ledger export`: a verifiable copy of a log, made from its files: the server may be running or gone.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Subcommand;
use serde_json::{Value as Json, json};

use super::say;
use crate::config::Config;

/// The ledger's own commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Ledger {
    /// Copy a log's tiles, entries and checkpoints to a new directory that anybody can verify.
    Export {
        /// Where to: must not exist yet.
        directory: PathBuf,
        /// The configuration file of the instance.
        #[arg(long, conflicts_with = "dir")]
        config: Option<PathBuf>,
        /// The directory of a demo.
        #[arg(long)]
        dir: Option<PathBuf>,
        /// The organisation, by id or by the origin of its log; needed when there are several.
        #[arg(long)]
        organisation: Option<String>,
    },
    /// Print the entries of a log, or of a copy of one, as JSON lines. Reads only: `cerebro verify` says whether to
    /// believe them.
    Read {
        /// The exported directory.
        directory: PathBuf,
        /// The first entry's index.
        #[arg(long, default_value_t = 0)]
        from: u64,
        /// How many entries at most.
        #[arg(long, default_value_t = u64::MAX, hide_default_value = true)]
        count: u64,
    },
}

/// Runs the command.
pub(crate) fn run(command: &Ledger) -> anyhow::Result<()> {
    match command {
        Ledger::Export { directory, config, dir, organisation } => {
            export(directory, config.as_deref(), dir.as_deref(), organisation.as_deref())
        }
        Ledger::Read { directory, from, count } => read(directory, *from, *count),
    }
}

/// One JSON object a line: the index, the leaf's hash, and the entry; a leaf that is not one of ours as base64.
fn read(directory: &Path, from: u64, count: u64) -> anyhow::Result<()> {
    for leaf in ledger::Leaves::of(directory, from)?.take(usize::try_from(count).unwrap_or(usize::MAX)) {
        let (index, bytes) = leaf?;
        let hash = ledger::leaf_hash(&bytes);
        let line = match ledger::Entry::from_bytes(&bytes) {
            Ok(_) => {
                json!({"index": index, "leaf_hash": hash, "entry": serde_json::from_slice::<Json>(&bytes)?})
            }
            Err(_) => json!({"index": index, "leaf_hash": hash, "leaf": STANDARD.encode(&bytes)}),
        };
        say(&line.to_string());
    }
    Ok(())
}

fn export(
    directory: &Path,
    config: Option<&Path>,
    dir: Option<&Path>,
    organisation: Option<&str>,
) -> anyhow::Result<()> {
    let logs = match (config, dir) {
        (Some(path), _) => Config::load(path)?.storage.data.join("ledger"),
        (None, Some(dir)) => dir.join("data").join("ledger"),
        (None, None) => bail!("say which instance: --config FILE, or --dir DIR of a demo"),
    };
    let log = choose(&logs, organisation)?;
    ledger::export(&log, directory)
        .with_context(|| format!("{} could not be exported to {}", log.display(), directory.display()))?;
    say(&format!("{} → {}", log.display(), directory.display()));
    Ok(())
}

fn choose(logs: &Path, wanted: Option<&str>) -> anyhow::Result<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(logs).with_context(|| format!("{} cannot be read", logs.display()))? {
        let path = entry?.path();
        let note = std::fs::read_to_string(path.join("checkpoint")).unwrap_or_default();
        let origin = note.lines().next().unwrap_or_default().to_owned();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if wanted.is_none_or(|wanted| wanted == origin || wanted == name) {
            found.push((path, origin));
        }
    }
    let names: Vec<&str> = found.iter().map(|(_, origin)| origin.as_str()).collect();
    match found.as_slice() {
        [(path, _)] => Ok(path.clone()),
        [] => bail!("no such log under {}", logs.display()),
        _ => bail!("several logs stand there: choose with --organisation ({})", names.join(", ")),
    }
}
