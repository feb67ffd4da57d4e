//! The tiles among themselves: each level against the one below.

use super::contents::Milestone;
use super::report::{FAULTS_MAX, Place};
use crate::Hash;
use crate::reader::TileReader;
use crate::tile::{HEIGHT, WIDTH, hashes_at, tile_path};
use crate::tree::{self, perfect};

/// What the tiles say, without the entries.
#[derive(Debug, Default)]
pub(super) struct Tiles {
    /// Tiles that cannot be read or disagree with those below.
    pub(super) faults: Vec<(Place, String)>,
    /// The tiles' own roots at the signed sizes; `None` where a tile cannot be read.
    pub(super) roots: Option<Vec<Hash>>,
}

impl Tiles {
    /// Reads every tile; stops where too much is wrong.
    pub(super) fn check(reader: &TileReader<'_>, signed: &[Milestone]) -> Self {
        let mut tiles = Self::default();
        for level in (0..).take_while(|level| hashes_at(*level, reader.size) > 0) {
            for index in 0..hashes_at(level, reader.size).div_ceil(WIDTH) {
                tiles.tile(reader, level, index);
                if tiles.faults.len() > FAULTS_MAX {
                    return tiles;
                }
            }
        }
        let roots: Result<Vec<Hash>, _> =
            signed.iter().map(|milestone| tree::root(reader, milestone.size)).collect();
        tiles.roots = roots.ok();
        tiles
    }

    fn tile(&mut self, reader: &TileReader<'_>, level: u32, index: u64) {
        // Entries under one hash of this level.
        let span = 1_u64 << (level * HEIGHT);
        let range = |first: u64, hashes: u64| {
            let last = (first + hashes).saturating_mul(span).min(reader.size).saturating_sub(1);
            (first * span, last)
        };
        let hashes = match reader.tile(level, index) {
            Ok(hashes) => hashes,
            Err(error) => {
                let (first, last) = range(index * WIDTH, WIDTH);
                let place = Place::entries(first, last).at(error.path());
                self.faults.push((place, format!("entries {first}–{last}: {error}")));
                return;
            }
        };
        if level == 0 {
            return;
        }
        let path = tile_path(level, index, hashes.len() as u64);
        for (below, hash) in (index * WIDTH..).zip(&hashes) {
            // The full tile below is read itself: asking for this level's hash would compare it with itself. One that
            // cannot be read is told at its own level.
            if reader.tile(level - 1, below).is_ok_and(|tile| perfect(&tile) != *hash) {
                let (first, last) = range(below, 1);
                let place = Place::entries(first, last).at(path.clone());
                let text = format!("entries {first}–{last}: {path} disagrees with the tiles below it");
                self.faults.push((place, text));
            }
        }
    }
}
