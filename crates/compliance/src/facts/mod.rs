//! Everything the engine is told. What is not here cannot change an assessment.

mod organisation;
mod unsent;

use std::fmt;

use mail::{Label, Message, Places};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vocabulary::{EmailAddress, Timestamp};

pub use organisation::{OrganisationFacts, PreparedOrganisation};
pub use unsent::Unsent;

/// The facts of one message, borrowed from those who established them.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The message, read.
    pub message: &'a Message,
    /// The envelope sender; `None` for the null reverse-path.
    pub sender: Option<&'a EmailAddress>,
    /// The envelope recipients, in order.
    pub recipients: &'a [RecipientFacts],
    /// What came out of the attachments, members of archives included.
    pub attachments: &'a [AttachmentText],
    /// The organisation that sends.
    pub organisation: &'a PreparedOrganisation,
    /// When the message was accepted.
    pub at: Timestamp,
}

/// One recipient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecipientFacts {
    /// The envelope address.
    pub address: EmailAddress,
    /// Outside the organisation.
    pub external: bool,
    /// Nobody of the organisation is known to have written to them before.
    pub first_contact: bool,
}

/// What came out of one attachment, or of one member of it.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AttachmentText {
    /// The part id, `2` or `2!inner.docx`.
    pub part: String,
    /// The file's name; untrusted.
    pub name: String,
    /// What came out.
    pub outcome: AttachmentOutcome,
    /// What else the file has, by code (`macros`, `hidden_sheets`…), each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// Its sensitivity labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Label>,
    /// Where the stretches of its text stand in it.
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    pub places: Places,
}

/// Text, nothing, or the reason it was not read.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentOutcome {
    /// Its text.
    Text(String),
    /// It was read and holds no text.
    #[default]
    Nothing,
    /// It was not read, for this reason (a code such as `encrypted`).
    Unreadable(String),
}

/// Whether a domain is `own`, or under it; small and capital letters alike.
fn owns(own: &str, domain: &str) -> bool {
    domain.len().checked_sub(own.len()).and_then(|at| domain.split_at_checked(at)).is_some_and(
        |(head, tail)| tail.eq_ignore_ascii_case(own) && (head.is_empty() || head.ends_with('.')),
    )
}

impl Facts<'_> {
    /// SHA-256 over everything [`crate::assess`] reads, each item framed by its length; lower-case hexadecimal.
    #[must_use]
    pub fn digest(&self) -> String {
        let mut hash = Framed::new("cerebro facts 4");
        self.add_message(&mut hash);
        hash.text(self.sender.map_or("", EmailAddress::as_str));
        hash.count(self.recipients.len());
        for recipient in self.recipients {
            hash.text(recipient.address.as_str());
            hash.bytes(&[u8::from(recipient.external), u8::from(recipient.first_contact)]);
        }
        hash.count(self.attachments.len());
        for attachment in self.attachments {
            hash.text(&attachment.part);
            hash.text(&attachment.name);
            let (outcome, content) = match &attachment.outcome {
                AttachmentOutcome::Text(text) => ("text", text.as_str()),
                AttachmentOutcome::Nothing => ("nothing", ""),
                AttachmentOutcome::Unreadable(reason) => ("unreadable", reason.as_str()),
            };
            hash.text(outcome);
            hash.text(content);
            hash.list(&attachment.features);
            hash.labels(attachment.labels.iter());
            hash.count(attachment.places.names());
            attachment.places.each(|said| hash.bytes(said));
        }
        hash.text(self.organisation.digest());
        hash.bytes(&self.at.micros().to_be_bytes());
        hash.finish()
    }

    fn add_message(&self, hash: &mut Framed) {
        let message = self.message;
        hash.text(&message.subject);
        for mailboxes in [&message.to, &message.cc] {
            hash.count(mailboxes.len());
            for mailbox in mailboxes {
                hash.text(&mailbox.address);
            }
        }
        hash.bytes(&[
            u8::from(message.auto_submitted),
            u8::from(message.bulk),
            u8::from(message.report),
            message.sensitivity.map_or(0, |sensitivity| sensitivity as u8 + 1),
        ]);
        hash.count(message.calendar.len());
        for object in &message.calendar {
            hash.text(&object.method);
        }
        hash.labels(message.all_labels());
        let texts = message.all_texts();
        hash.count(texts.len());
        for text in texts {
            hash.text(text.part.as_str());
            hash.bytes(&[text.kind as u8]);
            hash.text(&text.text);
            hash.count(text.regions.len());
            for region in &text.regions {
                hash.bytes(&[region.kind as u8]);
                hash.count(region.start);
                hash.count(region.end);
            }
        }
        let attachments = message.all_attachments();
        hash.count(attachments.len());
        for attachment in attachments {
            hash.text(attachment.part.as_str());
            hash.text(&attachment.name);
            hash.list(&attachment.other_names);
            hash.bytes(&[u8::from(attachment.embedded_message.is_some())]);
        }
        let defects = message.all_defects();
        hash.count(defects.len());
        for defect in defects {
            hash.text(defect.kind.code());
            hash.text(defect.part.as_ref().map_or("", |part| part.as_str()));
        }
    }
}

/// A hash in which no two lists of items give the same bytes.
pub(crate) struct Framed(Sha256);

impl Framed {
    pub(crate) fn new(purpose: &str) -> Self {
        let mut framed = Self(Sha256::new());
        framed.text(purpose);
        framed
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.update(bytes);
    }

    pub(crate) fn count(&mut self, count: usize) {
        self.0.update((count as u64).to_be_bytes());
    }

    fn list(&mut self, items: &[String]) {
        self.count(items.len());
        for item in items {
            self.text(item);
        }
    }

    fn labels<'l>(&mut self, labels: impl IntoIterator<Item = &'l Label>) {
        let labels: Vec<&Label> = labels.into_iter().collect();
        self.count(labels.len());
        for label in labels {
            self.text(&label.id);
            self.text(&label.name);
        }
    }

    pub(crate) fn finish(self) -> String {
        self.0.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            for nibble in [byte >> 4, byte & 15] {
                hex.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
            }
            hex
        })
    }
}

impl fmt::Debug for AttachmentText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}", self.part, self.outcome)
    }
}

impl fmt::Debug for AttachmentOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({} bytes)", text.len()),
            Self::Nothing => f.write_str("Nothing"),
            Self::Unreadable(reason) => write!(f, "Unreadable({reason})"),
        }
    }
}
