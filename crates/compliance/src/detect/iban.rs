//! IBAN, ISO 13616: country, check digits, account part in the country's form, mod 97 = 1.
//!
//! Decisions where sources disagree (asserted against the vectors in `tests/mod.rs`):
//!
//! | case | decision | why |
//! |---|---|---|
//! | check digits 00, 01, 99 | refused | ISO 7064 gives 02 to 98 only, although mod 97 holds |
//! | lower-case letters | found, certainty 90 | ISO 13616 wants upper case, people type otherwise, the leak is the same |
//! | prefixes of territories (RE, GP, NC, AX…) | found, certainty 90 | the registry lists them under FR, FI, GB; they circulate |
//! | countries outside the registry (MA, SN, DZ…) | found, certainty 90 | their banks issue them |
//! | groups parted by spaces, dashes, dots, NBSP, one line end | found | people and mail programs write them so |
//! | groups of four over any number of lines | found | a column of a table; mod 97 carries it |
//! | one character a box, the two letters of the country apart (`F R 7 6`) | found | forms have boxes |
//! | groups parted by one other sign, the same each time (`/`, `_`, `\|`, `:`…) | found; by `,` or `;` where they are of four | mod 97 carries it; a row of a CSV has cells of any length |
//! | one more character glued to the end, or digits among letters | refused | the length is part of the number |
//! | a word of letters alone glued to the end (`189EUR`), one in small letters to the beginning (`compteFR76`) | found, certainty 80 | the check carries it, and cells that are joined look so |
//! | one more digit in a group of its own, then nothing | refused | it reads as one number of the wrong length |
//! | `IBAN` glued before the country | found | forms print it so |
//! | letters that pass for digits (`O` for 0, `l` for 1) | found, certainty 80 | see [`lookalike`] |

use super::countries::{Standing, form_of};
use super::fold::{Folded, before, from, is_superscript};
use super::lookalike::{self, SHARE};
use super::{Found, IBAN};

/// Longest run of separators between two characters of a number (a line end with a quote mark and indentation).
const SEPARATORS_MAX: usize = 8;
/// Longest account number, characters (ISO 13616-1).
const LENGTH_MAX: usize = 34;

/// How sure a number can be in which letters were taken for digits.
const CERTAINTY_OF_LOOKS: u8 = 80;

/// The IBAN whose first digit stands at byte `digits`, if there is one. `seen`: the text was read in a picture.
pub(super) fn at(text: &str, digits: usize, seen: bool) -> Option<Found> {
    let (digits, (start, prefix), (form, standing)) = beginning(text, digits)?;
    let mut number = Vec::with_capacity(LENGTH_MAX);
    number.extend(prefix);
    let mut reader =
        Reader { text, at: digits, grouped: false, line_ends: 0, joint: None, even: true, read: 2 };
    let mut upper =
        text.get(start..digits).is_some_and(|letters| !letters.contains(|c: char| c.is_lowercase()));
    // Characters that were taken for others, and those that both could be.
    let (mut taken, mut either) = (0, Vec::new());
    for class in std::iter::repeat_n(b'n', 2).chain(classes(form)) {
        let (byte, c) = reader.next()?;
        let byte = match class {
            b'n' if !byte.is_ascii_digit() => {
                taken += 1;
                lookalike::digit(byte)?
            }
            b'a' if !byte.is_ascii_uppercase() => {
                taken += 1;
                lookalike::letter(byte).filter(|_| seen)?
            }
            b'n' | b'a' => byte,
            _ => {
                if seen || !byte.is_ascii_digit() {
                    either.push(number.len());
                }
                byte
            }
        };
        upper &= !c.is_lowercase();
        number.push(byte);
    }
    let end = reader.at;
    if matches!(reader.joint, Some(',' | ';')) && !reader.even {
        return None;
    }
    let is_glued = is_behind_word(text, start) || is_before_word(text, end);
    if !ends(text, end, &reader) && !is_glued {
        return None;
    }
    let is_plain = taken == 0 && has_good_check(&number);
    if !is_plain {
        // Either is a guess; both are none.
        if is_glued {
            return None;
        }
        number = by_its_looks(number, taken, &either, seen)?;
    }
    let certainty = match (is_plain && !is_glued, upper && standing == Standing::Registered) {
        (false, _) => CERTAINTY_OF_LOOKS,
        (true, true) => 100,
        (true, false) => 90,
    };
    let value = String::from_utf8(number).ok()?;
    Some(Found { detector: IBAN, start, end, certainty, value })
}

/// Where the digits begin, the country before them and its form. The first of them may be a letter that passes for one.
type Beginning = (usize, (usize, [u8; 2]), (&'static str, Standing));

fn beginning(text: &str, digits: usize) -> Option<Beginning> {
    let from = |digits: usize| {
        let country = country(text, digits)?;
        Some((digits, country, form_of(country.1)?))
    };
    from(digits).or_else(|| match before(text, digits).next()? {
        (at, _, Folded::Alnum(byte)) if lookalike::digit(byte).is_some() => from(at),
        _ => None,
    })
}

/// The number with what was taken for something else, if the check says that it is one.
fn by_its_looks(number: Vec<u8>, taken: usize, either: &[usize], seen: bool) -> Option<Vec<u8>> {
    let digits = number.iter().filter(|byte| byte.is_ascii_digit()).count();
    if taken * SHARE > number.len() || digits * 2 < number.len() {
        return None;
    }
    if taken > 0 && has_good_check(&number) {
        return Some(number);
    }
    // Every letter that passes for a digit is one.
    let mut all = number.clone();
    let mut more = taken;
    for place in either {
        if let Some(byte) = all.get_mut(*place)
            && let Some(digit) = lookalike::digit(*byte)
        {
            *byte = digit;
            more += 1;
        }
    }
    if more > taken && more * SHARE <= all.len() && has_good_check(&all) {
        return Some(all);
    }
    if !seen {
        return None;
    }
    lookalike::mended(&number, either, lookalike::IN_PICTURES_MAX, &has_good_check)
}

/// The two letters before the digits, and where they start, if a word starts there.
fn country(text: &str, digits: usize) -> Option<(usize, [u8; 2])> {
    let mut back = before(text, digits).peekable();
    let part = back.next_if(|(_, c, folded)| {
        matches!(folded, Folded::Space | Folded::Dash | Folded::Dot) || is_joint(*c, *folded)
    });
    let part = part.map(|(_, c, _)| c);
    let letter = |one: Option<(usize, char, Folded)>| match one? {
        (at, _, Folded::Alnum(byte)) if byte.is_ascii_uppercase() => Some((at, byte)),
        _ => None,
    };
    let (_, second) = letter(back.next())?;
    // One character a box: what stands before the digits stands between the letters too, and so behind the first digit.
    let boxed = part.is_some() && is_boxed(text, digits, part);
    let boxed = boxed && back.next_if(|(_, c, _)| Some(*c) == part).is_some();
    let (start, first) = letter(back.next())?;
    let mut word = back.take(5).map_while(|(_, c, folded)| match folded {
        Folded::Alnum(byte) => Some(byte),
        // It parts the words of a file name.
        Folded::Word if c == '_' => None,
        Folded::Word => Some(0),
        _ => None,
    });
    let alone = match word.next() {
        None => true,
        Some(_) if boxed => false,
        Some(b'N') => word.eq(*b"ABI") || is_behind_word(text, start),
        Some(_) => is_behind_word(text, start),
    };
    alone.then_some((start, [first, second]))
}

/// Letters of a word that is glued to a number, at least.
const GLUED_MIN: usize = 2;

/// A word in small letters ends where the capitals of the country begin.
fn is_behind_word(text: &str, start: usize) -> bool {
    let letters = text.get(..start).unwrap_or("").chars().rev().take_while(|c| c.is_alphanumeric()).take(32);
    let mut country = text.get(start..).unwrap_or("").chars().take(2);
    let (count, small) = letters.fold((0, true), |(count, small), c| (count + 1, small && c.is_lowercase()));
    // `IBAN` has its own rule.
    small && count >= GLUED_MIN && country.all(char::is_uppercase)
}

/// A word of letters alone begins where the number ends.
fn is_before_word(text: &str, end: usize) -> bool {
    let tail = text.get(end..).unwrap_or("").chars().take_while(|c| c.is_alphanumeric());
    let (count, letters) =
        tail.take(32).fold((0, true), |(count, letters), c| (count + 1, letters && c.is_alphabetic()));
    letters && (GLUED_MIN..32).contains(&count)
}

/// Behind the first digit stands the same separator.
fn is_boxed(text: &str, digits: usize, part: Option<char>) -> bool {
    let mut after = from(text, digits).map(|(_, c, folded)| (c, folded));
    matches!(after.next(), Some((_, Folded::Alnum(_)))) && after.next().map(|(c, _)| c) == part
}

/// Reads the characters of a number over its separators.
struct Reader<'a> {
    text: &'a str,
    /// One past the last character read.
    at: usize,
    /// A separator was met.
    grouped: bool,
    line_ends: usize,
    /// The sign between groups, where it is none that people write there.
    joint: Option<char>,
    /// So far it stands behind every fourth character alone.
    even: bool,
    /// Characters read, the country with them.
    read: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<(u8, char)> {
        let mut separators = 0;
        let mut line_end = false;
        let mut joined = false;
        for (end, c, folded) in from(self.text, self.at) {
            match folded {
                Folded::Alnum(byte) => {
                    self.grouped |= separators > 0;
                    self.at = end;
                    self.read += 1;
                    return Some((byte, c));
                }
                Folded::Newline if self.line_ends == 0 || line_end || self.read.is_multiple_of(4) => {
                    // CRLF is one line end.
                    self.line_ends = 1;
                    line_end = true;
                }
                Folded::Space | Folded::Dash | Folded::Dot => {}
                Folded::Other if c == '>' && line_end => {}
                _ if !joined && is_joint(c, folded) && self.joint.is_none_or(|joint| joint == c) => {
                    joined = true;
                    self.joint = Some(c);
                    self.even &= self.read.is_multiple_of(4);
                }
                _ => return None,
            }
            separators += 1;
            if separators > SEPARATORS_MAX {
                return None;
            }
        }
        None
    }
}

/// A sign that may part groups, though nobody does it to be read more easily. Not those that end a number or begin an address.
fn is_joint(c: char, folded: Folded) -> bool {
    c == '_' || (folded == Folded::Other && !"@<>\"(){}[]&%?!".contains(c))
}

fn classes(form: &str) -> impl Iterator<Item = u8> {
    let mut count = 0_usize;
    form.bytes().flat_map(move |byte| {
        if byte.is_ascii_digit() {
            count = count * 10 + usize::from(byte - b'0');
            std::iter::repeat_n(byte, 0)
        } else {
            std::iter::repeat_n(byte, std::mem::take(&mut count))
        }
    })
}

/// ISO 7064 mod 97-10 over the number with its first four characters moved to the end.
fn has_good_check(number: &[u8]) -> bool {
    let Some((head, account)) = number.split_at_checked(4) else { return false };
    let remainder = account.iter().chain(head).fold(0_u32, |sum, byte| match byte {
        b'0'..=b'9' => (sum * 10 + u32::from(byte - b'0')) % 97,
        _ => (sum * 100 + u32::from(byte - b'A') + 10) % 97,
    });
    let check = head.get(2..).and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<u8>().ok());
    remainder == 1 && check.is_some_and(|check| (2..=98).contains(&check))
}

/// Nothing continues the number.
fn ends(text: &str, end: usize, reader: &Reader<'_>) -> bool {
    let mut after = from(text, end).map(|(_, c, folded)| (c, folded));
    match after.next() {
        None | Some((_, Folded::Newline | Folded::Other)) => true,
        Some((c, Folded::Alnum(_) | Folded::Word)) => c == '_' || is_superscript(c),
        Some((_, Folded::Space | Folded::Dash | Folded::Dot | Folded::Invisible)) => {
            let digit = matches!(after.next(), Some((_, Folded::Alnum(b'0'..=b'9'))));
            let alone = matches!(after.next(), None | Some((_, Folded::Newline | Folded::Other)));
            !(reader.grouped && digit && alone)
        }
    }
}
