//! OLE compound files: old Excel is read; encrypted Office files are recognised; the rest is not read.

use std::io::{Cursor, Read, Seek};

use calamine::{Data, Reader, Xls, XlsError};
use memchr::memmem;

use crate::Reason;
use crate::work::{File, TextBuilder, Work};

/// Names of streams as a compound file's directory writes them.
fn has_stream(bytes: &[u8], name: &str) -> bool {
    let utf16: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    memmem::find(bytes, &utf16).is_some()
}

/// Looks into a compound file.
pub(crate) fn extract(work: &mut Work, file: &File<'_>) {
    let has = |name: &str| has_stream(file.bytes, name);
    if has("EncryptedPackage") || has("EncryptionInfo") {
        return work.unreadable(file, "application/x-ole-encrypted", Reason::Encrypted);
    }
    let is_book = has("Workbook") || has("Book");
    if is_book && !has("WordDocument") && !has("__properties_version1.0") {
        return match Xls::new(Cursor::new(file.bytes)) {
            Ok(mut book) => rows(work, file, "application/vnd.ms-excel", &mut book),
            Err(XlsError::Password) => work.unreadable(file, "application/vnd.ms-excel", Reason::Encrypted),
            Err(_) => work.unreadable(file, "application/vnd.ms-excel", Reason::Corrupt),
        };
    }
    let kind = if has("WordDocument") {
        "application/msword"
    } else if has("PowerPoint Document") {
        "application/vnd.ms-powerpoint"
    } else if has("__properties_version1.0") {
        "application/vnd.ms-outlook"
    } else {
        "application/x-ole-storage"
    };
    work.unreadable(file, kind, Reason::UnknownFormat);
}

/// Every sheet of a workbook, row by row.
pub(crate) fn rows<RS: Read + Seek, B: Reader<RS>>(
    work: &mut Work,
    file: &File<'_>,
    kind: &str,
    book: &mut B,
) {
    let mut text = TextBuilder::default();
    let mut whole = true;
    for name in book.sheet_names() {
        let Ok(range) = book.worksheet_range(&name) else {
            whole = false;
            continue;
        };
        let first = range.start().map_or(0, |(row, _)| row as usize);
        for (at, row) in range.rows().enumerate() {
            if row.iter().all(|cell| matches!(cell, Data::Empty)) {
                continue;
            }
            text.place(&format!("{name}!{}", first + at + 1));
            for cell in row.iter().filter(|cell| !matches!(cell, Data::Empty)) {
                text.separate('\t');
                text.push(&cell.to_string());
            }
            text.close();
            if text.is_full() {
                break;
            }
        }
    }
    work.text(file, kind, text);
    if !whole {
        work.rest(file, Reason::Corrupt);
    }
}
