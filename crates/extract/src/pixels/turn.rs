//! Photographs that their readers turn: the camera says how it was held (EXIF 2.3 §4.6.4, tag 274).

use super::canvas::Shades;

/// Entries of a directory looked at.
const ENTRIES_MAX: usize = 200;
/// Segments of a JPEG, chunks of a PNG or WebP looked at.
const PIECES_MAX: usize = 200;
const ORIENTATION: u16 = 274;

/// Whether readers show the picture otherwise than it stands in the file.
pub(crate) fn is_turned(bytes: &[u8]) -> bool {
    orientation(bytes).is_some_and(|how| how != 1)
}

/// The picture as readers turn it, where they do.
pub(super) fn turned(bytes: &[u8], shades: &Shades) -> Option<Shades> {
    let how = orientation(bytes).filter(|how| *how != 1)?;
    let Shades { width, height, .. } = *shades;
    let is_on_its_side = how >= 5;
    let (wide, high) = if is_on_its_side { (height, width) } else { (width, height) };
    let mut out = Vec::with_capacity(shades.shades.len());
    for y in 0..high {
        for x in 0..wide {
            let (right, down) = (width - 1, height - 1);
            // Where the pixel that is shown here stands in the file.
            let (column, row) = match how {
                2 => (right - x, y),
                3 => (right - x, down - y),
                4 => (x, down - y),
                5 => (y, x),
                6 => (y, down - x),
                7 => (right - y, down - x),
                _ => (right - y, x),
            };
            out.push(shades.at(column, row));
        }
    }
    Some(Shades { width: wide, height: high, shades: out })
}

/// What the file says: 1 to 8.
fn orientation(bytes: &[u8]) -> Option<u16> {
    let found = match bytes {
        [0xFF, 0xD8, rest @ ..] => of_jpeg(rest),
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, rest @ ..] => of_png(rest),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', rest @ ..] => of_webp(rest),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => of_tiff(bytes),
        _ => None,
    };
    found.filter(|how| (1..=8).contains(how))
}

fn of_jpeg(mut rest: &[u8]) -> Option<u16> {
    for _ in 0..PIECES_MAX {
        let [0xFF, marker, after @ ..] = rest else { return None };
        if *marker == 0xFF {
            rest = rest.get(1..)?;
            continue;
        }
        // Where the picture itself begins.
        if *marker == 0xDA {
            return None;
        }
        let length = usize::from(u16::from_be_bytes(*after.first_chunk()?)).max(2);
        let segment = after.get(2..length.min(after.len())).unwrap_or_default();
        if *marker == 0xE1
            && let Some(tiff) = segment.strip_prefix(b"Exif\0\0")
        {
            return of_tiff(tiff);
        }
        rest = after.get(length..)?;
    }
    None
}

fn of_png(mut rest: &[u8]) -> Option<u16> {
    for _ in 0..PIECES_MAX {
        let (length, after) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        if let Some(data) = after.strip_prefix(b"eXIf") {
            return of_tiff(data.get(..length.min(data.len()))?);
        }
        rest = after.get(length.checked_add(8)?..)?;
    }
    None
}

fn of_webp(mut rest: &[u8]) -> Option<u16> {
    for _ in 0..PIECES_MAX {
        let (kind, after) = rest.split_first_chunk::<4>()?;
        let (length, data) = after.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        if kind == b"EXIF" {
            let data = data.get(..length.min(data.len()))?;
            return of_tiff(data.strip_prefix(b"Exif\0\0").unwrap_or(data));
        }
        rest = data.get(length.checked_add(length % 2)?..)?;
    }
    None
}

/// The first directory of a TIFF.
fn of_tiff(tiff: &[u8]) -> Option<u16> {
    let is_little = match tiff {
        [b'I', b'I', ..] => true,
        [b'M', b'M', ..] => false,
        _ => return None,
    };
    let short =
        |bytes: [u8; 2]| if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) };
    let long = |bytes: [u8; 4]| if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) };
    let directory = tiff.get(usize::try_from(long(*tiff.get(4..)?.first_chunk()?)).ok()?..)?;
    let (count, entries) = directory.split_first_chunk::<2>()?;
    let entries = entries.as_chunks::<12>().0.iter().take(usize::from(short(*count)).min(ENTRIES_MAX));
    for [t1, t2, _, _, _, _, _, _, v1, v2, v3, v4] in entries {
        if short([*t1, *t2]) == ORIENTATION {
            // A number of two bytes, or of four.
            let value = short([*v1, *v2]);
            return Some(if value == 0 { short([*v3, *v4]) } else { value });
        }
    }
    None
}
