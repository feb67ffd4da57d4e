//! Mail addresses in a text: the `@`, and what may stand around it.

use vocabulary::EmailAddress;

use super::{EMAIL, Found};

/// Every address of the text, in order.
pub(super) fn scan(text: &str, found: &mut Vec<Found>) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|tail| tail.find('@')).map(|at| from + at) {
        from = at + 1;
        let Some(hit) = around(text, at) else { continue };
        from = hit.end;
        found.push(hit);
    }
}

fn around(text: &str, at: usize) -> Option<Found> {
    let (head, tail) = (text.get(..at)?, text.get(at + 1..)?);
    let local = |c: char| c.is_alphanumeric() || "._%+-'&=".contains(c);
    let domain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    // RFC 5321 §4.5.3.1: 64 before, 255 behind.
    let start = head.char_indices().rev().take(64).take_while(|(_, c)| local(*c)).last()?.0;
    let length: usize = tail.chars().take(255).take_while(|c| domain(*c)).map(char::len_utf8).sum();
    let domain = tail.get(..length)?.trim_end_matches(['.', '-']);
    let local = head.get(start..)?.trim_start_matches(['.', '\'', '-', '&', '=']);
    let name = domain.rsplit_once('.')?.1;
    if name.len() < 2 || !name.chars().all(char::is_alphabetic) {
        return None;
    }
    let address = EmailAddress::parse(&format!("{local}@{domain}")).ok()?;
    let start = at - local.len();
    Some(Found { detector: EMAIL, start, end: at + 1 + domain.len(), certainty: 95, value: address.key() })
}
