//! Legal entities (LEI, ISO 17442) and securities (ISIN, ISO 6166): capitals and digits in one word, with a check.
//!
//! | case | decision | why |
//! |---|---|---|
//! | LEI: twenty characters, last two digits, at least one letter, mod 97 = 1 | found, 98 | |
//! | LEI in which one character passes for another (two beside LEI) | in pictures, and beside LEI; 80 | one in ten would be another word's by chance |
//! | LEI of digits alone | only beside LEI, 90 | twenty digits are a reference more often |
//! | ISIN: two letters of a country or a code of ISO 6166, nine characters, Luhn | found, 90; beside ISIN 98 | one word in a hundred of that shape passes |
//! | small letters | refused | both standards write capitals, and words of that length are words |

use super::context;
use super::countries;
use super::digits::luhn;
use super::lookalike::{self, IN_PICTURES_MAX};
use super::token::Token;
use super::{Found, ISIN, LEI};

/// How sure an identifier can be in which a character was taken for another.
const CERTAINTY_OF_LOOKS: u8 = 80;

/// The identifier that is this word. `seen`: the text was read in a picture.
pub(super) fn of(text: &str, token: &Token, seen: bool) -> Option<Found> {
    match token.bytes().len() {
        12 => security(text, token),
        20 => entity(text, token, seen),
        _ => None,
    }
}

fn entity(text: &str, token: &Token, seen: bool) -> Option<Found> {
    let said = || context::precedes(text, token.start, &["lei"]);
    let (_, check) = token.bytes().split_at_checked(18)?;
    if !token.upper {
        return None;
    }
    if !check.iter().all(u8::is_ascii_digit) || remainder(token.bytes()) != 1 {
        let most = match (said(), seen) {
            (true, _) => IN_PICTURES_MAX,
            (false, true) => 1,
            (false, false) => return None,
        };
        let value = by_its_looks(token.bytes(), most)?;
        let value = value.iter().map(|byte| char::from(*byte)).collect();
        return Some(Found { value, ..found(LEI, token, CERTAINTY_OF_LOOKS) });
    }
    let certainty = if token.bytes().iter().any(u8::is_ascii_uppercase) {
        98
    } else if said() {
        90
    } else {
        return None;
    };
    Some(found(LEI, token, certainty))
}

/// The identifier with at most so many characters taken for what they look like.
fn by_its_looks(bytes: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut bytes = bytes.to_vec();
    let mut taken = 0;
    for byte in bytes.iter_mut().skip(18).filter(|byte| !byte.is_ascii_digit()) {
        *byte = lookalike::digit(*byte)?;
        taken += 1;
    }
    let is_one = |bytes: &[u8]| remainder(bytes) == 1 && bytes.iter().any(u8::is_ascii_uppercase);
    lookalike::mended(&bytes, &(0..18).collect::<Vec<_>>(), most.checked_sub(taken)?, &is_one)
}

/// ISO 7064 mod 97-10.
fn remainder(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| match byte {
        b'0'..=b'9' => (sum * 10 + u32::from(byte - b'0')) % 97,
        _ => (sum * 100 + u32::from(byte.wrapping_sub(b'A')) + 10) % 97,
    })
}

fn security(text: &str, token: &Token) -> Option<Found> {
    let prefix = *token.bytes().first_chunk::<2>()?;
    let ends_in_digit = token.bytes().last().is_some_and(u8::is_ascii_digit);
    if !token.upper || !ends_in_digit || !(countries::is_country(prefix) || is_agency(prefix)) {
        return None;
    }
    let expanded: Vec<u8> = token
        .bytes()
        .iter()
        .flat_map(|byte| match byte {
            b'0'..=b'9' => vec![byte - b'0'],
            _ => {
                let value = byte.wrapping_sub(b'A') + 10;
                vec![value / 10, value % 10]
            }
        })
        .collect();
    // A word of letters alone is no security; Luhn over the digits the letters stand for.
    if !luhn(expanded.into_iter()) {
        return None;
    }
    let said = context::precedes(text, token.start, &["isin", "code isin", "valeur", "titre"]);
    Some(found(ISIN, token, if said { 98 } else { 90 }))
}

/// Prefixes that ISO 6166 gives to no country.
const fn is_agency(prefix: [u8; 2]) -> bool {
    matches!(
        &prefix,
        b"XS" | b"XA" | b"XB" | b"XC" | b"XD" | b"XF" | b"XK" | b"EU" | b"EZ" | b"QS" | b"QT" | b"QW" | b"QY"
    )
}

fn found(detector: &'static str, token: &Token, certainty: u8) -> Found {
    Found { detector, start: token.start, end: token.end, certainty, value: token.value() }
}
