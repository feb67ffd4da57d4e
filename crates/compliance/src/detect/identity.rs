//! Numbers of identity documents: beside words that say so, or in a machine readable zone with its check digits.
//!
//! Source: ICAO Doc 9303 (check digits weigh 7, 3, 1); French passports have two digits, two letters, five digits; French identity
//! cards twelve digits (before 2021) or nine letters and digits (since).

use super::context;
use super::fold::{Folded, from};
use super::token::Token;
use super::{Found, IDENTITY_DOCUMENT};

const PASSPORT: &[&str] = &["passeport", "passport"];
const CARD: &[&str] = &[
    "cni",
    "carte d'identite",
    "carte nationale d'identite",
    "carte identite",
    "piece d'identite",
    "identity card",
    "id card",
    "titre de sejour",
    "residence permit",
];
/// Characters of a passport's machine readable line (ICAO Doc 9303-4); the number and its check digit come first.
const LINE_CHARS: usize = 44;

/// The number that is this word.
pub(super) fn of(text: &str, token: &Token) -> Option<Found> {
    let kinds: Vec<u8> =
        token.bytes.iter().map(|byte| if byte.is_ascii_digit() { b'n' } else { b'a' }).collect();
    let letters = kinds.iter().filter(|kind| **kind == b'a').count();
    let (said, length) = match (kinds.as_slice(), token.bytes.len()) {
        (b"nnaannnnn", _) => (context::precedes(text, token.start, PASSPORT), 9),
        (_, 12) if letters == 0 => (context::precedes(text, token.start, CARD), 12),
        (_, 9) if (1..9).contains(&letters) && token.upper => {
            (context::precedes(text, token.start, CARD) || context::precedes(text, token.start, PASSPORT), 9)
        }
        _ => return machine_readable(text, token),
    };
    let found = || Found {
        detector: IDENTITY_DOCUMENT,
        start: token.start,
        end: token.end,
        certainty: 90,
        value: token.value(),
    };
    (said && token.bytes.len() == length).then(found).or_else(|| machine_readable(text, token))
}

/// The second line of a passport: `12AB345674FRA7503128F2809096<<<<<<<<<<<<<<04`.
fn machine_readable(text: &str, token: &Token) -> Option<Found> {
    let mut bytes = Vec::with_capacity(LINE_CHARS);
    let mut end = token.start;
    for (place, c, folded) in from(text, token.start) {
        match folded {
            Folded::Alnum(byte) => bytes.push(byte),
            Folded::Other if c == '<' => bytes.push(b'<'),
            _ => break,
        }
        end = place;
        if bytes.len() > LINE_CHARS {
            return None;
        }
    }
    let checked = |from: usize, to: usize| {
        bytes.get(from..to).zip(bytes.get(to)).is_some_and(|(field, written)| check_digit(field) == *written)
    };
    let real = bytes.len() == LINE_CHARS && checked(0, 9) && checked(13, 19) && checked(21, 27);
    real.then(|| Found {
        detector: IDENTITY_DOCUMENT,
        start: token.start,
        end,
        certainty: 99,
        value: bytes.iter().take(9).filter(|byte| **byte != b'<').map(|byte| char::from(*byte)).collect(),
    })
}

/// ICAO Doc 9303-3 §4.9.
fn check_digit(field: &[u8]) -> u8 {
    let sum: u32 = field
        .iter()
        .zip([7_u32, 3, 1].into_iter().cycle())
        .map(|(byte, weight)| {
            weight
                * match byte {
                    b'0'..=b'9' => u32::from(byte - b'0'),
                    b'A'..=b'Z' => u32::from(byte - b'A') + 10,
                    _ => 0,
                }
        })
        .sum();
    b'0' + u8::try_from(sum % 10).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<String> {
        let at = text.find(|c: char| c.is_ascii_digit())?;
        of(text, &Token::around(text, at)?).map(|hit| hit.value)
    }

    #[test]
    fn documents_said_to_be_and_machine_readable_lines() {
        assert_eq!(found("Passeport n° 12AB34567").as_deref(), Some("12AB34567"));
        assert_eq!(found("CNI 880692310285").as_deref(), Some("880692310285"));
        assert_eq!(found("dossier 880692310285"), None);
        // The specimen of ICAO Doc 9303-4.
        assert_eq!(found("x L898902C36UTO7408122F1204159ZE184226B<<<<<10").as_deref(), Some("L898902C3"));
        assert_eq!(found("x L898902C37UTO7408122F1204159ZE184226B<<<<<10"), None);
    }
}
