//! Messages saved as files, and signed or encrypted envelopes.

use mail::{Attachment, Message, PartId, PlaceKind};
use memchr::memmem;

use crate::work::{File, TextBuilder, Work};
use crate::{Empty, Reason};

/// `1.2.840.113549.1.7.2`, signed-data.
const SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";

/// A message, or a mailbox of several.
pub(crate) fn extract(work: &mut Work, file: &File<'_>) {
    let mut starts = letters(file.bytes);
    let mut start = 0;
    let mut number = 1;
    loop {
        let end = starts.next();
        let bytes = file.bytes.get(start..end.unwrap_or(file.bytes.len())).unwrap_or(&[]);
        let part =
            if number == 1 { file.part.clone() } else { file.part.member(&format!("message {number}")) };
        one(work, &File { part, bytes, ..file.clone() });
        let Some(end) = end else { return };
        if !work.take_member(file) {
            return;
        }
        (start, number) = (end, number + 1);
    }
}

/// Where messages after the first begin in a mailbox: a line `From …` behind an empty one, before a field.
fn letters(bytes: &[u8]) -> Box<dyn Iterator<Item = usize> + '_> {
    if !bytes.starts_with(b"From ") {
        return Box::new(std::iter::empty());
    }
    let begins = |at: &usize| {
        let before = bytes.get(..*at).unwrap_or(&[]);
        let mut lines = bytes.get(at + 1..).unwrap_or(&[]).split(|byte| *byte == b'\n');
        let field = lines.nth(1).unwrap_or(&[]);
        let name = memchr::memchr(b':', field).and_then(|colon| field.get(..colon)).unwrap_or(&[]);
        before.strip_suffix(b"\r").unwrap_or(before).ends_with(b"\n")
            && !name.is_empty()
            && name.iter().all(u8::is_ascii_graphic)
    };
    Box::new(memmem::find_iter(bytes, b"\nFrom ").filter(begins).map(|at| at + 1))
}

/// One message: its texts, then its attachments.
fn one(work: &mut Work, file: &File<'_>) {
    let message = mail::parse(file.bytes);
    let mut text = TextBuilder::default();
    for part in message.all_texts() {
        text.numbered(PlaceKind::Field, part.part.as_str(), 0);
        text.push(&part.text);
        text.close();
    }
    work.text(file, "message/rfc822", text);
    if message.is_unread() {
        let encrypted = message.all_defects().iter().any(|defect| defect.kind == mail::DefectKind::Encrypted);
        work.rest(file, if encrypted { Reason::Encrypted } else { Reason::TooLarge });
    }
    if message.is_ambiguous() {
        work.besides(file, "(readings)", Reason::Ambiguous);
    }
    attachments(work, file, &message);
}

fn attachments(work: &mut Work, file: &File<'_>, message: &Message) {
    for Attachment { part, name, declared_type, bytes, embedded_message, .. } in message.all_attachments() {
        if embedded_message.is_some() {
            continue;
        }
        if !work.take_member(file) {
            return;
        }
        let part = PartId::new(&format!("{}/{part}", file.part));
        work.file(&File { part, name, declared: declared_type, bytes, depth: file.depth + 1 });
    }
}

/// PKCS #7: what was signed is looked into; what was encrypted cannot be.
pub(crate) fn cms(work: &mut Work, file: &File<'_>) {
    let head = file.bytes.get(..64).unwrap_or(file.bytes);
    if memmem::find(head, SIGNED_DATA).is_none() {
        return work.unreadable(file, "application/pkcs7-mime", Reason::Encrypted);
    }
    match mail::signed(file.bytes) {
        mail::Signed::Content(content) => {
            work.nothing(file, "application/pkcs7-mime", Empty::Container);
            if work.take_member(file) {
                let part = file.part.member("content");
                work.file(&File {
                    part,
                    name: "content",
                    declared: "",
                    bytes: &content,
                    depth: file.depth + 1,
                });
            }
        }
        mail::Signed::Absent => work.nothing(file, "application/pkcs7-signature", Empty::Signature),
        mail::Signed::Unknown => work.unreadable(file, "application/pkcs7-mime", Reason::Corrupt),
    }
}
