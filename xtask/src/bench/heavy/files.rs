//! Files as programs write them: compressed, with styles, shared strings, fonts and pages, filled up with what does not compress.

use std::fmt::Write as _;
use std::io::{Cursor, Read, Write};

use anyhow::Result;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/>";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A page whose paragraphs are the lines.
pub(super) fn html(text: &str) -> Vec<u8> {
    format!("<html><body><p>{}</p></body></html>", escaped(text).replace('\n', "</p><p>")).into_bytes()
}

/// Stored, not compressed: the file is as large as what it holds.
pub(super) fn zip(text: &str) -> Result<Vec<u8>> {
    archive(&[("notes.txt", text.as_bytes(), false)])
}

/// A letter: a paragraph a line, each in runs, and an embedded font that fills it up to `size` bytes.
pub(super) fn docx(text: &str, size: usize) -> Result<Vec<u8>> {
    let run = |line: &str| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val=\"Normal\"/></w:pPr><w:r><w:rPr><w:sz w:val=\"22\"/></w:rPr><w:t xml:space=\"preserve\">{line}</w:t></w:r></w:p>"
        )
    };
    let body: String = escaped(text).lines().map(run).collect();
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>{body}</w:body></w:document>"
    );
    let types = format!(
        "{TYPES}<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>"
    );
    let parts =
        [("[Content_Types].xml", types.as_bytes(), true), ("word/document.xml", document.as_bytes(), true)];
    filled(&parts, "word/fonts/font1.odttf", size)
}

/// A workbook: each line a row, its words in cells by shared strings and every fifth cell a number.
pub(super) fn xlsx(text: &str, size: usize) -> Result<Vec<u8>> {
    let (mut strings, mut rows, mut count) = (String::new(), String::new(), 0_usize);
    for (row, line) in escaped(text).lines().enumerate() {
        write!(rows, "<row r=\"{}\">", row + 1)?;
        // Words are put together in cells of a few, as lists of people and sums have them.
        let words: Vec<&str> = line.split_whitespace().collect();
        for (column, cell) in words.chunks(4).take(26).enumerate() {
            let name = char::from(b'A' + u8::try_from(column)?);
            write!(rows, "<c r=\"{name}{}\" t=\"s\" s=\"1\"><v>{count}</v></c>", row + 1)?;
            write!(strings, "<si><t>{}</t></si>", cell.join(" "))?;
            count += 1;
        }
        rows.push_str("</row>");
    }
    let strings = format!("<sst xmlns=\"{MAIN}\" count=\"{count}\" uniqueCount=\"{count}\">{strings}</sst>");
    let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>");
    let workbook = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"Suivi\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let relations = format!(
        "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"{OFFICE}/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>"
    );
    let root = format!(
        "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"rId1\" Type=\"{OFFICE}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml";
    let types = format!(
        "{TYPES}<Override PartName=\"/xl/workbook.xml\" ContentType=\"{kind}.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"{kind}.worksheet+xml\"/><Override PartName=\"/xl/sharedStrings.xml\" ContentType=\"{kind}.sharedStrings+xml\"/></Types>"
    );
    let parts = [
        ("[Content_Types].xml", types.as_bytes(), true),
        ("_rels/.rels", root.as_bytes(), true),
        ("xl/workbook.xml", workbook.as_bytes(), true),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes(), true),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes(), true),
        ("xl/sharedStrings.xml", strings.as_bytes(), true),
    ];
    filled(&parts, "xl/printerSettings/printerSettings1.bin", size)
}

/// Lines of a page, and characters of a line.
const PAGE_LINES: usize = 50;
const LINE_CHARS: usize = 95;

/// A report: pages with compressed contents, and an embedded font that fills it up to `size` bytes.
pub(super) fn pdf(text: &str, size: usize) -> Result<Vec<u8>> {
    let letters: Vec<char> =
        text.chars().filter(|c| c.is_ascii() && !c.is_ascii_control() || *c == '\n').collect();
    let lines: Vec<String> = letters
        .split(|c| *c == '\n')
        .flat_map(|line| line.chunks(LINE_CHARS))
        .map(|line| line.iter().collect::<String>().replace('\\', "").replace('(', "\\(").replace(')', "\\)"))
        .collect();
    let pages: Vec<&[String]> = lines.chunks(PAGE_LINES).collect();
    // 1 catalogue, 2 pages, 3 font, 4 its description, 5 its file; then each page and its contents.
    let kids: String = (0..pages.len()).map(|page| format!("{} 0 R ", 6 + 2 * page)).collect();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len()).into_bytes(),
        b"<</Type/Font/Subtype/TrueType/BaseFont/Carlito/Encoding/WinAnsiEncoding/FontDescriptor 4 0 R>>"
            .to_vec(),
        b"<</Type/FontDescriptor/FontName/Carlito/Flags 32/FontFile2 5 0 R>>".to_vec(),
        Vec::new(),
    ];
    for (page, lines) in pages.into_iter().enumerate() {
        let shown: String = lines.iter().map(|line| format!("({line}) Tj T*\n")).collect();
        objects.push(format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R/Resources<</Font<</F1 3 0 R>>>>>>", 7 + 2 * page).into_bytes());
        objects.push(stream(
            "/Filter/FlateDecode",
            &zlib(format!("BT /F1 10 Tf 12 TL 40 800 Td\n{shown}ET").as_bytes())?,
        ));
    }
    let so_far: usize = objects.iter().map(|object| object.len() + 40).sum();
    if let Some(font) = objects.get_mut(4) {
        *font = stream("", &noise(size.saturating_sub(so_far)));
    }
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", out.len())?;
        out.extend([format!("{} 0 obj\n", index + 1).as_bytes(), object, b"\nendobj\n"].concat());
    }
    let start = out.len();
    out.extend(
        format!("{table}trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1)
            .bytes(),
    );
    Ok(out)
}

fn stream(filter: &str, bytes: &[u8]) -> Vec<u8> {
    [format!("<<{filter}/Length {}>>stream\n", bytes.len()).as_bytes(), bytes, b"\nendstream"].concat()
}

fn escaped(text: &str) -> String {
    let kept: String = text.chars().filter(|c| !c.is_control() || *c == '\n').collect();
    kept.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The parts, compressed, and one that fills the archive up.
fn filled(parts: &[(&str, &[u8], bool)], name: &str, size: usize) -> Result<Vec<u8>> {
    let rest = noise(size.saturating_sub(archive(parts)?.len()));
    archive(&[parts, &[(name, rest.as_slice(), false)]].concat())
}

/// A ZIP of members, each compressed or not.
fn archive(members: &[(&str, &[u8], bool)]) -> Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes, compressed) in members {
        let method = if *compressed { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        writer.start_file(*name, SimpleFileOptions::default().compression_method(method))?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// The bytes as PDF has them compressed: what a ZIP makes of them, between the head and the sum of zlib (RFC 1950).
fn zlib(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(archive(&[("a", bytes, true)])?))?;
    let mut out = vec![0x78, 0x9c];
    archive.by_index_raw(0)?.read_to_end(&mut out)?;
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend((b << 16 | a).to_be_bytes());
    Ok(out)
}

/// Bytes that nothing compresses, the same each time (xorshift, Marsaglia 2003).
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    let mut bytes: Vec<u8> = (0..length.div_ceil(8)).flat_map(|_| next()).collect();
    bytes.truncate(length);
    bytes
}
