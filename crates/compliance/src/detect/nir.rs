//! French social security number (numéro d'inscription au répertoire): thirteen characters and a key of two digits.
//!
//! Source: décret n° 82-103 du 22 janvier 1982; the key is 97 minus the number modulo 97, with 2A read as 19 and 2B as 18.
//!
//! | case | decision | why |
//! |---|---|---|
//! | with its key, in one piece or in its own groups (1-2-2-2-3-3-2) | found, 95 or 98 | |
//! | with its key, other grouping | found, 85 | |
//! | with its key, in its own groups, each on a line of its own | found, 95 | a column of a table |
//! | months 20 to 42 and 50 to 99 | found | given when the month of birth is unknown |
//! | without its key | only with a word beside it that says so, 75; `INSEE` and `immatriculation` stand before other numbers too | no check is left |
//! | inside a URL, an address, a longer reference | refused | one number in 97 passes |

use super::context;
use super::edges;
use super::fold::{Folded, from, is_superscript};
use super::{Found, NIR};

/// Separators between two groups.
const BLANKS_MAX: usize = 2;
/// Groups as the card shows them.
const OWN_GROUPS: [usize; 7] = [1, 2, 2, 2, 3, 3, 2];
/// Words that say it by themselves.
const SAID: &[&str] = &[
    "nir",
    "securite sociale",
    "secu",
    "n° ss",
    "n°ss",
    "numero ss",
    "nss",
    "carte vitale",
    "assure social",
    "numero d'assure",
    "social security",
];
/// Words beside a number whose key already proves it.
const BESIDE: &[&str] = &["immatriculation", "insee"];

/// The number whose first digit stands at `start`.
pub(super) fn at(text: &str, start: usize) -> Option<Found> {
    let mut number = Vec::with_capacity(16);
    let mut ends = Vec::with_capacity(16);
    let mut groups = vec![0_usize];
    let mut blanks = 0;
    let mut lines = 0;
    for (end, c, folded) in from(text, start) {
        match folded {
            Folded::Alnum(byte) if !is_superscript(c) => {
                // The only letter stands in the department of Corsica.
                let corsica =
                    number.len() == 6 && matches!(byte, b'A' | b'B') && number.get(5) == Some(&b'2');
                if !byte.is_ascii_digit() && !corsica {
                    if blanks == 0 {
                        return None;
                    }
                    break;
                }
                if blanks > 0 {
                    groups.push(0);
                    blanks = 0;
                }
                number.push(byte);
                ends.push(end);
                groups.last_mut().into_iter().for_each(|group| *group += 1);
            }
            Folded::Space | Folded::Dot | Folded::Dash if blanks < BLANKS_MAX => blanks += 1,
            // A column holds one group a line, from the first on.
            Folded::Newline if number.len() < 15 && is_column(&groups, lines, blanks) => {
                lines += usize::from(blanks == 0);
                blanks += 1;
            }
            Folded::Word if blanks == 0 => return None,
            _ => break,
        }
        if number.len() > 15 {
            return None;
        }
        // Most numbers are no NIR from their first digits on.
        if number.len() == 5 && !begins(&number) {
            return None;
        }
    }
    let said = || context::precedes(text, start, SAID);
    let certainty = match number.len() {
        15 if has_good_key(&number) => match groups.as_slice() {
            groups if groups == OWN_GROUPS && lines == 0 => 98,
            groups if groups == OWN_GROUPS => 95,
            _ if lines > 0 => return None,
            [15] | [13, 2] => 95,
            _ => 85,
        },
        13 if department(&number) && said() => 75,
        _ => return None,
    };
    let end = *ends.last()?;
    if !edges::starts(text, start) || !edges::ends(text, end) || edges::in_address(text, start) {
        return None;
    }
    let named = || said() || context::precedes(text, start, BESIDE);
    let certainty = if certainty > 75 && named() { 98 } else { certainty };
    let value = number.iter().map(|byte| char::from(*byte)).collect();
    Some(Found { detector: NIR, start, end, certainty, value })
}

/// The groups so far are those of a number, each on a line of its own; `blanks` stand behind the last.
fn is_column(groups: &[usize], lines: usize, blanks: usize) -> bool {
    let ends = lines + usize::from(blanks == 0);
    blanks < BLANKS_MAX && ends == groups.len() && OWN_GROUPS.starts_with(groups)
}

/// Sex and month can be.
fn begins(number: &[u8]) -> bool {
    let [sex, _, _, m1, m2] = number else { return false };
    let month = two(*m1, *m2);
    matches!(sex, b'1'..=b'4' | b'7' | b'8')
        && month.is_some_and(|month| matches!(month, 1..=12 | 20..=42 | 50..=99))
}

fn two(a: u8, b: u8) -> Option<u32> {
    (a.is_ascii_digit() && b.is_ascii_digit()).then(|| u32::from(a - b'0') * 10 + u32::from(b - b'0'))
}

fn department(number: &[u8]) -> bool {
    match (number.get(5), number.get(6)) {
        (Some(b'2'), Some(b'A' | b'B')) => true,
        (Some(a), Some(b)) => two(*a, *b).is_some_and(|department| (1..=99).contains(&department)),
        _ => false,
    }
}

fn has_good_key(number: &[u8]) -> bool {
    let Some((body, key)) = number.split_at_checked(13) else { return false };
    if !department(number) {
        return false;
    }
    let corsica = match body.get(6) {
        Some(b'A') => Some(b'9'),
        Some(b'B') => Some(b'8'),
        _ => None,
    };
    let value = body.iter().enumerate().fold(0_u64, |sum, (place, byte)| {
        let byte = match (corsica, place) {
            (Some(_), 5) => b'1',
            (Some(second), 6) => second,
            _ => *byte,
        };
        sum * 10 + u64::from(byte.wrapping_sub(b'0'))
    });
    let written = key.iter().fold(0_u64, |sum, byte| sum * 10 + u64::from(byte.wrapping_sub(b'0')));
    written == 97 - value % 97
}
