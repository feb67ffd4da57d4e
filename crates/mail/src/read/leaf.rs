//! Parts that hold no other parts: texts, attached messages, files.

use std::borrow::Cow;

use super::entity::Part;
use super::{Parent, Walk, read_message};
use crate::cms::Signed;
use crate::mime::headers::Headers;
use crate::mime::params::Params;
use crate::mime::{charset, transfer};
use crate::{CalendarObject, DefectKind, PartId, TextKind, calendar, cms, flowed, html, reversed};

/// Files taken out of one text.
const FILES_IN_TEXT_MAX: usize = 20;
/// Numbers of readings of a text: by other charsets from 20 on, then without its markup, and with what is shown backwards.
const MARKUP_READING: usize = 40;
const REVERSED_READING: usize = 41;

impl Walk<'_> {
    /// Reads a part that is no multipart.
    pub(super) fn leaf(&mut self, part: &Part<'_, '_>) {
        let (bytes, others) = self.decode(part);
        let n_others = others.len();
        self.decoded_leaf(part, bytes, part.path);
        for (n, bytes) in others.into_iter().enumerate() {
            self.decoded_leaf(part, Cow::Owned(bytes), &format!("{}~{}", part.path, 10 + n));
        }
        debug_assert!(n_others <= 4);
    }

    fn decoded_leaf(&mut self, part: &Part<'_, '_>, bytes: Cow<'_, [u8]>, path: &str) {
        let id = self.id(path);
        match part.content_type.value.as_str() {
            "message/rfc822" | "message/global" => self.attached_message(part, &bytes, path),
            "message/partial" => {
                self.defect(DefectKind::PartialMessage, Some(id), "message/partial");
                self.attach(part, bytes.into_owned(), path);
            }
            "message/external-body" => {
                self.defect(DefectKind::ExternalBody, Some(id), "message/external-body");
                self.leaf_text(&bytes, path, TextKind::Plain);
            }
            "application/pkcs7-mime" | "application/x-pkcs7-mime" => self.smime(part, bytes, path),
            "application/pgp-encrypted" => self.defect(DefectKind::Encrypted, Some(id), "PGP/MIME"),
            kind if is_report(kind) => self.leaf_text(&bytes, path, TextKind::Plain),
            kind if kind.starts_with("text/") && !is_attachment(part.headers) => {
                // What opens as a file is also looked into as one: its source is not its text.
                if opens_as_file(part, kind, &bytes) && !looks_binary(&bytes, part.content_type) {
                    self.attach_besides(part, &bytes, path);
                }
                self.text_leaf(part, bytes, path)
            }
            _ => self.attach(part, bytes.into_owned(), path),
        }
    }

    fn attached_message(&mut self, part: &Part<'_, '_>, bytes: &[u8], path: &str) {
        if self.is_too_deep(part.depth + 1, path) || !self.budget.take_attachment() {
            let id = self.id(path);
            self.defect(DefectKind::TooDeep, Some(id.clone()), "an attached message that is not opened");
            self.push_text(id, TextKind::Outside, charset::lines(charset::guess(bytes)), &[]);
            return;
        }
        let inner = read_message(bytes, Some(self.id(path)), part.depth + 1, self.budget);
        self.attach_message(part, inner, bytes.len(), path);
    }

    /// S/MIME: signed content is opened (without checking the signature), encrypted content cannot be.
    fn smime(&mut self, part: &Part<'_, '_>, bytes: Cow<'_, [u8]>, path: &str) {
        match cms::signed(&bytes) {
            Signed::Content(content) => {
                let headers = Headers::read(&content);
                let inner = if path.is_empty() { "1.1".to_owned() } else { format!("{path}.1") };
                self.entity(&headers, &inner, Parent::Multipart, part.depth + 1);
            }
            Signed::Absent if part.content_type.values("smime-type").contains(&"certs-only") => {}
            // What the sender calls it changes nothing of what was not read.
            Signed::Absent | Signed::Unknown => {
                let id = self.id(path);
                self.defect(DefectKind::Encrypted, Some(id), "S/MIME");
            }
        }
        self.attach(part, bytes.into_owned(), path);
    }

    /// A text to read, in each of its plausible charsets.
    fn text_leaf(&mut self, part: &Part<'_, '_>, bytes: Cow<'_, [u8]>, path: &str) {
        if looks_binary(&bytes, part.content_type) {
            let id = self.id(path);
            self.defect(DefectKind::NotText, Some(id), "bytes that are no text under a text type");
            self.attach(part, bytes.into_owned(), path);
            return;
        }
        let mut labels: Vec<Option<&str>> =
            part.content_type.values("charset").into_iter().map(Some).collect();
        labels.dedup_by(|a, b| a.zip(*b).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b)));
        if labels.is_empty() {
            labels.push(if part.content_type.value == "text/html" { meta_charset(&bytes) } else { None });
        }
        let mut readings: Vec<String> = Vec::new();
        for label in labels.into_iter().take(4) {
            let decoded = charset::decode(&bytes, label);
            if let Some(kind) = decoded.defect {
                let id = self.id(path);
                let label = label.unwrap_or("none").chars().take(64).collect::<String>();
                self.defect(kind, Some(id), &format!("charset {label:?}"));
            }
            for text in std::iter::once(decoded.text).chain(decoded.others) {
                if !readings.contains(&text) {
                    readings.push(text);
                }
            }
        }
        self.controls(&bytes, path);
        for (n, text) in readings.into_iter().enumerate() {
            let id = if n == 0 { self.id(path) } else { self.id(path).reading(20 + n) };
            self.typed_text(part.content_type, id, text, n > 0);
        }
    }

    /// NUL and bare CR: readers disagree on them.
    fn controls(&mut self, bytes: &[u8], path: &str) {
        let bare_cr = memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'));
        if bare_cr || memchr::memchr(0, bytes).is_some() {
            let id = self.id(path);
            self.defect(DefectKind::BareControl, Some(id), "a NUL or a bare CR");
        }
    }

    /// A text by its type.
    fn typed_text(&mut self, content_type: &Params, id: PartId, text: String, is_reading: bool) {
        match content_type.value.as_str() {
            "text/html" | "text/xhtml" => self.html(id, &text, is_reading),
            "text/calendar" => {
                let object = calendar::read(&text);
                self.message.calendar.push(CalendarObject {
                    part: id.clone(),
                    method: object.method,
                    organizer: object.organizer,
                    uids: object.uids,
                });
                if object.cut {
                    self.defect(
                        DefectKind::TooManyParts,
                        Some(id.clone()),
                        "more files in a calendar than are read",
                    );
                }
                for (n, (name, bytes)) in object.files.into_iter().enumerate() {
                    self.attach_file(id.member(&format!("{}-{name}", n + 1)), &name, bytes);
                }
                self.push_text(id, TextKind::Calendar, object.text, &[]);
            }
            _ => {
                let is_flowed =
                    content_type.first("format").is_some_and(|format| format.eq_ignore_ascii_case("flowed"));
                let delete =
                    content_type.first("delsp").is_some_and(|delsp| delsp.eq_ignore_ascii_case("yes"));
                let text = if is_flowed { flowed::join(&text, delete) } else { text };
                self.files_in_text(&id, &text);
                let shown = reversed::lines(&text);
                if matches!(content_type.value.as_str(), "text/enriched" | "text/richtext") {
                    // Its commands are written as tags are (RFC 1896).
                    self.html(id.reading(MARKUP_READING), &text, true);
                }
                let kind = if is_reading { TextKind::Reading } else { TextKind::Plain };
                self.push_text(id.clone(), kind, text, &[]);
                if let Some(shown) = shown {
                    self.push_text(id.reading(REVERSED_READING), TextKind::Reading, shown, &[]);
                }
            }
        }
    }

    fn html(&mut self, id: PartId, source: &str, is_reading: bool) {
        let text = html::to_text(source);
        self.files_in_text(&id, &text.visible);
        if text.hides_text {
            self.defect(DefectKind::HiddenText, Some(id.clone()), "text its reader does not see");
        }
        if text.cut {
            self.defect(DefectKind::TooLong, Some(id.clone()), "more in attributes than is kept");
        }
        let kind = if is_reading { TextKind::Reading } else { TextKind::Html };
        self.push_text(id.clone(), kind, text.visible, &text.marks);
        if !text.hidden.is_empty() {
            self.push_text(id.clone(), TextKind::HtmlHidden, text.hidden, &[]);
        }
        self.pictures_in_text(&id, text.pictures);
    }

    /// Pictures that the text carries in itself are files as those beside it are; in another reading they are the same.
    fn pictures_in_text(&mut self, id: &PartId, pictures: Vec<Vec<u8>>) {
        for (number, bytes) in (1..).zip(pictures) {
            if self.message.attachments.iter().all(|known| known.bytes != bytes) {
                let name = format!("picture {number}");
                self.attach_file(id.member(&name), &name, bytes);
            }
        }
    }

    /// Files written inside a text, and text that is ciphertext.
    fn files_in_text(&mut self, id: &PartId, text: &str) {
        if text.contains("-----BEGIN PGP MESSAGE-----") {
            self.defect(DefectKind::Encrypted, Some(id.clone()), "a PGP message in the text");
        }
        if text.contains("=ybegin ") || text.contains("(This file must be converted with BinHex") {
            self.defect(DefectKind::EncodedInTextUnread, Some(id.clone()), "yEnc or BinHex in the text");
        }
        if !text.contains("begin ") {
            return;
        }
        for file in transfer::uuencoded(text, FILES_IN_TEXT_MAX) {
            self.defect(DefectKind::EncodedInText, Some(id.clone()), "uuencode in the text");
            self.attach_file(id.member(&file.name), &file.name, file.bytes);
        }
    }

    /// Bytes read as plain text whatever their header said.
    pub(super) fn leaf_text(&mut self, raw: &[u8], path: &str, kind: TextKind) {
        let text = charset::lines(charset::guess(raw));
        let id = self.id(path);
        self.controls(raw, path);
        self.files_in_text(&id, &text);
        self.push_text(id, kind, text, &[]);
    }
}

/// Types of reports that are texts with fields (RFC 3464, RFC 8098, RFC 5965).
fn is_report(kind: &str) -> bool {
    matches!(
        kind,
        "message/delivery-status"
            | "message/global-delivery-status"
            | "message/disposition-notification"
            | "message/feedback-report"
            | "message/global-headers"
            | "message/http"
    )
}

/// `Content-Disposition: attachment`.
pub(super) fn is_attachment(headers: &Headers<'_>) -> bool {
    headers.all("content-disposition").map(Params::read).any(|disposition| disposition.value == "attachment")
}

/// A text that a mail program offers as a file: of a kind it does not show, or with a name, or written in another format.
fn opens_as_file(part: &Part<'_, '_>, kind: &str, bytes: &[u8]) -> bool {
    const SHOWN: &[&str] = &["text/plain", "text/html", "text/xhtml", "text/calendar", "text/enriched"];
    // The header of a message that came back, often with a name: no message is made of it.
    if kind == "text/rfc822-headers" {
        return false;
    }
    // A single body may have a name, and is shown all the same.
    let is_inside = !part.path.is_empty() && !part.path.starts_with('~');
    let has_name = || {
        part.content_type.first("name").is_some()
            || part
                .headers
                .all("content-disposition")
                .take(4)
                .any(|raw| Params::read(raw).first("filename").is_some())
    };
    !SHOWN.contains(&kind) || bytes.trim_ascii_start().starts_with(b"{\\rtf") || (is_inside && has_name())
}

/// Bytes that start like a file, or hold many control characters, are no text. UTF-16 has zeros and is one.
fn looks_binary(bytes: &[u8], content_type: &Params) -> bool {
    const MAGIC: &[&[u8]] = &[
        b"%PDF-",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0",
        b"\x89PNG",
        b"\xff\xd8\xff",
        b"GIF8",
        b"\x1f\x8b",
        b"7z\xbc\xaf",
    ];
    if MAGIC.iter().any(|magic| bytes.starts_with(magic)) {
        return true;
    }
    let charset = content_type.first("charset").unwrap_or("").to_ascii_lowercase();
    if charset.starts_with("utf-16") || charset.starts_with("utf-32") || charset.starts_with("iso-2022") {
        return false;
    }
    let sample = bytes.get(..4_096).unwrap_or(bytes);
    let odd = sample.iter().filter(|byte| matches!(byte, 1..=8 | 14..=26 | 28..=31)).count();
    odd * 10 > sample.len()
}

/// The charset an HTML document declares for itself near its start.
fn meta_charset(bytes: &[u8]) -> Option<&str> {
    let head = bytes.get(..1_024).unwrap_or(bytes);
    let at = memchr::memmem::find(head, b"charset=")? + b"charset=".len();
    let rest = head.get(at..)?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_'))?;
    std::str::from_utf8(rest.get(..end)?).ok().filter(|label| !label.is_empty())
}
