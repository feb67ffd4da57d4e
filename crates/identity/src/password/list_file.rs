//! A list of breached passwords as a file: made once from the published hashes, signed, read a block at a time, without
//! any network. `docs/formats/breached.md` has the bytes.
//!
//! What it says is only believed when it is whole: the head is signed with a key of the instance, and each block is
//! checked against the head when it is read. A file that is not as it was made answers nothing.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use aws_lc_rs::{digest, hmac};
use vocabulary::Secret;

use super::breached::{BREACHED_KEY_BYTES, BreachedList, Found};

const MAGIC: &str = "cerebro.breached.v1\n";
/// Keys of one block: a check reads one, 192 KiB.
const BLOCK_KEYS: usize = 32_768;
const HASH_BYTES: usize = 32;
const ENTRY_BYTES: usize = BREACHED_KEY_BYTES + HASH_BYTES;
/// More keys than everything ever published, by far.
const KEYS_MAX: u64 = 20_000_000_000;
/// The second line of a file, bytes.
const HEAD_BYTES_MAX: usize = 1_024;
/// A line of the published list, bytes: 40 digits, a colon, a count.
const LINE_BYTES_MAX: u64 = 128;

type Key = [u8; BREACHED_KEY_BYTES];

/// Why a list is not made or not believed.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// It cannot be read or written.
    #[error("the list of breached passwords cannot be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// The published list is not as it is published.
    #[error("line {0} is not \"SHA-1:count\" in rising order: download the list ordered by hash")]
    Line(u64),
    /// Not a date.
    #[error("\"{0}\" is not a date such as 2026-11-01")]
    Date(String),
    /// There is nothing in it.
    #[error("the published list is empty")]
    Empty,
    /// Not a file we made, altered, or made by another instance.
    #[error("the list of breached passwords is not one this instance made, or it was altered")]
    NotOurs,
}

/// The second line: the day of the published list, how many keys, how many of them a block.
struct Head {
    date: String,
    keys: u64,
}

impl Head {
    fn parse(line: &str) -> Option<Self> {
        let mut words = line.trim_end().split(' ');
        let (date, keys, block) = (words.next()?, words.next()?.parse().ok()?, words.next()?);
        let is_ours = is_date(date)
            && (1..=KEYS_MAX).contains(&keys)
            && block.parse() == Ok(BLOCK_KEYS)
            && words.next().is_none();
        is_ours.then(|| Self { date: date.to_owned(), keys })
    }
}

#[derive(Debug, Clone, Copy)]
struct Block {
    first: Key,
    hash: [u8; HASH_BYTES],
}

/// An opened list.
#[derive(Debug)]
pub struct ListFile {
    file: File,
    date: String,
    keys: u64,
    mark: [u8; HASH_BYTES],
    blocks: Vec<Block>,
    start: u64,
}

impl ListFile {
    /// Opens a list this instance made.
    ///
    /// # Errors
    /// It cannot be read, or is not whole.
    pub fn open(path: &Path, key: &Secret<[u8; 32]>) -> Result<Self, ListError> {
        let file = File::open(path)?;
        let mut reader = BufReader::new(&file);
        let mut signed = Vec::new();
        let mut line = |limit: usize| -> Result<String, ListError> {
            let mut text = String::new();
            let read =
                (&mut reader).take(limit as u64).read_line(&mut text).map_err(|_| ListError::NotOurs)?;
            signed.extend_from_slice(text.as_bytes());
            if read == 0 || !text.ends_with('\n') { Err(ListError::NotOurs) } else { Ok(text) }
        };
        if line(MAGIC.len())? != MAGIC {
            return Err(ListError::NotOurs);
        }
        let head = Head::parse(&line(HEAD_BYTES_MAX)?).ok_or(ListError::NotOurs)?;
        let count = usize::try_from(head.keys.div_ceil(BLOCK_KEYS as u64)).map_err(|_| ListError::NotOurs)?;
        let mut table = vec![0; count * ENTRY_BYTES];
        reader.read_exact(&mut table).map_err(|_| ListError::NotOurs)?;
        signed.extend_from_slice(&table);
        let mut mark = [0; HASH_BYTES];
        reader.read_exact(&mut mark).map_err(|_| ListError::NotOurs)?;
        hmac::verify(&signing(key), &signed, &mark).map_err(|_| ListError::NotOurs)?;
        let start = (signed.len() + HASH_BYTES) as u64;
        if file.metadata()?.len() != start + head.keys * BREACHED_KEY_BYTES as u64 {
            return Err(ListError::NotOurs);
        }
        let (entries, _) = table.as_chunks::<ENTRY_BYTES>();
        let blocks = entries.iter().filter_map(block).collect();
        Ok(Self { file, date: head.date, keys: head.keys, mark, blocks, start })
    }

    /// The day of the published list.
    #[must_use]
    pub fn date(&self) -> &str {
        &self.date
    }

    /// What no other list has, in hexadecimal: a mark over all of it that this instance alone makes.
    #[must_use]
    pub fn mark(&self) -> String {
        self.mark.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// How many passwords it knows.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.keys
    }

    /// It knows none; such a list is never made.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.keys == 0
    }

    fn holds(&self, key: Key) -> Result<bool, ListError> {
        let after = self.blocks.partition_point(|block| block.first <= key);
        let Some((number, block)) =
            after.checked_sub(1).and_then(|number| Some((number, self.blocks.get(number)?)))
        else {
            return Ok(false);
        };
        let before = number as u64 * BLOCK_KEYS as u64;
        let keys = (self.keys - before).min(BLOCK_KEYS as u64) as usize;
        let mut bytes = vec![0; keys * BREACHED_KEY_BYTES];
        self.file.read_exact_at(&mut bytes, self.start + before * BREACHED_KEY_BYTES as u64)?;
        if hash(&bytes) != block.hash {
            return Err(ListError::NotOurs);
        }
        let (keys, _) = bytes.as_chunks::<BREACHED_KEY_BYTES>();
        Ok(keys.binary_search(&key).is_ok())
    }
}

impl BreachedList for ListFile {
    fn look(&self, password: &str) -> Found {
        match self.holds(published_key(password)) {
            Ok(true) => Found::Yes,
            Ok(false) => Found::No,
            Err(_) => Found::Unreadable,
        }
    }
}

fn block(entry: &[u8; ENTRY_BYTES]) -> Option<Block> {
    let (first, rest) = entry.split_first_chunk::<BREACHED_KEY_BYTES>()?;
    Some(Block { first: *first, hash: rest.first_chunk().copied()? })
}

fn hash(bytes: &[u8]) -> [u8; HASH_BYTES] {
    digest::digest(&digest::SHA256, bytes).as_ref().first_chunk().copied().unwrap_or_default()
}

fn signing(key: &Secret<[u8; 32]>) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, key.expose())
}

/// What the published lists hold of a password: SHA-1 over it as it is, here its first six bytes.
fn published_key(password: &str) -> Key {
    let hash = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
    hash.as_ref().first_chunk().copied().unwrap_or_default()
}

/// Makes a list from the published one (`SHA1HEX:count` a line, in rising order, as Have I Been Pwned publishes it), and
/// signs it. `date` is the day it was published. How many passwords it knows. A crash leaves what stood at `path` before.
///
/// # Errors
/// [`ListError`]; nothing stands at `path` that did not before.
pub fn import(
    published: impl BufRead,
    path: &Path,
    date: &str,
    key: &Secret<[u8; 32]>,
) -> Result<u64, ListError> {
    if !is_date(date) {
        return Err(ListError::Date(date.chars().take(40).collect()));
    }
    let (body, whole) = (path.with_extension("keys.part"), path.with_extension("part"));
    let outcome = write(published, &body, &whole, date, key);
    let _ = std::fs::remove_file(&body);
    match outcome {
        Ok(keys) => {
            std::fs::rename(&whole, path)?;
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                File::open(folder)?.sync_all()?;
            }
            Ok(keys)
        }
        Err(error) => {
            let _ = std::fs::remove_file(&whole);
            Err(error)
        }
    }
}

fn write(
    published: impl BufRead,
    body: &Path,
    whole: &Path,
    date: &str,
    key: &Secret<[u8; 32]>,
) -> Result<u64, ListError> {
    let (keys, table) = write_keys(published, body)?;
    let mut signed = format!("{MAGIC}{date} {keys} {BLOCK_KEYS}\n").into_bytes();
    signed.extend(table);
    let mark = hmac::sign(&signing(key), &signed);
    let mut out = BufWriter::new(File::create(whole)?);
    out.write_all(&signed)?;
    out.write_all(mark.as_ref())?;
    std::io::copy(&mut File::open(body)?, &mut out)?;
    out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    Ok(keys)
}

/// The keys alone, and the table of their blocks.
fn write_keys(mut published: impl BufRead, body: &Path) -> Result<(u64, Vec<u8>), ListError> {
    let mut out = BufWriter::new(File::create(body)?);
    let (mut keys, mut table, mut held) =
        (0_u64, Vec::new(), Vec::with_capacity(BLOCK_KEYS * BREACHED_KEY_BYTES));
    let (mut last, mut number, mut line) = (None::<Key>, 0_u64, Vec::new());
    loop {
        line.clear();
        if (&mut published).take(LINE_BYTES_MAX).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        number += 1;
        let key = key_of(&line).ok_or(ListError::Line(number))?;
        match last {
            Some(last) if last > key => return Err(ListError::Line(number)),
            // Six bytes in common: one key stands for both.
            Some(last) if last == key => continue,
            _ => last = Some(key),
        }
        held.extend_from_slice(&key);
        keys += 1;
        if held.len() == BLOCK_KEYS * BREACHED_KEY_BYTES {
            close_block(&mut held, &mut table, &mut out)?;
        }
    }
    close_block(&mut held, &mut table, &mut out)?;
    out.flush()?;
    if keys == 0 { Err(ListError::Empty) } else { Ok((keys, table)) }
}

fn close_block(held: &mut Vec<u8>, table: &mut Vec<u8>, out: &mut impl Write) -> Result<(), ListError> {
    if let Some(first) = held.first_chunk::<BREACHED_KEY_BYTES>() {
        table.extend_from_slice(first);
        table.extend_from_slice(&hash(held));
        out.write_all(held)?;
        held.clear();
    }
    Ok(())
}

/// The key of a line `0018A45C4D1DEF81644B54AB7F969B88D65:3`: forty hexadecimal digits first.
fn key_of(line: &[u8]) -> Option<Key> {
    let digits = line.get(..40)?;
    let rest = line.get(40..)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) || !(rest.is_empty() || b":\r\n".contains(rest.first()?)) {
        return None;
    }
    let mut key = Key::default();
    let (pairs, _) = digits.as_chunks::<2>();
    for (byte, pair) in key.iter_mut().zip(pairs) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(key)
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: Option<&&str>, length: usize, range: std::ops::RangeInclusive<u32>| {
        part.is_some_and(|part| part.len() == length && part.parse().is_ok_and(|n: u32| range.contains(&n)))
    };
    parts.len() == 3
        && number(parts.first(), 4, 2000..=2999)
        && number(parts.get(1), 2, 1..=12)
        && number(parts.get(2), 2, 1..=31)
}

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
