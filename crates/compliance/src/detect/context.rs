//! The words around a number that say what it is. Looked at only where a number already passed its own check.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::words;

/// Characters looked at before a number: a label and its punctuation, not the sentence before.
const BEFORE_CHARS_MAX: usize = 56;
/// Characters looked at after it.
const AFTER_CHARS_MAX: usize = 24;

/// Whether one of `words` stands shortly before `start`. Words are written in small letters without accents; each
/// stands between characters that are no letters.
pub(super) fn precedes(text: &str, start: usize, words: &[&str]) -> bool {
    let head = text.get(..start).unwrap_or("");
    let from = head.char_indices().rev().take(BEFORE_CHARS_MAX).last().map_or(start, |(at, _)| at);
    holds(head.get(from..).unwrap_or(""), words)
}

/// Words that name another number: what stands behind them is theirs, whatever was said before.
const OTHER_NUMBERS: &[&str] = &[
    "dossier",
    "reference",
    "ref",
    "booking",
    "reservation",
    "commande",
    "order",
    "facture",
    "invoice",
    "contrat",
    "contract",
    "n° client",
    "numero client",
    "numero de client",
    "client number",
    "customer number",
    "ticket",
    "colis",
    "parcel",
    "tel",
    "telephone",
    "phone",
    "mobile",
    "compte",
    "account",
    "application",
    "demande",
    "request",
    "suivi",
    "tracking",
    "montant",
    "amount",
];

/// Whether one of `words` names the number at `start`: it stands shortly before, with no sentence's end and no other
/// number's name between.
pub(super) fn names(text: &str, start: usize, words: &[&str]) -> bool {
    let head = text.get(..start).unwrap_or("");
    let from = head.char_indices().rev().take(BEFORE_CHARS_MAX).last().map_or(start, |(at, _)| at);
    let window = plain(head.get(from..).unwrap_or(""));
    let ends = words.iter().filter_map(|word| places(&window, word).last().map(|at| at + word.len()));
    let Some(between) = ends.max().and_then(|end| window.get(end..)) else { return false };
    let parted = between.contains([';', '!', '?']);
    !parted && OTHER_NUMBERS.iter().all(|word| places(between, word).next().is_none())
}

/// Whether one of `words` stands shortly after `end`.
pub(super) fn follows(text: &str, end: usize, words: &[&str]) -> bool {
    let tail = text.get(end..).unwrap_or("");
    let to = tail.char_indices().nth(AFTER_CHARS_MAX).map_or(tail.len(), |(at, _)| at);
    holds(tail.get(..to).unwrap_or(""), words)
}

fn holds(window: &str, words: &[&str]) -> bool {
    let window = plain(window);
    let mut behind_letter = false;
    window.char_indices().any(|(at, c)| {
        let may_begin = !std::mem::replace(&mut behind_letter, c.is_alphabetic());
        may_begin && words.iter().any(|word| begins(&window, at, word))
    })
}

/// Whether a word stands at this place, with no letter behind it.
fn begins(plain: &str, at: usize, word: &str) -> bool {
    let rest = plain.get(at..).and_then(|tail| tail.strip_prefix(word));
    rest.is_some_and(|rest| !rest.chars().next().is_some_and(char::is_alphabetic))
}

/// Where a word stands in a plain text, between characters that are no letters.
fn places<'a>(plain: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    plain.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
        !letter(plain.get(..*at).and_then(|head| head.chars().next_back()))
            && !letter(plain.get(at + word.len()..).and_then(|tail| tail.chars().next()))
    })
}

/// Small letters without accents, one space for any blank, plain apostrophes, nothing invisible.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t'..='\r' | ' ' => blank(&mut out),
            '\0'..='\u{7f}' => out.push(c.to_ascii_lowercase()),
            // Most of the rest are letters of French, and the walk through Unicode's tables costs ten times as much.
            _ => match words::accented(c) {
                Some(letter) => out.push(letter),
                None => wide(&mut out, c),
            },
        }
    }
    out
}

fn blank(out: &mut String) {
    if !out.ends_with(' ') {
        out.push(' ');
    }
}

fn wide(out: &mut String, c: char) {
    for c in std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c) && !mail::render::is_invisible(*c)) {
        match c {
            '\u{2019}' | '\u{2bc}' => out.push('\''),
            _ if c.is_whitespace() => blank(out),
            _ => out.extend(c.to_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// The short way is the long way: what Unicode says of letters and marks.
        #[test]
        fn plain_is_what_unicode_decomposes(text in "[\\t-\\r\\u{20}-\\u{24f}’\\u{a0}\\u{202f}\\u{300}\\u{200b}\\PC]{0,80}") {
            let mut long = String::new();
            for c in text.nfkd().filter(|c| !is_combining_mark(*c) && !mail::render::is_invisible(*c)) {
                match c {
                    '\u{2019}' | '\u{2bc}' => long.push('\''),
                    _ if c.is_whitespace() => blank(&mut long),
                    _ => long.extend(c.to_lowercase()),
                }
            }
            prop_assert_eq!(plain(&text), long);
        }
    }

    #[test]
    fn a_label_counts_and_a_piece_of_a_word_does_not() {
        let at = |text: &str| precedes(text, text.len(), &["siren", "n° fiscal"]);
        assert!(at("Numéro SIREN : ") && at("Sirén\u{a0}:\u{202f}") && at("N°\n fiscal "));
        assert!(!at("Sirène : ") && !at("les sirens "));
        assert!(!at(&format!("SIREN {}", "x ".repeat(40))));
        assert!(follows("552 008 443 RCS Paris", 11, &["rcs"]));
    }
}
