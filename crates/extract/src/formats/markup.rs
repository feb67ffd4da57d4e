//! Any XML as the programs that open it show it: without its tags, its characters by number and its own entities put in.

use std::mem::take;

use quick_xml::events::BytesStart;

use super::xml::{self, Visitor};

/// Bytes of one line that are kept together.
const LINE_MAX: usize = 256 * 1024;

/// Elements that end a line, by local name in small letters: paragraphs, rows, items.
const LINES: &[&str] = &[
    "br",
    "desc",
    "div",
    "dd",
    "dt",
    "entry",
    "footer",
    "h",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "draw",
    "field",
    "item",
    "li",
    "line-break",
    "p",
    "page",
    "para",
    "part",
    "record",
    "row",
    "section",
    "shape",
    "si",
    "table",
    "table-row",
    "title",
    "tr",
];
/// Elements that end a cell.
const CELLS: &[&str] = &["c", "cell", "table-cell", "tc", "td", "th", "glyphs", "tab", "ptab", "s"];
/// Elements whose text is bytes or codes.
const SILENT: &[&str] = &["binarydata", "binary-data", "bindata", "instrtext"];

/// What a text in XML says beyond its source: the lines that stand in several pieces there, or with characters by number.
pub(super) fn lines(source: &str) -> String {
    let mut reading = Reading::default();
    xml::walk(source, &mut reading);
    reading.end_line();
    reading.said
}

/// All that a text in XML says.
pub(super) fn all_lines(source: &str) -> String {
    let mut reading = Reading { all: true, ..Reading::default() };
    xml::walk(source, &mut reading);
    reading.end_line();
    reading.said
}

/// Whether a text is XML.
pub(super) fn is_one(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let begins = |mark: &str| start.starts_with(mark);
    begins("<?xml")
        || begins("<!DOCTYPE")
        || begins("<!--")
        || start
            .strip_prefix('<')
            .is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic() || c == '_'))
}

#[derive(Default)]
struct Reading {
    said: String,
    line: String,
    /// Pieces of the line: one alone stands in the source as it is.
    pieces: usize,
    cells: usize,
    silent: usize,
    /// What stands in one piece is said too.
    all: bool,
}

impl Reading {
    fn end_line(&mut self) {
        let line = take(&mut self.line);
        if take(&mut self.pieces) > usize::from(!self.all) {
            self.said.push_str(line.trim());
            self.said.push('\n');
        }
    }

    fn part(&mut self, c: char) {
        if !self.line.is_empty() && !self.line.ends_with(char::is_whitespace) {
            self.line.push(c);
        }
    }

    fn piece(&mut self, text: &str) {
        if self.line.len() + text.len() > LINE_MAX {
            self.end_line();
        }
        self.pieces += 1;
        self.line.push_str(text);
    }
}

impl Visitor for Reading {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        let name = name.to_ascii_lowercase();
        self.silent += usize::from(SILENT.contains(&name.as_str()));
        self.cells += usize::from(CELLS.contains(&name.as_str()));
        // Pages of XPS say their text in an attribute.
        if name == "glyphs"
            && let Some(text) = xml::attribute(tag, "UnicodeString")
        {
            self.piece(text.strip_prefix("{}").unwrap_or(&text));
        }
    }

    fn end(&mut self, name: &str) {
        let name = name.to_ascii_lowercase();
        self.silent -= usize::from(self.silent > 0 && SILENT.contains(&name.as_str()));
        if CELLS.contains(&name.as_str()) {
            self.cells = self.cells.saturating_sub(1);
            self.part(if name == "glyphs" || name == "s" { ' ' } else { '\t' });
        } else if LINES.contains(&name.as_str()) {
            if self.cells > 0 { self.part(' ') } else { self.end_line() }
        }
    }

    fn text(&mut self, text: &str) -> bool {
        // What stands between the tags of a source that is laid out.
        let is_layout = text.contains('\n') && text.trim().is_empty();
        if self.silent == 0 && !is_layout {
            self.piece(text);
        }
        self.said.len() < vocabulary::bounds::ATTACHMENT_TEXT_BYTES_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_one_piece_is_not_said_again() {
        assert_eq!(lines("<r><a>un</a>\n <p>deux</p>\n<p>tr<b>oi</b>s</p></r>"), "undeux\ntrois\n");
        assert_eq!(lines("<r><p>un</p></r>"), "");
    }

    #[test]
    fn characters_cells_and_entities_are_put_in() {
        assert_eq!(lines("<r><m>d&#233;j&#xe0;</m></r>"), "déjà\n");
        assert_eq!(
            lines("<Row><Cell><Data>FR76</Data></Cell><Cell><Data>3000</Data></Cell></Row>"),
            "FR76\t3000\n"
        );
        let entity = "<!DOCTYPE r [<!ENTITY k \"6000 &#48;112\">]><r>FR76 3000 &k; 3456</r>";
        assert_eq!(lines(entity), "FR76 3000 6000 0112 3456\n");
        let pages = "<FixedPage><Glyphs UnicodeString='FR76'/><Glyphs UnicodeString='3000'/></FixedPage>";
        assert_eq!(lines(pages), "FR76 3000\n");
    }

    #[test]
    fn entities_within_entities_have_an_end() {
        let mut source = String::from("<!DOCTYPE r [<!ENTITY a0 \"0123456789\">");
        for n in 1..30 {
            let before = format!("&a{};", n - 1).repeat(10);
            source += &format!("<!ENTITY a{n} \"{before}\">");
        }
        source += "]><r>";
        source += &"&a29;&a3;".repeat(100_000);
        source += "</r>";
        assert!(lines(&source).len() < 4 * 1024 * 1024);
    }
}
