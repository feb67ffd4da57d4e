//! One pass over a text: where digits begin, and what begins there.

use super::fold::{Folded, before, fold, may_be_wide_digit};
use super::{Found, card, iban};

/// Bytes looked at together: most blocks of ordinary text hold no digit and cost one comparison each.
const BLOCK: usize = 32;

/// Everything the text detectors find, in order, without overlap: an account number hides a card number in it.
#[must_use]
pub fn scan(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut covered = 0;
    each_run(text, |start| {
        // The country's letters stand before the digits, so a find may begin before `start`, never before `covered`.
        if start < covered {
            return;
        }
        let hit = iban::at(text, start).filter(|hit| hit.start >= covered).or_else(|| card::at(text, start));
        if let Some(hit) = hit {
            covered = hit.end;
            found.push(hit);
        }
    });
    found
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
    may_be_wide_digit(*lead, *second)
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
