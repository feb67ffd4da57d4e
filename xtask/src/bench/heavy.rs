//! A mail as large as servers take: twenty files of texts of the corpus, of four kinds.

use std::fmt::Write as _;
use std::io::{Cursor, Write};

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::corpus;

const FILES: usize = 20;
/// Bytes of one file before base64: 25 MB together on the wire.
const FILE_BYTES: usize = 940 * 1024;

/// The mail, byte for byte the same each time.
pub(crate) fn mail() -> Result<Vec<u8>> {
    let texts = texts()?;
    let mut mail = String::from(
        "From: clemence.aubertin@orveane.example\r\nTo: client@sableval.example\r\nSubject: Pièces\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"frontiere-25\"\r\n\r\n--frontiere-25\r\n\
         Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nVoici les pièces.\r\n",
    );
    let mut from = 0;
    for file in 0..FILES {
        let text = stretch(&texts, &mut from);
        let (name, kind, bytes) = match file % 4 {
            0 => ("notes.txt", "text/plain", text.into_bytes()),
            1 => ("page.html", "text/html", html(&text).into_bytes()),
            2 => (
                "lettre.docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                docx(&text)?,
            ),
            _ => ("dossier.zip", "application/zip", zip(&[("notes.txt", text.as_bytes())])?),
        };
        write!(
            mail,
            "--frontiere-25\r\nContent-Type: {kind}; name=\"{file}-{name}\"\r\n\
             Content-Disposition: attachment; filename=\"{file}-{name}\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        )?;
        for line in STANDARD.encode(&bytes).as_bytes().chunks(76) {
            mail.push_str(std::str::from_utf8(line)?);
            mail.push_str("\r\n");
        }
    }
    mail.push_str("--frontiere-25--\r\n");
    Ok(mail.into_bytes())
}

/// What people wrote, one mail behind the other.
fn texts() -> Result<String> {
    let mut all = String::new();
    for (_, raw) in corpus::messages("emails")? {
        for text in mail::parse(&raw).texts {
            all.push_str(&text.text);
            all.push('\n');
        }
    }
    Ok(all)
}

/// The next stretch of the texts, from their beginning again when they end.
fn stretch(texts: &str, from: &mut usize) -> String {
    let mut out = String::with_capacity(FILE_BYTES + 4);
    while out.len() < FILE_BYTES {
        let rest: String = texts.get(*from..).unwrap_or("").chars().take(FILE_BYTES - out.len()).collect();
        *from = if rest.is_empty() { 0 } else { *from + rest.len() };
        out.push_str(&rest);
        if *from >= texts.len() {
            *from = 0;
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect::<String>()
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn html(text: &str) -> String {
    format!("<html><body><p>{}</p></body></html>", escaped(text).replace('\n', "</p><p>"))
}

fn docx(text: &str) -> Result<Vec<u8>> {
    let body = escaped(text).replace('\n', "</w:t></w:r></w:p><w:p><w:r><w:t>");
    let document = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>{body}</w:t></w:r></w:p></w:body></w:document>"
    );
    let types = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    zip(&[("[Content_Types].xml", types.as_bytes()), ("word/document.xml", document.as_bytes())])
}

/// Stored, not compressed: the file is as large as what it holds.
fn zip(members: &[(&str, &[u8])]) -> Result<Vec<u8>> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in members {
        writer.start_file(*name, stored)?;
        writer.write_all(bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}
