//! Payment card numbers, ISO/IEC 7812: an issuer's prefix, a length that issuer uses, Luhn.
//!
//! Decisions where sources disagree (asserted against the vectors in `tests/mod.rs`):
//!
//! | case | decision | why |
//! |---|---|---|
//! | all zeros | refused | Luhn holds, no issuer |
//! | scheme and length right, Luhn wrong | refused | no such card can be used |
//! | UATP (1…), Maestro of 12 to 15 digits | not looked for | as frequent by chance in references as on cards |
//! | groups | 4-4-4-4 (and 1 to 3 more digits), 4-4-4-1…3, 4-6-5, 4-6-4, 6-13, 8-8; one kind of separator | how cards are printed and typed |
//! | groups of four (4-6-5) parted by `_`, `/`, `\|`, `*` or `~` | found | by nobody's habit, and read by anybody |
//! | one group of four a line | only behind `carte`, `CB`, `card`… | columns of figures pass Luhn one time in ten |
//! | inside a URL, an address, an identifier, a longer run of digits | refused | Luhn holds for one number in ten |
//! | first group at the end of a URL, the others behind blanks | found | an address ends at a blank |
//! | expiry or security code behind the number | found | it is the worst of leaks |

use super::context;
use super::digits::luhn;
use super::edges;
use super::fold::{Folded, before, fold, from, is_superscript};
use super::{CARD, Found};

/// Groups read at once: five, and one to see that no sixth follows.
const GROUPS_MAX: usize = 6;
/// Longest card number, digits.
const DIGITS_MAX: usize = 19;

/// Issuers: first and last prefix (same number of digits), shortest and longest number.
///
/// Source: the schemes' published ranges. Wider ranges come last: the first that fits decides the lengths.
const ISSUERS: &[(u32, u32, &[usize])] = &[
    (4, 4, &[13, 16, 19]),             // Visa
    (51, 55, &[16]),                   // Mastercard
    (2221, 2720, &[16]),               // Mastercard
    (34, 34, &[15]),                   // American Express
    (37, 37, &[15]),                   // American Express
    (300, 305, &[14, 16, 17, 18, 19]), // Diners
    (309, 309, &[14, 16, 17, 18, 19]), // Diners
    (36, 36, &[14, 16, 17, 18, 19]),   // Diners
    (38, 39, &[14, 16, 17, 18, 19]),   // Diners
    (3528, 3589, &[16, 17, 18, 19]),   // JCB
    (2131, 2131, &[15]),               // JCB
    (1800, 1800, &[15]),               // JCB
    (6011, 6011, &[16, 17, 18, 19]),   // Discover
    (644, 649, &[16, 17, 18, 19]),     // Discover
    (65, 65, &[16, 17, 18, 19]),       // Discover, RuPay
    (62, 62, &[16, 17, 18, 19]),       // UnionPay
    (81, 81, &[16, 17, 18, 19]),       // UnionPay, RuPay
    (2200, 2204, &[16, 17, 18, 19]),   // Mir
    (637, 639, &[16]),                 // InstaPayment
    (6331, 6334, &[16, 18, 19]),       // Switch, Solo
    (6304, 6304, &[16, 17, 18, 19]),   // Laser
    (60, 60, &[16]),                   // RuPay, Hipercard
    (50, 50, &[16, 17, 18, 19]),       // Maestro, Dankort
    (56, 58, &[16, 17, 18, 19]),       // Maestro
    (67, 67, &[16, 17, 18, 19]),       // Maestro, Laser
];

/// What says that a column of figures is a card number.
const SAID: &[&str] = &["carte", "cb", "card", "pan", "visa", "mastercard"];

/// A group of digits: one past its last byte, and how many.
#[derive(Clone, Copy)]
struct Group {
    end: usize,
    digits: usize,
}

/// The card number whose first digit stands at byte `start`, if there is one.
pub(super) fn at(text: &str, start: usize) -> Option<Found> {
    // No scheme begins with 0, 7 or 9.
    let first = text.get(start..)?.chars().next().map(fold);
    if matches!(first, Some(Folded::Alnum(b'0' | b'7' | b'9'))) {
        return None;
    }
    let mut digits = Vec::with_capacity(DIGITS_MAX);
    let (groups, kind) = groups(text, start, &mut digits)?;
    let candidate = candidates(&groups).find_map(|count| {
        let taken = groups.get(..count)?;
        let length = taken.iter().map(|group| group.digits).sum();
        let number = digits.get(..length)?;
        let stands = is_card(number) && follows_nothing(&groups, &digits, count, kind);
        stands.then_some((taken.last()?.end, number, count))
    });
    let (end, number, count) = candidate?;
    // An address ends at the first blank: groups behind one stand in no address.
    let leaves_address = count > 1 && kind == Some(Folded::Space);
    let in_address = !leaves_address && edges::in_address(text, start);
    if !starts(text, start, count > 1) || !edges::ends(text, end) || in_address {
        return None;
    }
    let value = number.iter().filter_map(|digit| char::from_digit(u32::from(*digit), 10)).collect();
    Some(Found { detector: CARD, start, end, certainty: if count > 1 { 95 } else { 90 }, value })
}

/// The groups of digits from `start` on, joined by one kind of separator.
fn groups(text: &str, start: usize, digits: &mut Vec<u8>) -> Option<(Vec<Group>, Option<Folded>)> {
    let mut groups = vec![Group { end: start, digits: 0 }];
    let mut kind = None;
    let mut separator: Option<Folded> = None;
    let mut width = 0;
    let mut line_ends = 0;
    for (end, c, folded) in from(text, start) {
        match folded {
            Folded::Alnum(byte @ b'0'..=b'9') if !is_superscript(c) => {
                if let Some(met) = separator.take() {
                    if groups.len() == GROUPS_MAX || (kind.is_some_and(|kind| kind != met)) {
                        break;
                    }
                    kind = Some(met);
                    width = 0;
                    groups.push(Group { end, digits: 0 });
                }
                let group = groups.last_mut()?;
                group.end = end;
                group.digits += 1;
                if group.digits > DIGITS_MAX {
                    break;
                }
                digits.push(byte - b'0');
            }
            Folded::Newline if line_ends == 0 && separator.is_none_or(|met| met == Folded::Space) => {
                line_ends += 1;
                separator = Some(kind.unwrap_or(Folded::Space));
            }
            Folded::Newline
                if separator.is_none_or(|met| met == Folded::Space) && is_column(text, start, &groups) =>
            {
                separator = Some(kind.unwrap_or(Folded::Space));
            }
            Folded::Space | Folded::Dash | Folded::Dot
                if width < 2 && separator.is_none_or(|met| met == folded) =>
            {
                width += 1;
                separator = Some(folded);
            }
            Folded::Word | Folded::Other
                if separator.is_none() && "_/|*~".contains(c) && is_full(&groups) =>
            {
                separator = Some(folded);
            }
            _ if is_superscript(c) && separator.is_none() => break,
            // A letter glued to the last group makes a word of it.
            Folded::Alnum(_) | Folded::Word if separator.is_none() => {
                groups.last_mut()?.digits = DIGITS_MAX + 1;
                break;
            }
            _ => break,
        }
    }
    Some((groups, kind))
}

/// Groups of four over several lines, said to be a card number.
fn is_column(text: &str, start: usize, groups: &[Group]) -> bool {
    groups.len() < 4 && groups.iter().all(|group| group.digits == 4) && context::precedes(text, start, SAID)
}

/// All groups so far are of four digits, or the first two of a 4-6-5.
fn is_full(groups: &[Group]) -> bool {
    match groups {
        [.., Group { digits: 6, .. }] => groups.len() == 2,
        [] => false,
        all => all.iter().all(|group| group.digits == 4),
    }
}

/// How many groups may make a number, most first.
fn candidates(groups: &[Group]) -> impl Iterator<Item = usize> {
    let lengths: Vec<usize> = groups.iter().map(|group| group.digits).collect();
    (1..=lengths.len()).rev().filter(move |count| {
        matches!(
            lengths.get(..*count).unwrap_or(&[]),
            [12..=DIGITS_MAX] | [4, 4, 4, 1..=4] | [4, 4, 4, 4, 1..=3] | [4, 6, 4..=5] | [6, 13] | [8, 8]
        )
    })
}

/// What stands behind the number, joined to it, is not more of it.
fn follows_nothing(groups: &[Group], digits: &[u8], count: usize, kind: Option<Folded>) -> bool {
    let Some(next) = groups.get(count) else { return true };
    if kind != Some(Folded::Space) {
        return false;
    }
    let before: usize = groups.iter().take(count).map(|group| group.digits).sum();
    match digits.get(before..before + next.digits) {
        // Four more digits continue a grouped number, unless they are a month and a year.
        Some([m1, m2, y1, _]) => count == 1 || (matches!(m1 * 10 + m2, 1..=12) && matches!(y1, 2..=4)),
        _ => true,
    }
}

fn is_card(number: &[u8]) -> bool {
    luhn(number.iter().copied()) && has_issuer(number)
}

fn has_issuer(number: &[u8]) -> bool {
    let prefix =
        |places: usize| number.iter().take(places).fold(0_u32, |sum, digit| sum * 10 + u32::from(*digit));
    ISSUERS.iter().any(|(low, high, lengths)| {
        let places = low.ilog10() as usize + 1;
        (*low..=*high).contains(&prefix(places)) && lengths.contains(&number.len())
    })
}

/// No word, number or longer number runs into it.
fn starts(text: &str, start: usize, grouped: bool) -> bool {
    let behind_blank = matches!(before(text, start).next(), Some((_, _, Folded::Space)));
    edges::starts(text, start) && !(grouped && behind_blank && ends_with_full_group(text, start))
}

/// The word before is four letters and digits with a digit among them: the number is the tail of a longer one.
fn ends_with_full_group(text: &str, start: usize) -> bool {
    let mut group = before(text, start).skip(1).take(5).map_while(|(_, _, folded)| match folded {
        Folded::Alnum(byte) => Some(byte),
        _ => None,
    });
    let (count, digit) =
        group.by_ref().fold((0, false), |(count, digit), byte| (count + 1, digit | byte.is_ascii_digit()));
    count == 4 && digit
}
