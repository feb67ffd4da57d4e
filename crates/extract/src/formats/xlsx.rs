//! Excel files (ECMA-376 SpreadsheetML), read as a stream: a sheet that claims a billion cells costs nothing.

use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::corners;
use super::number::{Formats, shown};
use super::office;
use super::ooxml::{self, read};
use super::xlsb;
use super::xml::{self, Visitor};
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The folder of what pivot tables were made of.
pub(super) const PIVOT_CACHE: &str = "pivotCache";

/// What is added to the title of a sheet that is not shown.
const HIDDEN: &str = " (hidden)";

/// A workbook: every sheet (hidden ones too) row by row, then comments, drawings and properties.
pub(crate) fn extract(work: &mut Work, file: &File<'_>, archive: &mut Archive<'_>, names: &[(String, bool)]) {
    if names.iter().any(|(name, _)| name == "xl/workbook.bin") {
        return xlsb::extract(work, file, names);
    }
    let strings =
        archive.text("xl/sharedStrings.xml", work).map(|source| shared_strings(&source)).unwrap_or_default();
    let mut text = TextBuilder::default();
    let mut styles = Styles::default();
    for name in ["xl/workbook.xml", "xl/styles.xml"] {
        if let Some(source) = archive.text(name, work) {
            xml::walk(&source, &mut styles);
        }
    }
    let titles = titles(archive, work);
    if titles.iter().any(|(_, title)| title.ends_with(HIDDEN)) {
        text.features([Feature::HiddenSheets]);
    }
    let mut whole = true;
    let mut sheets: Vec<&str> =
        names.iter().map(|(name, _)| name.as_str()).filter(|name| is_sheet(name)).collect();
    sheets.sort_by_key(|name| (name.len(), *name));
    for name in sheets {
        let title = titles.iter().find(|(path, _)| path == name).map_or(name, |(_, title)| title.as_str());
        let Some(source) = archive.text(name, work) else {
            whole = false;
            continue;
        };
        let mut sheet = Sheet {
            text: &mut text,
            strings: &strings,
            formats: &styles.formats,
            title,
            kind: None,
            style: 0,
            value: String::new(),
            wanted: 0,
            row: 0,
        };
        whole &= xml::walk(&source, &mut sheet);
        text.close();
    }
    for (label, index) in others(names) {
        if let Some(source) = archive.text_at(index, work) {
            text.place(&label);
            whole &= match names.get(index).map_or("", |(name, _)| name.as_str()) {
                name if name.ends_with(".vml") => corners::drawing(&source, &mut text),
                _ if label == PIVOT_CACHE => corners::pivot_cache(&source, &mut text),
                _ => read(&source, false, &mut text),
            };
            text.close();
        }
        match label.as_str() {
            "comments" | "threadedComments" => text.features([Feature::Comments]),
            "externalLinks" => text.features([Feature::ExternalLinks]),
            PIVOT_CACHE => text.features([Feature::PivotCache]),
            _ => {}
        }
    }
    whole &= office::properties(archive, names, &mut text, work);
    if !whole && text.is_blank() {
        work.unreadable(file, SHEET, Reason::Corrupt);
    } else {
        work.text(file, SHEET, text);
        if !whole {
            work.rest(file, Reason::Corrupt);
        }
    }
    office::embedded(work, file, archive, names);
}

fn is_sheet(name: &str) -> bool {
    ["xl/worksheets/", "xl/chartsheets/", "xl/macrosheets/"].iter().any(|folder| name.starts_with(folder))
        && name.ends_with(".xml")
}

/// Parts that are no sheets, by what each is called, and their positions. All are read but those that are already, and the order of
/// calculation, which is long and names cells alone.
fn others(names: &[(String, bool)]) -> Vec<(String, usize)> {
    const READ: &[&str] = &["workbook", "styles", "sharedStrings", "calcChain"];
    let label = |name: &str| {
        let label = ooxml::label_below("xl/", name).filter(|label| !READ.contains(&label.as_str()))?;
        if is_sheet(name) {
            return None;
        }
        let known = ["comments", "threadedComments", "drawings", "charts", "externalLinks", PIVOT_CACHE];
        let folder = known.into_iter().find(|known| label.starts_with(known));
        Some(folder.map_or(label, str::to_owned))
    };
    names.iter().enumerate().filter_map(|(index, (name, _))| Some((label(name)?, index))).collect()
}

/// `(path, title)` of each sheet, through the workbook's relations.
fn titles(archive: &mut Archive<'_>, work: &mut Work) -> Vec<(String, String)> {
    let mut relations = Pairs { element: "Relationship", key: "Id", values: &["Target"], found: Vec::new() };
    if let Some(source) = archive.text("xl/_rels/workbook.xml.rels", work) {
        xml::walk(&source, &mut relations);
    }
    let mut sheets = Pairs { element: "sheet", key: "id", values: &["name", "state"], found: Vec::new() };
    if let Some(source) = archive.text("xl/workbook.xml", work) {
        xml::walk(&source, &mut sheets);
    }
    let target = |id: &str| {
        relations.found.iter().find(|(known, _)| known == id).and_then(|(_, values)| values.first().cloned())
    };
    sheets
        .found
        .iter()
        .filter_map(|(id, values)| {
            let target = target(id)?;
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            let title = values.first().cloned().unwrap_or_default();
            let hidden = values.get(1).is_some_and(|state| state.to_ascii_lowercase().contains("hidden"));
            Some((path, if hidden { format!("{title}{HIDDEN}") } else { title }))
        })
        .collect()
}

/// Attributes of one kind of element.
struct Pairs<'a> {
    element: &'a str,
    key: &'a str,
    values: &'a [&'a str],
    found: Vec<(String, Vec<String>)>,
}

impl Visitor for Pairs<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        if name == self.element && self.found.len() < 10_000 {
            let key = xml::attribute(tag, self.key).unwrap_or_default();
            let values =
                self.values.iter().map(|value| xml::attribute(tag, value).unwrap_or_default()).collect();
            self.found.push((key, values));
        }
    }

    fn end(&mut self, _name: &str) {}

    fn text(&mut self, _text: &str) -> bool {
        true
    }
}

/// The strings cells refer to by number.
fn shared_strings(source: &str) -> Vec<String> {
    let mut strings = Strings { all: Vec::new(), current: String::new(), wanted: false };
    xml::walk(source, &mut strings);
    strings.all
}

struct Strings {
    all: Vec<String>,
    current: String,
    wanted: bool,
}

impl Visitor for Strings {
    fn start(&mut self, name: &str, _tag: &BytesStart<'_>) {
        self.wanted = name == "t";
    }

    fn end(&mut self, name: &str) {
        self.wanted = false;
        if name == "si" {
            self.all.push(std::mem::take(&mut self.current));
        }
    }

    fn text(&mut self, text: &str) -> bool {
        if self.wanted {
            self.current.push_str(text);
        }
        true
    }
}

/// One sheet, row by row.
struct Sheet<'t> {
    text: &'t mut TextBuilder,
    strings: &'t [String],
    formats: &'t Formats,
    title: &'t str,
    /// The type of the current cell, if inside one.
    kind: Option<String>,
    style: u16,
    value: String,
    wanted: usize,
    row: usize,
}

fn is_hidden(tag: &BytesStart<'_>) -> bool {
    xml::attribute(tag, "hidden").is_some_and(|value| value == "1" || value == "true")
}

/// How numbers are shown, from the workbook and its styles.
#[derive(Default)]
struct Styles {
    formats: Formats,
    /// Inside the styles of cells, not those of named styles.
    of_cells: bool,
}

impl Visitor for Styles {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        let number = |key| xml::attribute(tag, key).and_then(|number| number.parse().ok());
        match name {
            "workbookPr" => {
                self.formats.since_1904 =
                    xml::attribute(tag, "date1904").is_some_and(|value| value == "1" || value == "true");
            }
            "numFmt" => {
                let code = xml::attribute(tag, "formatCode").unwrap_or_default();
                self.formats.define(number("numFmtId").unwrap_or(0), &code);
            }
            "cellXfs" => self.of_cells = true,
            "xf" if self.of_cells => self.formats.style(number("numFmtId").unwrap_or(0)),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        self.of_cells &= name != "cellXfs";
    }

    fn text(&mut self, _text: &str) -> bool {
        true
    }
}

/// Elements of a sheet that hold text: values, inline strings, formulas, headers and footers.
fn holds_text(name: &str) -> bool {
    matches!(
        name,
        "v" | "t"
            | "f"
            | "oddHeader"
            | "oddFooter"
            | "evenHeader"
            | "evenFooter"
            | "firstHeader"
            | "firstFooter"
    )
}

impl Visitor for Sheet<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        match name {
            "row" => {
                let number = xml::attribute(tag, "r").and_then(|number| number.parse().ok());
                self.row = number.unwrap_or(self.row + 1);
                self.text.place(&format!("{}!{}", self.title, self.row));
                if is_hidden(tag) {
                    self.text.features([Feature::HiddenCells]);
                }
            }
            "c" => {
                self.kind = Some(xml::attribute(tag, "t").unwrap_or_default());
                self.style = xml::attribute(tag, "s").and_then(|style| style.parse().ok()).unwrap_or(0);
            }
            "col" if is_hidden(tag) => self.text.features([Feature::HiddenCells]),
            _ if holds_text(name) => {
                self.value.clear();
                self.wanted += 1;
            }
            "hyperlink" => {
                if let Some(tip) = xml::attribute(tag, "tooltip").or_else(|| xml::attribute(tag, "display")) {
                    self.text.separate('\n');
                    self.text.push(&tip);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "row" => self.text.close(),
            "c" => {
                self.kind = None;
                self.text.separate('\t');
            }
            "v" => {
                self.wanted = self.wanted.saturating_sub(1);
                let value = self.value.trim();
                let is_number = matches!(self.kind.as_deref(), Some("" | "n"));
                match self.kind.as_deref() {
                    Some("s") => match value.parse().ok().and_then(|at: usize| self.strings.get(at)) {
                        Some(string) => self.text.push(string),
                        None => self.text.push(&self.value),
                    },
                    _ if is_number && let Ok(number) = value.parse() => {
                        self.text.push(&shown(number, self.formats.of(self.style)));
                    }
                    _ => self.text.push(&self.value),
                }
            }
            // A formula may carry text its value does not show.
            "f" => {
                self.wanted = self.wanted.saturating_sub(1);
                if self.value.contains('"') {
                    self.text.push(&self.value);
                    self.text.push(" ");
                }
            }
            _ if holds_text(name) => {
                self.wanted = self.wanted.saturating_sub(1);
                self.text.push(&self.value);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) -> bool {
        if self.wanted > 0 {
            self.value.push_str(text);
        }
        !self.text.is_full()
    }
}
