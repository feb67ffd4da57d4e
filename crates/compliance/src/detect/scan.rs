//! Goes over a text: where digits, capitals, `@` and the beginnings of secrets stand, and what begins there.

use super::digits::Digits;
use super::fold::{Folded, before, fold};
use super::numerals;
use super::token::Token;
use super::{
    CARD, Found, IBAN, ISIN, LEI, NIR, RIB, SECRET, amount, bic, birth, card, company, disguised, email,
    iban, identity, nir, phone, rib, secret, securities, spelt, tax_number,
};

/// Bytes looked at together: most blocks of ordinary text hold no digit and cost one comparison each.
const BLOCK: usize = 32;
/// Capitals in a row that may begin a bank's identifier: its institution and country, or what invisible characters leave of them.
const CAPITALS: usize = 4;

/// Everything the text detectors find, in order. What starts first hides what stands in it, as an account number hides a card
/// number in it, but nothing hides what a check proves: an account number before `@x.example` is one, whatever address the
/// whole would be. Secrets that are known by their form stand apart and may overlap the others.
#[must_use]
pub fn scan(text: &str) -> Vec<Found> {
    read(text, false)
}

/// As [`scan`], of what was read in a picture: a letter there may be the digit it looks like, and a digit the letter.
#[must_use]
pub fn scan_picture(text: &str) -> Vec<Found> {
    read(text, true)
}

fn read(text: &str, seen: bool) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut covered = 0;
    each_run(text, |start| {
        // Letters before the digits may belong to it, so a find may begin before `start`, never before `covered`.
        if start < covered {
            return;
        }
        if let Some(hit) = number(text, start, seen).filter(|hit| hit.start >= covered) {
            covered = hit.end;
            found.push(hit);
        }
    });
    birth::columns(text, &mut found);
    spelt::scan(text, &mut found);
    capitals(text, &mut found);
    email::scan(text, &mut found);
    secret::scan(text, &mut found);
    found.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
    let proofs: Vec<Proof> = found.iter().map(proof).collect();
    let check = apart(&found, &proofs, Proof::Check);
    let form = apart(&found, &proofs, Proof::Form);
    let sure = merged(&check, &form);
    let mut end = 0;
    let mut proofs = proofs.into_iter();
    found.retain(|hit| {
        let place = (hit.start, hit.end);
        match proofs.next().unwrap_or(Proof::None) {
            Proof::Check => check.binary_search(&place).is_ok(),
            Proof::Form => form.binary_search(&place).is_ok(),
            Proof::None => {
                let first = sure.partition_point(|(_, end)| *end <= hit.start);
                let apart = hit.start >= end && sure.get(first).is_none_or(|(start, _)| *start >= hit.end);
                if apart {
                    end = hit.end;
                }
                apart
            }
        }
    });
    found
}

/// What a find rests on besides its looks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// Digits of its own that check the others.
    Check,
    /// A secret of a form that nothing else has.
    Form,
    None,
}

fn proof(hit: &Found) -> Proof {
    match hit.detector {
        IBAN | CARD | NIR | RIB | LEI | ISIN => Proof::Check,
        SECRET if hit.certainty >= 90 => Proof::Form,
        _ => Proof::None,
    }
}

/// Where finds of one proof stand, in order, those left out that begin inside one before them.
fn apart(found: &[Found], proofs: &[Proof], wanted: Proof) -> Vec<(usize, usize)> {
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (hit, proof) in found.iter().zip(proofs) {
        if *proof == wanted && places.last().is_none_or(|(_, end)| *end <= hit.start) {
            places.push((hit.start, hit.end));
        }
    }
    places
}

/// Places in order; those that overlap are one.
fn merged(a: &[(usize, usize)], b: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = a.iter().chain(b).copied().collect();
    all.sort_unstable();
    let mut places: Vec<(usize, usize)> = Vec::new();
    for (start, end) in all {
        match places.last_mut() {
            Some(last) if start < last.1 => last.1 = last.1.max(end),
            _ => places.push((start, end)),
        }
    }
    places
}

/// What the digits at `start` are, or stand in. The surest check comes first.
fn number(text: &str, start: usize, seen: bool) -> Option<Found> {
    if let Some(hit) = iban::at(text, start, seen) {
        return Some(hit);
    }
    let digits = Digits::read(text, start);
    let length = digits.len();
    let first = text.as_bytes().get(start);
    // Cheap reasons to leave a number alone stand beside each reading of it.
    let in_corsica = length == 6;
    let in_column = length == 3 && matches!(digits.stopped(), Some((_, Folded::Newline)));
    let hit = (length >= 13 || in_corsica || in_column).then(|| nir::at(text, start)).flatten();
    let hit = hit.or_else(|| company::at(text, start, &digits));
    let hit = hit.or_else(|| (length >= 10).then(|| rib::at(text, start)).flatten());
    let hit = hit.or_else(|| {
        matches!(digits.first_group(), 4 | 6 | 8 | 12..).then(|| card::at(text, start)).flatten()
    });
    let hit = hit.or_else(|| matches!(length, 5 | 10).then(|| rib::labelled(text, start)).flatten());
    let hit = hit.or_else(|| tax_number::at(text, start, &digits));
    let hit =
        hit.or_else(|| (length >= 9 || digits.is_glued()).then(|| company::vat_at(text, start)).flatten());
    let hit = hit.or_else(|| word(text, start, &digits, seen));
    let hit = hit.or_else(|| identity::grouped_at(text, start, &digits));
    let hit = hit.or_else(|| disguised::at(text, start, &digits));
    let hit = hit.or_else(|| birth::at(text, start));
    let hit =
        hit.or_else(|| matches!(first, Some(b'0'..=b'9')).then(|| phone::at(text, start, &digits)).flatten());
    hit.or_else(|| amount::at(text, start))
}

/// The word of letters and digits that the digits at `start` stand in.
fn word(text: &str, start: usize, digits: &Digits, seen: bool) -> Option<Found> {
    let glued = matches!(before(text, start).next(), Some((_, _, Folded::Alnum(_)))) || digits.is_glued();
    if !glued && !matches!(digits.len(), 12 | 20) {
        return None;
    }
    let token = Token::around(text, start)?;
    securities::of(text, &token, seen)
        .or_else(|| bic::of(text, &token))
        .or_else(|| identity::of(text, &token))
}

/// Bank identifiers: words of capitals.
fn capitals(text: &str, found: &mut Vec<Found>) {
    let mut run = 0;
    let mut past = 0;
    for (at, byte) in text.bytes().enumerate() {
        run = if byte.is_ascii_uppercase() { run + 1 } else { 0 };
        if run != CAPITALS || at < past {
            continue;
        }
        if !may_be_bank(text.as_bytes(), at) {
            continue;
        }
        let Some(token) = Token::around(text, at) else { continue };
        past = token.end;
        found.extend(bic::of(text, &token));
    }
}

/// Whether the word around `at` is as long as a bank's identifier, 8 or 11. Words that go on in other letters are not measured.
fn may_be_bank(bytes: &[u8], at: usize) -> bool {
    const LONGEST: usize = 11;
    let (before, behind) = bytes.split_at_checked(at).unwrap_or((bytes, &[]));
    let run = |byte: &&u8| byte.is_ascii_alphanumeric();
    let before_length = before.iter().rev().take(LONGEST + 1).take_while(run).count();
    let behind_length = behind.iter().take(LONGEST + 1).take_while(run).count();
    let wide = |next: Option<&u8>| next.is_some_and(|byte| !byte.is_ascii());
    matches!(before_length + behind_length, 8 | LONGEST)
        || wide(before.iter().rev().nth(before_length))
        || wide(behind.get(behind_length))
}

/// Calls `visit` with the first byte of every run of digits.
fn each_run(text: &str, mut visit: impl FnMut(usize)) {
    let bytes = text.as_bytes();
    let mut inside = false;
    let mut base = 0;
    for block in bytes.chunks(BLOCK) {
        let quiet = !block.iter().fold(false, |any, byte| any | byte.is_ascii_digit() | (*byte >= 0xC2));
        if quiet {
            inside = false;
            base += block.len();
            continue;
        }
        for (offset, byte) in block.iter().enumerate() {
            let at = base + offset;
            let digit = byte.is_ascii_digit() || (*byte >= 0xC2 && is_wide_digit(text, bytes, at));
            if digit && !inside && !continues(text, at) {
                visit(at);
            }
            // Bytes inside a wide digit belong to it.
            inside = digit || (inside && (0x80..0xC0).contains(byte));
        }
        base += block.len();
    }
}

fn is_wide_digit(text: &str, bytes: &[u8], at: usize) -> bool {
    let (Some(lead), Some(second)) = (bytes.get(at), bytes.get(at + 1)) else { return false };
    numerals::may_be_wide(*lead, *second)
        && text.get(at..).and_then(|tail| tail.chars().next()).is_some_and(|c| is_digit(fold(c)))
}

/// A digit behind an invisible character continues the run before it.
fn continues(text: &str, at: usize) -> bool {
    let ascii_before =
        at.checked_sub(1).and_then(|previous| text.as_bytes().get(previous)).is_none_or(u8::is_ascii);
    !ascii_before && before(text, at).next().is_some_and(|(_, _, folded)| is_digit(folded))
}

fn is_digit(folded: Folded) -> bool {
    matches!(folded, Folded::Alnum(b'0'..=b'9'))
}
