//! Codes of squares (QR, ISO/IEC 18004): what stands in them is a text of the picture. EPC payment codes hold account numbers.

use rqrr::PreparedImage;

use super::canvas::Shades;
use super::{Said, corners};

/// Pixels among which codes are looked for; a larger picture is made smaller.
const PIXELS_MAX: usize = 4_000_000;
/// Corners of codes, each held against each other on a copy of the picture: pixels times the square of the corners. A
/// thousand million take a second.
const WORK_MAX: usize = 1_000_000_000;
/// Codes read in one picture.
const CODES_MAX: usize = 20;

/// Reads the codes of a picture; one that is there and cannot be read is told.
pub(super) fn read(shades: &Shades, said: &mut Said) {
    let pixels = shades.width * shades.height;
    let times = (1..).find(|times| pixels / (times * times) <= PIXELS_MAX).unwrap_or(1);
    let smaller;
    let shades = if times > 1 {
        smaller = shades.smaller(times);
        &smaller
    } else {
        shades
    };
    // Dark on light, as readers know them; else light on dark.
    if !found(shades, 0, said) {
        found(shades, 255, said);
    }
}

/// Whether there is a code among the shades, each turned round by `flip`.
fn found(shades: &Shades, flip: u8, said: &mut Said) -> bool {
    let corners = corners::count(shades, flip);
    if corners.pow(2).saturating_mul(shades.width * shades.height) > WORK_MAX {
        said.is_cut = true;
        return true;
    }
    let mut image =
        PreparedImage::prepare_from_greyscale(shades.width, shades.height, |x, y| shades.at(x, y) ^ flip);
    let grids = image.detect_grids();
    for grid in &grids {
        let mut text = Vec::new();
        if grid.decode_to(&mut text).is_err() {
            said.is_cut = true;
        } else if !text.is_empty() && !said.codes.contains(&text) {
            if said.codes.len() >= CODES_MAX {
                said.is_cut = true;
                break;
            }
            said.codes.push(text);
        }
    }
    !grids.is_empty()
}
