//! French companies: SIREN (9 digits), SIRET (14), value added tax number (FR, two characters, the SIREN).
//!
//! Sources: INSEE (Luhn on SIREN and SIRET; the establishments of La Poste add up to a multiple of five instead);
//! Code général des impôts, ann. II, art. 242 nonies A and the key published by the tax administration (12 + 3 × SIREN mod 97; with a
//! letter, base 24 or 34).
//!
//! | case | decision | why |
//! |---|---|---|
//! | SIREN | only with a word beside it that says so (SIREN, RCS, SIRET…), 95 | one number of nine digits in ten passes Luhn |
//! | SIRET with such a word, any grouping | found, 98 | |
//! | SIRET without, in one piece or 3-3-3-5, establishment number 00xxx | found, 85 | two checks and the number's shape |
//! | SIRET that is also a Diners card number | a SIRET | its own check says so, and there are more of them in French mail |
//! | VAT number with `FR` | found, 98; small letters 90 | |
//! | VAT number without `FR` | only with TVA or VAT beside it, 90 | |

use super::context;
use super::digits::{Digits, luhn, number};
use super::edges;
use super::fold::{Folded, before, from};
use super::{Found, SIREN, SIRET, TVA};

const COMPANY: &[&str] = &[
    "siren",
    "siret",
    "rcs",
    "r.c.s",
    "r.c.s.",
    "registre du commerce",
    "registre du commerce et des societes",
    "immatriculee",
    "immatricule",
    "immatriculation",
    "company number",
    "registration number",
    "registered number",
    "nic",
];
const VAT: &[&str] =
    &["tva", "t.v.a", "vat", "intracommunautaire", "intracom", "numero fiscal intracommunautaire"];
/// La Poste, whose establishments are too many for Luhn.
const LA_POSTE: u64 = 356_000_000;

/// The SIREN or SIRET whose first digit stands at `start`.
pub(super) fn at(text: &str, start: usize, digits: &Digits) -> Option<Found> {
    if digits.len() < 9 || !edges::starts(text, start) {
        return None;
    }
    establishment(text, start, digits).or_else(|| company(text, start, digits))
}

fn establishment(text: &str, start: usize, digits: &Digits) -> Option<Found> {
    let stretch = digits.first(14)?;
    if !is_establishment(stretch.digits) || !edges::ends(text, stretch.end) || edges::in_address(text, start)
    {
        return None;
    }
    let said = context::precedes(text, start, COMPANY) || context::precedes(text, start, VAT);
    let usual = stretch.is_whole() || stretch.groups == [3, 3, 3, 5] || stretch.groups == [9, 5];
    let numbered = stretch.digits.get(9..11) == Some(&[0, 0]);
    let certainty = if said { 98 } else { 85 };
    (said || (usual && numbered)).then(|| Found {
        detector: SIRET,
        start,
        end: stretch.end,
        certainty,
        value: stretch.value(),
    })
}

/// Whether fourteen digits are a SIRET.
fn is_establishment(digits: &[u8]) -> bool {
    let Some((siren, _)) = digits.split_at_checked(9) else { return false };
    if number(siren) == LA_POSTE {
        let sum: u32 = digits.iter().map(|digit| u32::from(*digit)).sum();
        return luhn(digits.iter().copied()) || sum.is_multiple_of(5);
    }
    is_company(siren) && luhn(digits.iter().copied())
}

fn is_company(siren: &[u8]) -> bool {
    number(siren) != 0 && luhn(siren.iter().copied())
}

fn company(text: &str, start: usize, digits: &Digits) -> Option<Found> {
    let stretch = digits.first(9)?;
    // Five digits behind it would make a SIRET: this is not its SIREN alone.
    let alone = digits.next_group(9) != Some(5) && edges::ends(text, stretch.end);
    if !alone || !is_company(stretch.digits) || edges::in_address(text, start) {
        return None;
    }
    let said = context::precedes(text, start, COMPANY)
        || context::follows(text, stretch.end, &["rcs", "r.c.s", "r.c.s."]);
    said.then(|| Found { detector: SIREN, start, end: stretch.end, certainty: 95, value: stretch.value() })
}

/// The VAT number that has the digit at `digit` among its first ones: behind `FR`, or on its own beside its name.
pub(super) fn vat_at(text: &str, digit: usize) -> Option<Found> {
    let (start, prefix) = prefix(text, digit)?;
    let mut number = Vec::with_capacity(13);
    let (mut end, mut blanks, mut upper) = (start, 0, true);
    for (place, c, folded) in from(text, start) {
        match folded {
            Folded::Alnum(byte) => {
                number.push(byte);
                (end, blanks) = (place, 0);
                upper &= !c.is_lowercase();
            }
            Folded::Space | Folded::Dot | Folded::Dash if blanks < 2 => blanks += 1,
            _ => break,
        }
        if number.len() == prefix + 11 {
            break;
        }
    }
    let body = number.get(prefix..)?;
    if body.len() != 11 || !is_vat(body) || !edges::ends(text, end) || edges::in_address(text, start) {
        return None;
    }
    let said = context::precedes(text, start, VAT);
    let certainty = match (prefix, upper, said) {
        (2, true, _) => 98,
        (2, false, _) | (_, _, true) => 90,
        _ => return None,
    };
    let value = number.iter().map(|byte| char::from(*byte)).collect();
    Some(Found { detector: TVA, start, end, certainty, value })
}

/// Where the number starts, and how many letters of `FR` it has: `FR 4Z…`, `FRK7…`, `FR K7…`, `40 303…`, `K7…`.
fn prefix(text: &str, digit: usize) -> Option<(usize, usize)> {
    let mut back = before(text, digit).peekable();
    let mut key = Vec::with_capacity(4);
    while let Some((at, _, Folded::Alnum(byte))) = back.peek().copied() {
        if !byte.is_ascii_uppercase() || key.len() == 4 {
            return None;
        }
        key.insert(0, (at, byte));
        back.next();
    }
    match key.as_slice() {
        [(start, b'F'), (_, b'R'), ..] => return Some((*start, 2)),
        [] | [_] | [_, _] => {}
        _ => return None,
    }
    let start = key.first().map_or(digit, |(at, _)| *at);
    back.next_if(|(_, _, folded)| *folded == Folded::Space);
    let mut word = back.map(|(at, _, folded)| (at, folded));
    let country = match (word.next(), word.next()) {
        (Some((_, Folded::Alnum(b'R'))), Some((at, Folded::Alnum(b'F')))) => Some(at),
        _ => None,
    };
    let alone = !matches!(word.next(), Some((_, Folded::Alnum(_) | Folded::Word)));
    Some(country.filter(|_| alone).map_or((start, 0), |at| (at, 2)))
}

/// The key of a French VAT number fits its SIREN.
fn is_vat(body: &[u8]) -> bool {
    let Some((key, siren)) = body.split_first_chunk::<2>() else { return false };
    let siren: Option<Vec<u8>> =
        siren.iter().map(|byte| byte.is_ascii_digit().then(|| byte - b'0')).collect();
    let Some(siren) = siren else { return false };
    // Monaco's companies have numbers of their own under 000.
    if !is_company(&siren) && siren.first_chunk::<3>() != Some(&[0; 3]) {
        return false;
    }
    let siren = number(&siren);
    if key.iter().all(u8::is_ascii_digit) {
        let written = key.iter().fold(0_u64, |sum, byte| sum * 10 + u64::from(byte - b'0'));
        return siren != 0 && written == (12 + 3 * (siren % 97)) % 97;
    }
    // Letters without I and O.
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let place = |byte: u8| ALPHABET.iter().position(|known| *known == byte).map(|place| place as u64);
    let [first, second] = *key;
    let Some((a, b)) = place(first).zip(place(second)) else { return false };
    let check =
        if first.is_ascii_digit() { (a * 24 + b).checked_sub(10) } else { (a * 34 + b).checked_sub(100) };
    check.is_some_and(|check| (siren + 1 + check / 11) % 11 == check % 11)
}
