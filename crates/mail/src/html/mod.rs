//! HTML to text: what its reader sees, and apart from it what its reader does not. Nothing is ever loaded.

mod addresses;
mod entities;
mod hidden;
mod scan;
mod unseen;

use hidden::Hiding;
use scan::{Scanner, Tag, Token};
use vocabulary::bounds::ATTACHMENTS_MAX;

use crate::RegionKind;

/// Open elements remembered; deeper ones take the state of the last.
const DEPTH_MAX: usize = 512;
/// Comments, and drawings in addresses, that may hold markup of their own, one inside the other.
const INNER_DEPTH_MAX: usize = 2;

/// The texts of an HTML document.
#[derive(Default)]
pub(crate) struct HtmlText {
    /// What its reader sees, laid out in lines; cells of a row are separated by tabs.
    pub(crate) visible: String,
    /// What its reader does not see, one piece a line: hidden elements, comments, scripts, values of attributes, what style
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
    let mut reading = Reading { depth, ..Reading::default() };
    for token in Scanner::new(html) {
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
    mark: Option<(RegionKind, usize)>,
}

#[derive(Default)]
struct Reading<'a> {
    out: HtmlText,
    open: Vec<Open<'a>>,
    hiding: Hiding,
    /// Nested `pre`.
    preformatted: usize,
    /// Blank wanted before the next visible character.
    blank: bool,
    /// From here to the end everything is quoted.
    quoted_from: Option<usize>,
    scratch: String,
    /// Levels of markup within markup that are still read.
    depth: usize,
}

impl<'a> Reading<'a> {
    fn is_hidden(&self) -> bool {
        self.open.last().is_some_and(|open| open.hidden)
    }

    fn text(&mut self, raw: &str) {
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        entities::decode(raw, &mut text);
        if self.is_hidden() {
            self.out.hides_text |= !text.trim().is_empty();
            self.hide(&text);
        } else if self.preformatted > 0 {
            self.out.visible.push_str(&text);
        } else {
            self.flow(&text);
        }
        self.scratch = text;
    }

    /// Visible text, white space collapsed.
    fn flow(&mut self, text: &str) {
        for word in text.split_inclusive(is_html_space) {
            let trimmed = word.trim_end_matches(is_html_space);
            if !trimmed.is_empty() {
                if self.blank
                    && !self.out.visible.is_empty()
                    && !self.out.visible.ends_with(['\n', '\t', ' '])
                {
                    self.out.visible.push(' ');
                }
                self.blank = false;
                self.out.visible.push_str(trimmed);
            }
            self.blank |= trimmed.len() < word.len();
        }
    }

    fn hide(&mut self, text: &str) {
        self.gathered().hide(text);
    }

    fn gathered(&mut self) -> Gathered<'_> {
        Gathered { out: &mut self.out, depth: self.depth }
    }

    fn line_break(&mut self, most: usize) {
        let visible = &mut self.out.visible;
        let ends = visible.bytes().rev().take_while(|byte| *byte == b'\n').count();
        if ends < most && !visible.is_empty() {
            visible.push('\n');
        }
        self.blank = false;
    }

    /// A blank line, unless there is one.
    fn paragraph(&mut self) {
        self.line_break(1);
        self.line_break(2);
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
                self.hide(&decoded);
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
        self.before(&name);
        // A line of a drawing's text; without a height of its own it goes on where the last ended, often within a word.
        self.blank |= name == "tspan" && (tag.attribute("y").is_some() || tag.attribute("dy").is_some());
        unseen::attributes(tag, &mut self.gathered());
        if is_void(&name) {
            return;
        }
        if name == "pre" {
            self.preformatted += 1;
        }
        let mark = mark_of(&name, tag).map(|kind| (kind, self.out.visible.len()));
        if starts_thread(tag) && self.quoted_from.is_none() {
            self.quoted_from = Some(self.out.visible.len());
        }
        if self.open.len() < DEPTH_MAX {
            let hidden = self.is_hidden() || name == "template" || self.hiding.hides(tag);
            self.open.push(Open { name: tag.name, hidden, mark });
        }
    }

    /// Layout before an element's content.
    fn before(&mut self, name: &str) {
        match name {
            "br" if self.is_hidden() => {}
            "br" => self.line_break(2),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre" | "ul" | "ol" | "hr" => {
                self.paragraph();
            }
            "td" | "th" if self.out.visible.is_empty() || self.out.visible.ends_with(['\n', '\t']) => {}
            "td" | "th" => {
                self.out.visible.push('\t');
                self.blank = false;
            }
            "li" => {
                self.line_break(1);
                self.out.visible.push_str("- ");
            }
            // Of a drawing: words beside others.
            "text" | "desc" => self.blank = true,
            _ if is_block(name) => self.line_break(1),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if name.eq_ignore_ascii_case("pre") {
            self.preformatted = self.preformatted.saturating_sub(1);
        }
        let lower = name.to_ascii_lowercase();
        if lower == "p" || lower == "blockquote" {
            self.paragraph();
        } else if is_block(&lower) {
            self.line_break(1);
        }
        // Elements left open inside end with it; an end tag that opened nothing is ignored.
        let Some(at) = self.open.iter().rposition(|open| open.name.eq_ignore_ascii_case(name)) else {
            return;
        };
        for open in self.open.drain(at..) {
            if let Some((kind, start)) = open.mark {
                self.out.marks.push((kind, start, self.out.visible.len()));
            }
        }
    }

    fn finish(mut self) -> HtmlText {
        let end = self.out.visible.len();
        for open in self.open.drain(..) {
            self.out.marks.extend(open.mark.map(|(kind, start)| (kind, start, end)));
        }
        self.out.marks.extend(self.quoted_from.map(|start| (RegionKind::Quoted, start, end)));
        self.out
    }
}

fn is_html_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "img"
            | "hr"
            | "input"
            | "meta"
            | "link"
            | "area"
            | "base"
            | "col"
            | "embed"
            | "source"
            | "wbr"
    )
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "tr"
            | "table"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "center"
            | "form"
            | "dd"
            | "dt"
            | "address"
            | "fieldset"
            | "caption"
            | "body"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "pre"
    )
}

/// Elements that mail programs put around quotes and signatures.
fn mark_of(name: &str, tag: &Tag<'_>) -> Option<RegionKind> {
    const QUOTES: &[&str] =
        &["gmail_quote", "yahoo_quoted", "protonmail_quote", "moz-cite-prefix", "gmail_attr"];
    const SIGNATURES: &[&str] = &["gmail_signature", "moz-signature", "protonmail_signature_block"];
    if name == "blockquote" {
        return Some(RegionKind::Quoted);
    }
    let class = tag.attribute("class").unwrap_or("");
    let has = |known: &[&str]| class.split_whitespace().any(|class| known.contains(&class));
    let id = tag.attribute("id").unwrap_or("");
    if has(QUOTES) {
        Some(RegionKind::Quoted)
    } else if has(SIGNATURES) || matches!(id, "Signature" | "ms-outlook-mobile-signature" | "signature") {
        Some(RegionKind::Signature)
    } else {
        None
    }
}

/// Outlook marks where the thread begins, not what it holds.
fn starts_thread(tag: &Tag<'_>) -> bool {
    matches!(
        tag.attribute("id"),
        Some("divRplyFwdMsg" | "appendonsend" | "mail-editor-reference-message-container")
    )
}
