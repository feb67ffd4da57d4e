//! Excel's binary workbooks ([MS-XLSB]), through `calamine`.

use std::io::Cursor;

use calamine::{Data, Reader, SheetVisible, Xlsb};

use super::number::{Shown, shown};
use super::xlsx::PIVOT_CACHE;
use crate::work::{File, TextBuilder, Work};
use crate::{Feature, Reason};

const KIND: &str = "application/vnd.ms-excel.sheet.binary.macroenabled.12";

/// Every sheet of a workbook, row by row. What pivot tables were made of is told, not read.
pub(crate) fn extract(work: &mut Work, file: &File<'_>, names: &[(String, bool)]) {
    let Ok(mut book) = Xlsb::new(Cursor::new(file.bytes)) else {
        return work.unreadable(file, KIND, Reason::Corrupt);
    };
    let mut text = TextBuilder::default();
    let mut whole = true;
    if book.sheets_metadata().iter().any(|sheet| sheet.visible != SheetVisible::Visible) {
        text.features([Feature::HiddenSheets]);
    }
    for name in book.sheet_names() {
        let Ok(range) = book.worksheet_range(&name) else {
            whole = false;
            continue;
        };
        let (first_row, first_column) = range.start().unwrap_or_default();
        for (row_number, row) in (first_row.saturating_add(1)..).zip(range.rows()) {
            if row.iter().all(|cell| matches!(cell, Data::Empty)) {
                continue;
            }
            text.close();
            text.separate('\n');
            for (column, cell) in (first_column.saturating_add(1)..).zip(row) {
                if !matches!(cell, Data::Empty) {
                    text.cell(&name, row_number, column);
                    text.push(&value(cell));
                    text.separate('\t');
                }
            }
            text.close();
            if text.is_full() {
                break;
            }
        }
    }
    let has_cache = names.iter().any(|(name, _)| name.starts_with("xl/") && name.contains(PIVOT_CACHE));
    if has_cache {
        text.features([Feature::PivotCache]);
    }
    work.text(file, KIND, text);
    match (whole, has_cache) {
        (false, _) => work.rest(file, Reason::Corrupt),
        (true, true) => work.rest(file, Reason::UnknownFormat),
        (true, false) => {}
    }
}

fn value(cell: &Data) -> String {
    match cell {
        Data::DateTime(date) if date.is_datetime() => shown(date.as_f64(), Shown::Date { since_1904: false }),
        Data::Float(number) => shown(*number, Shown::Number),
        other => other.to_string(),
    }
}
