//! Numbers of which each digit is a word, in French or English: `FR sept six, trois zéro zéro zéro…`.
//!
//! | case | decision | why |
//! |---|---|---|
//! | ten words of digits and more in a row, blanks and signs between | read as those digits, by the strict rules, certainty 80 | nobody counts so far |
//! | accounts in their national form (RIB), companies | not read | without groups they need a word beside them |
//! | letters of the country before them, apart or not | the number's | `F R sept six` |
//! | numbers of several digits (`soixante-seize`, `seventy-six`), `un` and `one` alone | not read | where one ends and the next begins is not known |

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::{CARD, Found, IBAN, NIR, card, iban, nir};

/// Words of digits in a row that may be a number.
const WORDS_MIN: usize = 10;
/// Bytes between two words.
const BETWEEN_MAX: usize = 6;
/// How sure such a number can be.
const CERTAINTY: u8 = 80;

/// The words and their digits; the longer of two that begin alike stands first.
const WORDS: [(&str, u8); 21] = [
    ("zéro", b'0'),
    ("ZÉRO", b'0'),
    ("zero", b'0'),
    ("une", b'1'),
    ("un", b'1'),
    ("one", b'1'),
    ("deux", b'2'),
    ("two", b'2'),
    ("trois", b'3'),
    ("three", b'3'),
    ("quatre", b'4'),
    ("four", b'4'),
    ("cinq", b'5'),
    ("five", b'5'),
    ("six", b'6'),
    ("sept", b'7'),
    ("seven", b'7'),
    ("huit", b'8'),
    ("eight", b'8'),
    ("neuf", b'9'),
    ("nine", b'9'),
];

static AUTOMATON: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::LeftmostFirst)
        .build(WORDS.iter().map(|(word, _)| word))
        .ok()
});

/// Words in a row: where each ends, as digits.
#[derive(Default)]
struct Row {
    start: usize,
    digits: Vec<u8>,
    ends: Vec<usize>,
}

/// Every number that is spelt out.
pub(super) fn scan(text: &str, found: &mut Vec<Found>) {
    let Some(automaton) = AUTOMATON.as_ref() else { return };
    let mut row = Row::default();
    for word in automaton.find_iter(text) {
        if !is_word(text, word.start(), word.end()) {
            continue;
        }
        let goes_on = row.ends.last().is_some_and(|end| {
            text.get(*end..word.start()).is_some_and(|between| {
                between.len() <= BETWEEN_MAX && !between.contains(char::is_alphanumeric)
            })
        });
        if !goes_on {
            found.extend(row.number(text));
            row = Row { start: word.start(), ..Row::default() };
        }
        let digit = WORDS.get(word.pattern().as_usize()).map_or(b'0', |(_, digit)| *digit);
        row.digits.push(digit);
        row.ends.push(word.end());
    }
    found.extend(row.number(text));
}

/// No letter or digit stands beside it.
fn is_word(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|head| head.chars().next_back());
    let after = text.get(end..).and_then(|tail| tail.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

impl Row {
    /// The number that the row is, from its first word on.
    fn number(&self, text: &str) -> Option<Found> {
        if self.digits.len() < WORDS_MIN {
            return None;
        }
        let (start, letters) = country(text, self.start);
        let digits = String::from_utf8(self.digits.clone()).ok()?;
        let written = format!("{letters}{digits}");
        let at = letters.len();
        let hit = iban::at(&written, at, false);
        let start = if hit.is_some() { start } else { self.start };
        let hit = hit
            .or_else(|| nir::at(&digits, 0))
            .or_else(|| card::at(&digits, 0))
            .filter(|hit| matches!(hit.detector, IBAN | NIR | CARD))?;
        let before = if hit.detector == IBAN { at } else { 0 };
        let end = *self.ends.get(hit.end.checked_sub(before + 1)?)?;
        Some(Found { start, end, certainty: hit.certainty.min(CERTAINTY), ..hit })
    }
}

/// Two capitals before the first word, together or apart, and where they start.
fn country(text: &str, start: usize) -> (usize, String) {
    let head = text.get(..start).unwrap_or("");
    let mut letters = head
        .char_indices()
        .rev()
        .filter(|(_, c)| c.is_alphanumeric())
        .take_while(|(at, _)| start - at <= BETWEEN_MAX * 2);
    match (letters.next(), letters.next()) {
        (Some((_, second)), Some((at, first)))
            if first.is_ascii_uppercase() && second.is_ascii_uppercase() =>
        {
            (at, format!("{first}{second}"))
        }
        _ => (start, String::new()),
    }
}
