//! Whose words a stretch of a text is: new, quoted, signature, disclaimer. French and English.
//!
//! The regions of a text follow each other without gap or overlap from its first byte to its last. They are a
//! reader's aid and a control's option, never a reason not to scan: a wrong guess moves words between regions,
//! it does not lose any. A sender draws `>` and `-- ` as easily as a mail program does, so what only looks quoted is the
//! sender's: quoted is what stands at or below a line that says who wrote it, in a message that says what it answers.

mod phrases;

use crate::{Region, RegionKind};

/// A line of a text, without its line end.
struct Line<'a> {
    text: &'a str,
    start: usize,
    /// One past the line end.
    end: usize,
    kind: RegionKind,
}

/// Written lines of a signature; longer is a text that stands where signatures do.
const SIGNATURE_LINES_MAX: usize = 20;
/// Bytes of a signature.
const SIGNATURE_BYTES_MAX: usize = 1_500;

/// Regions of `text`. `marks` are stretches already known, from markup; `answers` says that the message names another as
/// the one it answers.
pub(crate) fn regions(text: &str, marks: &[(RegionKind, usize, usize)], answers: bool) -> Vec<Region> {
    let mut lines = lines(text);
    apply_marks(&mut lines, marks);
    mark_quotes(&mut lines);
    mark_thread(&mut lines);
    mark_signature(&mut lines);
    mark_disclaimer(&mut lines);
    own_unproven_quotes(&mut lines, answers);
    own_long_signatures(&mut lines);
    close_gaps(&mut lines);
    tile(&lines, text.len())
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        lines.push(Line { text: line.trim_end_matches('\n'), start, end, kind: RegionKind::New });
        start = end;
    }
    lines
}

/// A mark covers the lines that start inside it.
fn apply_marks(lines: &mut [Line<'_>], marks: &[(RegionKind, usize, usize)]) {
    for (kind, start, end) in marks {
        let first = lines.partition_point(|line| line.end <= *start);
        for line in lines.iter_mut().skip(first).take_while(|line| line.start < *end) {
            // A quoted signature is a quote.
            if line.kind != RegionKind::Quoted {
                line.kind = *kind;
            }
        }
    }
}

/// Lines that start with `>`, and the line above them that says who wrote.
fn mark_quotes(lines: &mut [Line<'_>]) {
    for at in 0..lines.len() {
        let Some(line) = lines.get(at) else { return };
        if !line.text.trim_start().starts_with('>') {
            continue;
        }
        let starts =
            at == 0 || lines.get(at - 1).is_some_and(|line| !line.text.trim_start().starts_with('>'));
        if starts {
            mark_attribution_above(lines, at);
        }
        if let Some(line) = lines.get_mut(at) {
            line.kind = RegionKind::Quoted;
        }
    }
}

/// `Le 3 mars … a écrit :` on up to three lines above a quote, a blank line between allowed.
fn mark_attribution_above(lines: &mut [Line<'_>], at: usize) {
    let mut end = at;
    while end > 0 && at - end < 2 && lines.get(end - 1).is_some_and(|line| line.text.trim().is_empty()) {
        end -= 1;
    }
    for start in (end.saturating_sub(3)..end).rev() {
        let joined = joined(lines.get(start..end).unwrap_or(&[]));
        if phrases::is_attribution(&joined) {
            for line in lines.iter_mut().take(at).skip(start) {
                line.kind = RegionKind::Quoted;
            }
            return;
        }
    }
}

fn joined(lines: &[Line<'_>]) -> String {
    lines.iter().map(|line| line.text.trim()).collect::<Vec<_>>().join(" ")
}

/// A thread below the answer, without `>`: from its first marker to the end everything is quoted.
fn mark_thread(lines: &mut [Line<'_>]) {
    let Some(start) = (0..lines.len()).find(|at| starts_thread(lines, *at)) else { return };
    for line in lines.iter_mut().skip(start) {
        line.kind = RegionKind::Quoted;
    }
}

fn starts_thread(lines: &[Line<'_>], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    let text = line.text.trim();
    if line.kind == RegionKind::Quoted || text.is_empty() || text.len() > 1_000 {
        return false;
    }
    if phrases::is_thread_divider(text) {
        return true;
    }
    if phrases::is_header_label(text, phrases::FROM) {
        return starts_header_block(lines, at);
    }
    if !phrases::may_start_attribution(text) {
        return false;
    }
    // Followed by `>` it quotes those lines alone, which are marked already.
    (1..=3).any(|count| {
        let few = lines.get(at..at + count).unwrap_or(&[]);
        !few.is_empty() && phrases::is_attribution(&joined(few)) && !is_quoted_next(lines, at + count)
    })
}

/// `From:`, with `Sent:` and `To:` or `Subject:` soon below it.
fn starts_header_block(lines: &[Line<'_>], at: usize) -> bool {
    let is = |line: &Line<'_>, labels: &[&str]| phrases::is_header_label(unquoted(line.text), labels);
    let follows = |labels: &[&str]| lines.iter().skip(at + 1).take(8).any(|line| is(line, labels));
    lines.get(at).is_some_and(|line| is(line, phrases::FROM))
        && follows(phrases::SENT)
        && (follows(phrases::TO) || follows(phrases::SUBJECT))
}

fn is_quoted_next(lines: &[Line<'_>], at: usize) -> bool {
    let next = lines.iter().skip(at).find(|line| !line.text.trim().is_empty());
    next.is_some_and(|line| line.kind == RegionKind::Quoted)
}

/// What looks quoted, and nothing above it says who wrote it, is the sender's; all of it where nothing is answered.
fn own_unproven_quotes(lines: &mut [Line<'_>], answers: bool) {
    if !lines.iter().any(|line| line.kind == RegionKind::Quoted) {
        return;
    }
    let proven = answers.then(|| (0..lines.len()).find(|at| says_who_wrote(lines, *at))).flatten();
    for line in lines.iter_mut().take(proven.unwrap_or(usize::MAX)) {
        if line.kind == RegionKind::Quoted {
            line.kind = RegionKind::New;
        }
    }
}

/// An attribution, a divider or a header block starts at this line, itself quoted or not.
fn says_who_wrote(lines: &[Line<'_>], at: usize) -> bool {
    let Some(line) = lines.get(at) else { return false };
    let text = unquoted(line.text);
    if phrases::is_thread_divider(text) || starts_header_block(lines, at) {
        return true;
    }
    phrases::may_start_attribution(text)
        && (1..=3).any(|count| {
            let few = lines.get(at..at + count).unwrap_or(&[]);
            let joined = few.iter().map(|line| unquoted(line.text)).collect::<Vec<_>>().join(" ");
            phrases::is_attribution(&joined)
        })
}

/// A line without the `>` before it.
fn unquoted(line: &str) -> &str {
    line.trim_start_matches(|c: char| c == '>' || c.is_whitespace()).trim_end()
}

/// What is longer than signatures are is a text.
fn own_long_signatures(lines: &mut [Line<'_>]) {
    for run in lines.chunk_by_mut(|a, b| a.kind == b.kind) {
        let is_signature = run.first().is_some_and(|line| line.kind == RegionKind::Signature);
        let written = run.iter().filter(|line| !line.text.trim().is_empty()).count();
        let bytes: usize = run.iter().map(|line| line.text.len()).sum();
        if is_signature && (written > SIGNATURE_LINES_MAX || bytes > SIGNATURE_BYTES_MAX) {
            run.iter_mut().for_each(|line| line.kind = RegionKind::New);
        }
    }
}

/// From `-- `, a telephone's own line or a closing phrase, to the quote or the end.
fn mark_signature(lines: &mut [Line<'_>]) {
    let end = lines.iter().position(|line| line.kind == RegionKind::Quoted).unwrap_or(lines.len());
    let new = lines.get(..end).unwrap_or(&[]);
    let delimiter = new.iter().rposition(|line| matches!(line.text, "-- " | "--" | "--\u{a0}"));
    let device = new.iter().rposition(|line| phrases::is_device_line(line.text.trim()));
    let start = delimiter.or_else(|| closing(new)).into_iter().chain(device).min();
    let Some(start) = start else { return };
    for line in lines.iter_mut().take(end).skip(start) {
        if line.kind == RegionKind::New {
            line.kind = RegionKind::Signature;
        }
    }
}

/// The line after the last closing phrase, when what follows looks like a signature: few, short lines.
fn closing(lines: &[Line<'_>]) -> Option<usize> {
    let at = lines.iter().rposition(|line| phrases::is_closing(line.text.trim()))?;
    let after = lines.get(at + 1..).unwrap_or(&[]);
    // A disclaimer below does not count.
    let is_prose = |line: &&Line<'_>| line.text.chars().count() > 90;
    let prose = after.iter().position(|line| is_prose(&line)).unwrap_or(after.len());
    let (signature, below) = after.split_at_checked(prose).unwrap_or((after, &[]));
    let written = signature.iter().filter(|line| !line.text.trim().is_empty()).count();
    let disclaimed = below.is_empty() || phrases::disclaimer_score(&joined(below)) >= 2;
    (1..=14).contains(&written).then_some(at + 1).filter(|_| disclaimed)
}

/// Paragraphs of legal boilerplate, from the last ones up.
fn mark_disclaimer(lines: &mut [Line<'_>]) {
    let end = lines.iter().position(|line| line.kind == RegionKind::Quoted).unwrap_or(lines.len());
    let mut bottom = end;
    for _ in 0..12 {
        while bottom > 0 && lines.get(bottom - 1).is_some_and(|line| line.text.trim().is_empty()) {
            bottom -= 1;
        }
        let above = lines.get(..bottom).unwrap_or(&[]);
        let top = above.iter().rposition(|line| is_separator(line.text)).map_or(0, |blank| blank + 1);
        if top >= bottom {
            return;
        }
        let paragraph = joined(lines.get(top..bottom).unwrap_or(&[]));
        if phrases::disclaimer_score(&paragraph) >= 2 {
            for line in lines.iter_mut().take(bottom).skip(top) {
                line.kind = RegionKind::Disclaimer;
            }
        }
        bottom = top.saturating_sub(1);
    }
}

fn is_separator(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || (line.len() >= 5 && line.chars().all(|c| matches!(c, '_' | '-' | '=' | '*' | '~')))
}

/// Blank lines belong to what stands above them.
fn close_gaps(lines: &mut [Line<'_>]) {
    let mut above = RegionKind::New;
    for line in lines {
        if line.text.trim().is_empty() {
            line.kind = above;
        }
        above = line.kind;
    }
}

/// Neighbouring lines of one kind become one region; the last ends where the text ends.
fn tile(lines: &[Line<'_>], len: usize) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    for line in lines {
        match regions.last_mut() {
            Some(last) if last.kind == line.kind => last.end = line.end,
            _ => regions.push(Region { kind: line.kind, start: line.start, end: line.end }),
        }
    }
    debug_assert!(regions.last().is_none_or(|last| last.end == len));
    regions
}
