//! How large a picture says it is: the little of its header that tells, before anybody decodes it.

use vocabulary::bounds::OCR_SIDE_MIN;

/// Sides in pixels of the smallest picture that holds a line of text.
const STRIP_WIDTH_MIN: u32 = 200;
const STRIP_HEIGHT_MIN: u32 = 12;
/// Markers of a JPEG looked at before its size.
const MARKERS_MAX: usize = 200;
/// Directories of a TIFF looked at, and entries of each.
const DIRECTORIES_MAX: usize = 100;
const ENTRIES_MAX: usize = 100;
/// Bytes at the start of a JPEG 2000 file in which its size stands.
const HEADER_BYTES: usize = 512;

/// Width and height in pixels; `None` for other formats, and for what is cut short.
#[must_use]
pub fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes {
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, rest @ ..] => png(rest),
        [0xFF, 0xD8, rest @ ..] => jpeg(rest),
        [b'I', b'I', 42, 0, ..] => tiff(bytes, u16::from_le_bytes, u32::from_le_bytes),
        [b'M', b'M', 0, 42, ..] => tiff(bytes, u16::from_be_bytes, u32::from_be_bytes),
        [b'G', b'I', b'F', b'8', _, b'a', rest @ ..] => gif(rest),
        [b'B', b'M', ..] => bmp(bytes),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', rest @ ..] => webp(rest),
        [0, 0, 0, 12, b'j', b'P', b' ', b' ', rest @ ..] => jp2(rest),
        [0xFF, 0x4F, 0xFF, 0x51, rest @ ..] => codestream(rest),
        _ => None,
    }
}

/// So small that nothing is written in it: lines, dots, marks that tell who opened a message. A line of text cut out of a screen
/// is low and wide, and none.
#[must_use]
pub fn is_ornament(bytes: &[u8]) -> bool {
    size(bytes).is_some_and(|(width, height)| is_small(width, height))
}

/// The same, of sides in pixels.
pub(crate) fn is_small(width: u32, height: u32) -> bool {
    let is_strip = width >= STRIP_WIDTH_MIN && height >= STRIP_HEIGHT_MIN;
    width.min(height) < OCR_SIDE_MIN && !is_strip
}

/// The header is the first chunk: length, `IHDR`, width, height.
fn png(rest: &[u8]) -> Option<(u32, u32)> {
    let header = rest.get(4..16)?.strip_prefix(b"IHDR")?;
    let (width, height) = header.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*width), u32::from_be_bytes(*height.first_chunk()?)))
}

/// Segments by their lengths, up to the one that begins a frame.
fn jpeg(mut rest: &[u8]) -> Option<(u32, u32)> {
    for _ in 0..MARKERS_MAX {
        let [0xFF, marker, after @ ..] = rest else { return None };
        match marker {
            // Padding before a marker.
            0xFF => rest = rest.get(1..)?,
            // Frames; C4, C8 and CC are tables.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let [_, _, _, h1, h2, w1, w2, ..] = after else { return None };
                let side = |a: &u8, b: &u8| u32::from(u16::from_be_bytes([*a, *b]));
                return Some((side(w1, w2), side(h1, h2)));
            }
            _ => {
                let length = usize::from(u16::from_be_bytes(*after.first_chunk()?));
                rest = after.get(length.max(2)..)?;
            }
        }
    }
    None
}

/// The ground, or the first picture where that is larger: readers make room for it.
fn gif(rest: &[u8]) -> Option<(u32, u32)> {
    let [w1, w2, h1, h2, ..] = rest else { return None };
    let side = |a: &u8, b: &u8| u32::from(u16::from_le_bytes([*a, *b]));
    let (width, height) = (side(w1, w2), side(h1, h2));
    let (first_width, first_height) = first_of_gif(rest).unwrap_or_default();
    Some((width.max(first_width), height.max(first_height)))
}

/// How far the first picture of a GIF reaches, from behind the signature.
fn first_of_gif(rest: &[u8]) -> Option<(u32, u32)> {
    let flags = rest.get(4)?;
    let colours = if flags & 0x80 == 0 { 0 } else { 3 << (usize::from(flags & 7) + 1) };
    let mut rest = rest.get(7 + colours..)?;
    for _ in 0..MARKERS_MAX {
        match rest {
            [0x2C, l1, l2, t1, t2, w1, w2, h1, h2, ..] => {
                let number = |a: &u8, b: &u8| u32::from(u16::from_le_bytes([*a, *b]));
                return Some((number(l1, l2) + number(w1, w2), number(t1, t2) + number(h1, h2)));
            }
            // An extension: blocks, each with its length, up to an empty one.
            [0x21, _, blocks @ ..] => {
                let mut blocks = blocks;
                while let [length @ 1..=255, after @ ..] = blocks {
                    blocks = after.get(usize::from(*length)..)?;
                }
                rest = blocks.get(1..)?;
            }
            _ => return None,
        }
    }
    None
}

/// The largest of the pictures in a TIFF: behind a small first one may stand a page.
fn tiff(bytes: &[u8], short: fn([u8; 2]) -> u16, long: fn([u8; 4]) -> u32) -> Option<(u32, u32)> {
    let number = |at: &[u8]| usize::try_from(long(*at.first_chunk()?)).ok();
    let mut at = number(bytes.get(4..)?)?;
    let mut largest = None;
    for _ in 0..DIRECTORIES_MAX {
        let directory = bytes.get(at..).filter(|_| at != 0).unwrap_or_default();
        let Some(size) = directory_of_tiff(directory, short, long) else { break };
        let pixels = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
        if largest.is_none_or(|largest| pixels(size) > pixels(largest)) {
            largest = Some(size);
        }
        let entries = directory.first_chunk().map_or(0, |count| usize::from(short(*count)));
        let Some(next) = directory.get(2 + entries * 12..).and_then(number) else { break };
        at = next;
    }
    largest
}

/// A directory's width (256) and height (257).
fn directory_of_tiff(
    directory: &[u8],
    short: fn([u8; 2]) -> u16,
    long: fn([u8; 4]) -> u32,
) -> Option<(u32, u32)> {
    let (count, entries) = directory.split_first_chunk::<2>()?;
    let (mut width, mut height) = (None, None);
    for entry in entries.as_chunks::<12>().0.iter().take(usize::from(short(*count)).min(ENTRIES_MAX)) {
        let [t1, t2, k1, k2, _, _, _, _, value @ ..] = entry;
        let value =
            if short([*k1, *k2]) == 3 { u32::from(short(*value.first_chunk()?)) } else { long(*value) };
        match short([*t1, *t2]) {
            256 => width = Some(value),
            257 => height = Some(value),
            _ => {}
        }
    }
    Some((width?, height?))
}

/// The old header has 16-bit sides, the others 32-bit ones; a negative height is a picture from the top down.
fn bmp(bytes: &[u8]) -> Option<(u32, u32)> {
    let word = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    if word(14)? == 12 {
        let sides = word(18)?;
        return Some((sides & 0xFFFF, sides >> 16));
    }
    Some((word(18)?.cast_signed().unsigned_abs(), word(22)?.cast_signed().unsigned_abs()))
}

/// The first chunk: `VP8 ` (RFC 6386 §9.1), `VP8L`, or `VP8X` of an extended file.
fn webp(rest: &[u8]) -> Option<(u32, u32)> {
    let (kind, data) = (rest.get(..4)?, rest.get(8..)?);
    match (kind, data) {
        (b"VP8 ", [_, _, _, 0x9D, 0x01, 0x2A, w1, w2, h1, h2, ..]) => {
            let side = |a: &u8, b: &u8| u32::from(u16::from_le_bytes([*a, *b]) & 0x3FFF);
            Some((side(w1, w2), side(h1, h2)))
        }
        (b"VP8L", [0x2F, a, b, c, d, ..]) => {
            let bits = u32::from_le_bytes([*a, *b, *c, *d]);
            Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
        }
        (b"VP8X", [_, _, _, _, w1, w2, w3, h1, h2, h3, ..]) => {
            let side = |a: &u8, b: &u8, c: &u8| u32::from_le_bytes([*a, *b, *c, 0]) + 1;
            Some((side(w1, w2, w3), side(h1, h2, h3)))
        }
        _ => None,
    }
}

/// The image header box, among the first.
fn jp2(rest: &[u8]) -> Option<(u32, u32)> {
    let boxes = rest.get(..HEADER_BYTES.min(rest.len()))?;
    let after = boxes.get(memchr::memmem::find(boxes, b"ihdr")? + 4..)?;
    let (height, width) = after.split_first_chunk::<4>()?;
    Some((u32::from_be_bytes(*width.first_chunk()?), u32::from_be_bytes(*height)))
}

/// The reference grid of a bare JPEG 2000 stream, less where the picture begins in it.
fn codestream(rest: &[u8]) -> Option<(u32, u32)> {
    let word = |at: usize| Some(u32::from_be_bytes(*rest.get(at..)?.first_chunk()?));
    Some((word(4)?.checked_sub(word(12)?)?, word(8)?.checked_sub(word(16)?)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_size_is_what_the_header_says() {
        let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &[0, 0, 3, 32, 0, 0, 1, 44, 8]].concat();
        assert_eq!(size(&png), Some((800, 300)));
        let jpeg = b"\xFF\xD8\xFF\xE0\x00\x04ab\xFF\xFF\xDB\x00\x02\xFF\xC2\x00\x11\x08\x01\x2C\x03\x20\x03";
        assert_eq!(size(jpeg), Some((800, 300)));
        let little = b"II\x2A\0\x08\0\0\0\x02\0\x00\x01\x03\0\x01\0\0\0\x20\x03\0\0\x01\x01\x04\0\x01\0\0\0\x2C\x01\0\0";
        assert_eq!(size(little), Some((800, 300)));
        let big = b"MM\0\x2A\0\0\0\x08\0\x02\x01\x00\0\x03\0\0\0\x01\x03\x20\0\0\x01\x01\0\x04\0\0\0\x01\0\0\x01\x2C";
        assert_eq!(size(big), Some((800, 300)));
        for cut in 0..png.len() - 1 {
            assert_eq!(size(&png[..cut]), None, "{cut}");
        }
        assert_eq!(size(b"%!PS"), None);
    }

    #[test]
    fn a_line_of_text_is_no_ornament() {
        let gif = |width: u16, height: u16| {
            [b"GIF89a".as_slice(), &width.to_le_bytes(), &height.to_le_bytes()].concat()
        };
        for (width, height, is_small) in [
            (700, 50, false),
            (200, 12, false),
            (600, 11, true),
            (199, 63, true),
            (20, 700, true),
            (64, 64, false),
        ] {
            assert_eq!(is_ornament(&gif(width, height)), is_small, "{width}x{height}");
        }
    }

    #[test]
    fn a_small_first_picture_makes_no_ornament_of_a_large_one() {
        // A ground of one pixel, a colour table, a comment, a picture of 800 by 300.
        let head = [b"GIF89a\x01\0\x01\0\x80\0\0".as_slice(), &[0; 6], b"\x21\xFE\x02ab\0"].concat();
        let gif = [head.as_slice(), b"\x2C\0\0\0\0\x20\x03\x2C\x01\0"].concat();
        assert_eq!((size(&gif), size(&head)), (Some((800, 300)), Some((1, 1))));
        let directory = |width: u8, height: u8, next: u8| {
            let entry = |tag: u8, value: u8| [tag, 1, 3, 0, 1, 0, 0, 0, value, 0, 0, 0];
            [&[2, 0][..], &entry(0, width), &entry(1, height), &[next, 0, 0, 0]].concat()
        };
        let tiff = [b"II\x2A\0\x08\0\0\0".as_slice(), &directory(1, 1, 38), &directory(200, 90, 8)].concat();
        assert_eq!(size(&tiff), Some((200, 90)));
    }

    #[test]
    fn the_size_of_rarer_formats() {
        let (w, h) = ([0x20, 3, 0, 0], [0x2C, 1, 0, 0]);
        assert_eq!(size(b"GIF89a\x20\x03\x2C\x01"), Some((800, 300)));
        let bmp = [b"BM".as_slice(), &[0; 12], &[40, 0, 0, 0], &w, &(-300_i32).to_le_bytes()].concat();
        assert_eq!(size(&bmp), Some((800, 300)));
        let old = [b"BM".as_slice(), &[0; 12], &[12, 0, 0, 0], &w[..2], &h[..2]].concat();
        assert_eq!(size(&old), Some((800, 300)));
        let webp = |kind: &[u8], data: &[u8]| [b"RIFF\0\0\0\0WEBP", kind, &[0; 4], data].concat();
        let lossy = webp(b"VP8 ", &[&[0, 0, 0, 0x9D, 1, 0x2A], &w[..2], &h[..2]].concat());
        assert_eq!(size(&lossy), Some((800, 300)));
        let lossless = webp(b"VP8L", &[&[0x2F], &(799_u32 | 299 << 14).to_le_bytes()[..]].concat());
        assert_eq!(size(&lossless), Some((800, 300)));
        assert_eq!(size(&webp(b"VP8X", &[0, 0, 0, 0, 0x1F, 3, 0, 0x2B, 1, 0])), Some((800, 300)));
        let jp2 =
            [b"\0\0\0\x0CjP  \r\n\x87\n\0\0\0\x16ihdr".as_slice(), &[0, 0, 1, 44, 0, 0, 3, 32]].concat();
        assert_eq!(size(&jp2), Some((800, 300)));
        let grid = [0, 0, 3, 42, 0, 0, 1, 44, 0, 0, 0, 10, 0, 0, 0, 0];
        assert_eq!(size(&[b"\xFF\x4F\xFF\x51\0\0\0\0".as_slice(), &grid].concat()), Some((800, 300)));
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_size_or_none(start in 0_usize..9, bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            let starts: [&[u8]; 9] = [
                b"\x89PNG\r\n\x1a\n", b"\xFF\xD8\xFF", b"II\x2A\0\x08\0\0\0", b"MM\0\x2A\0\0\0\x08",
                b"BM", b"RIFF\0\0\0\0WEBPVP8", b"\0\0\0\x0CjP  ihdr", b"\xFF\x4F\xFF\x51", b"GIF89a\x01\0\x01\0\0\0\0",
            ];
            let _ = size(&[starts[start], &bytes].concat());
        }
    }
}
