//! Keys, tokens and passwords: what opens a door for whoever reads it.
//!
//! Vendors give their keys prefixes of their own ([`rules`]); commands and headers carry credentials in known places
//! ([`commands`]); people write passwords behind the word ([`spoken`]). Values that only stand for one (`XXXX`, `<password>`,
//! `${TOKEN}`, keys printed in manuals) are not findings. Held to the vectors of gitleaks; where we differ, and why:
//!
//! | case | decision | why |
//! |---|---|---|
//! | a bare UUID or forty hexadecimal digits (Messagebird, Snyk, Sonar) | not found | ids of every kind have that shape |
//! | an administrator's key under another rule's negatives | found | it is a key, whichever rule names it |
//! | a JSON web token behind `Basic` | found | it is a token, in the wrong header |
//! | Google keys printed in public samples | not found | listed by their hash |

mod commands;
mod plausible;
mod rules;
mod spoken;

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};

use super::{Found, SECRET};

/// Longest value kept, bytes: a private key's first line says enough.
const VALUE_BYTES_MAX: usize = 512;

/// What the automaton's pattern of this number begins.
enum Beginning {
    Rule(usize),
    Command(commands::Command),
    Spoken,
}

/// Every beginning in one automaton, one pass over the text.
static AUTOMATON: LazyLock<Option<(AhoCorasick, Vec<Beginning>)>> = LazyLock::new(|| {
    let rules = rules::RULES.iter().enumerate().map(|(index, rule)| (rule.prefix, Beginning::Rule(index)));
    let commands = commands::BEGINNINGS.iter().map(|(word, command)| (*word, Beginning::Command(*command)));
    let spoken = spoken::WORDS.iter().map(|word| (*word, Beginning::Spoken));
    let (patterns, beginnings): (Vec<&str>, Vec<Beginning>) = rules.chain(commands).chain(spoken).unzip();
    let automaton = AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .match_kind(MatchKind::Standard)
        // Every text is walked once, byte by byte: a table of half a megabyte, made once, makes that four times cheaper.
        .kind(Some(AhoCorasickKind::DFA))
        .build(patterns)
        .ok()?;
    Some((automaton, beginnings))
});

/// Every secret of the text, in order of where its beginning ends; they may overlap.
pub(super) fn scan(text: &str, found: &mut Vec<Found>) {
    let Some((automaton, beginnings)) = &*AUTOMATON else { return };
    for hit in automaton.find_overlapping_iter(text) {
        let (start, end) = (hit.start(), hit.end());
        let place = match beginnings.get(hit.pattern().as_usize()) {
            Some(Beginning::Rule(index)) => {
                rules::RULES.get(*index).and_then(|rule| Some((rule.read(text, start)?, rule.certainty)))
            }
            Some(Beginning::Command(command)) => commands::read(text, *command, start, end),
            Some(Beginning::Spoken) => spoken::read(text, start, end),
            None => None,
        };
        let Some(((start, end), certainty)) = place else { continue };
        let value: String = text.get(start..end).unwrap_or("").chars().take(VALUE_BYTES_MAX).collect();
        found.push(Found { detector: SECRET, start, end, certainty, value });
    }
}

#[cfg(test)]
mod tests;
