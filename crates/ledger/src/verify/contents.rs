//! Entries and tiles against each other and against every signed root.

use std::path::Path;

use super::entries::Walk;
use super::tiles::Tiles;
use super::{Place, Report};
use crate::files::Disk;
use crate::reader::TileReader;
use crate::{Checkpoint, Hash};

/// A root that was signed for the first `size` entries.
#[derive(Debug, Clone)]
pub(super) struct Milestone {
    pub(super) size: u64,
    pub(super) root: Hash,
    /// Where it was signed, as the report says it.
    pub(super) name: String,
}

/// Checks all contents of a log; true when everything agrees with everything.
pub(super) fn check(
    directory: &Path,
    latest: &Checkpoint,
    milestones: &[Milestone],
    report: &mut Report,
) -> bool {
    let reader = TileReader { files: &Disk, directory, size: latest.size };
    let before = report.faults.len();
    let mut signed = milestones.to_vec();
    signed.push(Milestone { size: latest.size, root: latest.root, name: "the latest checkpoint".to_owned() });

    let walk = Walk::through(&reader, &signed);
    let tiles = Tiles::check(&reader, &signed);
    let (entries_sound, tiles_sound) =
        (gives(&walk.roots, latest), tiles.faults.is_empty() && gives(&tiles.roots, latest));
    for finding in walk.findings {
        finding.report(entries_sound, tiles_sound, report);
    }
    for (place, text) in tiles.faults {
        report.fault(place, text);
    }
    // Whichever gives the signed root tells what the smaller checkpoints should have been; else what there is.
    let roots =
        if entries_sound || (!tiles_sound && walk.roots.is_some()) { walk.roots } else { tiles.roots };
    if let Some(roots) = roots {
        compare(&signed, &roots, latest, report);
    }
    let sound = report.faults.len() == before;
    if sound {
        report
            .show(format!("all {} entries stand under the signed root, unchanged and in order", latest.size));
    }
    sound
}

/// Roots at the signed sizes, when the last of them is the one that was signed.
fn gives(roots: &Option<Vec<Hash>>, latest: &Checkpoint) -> bool {
    roots.as_ref().and_then(|roots| roots.last()) == Some(&latest.root)
}

/// Holds the roots of what is here against those that were signed, and names the range where they part.
fn compare(signed: &[Milestone], roots: &[Hash], latest: &Checkpoint, report: &mut Report) {
    let latest_agrees = roots.last() == Some(&latest.root);
    let mut agreed = 0;
    for (milestone, root) in signed.iter().zip(roots) {
        if milestone.root == *root {
            agreed = milestone.size;
            continue;
        }
        let last = milestone.size.saturating_sub(1);
        let (name, size) = (&milestone.name, milestone.size);
        let place = Place::entries(agreed, last);
        if latest_agrees {
            // The same key signed something else: that is no damage to a file.
            report.fault(place, format!("entries {agreed}–{last}: {name} signed another history of these {size} entries than the latest checkpoint did"));
            continue;
        }
        let until =
            if agreed == 0 { "no smaller one does".to_owned() } else { format!("the one of {agreed} does") };
        report.fault(place, format!("entries {agreed}–{last}: not what was signed; {name} of {size} entries does not agree, {until}"));
        break;
    }
}
