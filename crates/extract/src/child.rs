//! One confined child, from its parent's side: started, asked, and the reason when it dies.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};

use mail::PartId;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{ChildStdin, ChildStdout, Command};
use tokio::time::timeout;
use vocabulary::bounds::{
    ARCHIVE_MEMBERS_MAX, ATTACHMENT_TEXT_BYTES_MAX, EXTRACT_ANSWER_BYTES_MAX, EXTRACT_FEATURES_MAX,
    EXTRACT_NAME_BYTES_MAX, EXTRACT_START_TIMEOUT, EXTRACT_TIMEOUT, MESSAGE_BYTES_MAX,
    MESSAGE_TEXT_BYTES_MAX, OCR_BYTES_MAX, OCR_HANDED_BYTES_MAX, OCR_PICTURES_MAX,
};

use crate::confine::Confinement;
use crate::wire::{Answer, Hello, length, prefix};
use crate::{Empty, Extracted, Extraction, Feature, Picture, Reason};

/// How a child is started: a program that calls [`crate::worker_main`] when given these arguments.
#[derive(Debug, Clone)]
pub struct Worker {
    /// The program; ours, run again.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<OsString>,
}

/// Why there is no child.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The program could not be started, or did not speak.
    #[error("the confined child cannot be started: {0}")]
    Start(#[from] io::Error),
    /// It could not confine itself and ended.
    #[error("the child could not confine itself: {0}")]
    Refused(String),
}

/// A child that waits for a file. Dropped, it is killed: whoever stops waiting leaves nothing running.
#[derive(Debug)]
pub(crate) struct Child {
    process: tokio::process::Child,
    to: ChildStdin,
    from: ChildStdout,
    pub(crate) confinement: Confinement,
    /// Files it has looked into.
    pub(crate) jobs: usize,
    /// It has said that it will not look into another.
    last: bool,
}

impl Child {
    /// Starts one and waits until it is confined.
    pub(crate) async fn start(worker: &Worker) -> Result<Self, StartError> {
        let mut process = Command::new(&worker.program)
            .args(&worker.arguments)
            // Nothing of ours is told to it. The allocator is told to take memory as it needs it, not in stretches
            // larger than the child's limit, and not to look at the machine's layout, which is a file.
            .env_clear()
            .env("MIMALLOC_ARENA_RESERVE", "0")
            .env("MIMALLOC_USE_NUMA_NODES", "1")
            .current_dir("/")
            // An interrupt typed at our terminal ends us, in order; not a file half read.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let (Some(to), Some(mut from)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(io::Error::from(io::ErrorKind::BrokenPipe).into());
        };
        let hello = timeout(EXTRACT_START_TIMEOUT, hear::<Hello>(&mut from));
        let hello = hello.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        let confinement = hello.confined.map_err(StartError::Refused)?;
        Ok(Self { process, to, from, confinement, jobs: 0, last: false })
    }

    /// Whether it can be asked again.
    pub(crate) fn lives(&mut self) -> bool {
        !self.last && matches!(self.process.try_wait(), Ok(None))
    }

    /// Has it look into a file.
    ///
    /// # Errors
    /// The reason why not; the child is then of no more use.
    pub(crate) async fn look(
        &mut self,
        name: &str,
        declared: &str,
        bytes: &[u8],
    ) -> Result<Vec<Extracted>, Reason> {
        self.jobs += 1;
        let Ok(heard) = timeout(EXTRACT_TIMEOUT, self.ask(name, declared, bytes)).await else {
            self.last = true;
            let _ = self.process.start_kill();
            return Err(Reason::Timeout);
        };
        match heard {
            Ok(answer) if is_sound(&answer.files) => {
                self.last |= answer.last;
                Ok(answer.files)
            }
            Ok(_) => Err(self.death(&io::ErrorKind::InvalidData.into()).await),
            Err(error) => Err(self.death(&error).await),
        }
    }

    async fn ask(&mut self, name: &str, declared: &str, bytes: &[u8]) -> io::Result<Answer> {
        let fields = [
            (cut(name, EXTRACT_NAME_BYTES_MAX).as_bytes(), EXTRACT_NAME_BYTES_MAX),
            (cut(declared, EXTRACT_NAME_BYTES_MAX).as_bytes(), EXTRACT_NAME_BYTES_MAX),
            (bytes, MESSAGE_BYTES_MAX),
        ];
        for (field, most) in fields {
            self.to.write_all(&prefix(field.len(), most)?).await?;
            self.to.write_all(field).await?;
        }
        self.to.flush().await?;
        let mut answer: Answer = hear(&mut self.from).await?;
        self.pictures(&mut answer).await?;
        Ok(answer)
    }

    /// The pictures that an answer names, each put to its file.
    async fn pictures(&mut self, answer: &mut Answer) -> io::Result<()> {
        let nonsense = || io::Error::from(io::ErrorKind::InvalidData);
        if answer.pictures.len() > OCR_PICTURES_MAX {
            return Err(nonsense());
        }
        let mut left = OCR_HANDED_BYTES_MAX;
        for at in std::mem::take(&mut answer.pictures) {
            let bytes = field(&mut self.from, OCR_BYTES_MAX.min(left)).await?;
            left -= bytes.len();
            let file = answer.files.get_mut(at).ok_or_else(nonsense)?;
            if file.outcome != Extraction::Nothing(Empty::Image) {
                return Err(nonsense());
            }
            file.picture = Some(Picture(bytes));
        }
        Ok(())
    }

    /// Why it died. One that still lives and speaks nonsense is killed here.
    async fn death(&mut self, error: &io::Error) -> Reason {
        self.last = true;
        if error.kind() == io::ErrorKind::InvalidData {
            let _ = self.process.start_kill();
            tracing::error!("the confined child answered nonsense; it was stopped");
            return Reason::Crashed;
        }
        // It has closed its pipes: it ends within moments, or is made to.
        let ended = timeout(EXTRACT_START_TIMEOUT, self.process.wait()).await;
        let _ = self.process.start_kill();
        match ended {
            Ok(Ok(status)) => reason(status),
            Ok(Err(_)) | Err(_) => Reason::Crashed,
        }
    }
}

fn reason(status: ExitStatus) -> Reason {
    match status.signal() {
        Some(libc::SIGXCPU) => Reason::Timeout,
        Some(libc::SIGSYS) => {
            tracing::error!(
                "the confined child was killed for a forbidden system call: a file may be an attack"
            );
            Reason::Crashed
        }
        _ => Reason::Crashed,
    }
}

/// One thing the child says.
async fn hear<T: DeserializeOwned>(from: &mut ChildStdout) -> io::Result<T> {
    Ok(serde_json::from_slice(&field(from, EXTRACT_ANSWER_BYTES_MAX).await?)?)
}

async fn field(from: &mut ChildStdout, most: usize) -> io::Result<Vec<u8>> {
    let mut before = [0; 4];
    from.read_exact(&mut before).await?;
    let mut bytes = vec![0; length(before, most)?];
    from.read_exact(&mut bytes).await?;
    Ok(bytes)
}

/// Whether an answer is one that the pure reading can give. A child in a stranger's hands may lie about a file; it
/// must not be able to do more.
fn is_sound(files: &[Extracted]) -> bool {
    let kept: usize = files.iter().filter_map(|file| file.outcome.text()).map(str::len).sum();
    // Each member may have a `(rest)`; a document's pictures are told besides.
    let count = 1..=2 * (ARCHIVE_MEMBERS_MAX + 1) + OCR_PICTURES_MAX;
    count.contains(&files.len()) && kept <= MESSAGE_TEXT_BYTES_MAX && files.iter().all(is_sound_file)
}

fn is_sound_file(file: &Extracted) -> bool {
    let words = file.name.len() <= EXTRACT_NAME_BYTES_MAX
        && file.detected_type.len() <= EXTRACT_NAME_BYTES_MAX
        && file.features.len() <= EXTRACT_FEATURES_MAX
        && file.features.iter().all(is_sound_feature)
        && PartId::new(file.part.as_str()) == file.part;
    let text = match &file.outcome {
        Extraction::Text { text, places } => text.len() <= ATTACHMENT_TEXT_BYTES_MAX && places.is_sound(text),
        Extraction::Nothing(_) | Extraction::Unreadable(_) => true,
    };
    words && text
}

fn is_sound_feature(feature: &Feature) -> bool {
    match feature {
        Feature::Label(label) => label.id.len().max(label.name.len()) <= EXTRACT_NAME_BYTES_MAX,
        _ => true,
    }
}

fn cut(text: &str, most: usize) -> &str {
    let at = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..at).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use mail::{PlaceKind, Places};

    fn one(outcome: Extraction) -> Vec<Extracted> {
        vec![Extracted {
            part: PartId::new(""),
            name: "a".into(),
            detected_type: "text/plain".into(),
            outcome,
            features: vec![],
            picture: None,
        }]
    }

    #[test]
    fn only_sound_answers_are_taken() {
        let text = |starts: &[usize]| {
            let mut places = Places::default();
            for start in starts {
                places.mark(*start, PlaceKind::Page, "", 1, 0);
            }
            one(Extraction::Text { text: "été".into(), places })
        };
        assert!(is_sound(&text(&[0, 2, 5])));
        assert!(!is_sound(&text(&[6])));
        assert!(!is_sound(&text(&[1])));
        let unsorted = serde_json::from_str(r#"{"names":[],"marks":[[3,1,0,1,0],[2,1,0,1,0]]}"#).unwrap();
        assert!(!is_sound(&one(Extraction::Text { text: "été".into(), places: unsorted })));
        assert!(!is_sound(&[]));
        let long = "x".repeat(ATTACHMENT_TEXT_BYTES_MAX + 1);
        assert!(!is_sound(&one(Extraction::Text { text: long, places: Places::default() })));
    }

    #[test]
    fn names_are_cut_between_characters() {
        assert_eq!(cut("été", 3), "ét");
        assert_eq!(cut("été", 2), "é");
        assert_eq!(cut("été", 100), "été");
    }
}
