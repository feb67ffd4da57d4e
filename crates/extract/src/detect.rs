//! What a file is, by its bytes. Names and declared types are only asked where bytes cannot tell.

use memchr::memmem;

use crate::media;

/// The formats told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Empty,
    Pdf,
    /// A ZIP; which kind is seen from its members.
    Zip,
    /// An OLE compound file: old Office, or encrypted new Office.
    Ole,
    Gzip,
    SevenZip,
    Xz,
    Bzip2,
    Tar,
    Rtf,
    Html,
    /// A picture drawn in words.
    Svg,
    /// A program that draws pages.
    PostScript,
    Mail,
    /// PKCS #7: signed or encrypted.
    Cms,
    Text,
    /// A calendar or an address card.
    Card(&'static str),
    /// `winmail.dat`.
    Tnef,
    PgpMessage,
    Image(&'static str),
    AudioVideo(&'static str),
    Font(&'static str),
    /// Known by name, not read.
    Unread(&'static str),
    Unknown,
}

impl Format {
    /// The media type.
    pub(crate) fn media_type(self) -> &'static str {
        match self {
            Self::Empty => "application/x-empty",
            Self::Pdf => "application/pdf",
            Self::Zip => "application/zip",
            Self::Ole => "application/x-ole-storage",
            Self::Gzip => "application/gzip",
            Self::SevenZip => "application/x-7z-compressed",
            Self::Xz => "application/x-xz",
            Self::Bzip2 => "application/x-bzip2",
            Self::Tar => "application/x-tar",
            Self::Rtf => "application/rtf",
            Self::Html => "text/html",
            Self::Svg => "image/svg+xml",
            Self::PostScript => "application/postscript",
            Self::Mail => "message/rfc822",
            Self::Cms => "application/pkcs7-mime",
            Self::Text => "text/plain",
            Self::PgpMessage => "application/pgp-encrypted",
            Self::Tnef => "application/vnd.ms-tnef",
            Self::Card(name)
            | Self::Image(name)
            | Self::AudioVideo(name)
            | Self::Font(name)
            | Self::Unread(name) => name,
            Self::Unknown => "application/octet-stream",
        }
    }
}

/// `(offset, bytes, format)`.
const MAGIC: &[(usize, &[u8], Format)] = &[
    (0, b"PK\x03\x04", Format::Zip),
    (0, b"PK\x05\x06", Format::Zip),
    (0, b"PK\x07\x08PK\x03\x04", Format::Zip),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Format::Ole),
    (0, b"\x1f\x8b", Format::Gzip),
    (257, b"ustar", Format::Tar),
    (0, b"{\\rt", Format::Rtf),
    (0, b"\x89PNG\r\n", Format::Image("image/png")),
    (0, b"\xff\xd8\xff", Format::Image("image/jpeg")),
    (0, b"GIF8", Format::Image("image/gif")),
    (0, b"II*\0", Format::Image("image/tiff")),
    (0, b"MM\0*", Format::Image("image/tiff")),
    (8, b"WEBP", Format::Image("image/webp")),
    (0, b"\0\0\0\x0cjP  ", Format::Image("image/jp2")),
    (0, b"\xff\x4f\xff\x51", Format::Image("image/j2c")),
    (0, b"\0\0\x01\0", Format::Image("image/x-icon")),
    (0, b"8BPS", Format::Image("image/vnd.adobe.photoshop")),
    (0, b"\xd7\xcd\xc6\x9a", Format::Image("image/wmf")),
    (0, b"\x01\0\x09\0\0\x03", Format::Image("image/wmf")),
    (40, b" EMF", Format::Image("image/emf")),
    (4, b"ftypheic", Format::Image("image/heic")),
    (4, b"ftypavif", Format::Image("image/avif")),
    (4, b"ftyp", Format::AudioVideo("video/mp4")),
    (0, b"ID3", Format::AudioVideo("audio/mpeg")),
    (0, b"OggS", Format::AudioVideo("audio/ogg")),
    (0, b"fLaC", Format::AudioVideo("audio/flac")),
    (8, b"WAVE", Format::AudioVideo("audio/wav")),
    (8, b"AVI ", Format::AudioVideo("video/x-msvideo")),
    (0, b"\x1a\x45\xdf\xa3", Format::AudioVideo("video/x-matroska")),
    (0, b"OTTO", Format::Font("font/otf")),
    (0, b"\0\x01\0\0\0", Format::Font("font/ttf")),
    (0, b"wOFF", Format::Font("font/woff")),
    (0, b"wOF2", Format::Font("font/woff2")),
    (0, b"7z\xbc\xaf\x27\x1c", Format::SevenZip),
    (0, b"Rar!\x1a\x07", Format::Unread("application/vnd.rar")),
    (0, b"\xfd7zXZ\0", Format::Xz),
    (0, b"BZh", Format::Bzip2),
    (0, b"\x28\xb5\x2f\xfd", Format::Unread("application/zstd")),
    (0, b"\x1f\x9d", Format::Unread("application/x-compress")),
    (0, b"MSCF", Format::Unread("application/vnd.ms-cab-compressed")),
    (0, b"\x60\xea", Format::Unread("application/x-arj")),
    (0, b"070707", Format::Unread("application/x-cpio")),
    (0, b"070701", Format::Unread("application/x-cpio")),
    (0, b"\x78\x9f\x3e\x22", Format::Tnef),
    (0, b"\x7fELF", Format::Unread("application/x-elf")),
    (0, b"MZ", Format::Unread("application/vnd.microsoft.portable-executable")),
    (0, b"SQLite format 3\0", Format::Unread("application/vnd.sqlite3")),
    (0, b"%!PS", Format::PostScript),
    (0, b"\x04%!PS", Format::PostScript),
    // With a preview before or behind it.
    (0, b"\xc5\xd0\xd3\xc6", Format::Unread("application/postscript")),
    // What printers are sent.
    (0, b"\x1b%-12345X", Format::Unread("application/vnd.hp-pcl")),
    (0, b"\x1bE\x1b&", Format::Unread("application/vnd.hp-pcl")),
    (0, b"-----BEGIN PGP MESSAGE-----", Format::PgpMessage),
];

/// What a file is to whoever opens it: a text whose name says that it is a page opens in a browser, whatever it begins with.
pub(crate) fn detect_named(name: &str, declared: &str, bytes: &[u8]) -> Format {
    const PAGES: [&str; 5] = [".html", ".htm", ".xhtml", ".xht", ".shtml"];
    match detect(declared, bytes) {
        Format::Text if PAGES.iter().any(|end| name.trim_end().to_ascii_lowercase().ends_with(end)) => {
            Format::Html
        }
        format => format,
    }
}

/// Looks at the bytes; `declared` only tells HTML fragments from other text.
pub(crate) fn detect(declared: &str, bytes: &[u8]) -> Format {
    if bytes.is_empty() {
        return Format::Empty;
    }
    // Readers accept a PDF header anywhere in the first kilobyte (ISO 32000-1 Annex H).
    if memmem::find(head(bytes, 1_024), b"%PDF-").is_some() {
        return Format::Pdf;
    }
    let found =
        MAGIC.iter().find(|(at, magic, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(magic)));
    match found {
        Some((_, magic, format)) if may_begin_text(magic, *format) && is_text(bytes) => {
            text_format(declared, bytes)
        }
        Some((_, _, format @ (Format::AudioVideo(_) | Format::Font(_))))
            if !media::is_one(*format, bytes) =>
        {
            Format::Unknown
        }
        Some((_, _, format)) => *format,
        None if is_cms(bytes) => Format::Cms,
        None if is_old_tar(bytes) => Format::Tar,
        None if bytes.starts_with(b"BM") && !is_text(bytes) => Format::Image("image/bmp"),
        None if is_text(bytes) => text_format(declared, bytes),
        None => Format::Unknown,
    }
}

/// Two or three bytes, or letters and digits alone, are also how a text may start; those of RTF and PGP are a text's own.
fn may_begin_text(magic: &[u8], format: Format) -> bool {
    let is_spelt = magic.iter().all(|byte| matches!(byte, 0x20..0x7f));
    (magic.len() <= 3 || is_spelt) && !matches!(format, Format::Rtf | Format::PgpMessage)
}

fn head(bytes: &[u8], len: usize) -> &[u8] {
    bytes.get(..len).unwrap_or(bytes)
}

/// Bytes a text editor would show as text: hardly any control character, or UTF-16 by its mark.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return mail::plausible_text(head(bytes, 4_096)).chars().filter(|c| c.is_control()).count() < 400;
    }
    let odd =
        |sample: &[u8]| sample.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31 | 127)).count();
    let sample = head(bytes, 8_192);
    let high = sample.iter().filter(|byte| **byte >= 0x80).count();
    let is_utf8 = match std::str::from_utf8(sample) {
        Ok(_) => true,
        // The sample may end inside a character.
        Err(error) => error.error_len().is_none(),
    };
    odd(sample) * 200 <= sample.len() && (is_utf8 || high * 3 <= sample.len())
}

fn text_format(declared: &str, bytes: &[u8]) -> Format {
    let start = match head(bytes, 4_096) {
        // Two bytes a character.
        start @ ([0xff, 0xfe, ..] | [0xfe, 0xff, ..]) => mail::plausible_text(start).into_bytes(),
        start => head(start, 1_024).to_vec(),
    };
    let start = start.to_ascii_lowercase();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start).trim_ascii_start();
    let has = |mark: &[u8]| memmem::find(start, mark).is_some();
    if declared == "text/html"
        || start.starts_with(b"<!doctype html")
        || has(b"<html")
        || has(b"<body")
        || begins_as_page(start)
    {
        Format::Html
    } else if is_drawing(declared, start) {
        Format::Svg
    } else if start.starts_with(b"%!ps") {
        Format::PostScript
    } else if start.starts_with(b"begin:vcalendar") {
        Format::Card("text/calendar")
    } else if start.starts_with(b"begin:vcard") {
        Format::Card("text/vcard")
    } else if is_mail(start) {
        Format::Mail
    } else {
        Format::Text
    }
}

/// An element that only pages have, at the very start: pieces of pages have no root.
fn begins_as_page(start: &[u8]) -> bool {
    const ELEMENTS: [&str; 26] = [
        "a",
        "b",
        "blockquote",
        "br",
        "center",
        "div",
        "em",
        "font",
        "h1",
        "h2",
        "h3",
        "hr",
        "i",
        "img",
        "meta",
        "ol",
        "p",
        "pre",
        "script",
        "span",
        "strong",
        "style",
        "table",
        "tr",
        "u",
        "ul",
    ];
    let Some(rest) = start.strip_prefix(b"<") else { return false };
    let len = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let (name, after) = rest.split_at_checked(len).unwrap_or((rest, &[]));
    let ends = after.first().is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
    ends && ELEMENTS.iter().any(|element| element.as_bytes() == name)
}

/// SVG: its element, or XML that names it early.
fn is_drawing(declared: &str, start: &[u8]) -> bool {
    let is_markup = ["<?xml", "<!--", "<!doctype svg"].iter().any(|mark| start.starts_with(mark.as_bytes()));
    let names = |mark: &[u8]| memmem::find(start, mark).is_some();
    start.starts_with(b"<svg")
        || (is_markup && (names(b"<svg") || names(b"<!doctype svg") || names(b"http://www.w3.org/2000/svg")))
        || (declared == "image/svg+xml" && start.starts_with(b"<"))
}

/// At least two fields of a mail header at the very start; or one that says how a body is written, and the header has an end.
fn is_mail(start: &[u8]) -> bool {
    const FIELDS: &[&[u8]] = &[
        b"from",
        b"to",
        b"subject",
        b"date",
        b"received",
        b"return-path",
        b"message-id",
        b"mime-version",
        b"delivered-to",
        b"reply-to",
        b"content-type",
        b"x-mailer",
        b"dkim-signature",
        b"content-transfer-encoding",
    ];
    const OF_BODY: &[&[u8]] = &[b"content-type", b"content-transfer-encoding"];
    let lines = start.split(|byte| *byte == b'\n').take(20);
    let lines = lines
        .filter(|line| !line.starts_with(b" ") && !line.starts_with(b"\t") && !line.starts_with(b"from "));
    let (mut known, mut of_body) = (0, false);
    for line in lines {
        let Some(colon) = memchr::memchr(b':', line) else {
            of_body &= line.trim_ascii().is_empty();
            break;
        };
        let name = line.get(..colon).unwrap_or(&[]);
        if name.iter().any(|byte| !byte.is_ascii_graphic()) {
            of_body = false;
            break;
        }
        known += usize::from(FIELDS.contains(&name));
        of_body |= OF_BODY.contains(&name);
    }
    known >= 2 || of_body
}

/// DER or BER that starts with a PKCS #7 object identifier.
fn is_cms(bytes: &[u8]) -> bool {
    bytes.first() == Some(&0x30)
        && memmem::find(head(bytes, 32), b"\x2a\x86\x48\x86\xf7\x0d\x01\x07").is_some()
}

/// A tar header without `ustar`: its checksum is right.
fn is_old_tar(bytes: &[u8]) -> bool {
    bytes
        .get(..512)
        .is_some_and(|block| block.first() != Some(&0) && crate::formats::tar::has_checksum(block))
}
