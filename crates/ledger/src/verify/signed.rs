//! The signed notes of a log: the latest checkpoint and those kept on the way.

use std::path::Path;

use super::contents::Milestone;
use super::{Place, Report};
use crate::export::kept_sizes;
use crate::files::Disk;
use crate::reader::read_note;
use crate::{Checkpoint, Verifier};

/// The key that came with the log, for who has no other.
pub(super) fn shipped_key(directory: &Path, report: &mut Report) -> Vec<Verifier> {
    report.not_show(
        "whose log this is: the signature was checked with the key found inside the directory only (--key)",
    );
    let shipped = read_note(&Disk, directory, "vkey").ok();
    match shipped.and_then(|text| Verifier::parse(&text).ok()) {
        Some(key) => vec![key],
        None => {
            report.fault(Place::file("vkey"), "no key was given and vkey holds none".to_owned());
            Vec::new()
        }
    }
}

/// The checkpoint that everything else is held against; without it there is nothing to verify.
pub(super) fn latest(directory: &Path, keys: &[Verifier], report: &mut Report) -> Option<Checkpoint> {
    match read(directory, "checkpoint", keys) {
        Ok(checkpoint) => Some(checkpoint),
        Err(reason) => {
            report.fault(Place::file("checkpoint"), reason);
            None
        }
    }
}

/// The kept checkpoints, smallest first. One that is larger than the latest says that a tail is gone.
pub(super) fn kept(
    directory: &Path,
    keys: &[Verifier],
    latest: &Checkpoint,
    report: &mut Report,
) -> Vec<Milestone> {
    let mut milestones = Vec::new();
    for size in kept_sizes(directory) {
        if report.full() {
            break;
        }
        let path = format!("checkpoints/{size}");
        match read(directory, &path, keys) {
            Ok(kept) if kept.size != size || kept.origin != latest.origin => {
                let text = format!("{path} holds the checkpoint of {} of size {}", kept.origin, kept.size);
                report.fault(Place::file(path), text);
            }
            Ok(kept) if kept.size > latest.size => {
                let text = format!("truncated: {path} was signed, only {} entries are here", latest.size);
                report.fault(Place::entries(latest.size, kept.size - 1).at(path), text);
            }
            Ok(kept) => {
                report.checkpoints += 1;
                milestones.push(Milestone { size, root: kept.root, name: path });
            }
            Err(reason) => report.fault(Place::file(path), reason),
        }
    }
    milestones
}

/// Reads a checkpoint that one of the keys signed under the log's own name.
fn read(directory: &Path, path: &str, keys: &[Verifier]) -> Result<Checkpoint, String> {
    let note = read_note(&Disk, directory, path).map_err(|error| error.to_string())?;
    let mut reason = format!("{path}: signed by none of the keys");
    for key in keys {
        match key.open(&note) {
            Ok(body) => {
                let checkpoint = Checkpoint::parse(body).map_err(|error| format!("{path}: {error}"))?;
                return if checkpoint.origin == key.name() {
                    Ok(checkpoint)
                } else {
                    Err(format!("{path}: the key of {} signed for {}", key.name(), checkpoint.origin))
                };
            }
            Err(error) => reason = format!("{path}: {error}"),
        }
    }
    Err(reason)
}
