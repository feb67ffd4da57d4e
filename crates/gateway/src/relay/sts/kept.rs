//! Policies on disk, one file a domain: written whole or not at all, swept when they no longer hold, and never more than
//! [`MTA_STS_KEPT_MAX`].

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;
use vocabulary::Timestamp;
use vocabulary::bounds::{MTA_STS_KEPT_MAX, MTA_STS_SWEEP};

use super::Policy;

/// First line of a kept policy.
const FORMAT: &str = "cerebro-mta-sts 1";
/// How a kept policy's file is called after its domain.
const SUFFIX: &str = "sts";

/// A policy as it was fetched.
pub(super) struct Kept {
    pub(super) id: String,
    pub(super) fetched: Timestamp,
    pub(super) policy: Policy,
}

impl Kept {
    fn read(text: &str) -> Option<Self> {
        let (head, policy) = text.split_once("\n\n")?;
        let mut lines = head.lines();
        if lines.next() != Some(FORMAT) {
            return None;
        }
        let id = lines.next()?.strip_prefix("id: ")?.to_owned();
        let fetched = Timestamp::parse(lines.next()?.strip_prefix("fetched: ")?).ok()?;
        Some(Self { id, fetched, policy: Policy::parse(policy).ok()? })
    }

    fn holds(&self, now: Timestamp) -> bool {
        now.since(self.fetched) < self.policy.max_age
    }
}

/// The folder of kept policies; made when the first one comes.
#[derive(Debug)]
pub(super) struct Shelf {
    directory: PathBuf,
    max: usize,
    swept: Arc<Mutex<Option<Instant>>>,
}

impl Shelf {
    pub(super) fn new(directory: &Path) -> Self {
        Self { directory: directory.to_owned(), max: MTA_STS_KEPT_MAX, swept: Arc::default() }
    }

    /// The kept policy of a domain, while it holds.
    pub(super) async fn find(&self, domain: &str, now: Timestamp) -> Option<Kept> {
        let text = tokio::fs::read_to_string(self.place(domain)?).await.ok()?;
        Kept::read(&text).filter(|kept| kept.holds(now))
    }

    /// Writes the file beside its place, makes it durable, and moves it there: a crash leaves the old one or the new one.
    pub(super) async fn keep(&self, domain: &str, kept: &Kept, text: &str, now: Timestamp) -> io::Result<()> {
        let Some(place) = self.place(domain) else { return Ok(()) };
        let content = format!("{FORMAT}\nid: {}\nfetched: {}\n\n{text}", kept.id, kept.fetched);
        let (directory, max, swept) = (self.directory.clone(), self.max, Arc::clone(&self.swept));
        let write = move || {
            std::fs::create_dir_all(&directory)?;
            let new = place.with_extension("new");
            let mut file = std::fs::File::create(&new)?;
            io::Write::write_all(&mut file, content.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&new, &place)?;
            let mut swept = swept.lock().unwrap_or_else(PoisonError::into_inner);
            if swept.is_none_or(|at| at.elapsed() >= MTA_STS_SWEEP) {
                sweep(&directory, max, now)?;
                *swept = Some(Instant::now());
            }
            std::fs::File::open(&directory)?.sync_all()
        };
        tokio::task::spawn_blocking(write).await.map_err(io::Error::other)?
    }

    /// A domain is a file name here only if it is letters, digits, hyphens and dots.
    fn place(&self, domain: &str) -> Option<PathBuf> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        let fits =
            (1..=250).contains(&domain.len()) && domain.bytes().all(is_name) && !domain.starts_with('.');
        fits.then(|| self.directory.join(format!("{domain}.{SUFFIX}")))
    }
}

/// Removes what no longer holds or cannot be read, what a crash left half written, and of the rest those fetched longest ago,
/// down to nine tenths of `max` when there are more. Other files are not ours and stay.
fn sweep(directory: &Path, max: usize, now: Timestamp) -> io::Result<()> {
    let mut holding: Vec<(Timestamp, PathBuf)> = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        match path.extension().and_then(std::ffi::OsStr::to_str) {
            // Written by nobody now: the lock is ours.
            Some("new") => std::fs::remove_file(&path)?,
            Some(SUFFIX) => match std::fs::read_to_string(&path).ok().and_then(|text| Kept::read(&text)) {
                Some(kept) if kept.holds(now) => holding.push((kept.fetched, path)),
                _ => std::fs::remove_file(&path)?,
            },
            _ => {}
        }
    }
    if holding.len() > max {
        tracing::warn!(
            kept = holding.len(),
            max,
            "more MTA-STS policies than are kept: those fetched longest ago go"
        );
        holding.sort_unstable();
        let least = max - max / 10;
        for (_, path) in holding.iter().take(holding.len().saturating_sub(least)) {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    fn policy(max_age: u64) -> String {
        format!("version: STSv1\nmode: enforce\nmx: mx.p.example\nmax_age: {max_age}\n")
    }

    async fn keep(shelf: &Shelf, domain: &str, day: i64, max_age: u64) {
        let fetched = Timestamp::from_micros(day * DAY);
        let text = policy(max_age);
        let kept = Kept { id: "x".into(), fetched, policy: Policy::parse(&text).unwrap() };
        shelf.keep(domain, &kept, &text, fetched).await.unwrap();
    }

    fn files(shelf: &Shelf) -> Vec<String> {
        let entries = std::fs::read_dir(&shelf.directory).unwrap().flatten();
        let mut names: Vec<_> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort_unstable();
        names
    }

    #[tokio::test(start_paused = true)]
    async fn c06_policies_that_no_longer_hold_are_swept_and_there_are_never_too_many() {
        let directory = std::env::temp_dir().join(format!("cerebro-sts-sweep-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&directory);
        let shelf = Shelf { max: 10, ..Shelf::new(&directory) };
        keep(&shelf, "short.example", 0, 86_400).await;
        keep(&shelf, "long.example", 0, 30 * 86_400).await;
        for (name, content) in [("half.new", "x"), ("broken.example.sts", "x"), ("README", "not ours")] {
            std::fs::write(directory.join(name), content).unwrap();
        }
        keep(&shelf, "later.example", 2, 30 * 86_400).await;
        assert_eq!(files(&shelf).len(), 6, "not at every policy");
        tokio::time::advance(MTA_STS_SWEEP).await;
        keep(&shelf, "last.example", 2, 30 * 86_400).await;
        assert_eq!(files(&shelf), ["README", "last.example.sts", "later.example.sts", "long.example.sts"]);
        assert!(shelf.find("long.example", Timestamp::from_micros(2 * DAY)).await.is_some());

        for number in 0..30 {
            tokio::time::advance(MTA_STS_SWEEP).await;
            keep(&shelf, &format!("d{number:02}.example"), 3, 30 * 86_400).await;
            assert!(files(&shelf).len() <= 11, "{:?}", files(&shelf));
        }
        let left = files(&shelf);
        assert!(!left.contains(&"long.example.sts".to_owned()), "who was fetched longest ago went: {left:?}");
        assert!(left.contains(&"d29.example.sts".to_owned()) && left.contains(&"README".to_owned()));
        std::fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn c06_a_domain_is_a_file_of_its_own_or_none() {
        let shelf = Shelf::new(Path::new("/x"));
        let long = format!("{}.example", "a.".repeat(121));
        assert_eq!(shelf.place("p.example"), Some("/x/p.example.sts".into()));
        assert!(shelf.place(&long).is_some_and(|place| place.file_name().unwrap().len() <= 255));
        let longer = format!("{}.example", "a.".repeat(122));
        for domain in ["", "../x", "a/b", ".hidden", "a\0", "[192.0.2.1]", &longer] {
            assert_eq!(shelf.place(domain), None, "{domain}");
        }
    }
}
