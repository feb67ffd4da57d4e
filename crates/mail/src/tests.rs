//! What the reading promises, on cases made by hand, on real mail, and on noise.

mod cases;
mod corners;
mod corpus;
mod header;
mod layout;
mod properties;
mod sheets;
mod shown;
mod views;

use crate::{DefectKind, Message, parse};

/// A message with `\n` written as `\r\n`.
pub(crate) fn mail(text: &str) -> Message {
    parse(text.replace('\n', "\r\n").as_bytes())
}

/// Everything that would be scanned.
pub(crate) fn everything(message: &Message) -> String {
    let texts = message.all_texts().into_iter().map(|text| text.text.clone());
    let files =
        message.all_attachments().into_iter().map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
    texts.chain(files).collect::<Vec<_>>().join("\n")
}

pub(crate) fn has(message: &Message, kind: DefectKind) -> bool {
    message.all_defects().iter().any(|defect| defect.kind == kind)
}
