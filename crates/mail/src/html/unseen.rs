//! Text of markup that its reader does not see: values of attributes, style sheets, what an address carries.
//!
//! Most of it says how things look, in every paragraph of every mail. Of that only what may hold a number or a text is kept: a
//! stretch with many digits, letters that are not ASCII, strings, comments, addresses.

use super::entities;
use super::scan::Tag;
use crate::mime::{charset, transfer};

/// Longest value kept of an attribute, bytes; more is told. Files in `data:` addresses are longer.
const VALUE_BYTES_MAX: usize = 64 * 1024;
/// A stretch of layout with fewer digits holds no account, card or person's number.
const DIGITS_MIN: usize = 12;

/// Base64 in a style sheet that is shorter is looked at as it stands.
const DATA_BYTES_MIN: usize = 200;

/// Attributes that say how an element looks or which one it is, in lower case.
const LAYOUT: &[&str] = &[
    "align",
    "alink",
    "bgcolor",
    "border",
    "cellpadding",
    "cellspacing",
    "charset",
    "class",
    "color",
    "colspan",
    "dir",
    "face",
    "height",
    "hspace",
    "http-equiv",
    "id",
    "lang",
    "link",
    "media",
    "nowrap",
    "rel",
    "role",
    "rowspan",
    "size",
    "style",
    "target",
    "type",
    "valign",
    "vlink",
    "vspace",
    "width",
];

/// Kinds of `data:` addresses without words.
const TEXTLESS: &[&str] = &[
    "data:image/",
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

/// Hands every text of a tag's attributes to `hide`. True when some of it is longer than is kept.
pub(super) fn attributes(tag: &Tag<'_>, hide: &mut dyn FnMut(&str)) -> bool {
    let mut cut = tag.cut;
    for (name, raw) in tag.attributes() {
        if raw.is_empty() {
            continue;
        }
        let is_layout = LAYOUT.iter().any(|known| known.eq_ignore_ascii_case(name))
            || name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("xmlns"));
        if is_layout && !may_carry(raw) && !raw.contains("&#") {
            continue;
        }
        let mut decoded = String::new();
        let value = if raw.contains('&') {
            entities::decode(raw, &mut decoded);
            decoded.as_str()
        } else {
            raw
        };
        if name.eq_ignore_ascii_case("style") {
            css(value, hide);
        } else if starts(value, "data:") {
            cut |= data_address(value, hide);
        } else {
            cut |= self::value(value, hide);
        }
    }
    cut
}

fn value(value: &str, hide: &mut dyn FnMut(&str)) -> bool {
    let at = (0..=VALUE_BYTES_MAX.min(value.len())).rev().find(|at| value.is_char_boundary(*at)).unwrap_or(0);
    let kept = value.get(..at).unwrap_or("");
    if starts(kept, "cid:") {
        // The name of a part, made like an address of mail and none.
        hide(&kept.replace('@', " "));
    } else {
        hide(kept);
    }
    if kept.contains("%20") || (kept.contains('%') && may_carry(kept)) {
        hide(&charset::guess(&percent_decoded(kept)));
    }
    at < value.len()
}

/// `data:text/plain;base64,…`: a text in an address. Pictures, sound and fonts hold none. True for other files, which are not
/// read here.
fn data_address(address: &str, hide: &mut dyn FnMut(&str)) -> bool {
    let Some((head, data)) = address.split_once(',') else {
        hide(address);
        return false;
    };
    let is = |kinds: &[&str]| kinds.iter().any(|kind| starts(head, kind));
    if is(TEXTLESS) {
        hide(head);
        return false;
    }
    if !is(TEXTUAL) && !head.trim().eq_ignore_ascii_case("data:") {
        hide(head);
        return true;
    }
    let bytes = percent_decoded(data);
    let is_base64 = head.to_ascii_lowercase().contains("base64");
    let bytes = if is_base64 { transfer::base64(&bytes).bytes } else { bytes };
    hide(&charset::guess(&bytes));
    false
}

fn starts(value: &str, with: &str) -> bool {
    value.trim_start().get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

fn may_carry(text: &str) -> bool {
    let mut digits = 0;
    text.bytes().any(|byte| {
        digits += usize::from(byte.is_ascii_digit());
        digits >= DIGITS_MIN || !byte.is_ascii()
    })
}

fn percent_decoded(text: &str) -> Vec<u8> {
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

/// Hands the texts of a style sheet to `hide`: comments, strings (some readers show them before or behind an element), and
/// declarations that may hold a number or an address. One pass.
pub(super) fn css(sheet: &str, hide: &mut dyn FnMut(&str)) {
    let mut rest = sheet;
    let mut open = sheet;
    while let Some(at) = rest.find(['"', '\'', '/', ';', '{', '}']) {
        let after = rest.get(at + 1..).unwrap_or("");
        let close = match rest.as_bytes().get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let (text, length) = string(after, char::from(*quote));
                if !starts(&text, "data:") {
                    hide(&text);
                } else if data_address(&text, hide) {
                    // A file that style sheets have no use for: its letters are all there is of it.
                    hide(&text);
                }
                declaration(open.get(..open.len() - rest.len() + at).unwrap_or(""), hide);
                rest = after.get(length..).unwrap_or("");
                open = rest;
                continue;
            }
            Some(b'/') if after.starts_with('*') => {
                let inside = after.get(1..).unwrap_or("");
                declaration(open.get(..open.len() - rest.len() + at).unwrap_or(""), hide);
                let end = inside.find("*/").unwrap_or(inside.len());
                hide(inside.get(..end).unwrap_or(""));
                rest = inside.get((end + 2).min(inside.len())..).unwrap_or("");
                open = rest;
                continue;
            }
            Some(b'/') => {
                rest = after;
                continue;
            }
            _ => open.len() - rest.len() + at,
        };
        declaration(open.get(..close).unwrap_or(""), hide);
        (rest, open) = (after, after);
    }
    declaration(open, hide);
}

fn declaration(text: &str, hide: &mut dyn FnMut(&str)) {
    // The second half of `url(data:font/woff2;base64,…)`.
    let data = text.strip_prefix("base64,").map_or("", |data| data.split(')').next().unwrap_or(data));
    let text = if data.len() >= DATA_BYTES_MIN && transfer::is_base64(data.as_bytes()) {
        text.get("base64,".len() + data.len()..).unwrap_or("")
    } else {
        text
    };
    let is_address = || text.split_once("url(").is_some_and(|(_, address)| !address.trim().is_empty());
    if may_carry(text) || is_address() {
        hide(&string(text, '\0').0);
    }
}

/// A string of CSS up to `quote`, its escapes opened (CSS Syntax 3 §4.3.7), and its length with the quote.
fn string(text: &str, quote: char) -> (String, usize) {
    let mut out = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            _ if c == quote => return (out, at + c.len_utf8()),
            '\\' => {
                let mut code = String::new();
                while code.len() < 6
                    && let Some((_, digit)) = chars.next_if(|(_, c)| c.is_ascii_hexdigit())
                {
                    code.push(digit);
                }
                if code.is_empty() {
                    out.extend(chars.next().map(|(_, c)| c).filter(|c| *c != '\n'));
                } else {
                    out.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
                    chars.next_if(|(_, c)| c.is_ascii_whitespace());
                }
            }
            _ => out.push(c),
        }
    }
    (out, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sheet: &str) -> Vec<String> {
        let mut texts = Vec::new();
        css(sheet, &mut |text| texts.push(text.trim().to_owned()));
        texts.retain(|text| !text.is_empty());
        texts
    }

    #[test]
    fn a_style_sheet_gives_what_may_be_a_text() {
        assert_eq!(texts("p{margin:0;color:#336699} .a > b{width:600px}"), Vec::<String>::new());
        assert_eq!(texts("/* un */p{color:red}/* deux"), ["un", "deux"]);
        assert_eq!(texts(r#".x::after{content:"\46 R76 \"3000\"" 'b'}"#), [r#"FR76 "3000""#, "b"]);
        assert_eq!(texts("p{--a: FR76 3000 6000 0112}"), ["--a: FR76 3000 6000 0112"]);
        assert_eq!(texts("p{background:url(https://x.example/a)}"), ["background:url(https://x.example/a)"]);
        assert_eq!(texts("p{content:\"sans fin"), ["sans fin"]);
        let font = "A0".repeat(400);
        for quote in ["", "'"] {
            let sheet =
                format!("@font-face{{src:url({quote}data:font/woff2;base64,{font}{quote})}} p{{color:red}}");
            assert!(texts(&sheet).iter().all(|text| text.len() < 40), "{sheet}");
        }
    }
}
