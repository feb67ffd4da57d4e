//! The corners of codes: squares of 1, 1, 3, 1 and 1 parts, dark and light by turns, across and down. How many there are says what
//! reading them costs.

use super::canvas::Shades;

/// Corners counted; more are as bad.
const CORNERS_MAX: usize = 400;
/// Pixels of a row of seven parts, at least.
const ACROSS_MIN: usize = 7;

/// How many there are, dark shades and light ones turned round by `flip`.
pub(super) fn count(shades: &Shades, flip: u8) -> usize {
    let (least, most) = shades
        .shades
        .iter()
        .fold((255_u8, 0_u8), |(least, most), shade| (least.min(*shade), most.max(*shade)));
    let middle = u8::midpoint(least, most);
    let is_dark = |x: usize, y: usize| (shades.at(x, y) <= middle) == (flip == 0);
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    for y in 0..shades.height {
        let mut runs = [0_usize; 5];
        let mut dark = false;
        // One behind the end of the row, so that the last run ends.
        for x in 0..=shades.width {
            let is = x < shades.width && is_dark(x, y);
            if is == dark {
                if let Some(run) = runs.last_mut() {
                    *run += 1;
                }
                continue;
            }
            if dark && let Some(part) = part_of(&runs) {
                let [.., third, fourth, fifth] = runs;
                let middle = x - fifth - fourth - third.div_ceil(2);
                let is_known = |(a, b, size): &(usize, usize, usize)| {
                    a.abs_diff(middle) < size * 3 && b.abs_diff(y) < size * 3
                };
                if stands_upright(shades.height, part, y, &|y| is_dark(middle, y))
                    && !found.iter().any(is_known)
                {
                    found.push((middle, y, part));
                    if found.len() >= CORNERS_MAX {
                        return found.len();
                    }
                }
            }
            let [_, second, third, fourth, fifth] = runs;
            runs = [second, third, fourth, fifth, 1];
            dark = is;
        }
    }
    found.len()
}

/// The size of one part, where five runs are of 1, 1, 3, 1 and 1.
fn part_of(runs: &[usize; 5]) -> Option<usize> {
    let whole: usize = runs.iter().sum();
    let fits = |run: usize, parts: usize| (run * 7).abs_diff(parts * whole) * 2 <= parts.min(2) * whole + 7;
    let is_one = runs.iter().zip([1, 1, 3, 1, 1]).all(|(run, parts)| *run > 0 && fits(*run, parts));
    (whole >= ACROSS_MIN && is_one).then_some(whole / 7)
}

/// The same runs, from the middle up and down.
fn stands_upright(height: usize, part: usize, y: usize, is_dark: &dyn Fn(usize) -> bool) -> bool {
    let most = part * 6 + 6;
    let run = |from: usize, down: bool, dark: bool| {
        (0..most)
            .take_while(|step| {
                let at = if down { from.checked_add(*step) } else { from.checked_sub(*step) };
                at.is_some_and(|at| at < height && is_dark(at) == dark)
            })
            .count()
    };
    let side = |down: bool| {
        let own = run(y, down, true);
        let at = |by: usize| if down { Some(y + by) } else { y.checked_sub(by) };
        let light = at(own).map_or(0, |from| run(from, down, false));
        let outer = at(own + light).map_or(0, |from| run(from, down, true));
        (own, light, outer)
    };
    let (up, down) = (side(false), side(true));
    part_of(&[up.2, up.1, (up.0 + down.0).saturating_sub(1), down.1, down.2]).is_some()
}
