//! `cerebro backup`: a copy of an instance that serves, whole and looked at before it gets its name.
//!
//! The order is what makes it whole. Logs first: the database copied after them holds every entry they sign. Then the database, as one
//! transaction sees it. Then blobs: each was durable before the row that names it. Keys last, and elsewhere: each was there before what it
//! wrapped. A crash leaves a directory named `….part`, which is no backup.

use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};
use clap::Args;
use serde_json::{Value as Json, json};
use store::backup::{Inspected, environment, inspect, snapshot};
use vocabulary::{Clock, SystemClock};

use super::backup_files::{self as files, Copied};
use super::say;
use crate::config::{Config, Storage};

/// Copy an instance while it serves: database, blobs and logs to one new directory, keys to another if asked.
///
/// The copy is opened and its ledger verified before the command says that it is there.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    /// The configuration file.
    #[arg(long)]
    config: PathBuf,
    /// Where data goes: must not exist yet.
    #[arg(long)]
    to: PathBuf,
    /// Where the key store and the master key go: must not exist yet, and is not for the same people.
    #[arg(long)]
    keys_to: Option<PathBuf>,
    /// PostgreSQL's own program for copies.
    #[arg(long, default_value = "pg_dump")]
    pg_dump: PathBuf,
}

pub(crate) fn run(command: &Backup) -> anyhow::Result<()> {
    let storage = Config::load(&command.config)?.storage;
    refuse_together(&command.to, command.keys_to.as_deref())?;
    let part = part_of(&command.to)?;
    make(&part)?;
    let (logs, blobs, found) = data(command, &storage, &part)?;
    let keys = match &command.keys_to {
        Some(to) => Some(keys(&storage, to)?),
        None => None,
    };
    let found = found.as_ref();
    check(&part, &logs, found)?;
    let report = json!({
        "v": 1,
        "at": SystemClock.now().rfc3339(),
        "version": env!("CARGO_PKG_VERSION"),
        "schema": found.map(|found| found.schema),
        "database": if found.is_some() { "data/cerebro.db" } else { "database.dump" },
        "logs": logs.iter().map(|log| log.told(found)).collect::<Vec<Json>>(),
        "blobs": {"files": blobs.files, "bytes": blobs.bytes},
        "keys": keys.map(|keys| json!({"files": keys.files})),
    });
    let report = serde_json::to_string_pretty(&report)?;
    std::fs::write(part.join("backup.json"), &report)?;
    give_name(&part, &command.to)?;
    say(&report);
    Ok(())
}

/// Logs, then the database, then blobs.
fn data(
    command: &Backup,
    storage: &Storage,
    part: &Path,
) -> anyhow::Result<(Vec<CopiedLog>, Copied, Option<Inspected>)> {
    let data = part.join("data");
    make(&data)?;
    let logs = logs(&storage.data.join("ledger"), &data.join("ledger"))?;
    ensure!(!logs.is_empty(), "{} holds no log: is this an instance?", storage.data.display());
    let found = match &storage.postgres {
        None => {
            let copy = data.join("cerebro.db");
            snapshot(&storage.data.join("cerebro.db"), &copy).context("the database cannot be copied")?;
            Some(inspect(&copy).context("the copy of the database")?)
        }
        Some(address) => {
            dump(&command.pg_dump, address, &part.join("database.dump"))?;
            None
        }
    };
    let from = storage.data.join("blobs");
    let blobs = files::tree(&from, &data.join("blobs")).with_context(|| from.display().to_string())?;
    Ok((logs, blobs, found))
}

/// A log that was copied.
struct CopiedLog {
    organisation: String,
    origin: String,
    signed: u64,
    directory: PathBuf,
}

impl CopiedLog {
    fn told(&self, found: Option<&Inspected>) -> Json {
        let held =
            found.and_then(|found| found.logs.iter().find(|(id, ..)| id.to_string() == self.organisation));
        let entries = held.map(|(_, entries, _)| *entries);
        json!({"organisation": self.organisation, "origin": self.origin, "signed": self.signed, "entries": entries})
    }
}

fn logs(from: &Path, into: &Path) -> anyhow::Result<Vec<CopiedLog>> {
    make(into)?;
    let mut copied = Vec::new();
    for entry in std::fs::read_dir(from).with_context(|| format!("{} cannot be read", from.display()))? {
        let (path, name) = {
            let entry = entry?;
            (entry.path(), entry.file_name())
        };
        if !path.join("checkpoint").is_file() {
            continue;
        }
        let directory = into.join(&name);
        // As one checkpoint signs it, whatever the sealer adds meanwhile.
        ledger::export(&path, &directory).with_context(|| format!("{} cannot be copied", path.display()))?;
        let note = std::fs::read_to_string(directory.join("checkpoint"))?;
        let checkpoint = ledger::Checkpoint::parse_note(&note)?;
        let organisation = name.to_string_lossy().into_owned();
        copied.push(CopiedLog {
            organisation,
            origin: checkpoint.origin,
            signed: checkpoint.size,
            directory,
        });
    }
    copied.sort_by(|one, other| one.organisation.cmp(&other.organisation));
    Ok(copied)
}

/// PostgreSQL copies itself, and its own tool says whether the copy can be read.
fn dump(program: &Path, address: &str, into: &Path) -> anyhow::Result<()> {
    let told = environment(address)?;
    let ran = Command::new(program)
        .args(["--format=custom", "--no-password", "--file"])
        .arg(into)
        .envs(told)
        .status()
        .with_context(|| {
            format!(
                "{} cannot be run: give the one of the server's version with --pg-dump",
                program.display()
            )
        })?;
    ensure!(ran.success(), "{} failed: there is no backup", program.display());
    std::fs::File::open(into)?.sync_all()?;
    let restore = program.with_file_name("pg_restore");
    let listed = Command::new(&restore).arg("--list").arg(into).output();
    let listed = listed.with_context(|| format!("{} cannot be run", restore.display()))?;
    ensure!(listed.status.success(), "{} cannot read what was copied", restore.display());
    Ok(())
}

fn keys(storage: &Storage, to: &Path) -> anyhow::Result<Copied> {
    let part = part_of(to)?;
    make(&part)?;
    let copied = files::tree(&storage.keys, &part.join("store")).context("the key store cannot be copied")?;
    files::file(&storage.master_key, &part.join("master.key")).context("the master key cannot be copied")?;
    give_name(&part, to)?;
    Ok(copied)
}

/// What was copied agrees with itself.
fn check(part: &Path, logs: &[CopiedLog], found: Option<&Inspected>) -> anyhow::Result<()> {
    for log in logs {
        let report = ledger::verify_directory(&log.directory, &[], None);
        ensure!(report.is_ok(), "the copy of {} does not verify:\n{report}", log.origin);
        let Some(found) = found else { continue };
        let held = found.logs.iter().find(|(id, ..)| id.to_string() == log.organisation);
        let (entries, last) = held.map_or((0, &[][..]), |(_, entries, last)| (*entries, last.as_slice()));
        ensure!(
            entries >= log.signed,
            "of {} entries of {} the database has {entries}",
            log.signed,
            log.origin
        );
        // Where the database went no further, its last entry is the log's.
        if entries == log.signed && entries > 0 {
            let mut leaves = ledger::Leaves::of(&log.directory, entries - 1)?;
            let leaf = leaves.next().transpose()?.map(|(_, leaf)| leaf);
            ensure!(
                leaf.as_deref() == Some(last),
                "the last entry of {} is another in the database",
                log.origin
            );
        }
    }
    let blobs = store::blob::Blobs::open(&part.join("data/blobs"))?;
    for id in found.iter().flat_map(|found| &found.blobs) {
        let blob = id.parse().with_context(|| format!("{id} is no blob's id"))?;
        blobs.reader(blob).with_context(|| format!("{id}, which the database names, is not there"))?;
    }
    Ok(())
}

fn refuse_together(to: &Path, keys: Option<&Path>) -> anyhow::Result<()> {
    let together = keys.is_some_and(|keys| keys.starts_with(to) || to.starts_with(keys));
    ensure!(!together, "keys do not stand with the data they open: give --keys-to another place");
    Ok(())
}

fn part_of(to: &Path) -> anyhow::Result<PathBuf> {
    if to.exists() {
        bail!("{} exists already: a backup is a new directory", to.display());
    }
    let mut name = to.file_name().context("not the name of a directory")?.to_owned();
    name.push(".part");
    let part = to.with_file_name(name);
    if part.exists() {
        bail!("{} stands there from an attempt that failed: remove it", part.display());
    }
    Ok(part)
}

fn make(directory: &Path) -> anyhow::Result<()> {
    let made = std::fs::DirBuilder::new().mode(0o700).recursive(true).create(directory);
    made.with_context(|| format!("{} cannot be made", directory.display()))
}

/// Everything in it is durable before it has its name.
fn give_name(part: &Path, to: &Path) -> anyhow::Result<()> {
    files::settle(part)?;
    std::fs::rename(part, to).with_context(|| to.display().to_string())?;
    let parent = to.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    Ok(std::fs::File::open(parent)?.sync_all()?)
}
