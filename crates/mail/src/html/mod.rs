//! HTML to text: what its reader sees, and apart from it what its reader does not. Nothing is ever loaded.

mod addresses;
mod arrange;
mod drawing;
mod elements;
mod entities;
mod hidden;
mod layout;
mod scan;
mod selector;
mod sheet;
mod unseen;

use arrange::{Arranged, Part, Parts, may_arrange};
use drawing::Drawings;
use elements::{Display, is_block, is_gap, is_reversed, is_unshown, is_void, mark_of, starts_thread};
use hidden::Hiding;
use layout::Layout;
use scan::{Scanner, Tag, Token};
use sheet::Sheet;
use vocabulary::bounds::ATTACHMENTS_MAX;

use crate::{RegionKind, reversed};

/// Open elements remembered; deeper ones take the state of the last.
const DEPTH_MAX: usize = 512;
/// Around text that is shown from its end to its beginning (UAX #9: RLO, PDF).
const REVERSED: &str = "\u{202e}";
const REVERSED_END: &str = "\u{202c}";
/// Bytes that style sheets put before and behind elements, and elements that are put in order, of one document.
const PUT_BYTES_MAX: usize = 1024 * 1024;
const PARTS_MAX: usize = 20_000;
/// Comments, and drawings in addresses, that may hold markup of their own, one inside the other.
const INNER_DEPTH_MAX: usize = 2;

/// The texts of an HTML document.
#[derive(Default)]
pub(crate) struct HtmlText {
    /// What its reader sees, laid out in lines; cells of a row are separated by tabs.
    pub(crate) visible: String,
    /// What its reader does not see: the lines in which something is hidden, whole and in order; then one piece a line: comments, scripts, values of attributes, what style
    /// sheets say in words.
    pub(crate) hidden: String,
    /// Hidden elements had text of their own (as opposed to alternative texts and link targets).
    pub(crate) hides_text: bool,
    /// Some values of attributes are longer or more than are kept.
    pub(crate) cut: bool,
    /// Stretches of `visible` known from the markup: quotes and signatures.
    pub(crate) marks: Vec<(RegionKind, usize, usize)>,
    /// Pictures that it carries in its addresses, as files, each once; ornaments are left out.
    pub(crate) pictures: Vec<Vec<u8>>,
}

/// Where what a reader does not see goes.
struct Gathered<'o> {
    out: &'o mut HtmlText,
    /// Levels of markup within markup that are still read.
    depth: usize,
}

impl Gathered<'_> {
    /// A piece of text on its own line.
    fn hide(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.out.hidden.push_str(text);
            self.out.hidden.push('\n');
        }
    }

    /// A picture, as a file. One more than a message may have files is kept: it is told as too many.
    fn picture(&mut self, bytes: Vec<u8>) {
        let pictures = &mut self.out.pictures;
        if pictures.len() <= ATTACHMENTS_MAX && !pictures.contains(&bytes) {
            pictures.push(bytes);
        }
    }

    /// Markup within markup. Gives back how much of it a reader would see.
    fn markup(&mut self, source: &str) -> usize {
        let Some(depth) = self.depth.checked_sub(1).filter(|_| source.contains('<')) else {
            self.hide(source);
            return 0;
        };
        let inner = read(source, depth);
        self.hide(&inner.visible);
        self.hide(&inner.hidden);
        self.out.cut |= inner.cut;
        inner.pictures.into_iter().for_each(|picture| self.picture(picture));
        inner.visible.len()
    }
}

/// Reads an HTML document.
pub(crate) fn to_text(html: &str) -> HtmlText {
    read(html, INNER_DEPTH_MAX)
}

fn read(html: &str, depth: usize) -> HtmlText {
    let (sheet, drawings) = (Sheet::of(html), Drawings::new(html));
    let mut reading = Reading { depth, sheet, drawings, ..Reading::default() };
    let mut scanner = Scanner::new(html);
    loop {
        let from = scanner.at(html);
        let Some(token) = scanner.next() else { break };
        reading.drawings.at(from, scanner.at(html));
        match token {
            Token::Text(text) => reading.text(text),
            Token::Raw(name, text) => reading.raw(name, text),
            Token::Start(tag) => reading.start(&tag),
            Token::End(name) => reading.end(name),
            Token::Comment(comment) => reading.comment(comment),
        }
    }
    reading.finish()
}

/// An open element.
struct Open<'a> {
    name: &'a str,
    hidden: bool,
    mark: Option<RegionKind>,
    /// Where its content begins.
    from: usize,
    display: Option<Display>,
    reversed: bool,
    /// What a style sheet puts behind its content.
    behind: Option<String>,
    arranged: Arranged,
    /// Its children so far, and those of them whose place is known.
    children: usize,
    parts: Parts,
}

#[derive(Default)]
struct Reading<'a> {
    out: HtmlText,
    layout: Layout,
    open: Vec<Open<'a>>,
    hiding: Hiding,
    /// Nested `pre`.
    preformatted: usize,
    /// Nested `sup`.
    raised: usize,
    /// Where the last mark begins: no line end before it is taken back.
    marked_from: usize,
    /// From here to the end everything is quoted.
    quoted_from: Option<usize>,
    scratch: String,
    sheet: Sheet,
    drawings: Drawings<'a>,
    /// Bytes that style sheets may still put somewhere, and parts of elements that may still be put in order.
    put: Left<PUT_BYTES_MAX>,
    ordered: Left<PARTS_MAX>,
    /// Levels of markup within markup that are still read.
    depth: usize,
}

impl<'a> Reading<'a> {
    fn is_hidden(&self) -> bool {
        self.open.last().is_some_and(|open| open.hidden)
    }

    fn len(&self) -> usize {
        self.layout.visible.len()
    }

    fn text(&mut self, raw: &str) {
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        entities::decode(raw, &mut text);
        self.drawings.text(&text);
        if self.is_hidden() {
            self.out.hides_text |= !text.trim().is_empty();
            self.layout.unseen(&text);
        } else if self.preformatted > 0 {
            self.layout.verbatim(&text);
        } else if self.raised > 0 {
            self.layout.raised(&text);
        } else {
            self.layout.words(&text);
        }
        self.scratch = text;
    }

    fn gathered(&mut self) -> Gathered<'_> {
        Gathered { out: &mut self.out, depth: self.depth }
    }

    fn raw(&mut self, name: &str, text: &str) {
        match name.to_ascii_lowercase().as_str() {
            "style" => {
                self.hiding.learn(text);
                unseen::css(text, &mut self.gathered());
            }
            "textarea" | "xmp" | "plaintext" => self.text(text),
            _ => {
                let mut decoded = String::new();
                entities::decode(text, &mut decoded);
                self.gathered().hide(&decoded);
            }
        }
    }

    fn comment(&mut self, comment: &str) {
        // Conditional comments hold markup that some readers show.
        let shown = self.gathered().markup(comment);
        self.out.hides_text |= shown > 40;
    }

    fn start(&mut self, tag: &Tag<'a>) {
        let name = tag.name.to_ascii_lowercase();
        if matches!(name.as_str(), "td" | "th" | "tr") {
            self.end_open_cell();
        }
        let display = elements::display(tag);
        match display {
            Some(Display::Inline) => {}
            Some(Display::Cell) => self.layout.apart(),
            Some(Display::Block) => {
                self.before(&name);
                self.layout.line_break(1);
            }
            None => self.before(&name),
        }
        // A line of a drawing's text; without a height of its own it goes on where the last ended, often within a word.
        if name == "tspan" && (tag.attribute("y").is_some() || tag.attribute("dy").is_some()) {
            self.layout.apart();
        }
        if name == "img" && !self.is_hidden() && is_gap(tag) {
            self.layout.gap();
        }
        unseen::attributes(tag, &mut self.gathered());
        self.drawings.start(tag, &name, self.open.len());
        let nth = self.open.last_mut().map_or(1, |parent| {
            parent.children += 1;
            parent.children
        });
        if is_void(&name) {
            return;
        }
        self.preformatted += usize::from(name == "pre");
        self.raised += usize::from(name == "sup");
        let mark = mark_of(&name, tag);
        if mark.is_some() {
            self.marked_from = self.len();
        }
        if starts_thread(tag) && self.quoted_from.is_none() {
            (self.quoted_from, self.marked_from) = (Some(self.len()), self.len());
        }
        if self.open.len() < DEPTH_MAX {
            let hidden = self.is_hidden() || is_unshown(&name, tag) || self.hiding.hides(tag);
            let reversed = !hidden && is_reversed(&name, tag);
            if reversed {
                self.layout.words(REVERSED);
            }
            let said = self.sheet.says(tag, &name, nth);
            let mut arranged = said.arranged;
            if let Some(style) = tag.attribute("style").map(str::to_ascii_lowercase)
                && may_arrange(&style)
            {
                arranged.read(&style);
            }
            let (from, children, parts) = (self.len(), 0, Parts::default());
            let name = tag.name;
            let behind = said.behind.filter(|_| !hidden);
            self.open.push(Open {
                name,
                hidden,
                mark,
                from,
                display,
                reversed,
                behind,
                arranged,
                children,
                parts,
            });
            if let Some(before) = said.before.filter(|_| !hidden) {
                self.put(&before);
            }
        }
    }

    /// Words that a style sheet puts here: the line is read as it is shown, beside what the document says.
    fn put(&mut self, words: &str) {
        if self.put.take(words.len()) {
            self.layout.unseen(words);
        } else {
            self.out.cut = true;
        }
    }

    /// What style sheets put behind the elements that end, before their lines do.
    fn put_behind(&mut self, at: usize) {
        let open = self.open.get_mut(at..).unwrap_or_default();
        let words: Vec<String> = open.iter_mut().rev().filter_map(|open| open.behind.take()).collect();
        words.iter().for_each(|words| self.put(words));
    }

    /// A cell that has no end tag ends where the next cell or row begins.
    fn end_open_cell(&mut self) {
        let is =
            |open: &Open<'_>, names: &[&str]| names.iter().any(|name| open.name.eq_ignore_ascii_case(name));
        let at = self.open.iter().rposition(|open| is(open, &["td", "th", "table"]));
        if let Some(at) = at.filter(|at| self.open.get(*at).is_some_and(|open| is(open, &["td", "th"]))) {
            self.close(at);
        }
    }

    /// Layout before an element's content.
    fn before(&mut self, name: &str) {
        match name {
            "br" if self.is_hidden() => self.layout.unseen_line_break(),
            "br" => self.layout.line_break(2),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre" | "ul" | "ol" | "hr" => {
                self.layout.paragraph();
            }
            "td" | "th" => self.layout.cell_start(),
            "tr" => self.layout.row_end(),
            "li" => {
                self.layout.line_break(1);
                self.layout.verbatim("- ");
            }
            // Of a drawing: words beside others.
            "text" | "desc" => self.layout.apart(),
            _ if is_block(name) => self.layout.line_break(1),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            "pre" => self.preformatted = self.preformatted.saturating_sub(1),
            "sup" => self.raised = self.raised.saturating_sub(1),
            _ => {}
        }
        // An end tag that opened nothing is ignored, but for its line end.
        let at = self.open.iter().rposition(|open| open.name.eq_ignore_ascii_case(name));
        self.put_behind(at.unwrap_or(self.open.len()));
        match at.and_then(|at| self.open.get(at)?.display) {
            Some(Display::Inline) => {}
            Some(Display::Cell) => self.layout.apart(),
            _ if lower == "p" || lower == "blockquote" => self.layout.paragraph(),
            _ if lower == "tr" || lower == "table" => self.layout.row_end(),
            None if !is_block(&lower) => {}
            _ => self.layout.line_break(1),
        }
        if let Some(at) = at {
            self.close(at);
        }
    }

    /// Ends an element; those left open inside end with it.
    fn close(&mut self, at: usize) {
        self.put_behind(at);
        let end = self.layout.visible.len();
        while self.open.len() > at {
            let Some(open) = self.open.pop() else { break };
            if open.reversed {
                self.layout.words(REVERSED_END);
            }
            self.arrange(&open, end);
            self.out.marks.extend(open.mark.map(|kind| (kind, open.from, end)));
            if open.name.eq_ignore_ascii_case("td") || open.name.eq_ignore_ascii_case("th") {
                self.layout.cell_end(open.from.max(self.marked_from));
            }
        }
        if let Some(drawing) = self.drawings.end(self.open.len()) {
            self.gathered().picture(drawing);
        }
        let end = self.layout.visible.len();
        for mark in self.out.marks.iter_mut().rev().take_while(|mark| mark.2 > end) {
            mark.2 = end;
        }
    }

    /// Reads the children of an element that ends in the order they are shown in, and keeps its own place among its neighbours.
    fn arrange(&mut self, open: &Open<'a>, end: usize) {
        if let Some(shown) = open.parts.shown(open.arranged, &self.layout.visible) {
            self.gathered().hide(&shown);
        }
        let Some(parent) = self.open.last_mut().filter(|_| !open.hidden) else { return };
        if parent.arranged.is_flex || open.arranged.is_moved() {
            if self.ordered.take(1) {
                parent.parts.push(Part { from: open.from, end, arranged: open.arranged });
            } else {
                self.out.cut = true;
            }
        }
    }

    fn finish(mut self) -> HtmlText {
        let end = self.len();
        self.put_behind(0);
        for open in std::mem::take(&mut self.open).into_iter().rev() {
            self.arrange(&open, end);
            self.out.marks.extend(open.mark.map(|kind| (kind, open.from, end)));
        }
        if let Some(drawing) = self.drawings.end(0) {
            self.gathered().picture(drawing);
        }
        self.out.cut |= self.sheet.is_cut();
        let used = self.drawings.used();
        self.gathered().hide(&used);
        self.out.marks.extend(self.quoted_from.map(|start| (RegionKind::Quoted, start, end)));
        self.layout.finish();
        self.out.visible = self.layout.visible;
        self.out.hidden.insert_str(0, &self.layout.partly);
        if let Some(lines) = reversed::lines(&self.out.visible) {
            self.out.hidden.push_str(&lines);
        }
        self.out
    }
}

/// What may still be done so many times.
struct Left<const MOST: usize>(usize);

impl<const MOST: usize> Default for Left<MOST> {
    fn default() -> Self {
        Self(MOST)
    }
}

impl<const MOST: usize> Left<MOST> {
    fn take(&mut self, count: usize) -> bool {
        let left = self.0.checked_sub(count);
        self.0 = left.unwrap_or(0);
        left.is_some()
    }
}

fn is_html_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}
