//! Pictures that stand within the streams of a document of one piece: `data:` addresses, drawings of old Office documents,
//! groups of RTF. Each is handed out under a number, as far as bounds go; what is not handed out is told.

use mail::render::{Html, Untrusted};
use vocabulary::bounds::{OCR_BYTES_MAX, OCR_HANDED_BYTES_MAX, OCR_PICTURES_MAX};

use super::bytes::{size_at, slice, u8_at, u16_at, u32_at};
use crate::detect::{Format, detect};
use crate::ocr::{Fit, fit};
use crate::work::{File, Work};

/// The pictures met, in their order; an empty one could not be kept.
#[derive(Default)]
pub(crate) struct Pictures {
    all: Vec<Vec<u8>>,
    bytes: usize,
}

impl Pictures {
    /// A picture. Ornaments are passed over; what is past the bounds is kept as one that was not read.
    pub(crate) fn add(&mut self, bytes: Vec<u8>) {
        if fit(&bytes) == Fit::Small {
            return;
        }
        if self.bytes.saturating_add(bytes.len()) > OCR_HANDED_BYTES_MAX || bytes.len() > OCR_BYTES_MAX {
            return self.unread();
        }
        // One more than are told: the file then says that there were more.
        if self.all.len() <= OCR_PICTURES_MAX {
            self.bytes += bytes.len();
            self.all.push(bytes);
        }
    }

    /// Those of another stream of the same file.
    pub(crate) fn append(&mut self, others: Self) {
        for bytes in others.all {
            if bytes.is_empty() { self.unread() } else { self.add(bytes) }
        }
    }

    /// A picture that is there and cannot be read.
    pub(crate) fn unread(&mut self) {
        if self.all.len() <= OCR_PICTURES_MAX {
            self.all.push(Vec::new());
        }
    }

    /// Hands them out, after the file itself was told.
    pub(crate) fn hand_out(self, work: &mut Work, file: &File<'_>) {
        for (number, bytes) in (1..).zip(&self.all) {
            if !work.has_room_for_picture(file) {
                return;
            }
            let name = format!("picture {number}");
            let part = file.part.member(&name);
            let inner = File { part, name: &name, declared: "", bytes, depth: file.depth + 1 };
            match detect("", bytes) {
                Format::Image(kind) => work.picture(&inner, kind),
                _ => work.unread_picture(&inner, "application/octet-stream"),
            }
        }
    }
}

/// A bitmap without its file's header ([MS-WMF] §2.2.2.9), with one: where its pixels begin is told by its size and colours.
pub(crate) fn bmp(dib: &[u8]) -> Option<Vec<u8>> {
    let header = size_at(dib, 0)?;
    let (bits, entry, told) = match header {
        12 => (u16_at(dib, 10)?, 3, 0),
        40..=124 => (u16_at(dib, 14)?, 4, size_at(dib, 32)?),
        _ => return None,
    };
    let colours = match (told, bits) {
        (0, 1..=8) => 1_usize << bits,
        (told, _) => told.min(256),
    };
    // Three masks stand between an old header and the pixels ([MS-WMF] §2.1.1.7, `BI_BITFIELDS`).
    let masks = if header == 40 && u32_at(dib, 16) == Some(3) { 12 } else { 0 };
    let start = header + colours * entry + masks;
    if start > dib.len() {
        return None;
    }
    let word = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_le_bytes();
    Some([b"BM", word(14 + dib.len()).as_slice(), &[0; 4], &word(14 + start), dib].concat())
}

/// Kinds of pictures in drawings ([MS-ODRAW] §2.2.23 and following): type of record, instance with one identifier, with two
/// where the number is one higher.
const BLIPS: [(u16, u16, Blip); 8] = [
    (0xf01a, 0x3d4, Blip::Drawn),
    (0xf01b, 0x216, Blip::Drawn),
    (0xf01c, 0x542, Blip::Drawn),
    (0xf01d, 0x46a, Blip::File),
    (0xf01d, 0x6e2, Blip::File),
    (0xf01e, 0x6e0, Blip::File),
    (0xf01f, 0x7a8, Blip::Bitmap),
    (0xf029, 0x6e4, Blip::File),
];

#[derive(Clone, Copy)]
enum Blip {
    /// PNG, JPEG, TIFF.
    File,
    /// A bitmap without its file's header.
    Bitmap,
    /// Lines and words drawn one by one (EMF, WMF, PICT): not read here.
    Drawn,
}

/// A point of the shorter side of an ornament, in the units of drawings: 64 pixels at 96 an inch.
const ORNAMENT_EMU: u32 = 64 * 9_525;

/// The pictures of a stream that holds drawings, wherever they stand in it: every record of a picture is known by its head.
pub(crate) fn of_drawings(stream: &[u8], pictures: &mut Pictures) {
    let mut from = 0;
    while let Some(found) = memchr::memchr(0xf0, stream.get(from..).unwrap_or_default()) {
        // The byte found ends the type: two bytes of version and instance, and the type's other byte, stand before it.
        let end = from + found;
        from = end + 1;
        let Some(start) = end.checked_sub(3) else { continue };
        if let Some(length) = blip(stream, start, pictures) {
            from = start.saturating_add(8).saturating_add(length);
        }
    }
}

/// One record; its length when it is one.
fn blip(stream: &[u8], start: usize, pictures: &mut Pictures) -> Option<usize> {
    let (head, kind) = (u16_at(stream, start)?, u16_at(stream, start + 2)?);
    let length = size_at(stream, start + 4)?;
    let instance = head >> 4;
    let is_one = |(known, first, _): &&(u16, u16, Blip)| {
        head & 0x0f == 0 && *known == kind && (instance == *first || instance == *first + 1)
    };
    let (_, first, blip) = BLIPS.iter().find(is_one)?;
    let body = stream.get(start + 8..)?;
    // What claims more than there is, is read as far as it goes.
    let body = slice(body, 0, length.min(body.len()));
    let identifiers = if instance == *first { 16 } else { 32 };
    match blip {
        Blip::Drawn => {
            let side = |at| u32_at(body, identifiers + at);
            let (width, height) = (side(20)?, side(24)?);
            if width.min(height) >= ORNAMENT_EMU {
                pictures.unread();
            }
        }
        Blip::File => {
            let bytes = body.get(identifiers + 1..)?;
            matches!(detect("", bytes), Format::Image(_)).then(|| pictures.add(bytes.to_vec()))?;
        }
        Blip::Bitmap => {
            u8_at(body, identifiers)?;
            pictures.add(bmp(body.get(identifiers + 1..)?)?);
        }
    }
    Some(length.min(stream.len()))
}

/// The pictures that a page carries in its addresses. What is no picture, whatever it says, is one that was not read; so are words
/// drawn as lines. `is_drawing`: the page is such a drawing itself, and told as one.
pub(crate) fn of_page(page: &Html<Untrusted>, is_drawing: bool, pictures: &mut Pictures) {
    for bytes in page.pictures() {
        match detect("", bytes) {
            Format::Svg | Format::Html if is_drawing => {}
            Format::Image(_) => pictures.add(bytes.clone()),
            _ => pictures.unread(),
        }
    }
}
