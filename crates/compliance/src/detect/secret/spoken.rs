//! Passwords as people write them: `Mot de passe : Vh7!kd92`, `password is …`, `api_key = …`, `mdp Printemps2026!`, and alone on
//! the line below the word. The passcode of a meeting on line opens what its invitation opens, and counts for less.

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
    "pw",
    "pass",
];
/// Words that mean something else without a sign right behind them.
const SHORT: &[&str] = &["pw", "pass"];
/// Words for what opens a meeting, and what stands near them in its invitation.
const MEETING_WORDS: &[&str] = &["passcode", "code secret", "pwd"];
const MEETING: &[&str] = &[
    "meeting id",
    "id de réunion",
    "id de la réunion",
    "id de reunion",
    "zoom.us",
    "webex",
    "teams.microsoft",
];
/// Characters looked at before a word for a meeting.
const MEETING_CHARS_MAX: usize = 240;
/// Certainty of a password someone wrote, and of a meeting's.
const SPOKEN: u8 = 70;
const OF_MEETING: u8 = 40;
/// Fewest and most characters of a password.
const CHARS: std::ops::RangeInclusive<usize> = 6..=128;
/// Fewest where nothing but blanks stands before it: `Wi-Fi6` is none.
const BARE_CHARS_MIN: usize = 8;
/// Bytes between the word and its value.
const GAP_BYTES_MAX: usize = 32;

/// The value behind the word that stands at `start..end`, and how sure it is one.
pub(super) fn read(text: &str, start: usize, end: usize) -> Option<((usize, usize), u8)> {
    let glued = text.get(..start)?.chars().next_back().is_some_and(char::is_alphabetic);
    if glued {
        return None;
    }
    let (said, rest) = (text.get(start..end)?, text.get(end..)?);
    let is = |words: &[&str]| words.iter().any(|word| said.eq_ignore_ascii_case(word));
    // Where the value may begin, and how many classes of characters it must have there.
    let ways = if is(SHORT) {
        [sign_offset(rest).map(|at| (at, 3)), None, None]
    } else {
        let signed = value_offset(rest).map(|at| (at, 2));
        [signed, blank_offset(rest).map(|at| (at, 4)), line_offset(rest).map(|at| (at, 3))]
    };
    let place = ways.into_iter().flatten().find_map(|(at, classes)| value(text, end + at, classes))?;
    let certainty = if is(MEETING_WORDS) && is_of_meeting(text, start) { OF_MEETING } else { SPOKEN };
    Some((place, certainty))
}

/// Whether an invitation to a meeting on line stands shortly before.
fn is_of_meeting(text: &str, start: usize) -> bool {
    let head = text.get(..start).unwrap_or("");
    let from = head.char_indices().rev().take(MEETING_CHARS_MAX).last().map_or(start, |(at, _)| at);
    let near = head.get(from..).unwrap_or("").to_lowercase();
    MEETING.iter().any(|word| near.contains(word))
}

/// The value that begins at `at`, if it can be one: with less to say so than a sign, capitals and small letters too.
fn value(text: &str, at: usize, classes: usize) -> Option<(usize, usize)> {
    let rest = text.get(at..)?;
    let cut = rest.char_indices().nth(CHARS.end() + 4).map_or(rest.len(), |(at, _)| at);
    let word = rest.get(..cut)?.split(char::is_whitespace).next()?;
    let word = word.trim_start_matches(['"', '\'', '«', '“', '`']);
    let from = at + rest.find(word)?;
    let word = word.trim_end_matches(['"', '\'', '»', '”', '`', ',', ';', '.', ')']);
    let credible = CHARS.contains(&word.chars().count())
        && plausible::is_mixed(word)
        && plausible::classes(word) >= classes
        && (classes == 2 || has_both_cases(word))
        && (classes < 4 || word.chars().count() >= BARE_CHARS_MIN)
        && !plausible::is_placeholder(word)
        && (word.len() < 16 || plausible::is_random(word))
        && !word.contains("//")
        && !is_date_or_amount(word)
        && !is_count(word);
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

fn has_both_cases(word: &str) -> bool {
    word.chars().any(char::is_lowercase) && word.chars().any(char::is_uppercase)
}

/// Behind blanks alone: `mdp Printemps2026!`.
fn blank_offset(rest: &str) -> Option<usize> {
    let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\u{a0}']).len();
    (blanks > 0).then_some(blanks)
}

/// Behind a sign that follows at once: `pw: Winter2026!!`.
fn sign_offset(rest: &str) -> Option<usize> {
    let value = rest.trim_start_matches([' ', '\u{a0}']).strip_prefix([':', '='])?;
    Some(rest.len() - value.trim_start_matches([' ', '\u{a0}']).len())
}

/// Alone on the line below the word.
fn line_offset(rest: &str) -> Option<usize> {
    let (behind, below) = rest.split_once('\n')?;
    let line = below.lines().next()?;
    let alone = behind.trim().trim_matches(':').trim().is_empty() && line.split_whitespace().count() == 1;
    alone.then(|| behind.len() + 1 + (line.len() - line.trim_start().len()))
}

/// `90-days`, `12-mois`: how long or how many.
fn is_count(word: &str) -> bool {
    word.split_once('-').is_some_and(|(number, unit)| {
        number.chars().all(|c| c.is_ascii_digit()) && unit.chars().all(char::is_alphabetic)
    })
}

/// `12/03/2025`, `10:30`, `1.500,00`: digits and punctuation with at most a unit.
fn is_date_or_amount(word: &str) -> bool {
    let letters = word.chars().filter(|c| c.is_alphabetic()).count();
    letters <= 1 && word.contains(['/', ':', ','])
}
