//! Drawings in the text (SVG): text that is written in one place and shown in others (`use`), and lines that may be letters.

use std::collections::BTreeMap;

use super::arrange::joined;
use super::scan::Tag;
use crate::picture;

/// Strokes of a drawing from which on they may be letters: fewer write no number and no sentence.
const STROKES_MIN: usize = 12;
/// Elements of drawings whose text is known by their name, bytes kept of all of them, and uses.
const NAMED_MAX: usize = 1_000;
const NAMED_BYTES_MAX: usize = 64 * 1024;
const USED_MAX: usize = 4_000;
/// Bytes of what is used in all: one text may be used often.
const USED_BYTES_MAX: usize = 256 * 1024;

/// The drawings of a document.
#[derive(Default)]
pub(super) struct Drawings<'a> {
    html: (usize, usize),
    source: &'a str,
    /// The drawing being read: where its source begins, and how many elements stood open around it.
    begun: Option<(usize, usize)>,
    is_small: bool,
    strokes: usize,
    /// Elements with a name that are open: how many stood open around each.
    open: Vec<(usize, &'a str)>,
    named: BTreeMap<&'a str, String>,
    bytes: usize,
    used: Vec<&'a str>,
}

impl<'a> Drawings<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, ..Self::default() }
    }

    /// What is read next stands here in the document.
    pub(super) fn at(&mut self, from: usize, end: usize) {
        self.html = (from, end);
    }

    /// A tag, with so many elements open around it.
    pub(super) fn start(&mut self, tag: &Tag<'a>, name: &str, depth: usize) {
        if self.begun.is_none() {
            if name != "svg" {
                return;
            }
            self.begun = Some((self.html.0, depth));
            self.is_small = is_small(tag);
            self.strokes = 0;
        }
        self.strokes += strokes(tag, name);
        let holds_text = matches!(name, "text" | "tspan" | "g" | "symbol" | "svg" | "a" | "switch");
        if let Some(id) = tag.attribute("id").filter(|_| holds_text && self.named.len() < NAMED_MAX) {
            self.open.push((depth, id));
            self.named.entry(id).or_default();
        }
        let address = tag.attribute("href").or_else(|| tag.attribute("xlink:href"));
        if let Some(id) = address.and_then(|address| address.trim().strip_prefix('#'))
            && name == "use"
            && self.used.len() < USED_MAX
        {
            self.used.push(id);
        }
    }

    /// A text, wherever it is.
    pub(super) fn text(&mut self, text: &str) {
        for (_, id) in &self.open {
            if self.bytes > NAMED_BYTES_MAX {
                return;
            }
            self.bytes += text.len();
            if let Some(named) = self.named.get_mut(id).filter(|_| self.bytes <= NAMED_BYTES_MAX) {
                named.push_str(text);
            }
        }
    }

    /// An element ended, and so many are left open. Gives back the source of a drawing that is told: what its lines show is not known.
    pub(super) fn end(&mut self, depth: usize) -> Option<Vec<u8>> {
        while self.open.pop_if(|(around, _)| *around >= depth).is_some() {}
        let (from, _) = self.begun.take_if(|(_, around)| *around >= depth)?;
        let source = self.source.get(from..self.html.1)?;
        (self.strokes >= STROKES_MIN && !self.is_small).then(|| source.as_bytes().to_vec())
    }

    /// The texts that are shown by their names, in the order they are.
    pub(super) fn used(&self) -> String {
        let texts = self.used.iter().filter_map(|id| self.named.get(id)).map(|text| text.trim().to_owned());
        let mut left = USED_BYTES_MAX;
        let texts = texts.take_while(|text| {
            left = left.saturating_sub(text.len());
            left > 0
        });
        joined(&texts.filter(|text| !text.is_empty()).collect::<Vec<_>>()).unwrap_or_default()
    }
}

/// An icon: its tag says that both sides, or one, are too short for words.
fn is_small(tag: &Tag<'_>) -> bool {
    let side = |name| {
        let side = tag.attribute(name)?.trim().trim_end_matches("px");
        side.parse::<f32>().ok().filter(|side| *side >= 0.0)
    };
    // A style may say otherwise.
    let is_styled = tag.attribute("style").is_some_and(|style| style.contains("width"));
    match (side("width"), side("height")) {
        (Some(width), Some(height)) if !is_styled => picture::is_small(width as u32, height as u32),
        _ => false,
    }
}

/// Strokes of one element: each start within a path, each other shape, each repetition of one.
fn strokes(tag: &Tag<'_>, name: &str) -> usize {
    match name {
        "path" => {
            let data = tag.attribute("d").unwrap_or("");
            data.bytes().filter(|byte| matches!(byte, b'M' | b'm')).count()
        }
        "polygon" | "polyline" | "line" | "rect" | "circle" | "ellipse" | "use" => 1,
        _ => 0,
    }
}
