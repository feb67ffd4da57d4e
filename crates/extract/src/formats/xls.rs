//! Excel 5 to 2003 ([MS-XLS]): a stream of records, read once; a sheet that claims a million cells costs nothing.

use mail::PlaceKind;

use super::biff::{Record, Records, Strings, Words};
use super::bytes::{size_at, slice, u8_at, u16_at, u32_at, u64_at, utf16};
use super::compound::Compound;
use super::number::{Formats, shown};
use super::pictures::{Pictures, of_drawings};
use super::{aside, properties, xls_beside};
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

const KIND: &str = "application/vnd.ms-excel";
/// Records read of one workbook.
const RECORDS_MAX: usize = 2_000_000;
/// Words beside the cells that are kept.
const BESIDE_BYTES_MAX: usize = 1024 * 1024;
/// Cells of one row named in one record, whatever it claims.
const COLUMNS_MAX: usize = 16_384;

/// A workbook.
pub(crate) fn extract(work: &mut Work, file: &File<'_>, compound: &Compound<'_>, storage: usize) {
    let name = ["Workbook", "Book"].into_iter().find(|name| compound.find(storage, name).is_some());
    let name = name.unwrap_or("Workbook");
    let Some(stream) = compound.read(storage, name, work) else {
        return work.unreadable(file, KIND, Reason::TooLarge);
    };
    let mut book = Book::default();
    let mut records = Records::new(&stream);
    for record in records.by_ref().take(RECORDS_MAX) {
        match book.record(&record) {
            Next::Record if book.text.is_full() => break,
            Next::Record => {}
            Next::Encrypted => return work.unreadable(file, KIND, Reason::Encrypted),
        }
    }
    let mut pictures = Pictures::default();
    of_drawings(&book.drawings, &mut pictures);
    let mut whole = records.is_whole() && compound.is_whole(storage, name, &stream) && book.bof > 0;
    let Book { mut text, words, beside, .. } = book;
    text.close();
    if !beside.is_empty() {
        text.place(PlaceKind::Hidden);
        text.push(&beside);
        text.close();
    }
    whole &= xls_beside::pivot_caches(compound, storage, &words, &mut text, work);
    properties::read(compound, storage, &mut text, work);
    if compound.find(storage, "_VBA_PROJECT_CUR").is_some() {
        text.features([Feature::Macros]);
    }
    if !whole && text.is_blank() {
        work.unreadable(file, KIND, Reason::Corrupt);
    } else {
        work.text(file, KIND, text);
        if !whole {
            work.rest(file, Reason::Corrupt);
        }
    }
    pictures.hand_out(work, file);
}

enum Next {
    Record,
    Encrypted,
}

#[derive(Default)]
struct Book {
    text: TextBuilder,
    words: Words,
    strings: Vec<String>,
    formats: Formats,
    /// Place in the stream, title, hidden.
    sheets: Vec<(usize, String, bool)>,
    title: String,
    row: Option<u16>,
    /// Row and column of the last formula.
    formula: (u16, u16),
    /// Beginnings of sub-streams met.
    bof: usize,
    /// The drawings that all sheets share, put together.
    drawings: Vec<u8>,
    /// Words that stand beside the cells and that nobody sees, one a line.
    beside: String,
}

// Types of records ([MS-XLS] §2.3.2).
const FORMULA: u16 = 0x0006;
const HEADER: u16 = 0x0014;
const FOOTER: u16 = 0x0015;
const NOTE: u16 = 0x001c;
const DATE_1904: u16 = 0x0022;
const FILEPASS: u16 = 0x002f;
const CODEPAGE: u16 = 0x0042;
const COLUMN: u16 = 0x007d;
const BOUND_SHEET: u16 = 0x0085;
const MULTIPLE_RK: u16 = 0x00bd;
const RICH_STRING: u16 = 0x00d6;
const XF: u16 = 0x00e0;
const DRAWINGS: u16 = 0x00eb;
const SHARED_STRINGS: u16 = 0x00fc;
const LABEL_SHARED: u16 = 0x00fd;
const EXTERNAL_BOOK: u16 = 0x01ae;
const TEXT_OBJECT: u16 = 0x01b6;
const HYPERLINK: u16 = 0x01b8;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const STRING: u16 = 0x0207;
const ROW: u16 = 0x0208;
const RK: u16 = 0x027e;
const FORMAT: u16 = 0x041e;
const BOF: u16 = 0x0809;
const SERIES_TEXT: u16 = 0x100d;

impl Book {
    fn record(&mut self, record: &Record<'_>) -> Next {
        let data = record.data;
        match record.kind {
            FILEPASS => return Next::Encrypted,
            BOF => self.begin(record.at, data),
            CODEPAGE => self.words.page = u16_at(data, 0).unwrap_or(1_252),
            DATE_1904 => self.formats.since_1904 = u16_at(data, 0) == Some(1),
            BOUND_SHEET => self.sheet(data),
            XF => self.formats.style(u16_at(data, 2).unwrap_or(0)),
            FORMAT => {
                let code = self.words.long(data.get(2..).unwrap_or(&[]));
                self.formats.define(u16_at(data, 0).unwrap_or(0), &code);
            }
            SHARED_STRINGS => self.strings = Strings::new(record).all(size_at(data, 4).unwrap_or(0)),
            COLUMN if u16_at(data, 8).is_some_and(|flags| flags & 1 != 0) => self.hidden_cells(),
            ROW if u16_at(data, 12).is_some_and(|flags| flags & 0x20 != 0) => self.hidden_cells(),
            DRAWINGS => {
                self.drawings.extend(data);
                record.more.iter().for_each(|more| self.drawings.extend(*more));
            }
            NOTE => self.text.features([Feature::Comments]),
            HEADER | FOOTER => {
                let words = self.words.long(data);
                self.beside(PlaceKind::Header, &words);
            }
            TEXT_OBJECT => {
                let words = Strings::new(record).text_object(u16_at(data, 10).unwrap_or(0));
                self.beside(PlaceKind::TextBox, &words);
            }
            SERIES_TEXT => {
                let words = self.words.short(data.get(2..).unwrap_or(&[]));
                self.beside(PlaceKind::Chart, &words);
            }
            HYPERLINK => self.beside(PlaceKind::Links, &hyperlink(data)),
            EXTERNAL_BOOK => self.external(data),
            xls_beside::NAME | xls_beside::STRING | xls_beside::STYLE | xls_beside::VALIDATION => {
                let said = xls_beside::said(record, &self.words);
                said.iter().for_each(|words| self.unseen(words));
            }
            _ => self.cell(record.kind, data),
        }
        Next::Record
    }

    fn begin(&mut self, at: usize, data: &[u8]) {
        self.bof += 1;
        self.words.is_wide = u16_at(data, 0) == Some(0x0600);
        if let Some((_, title, _)) = self.sheets.iter().find(|(place, _, _)| *place == at) {
            self.title = title.clone();
            self.row = None;
        }
    }

    fn sheet(&mut self, data: &[u8]) {
        let Some(at) = size_at(data, 0) else { return };
        let is_hidden = u8_at(data, 4).is_some_and(|state| state & 3 != 0);
        let mut title = self.words.short(data.get(6..).unwrap_or(&[]));
        if aside::is_telling(&title) {
            self.unseen(&title);
        }
        if is_hidden {
            title.push_str(" (hidden)");
            self.text.features([Feature::HiddenSheets]);
        }
        self.sheets.push((at, title, is_hidden));
    }

    fn hidden_cells(&mut self) {
        self.text.features([Feature::HiddenCells]);
    }

    /// Text that stands in no cell.
    fn beside(&mut self, kind: PlaceKind, words: &str) {
        if !words.trim().is_empty() {
            self.text.numbered(kind, &self.title, 0);
            self.text.push(words);
            self.text.close();
            self.row = None;
        }
    }

    /// Words that nobody sees.
    fn unseen(&mut self, words: &str) {
        if !words.trim().is_empty() && self.beside.len() + words.len() < BESIDE_BYTES_MAX {
            self.beside.push_str(words);
            self.beside.push('\n');
        }
    }

    /// Another workbook this one takes values from; itself and add-ins are not ([MS-XLS] §2.4.271).
    fn external(&mut self, data: &[u8]) {
        if u16_at(data, 2).is_some_and(|len| len > 1 && len != 0x0401 && len != 0x3a01) {
            self.text.features([Feature::ExternalLinks]);
            let path = self.words.long(data.get(2..).unwrap_or(&[]));
            let path: String = path.chars().filter(|c| !c.is_control()).collect();
            self.beside(PlaceKind::External, &path);
        }
    }

    fn cell(&mut self, kind: u16, data: &[u8]) {
        if kind == STRING {
            // Belongs to the formula before it.
            let (row, column) = self.formula;
            return self.say(row, column, &self.words.long(data));
        }
        let (Some(row), Some(column), Some(style)) = (u16_at(data, 0), u16_at(data, 2), u16_at(data, 4))
        else {
            return;
        };
        if kind == FORMULA {
            self.formula = (row, column);
            let formula = slice(data, 22, u16_at(data, 20).map_or(0, usize::from));
            let said = xls_beside::in_formula(formula, &self.words);
            said.iter().for_each(|words| self.unseen(words));
        }
        let number = |bits: u64| shown(f64::from_bits(bits), self.formats.of(style));
        let value = match kind {
            LABEL_SHARED => size_at(data, 6).and_then(|at| self.strings.get(at)).cloned(),
            LABEL | RICH_STRING => Some(self.words.long(data.get(6..).unwrap_or(&[]))),
            NUMBER => u64_at(data, 6).map(number),
            // Its value is a text when the last half says so; the text follows in a record of its own.
            FORMULA => u64_at(data, 6).filter(|bits| bits >> 48 != 0xffff).map(number),
            RK => u32_at(data, 6).map(|rk| shown(from_rk(rk), self.formats.of(style))),
            MULTIPLE_RK => return self.multiple(row, column, data),
            _ => None,
        };
        if let Some(value) = value {
            self.say(row, column, &value);
        }
    }

    fn multiple(&mut self, row: u16, first: u16, data: &[u8]) {
        let cells = slice(data, 4, data.len().saturating_sub(6)).as_chunks::<6>().0;
        for (column, cell) in (first..).zip(cells.iter().take(COLUMNS_MAX)) {
            if let (Some(style), Some(rk)) = (u16_at(cell, 0), u32_at(cell, 2)) {
                self.say(row, column, &shown(from_rk(rk), self.formats.of(style)));
            }
        }
    }

    fn say(&mut self, row: u16, column: u16, value: &str) {
        if self.row != Some(row) {
            self.row = Some(row);
            self.text.close();
            self.text.separate('\n');
        }
        self.text.cell(&self.title, u32::from(row) + 1, u32::from(column) + 1);
        self.text.push(value);
        self.text.separate('\t');
    }
}

/// A number in thirty-two bits ([MS-XLS] §2.5.217).
fn from_rk(rk: u32) -> f64 {
    let value = if rk & 2 != 0 {
        f64::from(rk.cast_signed() >> 2)
    } else {
        f64::from_bits(u64::from(rk & 0xffff_fffc) << 32)
    };
    if rk & 1 != 0 { value / 100.0 } else { value }
}

/// The address of a link: behind the identifier of a URL moniker ([MS-OSHARED] §2.3.7.6).
fn hyperlink(data: &[u8]) -> String {
    const URL_MONIKER: &[u8] = b"\xe0\xc9\xea\x79\xf9\xba\xce\x11\x8c\x82\x00\xaa\x00\x4b\xa9\x0b";
    let Some(at) = memchr::memmem::find(data, URL_MONIKER).map(|at| at + URL_MONIKER.len()) else {
        return String::new();
    };
    let address = utf16(slice(data, at + 4, size_at(data, at).unwrap_or(0)));
    address.split('\0').next().unwrap_or_default().to_owned()
}
