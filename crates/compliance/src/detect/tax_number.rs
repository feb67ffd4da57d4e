//! French tax number (numéro fiscal, SPI): thirteen digits, the first 0 to 3, the last three the others modulo 511.
//!
//! Source: Direction générale des finances publiques, TIN description of France published by the European Commission.
//!
//! | case | decision | why |
//! |---|---|---|
//! | with a word beside it that says so | found, 95 | |
//! | grouped 2-2-3-3-3, as tax notices print it | found, 90 | |
//! | otherwise | not found | one time in 511 a number passes: clocks in milliseconds have thirteen digits |

use super::context;
use super::digits::{Digits, number};
use super::edges;
use super::{Found, TAX_NUMBER};

const SAID: &[&str] = &[
    "fiscal",
    "spi",
    "reference fiscale",
    "identifiant fiscal",
    "avis d'impot",
    "avis d'imposition",
    "tax number",
    "tax identification number",
    "tax id",
    "tin",
    "nif",
];

/// The number whose first digit stands at `start`.
pub(super) fn at(text: &str, start: usize, digits: &Digits) -> Option<Found> {
    let stretch = digits.first(13)?;
    let (body, key) = stretch.digits.split_at_checked(10)?;
    let plausible = body.first().is_some_and(|first| *first <= 3) && number(body) != 0;
    if !plausible || number(body) % 511 != number(key) {
        return None;
    }
    if !edges::starts(text, start) || !edges::ends(text, stretch.end) || edges::in_address(text, start) {
        return None;
    }
    let certainty = if context::precedes(text, start, SAID) {
        95
    } else if stretch.groups == [2, 2, 3, 3, 3] {
        90
    } else {
        return None;
    };
    Some(Found { detector: TAX_NUMBER, start, end: stretch.end, certainty, value: stretch.value() })
}
