//! Numbers of digits written otherwise than any detector reads them: letters that pass for digits, signs between groups that
//! nobody puts there. Only where the strict reading found nothing, and only what is then read by the same strict rules.
//!
//! | case | decision | why |
//! |---|---|---|
//! | letters for digits, groups as people write them | card, NIR, SIREN, SIRET, RIB, by their checks | see [`lookalike`] |
//! | the same in one piece of sixteen and more, with a `B` | no card | hexadecimal names of files and messages are such |
//! | signs of any kind between groups, several of them | NIR, SIRET, RIB in their own groups, or beside their name; SIREN beside its name | dates, versions and rows of figures have others |
//! | such signs in a card number | those of `card.rs` only | Luhn alone proves too little |

use std::ops::RangeInclusive;

use super::digits::Digits;
use super::fold::{Folded, before, from, is_superscript};
use super::lookalike::{self, SHARE};
use super::{CARD, Found, card, company, nir, rib};

/// Characters of the shortest number that is looked for, and of the longest.
const CHARACTERS: RangeInclusive<usize> = 9..=24;
/// Signs between two groups.
const SIGNS_MAX: usize = 4;
/// Letters that a number may begin with.
const LETTERS_BEFORE_MAX: usize = 3;
/// Bytes around a number that say what it is.
const BEFORE_BYTES: usize = 320;
const AFTER_BYTES: usize = 120;
/// How sure a disguised number can be at most: somebody may have meant another.
const CERTAINTY_MAX: u8 = 80;

/// The number whose first digit stands at `start`, read as `digits` as far as it is written plainly.
pub(super) fn at(text: &str, start: usize, digits: &Digits) -> Option<Found> {
    let looks = |folded: Folded| matches!(folded, Folded::Alnum(byte) if lookalike::digit(byte).is_some());
    let glued_before = || before(text, start).next().is_some_and(|(_, _, folded)| looks(folded));
    match digits.stopped() {
        Some((_, folded)) if looks(folded) => {}
        Some((c, folded)) if digits.may_go_on() && is_sign(c, folded) => {}
        _ if digits.len() >= *CHARACTERS.start() - 1 && glued_before() => {}
        _ => return None,
    }
    let candidate = Candidate::read(text, begin(text, start))?;
    let hit = (candidate.letters > 0).then(|| candidate.as_grouped(text)).flatten();
    hit.or_else(|| candidate.is_odd.then(|| candidate.regrouped(text)).flatten())
}

/// A sign that may stand between groups: a separator too many, or what no number has there.
fn is_sign(c: char, folded: Folded) -> bool {
    matches!(folded, Folded::Space | Folded::Dash | Folded::Dot) || "/_|*~:,;+".contains(c)
}

/// Where a number begins whose first characters are letters.
fn begin(text: &str, start: usize) -> usize {
    let letters = before(text, start).take(LETTERS_BEFORE_MAX).take_while(
        |(_, _, folded)| matches!(folded, Folded::Alnum(byte) if lookalike::digit(*byte).is_some()),
    );
    letters.last().map_or(start, |(at, _, _)| at)
}

/// What may be a number.
struct Candidate {
    start: usize,
    end: usize,
    /// Its characters, letters as digits, each with where it ends in the text.
    written: Vec<(char, usize)>,
    /// Letters taken for digits.
    letters: usize,
    /// One of them is a digit of hexadecimal numbers.
    has_hex: bool,
    /// Other signs stand between groups than people write.
    is_odd: bool,
}

impl Candidate {
    fn read(text: &str, start: usize) -> Option<Self> {
        let mut all = Self {
            start,
            end: start,
            written: Vec::with_capacity(32),
            letters: 0,
            has_hex: false,
            is_odd: false,
        };
        let mut signs = String::new();
        let (mut line_ends, mut at_line_end) = (0, false);
        let mut count = 0;
        // Digits and letters of this group, and what to go back to when it is a word.
        let mut group = (0, 0);
        let mut before = (0, 0, false);
        for (end, c, folded) in from(text, start) {
            match folded {
                Folded::Alnum(byte) if !is_superscript(c) => {
                    // The one letter of a person's number: the department of Corsica.
                    let in_corsica = count == 6
                        && matches!(byte, b'A' | b'B')
                        && group.0 == 1
                        && matches!(all.written.last(), Some(('2', _)))
                        && signs.is_empty();
                    let stands_for = match byte {
                        b'0'..=b'9' => Some(byte),
                        _ if in_corsica => Some(byte),
                        _ => lookalike::digit(byte),
                    };
                    let Some(stands_for) = stands_for else {
                        if signs.is_empty() {
                            group = (0, 1);
                        }
                        break;
                    };
                    if !signs.is_empty() {
                        before = (all.written.len(), all.letters, all.is_odd);
                        all.is_odd |= signs.chars().count() > 1 || signs.contains(|c| !" -.".contains(c));
                        all.written.extend(signs.drain(..).map(|sign| (sign, end)));
                        group = (0, 0);
                    }
                    let is_letter = !byte.is_ascii_digit() && !in_corsica;
                    group = if is_letter { (group.0, group.1 + 1) } else { (group.0 + 1, group.1) };
                    all.letters += usize::from(is_letter);
                    all.has_hex |= is_letter && byte == b'B';
                    at_line_end = false;
                    count += 1;
                    all.written.push((char::from(stands_for), end));
                }
                _ if count > *CHARACTERS.end() || signs.len() >= SIGNS_MAX => break,
                Folded::Newline if line_ends == 0 || at_line_end => {
                    (line_ends, at_line_end) = (1, true);
                    if !signs.ends_with(' ') {
                        signs.push(' ');
                    }
                }
                Folded::Newline => break,
                Folded::Space => signs.push(' '),
                Folded::Dash => signs.push('-'),
                Folded::Dot => signs.push('.'),
                _ if is_sign(c, folded) => signs.push(c),
                _ => break,
            }
        }
        if group.0 == 0 {
            all.written.truncate(before.0);
            (all.letters, all.is_odd) = (before.1, before.2);
        }
        all.end = all.written.last().map_or(start, |(_, end)| *end);
        let count = all.written.iter().filter(|(c, _)| c.is_ascii_alphanumeric()).count();
        (CHARACTERS.contains(&count) && all.letters * SHARE <= count).then_some(all)
    }

    /// As it is grouped, letters as digits.
    fn as_grouped(&self, text: &str) -> Option<Found> {
        let is_whole = self.written.iter().all(|(c, _)| c.is_ascii_alphanumeric());
        let hit = self.found(text, &self.written, &|copy, start| {
            let hit = nir::at(copy, start).or_else(|| company::at(copy, start, &Digits::read(copy, start)));
            hit.or_else(|| rib::at(copy, start)).or_else(|| card::at(copy, start))
        });
        hit.filter(|hit| !(hit.detector == CARD && is_whole && self.has_hex))
    }

    /// In the same groups, one blank between two of them.
    fn regrouped(&self, text: &str) -> Option<Found> {
        let mut plain: Vec<(char, usize)> = Vec::with_capacity(self.written.len());
        for (c, end) in &self.written {
            match c {
                _ if c.is_ascii_alphanumeric() => plain.push((*c, *end)),
                _ if plain.last().is_some_and(|(c, _)| *c == ' ') => {}
                _ => plain.push((' ', *end)),
            }
        }
        self.found(text, &plain, &|copy, start| {
            let hit = nir::at(copy, start).filter(|hit| hit.certainty >= 95);
            let hit = hit.or_else(|| company::at(copy, start, &Digits::read(copy, start)));
            hit.or_else(|| rib::at(copy, start))
        })
    }

    /// What the strict rules say of it in its place.
    fn found(
        &self,
        text: &str,
        plain: &[(char, usize)],
        strict: &dyn Fn(&str, usize) -> Option<Found>,
    ) -> Option<Found> {
        let boundary = |at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let head = text.get(boundary(self.start.saturating_sub(BEFORE_BYTES))..self.start)?;
        let tail = text.get(self.end..boundary(self.end.saturating_add(AFTER_BYTES).min(text.len())))?;
        let copy: String = [head, &plain.iter().map(|(c, _)| *c).collect::<String>(), tail].concat();
        let hit = strict(&copy, head.len())?;
        // Digits and signs are of one byte each.
        let last = hit.end.checked_sub(head.len() + 1)?;
        let (_, end) = *plain.get(last)?;
        Some(Found { start: self.start, end, certainty: hit.certainty.min(CERTAINTY_MAX), ..hit })
    }
}
