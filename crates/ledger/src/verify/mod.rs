//! Verifies a log from files and a public key: no database, no network, nothing of ours but this crate.
//!
//! Entries and tiles say the same thing twice. The root is computed from each of them alone and held against every
//! signed checkpoint, so that where they disagree the report can say which of the two is what was signed.

mod contents;
mod entries;
mod files;
mod report;
mod signed;
mod tiles;

use std::path::Path;

use contents::Milestone;
pub use report::{Place, Report};

use crate::{Checkpoint, Verifier};

/// Verifies the log in a directory. Without keys, the one shipped inside is used and the report says what that is
/// worth. `at_least` is a checkpoint seen earlier, taken at its word: a log that lost its tail shows.
#[must_use]
pub fn verify_directory(directory: &Path, keys: &[Verifier], at_least: Option<&Checkpoint>) -> Report {
    let mut report = Report::default();
    let keys = match keys {
        [] => signed::shipped_key(directory, &mut report),
        given => given.to_vec(),
    };
    if let Some(latest) = signed::latest(directory, &keys, &mut report) {
        report.begin(&latest);
        let mut milestones = signed::kept(directory, &keys, &latest, &mut report);
        let kept = milestones.iter().map(|kept| kept.size).max();
        milestones.extend(at_least.and_then(|seen| seen_earlier(seen, &latest, &mut report)));
        milestones.sort_by_key(|milestone| milestone.size);
        let agreed = contents::check(directory, &latest, &milestones, &mut report);
        if let (true, Some(kept)) = (agreed, kept) {
            let (count, s) = (report.checkpoints, if report.checkpoints == 1 { "" } else { "s" });
            report.show(format!(
                "it only grew since each of its {count} kept checkpoint{s}, the latest of {kept} entries"
            ));
        }
        if let (true, Some(seen)) = (agreed, at_least) {
            report.show(format!(
                "it holds, unchanged, the {} entries of the checkpoint seen earlier",
                seen.size
            ));
        }
        files::name_others(directory, latest.size, &mut report);
    }
    report.ok = report.faults.is_empty() && !report.more_faults;
    report.not_show("that no other version of this log was shown to somebody else: that takes a witness");
    report.not_show(
        "that the entries say the truth: only that nobody changed, removed or inserted one since it was signed",
    );
    if at_least.is_none() {
        report.not_show(
            "that the newest entries are all here: compare with a checkpoint seen earlier (--at-least)",
        );
    }
    report
}

/// A checkpoint that the caller remembers, as something the log must agree with.
fn seen_earlier(seen: &Checkpoint, latest: &Checkpoint, report: &mut Report) -> Option<Milestone> {
    if seen.origin != latest.origin {
        report.fault(Place::default(), format!("the checkpoint seen earlier is of {}", seen.origin));
        return None;
    }
    if seen.size > latest.size {
        report.fault(
            Place::entries(latest.size, seen.size - 1),
            format!("truncated: {} entries were signed before, {} are here", seen.size, latest.size),
        );
        return None;
    }
    Some(Milestone { size: seen.size, root: seen.root, name: "the checkpoint seen earlier".to_owned() })
}
