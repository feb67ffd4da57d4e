//! Reads a message.

use mail_parser::{Address, MessageParser, PartType};
use vocabulary::Timestamp;

use crate::{Attachment, Mailbox, Message, PartId, Region, RegionKind, TextKind, TextPart};

/// Reads a message. Any bytes give one.
#[must_use]
pub fn parse(raw: &[u8]) -> Message {
    let Some(parsed) = MessageParser::default().parse(raw) else { return Message::default() };
    let mut message = Message {
        subject: parsed.subject().unwrap_or_default().to_owned(),
        from: mailboxes(parsed.from()),
        to: mailboxes(parsed.to()),
        cc: mailboxes(parsed.cc()),
        reply_to: mailboxes(parsed.reply_to()),
        date: parsed.date().map(|date| Timestamp::from_micros(date.to_timestamp().saturating_mul(1_000_000))),
        message_id: parsed.message_id().map(str::to_owned),
        ..Message::default()
    };
    message.texts.push(text(PartId::subject(), TextKind::Subject, message.subject.clone()));
    for (index, part) in parsed.parts.iter().enumerate() {
        let id = PartId::new(&index.to_string());
        match &part.body {
            PartType::Text(body) => message.texts.push(text(id, TextKind::Plain, body.to_string())),
            PartType::Html(body) => message.texts.push(text(id, TextKind::Html, body.to_string())),
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => message.attachments.push(Attachment {
                part: id,
                name: String::new(),
                declared_type: String::new(),
                bytes: bytes.to_vec(),
                size: bytes.len(),
                inline: false,
                embedded_message: None,
            }),
            PartType::Message(_) | PartType::Multipart(_) => {}
        }
    }
    message
}

fn text(part: PartId, kind: TextKind, text: String) -> TextPart {
    let regions = vec![Region { kind: RegionKind::New, start: 0, end: text.len() }];
    TextPart { part, kind, text, regions }
}

fn mailboxes(address: Option<&Address<'_>>) -> Vec<Mailbox> {
    let of = |addr: &mail_parser::Addr<'_>| Mailbox {
        name: addr.name.as_deref().unwrap_or_default().to_owned(),
        address: addr.address.as_deref().unwrap_or_default().to_owned(),
    };
    address.map(|address| address.iter().map(of).collect()).unwrap_or_default()
}
