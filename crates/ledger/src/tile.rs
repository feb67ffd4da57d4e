//! C2SP tlog-tiles: where tiles and entry bundles stand, and what is in them.

use crate::Hash;

/// Hashes in a full tile, entries in a full bundle.
pub const WIDTH: u64 = 256;
/// Levels of the tree that one tile spans.
pub const HEIGHT: u32 = 8;

/// `x001/x234/067` for 1234067.
fn number(mut index: u64) -> String {
    let mut text = format!("{:03}", index % 1_000);
    while index >= 1_000 {
        index /= 1_000;
        text = format!("x{:03}/{text}", index % 1_000);
    }
    text
}

fn with_width(path: String, width: u64) -> String {
    if width == WIDTH { path } else { format!("{path}.p/{width}") }
}

/// Where the tile `index` of `level` stands, with `width` hashes (1..=256).
#[must_use]
pub fn tile_path(level: u32, index: u64, width: u64) -> String {
    with_width(format!("tile/{level}/{}", number(index)), width)
}

/// Where the bundle `index` stands, with `width` entries (1..=256).
#[must_use]
pub fn bundle_path(index: u64, width: u64) -> String {
    with_width(format!("tile/entries/{}", number(index)), width)
}

/// How many hashes level `level` holds in a log of `size`, and so which tiles: full ones, and one of the rest.
#[must_use]
pub const fn hashes_at(level: u32, size: u64) -> u64 {
    let shift = level * HEIGHT;
    if shift >= 64 { 0 } else { size >> shift }
}

/// The width of tile (or bundle, at level 0) `index` in a log of `size`.
#[must_use]
pub const fn width_at(level: u32, index: u64, size: u64) -> u64 {
    let left = hashes_at(level, size).saturating_sub(index * WIDTH);
    if left > WIDTH { WIDTH } else { left }
}

/// Hashes as a tile's bytes.
#[must_use]
pub fn encode_tile(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| hash.0).collect()
}

/// A tile's bytes as `width` hashes; `None` when it has another length.
#[must_use]
pub fn decode_tile(bytes: &[u8], width: u64) -> Option<Vec<Hash>> {
    let hashes: Vec<Hash> = bytes.chunks(32).filter_map(Hash::from_slice).collect();
    let exact = bytes.len().is_multiple_of(32) && hashes.len() as u64 == width;
    exact.then_some(hashes)
}

/// Entries as a bundle's bytes: each with its length before it, two bytes big-endian.
#[must_use]
pub fn encode_bundle(entries: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        // Longer entries are refused before they come here.
        let length = u16::try_from(entry.len()).unwrap_or(u16::MAX);
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    bytes
}

/// A bundle's bytes as its entries; `None` when they do not add up.
#[must_use]
pub fn decode_bundle(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let (entry, rest) = next_entry(bytes)?;
        entries.push(entry);
        bytes = rest;
    }
    Some(entries)
}

/// The first entry of a bundle's bytes and what follows; `None` at the end, or where it breaks.
pub(crate) fn next_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<2>()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}
