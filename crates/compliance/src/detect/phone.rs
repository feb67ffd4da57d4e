//! Telephone numbers, as France dials them or with a country's code.
//!
//! Source: plan national de numérotation (ARCEP, décision n° 2019-0954); ITU-T E.164 for the length. There is no check digit: what
//! counts is how many there are. A short list of groups keeps dates, amounts and references out.

use super::digits::Digits;
use super::edges;
use super::fold::{Folded, before, from};
use super::{Found, PHONE};

/// Digits of an international number without its country's code (E.164 allows fifteen in all).
const INTERNATIONAL: std::ops::RangeInclusive<usize> = 8..=15;

/// The number whose first digit stands at `start`.
pub(super) fn at(text: &str, start: usize, digits: &Digits) -> Option<Found> {
    let mut back = before(text, start);
    if let Some((plus, '+', _)) = back.next() {
        return international(text, plus, start);
    }
    national(text, start, digits)
}

/// `01 23 45 67 89`, `0123456789`, `00 33 1 23 45 67 89`, `0033123456789`.
fn national(text: &str, start: usize, digits: &Digits) -> Option<Found> {
    let usual = |groups: &[usize]| matches!(groups, [10] | [2, 2, 2, 2, 2] | [4, 2, 2, 2] | [4, 3, 3]);
    let french = digits.first(10).filter(|stretch| {
        usual(&stretch.groups) && stretch.digits.first() == Some(&0) && stretch.digits.get(1) != Some(&0)
    });
    let abroad = digits.first(13).filter(|stretch| stretch.digits.first_chunk::<4>() == Some(&[0, 0, 3, 3]));
    let stretch = french.or(abroad)?;
    if !edges::starts(text, start) || !edges::ends(text, stretch.end) || edges::in_address(text, start) {
        return None;
    }
    let number = stretch.value();
    let value =
        number.strip_prefix("0033").or_else(|| number.strip_prefix('0')).map(|rest| format!("33{rest}"))?;
    Some(Found { detector: PHONE, start, end: stretch.end, certainty: 85, value })
}

/// `+33 (0)1 23 45 67 89`, `+44 20 7946 0958`.
fn international(text: &str, plus: usize, start: usize) -> Option<Found> {
    let mut value = String::with_capacity(15);
    let mut end = start;
    let mut separators = 0;
    for (place, c, folded) in from(text, start) {
        match folded {
            Folded::Alnum(byte @ b'0'..=b'9') => {
                value.push(char::from(byte));
                (end, separators) = (place, 0);
                if value.len() > *INTERNATIONAL.end() {
                    return None;
                }
            }
            Folded::Space | Folded::Dash | Folded::Dot if separators < 2 => separators += 1,
            Folded::Other if matches!(c, '(' | ')') && separators < 3 => separators += 1,
            _ => break,
        }
    }
    let plausible = INTERNATIONAL.contains(&value.len()) && !value.starts_with('0');
    if !plausible || !edges::starts(text, plus) || !edges::ends(text, end) {
        return None;
    }
    // (0) is dialled at home only.
    let value = value.strip_prefix("330").map_or(value.clone(), |rest| format!("33{rest}"));
    Some(Found { detector: PHONE, start: plus, end, certainty: 95, value })
}
