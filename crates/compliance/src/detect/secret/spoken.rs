//! Passwords as people write them: `Mot de passe : Vh7!kd92`, `password is …`, `api_key = …`.

use super::plausible;

/// Words a password or key stands behind, in any case. The automaton looks for them in ASCII.
pub(super) const WORDS: &[&str] = &[
    "mot de passe",
    "mots de passe",
    "mdp",
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "passcode",
    "code secret",
    "api_key",
    "api-key",
    "apikey",
    "api key",
    "client_secret",
    "client secret",
    "secret_key",
    "secret key",
    "access_key",
    "clé secrète",
    "clé api",
];
/// Fewest and most characters of a password.
const CHARS: std::ops::RangeInclusive<usize> = 6..=128;
/// Bytes between the word and its value.
const GAP_BYTES_MAX: usize = 32;

/// The value behind the word that stands at `start..end`.
pub(super) fn read(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let glued = text.get(..start)?.chars().next_back().is_some_and(char::is_alphabetic);
    if glued {
        return None;
    }
    let at = end + value_offset(text.get(end..)?)?;
    let rest = text.get(at..)?;
    let cut = rest.char_indices().nth(CHARS.end() + 4).map_or(rest.len(), |(at, _)| at);
    let word = rest.get(..cut)?.split(char::is_whitespace).next()?;
    let word = word.trim_start_matches(['"', '\'', '«', '“', '`']);
    let from = at + rest.find(word)?;
    let word = word.trim_end_matches(['"', '\'', '»', '”', '`', ',', ';', '.', ')']);
    let credible = CHARS.contains(&word.chars().count())
        && plausible::is_mixed(word)
        && plausible::classes(word) >= 2
        && !plausible::is_placeholder(word)
        && (word.len() < 16 || plausible::is_random(word))
        && !word.contains("//")
        && !is_date_or_amount(word);
    credible.then_some((from, from + word.len()))
}

/// Where the value begins behind the word: `:`, `=`, `est`, `is`, with a few words between (`pour l'archive :`).
fn value_offset(rest: &str) -> Option<usize> {
    let cut = rest
        .char_indices()
        .take_while(|(at, c)| *at < GAP_BYTES_MAX && *c != '\n')
        .last()
        .map_or(0, |(at, c)| at + c.len_utf8());
    let gap = rest.get(..cut)?;
    // A label's own words, quotes and parentheses; anything else begins something else.
    let label = |c: char| c.is_alphanumeric() || c.is_whitespace() || "'’\"`«»()_-:=.".contains(c);
    let gap = gap.get(..gap.find(|c| !label(c)).unwrap_or(gap.len()))?;
    let sign = gap.find([':', '=']).map(|at| at + 1);
    let verb =
        [" est ", " is ", " sera "].iter().filter_map(|verb| gap.find(verb).map(|at| at + verb.len())).min();
    let at = match (sign, verb) {
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b)?,
    };
    let blanks: usize =
        rest.get(at..)?.chars().take_while(|c| c.is_whitespace()).take(4).map(char::len_utf8).sum();
    Some(at + blanks)
}

/// `12/03/2025`, `10:30`, `1.500,00`: digits and punctuation with at most a unit.
fn is_date_or_amount(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters <= 1 && word.contains(['/', ':', ','])
}
