//! A day of invented mail, handed over through the real SMTP port as an institution's mail server would.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::day::{DAY, Extra, Mail};

/// Sends the day, one message after the other over one connection.
pub(super) async fn send(address: SocketAddr) -> anyhow::Result<()> {
    tokio::task::spawn_blocking(move || send_all(address)).await?
}

fn send_all(address: SocketAddr) -> anyhow::Result<()> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_nodelay(true)?;
    let mut smtp = BufReader::new(stream);
    reply(&mut smtp)?;
    command(&mut smtp, "EHLO mail.demo.example", "250")?;
    for (number, mail) in DAY.iter().enumerate() {
        command(&mut smtp, &format!("MAIL FROM:<{}> BODY=8BITMIME", mail.from.1), "250")?;
        for to in mail.to {
            command(&mut smtp, &format!("RCPT TO:<{to}>"), "250")?;
        }
        command(&mut smtp, "DATA", "354")?;
        let mut content = render(mail, number);
        content.push_str(".\r\n");
        smtp.get_mut().write_all(content.as_bytes())?;
        let answer = reply(&mut smtp)?;
        if !answer.starts_with("250") {
            bail!("{:?} was answered {answer:?}", mail.subject);
        }
    }
    command(&mut smtp, "QUIT", "221")
}

fn command(smtp: &mut BufReader<TcpStream>, line: &str, wanted: &str) -> anyhow::Result<()> {
    smtp.get_mut().write_all(format!("{line}\r\n").as_bytes())?;
    let answer = reply(smtp)?;
    if answer.starts_with(wanted) { Ok(()) } else { bail!("{line:?} was answered {answer:?}") }
}

fn reply(smtp: &mut BufReader<TcpStream>) -> anyhow::Result<String> {
    let mut whole = String::new();
    loop {
        let mut line = String::new();
        if smtp.read_line(&mut line).context("no answer")? == 0 {
            bail!("the connection ended");
        }
        whole += &line;
        if line.as_bytes().get(3) != Some(&b'-') {
            return Ok(whole);
        }
    }
}

/// The message as it goes over the wire: CRLF lines, dots stuffed.
fn render(mail: &Mail, number: usize) -> String {
    let (head, body) = content(mail);
    let to: Vec<String> = mail.to.iter().map(|to| format!("<{to}>")).collect();
    let (hour, minute) = (8 + number / 5, (number * 17) % 60);
    let text = format!(
        "From: {} <{}>\nTo: {}\nSubject: {}\nDate: Tue, 24 Nov 2026 {hour:02}:{minute:02}:00 +0100\n\
         Message-ID: <demo-{number}@{}>\nMIME-Version: 1.0\n{head}\n{body}\n",
        word(mail.from.0),
        mail.from.1,
        to.join(", "),
        word(mail.subject),
        mail.from.1.rsplit('@').next().unwrap_or("demo.example"),
    );
    text.lines()
        .map(|line| if line.starts_with('.') { format!(".{line}\r\n") } else { format!("{line}\r\n") })
        .collect()
}

/// RFC 2047 where a header needs it, in words short enough.
fn word(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let words: Vec<String> = characters
        .chunks(12)
        .map(|chunk| format!("=?utf-8?B?{}?=", STANDARD.encode(chunk.iter().collect::<String>())))
        .collect();
    words.join("\n ")
}

fn content(mail: &Mail) -> (String, String) {
    let plain = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n".to_owned();
    let with_file = |name: &str, kind: &str, bytes: &[u8]| {
        let encoded = STANDARD.encode(bytes);
        let lines: Vec<&str> =
            encoded.as_bytes().chunks(76).filter_map(|line| std::str::from_utf8(line).ok()).collect();
        let body = format!(
            "--edge\n{plain}\n{}\n--edge\nContent-Type: {kind}; name=\"{name}\"\nContent-Disposition: attachment; \
             filename=\"{name}\"\nContent-Transfer-Encoding: base64\n\n{}\n--edge--",
            mail.body,
            lines.join("\n")
        );
        ("Content-Type: multipart/mixed; boundary=edge\n".to_owned(), body)
    };
    match mail.extra {
        Extra::None => (plain.clone(), mail.body.to_owned()),
        Extra::AutoReply => (format!("Auto-Submitted: auto-replied\n{plain}"), mail.body.to_owned()),
        Extra::Html(html) => {
            let head = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n".to_owned();
            (head, format!("<!doctype html><html><body>{html}</body></html>"))
        }
        Extra::Sheet(name, text) => with_file(name, "text/csv; charset=utf-8", text.as_bytes()),
        Extra::Pdf(name, lines) => with_file(name, "application/pdf", &pdf(lines)),
        Extra::Invitation(summary) => {
            let event = invitation(summary);
            with_file("invitation.ics", "text/calendar; charset=utf-8; method=REQUEST", event.as_bytes())
        }
        Extra::LockedArchive(name) => with_file(name, "application/zip", &locked_archive()),
    }
}

/// A ZIP with one entry marked as encrypted (APPNOTE 4.4.4, flag bit 0): nobody can read it, CEREBRO included.
fn locked_archive() -> Vec<u8> {
    const NAME: &[u8] = b"pieces.pdf";
    const DATA: &[u8] = b"\x13\x8a\x5c\xf0\x21\x9e\x47\xd3\x0b\xa6\x77\xc2\xee\x1f\x58\x90\x3d\x64";
    let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or(0).to_le_bytes();
    let mut fields = Vec::new();
    // Version 2.0, flags: encrypted, stored, a time, a date, a checksum, sizes with and without the 12-byte header.
    for field in [20_u16, 1, 0, 0x6000, 0x5d78] {
        fields.extend_from_slice(&field.to_le_bytes());
    }
    fields.extend_from_slice(&0x1234_5678_u32.to_le_bytes());
    fields.extend_from_slice(&size(DATA));
    fields.extend_from_slice(&size(DATA.get(12..).unwrap_or_default()));
    fields.extend_from_slice(&[NAME.len() as u8, 0, 0, 0]);
    let mut zip = b"PK\x03\x04".to_vec();
    zip.extend_from_slice(&fields);
    zip.extend_from_slice(NAME);
    zip.extend_from_slice(DATA);
    let directory = zip.len();
    zip.extend_from_slice(b"PK\x01\x02\x14\x00");
    zip.extend_from_slice(&fields);
    zip.extend_from_slice(&[0; 14]);
    zip.extend_from_slice(NAME);
    let length = zip.len() - directory;
    zip.extend_from_slice(b"PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x00");
    zip.extend_from_slice(&u32::try_from(length).unwrap_or(0).to_le_bytes());
    zip.extend_from_slice(&u32::try_from(directory).unwrap_or(0).to_le_bytes());
    zip.extend_from_slice(&[0, 0]);
    zip
}

/// One page of text in Helvetica (ISO 32000-1 §7.5): nothing compressed, offsets counted.
fn pdf(lines: &[&str]) -> Vec<u8> {
    let shown: String = lines.iter().map(|line| format!("({line}) Tj T* ")).collect();
    let text = format!("BT /F1 12 Tf 16 TL 72 760 Td {shown}ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (number, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file += &format!("{} 0 obj\n{object}\nendobj\n", number + 1);
    }
    let start = file.len();
    let size = objects.len() + 1;
    file += &format!(
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.into_bytes()
}

/// A meeting request (RFC 5545, RFC 5546 §3.2.2).
fn invitation(summary: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//demo//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:{:x}@demo.example\r\n\
         DTSTAMP:20261124T090000Z\r\nDTSTART:20261126T090000Z\r\nDTEND:20261126T100000Z\r\nSUMMARY:{summary}\r\n\
         END:VEVENT\r\nEND:VCALENDAR\r\n",
        summary.len()
    )
}
