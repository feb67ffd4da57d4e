//! Verifies a log from files and a public key: no database, no network, nothing of ours but this crate.

use std::fmt;
use std::path::Path;

use serde::Serialize;

use crate::files::Disk;
use crate::log::TileReader;
use crate::tile::{HEIGHT, WIDTH, bundle_path, decode_bundle, hashes_at, width_at};
use crate::tree::{self, Subtrees};
use crate::{Checkpoint, Files, Hash, Verifier, leaf_hash};

/// Faults named one by one; more are counted.
const FAULTS_MAX: usize = 50;

/// What was checked, what is wrong, and what cannot be shown this way.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Report {
    /// The log verifies.
    pub ok: bool,
    /// The log's name.
    pub origin: String,
    /// Entries under the latest checkpoint.
    pub size: u64,
    /// Its root, base64.
    pub root: String,
    /// Signed checkpoints that were checked.
    pub checkpoints: usize,
    /// What is wrong, each with its place.
    pub faults: Vec<String>,
    /// Faults that were counted, not named.
    pub more_faults: u64,
    /// What this verification shows.
    pub shown: Vec<String>,
    /// What it does not show.
    pub not_shown: Vec<String>,
}

impl Report {
    /// The log verifies.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        self.ok
    }

    fn fault(&mut self, text: String) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(text);
        } else {
            self.more_faults += 1;
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "log          {}", self.origin)?;
        writeln!(f, "entries      {}", self.size)?;
        writeln!(f, "root         {}", self.root)?;
        writeln!(f, "checkpoints  {}", self.checkpoints)?;
        for line in &self.shown {
            writeln!(f, "shown        {line}")?;
        }
        for line in &self.not_shown {
            writeln!(f, "not shown    {line}")?;
        }
        for line in &self.faults {
            writeln!(f, "FAULT        {line}")?;
        }
        if self.more_faults > 0 {
            writeln!(f, "FAULT        and {} more", self.more_faults)?;
        }
        f.write_str(if self.ok { "VERIFIED" } else { "NOT VERIFIED" })
    }
}

/// Verifies the log in a directory. Without keys, the one shipped inside is used and the report says what that is
/// worth. `at_least` is a checkpoint seen earlier: a log that lost its tail shows.
#[must_use]
pub fn verify_directory(directory: &Path, keys: &[Verifier], at_least: Option<&Checkpoint>) -> Report {
    let mut report = Report::default();
    let keys = match keys {
        [] => shipped_key(directory, &mut report),
        given => given.to_vec(),
    };
    if let Some(checkpoint) = latest(directory, &keys, &mut report) {
        report.origin.clone_from(&checkpoint.origin);
        report.size = checkpoint.size;
        report.root = checkpoint.root.to_string();
        let sound = check_tree(directory, &checkpoint, &mut report);
        check_kept(directory, &keys, &checkpoint, sound, &mut report);
        check_at_least(directory, &checkpoint, at_least, &mut report);
    }
    report.ok = report.faults.is_empty() && report.more_faults == 0;
    report.not_shown.extend([
        "that no other version of this log was shown to somebody else: that takes a witness".to_owned(),
        "that the entries say the truth: only that nobody changed, removed or inserted one since it was signed".to_owned(),
    ]);
    if at_least.is_none() {
        let text =
            "that the newest entries are all here: compare with a checkpoint seen earlier (--at-least)";
        report.not_shown.push(text.to_owned());
    }
    report
}

fn shipped_key(directory: &Path, report: &mut Report) -> Vec<Verifier> {
    let text =
        "whose log this is: the signature was checked with the key found inside the directory only (--key)";
    report.not_shown.push(text.to_owned());
    let shipped = std::fs::read_to_string(directory.join("vkey")).ok();
    match shipped.and_then(|text| Verifier::parse(&text).ok()) {
        Some(key) => vec![key],
        None => {
            report.fault("no key was given and vkey holds none".to_owned());
            Vec::new()
        }
    }
}

fn open(note: &str, keys: &[Verifier]) -> Result<Checkpoint, String> {
    let mut reason = "signed by none of the keys".to_owned();
    for key in keys {
        match key.open(note) {
            Ok(body) => {
                let checkpoint = Checkpoint::parse(body).map_err(|error| error.to_string())?;
                return if checkpoint.origin == key.name() {
                    Ok(checkpoint)
                } else {
                    Err(format!("the key of {} signed for {}", key.name(), checkpoint.origin))
                };
            }
            Err(error) => reason = error.to_string(),
        }
    }
    Err(reason)
}

fn latest(directory: &Path, keys: &[Verifier], report: &mut Report) -> Option<Checkpoint> {
    let note = match std::fs::read_to_string(directory.join("checkpoint")) {
        Ok(note) => note,
        Err(error) => {
            report.fault(format!("checkpoint: {error}"));
            return None;
        }
    };
    match open(&note, keys) {
        Ok(checkpoint) => {
            report
                .shown
                .push(format!("the checkpoint of size {} is signed by the log's key", checkpoint.size));
            Some(checkpoint)
        }
        Err(reason) => {
            report.fault(format!("checkpoint: {reason}"));
            None
        }
    }
}

/// Entries against the lowest tiles, each level against the one below, all against the root. True when the tiles are
/// sound and give the root.
fn check_tree(directory: &Path, checkpoint: &Checkpoint, report: &mut Report) -> bool {
    let reader = TileReader { files: &Disk, directory, size: checkpoint.size };
    let faults = report.faults.len();
    check_entries(&reader, report);
    for level in 1.. {
        if hashes_at(level, checkpoint.size) == 0 {
            break;
        }
        check_level(&reader, level, report);
    }
    match tree::root(&reader, checkpoint.size) {
        Ok(root) if root == checkpoint.root => {}
        Ok(_) => report.fault(format!("the tiles do not give the signed root of size {}", checkpoint.size)),
        Err(error) => report.fault(error.to_string()),
    }
    let sound = report.faults.len() == faults;
    if sound {
        report.shown.push(format!(
            "all {} entries stand under the signed root, unchanged and in order",
            checkpoint.size
        ));
    }
    sound
}

fn check_entries(reader: &TileReader<'_>, report: &mut Report) {
    for index in 0..reader.size.div_ceil(WIDTH) {
        let (first, width) = (index * WIDTH, width_at(0, index, reader.size));
        let range = format!("entries {first}–{}", first + width - 1);
        let tile = match reader.tile(0, index) {
            Ok(tile) => tile,
            Err(error) => {
                report.fault(format!("{range}: {error}"));
                continue;
            }
        };
        let bytes = match Disk.get(&reader.directory.join(bundle_path(index, width))) {
            Ok(bytes) => bytes,
            Err(error) => {
                report.fault(format!("{range}: {} {error}", bundle_path(index, width)));
                continue;
            }
        };
        compare_bundle(first, &bytes, &tile, report);
    }
}

/// Names the first entry that is not what its tile says, and each further one that stands alone.
fn compare_bundle(first: u64, bytes: &[u8], tile: &[Hash], report: &mut Report) {
    let Some(entries) = decode_bundle(bytes) else {
        let index = first + first_broken(bytes, tile);
        report.fault(format!("entry {index}: the bundle breaks here"));
        return;
    };
    for (place, hash) in tile.iter().enumerate() {
        let index = first + place as u64;
        match entries.get(place) {
            Some(entry) if leaf_hash(entry) == *hash => {}
            Some(_) => report.fault(format!("entry {index}: entry and tile disagree")),
            None => report.fault(format!("entry {index}: missing from its bundle")),
        }
    }
    if entries.len() > tile.len() {
        report.fault(format!("entry {}: more entries than the log has", first + tile.len() as u64));
    }
}

/// How many entries of a broken bundle still agree with their tile.
fn first_broken(mut bytes: &[u8], tile: &[Hash]) -> u64 {
    let mut good = 0;
    for hash in tile {
        let Some((length, rest)) = bytes.split_first_chunk::<2>() else { break };
        let Some((entry, rest)) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length))) else {
            break;
        };
        if leaf_hash(entry) != *hash {
            break;
        }
        good += 1;
        bytes = rest;
    }
    good
}

fn check_level(reader: &TileReader<'_>, level: u32, report: &mut Report) {
    for index in 0..hashes_at(level, reader.size).div_ceil(WIDTH) {
        let tile = match reader.tile(level, index) {
            Ok(tile) => tile,
            Err(error) => {
                report.fault(error.to_string());
                continue;
            }
        };
        for (place, hash) in tile.iter().enumerate() {
            let below = index * WIDTH + place as u64;
            let span = 1_u64 << (level * HEIGHT);
            match reader.subtree((level - 1) * HEIGHT + HEIGHT, below) {
                Ok(expected) if expected == *hash => {}
                Ok(_) | Err(_) => report.fault(format!(
                    "entries {}–{}: tile of level {level} disagrees with the tiles below it",
                    below * span,
                    (below + 1) * span - 1
                )),
            }
        }
    }
}

/// Every kept checkpoint must be signed and be a prefix; the first that is not names the range where history changed.
fn check_kept(
    directory: &Path,
    keys: &[Verifier],
    checkpoint: &Checkpoint,
    sound: bool,
    report: &mut Report,
) {
    let mut sizes: Vec<u64> = std::fs::read_dir(directory.join("checkpoints"))
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    sizes.sort_unstable();
    let reader = TileReader { files: &Disk, directory, size: checkpoint.size };
    let mut agreed = 0;
    for size in sizes {
        let note = std::fs::read_to_string(directory.join(format!("checkpoints/{size}"))).unwrap_or_default();
        let kept = match open(&note, keys) {
            Ok(kept) if kept.size == size && kept.origin == checkpoint.origin => kept,
            Ok(_) => {
                report.fault(format!("checkpoints/{size}: holds another checkpoint"));
                continue;
            }
            Err(reason) => {
                report.fault(format!("checkpoints/{size}: {reason}"));
                continue;
            }
        };
        report.checkpoints += 1;
        // Kept by a sealer after the export's own checkpoint was read: nothing here can check it.
        if size > checkpoint.size {
            continue;
        }
        match tree::root(&reader, size) {
            Ok(root) if root == kept.root => agreed = size,
            Ok(_) => report.fault(format!(
                "entries {agreed}–{}: history differs from the checkpoint of size {size}, the one of {agreed} agrees",
                size.saturating_sub(1)
            )),
            Err(_) if !sound => {}
            Err(error) => report.fault(error.to_string()),
        }
    }
}

fn check_at_least(
    directory: &Path,
    checkpoint: &Checkpoint,
    at_least: Option<&Checkpoint>,
    report: &mut Report,
) {
    let Some(seen) = at_least else { return };
    if seen.origin != checkpoint.origin {
        report.fault(format!("the checkpoint seen earlier is of {}", seen.origin));
        return;
    }
    if seen.size > checkpoint.size {
        report.fault(format!(
            "truncated: {} entries were signed before, {} are here",
            seen.size, checkpoint.size
        ));
        return;
    }
    let reader = TileReader { files: &Disk, directory, size: checkpoint.size };
    match tree::root(&reader, seen.size) {
        Ok(root) if root == seen.root => {
            report.shown.push(format!(
                "it holds, unchanged, the {} entries of the checkpoint seen earlier",
                seen.size
            ));
        }
        Ok(_) => report.fault(format!(
            "entries 0–{}: differ from what the checkpoint seen earlier signed",
            seen.size.saturating_sub(1)
        )),
        Err(error) => report.fault(error.to_string()),
    }
}
