//! Reads attachments: in the confined child, or here where a test wants one process.

use extract::{Extracted, Extraction};
use compliance::{AttachmentOutcome, AttachmentText};
use mail::{Attachment, Message};

/// Where attachments are read.
#[derive(Debug)]
pub enum AttachmentReader {
    /// In this process: tests only, a hostile file would be read with all of our rights.
    Here,
}

impl AttachmentReader {
    /// The text of every attachment, or why there is none. Never fails: what cannot be read is a stated reason.
    pub async fn read(&self, message: &Message) -> Vec<AttachmentText> {
        let mut all = Vec::new();
        for attachment in &message.attachments {
            all.extend(self.one(attachment).await.into_iter().map(as_fact));
        }
        all
    }

    async fn one(&self, attachment: &Attachment) -> Vec<Extracted> {
        match self {
            Self::Here => extract::extract_here(&attachment.name, &attachment.declared_type, &attachment.bytes),
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
