//! The entries themselves: each against its tile's hash, all of them into roots of their own.

use super::contents::Milestone;
use super::report::FAULTS_MAX;
use super::{Place, Report};
use crate::reader::{Found, TileReader};
use crate::tile::{WIDTH, decode_bundle, next_entry, tile_path, width_at};
use crate::tree::Frontier;
use crate::{Hash, leaf_hash};

/// What is wrong with one entry, or with a bundle of them.
#[derive(Debug)]
pub(super) enum Finding {
    /// Its hash is not the one in the tile.
    Disagree { index: u64, bundle: String, tile: String },
    /// From here on the bundle's lengths do not add up.
    Broken { index: u64, bundle: String },
    /// The bundle ends before it.
    Missing { index: u64, bundle: String },
    /// The bundle goes on after the last one.
    TooMany { index: u64, bundle: String },
    /// The whole bundle is not there.
    Unreadable { first: u64, last: u64, path: String, why: String },
}

impl Finding {
    /// Into the report, saying which side was altered where one of them gives the signed root.
    pub(super) fn report(self, entries_sound: bool, tiles_sound: bool, report: &mut Report) {
        let (place, text) = match self {
            Self::Disagree { index, tile, .. } if entries_sound => {
                let text = format!(
                    "entry {index}: entry and tile disagree; the entry is as signed, {tile} was altered"
                );
                (Place::entry(index, tile), text)
            }
            Self::Disagree { index, bundle, .. } if tiles_sound => {
                let text =
                    format!("entry {index}: entry and tile disagree; the entry in {bundle} was altered");
                (Place::entry(index, bundle), text)
            }
            Self::Disagree { index, bundle, tile } => {
                let text = format!(
                    "entry {index}: entry and tile disagree; neither {bundle} nor {tile} gives the signed root"
                );
                (Place::entry(index, bundle), text)
            }
            Self::Broken { index, bundle } => {
                let text = format!("entry {index}: {bundle} breaks here");
                (Place::entry(index, bundle), text)
            }
            Self::Missing { index, bundle } => {
                let text = format!("entry {index}: missing, {bundle} ends before it");
                (Place::entry(index, bundle), text)
            }
            Self::TooMany { index, bundle } => {
                let text = format!("entry {index}: {bundle} holds more entries than the log");
                (Place::entry(index, bundle), text)
            }
            Self::Unreadable { first, last, path, why } => {
                (Place::entries(first, last).at(path), format!("entries {first}–{last}: {why}"))
            }
        };
        report.fault(place, text);
    }
}

/// All bundles of a log, read once.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) findings: Vec<Finding>,
    /// The entries' own roots at the signed sizes; `None` where entries are missing.
    pub(super) roots: Option<Vec<Hash>>,
}

impl Walk {
    /// Reads every bundle, smallest index first; stops where too many are not there.
    pub(super) fn through(reader: &TileReader<'_>, signed: &[Milestone]) -> Self {
        let (mut walk, mut roots) = (Self::default(), Roots::new(signed));
        let (mut whole, mut unreadable) = (true, 0);
        for index in 0..reader.size.div_ceil(WIDTH) {
            let (first, width) = (index * WIDTH, width_at(0, index, reader.size));
            match reader.bundle(index) {
                Ok(found) => whole &= walk.bundle(reader, index, &found, &mut roots),
                Err(error) => {
                    let (path, why) = (error.path().to_owned(), error.to_string());
                    walk.find(Finding::Unreadable { first, last: first + width - 1, path, why });
                    (whole, unreadable) = (false, unreadable + 1);
                }
            }
            if unreadable > FAULTS_MAX {
                return walk;
            }
        }
        walk.roots = whole.then(|| roots.finish());
        walk
    }

    /// Enough to name, and one more to say that there are more.
    fn find(&mut self, finding: Finding) {
        if self.findings.len() <= FAULTS_MAX {
            self.findings.push(finding);
        }
    }

    /// One bundle; true when every entry of it could be read.
    fn bundle(&mut self, reader: &TileReader<'_>, index: u64, found: &Found, roots: &mut Roots<'_>) -> bool {
        let (first, width) = (index * WIDTH, width_at(0, index, reader.size));
        // A tile that cannot be read is told with the tiles.
        let tile = reader.tile(0, index).unwrap_or_default();
        let Some(entries) = decode_bundle(&found.bytes) else {
            let index = first + first_broken(&found.bytes, &tile);
            self.find(Finding::Broken { index, bundle: found.path.clone() });
            return false;
        };
        for (place, index) in (0..).zip(first..first + width) {
            let Some(entry) = entries.get(place) else {
                self.find(Finding::Missing { index, bundle: found.path.clone() });
                return false;
            };
            let hash = leaf_hash(entry);
            roots.push(hash);
            if tile.get(place).is_some_and(|expected| *expected != hash) {
                let (bundle, tile) = (found.path.clone(), tile_path(0, index / WIDTH, width));
                self.find(Finding::Disagree { index, bundle, tile });
            }
        }
        if entries.len() as u64 > found.width {
            self.find(Finding::TooMany { index: first + found.width, bundle: found.path.clone() });
        }
        true
    }
}

/// How many entries of a broken bundle still read, and agree with their tile.
fn first_broken(mut bytes: &[u8], tile: &[Hash]) -> u64 {
    let mut good: usize = 0;
    while let Some((entry, rest)) = next_entry(bytes) {
        if tile.get(good).is_some_and(|expected| *expected != leaf_hash(entry)) {
            break;
        }
        good += 1;
        bytes = rest;
    }
    good as u64
}

/// Roots at the signed sizes, taken while the entries go by.
struct Roots<'a> {
    frontier: Frontier,
    waiting: std::slice::Iter<'a, Milestone>,
    taken: Vec<Hash>,
}

impl<'a> Roots<'a> {
    fn new(signed: &'a [Milestone]) -> Self {
        Self { frontier: Frontier::default(), waiting: signed.iter(), taken: Vec::new() }
    }

    fn take(&mut self) {
        while self.waiting.as_slice().first().is_some_and(|next| next.size == self.frontier.size()) {
            self.waiting.next();
            self.taken.push(self.frontier.root());
        }
    }

    fn push(&mut self, leaf: Hash) {
        self.take();
        self.frontier.push(leaf);
    }

    fn finish(mut self) -> Vec<Hash> {
        self.take();
        self.taken
    }
}
