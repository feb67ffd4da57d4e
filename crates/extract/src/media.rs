//! Whether sound, film and fonts are what their first letters say. Nothing is read in them, so four letters are not enough: a
//! list whose first client is called Otto begins as a font does.

use memchr::memmem;

use crate::detect::{Format, is_text};

/// Bytes looked at in the middle of a file.
const SAMPLE_BYTES: usize = 8_192;
/// Tables a font may have; the richest have some forty.
const FONT_TABLES_MAX: u16 = 96;
/// The first box of a film names the formats it fits, and nothing else.
const FILM_HEAD_BYTES_MAX: u32 = 4_096;

/// The head is that of the format, and the middle is no text.
pub(crate) fn is_one(format: Format, bytes: &[u8]) -> bool {
    has_head(format.media_type(), bytes) && !is_text_inside(bytes)
}

fn has_head(kind: &str, bytes: &[u8]) -> bool {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0xff);
    let short = |at: usize| u16::from_be_bytes([byte(at), byte(at + 1)]);
    let is_tag = |at: usize| {
        bytes.get(at..at + 4).is_some_and(|tag| tag.iter().all(|byte| (0x20..0x7f).contains(byte)))
    };
    let tables = |at: usize| (1..=FONT_TABLES_MAX).contains(&short(at));
    match kind {
        "font/otf" | "font/ttf" => tables(4) && is_tag(12),
        "font/woff" | "font/woff2" => {
            let flavours: [&[u8]; 3] = [b"OTTO", b"\0\x01\0\0", b"true"];
            tables(12) && bytes.get(4..8).is_some_and(|flavour| flavours.contains(&flavour))
        }
        "video/mp4" => {
            let length = u32::from_be_bytes([byte(0), byte(1), byte(2), byte(3)]);
            (8..=FILM_HEAD_BYTES_MAX).contains(&length) && is_tag(8)
        }
        "audio/mpeg" => (2..=4).contains(&byte(3)) && (6..10).all(|at| byte(at) < 0x80),
        "audio/ogg" => byte(4) == 0 && byte(5) < 8,
        "audio/flac" => byte(4) & 0x7f == 0 && bytes.get(5..8) == Some(b"\0\0\x22"),
        // A stream without an end says 0, or as much as it can.
        "audio/wav" | "video/x-msvideo" => {
            let length = u32::from_le_bytes([byte(4), byte(5), byte(6), byte(7)]);
            let fits = usize::try_from(length).is_ok_and(|length| length <= bytes.len());
            bytes.starts_with(b"RIFF") && (fits || length == u32::MAX)
        }
        "video/x-matroska" => {
            let head = bytes.get(..64).unwrap_or(bytes);
            memmem::find(head, b"webm").is_some() || memmem::find(head, b"matroska").is_some()
        }
        _ => true,
    }
}

fn is_text_inside(bytes: &[u8]) -> bool {
    let middle = bytes.get(bytes.len() / 2..).unwrap_or(&[]);
    let sample = middle.get(..SAMPLE_BYTES).unwrap_or(middle);
    sample.len() >= 64 && is_text(sample)
}
