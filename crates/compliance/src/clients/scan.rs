//! Clients' data in a text: what detectors found, and every stretch of words that is as long as some client's number.

use super::build::NAME_WORDS;
use super::{ClientNumber, Clients, Kind};
use crate::detect::{BIRTH_DATE, CLIENT_DATA, EMAIL, Found, PHONE};
use crate::words::{Word, Words};

/// Words a number may be written in: `FR76 3000 6000 0112 3456 7890 189` is seven.
const WORDS_MAX: usize = 12;
/// Letters that a number may begin with, where they stand apart from its digits.
const PREFIX_MAX: usize = 4;
/// Letters and digits of a number.
const LENGTH_MAX: usize = 40;
/// Words around a date of birth among which a name is looked for, before and behind.
const BEFORE: usize = 14;
const BEHIND: usize = 8;

impl Clients {
    /// Whose data stands in the text. `found` is what the detectors found in it, and gets what is found here.
    pub(crate) fn scan(&self, words: &Words, found: &mut Vec<Found>) {
        if self.is_empty() {
            return;
        }
        let mut ours = Vec::new();
        for hit in found.iter() {
            match hit.detector {
                EMAIL => self.take(Kind::Email, &hit.value, (hit.start, hit.end), 70, &mut ours),
                PHONE => self.take(Kind::Phone, &hit.value, (hit.start, hit.end), 70, &mut ours),
                BIRTH_DATE => self.person(words, hit, &mut ours),
                // A number that a detector saw through what parts or hides it.
                _ if self.has_length(hit.value.len()) => {
                    let value = hit.value.to_ascii_lowercase();
                    self.take(Kind::Number, &value, (hit.start, hit.end), 100, &mut ours);
                }
                _ => {}
            }
        }
        let seen: Vec<(usize, usize)> = ours.iter().map(|hit| (hit.start, hit.end)).collect();
        self.numbers(words, &mut ours);
        // The same place twice is once.
        let mut index = 0;
        ours.retain(|hit| {
            index += 1;
            index <= seen.len() || !seen.iter().any(|(start, end)| *start <= hit.start && hit.end <= *end)
        });
        found.extend(ours);
    }

    fn has_length(&self, length: usize) -> bool {
        length <= LENGTH_MAX && self.lengths & 1 << length != 0
    }

    fn take(
        &self,
        kind: Kind,
        value: &str,
        (start, end): (usize, usize),
        certainty: u8,
        found: &mut Vec<Found>,
    ) {
        let owners = self.owners(kind, value);
        if !owners.is_empty() {
            found.push(Found { detector: CLIENT_DATA, start, end, certainty, value: written(owners) });
        }
    }

    /// Words that hold digits, or few letters before such a word (`AV-2048-77315`), and as many behind them as make a number of
    /// some length there is.
    fn numbers(&self, words: &Words, found: &mut Vec<Found>) {
        let all = words.all();
        let mut joined = String::with_capacity(LENGTH_MAX);
        let mut past = 0;
        let has_digit = |word: &Word| words.letters(word).bytes().any(|byte| byte.is_ascii_digit());
        let begins = |at: usize, first: &Word| {
            has_digit(first)
                || (words.letters(first).len() <= PREFIX_MAX && all.get(at + 1).is_some_and(has_digit))
        };
        for (at, first) in all.iter().enumerate() {
            if at < past || !begins(at, first) {
                continue;
            }
            joined.clear();
            let mut longest = None;
            for (index, word) in all.iter().enumerate().skip(at).take(WORDS_MAX) {
                let letters = words.letters(word);
                if joined.len() + letters.len() > LENGTH_MAX || !letters.is_ascii() {
                    break;
                }
                joined.push_str(letters);
                if self.has_length(joined.len()) {
                    let owners = self.owners(Kind::Number, &joined);
                    if !owners.is_empty() {
                        longest = Some((index, word.end, written(owners)));
                    }
                }
            }
            if let Some((last, end, value)) = longest {
                past = last + 1;
                found.push(Found { detector: CLIENT_DATA, start: first.start, end, certainty: 100, value });
            }
        }
    }

    /// A name near a date of birth, its words in any order.
    fn person(&self, words: &Words, born: &Found, found: &mut Vec<Found>) {
        let all = words.all();
        let at = all.partition_point(|word| word.start < born.start);
        let around = all.get(at.saturating_sub(BEFORE)..(at + BEHIND).min(all.len())).unwrap_or_default();
        for first in 0..around.len() {
            for count in NAME_WORDS {
                let Some(name) = around.get(first..first + count) else { break };
                if let Some(hit) = self.named(words, name, born) {
                    found.push(hit);
                    return;
                }
            }
        }
    }

    fn named(&self, words: &Words, name: &[Word], born: &Found) -> Option<Found> {
        let mut letters: Vec<&str> = name.iter().map(|word| words.letters(word)).collect();
        if letters.iter().any(|word| !word.chars().all(char::is_alphabetic)) {
            return None;
        }
        letters.sort_unstable();
        let owners = self.owners(Kind::Person, &format!("{} {}", letters.join(" "), born.value));
        let (first, last) = (name.first()?, name.last()?);
        let (start, end) = (first.start.min(born.start), last.end.max(born.end));
        let value = written(owners);
        (!owners.is_empty()).then_some(Found { detector: CLIENT_DATA, start, end, certainty: 95, value })
    }
}

/// The clients' numbers as a finding carries them.
fn written(owners: &[ClientNumber]) -> String {
    owners.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
}

/// The clients that a finding carries.
pub(crate) fn read(value: &str) -> Vec<ClientNumber> {
    value.split(", ").filter_map(|number| number.parse().ok()).collect()
}
