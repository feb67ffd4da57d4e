//! Where text stands on a page, as far as words and lines need it (ISO 32000-1 §9.4.4).

use super::plain;
use crate::work::TextBuilder;

/// A gap along the line wider than this part of the font size is a blank between words.
const WORD_GAP: f32 = 0.2;
/// A step away from the line wider than this part of the font size is another line.
const LINE_STEP: f32 = 0.5;
/// A step back along the line: another column, or the line again.
const STEP_BACK: f32 = 1.0;
/// Bytes written before they are kept, at the next blank or as many bytes later; a page may be one line.
const LINE_BYTES_MAX: usize = 4_096;

/// A matrix `[a b c d e f]`: rows of two (§8.3.3).
#[derive(Debug, Clone, Copy)]
pub(super) struct Matrix(pub(super) [f32; 6]);

impl Matrix {
    pub(super) const UNIT: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) fn step(x: f32, y: f32) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This, and then the other.
    pub(super) fn then(self, other: Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let [p, q, r, s, t, u] = other.0;
        Self([
            a * p + b * r,
            a * q + b * s,
            c * p + d * r,
            c * q + d * s,
            e * p + f * r + t,
            e * q + f * s + u,
        ])
    }

    pub(super) fn at(self, x: f32, y: f32) -> Point {
        let [a, b, c, d, e, f] = self.0;
        Point { x: a * x + c * y + e, y: b * x + d * y + f }
    }

    /// How long a unit upwards becomes.
    pub(super) fn height(self) -> f32 {
        let [_, _, c, d, _, _] = self.0;
        c.hypot(d)
    }
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    pub(super) x: f32,
    pub(super) y: f32,
}

/// The line being written.
#[derive(Default)]
pub(super) struct Pen {
    line: String,
    /// Where the last character ended, and how large it was.
    last: Option<(Point, f32)>,
}

impl Pen {
    /// A character from one point to another, so large.
    pub(super) fn write(&mut self, from: Point, to: Point, size: f32, shown: &str, text: &mut TextBuilder) {
        if let Some((end, last_size)) = self.last {
            self.break_between(end, from, to, size.max(last_size));
        }
        let is_between = self.line.ends_with(char::is_whitespace) || self.line.len() > 2 * LINE_BYTES_MAX;
        if self.line.len() > LINE_BYTES_MAX && is_between {
            self.keep(text);
        }
        self.line.push_str(shown);
        self.last = Some((to, size));
    }

    fn break_between(&mut self, end: Point, from: Point, to: Point, size: f32) {
        let (x, y) = (to.x - from.x, to.y - from.y);
        let length = x.hypot(y);
        // A character without width goes on as the line did.
        let (x, y) = if length > 0.0 { (x / length, y / length) } else { (1.0, 0.0) };
        let (dx, dy) = (from.x - end.x, from.y - end.y);
        let along = dx * x + dy * y;
        let away = (dx * y - dy * x).abs();
        let size = if size > 0.0 { size } else { 1.0 };
        if away.is_nan() || away > size * LINE_STEP || along < -size * STEP_BACK {
            self.line.push('\n');
        } else if along > size * WORD_GAP && !self.line.ends_with([' ', '\n']) {
            self.line.push(' ');
        }
    }

    /// What is shown next stands apart from what was shown.
    pub(super) fn lift(&mut self, text: &mut TextBuilder) {
        self.keep(text);
        if self.last.take().is_some() {
            text.separate('\n');
        }
    }

    fn keep(&mut self, text: &mut TextBuilder) {
        text.push(&plain(&self.line));
        self.line.clear();
    }
}
