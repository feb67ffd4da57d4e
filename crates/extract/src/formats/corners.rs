//! Corners of office documents that hold text otherwise than in text: the values behind a pivot table, the captions of old
//! drawings.

use quick_xml::events::BytesStart;

use super::xml::{self, Visitor};
use crate::work::TextBuilder;

/// The values a pivot table was made of (ECMA-376 §18.10): the whole of a sheet that may be gone.
pub(super) fn pivot_cache(source: &str, text: &mut TextBuilder) -> bool {
    xml::walk(source, &mut PivotCache { text })
}

struct PivotCache<'t> {
    text: &'t mut TextBuilder,
}

impl Visitor for PivotCache<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        let value = match name {
            "cacheField" => xml::attribute(tag, "name"),
            "s" | "n" | "d" | "e" => xml::attribute(tag, "v"),
            _ => None,
        };
        if let Some(value) = value {
            self.text.separate('\t');
            self.text.push(&value);
        }
        if name == "cacheField" {
            self.text.separate('\n');
        }
    }

    fn end(&mut self, name: &str) {
        if matches!(name, "r" | "cacheField") {
            self.text.separate('\n');
        }
    }

    fn text(&mut self, _text: &str) -> bool {
        !self.text.is_full()
    }
}

/// What stands in the text boxes of a drawing in VML: remarks and the captions of buttons. Where it stands is no text.
pub(super) fn drawing(source: &str, text: &mut TextBuilder) -> bool {
    xml::walk(source, &mut Drawing { text, boxes: 0 })
}

struct Drawing<'t> {
    text: &'t mut TextBuilder,
    /// Open text boxes.
    boxes: usize,
}

impl Visitor for Drawing<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        match name {
            "textbox" => self.boxes += 1,
            // Words drawn along a line: stamps across a page.
            "textpath" => {
                if let Some(words) = xml::attribute(tag, "string") {
                    self.text.push(&words);
                    self.text.separate('\n');
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        self.boxes -= usize::from(name == "textbox" && self.boxes > 0);
        if matches!(name, "div" | "p" | "br" | "textbox") {
            self.text.separate('\n');
        }
    }

    fn text(&mut self, text: &str) -> bool {
        if self.boxes > 0 {
            self.text.push(text);
        }
        !self.text.is_full()
    }
}
