//! A stream while it is drawn: what its operators have set (ISO 32000-1 §8.4, §9.3), and what it may use by name.

use std::rc::Rc;

use lopdf::{Dictionary, Document, Object};

use super::dictionary_at;
use super::font::Font;
use super::pen::{Matrix, Point};

/// Every operator (annex A), for telling a page from noise.
pub(super) const OPERATORS: &[&[u8]] = &[
    b"b", b"B", b"b*", b"B*", b"BDC", b"BI", b"BMC", b"BT", b"BX", b"c", b"cm", b"CS", b"cs", b"d", b"d0",
    b"d1", b"Do", b"DP", b"EI", b"EMC", b"ET", b"EX", b"f", b"F", b"f*", b"G", b"g", b"gs", b"h", b"i",
    b"ID", b"j", b"J", b"K", b"k", b"l", b"m", b"M", b"MP", b"n", b"q", b"Q", b"re", b"RG", b"rg", b"ri",
    b"s", b"S", b"SC", b"sc", b"SCN", b"scn", b"sh", b"T*", b"Tc", b"Td", b"TD", b"Tf", b"Tj", b"TJ", b"TL",
    b"Tm", b"Tr", b"Ts", b"Tw", b"Tz", b"v", b"w", b"W", b"W*", b"y", b"'", b"\"",
];

/// What a text operator finds set (§9.3).
#[derive(Clone)]
pub(super) struct State {
    pub(super) page: Matrix,
    pub(super) font: Option<Rc<Font>>,
    /// Tells the fonts apart.
    pub(super) font_number: usize,
    pub(super) size: f32,
    pub(super) between: f32,
    pub(super) between_words: f32,
    pub(super) scale: f32,
    pub(super) leading: f32,
    pub(super) rise: f32,
    /// Letters are drawn in white, or not at all.
    pub(super) is_white: bool,
    pub(super) is_unseen: bool,
    /// Drawn on a layer that is not shown.
    pub(super) is_hidden: bool,
}

impl State {
    pub(super) fn new(page: Matrix) -> Self {
        Self {
            page,
            font: None,
            font_number: 0,
            size: 0.0,
            between: 0.0,
            between_words: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            is_white: false,
            is_unseen: false,
            is_hidden: false,
        }
    }
}

/// One stream being drawn.
pub(super) struct Drawing<'a, 'r> {
    pub(super) state: State,
    pub(super) saved: Vec<State>,
    pub(super) text: Matrix,
    pub(super) line: Matrix,
    pub(super) resources: &'r [&'a Dictionary],
    /// Parts of the content that are open (§14.6): whether each is on a layer that is not shown.
    pub(super) parts: Vec<bool>,
    /// Inside a part where unknown operators are passed over (`BX`).
    pub(super) lenient: usize,
    /// Operators that are none.
    pub(super) odd: usize,
    pub(super) depth: usize,
}

impl<'a, 'r> Drawing<'a, 'r> {
    pub(super) fn new(state: State, resources: &'r [&'a Dictionary], depth: usize) -> Self {
        let (text, line) = (Matrix::UNIT, Matrix::UNIT);
        Self { state, saved: Vec::new(), text, line, resources, parts: Vec::new(), lenient: 0, odd: 0, depth }
    }

    /// Whether readers see what is drawn now.
    pub(super) fn is_seen(&self) -> bool {
        let State { is_white, is_unseen, is_hidden, .. } = self.state;
        !is_white && !is_unseen && !is_hidden && !self.parts.contains(&true)
    }

    pub(super) fn resource(&self, document: &'a Document, kind: &[u8], name: &[u8]) -> Option<&'a Object> {
        self.resources.iter().find_map(|resources| dictionary_at(document, resources, kind)?.get(name).ok())
    }

    pub(super) fn step(&mut self, x: f32, y: f32) {
        self.line = Matrix::step(x, y).then(self.line);
        self.text = self.line;
    }

    pub(super) fn next_line(&mut self) {
        self.step(0.0, -self.state.leading);
    }

    /// Moves along the line.
    pub(super) fn advance(&mut self, by: f32) {
        let is_vertical = self.state.font.as_ref().is_some_and(|font| font.is_vertical);
        let step =
            if is_vertical { Matrix::step(0.0, -by) } else { Matrix::step(by * self.state.scale, 0.0) };
        self.text = step.then(self.text);
    }

    pub(super) fn here(&self) -> Point {
        self.text.then(self.state.page).at(0.0, self.state.rise)
    }
}
