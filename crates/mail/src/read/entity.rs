//! One part: its plausible types and encodings, and where each reading leads.

use std::borrow::Cow;

use super::budget::READINGS_MAX;
use super::{Parent, Walk};
use crate::mime::headers::Headers;
use crate::mime::params::Params;
use crate::mime::{charset, transfer};
use crate::{DefectKind, TextKind};

/// How the bytes of a part are written.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Encoding {
    /// `7bit`, `8bit`, `binary`, or nothing said.
    Identity,
    Base64,
    QuotedPrintable,
    Uuencode,
    /// A name nobody knows.
    Unknown(String),
}

/// One part under one reading.
pub(super) struct Part<'a, 'h> {
    pub(super) headers: &'h Headers<'a>,
    pub(super) content_type: &'h Params,
    pub(super) encoding: &'h Encoding,
    pub(super) path: &'h str,
    pub(super) depth: usize,
}

impl Walk<'_> {
    /// Reads the part below `headers`, in every plausible way.
    pub(super) fn entity(&mut self, headers: &Headers<'_>, path: &str, parent: Parent, depth: usize) {
        self.stray_lines(headers, path);
        // Those of the message itself are read with its envelope.
        if !path.is_empty() && !headers.others.is_empty() {
            let id = self.id(&format!("{path}.header"));
            self.other_fields(id, headers.others.iter().copied());
        }
        let types = content_types(headers, parent);
        let encodings = encodings(headers);
        if types.len() > 1 {
            let id = self.id(path);
            self.defect(DefectKind::AmbiguousType, Some(id), "several Content-Type fields disagree");
        }
        if encodings.len() > 1 {
            let id = self.id(path);
            self.defect(
                DefectKind::AmbiguousEncoding,
                Some(id),
                "several Content-Transfer-Encodings disagree",
            );
        }
        let readings = types.iter().flat_map(|kind| encodings.iter().map(move |encoding| (kind, encoding)));
        for (n, (content_type, encoding)) in readings.take(READINGS_MAX).enumerate() {
            let path = if n == 0 { path.to_owned() } else { format!("{path}~{n}") };
            self.part(&Part { headers, content_type, encoding, path: &path, depth });
        }
    }

    /// Reads a part one way.
    fn part(&mut self, part: &Part<'_, '_>) {
        if !self.budget.take_part(part.headers.body.len()) {
            let id = self.id(part.path);
            self.defect(DefectKind::TooManyParts, Some(id), "more parts than are read");
            return;
        }
        if self.is_too_deep(part.depth, part.path) {
            let id = self.id(part.path);
            self.push_text(id, TextKind::Outside, charset::guess(part.headers.body), &[]);
            return;
        }
        if part.content_type.value.starts_with("multipart/") {
            self.multipart(part);
        } else {
            self.leaf(part);
        }
    }

    /// Lines of the header block that are no field: some readers start the body there.
    fn stray_lines(&mut self, headers: &Headers<'_>, path: &str) {
        if headers.stray.is_empty() {
            return;
        }
        let id = self.id(path);
        self.defect(DefectKind::MalformedHeader, Some(id.clone()), "a header line that is no field");
        if !headers.early_body.trim_ascii().is_empty() {
            self.push_text(
                id.reading(0),
                TextKind::Outside,
                charset::lines(charset::guess(headers.early_body)),
                &[],
            );
        }
    }

    /// The bytes of a part, decoded, and what else they could be.
    pub(super) fn decode<'a>(&mut self, part: &Part<'a, '_>) -> (Cow<'a, [u8]>, Vec<Vec<u8>>) {
        let body = part.headers.body;
        match part.encoding {
            Encoding::Identity => (Cow::Borrowed(body), Vec::new()),
            Encoding::QuotedPrintable => {
                let (bytes, broken) = transfer::quoted_printable(body);
                if broken {
                    let id = self.id(part.path);
                    self.defect(DefectKind::BrokenQuotedPrintable, Some(id), "an escape that is none");
                }
                (Cow::Owned(bytes), Vec::new())
            }
            Encoding::Base64 => self.decode_base64(part, body),
            Encoding::Uuencode => {
                let text = charset::guess(body);
                let file = transfer::uuencoded(&text, 1).into_iter().next();
                (file.map_or(Cow::Borrowed(body), |file| Cow::Owned(file.bytes)), Vec::new())
            }
            Encoding::Unknown(name) => {
                let id = self.id(part.path);
                self.defect(DefectKind::UnknownEncoding, Some(id), &format!("encoding {name:?}"));
                let base64 = transfer::base64(body);
                let plausible = !base64.foreign && base64.bytes.len() >= 8;
                let (quoted, broken) = transfer::quoted_printable(body);
                let mut others: Vec<Vec<u8>> = plausible.then_some(base64.bytes).into_iter().collect();
                others.extend((!broken && quoted.trim_ascii() != body.trim_ascii()).then_some(quoted));
                (Cow::Borrowed(body), others)
            }
        }
    }

    fn decode_base64<'a>(&mut self, part: &Part<'a, '_>, body: &'a [u8]) -> (Cow<'a, [u8]>, Vec<Vec<u8>>) {
        let first = transfer::base64(body);
        let mut others = Vec::new();
        let id = self.id(part.path);
        if first.foreign {
            self.defect(DefectKind::BrokenBase64, Some(id.clone()), "characters that are not base64");
            // Where half is foreign it is a text under a wrong label, and some readers show it as it is.
            if first.bytes.len() * 2 < body.len() || std::str::from_utf8(&first.bytes).is_err() {
                others.push(body.to_vec());
            }
        }
        let mut rest = first.rest;
        let mut whole = first.bytes.clone();
        let mut blocks = 0;
        while blocks < 1_000
            && let Some((bytes, after)) = transfer::next_block(rest)
        {
            whole.extend(bytes);
            rest = after;
            blocks += 1;
        }
        if blocks > 0 {
            self.defect(DefectKind::BrokenBase64, Some(id.clone()), "padding in the middle");
            others.push(whole);
            // Who reads on and who does not see different texts; who passes nothing over sees the letters.
            if !transfer::is_base64(first.rest) {
                let id = id.reading(1);
                self.push_text(id, TextKind::Outside, charset::lines(charset::guess(first.rest)), &[]);
            }
        }
        if !rest.is_empty() {
            self.defect(DefectKind::TextOutsideParts, Some(id.clone()), "text after the end of base64");
            self.push_text(id.reading(0), TextKind::Outside, charset::lines(charset::guess(rest)), &[]);
        }
        (Cow::Owned(first.bytes), others)
    }
}

/// Distinct content types, the first field's first. Never empty.
fn content_types(headers: &Headers<'_>, parent: Parent) -> Vec<Params> {
    let mut raws: Vec<&[u8]> = Vec::new();
    for raw in headers.all("content-type").map(<[u8]>::trim_ascii).take(READINGS_MAX) {
        if !raws.contains(&raw) {
            raws.push(raw);
        }
    }
    let mut types: Vec<Params> = raws.into_iter().map(Params::read).collect();
    for content_type in &mut types {
        // RFC 2045 §5.2: a type that is none means plain text.
        if !content_type.value.contains('/') {
            content_type.value = "text/plain".to_owned();
        }
    }
    if types.is_empty() {
        let value = if parent == Parent::Digest { "message/rfc822" } else { "text/plain" };
        types.push(Params::of(value));
    }
    types
}

/// Distinct encodings, the first field's first. Never empty.
fn encodings(headers: &Headers<'_>) -> Vec<Encoding> {
    let mut all: Vec<Encoding> = Vec::new();
    for raw in headers.all("content-transfer-encoding").take(READINGS_MAX) {
        // `base64, quoted-printable` and `base64 quoted-printable` are two readings.
        let text = charset::guess(raw);
        let value = Params::read(text.replace([' ', '\t'], ",").as_bytes()).value;
        for name in
            value.split(',').map(|name| name.trim_matches(['"', '\''])).filter(|name| !name.is_empty())
        {
            let encoding = match name {
                "7bit" | "8bit" | "binary" | "7-bit" | "8-bit" | "7bits" | "8bits" | "none" | "plain" => {
                    Encoding::Identity
                }
                "base64" => Encoding::Base64,
                "quoted-printable" => Encoding::QuotedPrintable,
                "x-uuencode" | "x-uue" | "uuencode" | "uue" => Encoding::Uuencode,
                other => Encoding::Unknown(other.chars().take(64).collect()),
            };
            if !all.contains(&encoding) {
                all.push(encoding);
            }
        }
    }
    if all.is_empty() {
        all.push(Encoding::Identity);
    }
    all
}
