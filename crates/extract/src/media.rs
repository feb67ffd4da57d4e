//! Whether sound, film and fonts are what their first letters say: a list whose first client is called Otto begins as a font
//! does, so four letters are not enough. And what they say in words, behind whatever head: titles, licences, a text that somebody put there.

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

/// Bytes of the shortest stretch of words that is kept.
const STRETCH_MIN: usize = 24;
/// What makes a stretch of letters words, or a number: blanks, or digits.
const BLANKS_MIN: usize = 4;
const DIGITS_MIN: usize = 12;

/// The words that stand in bytes that are none, one stretch a line. Chance makes no stretch so long: two bytes of five are
/// letters.
pub(crate) fn words(bytes: &[u8], say: &mut dyn FnMut(&str)) {
    let is_letter = |byte: u8| matches!(byte, 0x20..0x7f | b'\t' | b'\r' | b'\n');
    let mut stretch: Vec<u8> = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        let beside = |by: isize| at.checked_add_signed(by).and_then(|at| bytes.get(at)).copied();
        let goes_on = match byte {
            // Every other byte of UTF-16 is zero, and none is missed without it.
            0 if !stretch.is_empty() && (beside(-2) == Some(0) || beside(2) == Some(0)) => continue,
            // A letter of another code, among letters.
            0x80.. => stretch.iter().rev().take(2).any(u8::is_ascii_alphabetic),
            byte => is_letter(*byte),
        };
        if goes_on {
            stretch.push(*byte);
        } else if !stretch.is_empty() {
            tell(&stretch, say);
            stretch.clear();
        }
    }
    tell(&stretch, say);
}

fn tell(stretch: &[u8], say: &mut dyn FnMut(&str)) {
    let count = |wanted: fn(&u8) -> bool| stretch.iter().filter(|byte| wanted(byte)).count();
    let is_words = count(u8::is_ascii_whitespace) >= BLANKS_MIN || count(u8::is_ascii_digit) >= DIGITS_MIN;
    if stretch.len() >= STRETCH_MIN && is_words && count(|byte| !byte.is_ascii()) * 4 <= stretch.len() {
        say(mail::plausible_text(stretch).trim());
    }
}
