//! What a picture says besides the words that Tesseract reads in it as it stands: codes, pictures that stand behind the first one of
//! the file, the picture as EXIF turns it, writing that differs from its ground in colour alone.
//!
//! Runs in the confined child. The decoders are other people's: one that gives up, or panics, has seen nothing, and what is said
//! of the picture without it stands.

mod canvas;
mod codes;
mod corners;
mod frames;
mod turn;

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use vocabulary::bounds::OCR_PIXELS_MAX;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use canvas::{Canvas, Shades};
pub(crate) use turn::is_turned;

/// Pixels of a JPEG that comes in passes: all of it is kept while they do.
const PASSES_PIXELS_MAX: u64 = 16_000_000;
/// Sides of a picture; more is refused before anything is decoded.
const SIDE_MAX: u32 = 32_768;
/// Frames behind the first that are handed out.
const FRAMES_MAX: usize = 8;

/// What one picture says. Pictures are files in shades of grey.
#[derive(Default)]
pub(crate) struct Said {
    /// What stands in its codes, each once.
    pub(crate) codes: Vec<Vec<u8>>,
    /// Other pictures in it, with their names.
    pub(crate) pictures: Vec<(String, Vec<u8>)>,
    /// There is more: a code that cannot be read, a frame too many, a format that is not decoded.
    pub(crate) is_cut: bool,
}

/// Looks at a picture of so many pixels; `left` are those that may still be decoded.
pub(crate) fn look(bytes: &[u8], left: &mut u64) -> Said {
    let looked = catch_unwind(AssertUnwindSafe(|| look_inside(bytes, left)));
    looked.unwrap_or(Said { is_cut: true, ..Said::default() })
}

fn look_inside(bytes: &[u8], left: &mut u64) -> Said {
    let mut said = Said::default();
    match bytes {
        [0x89, b'P', b'N', b'G', ..] | [b'G', b'I', b'F', ..] => frames::read(bytes, left, &mut said),
        [0xFF, 0xD8, ..] => {
            if let Some(canvas) = jpeg(bytes, left, &mut said) {
                still(&canvas, bytes, &mut said);
            }
        }
        _ => said.is_cut = is_turned(bytes) || frames::is_film(bytes),
    }
    said
}

/// A picture of one frame, or the first one.
fn still(canvas: &Canvas, bytes: &[u8], said: &mut Said) {
    let shades = canvas.shades();
    codes::read(&shades, said);
    if let Some(turned) = turn::turned(bytes, &shades) {
        said.hand("turned".to_owned(), &turned);
    }
    if let Some(faint) = canvas.faint() {
        said.hand("contrast".to_owned(), &faint);
    }
}

impl Said {
    fn hand(&mut self, name: String, shades: &Shades) {
        match shades.png() {
            Some(png) => self.pictures.push((name, png)),
            None => self.is_cut = true,
        }
    }
}

/// Pays for pixels that are decoded; what is too large is told.
fn pay((width, height): (u32, u32), most: u64, left: &mut u64, said: &mut Said) -> bool {
    let pixels = u64::from(width) * u64::from(height);
    let paid = left.checked_sub(pixels).filter(|_| pixels <= most && width.max(height) <= SIDE_MAX);
    said.is_cut |= paid.is_none();
    *left = paid.unwrap_or(*left);
    paid.is_some()
}

/// `None` for what is not decoded; too large is told, broken is for Tesseract to say.
fn jpeg(bytes: &[u8], left: &mut u64, said: &mut Said) -> Option<Canvas> {
    let size = mail::picture::size(bytes)?;
    let most = if is_in_passes(bytes) { PASSES_PIXELS_MAX } else { OCR_PIXELS_MAX };
    if !pay(size, most, left, said) {
        return None;
    }
    let side = usize::try_from(SIDE_MAX).unwrap_or(usize::MAX);
    let options = DecoderOptions::new_safe()
        .set_max_width(side)
        .set_max_height(side)
        .jpeg_set_max_scans(64)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(bytes), options);
    let pixels = decoder.decode().ok()?;
    let info = decoder.info()?;
    let size = (u32::from(info.width), u32::from(info.height));
    match decoder.output_colorspace()? {
        ColorSpace::RGB => Canvas::of_colours(size, pixels),
        ColorSpace::Luma => Canvas::of_colours(size, pixels.iter().flat_map(|shade| [*shade; 3]).collect()),
        _ => None,
    }
}

/// A frame that is not written from its top to its bottom at once (SOF2 and its like), anywhere in the file's head.
fn is_in_passes(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(2..).unwrap_or_default();
    while let [0xFF, marker, after @ ..] = rest {
        match marker {
            0xFF => rest = rest.get(1..).unwrap_or_default(),
            0xC0 | 0xC1 => return false,
            0xC2..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => return true,
            _ => {
                let Some(length) = after.first_chunk::<2>() else { return true };
                let length = usize::from(u16::from_be_bytes(*length)).max(2);
                rest = after.get(length..).unwrap_or_default();
            }
        }
    }
    true
}

#[cfg(test)]
mod tests;
