//! Multiparts: every boundary another reader could take, and the text outside the parts.

use memchr::memmem;

use super::budget::READINGS_MAX;
use super::entity::{Encoding, Part};
use super::{Parent, Walk};
use crate::mime::headers::Headers;
use crate::mime::split::{Rule, Split, guess_boundary, split};
use crate::mime::{charset, transfer};
use crate::{DefectKind, TextKind};

/// What mail programs write above the first part for readers without MIME; longer is a text of its own.
const USUAL_PREAMBLE_BYTES: usize = 300;

impl Walk<'_> {
    /// Reads a multipart in every plausible way.
    pub(super) fn multipart(&mut self, part: &Part<'_, '_>) {
        let subtype = part.content_type.value.strip_prefix("multipart/").unwrap_or("").to_owned();
        if subtype == "encrypted" {
            let id = self.id(part.path);
            self.defect(DefectKind::Encrypted, Some(id), "multipart/encrypted");
        }
        self.message.report |= subtype == "report";
        let body = part.headers.body;
        self.split_all(part, body, part.path);
        if matches!(part.encoding, Encoding::Base64 | Encoding::QuotedPrintable) {
            self.encoded_multipart(part);
        }
    }

    /// RFC 2045 §6.4 forbids encodings here; readers ignore them or decode.
    fn encoded_multipart(&mut self, part: &Part<'_, '_>) {
        let body = part.headers.body;
        let decoded = match part.encoding {
            Encoding::Base64 => transfer::base64(body).bytes,
            _ => transfer::quoted_printable(body).0,
        };
        let boundaries = part.content_type.values("boundary");
        let changes = boundaries.iter().any(|boundary| memmem::find(&decoded, boundary.as_bytes()).is_some());
        if changes && self.budget.take_part(decoded.len()) && decoded.trim_ascii() != body.trim_ascii() {
            let id = self.id(part.path);
            self.defect(DefectKind::AmbiguousEncoding, Some(id), "a multipart with an encoding");
            self.split_all(part, &decoded, &format!("{}~9", part.path));
        }
    }

    fn split_all(&mut self, part: &Part<'_, '_>, body: &[u8], path: &str) {
        let boundaries: Vec<&str> = part.content_type.values("boundary");
        let parts_max = self.budget.parts_left();
        let mut readings: Vec<(String, Split<'_>)> = Vec::new();
        for boundary in boundaries.iter().take(READINGS_MAX) {
            let Some(strict) = split(body, boundary, Rule::Strict, parts_max) else { continue };
            let loose = self.loose_reading(body, boundary, &strict);
            for split in [Some(strict), loose].into_iter().flatten() {
                if readings.iter().all(|(_, known)| !same_parts(known, &split)) {
                    readings.push(((*boundary).to_owned(), split));
                }
            }
        }
        let id = self.id(path);
        if readings.len() > 1
            || boundaries.iter().any(|inner| self.boundaries.iter().any(|outer| outer == inner))
        {
            self.defect(
                DefectKind::AmbiguousBoundary,
                Some(id),
                "several boundaries could split this multipart",
            );
        }
        if readings.is_empty() {
            self.without_boundary(part, body, path);
            return;
        }
        for (n, (boundary, split)) in readings.into_iter().take(READINGS_MAX).enumerate() {
            let path = if n == 0 { path.to_owned() } else { format!("{path}~{n}") };
            self.parts(part, &boundary, &split, &path);
        }
    }

    /// The parts a looser reader sees, if it sees others. Lines that delimit another multipart do not count.
    fn loose_reading<'a>(&self, body: &'a [u8], boundary: &str, strict: &Split<'_>) -> Option<Split<'a>> {
        let own = format!("--{boundary}");
        let suspicious = strict.loose_lines.iter().any(|line| {
            let line = line.trim_ascii_end();
            let exact = line == own.as_bytes() || line == format!("{own}--").as_bytes();
            exact || !self.delimits_another(body, line)
        });
        suspicious.then(|| split(body, boundary, Rule::Loose, self.budget.parts_left())).flatten()
    }

    /// Whether a line is the delimiter of a multipart declared in this body or around it.
    fn delimits_another(&self, body: &[u8], line: &[u8]) -> bool {
        let name = line.strip_prefix(b"--").unwrap_or(line);
        let names = [name, name.strip_suffix(b"--").unwrap_or(name)];
        names.iter().any(|name| {
            let outer = self.boundaries.iter().any(|outer| outer.as_bytes() == *name);
            outer
                || [&b"boundary=\""[..], b"boundary="]
                    .iter()
                    .any(|label| memmem::find(body, &[*label, name].concat()).is_some())
        })
    }

    /// A multipart whose declared boundary is nowhere.
    fn without_boundary(&mut self, part: &Part<'_, '_>, body: &[u8], path: &str) {
        if body.trim_ascii().is_empty() {
            return;
        }
        let id = self.id(path);
        self.defect(
            DefectKind::MissingBoundary,
            Some(id.clone()),
            "the boundary is missing or never appears",
        );
        let guessed = guess_boundary(body).and_then(|boundary| {
            Some((split(body, &boundary, Rule::Strict, self.budget.parts_left())?, boundary))
        });
        match guessed {
            Some((split, boundary)) => self.parts(part, &boundary, &split, path),
            None => self.leaf_text(body, path, TextKind::Plain),
        }
    }

    fn parts(&mut self, part: &Part<'_, '_>, boundary: &str, split: &Split<'_>, path: &str) {
        let id = self.id(path);
        if !split.closed {
            self.defect(DefectKind::MissingFinalBoundary, Some(id.clone()), "the multipart never ends");
        }
        if split.truncated {
            self.defect(DefectKind::TooManyParts, Some(id), "more parts than are read");
        }
        self.outside(split.preamble, path, "preamble");
        self.boundaries.push(boundary.to_owned());
        let parent =
            if part.content_type.value == "multipart/digest" { Parent::Digest } else { Parent::Multipart };
        for (n, raw) in split.parts.iter().enumerate() {
            let path = if path.is_empty() { (n + 1).to_string() } else { format!("{path}.{}", n + 1) };
            let headers = Headers::read(raw);
            if headers.count == 0 && !headers.stray.is_empty() {
                // No header and no blank line above the text: the whole is the text.
                if self.budget.take_part(raw.len()) {
                    self.leaf_text(raw, &path, TextKind::Plain);
                }
            } else {
                self.entity(&headers, &path, parent, part.depth + 1);
            }
        }
        self.boundaries.pop();
        self.outside(split.epilogue, path, "epilogue");
    }

    /// Text before the first or after the last part.
    fn outside(&mut self, raw: &[u8], path: &str, name: &str) {
        if raw.trim_ascii().is_empty() {
            return;
        }
        let text = charset::lines(charset::guess(raw));
        let usual = name == "preamble" && text.len() <= USUAL_PREAMBLE_BYTES && text.contains("MIME");
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let id = self.id(&path);
        if !usual {
            self.defect(DefectKind::TextOutsideParts, Some(id.clone()), "text outside the parts");
        }
        self.push_text(id, TextKind::Outside, text, &[]);
    }
}

/// Whether two splits give the same parts, blank ones aside.
fn same_parts(a: &Split<'_>, b: &Split<'_>) -> bool {
    let written = |part: &&&[u8]| !part.trim_ascii().is_empty();
    a.parts.iter().filter(written).eq(b.parts.iter().filter(written))
}
