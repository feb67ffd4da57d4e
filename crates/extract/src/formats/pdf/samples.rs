//! A picture that stands in a PDF as bare samples, as PNG in shades of grey: what is written does not ask for colours.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use lopdf::{Dictionary, Document, Object};

use super::picture::number;
use super::stream;

/// Colour spaces within colour spaces.
const SPACES_DEPTH_MAX: usize = 4;
/// Components of one sample.
const COMPONENTS_MAX: usize = 8;

/// How the components of a sample become one shade.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Space {
    Grey,
    Colours,
    /// Inks: each darkens. How many.
    Inks(usize),
    /// The shade of each index.
    Palette(Vec<u8>),
}

impl Space {
    fn components(&self) -> usize {
        match self {
            Self::Grey | Self::Palette(_) => 1,
            Self::Colours => 3,
            Self::Inks(count) => *count,
        }
    }

    /// The shade of components between 0 and 255, or of an index.
    fn shade(&self, sample: &[u8]) -> u8 {
        match (self, sample) {
            (Self::Palette(shades), [index, ..]) => shades.get(usize::from(*index)).copied().unwrap_or(255),
            (Self::Colours, [red, green, blue, ..]) => {
                let sum = 77 * u32::from(*red) + 150 * u32::from(*green) + 29 * u32::from(*blue);
                u8::try_from(sum >> 8).unwrap_or(u8::MAX)
            }
            (Self::Inks(_), inks) => {
                255 - u8::try_from(inks.iter().map(|ink| u32::from(*ink)).sum::<u32>().min(255))
                    .unwrap_or(255)
            }
            (_, [grey, ..]) => *grey,
            (_, []) => 255,
        }
    }
}

/// The picture as PNG; `None` where its samples cannot be told.
pub(super) fn png(
    document: &Document,
    picture: &Dictionary,
    (width, height): (u32, u32),
    samples: &[u8],
) -> Option<Vec<u8>> {
    let is_mask =
        matches!(picture.get(b"ImageMask").or_else(|_| picture.get(b"IM")), Ok(Object::Boolean(true)));
    let bits = if is_mask { 1 } else { number(document, picture, b"BitsPerComponent", b"BPC").unwrap_or(8) };
    let bits = usize::try_from(bits).ok().filter(|bits| matches!(bits, 1 | 2 | 4 | 8 | 16))?;
    let space = match picture.get(b"ColorSpace").or_else(|_| picture.get(b"CS")) {
        Ok(space) if !is_mask => self::space(document, space, SPACES_DEPTH_MAX)?,
        _ => Space::Grey,
    };
    let wide = usize::try_from(width).ok()?;
    let row_bytes = (wide.checked_mul(space.components())?.checked_mul(bits)?).div_ceil(8);
    if samples.len() < row_bytes {
        return None;
    }
    let flip = if is_inverted(document, picture) { 255 } else { 0 };
    let mut rows = ZlibEncoder::new(Vec::new(), Compression::fast());
    let mut row = Vec::with_capacity(wide + 1);
    for number in 0..usize::try_from(height).ok()? {
        row.clear();
        // No filter.
        row.push(0);
        let start = number.checked_mul(row_bytes)?;
        match samples.get(start..start + row_bytes) {
            Some(packed) => shades(packed, bits, &space, flip, wide, &mut row),
            // What is missing at the end is white.
            None => row.resize(wide + 1, 255),
        }
        rows.write_all(&row).ok()?;
    }
    let data = rows.finish().ok()?;
    // Eight bits of grey, in one pass.
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    let chunks = [chunk(b"IHDR", &header), chunk(b"IDAT", &data), chunk(b"IEND", &[])];
    Some([b"\x89PNG\r\n\x1A\n".as_slice(), &chunks.concat()].concat())
}

/// Whether the file turns light and dark round (`Decode`).
pub(super) fn is_inverted(document: &Document, picture: &Dictionary) -> bool {
    let decode = picture.get(b"Decode").or_else(|_| picture.get(b"D")).ok();
    let decode = decode.and_then(|decode| document.dereference(decode).ok());
    let Some((_, Object::Array(range))) = decode else { return false };
    match range.as_slice() {
        [from, to, ..] => from.as_float().unwrap_or(0.0) > to.as_float().unwrap_or(1.0),
        _ => false,
    }
}

/// The shades of one row.
fn shades(packed: &[u8], bits: usize, space: &Space, flip: u8, wide: usize, row: &mut Vec<u8>) {
    let components = space.components();
    if (bits, space) == (8, &Space::Grey) {
        return row.extend(packed.iter().map(|grey| grey ^ flip));
    }
    // An index stands for itself; a component for a part of the whole.
    let is_index = matches!(space, Space::Palette(_));
    let mut sample = [0; COMPONENTS_MAX];
    for at in 0..wide {
        for (component, value) in (0..components).zip(sample.iter_mut()) {
            let bit = (at * components + component) * bits;
            let byte = packed.get(bit / 8).copied().unwrap_or(0);
            *value = match bits {
                // Of two bytes the first tells.
                8 | 16 => byte,
                _ => {
                    let most = (1_u16 << bits) - 1;
                    let raw = u16::from(byte >> (8 - bits - bit % 8)) & most;
                    let value = if is_index { raw } else { raw * 255 / most };
                    u8::try_from(value).unwrap_or(u8::MAX)
                }
            };
        }
        let shade = space.shade(sample.get(..components).unwrap_or_default());
        row.push(if is_index { shade } else { shade ^ flip });
    }
}

fn space(document: &Document, object: &Object, depth: usize) -> Option<Space> {
    let (_, object) = document.dereference(object).ok()?;
    if depth == 0 {
        return None;
    }
    if let Object::Name(name) = object {
        return named(name);
    }
    let family = object.as_array().ok()?;
    let inner = |at: usize| family.get(at).and_then(|object| Some(document.dereference(object).ok()?.1));
    match inner(0)?.as_name().ok()? {
        b"ICCBased" => match inner(1)?.as_stream().ok()?.dict.get(b"N").and_then(Object::as_i64).ok()? {
            1 => Some(Space::Grey),
            3 => Some(Space::Colours),
            4 => Some(Space::Inks(4)),
            _ => None,
        },
        b"Indexed" | b"I" => {
            let base = space(document, family.get(1)?, depth - 1)?;
            let table = match inner(3)? {
                Object::String(bytes, _) => bytes.clone(),
                Object::Stream(table) => stream::decode(document, table).bytes,
                _ => return None,
            };
            Some(Space::Palette(table.chunks_exact(base.components()).map(|one| base.shade(one)).collect()))
        }
        b"Separation" => Some(Space::Inks(1)),
        b"DeviceN" => {
            let count = inner(1)?.as_array().ok()?.len();
            (1..=COMPONENTS_MAX).contains(&count).then_some(Space::Inks(count))
        }
        name => named(name),
    }
}

fn named(name: &[u8]) -> Option<Space> {
    match name {
        b"DeviceGray" | b"G" | b"CalGray" => Some(Space::Grey),
        b"DeviceRGB" | b"RGB" | b"CalRGB" => Some(Space::Colours),
        b"DeviceCMYK" | b"CMYK" | b"CalCMYK" => Some(Space::Inks(4)),
        _ => None,
    }
}

/// Length, kind, data, checksum of both (PNG §5.3).
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut sum = Crc::new();
    sum.update(kind);
    sum.update(data);
    let length = u32::try_from(data.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], kind, data, &sum.sum().to_be_bytes()].concat()
}
