//! What a page shows where: letters drawn in another order than they are read, or among others that nobody sees, are put in
//! the order they stand in.

use super::pen::Point;
use super::plain;

/// Letters of one page that are put in order.
const GLYPHS_MAX: usize = 50_000;
/// Parts of the size: a step to another line, a gap between words, one between columns, what a mark of a note is raised by.
const LINE_STEP: f32 = 0.5;
const WORD_GAP: f32 = 0.2;
const COLUMN_GAP: f32 = 1.5;
const RAISED: f32 = 0.15;
/// A mark of a note is so much smaller.
const SMALLER: f32 = 0.8;
/// Letters of a piece that is said again, and how many may follow one another as drawn, in the middle: words and groups of
/// a number drawn one by one are longer.
const LETTERS_MIN: usize = 8;
const RUN_MAX: usize = 6;

struct Glyph {
    from: Point,
    end: f32,
    size: f32,
    order: usize,
    text: Box<str>,
}

/// The letters of a page.
#[derive(Default)]
pub(super) struct Placed {
    glyphs: Vec<Glyph>,
    drawn: usize,
}

impl Placed {
    /// A letter was drawn; `seen` where readers see it.
    pub(super) fn draw(&mut self, (from, to): (Point, Point), size: f32, text: &str, seen: bool) {
        self.drawn += 1;
        let is_level = (to.y - from.y).abs() <= size * RAISED && to.x >= from.x;
        if seen && is_level && self.glyphs.len() < GLYPHS_MAX {
            self.glyphs.push(Glyph { from, end: to.x, size, order: self.drawn, text: text.into() });
        }
    }

    /// The pieces of lines that read otherwise than they were drawn.
    pub(super) fn pieces(&mut self) -> Vec<String> {
        let mut glyphs = std::mem::take(self).glyphs;
        glyphs.sort_by(|a, b| b.from.y.total_cmp(&a.from.y));
        let mut found = Vec::new();
        let mut rest = glyphs.as_mut_slice();
        while let Some(first) = rest.first() {
            let (y, size) = (first.from.y, first.size);
            let is_level = |glyph: &&Glyph| y - glyph.from.y <= size.max(glyph.size) * LINE_STEP;
            let len = rest.iter().take_while(is_level).count().max(1);
            let Some((line, after)) = rest.split_at_mut_checked(len) else { break };
            line.sort_by(|a, b| a.from.x.total_cmp(&b.from.x).then(a.order.cmp(&b.order)));
            let is_gap = |a: &Glyph, b: &Glyph| b.from.x - a.end <= a.size.max(b.size) * COLUMN_GAP;
            found.extend(line.chunk_by(is_gap).filter_map(piece));
            rest = after;
        }
        found
    }
}

/// A piece without marks of notes, where it is not as it was drawn.
fn piece(glyphs: &[Glyph]) -> Option<String> {
    let size = glyphs.iter().map(|glyph| glyph.size).fold(0.0, f32::max);
    let base = glyphs.iter().map(|glyph| glyph.from.y).fold(f32::INFINITY, f32::min);
    let is_mark = |glyph: &Glyph| {
        glyph.size < size * SMALLER
            && glyph.from.y > base + size * RAISED
            && !glyph.text.contains(char::is_alphabetic)
    };
    let (mut text, mut breaks, mut letters, mut marks) = (String::new(), 0, 0, 0);
    let mut last: Option<&Glyph> = None;
    for glyph in glyphs {
        if is_mark(glyph) {
            marks += 1;
            continue;
        }
        if let Some(last) = last {
            // Drawn twice, to look bold.
            if last.text == glyph.text && (glyph.from.x - last.from.x).abs() < size * WORD_GAP {
                continue;
            }
            breaks += usize::from(glyph.order != last.order + 1);
            if glyph.from.x - last.end > size * WORD_GAP && !text.ends_with(' ') {
                text.push(' ');
            }
        }
        letters += usize::from(glyph.text.contains(char::is_alphanumeric));
        text.push_str(&glyph.text);
        last = Some(glyph);
    }
    let is_odd = breaks > 1 && breaks * RUN_MAX >= letters;
    (letters >= LETTERS_MIN && (is_odd || marks > 0)).then(|| plain(text.trim()))
}
