//! What is written in a picture, by Tesseract: a program of the machine's own, in a confined child of its own.
//!
//! The child that reads all other files cannot start a program, so this one is another: our binary puts up its walls
//! ([`ocr_main`]) and becomes Tesseract. It sees its own libraries and languages, standard input and output, and nothing else. One child
//! a picture. Whatever happens, the picture is at worst one that was not read.

mod walls;

use std::process::Stdio;
use std::sync::Arc;

use mail::picture;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::time::timeout;
use vocabulary::bounds::{OCR_BYTES_MAX, OCR_CHILDREN_MAX, OCR_PIXELS_MAX, OCR_TEXT_BYTES_MAX, OCR_TIMEOUT};

use crate::Worker;
pub use walls::ocr_main;

/// What came of looking at a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// What is written in it; empty when nothing is.
    Text(String),
    /// So small that it is an ornament.
    Small,
    /// It was not read: another format, too large, too slow, or Tesseract gave up.
    Unread,
}

/// What can be done with a picture, by what its header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// An ornament.
    Small,
    /// It can be given to Tesseract.
    Readable,
    /// Another format, or too large.
    Not,
}

/// Looks at the header of a picture.
pub(crate) fn fit(bytes: &[u8]) -> Fit {
    match picture::size(bytes) {
        Some(_) if picture::is_ornament(bytes) => Fit::Small,
        Some((width, height))
            if u64::from(width) * u64::from(height) <= OCR_PIXELS_MAX && bytes.len() <= OCR_BYTES_MAX =>
        {
            Fit::Readable
        }
        _ => Fit::Not,
    }
}

/// Looks at a picture with what reads pictures here, if anything does.
pub async fn see(ocr: Option<&Ocr>, bytes: &[u8]) -> Seen {
    match (fit(bytes), ocr) {
        (Fit::Small, _) => Seen::Small,
        (Fit::Readable, Some(ocr)) => ocr.read(bytes).await,
        _ => Seen::Unread,
    }
}

/// Reads pictures. Clones share its children.
#[derive(Debug, Clone)]
pub struct Ocr {
    worker: Worker,
    children: Arc<Semaphore>,
}

impl Ocr {
    /// `worker` is a program that calls [`ocr_main`] when given these arguments.
    #[must_use]
    pub fn new(worker: Worker) -> Self {
        Self { worker, children: Arc::new(Semaphore::new(OCR_CHILDREN_MAX)) }
    }

    /// Reads one picture. Never fails, and leaves nothing running when whoever waits stops.
    pub async fn read(&self, bytes: &[u8]) -> Seen {
        match fit(bytes) {
            Fit::Small => return Seen::Small,
            Fit::Not => return Seen::Unread,
            Fit::Readable => {}
        }
        let Ok(_permit) = self.children.acquire().await else { return Seen::Unread };
        match timeout(OCR_TIMEOUT, self.ask(bytes)).await {
            Ok(Some(text)) => Seen::Text(text),
            Ok(None) | Err(_) => Seen::Unread,
        }
    }

    async fn ask(&self, bytes: &[u8]) -> Option<String> {
        let mut child = Command::new(&self.worker.program)
            .args(&self.worker.arguments)
            .env_clear()
            .env("MIMALLOC_ARENA_RESERVE", "0")
            .env("MIMALLOC_USE_NUMA_NODES", "1")
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .ok()?;
        let (mut to, from) = (child.stdin.take()?, child.stdout.take()?);
        let give = async move {
            let given = to.write_all(bytes).await;
            drop(to);
            given
        };
        let hear = async move {
            let mut text = Vec::new();
            from.take(OCR_TEXT_BYTES_MAX + 1).read_to_end(&mut text).await.map(|_| text)
        };
        let (given, text) = tokio::join!(give, hear);
        let (_, text) = (given.ok()?, text.ok()?);
        let ended = child.wait().await.ok()?;
        let whole = text.len() as u64 <= OCR_TEXT_BYTES_MAX;
        (ended.success() && whole).then(|| clean(&text))
    }
}

/// Lines without the page's end and without stretches of blanks.
fn clean(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let lines = text.lines().map(|line| line.trim_matches(|c: char| c.is_whitespace() || c.is_control()));
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}
