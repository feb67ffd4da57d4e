//! Messages with a sentence planted somewhere in them.

use std::io::{Cursor, Write};

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Where a sentence stands.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    Body,
    Quoted,
    Html,
    Base64,
    QuotedPrintable,
    TextFile,
    NestedZip,
    Pdf,
    XlsxCell,
}

pub(crate) const PLACES: [Place; 9] = [
    Place::Body,
    Place::Quoted,
    Place::Html,
    Place::Base64,
    Place::QuotedPrintable,
    Place::TextFile,
    Place::NestedZip,
    Place::Pdf,
    Place::XlsxCell,
];

impl Place {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Quoted => "quoted",
            Self::Html => "html",
            Self::Base64 => "base64",
            Self::QuotedPrintable => "qp",
            Self::TextFile => "text file",
            Self::NestedZip => "zip in zip",
            Self::Pdf => "pdf",
            Self::XlsxCell => "xlsx cell",
        }
    }
}

const HEAD: &str = "From: clemence.aubertin@orveane.example\r\nTo: client@sableval.example\r\nSubject: Suivi\r\nMIME-Version: 1.0\r\n";

/// A message with `sentence` in one place of `carrier`.
pub(crate) fn plant(place: Place, carrier: &str, sentence: &str) -> Result<Vec<u8>> {
    let middle = carrier.match_indices('\n').nth(3).map_or(carrier.len(), |(at, _)| at);
    let (above, below) = carrier.split_at(middle);
    let inside = format!("{above}\n{sentence}\n{below}").replace('\n', "\r\n");
    let single = |kind: &str, encoding: &str, body: &str| {
        format!(
            "{HEAD}Content-Type: {kind}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n{body}\r\n"
        )
        .into_bytes()
    };
    Ok(match place {
        Place::Body => single("text/plain", "8bit", &inside),
        Place::Quoted => {
            let quoted = format!("{above}\n{sentence}").replace('\n', "\r\n> ");
            single("text/plain", "8bit", &format!("Voir ci-dessous.\r\n\r\n> {quoted}"))
        }
        Place::Html => single("text/html", "8bit", &html(above, sentence, below)),
        Place::Base64 => single("text/plain", "base64", &lines(&STANDARD.encode(&inside))),
        Place::QuotedPrintable => single("text/plain", "quoted-printable", &quoted_printable(&inside)),
        Place::TextFile => attached(carrier, "note.txt", "text/plain", sentence.as_bytes()),
        Place::NestedZip => {
            let inner = zip(&[("note.txt", sentence.as_bytes())])?;
            attached(carrier, "envoi.zip", "application/zip", &zip(&[("dossier.zip", &inner)])?)
        }
        Place::Pdf => attached(carrier, "note.pdf", "application/pdf", &pdf(sentence)),
        Place::XlsxCell => {
            let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
            attached(carrier, "suivi.xlsx", kind, &xlsx(sentence)?)
        }
    })
}

pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The value in a table, its parts in elements of their own, as editors write it.
fn html(above: &str, sentence: &str, below: &str) -> String {
    let words: Vec<String> =
        sentence.split(' ').map(|word| format!("<span>{}</span>", escape(word))).collect();
    format!(
        "<html><body><p>{}</p><table><tr><td>{}</td></tr></table><p>{}</p></body></html>",
        escape(above),
        words.join(" "),
        escape(below)
    )
}

fn lines(encoded: &str) -> String {
    let lines: Vec<&str> =
        encoded.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    lines.join("\r\n")
}

/// Every third character escaped, soft breaks every 60 bytes: what no prefilter on raw bytes would see.
fn quoted_printable(text: &str) -> String {
    let mut out = String::new();
    let mut column = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'\r' | b'\n' => {
                out.push(char::from(byte));
                column = 0;
                continue;
            }
            b' '..=b'~' if byte != b'=' && at % 3 != 0 => out.push(char::from(byte)),
            _ => out.push_str(&format!("={byte:02X}")),
        }
        column += 3;
        if column >= 60 {
            out.push_str("=\r\n");
            column = 0;
        }
    }
    out
}

pub(super) fn attached(text: &str, name: &str, kind: &str, bytes: &[u8]) -> Vec<u8> {
    let text = text.replace('\n', "\r\n");
    let file = lines(&STANDARD.encode(bytes));
    format!(
        "{HEAD}Content-Type: multipart/mixed; boundary=\"frontiere-7f3a\"\r\n\r\n--frontiere-7f3a\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n--frontiere-7f3a\r\n\
         Content-Type: {kind}; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{file}\r\n--frontiere-7f3a--\r\n"
    )
    .into_bytes()
}

pub(super) fn zip(members: &[(&str, &[u8])]) -> Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default())?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// One page, one line, in the encoding of Western PDF fonts (WinAnsi: a few signs stand where Latin-1 has none).
fn pdf(sentence: &str) -> Vec<u8> {
    let latin: Vec<u8> = sentence
        .chars()
        .flat_map(|c| match c {
            '(' | ')' | '\\' => vec![b'\\', c as u8],
            '€' => vec![0x80],
            '’' => vec![0x92],
            '–' => vec![0x96],
            'œ' => vec![0x9c],
            _ => vec![u8::try_from(u32::from(c)).unwrap_or(b' ')],
        })
        .collect();
    let mut content = b"BT /F1 11 Tf 40 780 Td (".to_vec();
    content.extend(&latin);
    content.extend(b") Tj ET");
    let objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_vec(),
        [format!("<< /Length {} >>\nstream\n", content.len()).into_bytes(), content, b"\nendstream".to_vec()].concat(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_vec(),
    ];
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).into_bytes());
    for place in &places {
        out.extend(format!("{place:010} 00000 n \n").into_bytes());
    }
    let trailer =
        format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", places.len() + 1);
    out.extend(trailer.into_bytes());
    out
}

/// A workbook whose only cell is the sentence.
fn xlsx(sentence: &str) -> Result<Vec<u8>> {
    let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
    let root = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let workbook = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Suivi" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
    let relations = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
    let sheet = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row></sheetData></worksheet>"#,
        escape(sentence)
    );
    zip(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", workbook.as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}
