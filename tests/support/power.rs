//! The disk after a power cut, rebuilt from what a watched program did to it.
//!
//! The rules are the strict ones of POSIX. What was written to a file is durable once a sync of that file, begun after
//! the write, has succeeded. A name is durable once its directory was synced the same way. What a sync failed on is
//! never made durable by a later one (Linux forgets the pages). A rename is whole or did not happen.
//!
//! What was not synced may still have reached the disk: [`Survival`] says how much of it did, sector by sector.

use std::collections::{BTreeMap, HashMap};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Bytes a disk writes whole or not at all.
const SECTOR: u64 = 512;
const ROOT: usize = 0;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    Open { inode: u64, created: bool, truncated: bool, mode: u32, path: String },
    Write { inode: u64, offset: u64, data: Vec<u8> },
    Truncate { inode: u64, size: u64 },
    Mode { inode: u64, mode: u32 },
    SyncBegins { inode: u64, number: u64 },
    SyncEnds { inode: u64, number: u64, failed: bool },
    Mkdir { inode: u64, mode: u32, path: String },
    Rename { from: String, to: String },
    Unlink { path: String },
    Mark(String),
}

/// Reads a trace of the shim.
pub(crate) fn read_trace(path: &Path) -> Vec<Event> {
    let bytes = std::fs::read(path).unwrap();
    let (mut rest, mut events) = (bytes.as_slice(), Vec::new());
    while let Some((length, after)) = rest.split_first_chunk::<4>() {
        // kill -9 in the midst of a write leaves part of it: the last record may be cut, and what it tells of with it.
        let Some((record, after)) = after.split_at_checked(u32::from_le_bytes(*length) as usize) else {
            break;
        };
        events.push(event(record));
        rest = after;
    }
    events
}

fn event(record: &[u8]) -> Event {
    let (kind, mut rest) = record.split_first().unwrap();
    let mut number = |bytes: usize| {
        let (taken, after) = rest.split_at(bytes);
        rest = after;
        taken.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
    };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    match kind {
        b'O' => {
            let (inode, created, truncated) = (number(8), number(1) == 1, number(1) == 1);
            let mode = u32::try_from(number(4)).unwrap();
            Event::Open { inode, created, truncated, mode, path: text(rest) }
        }
        b'W' => {
            let (inode, offset) = (number(8), number(8));
            Event::Write { inode, offset, data: rest.to_vec() }
        }
        b'T' => Event::Truncate { inode: number(8), size: number(8) },
        b'M' => Event::Mode { inode: number(8), mode: u32::try_from(number(4)).unwrap() },
        b'B' => Event::SyncBegins { inode: number(8), number: number(8) },
        b'E' => Event::SyncEnds { inode: number(8), number: number(8), failed: number(1) == 1 },
        b'D' => {
            let (inode, mode) = (number(8), u32::try_from(number(4)).unwrap());
            Event::Mkdir { inode, mode, path: text(rest) }
        }
        b'R' => {
            let both = text(rest);
            let (from, to) = both.split_once('\0').unwrap();
            Event::Rename { from: from.into(), to: to.into() }
        }
        b'U' => Event::Unlink { path: text(rest) },
        b'K' => Event::Mark(String::from_utf8_lossy(rest).into_owned()),
        other => panic!("the shim wrote a record of kind {other}"),
    }
}

/// How much of what was not synced is on the disk all the same.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Survival {
    /// Nothing of it.
    Nothing,
    /// All of it, as after kill -9.
    Everything,
    /// Each sector and each change of a name by the toss of a coin: torn writes, and writes out of order.
    Some { seed: u64 },
}

struct Coin(Survival);

impl Coin {
    fn toss(&mut self) -> bool {
        match &mut self.0 {
            Survival::Nothing => false,
            Survival::Everything => true,
            // xorshift64*: all that is asked of it is to differ from one sector to the next.
            Survival::Some { seed } => {
                *seed ^= *seed >> 12;
                *seed ^= *seed << 25;
                *seed ^= *seed >> 27;
                seed.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 63 == 1
            }
        }
    }
}

/// A change that was made and is not durable yet; `lost` when a sync failed on it.
#[derive(Debug, Clone)]
struct Pending<C> {
    at: usize,
    lost: bool,
    change: C,
}

#[derive(Debug, Clone)]
enum Change<'a> {
    Write { offset: u64, data: &'a [u8] },
    Size(u64),
    Mode(u32),
}

#[derive(Debug, Clone)]
enum Naming {
    Link { name: String, object: usize },
    Unlink { name: String },
    Rename { from: String, to: String, object: usize },
}

type Names = BTreeMap<String, usize>;

#[derive(Debug, Default, Clone)]
struct Object<'a> {
    mode: u32,
    bytes: Vec<u8>,
    changes: Vec<Pending<Change<'a>>>,
    /// Of a directory: durable names, names as the program sees them, and what leads from one to the other.
    names: Option<(Names, Names, Vec<Pending<Naming>>)>,
}

/// Everything under the root, durable or not.
#[derive(Clone)]
pub(crate) struct Disk<'a> {
    root: PathBuf,
    objects: Vec<Object<'a>>,
    /// The kernel gives the number of a file that is gone to the next one made.
    inodes: HashMap<u64, usize>,
    syncs: HashMap<u64, (usize, usize)>,
    time: usize,
}

impl<'a> Disk<'a> {
    /// A disk that holds what stands under `root` now, all of it durable; the trace names the files there by `root`.
    pub(crate) fn of(root: &Path) -> Self {
        let mut disk = Self {
            root: root.to_owned(),
            objects: Vec::new(),
            inodes: HashMap::new(),
            syncs: HashMap::new(),
            time: 0,
        };
        disk.load(root);
        disk
    }

    fn load(&mut self, path: &Path) -> usize {
        let metadata = std::fs::metadata(path).unwrap();
        let object = self.add(metadata.ino(), metadata.mode() & 0o7777, metadata.is_dir());
        if metadata.is_dir() {
            for entry in std::fs::read_dir(path).unwrap().flatten() {
                let child = self.load(&entry.path());
                let name = entry.file_name().into_string().unwrap();
                let (durable, live, _) = self.objects[object].names.as_mut().unwrap();
                durable.insert(name.clone(), child);
                live.insert(name, child);
            }
        } else {
            self.objects[object].bytes = std::fs::read(path).unwrap();
        }
        object
    }

    fn add(&mut self, inode: u64, mode: u32, is_directory: bool) -> usize {
        let object = self.objects.len();
        let names = is_directory.then(Default::default);
        self.objects.push(Object { mode, names, ..Object::default() });
        self.inodes.insert(inode, object);
        object
    }

    /// Takes one event in.
    pub(crate) fn apply(&mut self, event: &'a Event) {
        self.time += 1;
        match event {
            Event::Open { inode, created, truncated, mode, path } => {
                if *created {
                    let object = self.add(*inode, *mode, false);
                    self.link(path, object);
                }
                if *truncated {
                    self.change(*inode, Change::Size(0));
                }
            }
            Event::Write { inode, offset, data } => {
                self.change(*inode, Change::Write { offset: *offset, data })
            }
            Event::Truncate { inode, size } => self.change(*inode, Change::Size(*size)),
            Event::Mode { inode, mode } => self.change(*inode, Change::Mode(*mode)),
            Event::SyncBegins { inode, number } => {
                let object = self.object(*inode);
                self.syncs.insert(*number, (object, self.time));
            }
            Event::SyncEnds { number, failed, .. } => {
                let Some((object, begun)) = self.syncs.remove(number) else { return };
                self.objects[object].sync(begun, *failed);
            }
            Event::Mkdir { inode, mode, path } => {
                let object = self.add(*inode, *mode, true);
                self.link(path, object);
            }
            Event::Rename { from, to } => self.rename(from, to),
            Event::Unlink { path } => {
                let name = name_of(path);
                let (live, pending, at) = self.directory(path);
                live.remove(&name);
                pending.push(Pending { at, lost: false, change: Naming::Unlink { name } });
            }
            Event::Mark(_) => {}
        }
    }

    /// The bytes of a file as the program sees them, if it is there.
    pub(crate) fn live(&self, path: &Path) -> Option<Vec<u8>> {
        let object = self.find(path)?;
        Some(self.objects[object].content(&mut Coin(Survival::Everything)).0)
    }

    /// Writes what the disk holds after a power cut now into `into`, save what `skip` names.
    pub(crate) fn rebuild(&self, into: &Path, survival: Survival, skip: &[&str]) {
        self.write(ROOT, into, &mut Coin(survival), skip);
    }

    fn write(&self, object: usize, path: &Path, coin: &mut Coin, skip: &[&str]) {
        let found = &self.objects[object];
        let (bytes, mode) = found.content(coin);
        if let Some(names) = found.entries(coin) {
            std::fs::create_dir_all(path).unwrap();
            for (name, child) in names.iter().filter(|(name, _)| !skip.contains(&name.as_str())) {
                self.write(*child, &path.join(name), coin, skip);
            }
        } else {
            std::fs::write(path, bytes).unwrap();
        }
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    fn object(&self, inode: u64) -> usize {
        *self.inodes.get(&inode).unwrap_or_else(|| panic!("the trace never named inode {inode}"))
    }

    fn find(&self, path: &Path) -> Option<usize> {
        let inside = path.strip_prefix(&self.root).unwrap();
        inside.iter().try_fold(ROOT, |object, name| {
            let (_, live, _) = self.objects[object].names.as_ref()?;
            live.get(name.to_str()?).copied()
        })
    }

    fn change(&mut self, inode: u64, change: Change<'a>) {
        let (object, at) = (self.object(inode), self.time);
        self.objects[object].changes.push(Pending { at, lost: false, change });
    }

    fn directory(&mut self, path: &str) -> (&mut Names, &mut Vec<Pending<Naming>>, usize) {
        let parent = Path::new(path).parent().unwrap();
        let object = self.find(parent).unwrap_or_else(|| panic!("{} was never made", parent.display()));
        let at = self.time;
        let (_, live, pending) = self.objects[object].names.as_mut().unwrap();
        (live, pending, at)
    }

    fn link(&mut self, path: &str, object: usize) {
        let name = name_of(path);
        let (live, pending, at) = self.directory(path);
        live.insert(name.clone(), object);
        pending.push(Pending { at, lost: false, change: Naming::Link { name, object } });
    }

    fn rename(&mut self, from: &str, to: &str) {
        assert_eq!(Path::new(from).parent(), Path::new(to).parent(), "a rename between directories");
        let (from, name) = (name_of(from), name_of(to));
        let (live, pending, at) = self.directory(to);
        let object = live.remove(&from).unwrap_or_else(|| panic!("{from} is renamed and was never there"));
        live.insert(name.clone(), object);
        pending.push(Pending { at, lost: false, change: Naming::Rename { from, to: name, object } });
    }
}

fn name_of(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}

impl Object<'_> {
    /// A sync that began at `begun` has ended.
    fn sync(&mut self, begun: usize, failed: bool) {
        let (mut bytes, mut mode) = (std::mem::take(&mut self.bytes), self.mode);
        settle(&mut self.changes, begun, failed, |change| {
            make(&mut bytes, &mut mode, change, &mut Coin(Survival::Everything))
        });
        (self.bytes, self.mode) = (bytes, mode);
        if let Some((durable, _, pending)) = &mut self.names {
            settle(pending, begun, failed, |naming| name(durable, naming));
        }
    }

    fn content(&self, coin: &mut Coin) -> (Vec<u8>, u32) {
        let (mut bytes, mut mode) = (self.bytes.clone(), self.mode);
        for pending in &self.changes {
            make(&mut bytes, &mut mode, &pending.change, coin);
        }
        (bytes, mode)
    }

    fn entries(&self, coin: &mut Coin) -> Option<Names> {
        let (durable, _, pending) = self.names.as_ref()?;
        let mut names = durable.clone();
        for pending in pending {
            if coin.toss() {
                name(&mut names, &pending.change);
            }
        }
        Some(names)
    }
}

/// What came before the sync and was not given up by an earlier one is made, or given up now.
fn settle<C>(changes: &mut Vec<Pending<C>>, begun: usize, failed: bool, mut make: impl FnMut(&C)) {
    changes.retain_mut(|pending| {
        if pending.at >= begun || pending.lost {
            return true;
        }
        if failed {
            pending.lost = true;
        } else {
            make(&pending.change);
        }
        failed
    });
}

fn make(bytes: &mut Vec<u8>, mode: &mut u32, change: &Change<'_>, coin: &mut Coin) {
    match change {
        Change::Mode(new) => {
            if coin.toss() {
                *mode = *new;
            }
        }
        Change::Size(size) => {
            if coin.toss() {
                bytes.resize(usize::try_from(*size).unwrap(), 0);
            }
        }
        Change::Write { offset, data } => {
            let (mut at, mut rest) = (*offset, *data);
            while !rest.is_empty() {
                let room = usize::try_from(SECTOR - at % SECTOR).unwrap().min(rest.len());
                let (part, after) = rest.split_at(room);
                if coin.toss() {
                    let start = usize::try_from(at).unwrap();
                    if bytes.len() < start + room {
                        bytes.resize(start + room, 0);
                    }
                    bytes[start..start + room].copy_from_slice(part);
                }
                at += room as u64;
                rest = after;
            }
        }
    }
}

fn name(names: &mut Names, naming: &Naming) {
    match naming {
        Naming::Link { name, object } => {
            names.insert(name.clone(), *object);
        }
        Naming::Unlink { name } => {
            names.remove(name);
        }
        Naming::Rename { from, to, object } => {
            names.remove(from);
            names.insert(to.clone(), *object);
        }
    }
}
