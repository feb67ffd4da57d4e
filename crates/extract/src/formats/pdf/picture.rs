//! The pictures that pages show, handed out to be read: each as a file of a format that is known, under the name of its page.

use std::collections::BTreeSet;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream};
use vocabulary::bounds::{OCR_BESIDE_TEXT_MAX, OCR_PICTURES_MAX, OCR_PIXELS_MAX, OCR_SIDE_MIN};

use super::{samples, stream};
use crate::work::{File, Work};

/// Areas and lines painted on a page without text that may be words drawn as shapes.
const PAINTS_OF_WORDS: usize = 100;

/// What one page draws besides text.
#[derive(Default)]
pub(super) struct Drawn<'a> {
    pictures: Vec<(Option<ObjectId>, &'a Stream)>,
    /// Pictures that stand in the page's own stream.
    pub(super) inline: usize,
    /// Areas and lines.
    pub(super) paints: usize,
}

impl<'a> Drawn<'a> {
    pub(super) fn picture(&mut self, id: Option<ObjectId>, stream: &'a Stream) {
        if self.pictures.len() <= OCR_PICTURES_MAX {
            self.pictures.push((id, stream));
        }
    }

    /// Whether something on the page may be read by its looks.
    pub(super) fn is_picture(&self) -> bool {
        !self.pictures.is_empty() || self.inline > 0 || self.paints > PAINTS_OF_WORDS
    }
}

/// The pictures of all pages, each object once.
#[derive(Default)]
pub(super) struct Pictures<'a> {
    /// Of pages without text; a page whose pictures all stood before has none.
    bare: Vec<(usize, Drawn<'a>)>,
    /// Of pages with text.
    beside: Vec<(usize, &'a Stream)>,
    seen: BTreeSet<ObjectId>,
}

impl<'a> Pictures<'a> {
    pub(super) fn page(&mut self, number: usize, mut drawn: Drawn<'a>, has_text: bool) {
        if !has_text && drawn.is_picture() {
            let had = !drawn.pictures.is_empty();
            drawn.pictures.retain(|(id, _)| id.is_none_or(|id| self.seen.insert(id)));
            if !(had && drawn.pictures.is_empty()) && self.bare.len() <= OCR_PICTURES_MAX {
                self.bare.push((number, drawn));
            }
        } else if has_text {
            for (id, stream) in drawn.pictures {
                if id.is_none_or(|id| self.seen.insert(id)) && self.beside.len() < OCR_BESIDE_TEXT_MAX {
                    self.beside.push((number, stream));
                }
            }
        }
    }

    /// Hands them out: first those of pages that have no text, each of which is told, read or not.
    pub(super) fn hand_out(self, work: &mut Work, file: &File<'_>, document: &Document) {
        for (number, drawn) in self.bare {
            let mut told = 0;
            for (_, stream) in drawn.pictures {
                if !work.has_room_for_picture(file) {
                    return;
                }
                told += usize::from(one(work, file, document, (number, told), stream));
            }
            // Slices, shapes, what stands in the page's own stream: not put together here.
            if told == 0 || drawn.inline > 0 {
                if !work.has_room_for_picture(file) {
                    return;
                }
                named(file, (number, told), &[], |page| {
                    work.unread_picture(page, "application/octet-stream")
                });
            }
        }
        let mut before = (0, 0);
        for (number, stream) in self.beside {
            before = (number, if before.0 == number { before.1 } else { 0 });
            if !work.has_room_for_picture(file) {
                return;
            }
            before.1 += usize::from(one(work, file, document, before, stream));
        }
    }
}

/// Hands out one picture; whether it was told, not being an ornament.
fn one(
    work: &mut Work,
    file: &File<'_>,
    document: &Document,
    place: (usize, usize),
    stream: &Stream,
) -> bool {
    match make(document, stream, &mut work.pixels) {
        Made::Small => return false,
        Made::Picture(bytes, kind) => named(file, place, &bytes, |page| work.picture(page, kind)),
        Made::Not => {
            named(file, place, &[], |page| work.unread_picture(page, "application/octet-stream"));
        }
    }
    true
}

/// The file that a picture of a page is: `page 3`, `page 3 (2)`.
fn named(file: &File<'_>, (number, nth): (usize, usize), bytes: &[u8], tell: impl FnOnce(&File<'_>)) {
    let name = if nth == 0 { format!("page {number}") } else { format!("page {number} ({})", nth + 1) };
    let part = file.part.member(&name);
    tell(&File { part, name: &name, declared: "", bytes, depth: file.depth + 1 });
}

/// What became of a picture.
enum Made {
    Small,
    Picture(Vec<u8>, &'static str),
    /// A format that is not read, too large, broken.
    Not,
}

fn make(document: &Document, stream: &Stream, pixels: &mut u64) -> Made {
    let number = |long: &[u8], short: &[u8]| number(document, &stream.dict, long, short);
    let (Some(width), Some(height)) = (number(b"Width", b"W"), number(b"Height", b"H")) else {
        return Made::Not;
    };
    let (Ok(width), Ok(height)) = (u32::try_from(width), u32::try_from(height)) else { return Made::Not };
    if width.min(height) < OCR_SIDE_MIN {
        return Made::Small;
    }
    let size = u64::from(width) * u64::from(height);
    if size > OCR_PIXELS_MAX {
        return Made::Not;
    }
    let (decoded, filter) = stream::decode_picture(document, stream);
    let bytes = decoded.bytes;
    match filter.as_ref().map(|filter| (filter.name.as_slice(), filter.parameters.as_ref())) {
        Some((b"DCTDecode" | b"DCT", _)) => Made::Picture(bytes, "image/jpeg"),
        Some((b"JPXDecode", _)) => Made::Picture(bytes, "image/jp2"),
        Some((b"CCITTFaxDecode" | b"CCF", parameters)) => {
            let is_inverted = samples::is_inverted(document, &stream.dict);
            fax(document, parameters, height, is_inverted, &bytes)
                .map_or(Made::Not, |tiff| Made::Picture(tiff, "image/tiff"))
        }
        Some(_) => Made::Not,
        None => {
            let Some(left) = pixels.checked_sub(size) else { return Made::Not };
            *pixels = left;
            match samples::png(document, &stream.dict, (width, height), &bytes) {
                Some(png) => Made::Picture(png, "image/png"),
                None => Made::Not,
            }
        }
    }
}

pub(super) fn number(document: &Document, of: &Dictionary, long: &[u8], short: &[u8]) -> Option<i64> {
    let object = of.get(long).or_else(|_| of.get(short)).ok()?;
    document.dereference(object).ok()?.1.as_i64().ok()
}

/// A fax (ITU-T T.4, T.6) as TIFF of one strip: its reader finds the code as it stands. `None` for lines that begin on
/// whole bytes, which TIFF cannot say.
fn fax(
    document: &Document,
    parameters: Option<&Dictionary>,
    height: u32,
    is_inverted: bool,
    bytes: &[u8],
) -> Option<Vec<u8>> {
    let told = |key: &[u8]| parameters.and_then(|parameters| number(document, parameters, key, b""));
    let is_set = |key: &[u8]| {
        let object = parameters.and_then(|parameters| parameters.get(key).ok());
        object.is_some_and(|object| matches!(document.dereference(object), Ok((_, Object::Boolean(true)))))
    };
    if is_set(b"EncodedByteAlign") {
        return None;
    }
    let k = told(b"K").unwrap_or(0);
    let columns = told(b"Columns").and_then(|columns| u32::try_from(columns).ok()).unwrap_or(1_728);
    // Black is what the code calls black, unless the file turns it round once.
    let black_is_one = u32::from(is_set(b"BlackIs1") != is_inverted);
    let entries: [(u16, u32); 10] = [
        (256, columns),
        (257, height),
        (258, 1),
        (259, if k < 0 { 4 } else { 3 }),
        (262, black_is_one),
        (273, 8),
        (277, 1),
        (278, height),
        (279, u32::try_from(bytes.len()).unwrap_or(u32::MAX)),
        (if k < 0 { 293 } else { 292 }, u32::from(k > 0)),
    ];
    // Directories stand on even places.
    let padding: &[u8] = if bytes.len() % 2 == 1 { &[0] } else { &[] };
    let directory = 8_u32.saturating_add(u32::try_from(bytes.len() + padding.len()).unwrap_or(u32::MAX));
    let mut tiff = [b"II\x2A\0".as_slice(), &directory.to_le_bytes(), bytes, padding].concat();
    tiff.extend([10, 0]);
    for (tag, value) in entries {
        // A number of 32 bits, once.
        tiff.extend([&tag.to_le_bytes()[..], &[4, 0, 1, 0, 0, 0], &value.to_le_bytes()].concat());
    }
    tiff.extend([0; 4]);
    Some(tiff)
}
