//! Reads a message: walks its structure once per plausible reading, within one budget.
//!
//! The structure is read by our own walker rather than by `mail-parser`, because what matters here is what *another*
//! reader could see (decision 0005). Where a choice is open the likeliest reading keeps the part's plain id and
//! the others get `~n`; all of them are scanned.

mod attachment;
mod budget;
mod entity;
mod envelope;
mod leaf;
mod multipart;

use vocabulary::bounds::MIME_DEPTH_MAX;

use crate::mime::headers::Headers;
use crate::regions::regions;
use crate::{Defect, DefectKind, Message, PartId, Region, RegionKind, TextKind, TextPart};
use budget::Budget;

/// Reads a message. Any bytes give one; work and memory are bounded by [`vocabulary::bounds`].
///
/// ```
/// let message = mail::parse(b"Subject: Bonjour\r\n\r\nTexte");
/// assert_eq!(message.subject, "Bonjour");
/// assert_eq!(message.texts[1].text, "Texte");
/// ```
#[must_use]
pub fn parse(raw: &[u8]) -> Message {
    read_message(raw, None, 0, &mut Budget::for_message(raw.len()))
}

/// Reads the message that is the part `prefix`, or the whole when there is none.
fn read_message(raw: &[u8], prefix: Option<PartId>, depth: usize, budget: &mut Budget) -> Message {
    let mut walk =
        Walk { budget, prefix, message: Message::default(), boundaries: Vec::new(), answers: false };
    let headers = Headers::read(raw);
    if headers.count == 0 {
        walk.defect(DefectKind::NoHeaders, None, "no header field before the body");
        walk.leaf_text(raw, "1", TextKind::Plain);
    } else {
        walk.envelope(&headers);
        walk.entity(&headers, "", Parent::Message, depth);
    }
    walk.message
}

/// What encloses a part; it changes the part's default type (RFC 2046 §5.1.5).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parent {
    Message,
    Multipart,
    Digest,
}

/// One message being read.
struct Walk<'b> {
    budget: &'b mut Budget,
    /// The part this message is attached as.
    prefix: Option<PartId>,
    message: Message,
    /// Boundaries of the multiparts around the current part.
    boundaries: Vec<String>,
    /// It names a message it answers (RFC 5322 §3.6.4).
    answers: bool,
}

impl Walk<'_> {
    /// The id of `path` in the outermost message; a root that is no multipart is `1`.
    fn id(&self, path: &str) -> PartId {
        let id = match path.strip_prefix('~') {
            _ if path.is_empty() => PartId::new("1"),
            Some(reading) if !reading.contains('.') => PartId::new(&format!("1~{reading}")),
            _ => PartId::new(path),
        };
        self.within(id)
    }

    /// `id` as seen from the outermost message.
    fn within(&self, id: PartId) -> PartId {
        match &self.prefix {
            Some(prefix) => prefix.message_part(&id),
            None => id,
        }
    }

    fn defect(&mut self, kind: DefectKind, part: Option<PartId>, detail: &str) {
        // The same remark about many parts says nothing more after a while.
        let same = self.message.defects.iter().filter(|defect| defect.kind == kind).count();
        if same < budget::DEFECTS_PER_KIND_MAX {
            let part = part.or_else(|| self.prefix.clone());
            self.message.defects.push(Defect { kind, part, detail: detail.to_owned() });
        }
    }

    fn is_too_deep(&mut self, depth: usize, path: &str) -> bool {
        if depth > MIME_DEPTH_MAX {
            let id = self.id(path);
            self.defect(DefectKind::TooDeep, Some(id), "nested deeper than is read");
        }
        depth > MIME_DEPTH_MAX
    }

    /// Keeps a text. `marks` are regions known from markup.
    fn push_text(
        &mut self,
        part: PartId,
        kind: TextKind,
        text: String,
        marks: &[(RegionKind, usize, usize)],
    ) {
        let (text, cut) = self.budget.take_text(text);
        if cut {
            self.defect(DefectKind::TooLong, Some(part.clone()), "more text than is kept");
        }
        let regions = match kind {
            TextKind::Plain | TextKind::Html | TextKind::Reading => regions(&text, marks, self.answers),
            _ if text.is_empty() => Vec::new(),
            _ => vec![Region { kind: RegionKind::New, start: 0, end: text.len() }],
        };
        self.message.texts.push(TextPart { part, kind, text, regions });
    }
}
