//! Reads attachments: in the confined child, or here where a test wants one process.

mod pictures;

use compliance::{AttachmentOutcome, AttachmentText};
use extract::confine::Confinement;
use extract::{Extracted, Extraction, Extractor, Feature, Ocr, Reason, StartError, Worker};
use mail::{Attachment, Message, PartId, Places};
use tokio::time::{Instant, timeout_at};
use vocabulary::bounds::{EXTRACT_MESSAGE_TIMEOUT, MESSAGE_TEXT_BYTES_MAX};

/// Where attachments are read.
#[derive(Debug)]
pub enum AttachmentReader {
    /// In a confined child; what is written in pictures in another, where there is one.
    Confined(Extractor, Option<Ocr>),
    /// In this process: tests only, a hostile file would be read with all of our rights.
    Here,
}

impl AttachmentReader {
    /// The ordinary reader: `worker` is our own program, which confines itself before it reads.
    #[must_use]
    pub fn confined(worker: Worker) -> Self {
        Self::Confined(Extractor::new(worker), None)
    }

    /// The same reader, and what reads pictures.
    #[must_use]
    pub fn with_ocr(self, ocr: Option<Ocr>) -> Self {
        match self {
            Self::Confined(extractor, _) => Self::Confined(extractor, ocr),
            Self::Here => Self::Here,
        }
    }

    /// Whether attachments can be read, and how the child is confined.
    ///
    /// # Errors
    /// They cannot, and why: each one will be a stated reason.
    pub async fn check(&self) -> Result<Confinement, StartError> {
        match self {
            Self::Confined(extractor, _) => extractor.check().await,
            Self::Here => Ok(Confinement { missing: Vec::new() }),
        }
    }

    /// The text of every attachment, or why there is none. Never fails: what cannot be read is a stated reason.
    ///
    /// Bounded by [`EXTRACT_MESSAGE_TIMEOUT`] and [`MESSAGE_TEXT_BYTES_MAX`], all attachments together.
    pub async fn read(&self, message: &Message) -> Vec<AttachmentText> {
        let deadline = Instant::now() + EXTRACT_MESSAGE_TIMEOUT;
        let mut left = MESSAGE_TEXT_BYTES_MAX;
        let mut all = Vec::new();
        // An attached message's own parts are among them; the message as a file is not a second thing to read.
        for attachment in message.all_attachments() {
            if attachment.embedded_message.is_some() {
                continue;
            }
            let Some(found) = self.one(attachment, deadline).await else {
                all.push(unread(attachment, Reason::Timeout));
                continue;
            };
            all.extend(found.into_iter().map(|file| as_fact(&attachment.part, file, &mut left)));
        }
        all
    }

    /// `None` when there was no time for it.
    async fn one(&self, attachment: &Attachment, deadline: Instant) -> Option<Vec<Extracted>> {
        let Attachment { name, declared_type, bytes, .. } = attachment;
        match self {
            Self::Confined(extractor, ocr) => {
                let found = extractor.extract(name, declared_type, bytes);
                let mut found = timeout_at(deadline, found).await.ok()?;
                pictures::look(&mut found, bytes, ocr.as_ref(), deadline).await;
                Some(found)
            }
            Self::Here => Some(extract::extract_here(name, declared_type, bytes)),
        }
    }
}

/// What was read of a file that stands in `part`. A text past what is kept of one message is unread.
fn as_fact(part: &PartId, extracted: Extracted, left: &mut usize) -> AttachmentText {
    let mut labels = Vec::new();
    let mut features = Vec::new();
    for feature in extracted.features {
        match feature {
            Feature::Label(label) => labels.push(label),
            other => features.push(other.code().to_owned()),
        }
    }
    let mut of_text = Places::default();
    let outcome = match extracted.outcome {
        Extraction::Text { text, .. } if text.len() > *left => stated(Reason::TooLarge),
        Extraction::Text { text, places } => {
            *left -= text.len();
            of_text = places;
            AttachmentOutcome::Text(text)
        }
        Extraction::Nothing(_) => AttachmentOutcome::Nothing,
        Extraction::Unreadable(reason) => stated(reason),
    };
    // The inner part begins with its own separator: `!member`, `/1`.
    let part = PartId::new(&format!("{part}{}", extracted.part)).to_string();
    AttachmentText { part, name: extracted.name, outcome, features, labels, places: of_text }
}

fn unread(attachment: &Attachment, reason: Reason) -> AttachmentText {
    AttachmentText {
        part: attachment.part.to_string(),
        name: attachment.name.clone(),
        outcome: stated(reason),
        ..AttachmentText::default()
    }
}

fn stated(reason: Reason) -> AttachmentOutcome {
    AttachmentOutcome::Unreadable(reason.code().to_owned())
}

#[cfg(test)]
mod tests;
