//! The fields of a message's own header: who, when, which kind of message.

use std::collections::HashSet;

use mail_parser::parsers::MessageStream;
use mail_parser::{Addr, Address, DateTime, HeaderValue};
use vocabulary::Timestamp;

use super::Walk;
use super::budget::{ADDRESS_FIELD_BYTES_MAX, MAILBOXES_MAX};
use crate::label;
use crate::mime::headers::Headers;
use crate::mime::words;
use crate::{DefectKind, Mailbox, PartId, Sensitivity, TextKind};

/// Fields RFC 5322 §3.6 allows once, whose doubles mislead: readers show the first or the last.
const ONCE: &[&str] = &["from", "sender", "reply-to", "to", "cc", "subject", "date", "message-id"];
/// Longest message id or trace kept, bytes.
const TOKEN_BYTES_MAX: usize = 998;
/// Digits of an address that may be a number of something.
const ADDRESS_DIGITS_MIN: usize = 12;
/// Longest date read, bytes.
const DATE_BYTES_MAX: usize = 128;

impl Walk<'_> {
    /// Fills in the message's fields, and the texts its header shows.
    pub(super) fn envelope(&mut self, headers: &Headers<'_>) {
        for name in ONCE {
            if headers.disagree(name) {
                let id = self.within(PartId::header(name));
                self.defect(DefectKind::DuplicateHeader, Some(id), &format!("{name} stands several times"));
            }
        }
        if headers.truncated {
            self.defect(DefectKind::TooManyParts, None, "more header fields than are read");
        }
        self.answers = ["in-reply-to", "references"]
            .iter()
            .any(|name| headers.all(name).any(|raw| !raw.trim_ascii().is_empty()));
        self.people(headers);
        self.kind(headers);
        self.header_texts(headers);
    }

    fn people(&mut self, headers: &Headers<'_>) {
        self.message.from = self.mailboxes(headers, "from");
        self.message.to = self.mailboxes(headers, "to");
        self.message.cc = self.mailboxes(headers, "cc");
        self.message.bcc = self.mailboxes(headers, "bcc");
        self.message.reply_to = self.mailboxes(headers, "reply-to");
        self.message.sender = self.mailboxes(headers, "sender").into_iter().next();
    }

    fn kind(&mut self, headers: &Headers<'_>) {
        let message = &mut self.message;
        message.date = headers.first("date").and_then(date);
        message.message_id = headers.first("message-id").and_then(|raw| ids(raw).into_iter().next());
        message.in_reply_to = headers.first("in-reply-to").map(ids).unwrap_or_default();
        message.auto_submitted = headers.all("auto-submitted").any(|raw| keyword(raw) != "no");
        message.auto_replied = headers.all("auto-submitted").any(|raw| keyword(raw) == "auto-replied");
        message.bulk = headers.first("list-id").is_some()
            || headers.first("list-unsubscribe").is_some()
            || headers.all("precedence").any(|raw| matches!(keyword(raw).as_str(), "bulk" | "list" | "junk"));
        message.sensitivity = headers.all("sensitivity").find_map(|raw| match keyword(raw).as_str() {
            "personal" => Some(Sensitivity::Personal),
            "private" => Some(Sensitivity::Private),
            "company-confidential" => Some(Sensitivity::CompanyConfidential),
            _ => None,
        });
        let labelled = headers.all("msip_labels").take(super::budget::READINGS_MAX);
        message.labels = labelled.flat_map(|raw| label::of_field(&words::decode(raw))).collect();
        message.received_count = headers.received;
        let traces = headers.all("x-cerebro-trace").take(super::budget::DEFECTS_PER_KIND_MAX);
        message.traces = traces.map(|raw| token(&words::decode(raw))).collect();
    }

    /// The subject, and the other fields a reader sees beside the addresses.
    fn header_texts(&mut self, headers: &Headers<'_>) {
        let subjects: Vec<String> = headers.all("subject").map(words::decode).collect();
        self.message.subject = subjects.first().cloned().unwrap_or_default();
        let id = self.within(PartId::subject());
        for (n, subject) in subjects.into_iter().take(super::budget::READINGS_MAX).enumerate() {
            let id = if n == 0 { id.clone() } else { id.reading(n) };
            self.push_text(id, TextKind::Subject, subject, &[]);
        }
        for name in ["comments", "keywords", "thread-topic"] {
            let values: Vec<String> = headers.all(name).map(words::decode).collect();
            // Outlook repeats the subject as its thread's topic.
            if !values.is_empty() && !self.message.subject.ends_with(&values.concat()) {
                let id = self.within(PartId::header(name));
                self.push_text(id, TextKind::Header, values.join("\n"), &[]);
            }
        }
        let people = self.everybody();
        let names: Vec<&str> =
            people.iter().map(|mailbox| mailbox.name.as_str()).filter(|name| !name.is_empty()).collect();
        if !names.is_empty() {
            let id = self.within(PartId::header("names"));
            let names = names.join("\n");
            self.push_text(id, TextKind::Header, names, &[]);
        }
        let beside = beside(headers, &people);
        let ids = ["message-id", "in-reply-to", "references"];
        let ids = ids.iter().flat_map(|name| headers.all(name).map(|raw| (name.as_bytes(), raw)));
        // An address that is made of a number; others say who, and their names are above.
        let digits = |mailbox: &&Mailbox| mailbox.address.bytes().filter(u8::is_ascii_digit).count();
        let odd: Vec<String> = people
            .iter()
            .filter(|mailbox| digits(mailbox) >= ADDRESS_DIGITS_MIN)
            .map(|mailbox| mailbox.address.clone())
            .collect();
        let odd = odd.iter().map(|address| (&b"Address"[..], address.as_bytes()));
        let id = self.within(PartId::header("others"));
        let beside = beside.iter().map(|(name, value)| (name.as_bytes(), value.as_slice()));
        self.other_fields(id, headers.others.iter().copied().chain(ids).chain(odd).chain(beside));
    }

    /// Every mailbox of the header, in the order of its fields.
    fn everybody(&self) -> Vec<Mailbox> {
        let message = &self.message;
        [&message.from, &message.to, &message.cc, &message.bcc, &message.reply_to]
            .into_iter()
            .flatten()
            // The sender is nearly always among them.
            .chain(message.sender.iter().filter(|sender| !message.from.contains(sender)))
            .cloned()
            .collect()
    }

    /// Fields that no program shows, one a line. Ids of messages and copies of the addresses stand in them; what they say is
    /// read, and no list of addresses is made of them.
    pub(super) fn other_fields<'h>(
        &mut self,
        id: PartId,
        fields: impl Iterator<Item = (&'h [u8], &'h [u8])>,
    ) {
        let mut text = String::new();
        for (name, value) in fields {
            let value = words::decode(value);
            if !text.is_empty() {
                text.push('\n');
            }
            text.extend([&String::from_utf8_lossy(name), ": ", &value.replace('@', " ")]);
        }
        if !text.is_empty() {
            self.push_text(id, TextKind::Header, text, &[]);
        }
    }

    /// Every mailbox of every occurrence of a field.
    fn mailboxes(&mut self, headers: &Headers<'_>, name: &str) -> Vec<Mailbox> {
        let mut all = Vec::new();
        let mut cut = false;
        for raw in headers.all(name) {
            cut |= raw.len() > ADDRESS_FIELD_BYTES_MAX;
            all.extend(addresses(raw.get(..ADDRESS_FIELD_BYTES_MAX).unwrap_or(raw)));
            cut |= all.len() > MAILBOXES_MAX;
            all.truncate(MAILBOXES_MAX);
        }
        if cut {
            let id = self.within(PartId::header(name));
            self.defect(DefectKind::TooManyParts, Some(id), "more mailboxes than are read");
        }
        all
    }
}

/// Fields of addresses that say more than addresses and the names beside them: the name of a group, a remark, words where an
/// address should be. Readers show some of it.
fn beside(headers: &Headers<'_>, people: &[Mailbox]) -> Vec<(&'static str, Vec<u8>)> {
    let known: HashSet<&str> =
        people.iter().flat_map(|mailbox| words_of(&mailbox.name).chain(words_of(&mailbox.address))).collect();
    let mut found = Vec::new();
    for name in ["from", "sender", "reply-to", "to", "cc", "bcc"] {
        for raw in headers.all(name).filter(|raw| raw.len() <= ADDRESS_FIELD_BYTES_MAX) {
            let text = words::decode(raw);
            if words_of(&text).any(|word| !known.contains(word)) {
                found.push((name, text.into_bytes()));
            }
        }
    }
    found
}

/// Letters and digits that stand together.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// The mailboxes of one field value, groups flattened.
fn addresses(raw: &[u8]) -> Vec<Mailbox> {
    let mut line = raw.to_vec();
    line.push(b'\n');
    let mailbox = |addr: &Addr<'_>| Mailbox {
        name: one_line(addr.name.as_deref().unwrap_or_default()),
        address: one_line(addr.address.as_deref().unwrap_or_default()),
    };
    match MessageStream::new(&line).parse_address() {
        HeaderValue::Address(Address::List(list)) => list.iter().map(mailbox).collect(),
        HeaderValue::Address(Address::Group(groups)) => {
            groups.iter().flat_map(|group| &group.addresses).map(mailbox).collect()
        }
        _ => Vec::new(),
    }
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

/// The first word of a field, in lower case.
fn keyword(raw: &[u8]) -> String {
    words::decode(raw).split([';', ' ', '(']).next().unwrap_or("").trim().to_ascii_lowercase()
}

/// Message ids, without their angle brackets; a bare word where there are none.
fn ids(raw: &[u8]) -> Vec<String> {
    let text = words::decode(raw);
    let bracketed: Vec<String> = text
        .split('<')
        .skip(1)
        .filter_map(|piece| piece.split_once('>'))
        .map(|(id, _)| token(id.trim()))
        .filter(|id| !id.is_empty())
        .take(MAILBOXES_MAX)
        .collect();
    if bracketed.is_empty() {
        text.split_whitespace().next().map(token).into_iter().collect()
    } else {
        bracketed
    }
}

fn token(text: &str) -> String {
    let cut = (0..=TOKEN_BYTES_MAX.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..cut).unwrap_or("").to_owned()
}

fn date(raw: &[u8]) -> Option<Timestamp> {
    let text = words::decode(raw.get(..DATE_BYTES_MAX).unwrap_or(raw));
    let is_date =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, ' ' | ',' | ':' | '+' | '-' | '.' | '(' | ')');
    let date = text.chars().all(is_date).then(|| DateTime::parse_rfc822(&format!("{text}\n"))).flatten()?;
    let real = (1..=12).contains(&date.month) && (1..=31).contains(&date.day) && date.year >= 1900;
    let micros = date.to_timestamp().checked_mul(1_000_000)?;
    (real && date.hour < 24 && date.minute < 60).then(|| Timestamp::from_micros(micros))
}
