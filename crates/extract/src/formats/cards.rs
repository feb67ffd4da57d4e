//! Calendars (RFC 5545) and address cards (RFC 6350, and the older vCard 2.1): lines put together again, values
//! decoded, descriptions written as pages read as they are shown, files inside looked into.

use std::borrow::Cow;

use mail::PlaceKind;
use mail::render::Html;

use super::bytes;
use crate::work::{File, TextBuilder, Work};

/// Files read of one calendar or card file.
const FILES_MAX: usize = 100;

/// A calendar or address cards; `kind` is its media type.
pub(crate) fn extract(work: &mut Work, file: &File<'_>, kind: &str) {
    let source = mail::plausible_text(file.bytes);
    let mut text = TextBuilder::default();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut components = 0;
    for line in unfolded(&source) {
        let Some(line) = Line::parse(&line) else {
            text.push(&line);
            text.separate('\n');
            continue;
        };
        if line.is("BEGIN") {
            components += 1;
            text.numbered(PlaceKind::Entry, &line.value.trim().to_ascii_lowercase(), components);
            continue;
        }
        match line.decoded() {
            Value::Text(value) if line.is_page() => {
                text.push(&format!("{}: ", line.name));
                let pictures = page(&value, &mut text);
                let room = FILES_MAX.saturating_sub(files.len());
                if pictures.len() > room {
                    work.rest(file, crate::Reason::TooMany);
                }
                let named = |(n, bytes)| (format!("picture {n}"), bytes);
                files.extend((1..).zip(pictures).take(room).map(named));
            }
            Value::Text(value) => {
                text.push(&format!("{}: {value}", line.name));
                text.separate('\n');
            }
            Value::File(bytes) if files.len() < FILES_MAX => files.push((line.file_name(), bytes)),
            Value::File(_) => work.rest(file, crate::Reason::TooMany),
        }
    }
    text.close();
    work.text(file, kind, text);
    for (name, bytes) in files {
        if !work.take_member(file) {
            return;
        }
        let part = file.part.member(&name);
        work.file(&File { part, name: &name, declared: "", bytes: &bytes, depth: file.depth + 1 });
    }
}

/// What a page says, and what its reader does not see of it. Gives back its pictures.
fn page(source: &str, text: &mut TextBuilder) -> Vec<Vec<u8>> {
    let page = Html::untrusted(source);
    for said in [page.to_text(), page.hidden_text()] {
        text.push(said.trim());
        text.separate('\n');
    }
    page.pictures().iter().map(|picture| picture.to_vec()).collect()
}

/// Lines without their folds: a line that begins with a blank goes on (RFC 5545 §3.1); so does quoted-printable after
/// a `=` at the end (vCard 2.1).
fn unfolded(source: &str) -> impl Iterator<Item = String> {
    let mut lines = source.lines().peekable();
    std::iter::from_fn(move || {
        let mut whole = lines.next()?.to_owned();
        loop {
            let quoted = whole.ends_with('=') && is_quoted(&whole);
            match lines.peek() {
                Some(next) if next.starts_with([' ', '\t']) => whole.push_str(next.get(1..).unwrap_or("")),
                Some(next) if quoted => {
                    whole.pop();
                    whole.push_str(next);
                }
                _ => return Some(whole),
            }
            lines.next();
        }
    })
}

fn is_quoted(line: &str) -> bool {
    let head = line.split(':').next().unwrap_or("");
    head.to_ascii_uppercase().contains("QUOTED-PRINTABLE")
}

enum Value<'a> {
    Text(Cow<'a, str>),
    File(Vec<u8>),
}

struct Line<'a> {
    name: &'a str,
    parameters: &'a str,
    value: &'a str,
}

impl<'a> Line<'a> {
    /// `NAME;PARAMETER=value:value`; colons and semicolons in quotes are a parameter's.
    fn parse(line: &'a str) -> Option<Self> {
        let mut quoted = false;
        let colon = line.find(|c| {
            quoted ^= c == '"';
            c == ':' && !quoted
        })?;
        let (head, value) = (line.get(..colon)?, line.get(colon + 1..)?);
        let (name, parameters) = head.split_once(';').unwrap_or((head, ""));
        let is_name =
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
        is_name.then_some(Self { name, parameters, value })
    }

    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    fn parameter(&self, name: &str) -> Option<&'a str> {
        let mut all = self.parameters.split(';').filter_map(|one| one.split_once('='));
        all.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim_matches('"'))
    }

    /// A description as Outlook shows it (`X-ALT-DESC;FMTTYPE=text/html:`, RFC 9073).
    fn is_page(&self) -> bool {
        match self.parameter("FMTTYPE") {
            Some(kind) => kind.trim().eq_ignore_ascii_case("text/html"),
            None => self.is("X-ALT-DESC"),
        }
    }

    fn decoded(&self) -> Value<'a> {
        let encoding = self.parameter("ENCODING").unwrap_or_else(|| {
            // vCard 2.1 leaves the word out.
            let bare = |word: &&str| self.parameters.split(';').any(|one| one.eq_ignore_ascii_case(word));
            ["QUOTED-PRINTABLE", "BASE64", "B"].into_iter().find(bare).unwrap_or("")
        });
        let inline =
            self.value.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"));
        if inline && let Some((_, data)) = self.value.split_once(";base64,") {
            return Value::File(mail::decode_base64(data.as_bytes()));
        }
        match encoding.to_ascii_uppercase().as_str() {
            "B" | "BASE64" => Value::File(mail::decode_base64(self.value.as_bytes())),
            "QUOTED-PRINTABLE" => {
                let bytes = mail::decode_quoted_printable(self.value.as_bytes());
                let is_western =
                    self.parameter("CHARSET").is_some_and(|name| name.eq_ignore_ascii_case("ISO-8859-1"));
                let text =
                    if is_western { bytes::code_page(&bytes, 1_252) } else { mail::plausible_text(&bytes) };
                Value::Text(unescaped(&text).into_owned().into())
            }
            _ => Value::Text(unescaped(self.value)),
        }
    }

    fn file_name(&self) -> String {
        let given =
            ["FILENAME", "X-FILENAME", "X-APPLE-FILENAME"].into_iter().find_map(|name| self.parameter(name));
        given.map_or_else(|| self.name.to_ascii_lowercase(), str::to_owned)
    }
}

/// `\n`, `\,`, `\;` and `\\` stand for what they name (RFC 5545 §3.3.11).
fn unescaped(value: &str) -> Cow<'_, str> {
    if !value.contains('\\') {
        return value.into();
    }
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            c => text.push(c),
        }
    }
    text.into()
}
