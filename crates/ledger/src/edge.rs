//! The right edge of a growing tree: all that is needed to add leaves, and every file that adding them writes. Pure.

use crate::reader::{ReadError, TileReader};
use crate::tile::{HEIGHT, WIDTH, bundle_path, encode_bundle, encode_tile, hashes_at, tile_path};
use crate::tree::{fold, perfect};
use crate::{Hash, leaf_hash};

/// Paths in the log's directory, with what is to stand there.
pub(crate) type NewFiles = Vec<(String, Vec<u8>)>;

/// What the next entries are added to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Edge {
    size: u64,
    /// The unfinished tile of each level, lowest first.
    tiles: Vec<Vec<Hash>>,
    /// The entries of the unfinished bundle.
    bundle: Vec<Vec<u8>>,
}

/// Index and width of the unfinished tile of a level.
const fn unfinished(level: u32, size: u64) -> (u64, u64) {
    let count = hashes_at(level, size);
    (count / WIDTH, count % WIDTH)
}

impl Edge {
    /// The edge of a log, from its files.
    pub(crate) fn load(reader: &TileReader<'_>) -> Result<Self, ReadError> {
        let mut edge = Self { size: reader.size, ..Self::default() };
        for level in (0..).take_while(|level| hashes_at(*level, reader.size) > 0) {
            let (index, width) = unfinished(level, reader.size);
            edge.tiles.push(if width == 0 { Vec::new() } else { reader.tile(level, index)? });
        }
        let (index, width) = unfinished(0, reader.size);
        if width > 0 {
            edge.bundle = reader.entries(index)?;
        }
        Ok(edge)
    }

    /// How many entries stand left of it.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }

    /// The root of all that stands left of it.
    pub(crate) fn root(&self) -> Hash {
        // Perfect subtrees from left to right: the highest level's first.
        let mut parts = Vec::new();
        for tile in self.tiles.iter().rev() {
            let mut rest = tile.as_slice();
            while !rest.is_empty() {
                let (whole, after) = rest.split_at(1 << rest.len().ilog2());
                parts.push(perfect(whole));
                rest = after;
            }
        }
        fold(&parts)
    }

    /// The edge after `leaves`, and every file that growth writes: full tiles and bundles as they fill, then the
    /// partial ones that are left.
    pub(crate) fn grow(&self, leaves: &[Vec<u8>]) -> (Self, NewFiles) {
        let (mut grown, mut files) = (self.clone(), Vec::new());
        for leaf in leaves {
            grown.push(leaf, &mut files);
        }
        for (level, tile) in (0_u32..).zip(&grown.tiles) {
            // A level whose tile did not change has its file already.
            let unchanged = hashes_at(level, self.size) == hashes_at(level, grown.size);
            if tile.is_empty() || unchanged {
                continue;
            }
            let (index, width) = unfinished(level, grown.size);
            files.push((tile_path(level, index, width), encode_tile(tile)));
            if level == 0 {
                files.push((bundle_path(index, width), encode_bundle(&grown.bundle)));
            }
        }
        (grown, files)
    }

    /// Adds one leaf; a tile that fills is written and its root goes up a level.
    fn push(&mut self, leaf: &[u8], files: &mut NewFiles) {
        self.bundle.push(leaf.to_vec());
        let mut carry = leaf_hash(leaf);
        for level in 0_u32.. {
            let place = level as usize;
            if self.tiles.len() == place {
                self.tiles.push(Vec::new());
            }
            let Some(tile) = self.tiles.get_mut(place) else { break };
            tile.push(carry);
            if (tile.len() as u64) < WIDTH {
                break;
            }
            let index = self.size >> ((level + 1) * HEIGHT);
            files.push((tile_path(level, index, WIDTH), encode_tile(tile)));
            if level == 0 {
                files.push((bundle_path(index, WIDTH), encode_bundle(&self.bundle)));
                self.bundle.clear();
            }
            carry = perfect(tile);
            tile.clear();
        }
        self.size += 1;
    }

    /// The directories of partial tiles and bundles whose full ones came with `grown`: they serve nobody any more.
    pub(crate) fn superseded_by(&self, grown: &Self) -> Vec<String> {
        let mut paths = Vec::new();
        for (level, _) in (0_u32..).zip(&self.tiles) {
            let ((index, width), after) = (unfinished(level, self.size), unfinished(level, grown.size));
            if index == after.0 || width == 0 {
                continue;
            }
            paths.push(format!("{}.p", tile_path(level, index, WIDTH)));
            if level == 0 {
                paths.push(format!("{}.p", bundle_path(index, WIDTH)));
            }
        }
        paths
    }
}
