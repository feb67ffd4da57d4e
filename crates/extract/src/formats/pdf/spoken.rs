//! What a page says to whoever has it read aloud or copies from it: parts of it may stand for other words than they show
//! (`ActualText`, ISO 32000-1 §14.9.4), a letter or two at a time. Read beside what is shown, which it does not part.

use std::collections::BTreeSet;

use super::pen::{Pen, Point};
use crate::work::TextBuilder;

/// Words that a page says besides, bytes.
const SAID_BYTES_MAX: usize = 1024 * 1024;

/// A part of the content that is open.
struct Part {
    /// What it stands for.
    instead: Option<String>,
    /// Where it begins and ends, and how large its letters are.
    drawn: Option<(Point, Point, f32)>,
}

/// One page.
#[derive(Default)]
pub(super) struct Spoken {
    pen: Pen,
    text: TextBuilder,
    parts: Vec<Part>,
    /// The outermost open part that stands for something else.
    within: Option<usize>,
    /// Something did.
    is_used: bool,
    /// What was said, each by itself.
    said: Vec<String>,
    bytes: usize,
    /// Words that stand for nothing that is drawn.
    undrawn: Vec<String>,
}

impl Spoken {
    /// Words that stand for a part, or say what it means; `true` for those that are said in its place.
    pub(super) fn say(&mut self, words: &[(bool, String)]) {
        for (_, words) in words {
            self.bytes += words.len();
            if self.bytes <= SAID_BYTES_MAX && !words.trim().is_empty() {
                self.said.push(words.clone());
            }
        }
    }

    /// A part begins.
    pub(super) fn begin(&mut self, words: &[(bool, String)]) {
        self.say(words);
        let instead = words.iter().find(|(is_instead, _)| *is_instead).map(|(_, words)| words.clone());
        if instead.is_some() && self.within.is_none() {
            self.within = Some(self.parts.len());
            self.is_used = true;
        }
        self.parts.push(Part { instead, drawn: None });
    }

    /// A part ends.
    pub(super) fn end(&mut self) {
        let Some(part) = self.parts.pop() else { return };
        if self.within != Some(self.parts.len()) {
            return;
        }
        self.within = None;
        let (Some(words), true) = (part.instead, self.bytes <= SAID_BYTES_MAX) else { return };
        let Some((from, to, size)) = part.drawn else {
            self.undrawn.push(words);
            return;
        };
        self.pen.write(from, to, size, &words, &mut self.text);
    }

    /// A letter is drawn.
    pub(super) fn write(&mut self, from: Point, to: Point, size: f32, shown: &str) {
        if let Some(part) = self.within.and_then(|at| self.parts.get_mut(at)) {
            part.drawn = Some(part.drawn.map_or((from, to, size), |(first, ..)| (first, to, size)));
            return;
        }
        self.pen.write(from, to, size, shown, &mut self.text);
    }

    /// What the page says beyond what it shows: each word by itself, and the lines they stand in where those say something else.
    pub(super) fn lines(mut self, shown: &str) -> Vec<String> {
        let mut found = std::mem::take(&mut self.said);
        if self.undrawn.len() > 1 {
            found.push(self.undrawn.concat());
        }
        if self.is_used {
            self.pen.lift(&mut self.text);
            let mut known: BTreeSet<String> =
                shown.lines().chain(found.iter().map(String::as_str)).map(letters).collect();
            let lines = self.text.text.lines().filter(|line| known.insert(letters(line)));
            found.extend(lines.map(str::to_owned).collect::<Vec<_>>());
        }
        found
    }
}

/// What a line says: a hyphen or a bullet that stands for another says nothing else.
fn letters(line: &str) -> String {
    line.chars().filter(|c| c.is_alphanumeric()).collect()
}
