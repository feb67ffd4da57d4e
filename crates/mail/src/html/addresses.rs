//! `data:` addresses (RFC 2397): the texts and the pictures that a page carries in itself.

use memchr::{memchr, memchr_iter};

use super::Gathered;
use crate::mime::{charset, transfer};
use crate::picture;

/// Characters between `data:` and the comma that are looked through.
const KIND_CHARS_MAX: usize = 200;
/// A picture in an address of fewer letters is an ornament.
const ADDRESS_BYTES_MIN: usize = 64;

/// Kinds without words.
const TEXTLESS: &[&str] = &[
    "data:audio/",
    "data:video/",
    "data:font/",
    "data:application/font",
    "data:application/x-font",
    "data:application/vnd.ms-fontobject",
];
/// Those that are texts; a kind that is not said is one.
const TEXTUAL: &[&str] = &[
    "data:text/",
    "data:;",
    "data:charset",
    "data:application/json",
    "data:application/xml",
    "data:application/xhtml",
];
const PICTURE: &str = "data:image/";

/// Reads an address: its text, its picture. True for other files, which are not read here.
pub(super) fn read(address: &str, to: &mut Gathered<'_>) -> bool {
    let Some((head, data)) = address.split_once(',') else {
        to.hide(address);
        return false;
    };
    let is = |kinds: &[&str]| kinds.iter().any(|kind| starts(head, kind));
    if is(&[PICTURE]) {
        to.hide(head);
        picture(head, data, to);
        return false;
    }
    if is(TEXTLESS) {
        to.hide(head);
        return false;
    }
    if !is(TEXTUAL) && !head.trim().eq_ignore_ascii_case("data:") {
        to.hide(head);
        return true;
    }
    let text = charset::guess(&decoded(head, data));
    if is(&["data:text/html", "data:application/xhtml"]) {
        to.markup(&text);
    } else {
        to.hide(&text);
    }
    false
}

/// Whether the address of a picture stands somewhere in a value.
pub(super) fn are_within(value: &str) -> bool {
    value.len() >= ADDRESS_BYTES_MIN
        && memchr_iter(b':', value.as_bytes()).any(|colon| {
            let start = colon.checked_sub("data".len());
            start.and_then(|start| value.get(start..)).is_some_and(|address| starts(address, PICTURE))
        })
}

/// The pictures that stand somewhere in a value, not as the whole of it: in a list of them, behind `url(` in a style. What is
/// between quotes there is an address by itself.
pub(super) fn within(value: &str, to: &mut Gathered<'_>) {
    let mut rest = value;
    while rest.len() >= ADDRESS_BYTES_MIN
        && let Some(colon) = memchr(b':', rest.as_bytes())
    {
        let start = colon.checked_sub("data".len());
        let is_quoted = |start: &usize| rest.get(..*start).is_some_and(|head| head.ends_with(['"', '\'']));
        let address = start.filter(|start| !is_quoted(start)).and_then(|start| rest.get(start..));
        let address = address.filter(|address| starts(address, PICTURE));
        rest = rest.get(colon + 1..).unwrap_or("");
        let Some(address) = address else { continue };
        let end = address.find(|c: char| c.is_ascii_whitespace() || "\"'<>)".contains(c));
        let address = address.get(..end.unwrap_or(address.len())).unwrap_or("");
        let comma = memchr(b',', address.as_bytes().get(..KIND_CHARS_MAX).unwrap_or(address.as_bytes()));
        if let Some((head, data)) = comma.and_then(|comma| address.split_at_checked(comma)) {
            picture(head, data.get(1..).unwrap_or(""), to);
            rest = rest.get(address.len() - 1 - "data".len()..).unwrap_or("");
        }
    }
}

/// Whether `value` begins so, in any case.
pub(super) fn starts(value: &str, with: &str) -> bool {
    value.trim_start().get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

/// A picture as a file; one that is drawn in words (SVG) is markup.
fn picture(head: &str, data: &str, to: &mut Gathered<'_>) {
    let bytes = decoded(head, data);
    if starts(head, "data:image/svg") {
        to.markup(&charset::guess(&bytes));
    } else if !bytes.is_empty() && !picture::is_ornament(&bytes) {
        to.picture(bytes);
    }
}

fn decoded(head: &str, data: &str) -> Vec<u8> {
    let bytes = percent_decoded(data);
    if head.to_ascii_lowercase().contains("base64") { transfer::base64(&bytes).bytes } else { bytes }
}

/// `%2B` as `+`.
pub(super) fn percent_decoded(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        rest = after;
        match (byte, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                out.extend(u8::try_from(high * 16 + low));
                rest = after.get(2..).unwrap_or(&[]);
            }
            _ => out.push(*byte),
        }
    }
    out
}
