//! French account details in their national form (relevé d'identité bancaire): bank 5, branch 5, account 11, key 2.
//!
//! Source: Comité français d'organisation et de normalisation bancaires. Letters count 1 to 9 from A, J and S (2 to 9) on; the key is
//! 97 − (89 × bank + 15 × branch + 3 × account) mod 97. It is the tail of the French IBAN, which hides it where both stand.
//!
//! | case | decision | why |
//! |---|---|---|
//! | in its groups 5-5-11-2 | found, 95 | how forms print it |
//! | each group behind its label (`Code banque : 30006`…), on a line, in a row or in a sentence | found, 90 | how forms ask for it |
//! | one group a line without labels | only beside RIB, banque, compte… , 90 | a column of figures |
//! | in one piece of 23 characters, or groups otherwise | only beside RIB, compte, account…, 90 | one number in 97 passes |

use super::context;
use super::edges;
use super::fold::{Folded, from, is_superscript};
use super::{Found, RIB};

/// Letters and digits of a RIB.
const LENGTH: usize = 23;
/// Letters and digits of bank, branch, account and key.
const GROUPS: [usize; 4] = [5, 5, 11, 2];
/// Characters between two groups.
const LABEL_CHARS_MAX: usize = 60;
/// Words of labels, in small letters without accents.
const LABELS: &[&str] = &[
    "code",
    "banque",
    "etablissement",
    "guichet",
    "agence",
    "numero",
    "num",
    "no",
    "n",
    "de",
    "du",
    "le",
    "la",
    "l",
    "et",
    "est",
    "compte",
    "cle",
    "rib",
    "controle",
    "bank",
    "branch",
    "sort",
    "account",
    "number",
    "key",
    "check",
    "digits",
    "the",
    "and",
    "is",
    "bancaire",
];
const SAID: &[&str] = &["rib", "compte", "coordonnees bancaires", "account", "bank details", "titulaire"];

/// The RIB whose first digit stands at `start`.
pub(super) fn at(text: &str, start: usize) -> Option<Found> {
    let mut number = Vec::with_capacity(LENGTH);
    let mut groups = vec![0_usize];
    let mut end = start;
    let mut blanks = 0;
    for (place, c, folded) in from(text, start) {
        match folded {
            Folded::Alnum(byte) if !is_superscript(c) => {
                if number.len() == LENGTH {
                    return None;
                }
                // Bank and branch are digits: most texts stop here.
                if number.len() < 10 && !byte.is_ascii_digit() {
                    return None;
                }
                if blanks > 0 {
                    groups.push(0);
                    blanks = 0;
                }
                number.push(byte);
                groups.last_mut().into_iter().for_each(|group| *group += 1);
                end = place;
            }
            _ if number.len() == LENGTH => break,
            Folded::Space | Folded::Dash | Folded::Dot if blanks < 3 => blanks += 1,
            Folded::Other if c == '|' && blanks < 3 => blanks += 1,
            _ => return None,
        }
    }
    if number.len() != LENGTH
        || !has_good_key(&number)
        || !edges::starts(text, start)
        || !edges::ends(text, end)
    {
        return None;
    }
    let certainty = match groups.as_slice() {
        [5, 5, 11, 2] => 95,
        _ if context::precedes(text, start, SAID) => 90,
        _ => return None,
    };
    let value = number.iter().map(|byte| char::from(*byte)).collect();
    Some(Found { detector: RIB, start, end, certainty, value })
}

/// The RIB whose first group stands at `start`, the others behind labels of their own.
pub(super) fn labelled(text: &str, start: usize) -> Option<Found> {
    let mut number = Vec::new();
    let mut end = group(text, start, GROUPS[0], &mut number)?;
    let mut said = false;
    for length in GROUPS.iter().skip(1) {
        let (next, has_words) = label_end(text, end)?;
        said |= has_words;
        end = group(text, next, *length, &mut number)?;
    }
    let is_said = said || context::precedes(text, start, SAID) || context::precedes(text, start, LABELS);
    let stands = is_said && edges::starts(text, start) && edges::ends(text, end);
    if !stands || !number.iter().take(10).all(u8::is_ascii_digit) || !has_good_key(&number) {
        return None;
    }
    let value = number.iter().map(|byte| char::from(*byte)).collect();
    Some(Found { detector: RIB, start, end, certainty: 90, value })
}

/// Adds the letters and digits of one group, no more and no fewer. Gives back where it ends.
fn group(text: &str, start: usize, length: usize, number: &mut Vec<u8>) -> Option<usize> {
    let (mut count, mut at) = (0, start);
    for (end, c, folded) in from(text, start) {
        match folded {
            Folded::Alnum(byte) if !is_superscript(c) => {
                if count == length {
                    return None;
                }
                number.push(byte);
                (count, at) = (count + 1, end);
            }
            Folded::Word if c != '_' => return None,
            _ => break,
        }
    }
    (count == length).then_some(at)
}

/// Where the digits behind a label begin, and whether it has words: all that stands between is of such a label.
fn label_end(text: &str, at: usize) -> Option<(usize, bool)> {
    let next = from(text, at).take(LABEL_CHARS_MAX).find_map(|(end, c, folded)| {
        matches!(folded, Folded::Alnum(b'0'..=b'9')).then(|| end - c.len_utf8())
    })?;
    let label = context::plain(text.get(at..next)?);
    let mut words = label.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).peekable();
    let has_words = words.peek().is_some();
    words.all(|word| LABELS.contains(&word)).then_some((next, has_words))
}

fn has_good_key(number: &[u8]) -> bool {
    // The key itself has no letter, and no account is number zero.
    if !number.iter().rev().take(2).all(u8::is_ascii_digit) || number.iter().all(|byte| *byte == b'0') {
        return false;
    }
    let remainder = number.iter().fold(0_u32, |sum, byte| {
        let digit = match byte {
            b'A'..=b'I' => byte - b'A' + 1,
            b'J'..=b'R' => byte - b'J' + 1,
            b'S'..=b'Z' => byte - b'S' + 2,
            _ => byte.wrapping_sub(b'0'),
        };
        (sum * 10 + u32::from(digit)) % 97
    });
    // The whole, key included, is a multiple of 97.
    remainder == 0
}
