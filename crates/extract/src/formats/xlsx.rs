//! Excel files (ECMA-376 SpreadsheetML), read as a stream: a sheet that claims a billion cells costs nothing.

use std::io::Cursor;

use calamine::{Reader as _, Xlsb};
use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::ole::rows;
use super::ooxml::{PROPERTIES, embedded, read};
use super::xml::{self, Visitor};
use crate::Reason;
use crate::work::{File, TextBuilder, Work};

const SHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A workbook: every sheet (hidden ones too) row by row, then comments, drawings and properties.
pub(crate) fn extract(work: &mut Work, file: &File<'_>, archive: &mut Archive<'_>, names: &[(String, bool)]) {
    if names.iter().any(|(name, _)| name == "xl/workbook.bin") {
        return binary(work, file);
    }
    let strings =
        archive.text("xl/sharedStrings.xml", work).map(|source| shared_strings(&source)).unwrap_or_default();
    let titles = titles(archive, work);
    let mut text = TextBuilder::default();
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
            title,
            kind: None,
            value: String::new(),
            wanted: 0,
            row: 0,
        };
        whole &= xml::walk(&source, &mut sheet);
        text.close();
    }
    for (label, name) in others(names) {
        if let Some(source) = archive.text(&name, work) {
            text.place(&label);
            whole &= read(&source, &mut text);
            text.close();
        }
    }
    if !whole && text.is_blank() {
        work.unreadable(file, SHEET, Reason::Corrupt);
    } else {
        work.text(file, SHEET, text);
        if !whole {
            work.rest(file, Reason::Corrupt);
        }
    }
    embedded(work, file, archive, names);
}

fn is_sheet(name: &str) -> bool {
    ["xl/worksheets/", "xl/chartsheets/", "xl/macrosheets/"].iter().any(|folder| name.starts_with(folder))
        && name.ends_with(".xml")
}

/// Parts with text that are no sheets.
fn others(names: &[(String, bool)]) -> Vec<(String, String)> {
    let label = |name: &str| {
        let inner = name.strip_prefix("xl/").filter(|inner| inner.ends_with(".xml"))?;
        let label = ["comments", "threadedComments", "drawings", "charts", "externalLinks"]
            .into_iter()
            .find(|known| inner.starts_with(known))?;
        Some(label.to_owned())
    };
    let mut found: Vec<(String, String)> =
        names.iter().filter_map(|(name, _)| Some((label(name)?, name.clone()))).collect();
    found.extend(PROPERTIES.iter().map(|(name, label)| ((*label).to_owned(), (*name).to_owned())));
    found
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
            Some((path, if hidden { format!("{title} (hidden)") } else { title }))
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
    title: &'t str,
    /// The type of the current cell, if inside one.
    kind: Option<String>,
    value: String,
    wanted: usize,
    row: usize,
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
            }
            "c" => self.kind = Some(xml::attribute(tag, "t").unwrap_or_default()),
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
                let shared = self.kind.as_deref() == Some("s");
                let index: Option<usize> = if shared { self.value.trim().parse().ok() } else { None };
                match index.and_then(|index| self.strings.get(index)) {
                    Some(string) => self.text.push(string),
                    None => self.text.push(&self.value),
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

/// The binary form, through `calamine`.
fn binary(work: &mut Work, file: &File<'_>) {
    const KIND: &str = "application/vnd.ms-excel.sheet.binary.macroenabled.12";
    match Xlsb::new(Cursor::new(file.bytes)) {
        Ok(mut book) => rows(work, file, KIND, &mut book),
        Err(_) => work.unreadable(file, KIND, Reason::Corrupt),
    }
}
