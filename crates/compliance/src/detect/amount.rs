//! Sums of money: a number with a currency before or behind it. The value is whole units of that currency, rounded down.
//!
//! French and English groupings (`12 500,00 €`, `€12,500.00`, `12.500 EUR`), `k€`, `M€`, `1,2 million d'euros`, `2 Md€`.

use super::digits::number;
use super::fold::{Folded, before, from};
use super::{AMOUNT, Found};

/// Characters between a number and its currency, scale included.
const BEHIND_CHARS_MAX: usize = 24;

/// The amount whose first digit stands at `start`. Its value is `12500 EUR`.
pub(super) fn at(text: &str, start: usize) -> Option<Found> {
    let before_sign = currency_before(text, start);
    let (end, units, tenths) = read(text, start)?;
    let behind = behind(text, end);
    let (currency, first, last, scale) = match (before_sign, behind) {
        (_, Some((Some(currency), end, scale))) => (currency, start, end, scale),
        (Some((currency, at)), Some((None, end, scale))) => (currency, at, end, scale),
        (Some((currency, at)), None) => (currency, at, end, 1),
        _ => return None,
    };
    // 1,2 M€ is 1 200 000 €.
    let value = units.checked_mul(scale)?.checked_add(if scale > 1 { tenths * scale / 10 } else { 0 })?;
    Some(Found {
        detector: AMOUNT,
        start: first,
        end: last,
        certainty: 90,
        value: format!("{value} {currency}"),
    })
}

/// The whole units of an amount as [`at`] writes them.
pub(crate) fn units(value: &str) -> Option<u64> {
    value.split(' ').next()?.parse().ok()
}

/// Groups of digits in an amount: `999 999 999 999 999,99`.
const GROUPS_MAX: usize = 6;
/// Digits of its whole units.
const UNITS_DIGITS_MAX: usize = 15;

/// The number: one past its last byte, its whole units, its first decimal.
fn read(text: &str, start: usize) -> Option<(usize, u64, u64)> {
    let mut digits = [0_u8; UNITS_DIGITS_MAX + 4];
    let mut sizes = [0_usize; GROUPS_MAX];
    let mut marks = [' '; GROUPS_MAX];
    let (mut length, mut groups) = (0, 1);
    let (mut end, mut pending) = (start, None);
    for (place, c, folded) in from(text, start) {
        match folded {
            Folded::Alnum(byte @ b'0'..=b'9') => {
                if let Some(mark) = pending.take() {
                    *marks.get_mut(groups)? = mark;
                    groups += 1;
                }
                *digits.get_mut(length)? = byte - b'0';
                length += 1;
                *sizes.get_mut(groups - 1)? += 1;
                end = place;
            }
            Folded::Space if pending.is_none() => pending = Some(' '),
            Folded::Dot if pending.is_none() => pending = Some('.'),
            Folded::Other if matches!(c, ',' | '\'') && pending.is_none() => pending = Some(c),
            _ => break,
        }
    }
    let (sizes, marks) = (sizes.get(..groups)?, marks.get(1..groups)?);
    // The last group is decimals behind a comma or a dot that does not part thousands.
    let last = *sizes.last()?;
    let decimal = matches!(marks.last(), Some(',' | '.'))
        && (last != 3 || (marks.len() > 1 && marks.first() != marks.last()));
    let whole = groups - usize::from(decimal);
    let thousands = sizes.get(1..whole)?.iter().all(|size| *size == 3);
    if !thousands || (whole > 1 && *sizes.first()? > 3) {
        return None;
    }
    let count: usize = sizes.iter().take(whole).sum();
    let tenths = if decimal { digits.get(count).map_or(0, |digit| u64::from(*digit)) } else { 0 };
    (count <= UNITS_DIGITS_MAX).then_some((end, number(digits.get(..count)?), tenths))
}

fn currency_before(text: &str, start: usize) -> Option<(&'static str, usize)> {
    let mut back = before(text, start).peekable();
    back.next_if(|(_, _, folded)| *folded == Folded::Space);
    let (at, c, _) = *back.peek()?;
    if let Some(currency) = sign(c) {
        return Some((currency, at));
    }
    let mut letters = back.map_while(|(at, _, folded)| match folded {
        Folded::Alnum(byte) => Some((at, byte)),
        _ => None,
    });
    let (_, c) = letters.next()?;
    let (_, b) = letters.next()?;
    let (at, a) = letters.next()?;
    code(&[a, b, c]).filter(|_| letters.next().is_none()).map(|currency| (currency, at))
}

/// What stands behind a number: its currency, where it ends, its scale.
fn behind(text: &str, end: usize) -> Option<(Option<&'static str>, usize, u64)> {
    let tail = text.get(end..)?;
    let cut = tail.char_indices().nth(BEHIND_CHARS_MAX).map_or(tail.len(), |(at, _)| at);
    let window = tail.get(..cut)?;
    let trimmed = window.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    // A letter or a sign comes next, or no currency does.
    if trimmed
        .bytes()
        .next()
        .is_none_or(|next| next.is_ascii() && !next.is_ascii_alphabetic() && next != b'$')
    {
        return None;
    }
    let at = end + window.len() - trimmed.len();
    let (scale, after_scale) = scale(trimmed);
    let rest = trimmed.get(after_scale..)?;
    let rest_trimmed = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let rest_trimmed =
        rest_trimmed.strip_prefix("d'").or_else(|| rest_trimmed.strip_prefix("d’")).unwrap_or(rest_trimmed);
    let gap = rest.len() - rest_trimmed.len();
    match currency(rest_trimmed) {
        Some((currency, length)) => Some((Some(currency), at + after_scale + gap + length, scale)),
        None if scale > 1 => Some((None, at + after_scale, scale)),
        None => None,
    }
}

/// `k`, `M`, `Md`, `millions`… in front of a text, and its length.
fn scale(text: &str) -> (u64, usize) {
    const WORDS: &[(&str, u64)] = &[
        ("milliards", 1_000_000_000),
        ("milliard", 1_000_000_000),
        ("millions", 1_000_000),
        ("million", 1_000_000),
        ("billion", 1_000_000_000),
        ("mille", 1_000),
        ("Mds", 1_000_000_000),
        ("Md", 1_000_000_000),
        ("bn", 1_000_000_000),
        ("M", 1_000_000),
        ("m", 1_000_000),
        ("k", 1_000),
        ("K", 1_000),
    ];
    if !text.starts_with(['m', 'M', 'b', 'k', 'K']) {
        return (1, 0);
    }
    let found = WORDS.iter().find(|(word, _)| {
        text.strip_prefix(word).is_some_and(|rest| {
            let next = rest.chars().next();
            word.len() > 3 || next.is_none_or(|c| !c.is_alphabetic()) || currency(rest).is_some()
        })
    });
    found.map_or((1, 0), |(word, scale)| (*scale, word.len()))
}

/// The currency a text starts with, and its length.
fn currency(text: &str) -> Option<(&'static str, usize)> {
    let first = text.chars().next()?;
    if let Some(currency) = sign(first) {
        return Some((currency, first.len_utf8()));
    }
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).take(12).count();
    let word = text.get(..length)?;
    let is = |known: &str| word.eq_ignore_ascii_case(known);
    let currency = match length {
        3 => word.as_bytes().first_chunk().and_then(code),
        4 | 5 if is("euro") || is("euros") => Some("EUR"),
        6 | 7 if is("dollar") || is("dollars") => Some("USD"),
        6 if is("livres") || is("pounds") => Some("GBP"),
        _ => None,
    };
    currency.map(|currency| (currency, word.len()))
}

const fn sign(c: char) -> Option<&'static str> {
    match c {
        '€' => Some("EUR"),
        '$' => Some("USD"),
        '£' => Some("GBP"),
        '¥' => Some("JPY"),
        _ => None,
    }
}

const fn code(letters: &[u8; 3]) -> Option<&'static str> {
    match letters {
        b"EUR" => Some("EUR"),
        b"USD" => Some("USD"),
        b"GBP" => Some("GBP"),
        b"CHF" => Some("CHF"),
        b"JPY" => Some("JPY"),
        b"CAD" => Some("CAD"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_people_write_them() {
        for (text, expected) in [
            ("12 500,00 €", Some("12500 EUR")),
            ("€12,500.00", Some("12500 EUR")),
            ("12.500 EUR", Some("12500 EUR")),
            ("12 500 euros", Some("12500 EUR")),
            ("USD 1,250,000", Some("1250000 USD")),
            ("150 k€", Some("150000 EUR")),
            ("1,2 M€", Some("1200000 EUR")),
            ("1,2 million d’euros", Some("1200000 EUR")),
            ("2 milliards d'euros", Some("2000000000 EUR")),
            ("£3m", Some("3000000 GBP")),
            ("9,99 €", Some("9 EUR")),
            ("0,50 €", Some("0 EUR")),
            ("12 500", None),
            ("14:30", None),
            ("3 k", None),
            ("20 km", None),
            ("1 2345 €", None),
        ] {
            let start = text.find(|c: char| c.is_ascii_digit()).unwrap();
            assert_eq!(at(text, start).map(|hit| hit.value).as_deref(), expected, "{text}");
        }
    }
}
