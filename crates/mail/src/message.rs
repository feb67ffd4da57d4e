//! What a message is to the rest of CEREBRO: who, what it says and where, what it carries, what is wrong with it.

use std::fmt;

use serde::{Deserialize, Serialize};
use vocabulary::Timestamp;

use crate::{Defect, Label, PartId};

/// A message, read. Its `Debug` shows counts only: contents have no place in a log (invariant 12).
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Message {
    /// The subject, decoded, on one line. Also in `texts`, as part `subject`.
    pub subject: String,
    /// `From`, every mailbox of every occurrence (groups flattened).
    pub from: Vec<Mailbox>,
    /// `To`.
    pub to: Vec<Mailbox>,
    /// `Cc`.
    pub cc: Vec<Mailbox>,
    /// `Bcc`, which should never be here.
    pub bcc: Vec<Mailbox>,
    /// `Reply-To`.
    pub reply_to: Vec<Mailbox>,
    /// `Sender`.
    pub sender: Option<Mailbox>,
    /// `Date`, if it is one.
    pub date: Option<Timestamp>,
    /// `Message-ID` without its angle brackets.
    pub message_id: Option<String>,
    /// `In-Reply-To`, ids without brackets.
    pub in_reply_to: Vec<String>,
    /// `Auto-Submitted` says anything but `no` (RFC 3834 §5).
    pub auto_submitted: bool,
    /// A machine answers a message with it: `Auto-Submitted: auto-replied`, or a report (RFC 3834 §5). Never answered.
    pub auto_replied: bool,
    /// `List-Id`, `List-Unsubscribe` or `Precedence: bulk | list | junk`.
    pub bulk: bool,
    /// A delivery or disposition report (`multipart/report`, RFC 6522).
    pub report: bool,
    /// `Sensitivity` (RFC 2156 §5.3.4), the mark of private mail.
    pub sensitivity: Option<Sensitivity>,
    /// Sensitivity labels it says it has (`msip_labels`), of every tenant that labelled it.
    pub labels: Vec<Label>,
    /// Number of `Received` fields (loops).
    pub received_count: usize,
    /// Instances of CEREBRO this message came through (`X-Cerebro-Trace` instances, latest first).
    pub traces: Vec<String>,
    /// Calendar objects, so that a CANCEL never overtakes its REQUEST (RFC 5546).
    pub calendar: Vec<CalendarObject>,
    /// Every text, every plausible reading of it. The subject first, then parts in order.
    pub texts: Vec<TextPart>,
    /// Every part that is not a text to read, attached messages included.
    pub attachments: Vec<Attachment>,
    /// What was wrong, doubtful or unread, in this message alone (an attached message has its own).
    pub defects: Vec<Defect>,
}

/// A mailbox as written: nothing says the address is one.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Mailbox {
    /// The display name, decoded; may be empty.
    pub name: String,
    /// What stands where the address should; may be empty or not an address.
    pub address: String,
}

/// The mark a sender put on the message (RFC 2156 §5.3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// `Personal`.
    Personal,
    /// `Private`.
    Private,
    /// `Company-Confidential`.
    CompanyConfidential,
}

/// One calendar object of a `text/calendar` part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarObject {
    /// Where it stands.
    pub part: PartId,
    /// `REQUEST`, `CANCEL`, `REPLY`… in upper case; empty when it does not say.
    pub method: String,
    /// Who organises it, an address in lower case; empty when it does not say.
    #[serde(default)]
    pub organizer: String,
    /// The UIDs of its components; a request and its cancellation share one.
    pub uids: Vec<String>,
}

/// A text of the message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextPart {
    /// Where it stands.
    pub part: PartId,
    /// What kind of text.
    pub kind: TextKind,
    /// The text, decoded; line ends are `\n`. Not normalised otherwise: offsets are offsets in this.
    pub text: String,
    /// Regions in order; they cover the text entirely.
    pub regions: Vec<Region>,
}

/// The kinds of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextKind {
    /// The subject line.
    Subject,
    /// Another header field a reader sees (display names, Comments, Keywords).
    Header,
    /// `text/plain`, or another text shown as it is.
    Plain,
    /// `text/html`, what its reader sees.
    Html,
    /// `text/html`, what its reader does not see: hidden elements, comments, alternative texts, link targets.
    HtmlHidden,
    /// `text/calendar`, its values unescaped.
    Calendar,
    /// Before the first or after the last part of a multipart.
    Outside,
    /// Another plausible reading of bytes already read once.
    Reading,
}

/// A stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Whose words these are.
    pub kind: RegionKind,
    /// First byte of the stretch in the text.
    pub start: usize,
    /// One past its last byte.
    pub end: usize,
}

/// Whose words a stretch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionKind {
    /// Written for this message.
    New,
    /// A quoted or forwarded thread.
    Quoted,
    /// The sender's signature.
    Signature,
    /// A legal or confidentiality footer.
    Disclaimer,
}

/// A part that is not a text to read.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Where it stands.
    pub part: PartId,
    /// Its file name, decoded, without folders, on one line; may be empty. Still untrusted.
    pub name: String,
    /// Names another reader could take instead.
    #[serde(default)]
    pub other_names: Vec<String>,
    /// The type it declares, `type/subtype` in lower case. Nothing says it is true.
    pub declared_type: String,
    /// Its bytes, decoded. Empty when `embedded_message` is the content.
    #[serde(with = "crate::base64_serde")]
    pub bytes: Vec<u8>,
    /// Its size decoded, bytes.
    pub size: usize,
    /// Shown in the text rather than beside it.
    pub inline: bool,
    /// The message inside, when the part is one. Its part ids start with this part's and `/`.
    pub embedded_message: Option<Box<Message>>,
}

impl Message {
    /// Every text, attached messages included, in order.
    #[must_use]
    pub fn all_texts(&self) -> Vec<&TextPart> {
        self.whole().into_iter().flat_map(|message| &message.texts).collect()
    }

    /// Every attachment, those of attached messages included, in order.
    #[must_use]
    pub fn all_attachments(&self) -> Vec<&Attachment> {
        self.whole().into_iter().flat_map(|message| &message.attachments).collect()
    }

    /// Every defect, those of attached messages included, in order.
    #[must_use]
    pub fn all_defects(&self) -> Vec<&Defect> {
        self.whole().into_iter().flat_map(|message| &message.defects).collect()
    }

    /// Every sensitivity label, those of attached messages included, in order.
    #[must_use]
    pub fn all_labels(&self) -> Vec<&Label> {
        self.whole().into_iter().flat_map(|message| &message.labels).collect()
    }

    /// Another reader may see another message (case E08).
    #[must_use]
    pub fn is_ambiguous(&self) -> bool {
        self.all_defects().iter().any(|defect| defect.kind.is_ambiguous())
    }

    /// Something was not read.
    #[must_use]
    pub fn is_unread(&self) -> bool {
        self.all_defects().iter().any(|defect| defect.kind.is_unread())
    }

    /// This message and those attached to it, outermost first. Depth is bounded by the reading.
    fn whole(&self) -> Vec<&Self> {
        let mut all = vec![self];
        for attachment in &self.attachments {
            if let Some(inner) = &attachment.embedded_message {
                all.extend(inner.whole());
            }
        }
        all
    }
}

impl TextPart {
    /// The stretches of one kind.
    pub fn stretches(&self, kind: RegionKind) -> impl Iterator<Item = &str> {
        self.regions
            .iter()
            .filter(move |region| region.kind == kind)
            .filter_map(|region| self.text.get(region.start..region.end))
    }

    /// The kind of region a byte offset lies in; `New` past the end.
    #[must_use]
    pub fn region_at(&self, offset: usize) -> RegionKind {
        // Regions follow each other without gap or overlap.
        let at = self.regions.partition_point(|region| region.end <= offset);
        self.regions
            .get(at)
            .filter(|region| region.start <= offset)
            .map_or(RegionKind::New, |region| region.kind)
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("texts", &self.texts)
            .field("attachments", &self.attachments)
            .field("defects", &self.defects)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailbox(…)")
    }
}

impl fmt::Debug for TextPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} ({} bytes)", self.part, self.kind, self.text.len())
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({} bytes)", self.part, self.declared_type, self.size)
    }
}
