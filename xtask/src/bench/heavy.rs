//! A mail as large as servers take: twenty files of texts of the corpus, of six kinds, each as programs write it.

mod files;

use std::fmt::Write as _;

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::corpus;

const FILES: usize = 20;
/// Bytes of one file before base64: 25 MB together on the wire.
const FILE_BYTES: usize = 940 * 1024;
/// Bytes of text in a file that is compressed; fonts and pictures make up the rest. All texts together stay under what is kept of
/// one message.
const COMPRESSED_TEXT_BYTES: usize = 500 * 1024;

/// A kind of file, and what makes one of a text, filled up to so many bytes.
#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    declared: &'static str,
    is_compressed: bool,
    make: fn(&str, usize) -> Result<Vec<u8>>,
}

const fn kind(
    name: &'static str,
    declared: &'static str,
    is_compressed: bool,
    make: fn(&str, usize) -> Result<Vec<u8>>,
) -> Kind {
    Kind { name, declared, is_compressed, make }
}

const KINDS: [Kind; 6] = [
    kind("notes.txt", "text/plain", false, |text, _| Ok(text.as_bytes().to_vec())),
    kind("page.html", "text/html", false, |text, _| Ok(files::html(text))),
    kind(
        "lettre.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        true,
        files::docx,
    ),
    kind("dossier.zip", "application/zip", false, |text, _| files::zip(text)),
    kind("rapport.pdf", "application/pdf", true, files::pdf),
    kind(
        "suivi.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        true,
        files::xlsx,
    ),
];

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
        let Some(kind) = KINDS.get(file % KINDS.len()) else { continue };
        let length = if kind.is_compressed { COMPRESSED_TEXT_BYTES } else { FILE_BYTES };
        let bytes = (kind.make)(&stretch(&texts, &mut from, length), FILE_BYTES)?;
        let (name, kind) = (kind.name, kind.declared);
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
fn stretch(texts: &str, from: &mut usize, length: usize) -> String {
    let mut out = String::with_capacity(length + 4);
    while out.len() < length {
        let rest: String = texts.get(*from..).unwrap_or("").chars().take(length - out.len()).collect();
        *from = if rest.is_empty() { 0 } else { *from + rest.len() };
        out.push_str(&rest);
        if *from >= texts.len() {
            *from = 0;
        }
    }
    out
}
