//! Numbers of identity documents and of persons: behind words that name them, or in a machine readable zone with its check
//! digits.
//!
//! Source: ICAO Doc 9303 (check digits weigh 7, 3, 1); French passports have two digits, two letters, five digits; French identity
//! cards twelve digits (before 2021) or nine letters and digits (since); residence permits ten digits; British passports nine
//! digits, National Insurance numbers two letters, six digits and A to D (HMRC NIM39110); the Belgian national number eleven
//! digits, the last two 97 minus the others modulo 97, with a 2 before them from 2000 on (royal decree of 3 April 1984).

use super::context;
use super::digits::Digits;
use super::edges;
use super::fold::{Folded, before, from};
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
const PERMIT: &[&str] =
    &["titre de sejour", "carte de sejour", "residence permit", "numero etranger", "agdref"];
const INSURANCE: &[&str] = &["national insurance", "ni number", "ni no", "nino"];
const BELGIAN: &[&str] = &[
    "numero national",
    "n° national",
    "registre national",
    "niss",
    "rijksregisternummer",
    "national number",
    "national register number",
];
/// Numbers written in groups, or of digits alone: `n` is a digit, `a` a letter.
const GROUPED: &[(&[u8], &[&str])] =
    &[(b"nnaannnnn", PASSPORT), (b"nnnnnnnnn", PASSPORT), (b"nnnnnnnnnnnn", CARD), (b"nnnnnnnnnn", PERMIT)];
/// Characters of a passport's machine readable line (ICAO Doc 9303-4); the number and its check digit come first.
const LINE_CHARS: usize = 44;

/// The number that is this word.
pub(super) fn of(text: &str, token: &Token) -> Option<Found> {
    let kind = |byte: &u8| if byte.is_ascii_digit() { b'n' } else { b'a' };
    let letters = token.bytes().iter().filter(|byte| !byte.is_ascii_digit()).count();
    let (said, length) = match (letters, token.bytes().len()) {
        (2, 9) if token.bytes().iter().map(kind).eq(*b"nnaannnnn") => {
            (context::names(text, token.start, PASSPORT), 9)
        }
        (_, 12) if letters == 0 => (context::names(text, token.start, CARD), 12),
        (_, 9) if (1..9).contains(&letters) && token.upper => {
            (context::names(text, token.start, CARD) || context::names(text, token.start, PASSPORT), 9)
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
    (said && token.bytes().len() == length).then(found).or_else(|| machine_readable(text, token))
}

/// The number whose first digit stands at `start`, in groups or of digits alone: `19 FV 28441`, `85.07.30-033.28`.
pub(super) fn grouped_at(text: &str, start: usize, digits: &Digits) -> Option<Found> {
    let goes_on = matches!(digits.stopped(), Some((_, Folded::Alnum(_))));
    let may_be = match digits.len() {
        // The others go on with a letter.
        2 | 6 => goes_on,
        length => length >= 9,
    };
    if !may_be || !edges::starts(text, start) {
        return None;
    }
    let named = || {
        GROUPED.iter().find_map(|(shape, words)| {
            shaped(text, start, shape)
                .filter(|_| context::names(text, start, words))
                .map(|found| (start, found))
        })
    };
    let (start, (end, value)) = insurance(text, start).or_else(|| belgian(text, start)).or_else(named)?;
    Some(Found { detector: IDENTITY_DOCUMENT, start, end, certainty: 90, value })
}

/// Where a number of this shape ends and what it is, one separator at most between two of its characters.
fn shaped(text: &str, start: usize, shape: &[u8]) -> Option<(usize, String)> {
    let mut value = String::with_capacity(shape.len());
    let mut wanted = shape.iter();
    let mut parted = false;
    let mut kind = wanted.next()?;
    for (end, _, folded) in from(text, start) {
        match folded {
            Folded::Alnum(byte) if byte.is_ascii_digit() == (*kind == b'n') => {
                value.push(char::from(byte));
                parted = false;
                match wanted.next() {
                    Some(next) => kind = next,
                    None => return edges::ends(text, end).then_some((end, value)),
                }
            }
            Folded::Space | Folded::Dot | Folded::Dash if !parted && !value.is_empty() => parted = true,
            _ => return None,
        }
    }
    None
}

/// `QQ 12 34 56 C`: its letters stand before the first digit.
fn insurance(text: &str, start: usize) -> Option<(usize, (usize, String))> {
    let mut back = before(text, start).skip_while(|(_, _, folded)| *folded == Folded::Space);
    let (_, _, second) = back.next()?;
    let (first_at, _, first) = back.next()?;
    let both = [first, second].iter().all(|folded| matches!(folded, Folded::Alnum(b'A'..=b'Z')));
    if !both || !edges::starts(text, first_at) {
        return None;
    }
    let (end, value) = shaped(text, first_at, b"aannnnnna")?;
    let suffix = matches!(value.as_bytes().last(), Some(b'A'..=b'D'));
    (suffix && context::names(text, first_at, INSURANCE)).then_some((first_at, (end, value)))
}

/// The Belgian national number, where its check digits say so and it is named.
fn belgian(text: &str, start: usize) -> Option<(usize, (usize, String))> {
    let (end, value) = shaped(text, start, b"nnnnnnnnnnn")?;
    let (body, key) = value.split_at_checked(9)?;
    let (body, key): (u64, u64) = (body.parse().ok()?, key.parse().ok()?);
    let checked = key == 97 - body % 97 || key == 97 - (2_000_000_000 + body) % 97;
    (checked && context::names(text, start, BELGIAN)).then_some((start, (end, value)))
}

/// The second line of a passport: `12AB345674FRA7503128F2809096<<<<<<<<<<<<<<04`.
fn machine_readable(text: &str, token: &Token) -> Option<Found> {
    let filled = matches!(from(text, token.end).next(), Some((_, '<', _)));
    if !filled && token.bytes().len() < LINE_CHARS {
        return None;
    }
    let mut bytes = Vec::with_capacity(LINE_CHARS + 1);
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
    fn numbers_in_groups_behind_words_that_name_them() {
        let grouped = |text: &str| {
            let hits = crate::detect::scan(text);
            hits.into_iter().find(|hit| hit.detector == IDENTITY_DOCUMENT).map(|hit| hit.value)
        };
        for (text, expected) in [
            ("Passeport n° 19 FV 28441", Some("19FV28441")),
            ("Son passeport porte le numéro 19 FV 28441, valable jusqu'en 2029.", Some("19FV28441")),
            ("Passport No. 533401372", Some("533401372")),
            ("N° CNI : 88 06 92 310285", Some("880692310285")),
            ("La CNI de Mme Lavigne : 880692310285.", Some("880692310285")),
            ("Carte d'identité n° X4RTBPFW4 délivrée le 12/03/2022.", Some("X4RTBPFW4")),
            ("Titre de séjour n° 9903123456", Some("9903123456")),
            ("Numéro national belge : 85.07.30-033.28", Some("85073003328")),
            ("Numéro national belge : 85.07.30-033.29", None),
            ("National Insurance number: QQ 12 34 56 C", Some("QQ123456C")),
            ("National Insurance number: QQ 12 34 56 E", None),
            ("Merci de joindre copie de votre pièce d'identité, dossier 402188371120", None),
            ("Please bring your passport; your booking reference is QX7RF2M1A.", None),
            ("Le passeport est prêt. Téléphone 533401372", None),
            ("Référence 19 FV 28441", None),
        ] {
            assert_eq!(grouped(text).as_deref(), expected, "{text}");
        }
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
