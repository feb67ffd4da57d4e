//! Pixels: in colours as they are drawn, in shades as they are read.

use png::{BitDepth, ColorType, Compression, Encoder, Filter};
use vocabulary::bounds::OCR_BYTES_MAX;

/// Shades between the darkest and the lightest part of a picture in which nothing is written that is seen in shades.
const PLAIN_MAX: u8 = 48;
/// Shades of one colour that writing differs from its ground at least: less is the noise of a camera.
const FAINT_MIN: u8 = 10;
/// Of so many pixels one may be lighter or darker than all others without counting.
const OUTLIERS: usize = 2_000;
/// Pixels of a picture that is handed out; larger ones are made smaller.
const HANDED_PIXELS_MAX: usize = 12_000_000;

/// A picture in red, green and blue, on white ground.
pub(super) struct Canvas {
    pub(super) width: usize,
    pub(super) height: usize,
    colours: Vec<u8>,
}

/// A picture in shades of grey: 0 is black.
#[derive(Clone)]
pub(super) struct Shades {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) shades: Vec<u8>,
}

/// Where a frame is drawn.
#[derive(Clone, Copy)]
pub(super) struct Area {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Canvas {
    pub(super) fn white((width, height): (u32, u32)) -> Option<Self> {
        let (width, height) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
        Some(Self { width, height, colours: vec![255; width.checked_mul(height)?.checked_mul(3)?] })
    }

    /// `None` where there are not as many as there should be.
    pub(super) fn of_colours((width, height): (u32, u32), colours: Vec<u8>) -> Option<Self> {
        let (width, height) = (usize::try_from(width).ok()?, usize::try_from(height).ok()?);
        let whole = width.checked_mul(height)?.checked_mul(3)? == colours.len() && !colours.is_empty();
        whole.then_some(Self { width, height, colours })
    }

    /// Draws pixels of red, green, blue and how opaque they are; what is outside is cut off. `over`: what shows through stays.
    pub(super) fn paint(&mut self, area: Area, pixels: &[u8], over: bool) {
        for (row, y) in pixels.chunks_exact(area.width.max(1) * 4).zip(area.top..self.height) {
            let Some(from) = self.place(area.left, y) else { return };
            let room = self.width - area.left;
            let line = self.colours.get_mut(from..from + room * 3).unwrap_or_default();
            for (pixel, to) in row.as_chunks::<4>().0.iter().zip(line.as_chunks_mut::<3>().0) {
                let [red, green, blue, alpha] = *pixel;
                for (colour, to) in [red, green, blue].into_iter().zip(to) {
                    let ground = if over { *to } else { 255 };
                    *to = mixed(colour, ground, alpha);
                }
            }
        }
    }

    /// Where a pixel stands, if it is one.
    fn place(&self, x: usize, y: usize) -> Option<usize> {
        (x < self.width && y < self.height).then(|| (y * self.width + x) * 3)
    }

    /// What stands in an area, to be put back.
    pub(super) fn copy(&self, area: Area) -> Vec<u8> {
        let mut pixels = Vec::new();
        for y in area.top..(area.top + area.height).min(self.height) {
            for x in area.left..area.left + area.width {
                let from = self.place(x, y).and_then(|at| self.colours.get(at..at + 3));
                pixels.extend(from.unwrap_or(&[255; 3]));
                pixels.push(255);
            }
        }
        pixels
    }

    /// Makes an area white.
    pub(super) fn clear(&mut self, area: Area) {
        let row = vec![255; area.width.max(1) * 4];
        for y in area.top..(area.top + area.height).min(self.height) {
            self.paint(Area { top: y, height: 1, ..area }, &row, false);
        }
    }

    pub(super) fn shades(&self) -> Shades {
        let shades = self.colours.as_chunks::<3>().0.iter().map(shade).collect();
        Shades { width: self.width, height: self.height, shades }
    }

    /// Where nothing is seen in shades, the colour in which most is, from black to white.
    pub(super) fn faint(&self) -> Option<Shades> {
        let pixels = self.colours.as_chunks::<3>().0;
        let (least, most) = spread(pixels.iter().map(shade), pixels.len());
        if most - least >= PLAIN_MAX {
            return None;
        }
        let colour = |pixel: &[u8; 3], at: usize| pixel.get(at).copied().unwrap_or(0);
        let spreads =
            (0..3).map(|at| (spread(pixels.iter().map(|pixel| colour(pixel, at)), pixels.len()), at));
        let ((least, most), at) = spreads.max_by_key(|((least, most), _)| most - least)?;
        let range = u16::from(most - least);
        if most - least < FAINT_MIN {
            return None;
        }
        let stretched = |pixel: &[u8; 3]| {
            let above = u16::from(colour(pixel, at).clamp(least, most) - least);
            u8::try_from(above * 255 / range).unwrap_or(255)
        };
        let shades = pixels.iter().map(stretched).collect();
        Some(Shades { width: self.width, height: self.height, shades })
    }
}

/// The darkest and the lightest shade, but for a few.
fn spread(shades: impl Iterator<Item = u8>, count: usize) -> (u8, u8) {
    let mut counts = [0_usize; 256];
    for shade in shades {
        if let Some(count) = counts.get_mut(usize::from(shade)) {
            *count += 1;
        }
    }
    let few = count / OUTLIERS;
    let reached = |mut shades: Box<dyn Iterator<Item = u8>>| {
        let mut seen = 0;
        shades.find(|shade| {
            seen += counts.get(usize::from(*shade)).copied().unwrap_or(0);
            seen > few
        })
    };
    let least = reached(Box::new(0..=255)).unwrap_or(0);
    let most = reached(Box::new((0..=255).rev())).unwrap_or(0);
    (least, most.max(least))
}

/// A colour that shows its ground through.
fn mixed(colour: u8, ground: u8, alpha: u8) -> u8 {
    let (colour, ground, alpha) = (u16::from(colour), u16::from(ground), u16::from(alpha));
    u8::try_from((colour * alpha + ground * (255 - alpha)) / 255).unwrap_or(255)
}

fn shade([red, green, blue]: &[u8; 3]) -> u8 {
    let sum = 77 * u32::from(*red) + 150 * u32::from(*green) + 29 * u32::from(*blue);
    u8::try_from(sum >> 8).unwrap_or(u8::MAX)
}

impl Shades {
    pub(super) fn at(&self, x: usize, y: usize) -> u8 {
        self.shades.get(y * self.width + x).copied().unwrap_or(255)
    }

    /// So many times smaller each way, every shade that of the pixels it stands for.
    pub(super) fn smaller(&self, times: usize) -> Self {
        let times = times.max(1);
        let (width, height) = (self.width.div_ceil(times), self.height.div_ceil(times));
        let mut shades = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let columns = x * times..((x + 1) * times).min(self.width);
                let rows = y * times..((y + 1) * times).min(self.height);
                let count = (columns.len() * rows.len()).max(1);
                let sum: usize = rows
                    .filter_map(|row| {
                        self.shades.get(row * self.width + columns.start..row * self.width + columns.end)
                    })
                    .flat_map(|row| row.iter().map(|shade| usize::from(*shade)))
                    .sum();
                shades.push(u8::try_from(sum / count).unwrap_or(255));
            }
        }
        Self { width, height, shades }
    }

    /// The file of a picture; `None` for one that is too large.
    pub(super) fn png(&self) -> Option<Vec<u8>> {
        let pixels = self.width * self.height;
        if pixels > HANDED_PIXELS_MAX {
            let times = (2..).find(|times| pixels / (times * times) <= HANDED_PIXELS_MAX)?;
            return self.smaller(times).png();
        }
        let mut bytes = Vec::new();
        let (width, height) = (u32::try_from(self.width).ok()?, u32::try_from(self.height).ok()?);
        let mut encoder = Encoder::new(&mut bytes, width, height);
        encoder.set_color(ColorType::Grayscale);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_compression(Compression::Fast);
        encoder.set_filter(Filter::Up);
        encoder.write_header().ok()?.write_image_data(&self.shades).ok()?;
        (bytes.len() <= OCR_BYTES_MAX).then_some(bytes)
    }
}
