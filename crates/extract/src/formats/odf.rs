//! OpenDocument texts, sheets and presentations (ISO/IEC 26300).

use mail::{Labels, PlaceKind};
use quick_xml::events::BytesStart;

use super::archive::{Archive, members};
use super::xml::{self, Visitor};
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

/// The text of the document, its headers and footers, its properties.
pub(crate) fn extract(work: &mut Work, file: &File<'_>, archive: &mut Archive<'_>, names: &[(String, bool)]) {
    let kind = archive.text("mimetype", work).unwrap_or_default();
    let kind = if kind.starts_with("application/vnd.oasis.") {
        kind.trim()
    } else {
        "application/vnd.oasis.opendocument"
    };
    let manifest = archive.text("META-INF/manifest.xml", work).unwrap_or_default();
    if manifest.contains("encryption-data") {
        return work.unreadable(file, kind, Reason::Encrypted);
    }
    let mut text = TextBuilder::default();
    let mut labels = Labels::default();
    let mut whole = true;
    let of = match kind {
        kind if kind.contains("spreadsheet") => PlaceKind::Cell,
        kind if kind.contains("presentation") || kind.contains("graphics") => PlaceKind::Slide,
        _ => PlaceKind::Paragraph,
    };
    let parts = [("content.xml", of), ("styles.xml", PlaceKind::Header), ("meta.xml", PlaceKind::Properties)];
    for (name, of) in parts {
        let Some(source) = archive.text(name, work) else {
            whole &= name != "content.xml";
            continue;
        };
        text.place(if of == PlaceKind::Cell { PlaceKind::Sheet } else { of });
        let mut reading = Reading {
            text: &mut text,
            paragraphs: 0,
            all: name == "meta.xml",
            labels: &mut labels,
            property: None,
            cells: 0,
            beside: Beside::default(),
            at: At { kind: of, ..At::default() },
        };
        whole &= xml::walk(&source, &mut reading);
        reading.tell_beside();
        text.close();
    }
    text.features(labels.standing().map(Feature::Label));
    if names.iter().any(|(name, _)| name.starts_with("Basic/") || name.starts_with("Scripts/")) {
        text.features([Feature::Macros]);
    }
    if names.iter().any(|(name, _)| name.starts_with("Object ")) {
        text.features([Feature::EmbeddedFiles]);
    }
    if !whole && text.is_blank() {
        work.unreadable(file, kind, Reason::Corrupt);
    } else {
        work.text(file, kind, text);
        if !whole {
            work.rest(file, Reason::Corrupt);
        }
    }
    let inside = |name: &str| name.starts_with("Object ") && name.ends_with("content.xml");
    let positions: Vec<usize> =
        names.iter().enumerate().filter(|(_, (name, _))| inside(name)).map(|(index, _)| index).collect();
    members(work, file, archive, names, &positions);
}

struct Reading<'t> {
    text: &'t mut TextBuilder,
    /// Open paragraphs and headings.
    paragraphs: usize,
    /// Text outside paragraphs counts too.
    all: bool,
    labels: &'t mut Labels,
    /// The property of its author's own that we are in: its name, its value so far.
    property: Option<(String, String)>,
    at: At,
    /// Open cells.
    cells: usize,
    beside: Beside,
}

/// Remarks and notes in the middle of a paragraph or a row: they are told behind it, so that it reads on.
#[derive(Default)]
struct Beside {
    /// Where the one being read begins in the text.
    start: Option<usize>,
    author: String,
    /// What each is, by whom, what it says.
    held: Vec<(PlaceKind, String, String)>,
}

/// Where the reading is.
struct At {
    /// What the part is made of: paragraphs, cells, slides, or one place throughout.
    kind: PlaceKind,
    /// The sheet's title.
    sheet: String,
    /// Rows and columns from 1; the slide's or the paragraph's number.
    number: u32,
    column: u32,
    /// Those that the next row and cell will have.
    next_row: u32,
    next_column: u32,
    /// Where the cell's text begins.
    cell: usize,
    /// A remark, notes, or what a tracked change struck out.
    aside: Option<PlaceKind>,
    /// The author of it, while being read.
    author: Option<String>,
}

impl Default for At {
    fn default() -> Self {
        Self {
            kind: PlaceKind::Nowhere,
            sheet: String::new(),
            number: 0,
            column: 0,
            next_row: 1,
            next_column: 1,
            cell: 0,
            aside: None,
            author: None,
        }
    }
}

impl Reading<'_> {
    /// What follows stands beside the text: a remark, notes, words struck out.
    fn aside(&mut self, kind: PlaceKind) {
        self.at.aside = Some(kind);
        self.text.mark(kind, "", if kind == PlaceKind::Notes { self.at.number } else { 0 }, 0);
    }

    /// A remark or a note begins, in the middle of something or by itself.
    fn remark(&mut self, kind: PlaceKind) {
        if (self.paragraphs > 0 || self.cells > 0) && self.beside.start.is_none() {
            self.beside.start = Some(self.text.text.len());
            self.beside.author.clear();
        }
        self.aside(kind);
    }

    /// It ends.
    fn remark_ends(&mut self) {
        let kind = self.at.aside.unwrap_or(PlaceKind::Comment);
        if let Some(start) = self.beside.start.take() {
            let says = self.text.take_from(start);
            self.beside.held.push((kind, std::mem::take(&mut self.beside.author), says));
        }
        self.back();
    }

    /// Tells what stood in the middle of what ends here.
    fn tell_beside(&mut self) {
        for (kind, author, says) in std::mem::take(&mut self.beside.held) {
            self.text.separate('\n');
            self.text.mark(kind, &author, 0, 0);
            self.text.push(says.trim());
            self.text.separate('\n');
        }
    }

    /// What follows stands in the text again.
    fn back(&mut self) {
        self.at.aside = None;
        self.text.mark(self.at.kind, &self.at.sheet, self.at.number, self.at.column);
    }

    fn paragraph(&mut self) {
        self.paragraphs += 1;
        if self.at.kind == PlaceKind::Paragraph && self.at.aside.is_none() {
            self.at.number = self.at.number.saturating_add(1);
            self.back();
        }
    }

    fn row(&mut self, tag: &BytesStart<'_>) {
        self.at.number = self.at.next_row;
        self.at.next_row = self.at.next_row.saturating_add(repeated(tag, "number-rows-repeated"));
        self.at.next_column = 1;
    }

    fn cell(&mut self, tag: &BytesStart<'_>) {
        self.cells += 1;
        self.at.column = self.at.next_column;
        self.at.next_column = self.at.next_column.saturating_add(repeated(tag, "number-columns-repeated"));
        self.at.cell = self.text.text.len();
        if self.at.kind == PlaceKind::Cell {
            self.text.cell(&self.at.sheet, self.at.number, self.at.column);
        }
    }
}

/// How often a row or a cell stands there: what is alike is said once.
fn repeated(tag: &BytesStart<'_>, name: &str) -> u32 {
    xml::attribute(tag, name).and_then(|times| times.parse().ok()).unwrap_or(1)
}

impl Visitor for Reading<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        let is_cells = self.at.kind == PlaceKind::Cell;
        match name {
            "p" | "h" => self.paragraph(),
            "user-defined" => {
                self.property = Some((xml::attribute(tag, "name").unwrap_or_default(), String::new()));
            }
            "annotation" => {
                self.text.features([Feature::Comments]);
                self.remark(PlaceKind::Comment);
            }
            "note" => self.remark(PlaceKind::Footnote),
            "deletion" => self.aside(PlaceKind::Deleted),
            "notes" if self.at.kind == PlaceKind::Slide => self.aside(PlaceKind::Notes),
            "creator" if self.at.aside.is_some() => self.at.author = Some(String::new()),
            "tracked-changes" => self.text.features([Feature::TrackedChanges]),
            "script" => self.text.features([Feature::Macros]),
            "s" => self.text.push(" "),
            "tab" => self.text.push("\t"),
            "line-break" => self.text.push("\n"),
            "table" if is_cells => {
                let sheet = xml::attribute(tag, "name").unwrap_or_default();
                self.at = At { kind: PlaceKind::Cell, sheet, ..At::default() };
                self.text.numbered(PlaceKind::Sheet, &self.at.sheet, 0);
            }
            "page" if self.at.kind == PlaceKind::Slide => {
                self.at.number = self.at.number.saturating_add(1);
                self.text.numbered(PlaceKind::Slide, "", self.at.number);
            }
            "table-row" if is_cells => self.row(tag),
            "table-cell" | "covered-table-cell" => self.cell(tag),
            "a" => {
                if let Some(target) = xml::attribute(tag, "href") {
                    self.text.push(&target);
                    self.text.push(" ");
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "p" | "h" => {
                self.paragraphs = self.paragraphs.saturating_sub(1);
                self.text.separate('\n');
                if self.paragraphs == 0 && self.cells == 0 {
                    self.tell_beside();
                }
            }
            "covered-table-cell" => self.cells = self.cells.saturating_sub(1),
            "table-cell" => {
                self.cells = self.cells.saturating_sub(1);
                // Cells of one row stay on one line, so that a number split over cells can be seen.
                if self.text.text.ends_with('\n') && self.text.text.len() > self.at.cell {
                    self.text.text.pop();
                }
                self.text.separate('\t');
            }
            "table-row" => {
                self.text.separate('\n');
                if self.cells == 0 {
                    self.tell_beside();
                }
            }
            "table" if self.at.kind == PlaceKind::Cell => {
                self.text.close();
                self.at = At { kind: PlaceKind::Cell, ..At::default() };
            }
            "page" if self.at.kind == PlaceKind::Slide => self.text.close(),
            "annotation" | "note" => self.remark_ends(),
            "deletion" => self.back(),
            "notes" if self.at.kind == PlaceKind::Slide => self.back(),
            "creator" => {
                if let (Some(author), Some(kind)) = (self.at.author.take(), self.at.aside) {
                    self.text.mark(kind, &author, 0, 0);
                    self.beside.author = author;
                }
            }
            "user-defined" => {
                if let Some((name, value)) = self.property.take() {
                    self.labels.property(&name, &value);
                }
                self.text.separate('\n');
            }
            _ if self.all => self.text.separate('\n'),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) -> bool {
        if let Some((_, value)) = &mut self.property {
            value.push_str(text);
        }
        if let Some(author) = &mut self.at.author {
            author.push_str(text);
        }
        if self.paragraphs > 0 || self.all {
            self.text.push(text);
        }
        !self.text.is_full()
    }
}
