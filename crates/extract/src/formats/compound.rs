//! Compound files ([MS-CFB]): a file system within a file, under old Office documents, Outlook messages and encrypted
//! new documents. Read tolerantly: a chain that breaks gives what came before.

use super::bytes::{slice, u8_at, u16_at, u32_at, u64_at, utf16};
use crate::work::Work;

const SIGNATURE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Sector numbers from here up mean something else: end of chain, free ([MS-CFB] §2.1).
const MAXREGSECT: u32 = 0xffff_fffa;
/// No such entry.
const NOSTREAM: u32 = 0xffff_ffff;
const ENTRY_BYTES: usize = 128;
/// Streams shorter than this stand in the mini stream.
const MINI_CUTOFF: usize = 4_096;
/// Entries of a directory that are read.
const ENTRIES_MAX: usize = 20_000;

/// A compound file.
pub(crate) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    mini_sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

/// A storage or a stream.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) is_storage: bool,
    start: u32,
    size: usize,
    left: u32,
    right: u32,
    child: u32,
    /// The storage it stands in; the root stands in itself.
    parent: Option<usize>,
}

/// The root storage.
pub(crate) const ROOT: usize = 0;

impl<'a> Compound<'a> {
    /// `None` when it is none, or its directory cannot be found.
    pub(crate) fn open(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(SIGNATURE) {
            return None;
        }
        let shift = |at| u16_at(bytes, at).map(u32::from);
        let sector = 1_usize.checked_shl(shift(0x1e)?).filter(|size| (512..=4_096).contains(size))?;
        let mini_sector = 1_usize.checked_shl(shift(0x20)?).filter(|size| (16..=512).contains(size))?;
        let mut this = Self {
            bytes,
            sector,
            mini_sector,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
        };
        this.fat = this.read_fat();
        let directory = this.chain(u32_at(bytes, 0x30)?, bytes.len());
        this.entries = directory.chunks_exact(ENTRY_BYTES).take(ENTRIES_MAX).filter_map(entry).collect();
        let root = this.entries.first()?.clone();
        this.mini_fat = numbers(&this.chain(u32_at(bytes, 0x3c)?, bytes.len()));
        this.mini_stream = this.chain(root.start, root.size);
        this.place_entries();
        Some(this)
    }

    /// The file allocation table, through the header's list and its continuation.
    fn read_fat(&self) -> Vec<u32> {
        let mut lists = numbers(slice(self.bytes, 0x4c, 109 * 4));
        let mut next = u32_at(self.bytes, 0x44).unwrap_or(MAXREGSECT);
        // Each sector of the continuation counts once: a circle ends.
        for _ in 0..self.bytes.len() / self.sector {
            if next >= MAXREGSECT {
                break;
            }
            let mut more = numbers(self.sector_bytes(next));
            next = more.pop().unwrap_or(MAXREGSECT);
            lists.extend(more);
        }
        // A table cannot name more sectors than there are.
        let most = self.bytes.len() / self.sector + 1;
        let sectors = lists.into_iter().filter(|sector| *sector < MAXREGSECT);
        let tables = sectors.take(most).flat_map(|sector| numbers(self.sector_bytes(sector)));
        tables.take(most).collect()
    }

    fn sector_bytes(&self, sector: u32) -> &'a [u8] {
        let at = usize::try_from(sector).ok().and_then(|sector| (sector + 1).checked_mul(self.sector));
        at.map_or(&[][..], |at| slice(self.bytes, at, self.sector))
    }

    /// At most `size` bytes of a chain of sectors.
    fn chain(&self, start: u32, size: usize) -> Vec<u8> {
        let mut found = Vec::new();
        let mut next = start;
        for _ in 0..=self.fat.len() {
            let sector = self.sector_bytes(next);
            if next >= MAXREGSECT || sector.is_empty() || found.len() >= size {
                break;
            }
            found.extend_from_slice(sector);
            next = usize::try_from(next).ok().and_then(|at| self.fat.get(at)).copied().unwrap_or(MAXREGSECT);
        }
        found.truncate(size);
        found
    }

    fn mini_chain(&self, start: u32, size: usize) -> Vec<u8> {
        let mut found = Vec::new();
        let mut next = start;
        for _ in 0..=self.mini_fat.len() {
            let Some(at) = usize::try_from(next).ok().filter(|_| next < MAXREGSECT) else { break };
            if found.len() >= size {
                break;
            }
            found.extend_from_slice(slice(
                &self.mini_stream,
                at.saturating_mul(self.mini_sector),
                self.mini_sector,
            ));
            next = self.mini_fat.get(at).copied().unwrap_or(MAXREGSECT);
        }
        found.truncate(size);
        found
    }

    /// Puts every reachable entry into its storage. An entry is placed once, so that no circle holds us.
    fn place_entries(&mut self) {
        let mut waiting = vec![(self.entries.first().map_or(NOSTREAM, |root| root.child), ROOT)];
        if let Some(root) = self.entries.first_mut() {
            root.parent = Some(ROOT);
        }
        while let Some((number, parent)) = waiting.pop() {
            let Some(at) = usize::try_from(number).ok() else { continue };
            let Some(entry) = self.entries.get_mut(at).filter(|entry| entry.parent.is_none()) else {
                continue;
            };
            entry.parent = Some(parent);
            waiting.extend([(entry.left, parent), (entry.right, parent)]);
            if entry.is_storage {
                waiting.push((entry.child, at));
            }
        }
    }

    /// What stands in a storage, in the directory's order.
    pub(crate) fn children(&self, storage: usize) -> impl Iterator<Item = (usize, &Entry)> {
        let all = self.entries.iter().enumerate().skip(1);
        all.filter(move |(_, entry)| entry.parent == Some(storage))
    }

    /// An entry of a storage by its name, in any case.
    pub(crate) fn find(&self, storage: usize, name: &str) -> Option<usize> {
        self.children(storage).find(|(_, entry)| entry.name.eq_ignore_ascii_case(name)).map(|(at, _)| at)
    }

    /// The bytes of a stream, paid from what the attachment may still expand to. `None` when that is spent or there is
    /// no such stream.
    pub(crate) fn stream(&self, at: usize, work: &mut Work) -> Option<Vec<u8>> {
        let entry = self.entries.get(at).filter(|entry| !entry.is_storage)?;
        let size = entry.size.min(self.bytes.len());
        work.pay(size).then(|| {
            if size < MINI_CUTOFF {
                self.mini_chain(entry.start, size)
            } else {
                self.chain(entry.start, size)
            }
        })
    }

    /// The bytes of a stream by its name.
    pub(crate) fn read(&self, storage: usize, name: &str, work: &mut Work) -> Option<Vec<u8>> {
        self.stream(self.find(storage, name)?, work)
    }

    /// Whether a stream holds as many bytes as it claims.
    pub(crate) fn is_whole(&self, storage: usize, name: &str, read: &[u8]) -> bool {
        self.find(storage, name)
            .and_then(|at| self.entries.get(at))
            .is_some_and(|entry| entry.size == read.len())
    }
}

fn numbers(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|chunk| u32::from_le_bytes(*chunk)).collect()
}

/// One entry of the directory ([MS-CFB] §2.6.1). A free one keeps its number, and no name.
fn entry(bytes: &[u8]) -> Option<Entry> {
    let len = usize::from(u16_at(bytes, 0x40)?).saturating_sub(2).min(62);
    let kind = u8_at(bytes, 0x42)?;
    // Version 3 leaves rubbish in the upper half of the size ([MS-CFB] §2.6.3).
    let size =
        u64_at(bytes, 0x78).map(|size| size & 0xffff_ffff).and_then(|size| usize::try_from(size).ok())?;
    Some(Entry {
        name: utf16(slice(bytes, 0, len)),
        is_storage: kind != 2,
        start: u32_at(bytes, 0x74)?,
        size,
        left: u32_at(bytes, 0x44)?,
        right: u32_at(bytes, 0x48)?,
        child: if kind == 2 { NOSTREAM } else { u32_at(bytes, 0x4c)? },
        parent: None,
    })
}
