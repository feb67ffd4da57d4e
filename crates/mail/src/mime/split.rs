//! The parts of a multipart body (RFC 2046 §5.1.1).

use memchr::memmem;

use crate::mime::headers::{line_end, slice, without_line_end};

/// How a delimiter line is recognised.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// `--boundary` or `--boundary--`, then blanks alone.
    Strict,
    /// Any line that starts with `--boundary`, and delimiters after the closing one count.
    Loose,
}

/// A multipart, taken apart.
pub(crate) struct Split<'a> {
    /// Before the first delimiter.
    pub(crate) preamble: &'a [u8],
    /// Between delimiters, without the line ends that belong to them.
    pub(crate) parts: Vec<&'a [u8]>,
    /// After the closing delimiter.
    pub(crate) epilogue: &'a [u8],
    /// The closing delimiter was found.
    pub(crate) closed: bool,
    /// Lines that a looser reader takes for delimiters.
    pub(crate) loose_lines: Vec<&'a [u8]>,
    /// More parts than were asked for.
    pub(crate) truncated: bool,
}

/// Splits `body`; `None` when the boundary never stands in it.
pub(crate) fn split<'a>(body: &'a [u8], boundary: &str, rule: Rule, parts_max: usize) -> Option<Split<'a>> {
    if boundary.is_empty() {
        return None;
    }
    let mut split = Split {
        preamble: &[],
        parts: Vec::new(),
        epilogue: &[],
        closed: false,
        loose_lines: Vec::new(),
        truncated: false,
    };
    let delimiter = format!("--{boundary}");
    let mut part_start: Option<usize> = None;
    let mut found = false;
    for at in memmem::find_iter(body, delimiter.as_bytes()) {
        if at != 0 && body.get(at - 1) != Some(&b'\n') {
            continue;
        }
        let end = line_end(body, at);
        let tail = without_line_end(slice(body, at + delimiter.len(), end));
        let (closing, exact) = read_tail(tail);
        let is_delimiter = !split.closed && exact;
        if !is_delimiter && rule == Rule::Strict {
            if split.loose_lines.len() < 16 {
                split.loose_lines.push(without_line_end(slice(body, at, end)));
            }
            continue;
        }
        match part_start {
            Some(start) if split.parts.len() < parts_max => split.parts.push(before(body, start, at)),
            Some(_) => split.truncated = true,
            None if !found => split.preamble = before(body, 0, at),
            None => {}
        }
        found = true;
        part_start = Some(end);
        if closing && exact {
            split.closed = true;
            split.epilogue = slice(body, end, body.len());
            part_start = if rule == Rule::Loose { part_start } else { None };
        }
    }
    if let (Some(start), false) = (part_start, split.closed) {
        if split.parts.len() < parts_max {
            split.parts.push(slice(body, start, body.len()));
        } else {
            split.truncated = true;
        }
    }
    found.then_some(split)
}

/// Whether what follows `--boundary` closes the multipart, and whether it is exactly a delimiter.
fn read_tail(tail: &[u8]) -> (bool, bool) {
    let blank = |rest: &[u8]| rest.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
    match tail.strip_prefix(b"--") {
        Some(rest) => (true, blank(rest)),
        None => (false, blank(tail)),
    }
}

/// `body[start..at]` without the line end before the delimiter, which belongs to it.
fn before(body: &[u8], start: usize, at: usize) -> &[u8] {
    without_line_end(slice(body, start, at.max(start)))
}

/// A boundary nobody declared: the first line that looks like a delimiter above a `Content-` field.
pub(crate) fn guess_boundary(body: &[u8]) -> Option<String> {
    for at in memmem::find_iter(body, b"\nContent-").take(64) {
        let before = slice(body, 0, at);
        let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let line = without_line_end(slice(before, start, before.len())).trim_ascii_end();
        if let Some(boundary) = line.strip_prefix(b"--")
            && (1..=200).contains(&boundary.len())
        {
            return String::from_utf8(boundary.to_vec()).ok();
        }
    }
    None
}
