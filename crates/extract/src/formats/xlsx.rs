//! Excel files (ECMA-376 SpreadsheetML), read as a stream: a sheet that claims a billion cells costs nothing.

use mail::PlaceKind;
use quick_xml::events::BytesStart;

use super::archive::Archive;
use super::aside::{self, Aside};
use super::number::{Formats, plain, shown};
use super::office;
use super::ooxml::{self, read};
use super::xlsb;
use super::xml::{self, Visitor};
use super::{codes, corners};
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
    let mut aside = std::mem::take(&mut styles.aside);
    let titles = titles(archive, work);
    let names_of_sheets = titles.iter().map(|(_, title)| title.trim_end_matches(HIDDEN));
    names_of_sheets.filter(|title| aside::is_telling(title)).for_each(|title| aside.say(title));
    if titles.iter().any(|(_, title)| title.ends_with(HIDDEN)) {
        text.features([Feature::HiddenSheets]);
    }
    let mut whole = true;
    let mut sheets: Vec<(&str, usize)> =
        names.iter().map(|(name, _)| name.as_str()).zip(0..).filter(|(name, _)| is_sheet(name)).collect();
    sheets.sort_by_key(|(name, _)| (name.len(), *name));
    for (name, index) in sheets {
        let title = titles.iter().find(|(path, _)| path == name).map_or(name, |(_, title)| title.as_str());
        let Some(source) = archive.text_at(index, work) else {
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
            column: 0,
            aside: Aside::default(),
        };
        sheet.text.numbered(PlaceKind::Sheet, title, 0);
        whole &= xml::walk(&source, &mut sheet);
        let aside = std::mem::take(&mut sheet.aside);
        aside.put(&mut text);
        text.close();
    }
    aside.put(&mut text);
    text.close();
    let of_sheets = remarks(archive, names, &titles, work);
    for (kind, index) in others(names) {
        let name = names.get(index).map_or("", |(name, _)| name.as_str());
        if let Some(source) = archive.text_at(index, work) {
            text.numbered(kind, if kind == PlaceKind::Part { name } else { "" }, 0);
            whole &= match name {
                name if name.ends_with(".vml") => corners::drawing(&source, &mut text),
                _ if kind == PlaceKind::Pivot => corners::pivot_cache(&source, &mut text),
                _ => {
                    let of = of_sheets.iter().find(|(path, _)| path == name);
                    read(&source, kind, of.map_or("", |(_, title)| title), &mut text)
                }
            };
            text.close();
        }
        match kind {
            PlaceKind::Comment => text.features([Feature::Comments]),
            PlaceKind::External => text.features([Feature::ExternalLinks]),
            PlaceKind::Pivot => text.features([Feature::PivotCache]),
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
    let name = name.to_ascii_lowercase();
    ["xl/worksheets/", "xl/chartsheets/", "xl/macrosheets/"].iter().any(|folder| name.starts_with(folder))
        && name.ends_with(".xml")
}

/// Parts that are no sheets, by what each is, and their positions. All are read but those that are already, and the order of
/// calculation, which is long and names cells alone.
fn others(names: &[(String, bool)]) -> Vec<(PlaceKind, usize)> {
    const READ: &[&str] = &["workbook", "styles", "sharedStrings", "calcChain"];
    const FOLDERS: [(&str, PlaceKind); 7] = [
        (ooxml::LINKS, PlaceKind::Links),
        ("comments", PlaceKind::Comment),
        ("threadedComments", PlaceKind::Comment),
        ("drawings", PlaceKind::Drawing),
        ("charts", PlaceKind::Chart),
        ("externalLinks", PlaceKind::External),
        (PIVOT_CACHE, PlaceKind::Pivot),
    ];
    let kind = |name: &str| {
        let label = ooxml::label_below("xl/", name).filter(|label| !READ.contains(&label.as_str()))?;
        if is_sheet(name) {
            return None;
        }
        let folder = FOLDERS.iter().find(|(folder, _)| label.starts_with(folder));
        Some(folder.map_or(PlaceKind::Part, |(_, kind)| *kind))
    };
    names.iter().enumerate().filter_map(|(index, (name, _))| Some((kind(name)?, index))).collect()
}

/// `(path, title)` of each sheet, through the workbook's relations.
fn titles(archive: &mut Archive<'_>, work: &mut Work) -> Vec<(String, String)> {
    let mut relations = Pairs::of("Relationship", "Id", &["Target"]);
    if let Some(source) = archive.text("xl/_rels/workbook.xml.rels", work) {
        xml::walk(&source, &mut relations);
    }
    let mut sheets = Pairs::of("sheet", "id", &["name", "state"]);
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

/// The parts that remarks stand in, and the title of the sheet each is of: sheets refer to them.
fn remarks(
    archive: &mut Archive<'_>,
    names: &[(String, bool)],
    titles: &[(String, String)],
    work: &mut Work,
) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (path, title) in titles {
        let Some((folder, file)) = path.rsplit_once('/') else { continue };
        let relations = format!("{folder}/_rels/{file}.rels");
        if !names.iter().any(|(name, _)| *name == relations) {
            continue;
        }
        let title = title.trim_end_matches(HIDDEN);
        for (_, target) in ooxml::relations(archive, &relations, work) {
            let target = target.strip_prefix("../").map_or(target.as_str(), |inner| inner);
            found.push((format!("xl/{}", target.trim_start_matches("/xl/")), title.to_owned()));
        }
    }
    found
}

/// Attributes of one kind of element.
pub(crate) struct Pairs<'a> {
    element: &'a str,
    key: &'a str,
    values: &'a [&'a str],
    pub(crate) found: Vec<(String, Vec<String>)>,
}

impl<'a> Pairs<'a> {
    pub(crate) const fn of(element: &'a str, key: &'a str, values: &'a [&'a str]) -> Self {
        Self { element, key, values, found: Vec::new() }
    }
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
    row: u32,
    /// Of the cell being read, or the last one.
    column: u32,
    aside: Aside,
}

fn is_hidden(tag: &BytesStart<'_>) -> bool {
    xml::attribute(tag, "hidden").is_some_and(|value| value == "1" || value == "true")
}

/// Words in a format of numbers that are more than a unit.
const FORMAT_WORDS_MIN: usize = 12;

/// Digits of a number that may be an account's.
const DIGITS_MIN: usize = 12;

/// How numbers are shown, from the workbook and its styles.
#[derive(Default)]
struct Styles {
    formats: Formats,
    /// Inside the styles of cells, not those of named styles.
    of_cells: bool,
    /// Inside what a name stands for.
    in_name: bool,
    aside: Aside,
}

impl Visitor for Styles {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        let number = |key| xml::attribute(tag, key).and_then(|number| number.parse().ok());
        self.aside.look(name, tag);
        self.in_name = name == "definedName";
        match name {
            "workbookPr" => {
                self.formats.since_1904 =
                    xml::attribute(tag, "date1904").is_some_and(|value| value == "1" || value == "true");
            }
            "numFmt" => {
                let code = xml::attribute(tag, "formatCode").unwrap_or_default();
                self.formats.define(number("numFmtId").unwrap_or(0), &code);
                let words = codes::words(&code);
                if words.len() >= FORMAT_WORDS_MIN {
                    self.aside.say(&words);
                }
            }
            "cellXfs" => self.of_cells = true,
            "xf" if self.of_cells => self.formats.style(number("numFmtId").unwrap_or(0)),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        self.of_cells &= name != "cellXfs";
        self.in_name = false;
    }

    fn text(&mut self, text: &str) -> bool {
        // What stands for cells says nothing.
        if self.in_name && !text.contains('!') {
            self.aside.say(text);
        }
        true
    }
}

/// Elements of a sheet that hold text: values, inline strings, formulas, headers and footers, lists to choose from.
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
            | "formula1"
            | "formula2"
    )
}

impl Sheet<'_> {
    /// A cell begins: what it is, how it is shown, where it stands.
    fn cell(&mut self, tag: &BytesStart<'_>) {
        let (mut kind, mut reference) = (String::new(), None);
        self.style = 0;
        for attribute in tag.attributes().with_checks(false).flatten() {
            match attribute.key.local_name().as_ref() {
                "t" => kind = attribute.value.to_string(),
                "s" => self.style = attribute.value.parse().unwrap_or(0),
                "r" => reference = reference_of(&attribute.value),
                _ => {}
            }
        }
        self.kind = Some(kind);
        // A cell that does not say where it stands is the next one of its row.
        let (row, column) = reference.unwrap_or((self.row, self.column.saturating_add(1)));
        self.column = column;
        self.text.cell(self.title, row, column);
    }
}

/// Row and column of `B7`.
pub(crate) fn reference_of(name: &str) -> Option<(u32, u32)> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (letters, row) =
        name.split_at_checked(letters).filter(|(letters, _)| (1..=3).contains(&letters.len()))?;
    let column =
        letters.bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    Some((row.parse().ok().filter(|row| *row > 0)?, column))
}

impl Visitor for Sheet<'_> {
    fn start(&mut self, name: &str, tag: &BytesStart<'_>) {
        match name {
            "row" => {
                let number = xml::attribute(tag, "r").and_then(|number| number.parse().ok());
                self.row = number.unwrap_or_else(|| self.row.saturating_add(1));
                self.column = 0;
                self.text.close();
                self.text.separate('\n');
                if is_hidden(tag) {
                    self.text.features([Feature::HiddenCells]);
                }
            }
            "c" => {
                self.cell(tag);
            }
            "col" if is_hidden(tag) => self.text.features([Feature::HiddenCells]),
            _ if holds_text(name) => {
                self.value.clear();
                self.wanted += 1;
            }
            "dataValidation" | "scenario" | "inputCells" | "protectedRange" => self.aside.look(name, tag),
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
            // Links and the words above and below pages follow.
            "sheetData" => self.text.numbered(PlaceKind::Sheet, self.title, 0),
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
                        let (says, digits) = (shown(number, self.formats.of(self.style)), plain(number));
                        let is_there = says == digits || says.replace(' ', "").contains(&digits);
                        if digits.len() >= DIGITS_MIN && !digits.contains('.') && !is_there {
                            self.aside.say(&digits);
                        }
                        self.text.push(&says);
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
                if let Some(joined) = codes::joined(&self.value) {
                    self.aside.say(&joined);
                }
            }
            "formula1" | "formula2" => {
                self.wanted = self.wanted.saturating_sub(1);
                if self.value.contains('"') {
                    self.aside.say(self.value.trim().trim_matches('"'));
                }
            }
            _ if name.ends_with("Header") || name.ends_with("Footer") => {
                self.wanted = self.wanted.saturating_sub(usize::from(holds_text(name)));
                if holds_text(name) {
                    self.text.separate('\n');
                    self.text.push(codes::header(&self.value).trim());
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
