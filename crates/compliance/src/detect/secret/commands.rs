//! Credentials where programs take them: `curl -u`, `Authorization:`, `https://user:password@host`.

use super::plausible;

/// Where a credential may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    /// `curl … -u user:password`.
    Curl,
    /// `Authorization: Bearer …`.
    Header,
    /// `scheme://user:password@host`.
    Url,
}

/// How each begins, in any case.
pub(super) const BEGINNINGS: &[(&str, Command)] =
    &[("curl ", Command::Curl), ("authorization:", Command::Header), ("://", Command::Url)];
/// Bytes of a command line looked at.
const LINE_BYTES_MAX: usize = 1_024;
/// Fewest characters of a token in a header.
const TOKEN_CHARS_MIN: usize = 11;
/// Header fields that carry a token, in small letters.
const FIELDS: &[&str] =
    &["authorization", "api-token", "token", "x-api-key", "api-key", "private-token", "x-auth-token"];
/// What may stand between the field and its token.
const SCHEMES: &[&str] = &["basic", "bearer", "token", "api-token", "apikey", "digest"];

/// A credential's first and one past its last byte, and how sure.
pub(super) fn read(text: &str, command: Command, start: usize, end: usize) -> Option<((usize, usize), u8)> {
    match command {
        Command::Curl => curl(text, end).map(|place| (place, 90)),
        Command::Header => header(text, end).map(|place| (place, 90)),
        Command::Url => url(text, start, end).map(|place| (place, 90)),
    }
}

fn line(text: &str, from: usize) -> &str {
    let tail = text.get(from..).unwrap_or("");
    let cut = (0..=tail.len().min(LINE_BYTES_MAX)).rev().find_map(|cut| tail.get(..cut)).unwrap_or("");
    cut.split('\n').next().unwrap_or("")
}

fn curl(text: &str, from: usize) -> Option<(usize, usize)> {
    let line = line(text, from);
    let user = [" -u ", " --user "].iter().filter_map(|flag| {
        let bare = flag.trim_start();
        let at = if line.starts_with(bare) { bare.len() } else { line.find(flag)? + flag.len() };
        credential(line, at)
    });
    let header = [" -H ", " --header ", "-H ", "--header "].iter().flat_map(|flag| {
        line.match_indices(flag).filter_map(|(at, flag)| named_token(line, at + flag.len()))
    });
    user.chain(header).next().map(|(start, end)| (from + start, from + end))
}

/// The argument at `at` as `user:password`, when its password or its user alone could be real.
fn credential(line: &str, at: usize) -> Option<(usize, usize)> {
    let rest = line.get(at..)?;
    let blanks = rest.len() - rest.trim_start().len();
    let start = at + blanks;
    let argument = argument(line.get(start..)?);
    let bare: String = argument.chars().filter(|c| !matches!(c, '"' | '\'')).collect();
    let (user, password) = bare.split_once(':')?;
    let real = |word: &str| {
        let bare = word.trim_matches(['{', '}']);
        bare.chars().count() >= 6 && !plausible::is_placeholder(word) && !plausible::is_placeholder(bare)
    };
    let credible = match (user.is_empty(), password.is_empty()) {
        (true, true) => false,
        (false, true) => real(user) && plausible::classes(user) >= 3,
        _ => real(password) && password != user && !bare.starts_with(['$', '<', '[']),
    };
    credible.then_some((start, start + argument.len()))
}

/// One argument of a command line: quoted pieces and what is glued to them.
fn argument(text: &str) -> &str {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None, c) if c.is_whitespace() => return text.get(..at).unwrap_or(""),
            _ => {}
        }
    }
    text
}

/// `'Authorization: Bearer …'` as one argument.
fn named_token(line: &str, at: usize) -> Option<(usize, usize)> {
    let rest = line.get(at..)?;
    let open = rest.find(['"', '\''])?;
    let quote = rest.get(open..)?.chars().next()?;
    let inner = rest.get(open + 1..)?.split(quote).next()?;
    let (name, value) = inner.split_once(':')?;
    if rest.get(..open)?.trim() != "" || !FIELDS.contains(&name.trim().to_ascii_lowercase().as_str()) {
        return None;
    }
    let start = at + open + 1 + name.len() + 1;
    token(value).map(|(from, to)| (start + from, start + to))
}

/// A token with its scheme, behind `Authorization:` anywhere.
fn header(text: &str, from: usize) -> Option<(usize, usize)> {
    let line = line(text, from);
    let first = line.split_whitespace().next()?;
    if !SCHEMES.contains(&first.to_ascii_lowercase().as_str()) {
        return None;
    }
    token(line).map(|(start, end)| (from + start, from + end))
}

/// The last word of a header's value, without its scheme.
fn token(value: &str) -> Option<(usize, usize)> {
    let mut words = value.split_whitespace();
    let first = words.next()?;
    let scheme = SCHEMES.contains(&first.to_ascii_lowercase().as_str());
    let word = if scheme { words.next()? } else { first };
    let word = word.trim_matches(['"', '\'', '\\', '`', ',', ';']);
    let start = value.find(word)?;
    let letters = word.chars().filter(|c| c.is_alphanumeric()).count();
    let basic = scheme && first.eq_ignore_ascii_case("basic") && word.len() >= 8;
    let credible = (letters >= TOKEN_CHARS_MIN && plausible::is_mixed(word) || basic)
        && !plausible::is_placeholder(word)
        && !word.starts_with('{')
        && (plausible::is_random(word) || word.len() > 24);
    credible.then_some((start, start + word.len()))
}

/// `user:password@` behind `://`.
fn url(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let scheme = text.get(..start)?.chars().next_back()?;
    let authority: &str = line(text, end)
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '<' | '>'))
        .next()?;
    let (login, host) = authority.rsplit_once('@')?;
    let (user, password) = login.split_once(':')?;
    let credible = scheme.is_ascii_alphanumeric()
        && !host.is_empty()
        && !user.is_empty()
        && password.chars().count() >= 4
        && password != user
        && !plausible::is_placeholder(password);
    credible.then_some((end, end + login.len()))
}
