//! PNG and GIF, and the frames behind their first picture, drawn one over the other as they are shown.

use std::io::Cursor;
use std::num::NonZeroU64;

use gif::{ColorOutput, DecodeOptions, DisposalMethod, MemoryLimit};
use png::{BlendOp, ColorType, Decoder, DisposeOp, Limits, Transformations};
use vocabulary::bounds::OCR_PIXELS_MAX;

use super::canvas::{Area, Canvas, Shades};
use super::{FRAMES_MAX, Said, codes, pay, still};

/// Memory that a decoder takes besides the pixels, bytes.
const DECODER_BYTES_MAX: usize = 200 * 1024 * 1024;
/// Pixels that differ, and by how much, before a frame shows something that the last one did not: a short word has more.
const CHANGED_MIN: usize = 300;
const CHANGED_SHADES: u8 = 48;

/// Reads a PNG or a GIF.
pub(super) fn read(bytes: &[u8], left: &mut u64, said: &mut Said) {
    let mut film = Film { bytes, left, said, count: 0, last: None, handed: 0 };
    // What breaks off is shown as far as it goes.
    let _ = if bytes.starts_with(b"G") { film.gif() } else { film.png() };
}

/// A WebP of several frames: not decoded here.
pub(super) fn is_film(bytes: &[u8]) -> bool {
    bytes.get(8..12) == Some(b"WEBP") && memchr::memmem::find_iter(bytes, b"ANMF").nth(1).is_some()
}

struct Film<'a> {
    bytes: &'a [u8],
    left: &'a mut u64,
    said: &'a mut Said,
    /// Frames shown so far.
    count: usize,
    /// The last frame that was looked at.
    last: Option<Shades>,
    handed: usize,
}

impl Film<'_> {
    /// One frame as it is shown; whether others are worth decoding.
    fn show(&mut self, canvas: &Canvas) -> bool {
        self.count += 1;
        let shades = canvas.shades();
        match &self.last {
            None => still(canvas, self.bytes, self.said),
            Some(last) if !differs(last, &shades) => return true,
            Some(_) if self.handed >= FRAMES_MAX => {
                self.said.is_cut = true;
                return false;
            }
            Some(_) => {
                self.handed += 1;
                codes::read(&shades, self.said);
                self.said.hand(format!("frame {}", self.count), &shades);
            }
        }
        self.last = Some(shades);
        true
    }

    fn gif(&mut self) -> Option<()> {
        let mut options = DecodeOptions::new();
        options.set_color_output(ColorOutput::RGBA);
        options
            .set_memory_limit(MemoryLimit::Bytes(NonZeroU64::new(u64::try_from(DECODER_BYTES_MAX).ok()?)?));
        let mut decoder = options.read_info(Cursor::new(self.bytes)).ok()?;
        let size = mail::picture::size(self.bytes)?;
        let mut canvas: Option<Canvas> = None;
        loop {
            let pixels = match decoder.next_frame_info() {
                Ok(Some(frame)) => (u32::from(frame.width), u32::from(frame.height)),
                Ok(None) | Err(_) => return None,
            };
            let paid = if canvas.is_some() { pixels } else { size };
            if !pay(paid, OCR_PIXELS_MAX, self.left, self.said) {
                return None;
            }
            let mut buffer = vec![0; decoder.buffer_size()];
            decoder.read_into_buffer(&mut buffer).ok()?;
            let frame = decoder.current_frame_info()?;
            let area = Area {
                left: frame.left.into(),
                top: frame.top.into(),
                width: frame.width.into(),
                height: frame.height.into(),
            };
            let dispose = frame.dispose;
            let canvas = match &mut canvas {
                Some(canvas) => canvas,
                None => canvas.insert(Canvas::white(size)?),
            };
            let before = (dispose == DisposalMethod::Previous).then(|| canvas.copy(area));
            canvas.paint(area, &buffer, true);
            if !self.show(canvas) {
                return None;
            }
            match (dispose, before) {
                (DisposalMethod::Background, _) => canvas.clear(area),
                (_, Some(before)) => canvas.paint(area, &before, false),
                _ => {}
            }
        }
    }

    fn png(&mut self) -> Option<()> {
        let mut decoder =
            Decoder::new_with_limits(Cursor::new(self.bytes), Limits { bytes: DECODER_BYTES_MAX });
        decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
        decoder.set_ignore_text_chunk(true);
        decoder.ignore_checksums(true);
        let mut reader = decoder.read_info().ok()?;
        let size = (reader.info().width, reader.info().height);
        let frames = reader.info().animation_control.map_or(0, |control| control.num_frames);
        // The picture that programs show that know of no frames may be none of them.
        let mut rest = if reader.info().frame_control.is_some() { frames } else { frames.saturating_add(1) };
        let mut canvas: Option<Canvas> = None;
        while rest > 0 {
            rest -= 1;
            let control = reader.info().frame_control.filter(|_| canvas.is_some());
            let paid = control.map_or(size, |control| (control.width, control.height));
            if !pay(paid, OCR_PIXELS_MAX, self.left, self.said) {
                return None;
            }
            let mut buffer = vec![0; reader.output_buffer_size()?];
            let output = reader.next_frame(&mut buffer).ok()?;
            let control = reader.info().frame_control;
            buffer.truncate(output.buffer_size());
            let pixels = opaque(output.color_type, buffer)?;
            let whole = Area {
                left: 0,
                top: 0,
                width: usize::try_from(output.width).ok()?,
                height: usize::try_from(output.height).ok()?,
            };
            let area = control.map_or(Some(whole), |control| {
                Some(Area {
                    left: usize::try_from(control.x_offset).ok()?,
                    top: usize::try_from(control.y_offset).ok()?,
                    ..whole
                })
            })?;
            let canvas = match &mut canvas {
                Some(canvas) => canvas,
                None => canvas.insert(Canvas::white(size)?),
            };
            let (over, dispose) = control.map_or((false, DisposeOp::None), |control| {
                (control.blend_op == BlendOp::Over, control.dispose_op)
            });
            let before = (dispose == DisposeOp::Previous).then(|| canvas.copy(area));
            canvas.paint(area, &pixels, over);
            if !self.show(canvas) {
                return None;
            }
            match (dispose, before) {
                (DisposeOp::Background, _) => canvas.clear(area),
                (_, Some(before)) => canvas.paint(area, &before, false),
                _ => {}
            }
            if self.count == 1 && control.is_none() {
                // Nothing of it stands below the frames.
                *canvas = Canvas::white(size)?;
            }
        }
        None
    }
}

/// Pixels of red, green, blue and how opaque they are.
fn opaque(kind: ColorType, bytes: Vec<u8>) -> Option<Vec<u8>> {
    Some(match kind {
        ColorType::Rgba => bytes,
        ColorType::Rgb => bytes.as_chunks::<3>().0.iter().flat_map(|[r, g, b]| [*r, *g, *b, 255]).collect(),
        ColorType::Grayscale => bytes.iter().flat_map(|grey| [*grey, *grey, *grey, 255]).collect(),
        ColorType::GrayscaleAlpha => {
            bytes.as_chunks::<2>().0.iter().flat_map(|[grey, alpha]| [*grey, *grey, *grey, *alpha]).collect()
        }
        // Expanded before.
        ColorType::Indexed => return None,
    })
}

/// Whether a frame shows something that the last one did not.
fn differs(last: &Shades, now: &Shades) -> bool {
    let changed = last.shades.iter().zip(&now.shades).filter(|(a, b)| a.abs_diff(**b) >= CHANGED_SHADES);
    changed.count() >= CHANGED_MIN
}
