//! Text of markup that its reader does not see: values of attributes, style sheets.
//!
//! Most of it says how things look, in every paragraph of every mail. Of that only what may hold a number or a text is kept: a
//! stretch with many digits, letters that are not ASCII, strings, comments, addresses.

use super::scan::Tag;
use super::{Gathered, addresses, entities};
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

/// Gathers every text and picture of a tag's attributes.
pub(super) fn attributes(tag: &Tag<'_>, to: &mut Gathered<'_>) {
    to.out.cut |= tag.cut;
    for (name, raw) in tag.attributes() {
        if raw.is_empty() {
            continue;
        }
        let is_layout = LAYOUT.iter().any(|known| known.eq_ignore_ascii_case(name))
            || name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("xmlns"));
        let has_address = addresses::are_within(raw);
        if is_layout && !has_address && !may_carry(raw) && !raw.contains("&#") {
            continue;
        }
        let mut decoded = String::new();
        let value = if raw.contains('&') {
            entities::decode_attribute(raw, &mut decoded);
            decoded.as_str()
        } else {
            raw
        };
        if name.eq_ignore_ascii_case("style") {
            css(value, to);
        } else if name.eq_ignore_ascii_case("srcdoc") {
            to.markup(value);
        } else if has_address && is_list(name) {
            addresses::within(value, to);
            let others = value.split_ascii_whitespace().filter(|one| !addresses::starts(one, "data:"));
            self::value(&others.collect::<Vec<_>>().join(" "), to);
        } else if addresses::starts(value, "data:") {
            let is_unread = addresses::read(value, to);
            to.out.cut |= is_unread;
        } else {
            addresses::within(value, to);
            self::value(value, to);
        }
    }
}

/// An attribute of several addresses, each with what it is for.
fn is_list(name: &str) -> bool {
    name.len() >= 6 && name.get(name.len() - 6..).is_some_and(|end| end.eq_ignore_ascii_case("srcset"))
}

fn value(value: &str, to: &mut Gathered<'_>) {
    let at = (0..=VALUE_BYTES_MAX.min(value.len())).rev().find(|at| value.is_char_boundary(*at)).unwrap_or(0);
    let kept = value.get(..at).unwrap_or("");
    if addresses::starts(kept, "cid:") {
        // The name of a part, made like an address of mail and none.
        to.hide(&kept.replace('@', " "));
    } else {
        to.hide(kept);
    }
    if kept.contains("%20") || (kept.contains('%') && may_carry(kept)) {
        to.hide(&charset::guess(&addresses::percent_decoded(kept)));
    }
    to.out.cut |= at < value.len();
}

fn may_carry(text: &str) -> bool {
    let mut digits = 0;
    text.bytes().any(|byte| {
        digits += usize::from(byte.is_ascii_digit());
        digits >= DIGITS_MIN || !byte.is_ascii()
    })
}

/// Gathers the pictures of a style sheet and its texts: comments, strings (some readers show them before or behind an element),
/// and declarations that may hold a number or an address.
pub(super) fn css(sheet: &str, to: &mut Gathered<'_>) {
    addresses::within(sheet, to);
    let mut rest = sheet;
    let mut open = sheet;
    while let Some(at) = rest.find(['"', '\'', '/', ';', '{', '}']) {
        let after = rest.get(at + 1..).unwrap_or("");
        let close = match rest.as_bytes().get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                let (text, length) = string(after, char::from(*quote));
                if !addresses::starts(&text, "data:") {
                    to.hide(&text);
                } else if addresses::read(&text, to) {
                    // A file that style sheets have no use for: its letters are all there is of it.
                    to.hide(&text);
                }
                declaration(open.get(..open.len() - rest.len() + at).unwrap_or(""), to);
                rest = after.get(length..).unwrap_or("");
                open = rest;
                continue;
            }
            Some(b'/') if after.starts_with('*') => {
                let inside = after.get(1..).unwrap_or("");
                declaration(open.get(..open.len() - rest.len() + at).unwrap_or(""), to);
                let end = inside.find("*/").unwrap_or(inside.len());
                to.hide(inside.get(..end).unwrap_or(""));
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
        declaration(open.get(..close).unwrap_or(""), to);
        (rest, open) = (after, after);
    }
    declaration(open, to);
}

fn declaration(text: &str, to: &mut Gathered<'_>) {
    // The second half of `url(data:font/woff2;base64,…)`.
    let data = text.strip_prefix("base64,").map_or("", |data| data.split(')').next().unwrap_or(data));
    let text = if data.len() >= DATA_BYTES_MIN && transfer::is_base64(data.as_bytes()) {
        text.get("base64,".len() + data.len()..).unwrap_or("")
    } else {
        text
    };
    let is_address = || text.split_once("url(").is_some_and(|(_, address)| !address.trim().is_empty());
    if may_carry(text) || is_address() {
        to.hide(&string(text, '\0').0);
    }
}

/// Styles without comments.
pub(super) fn without_comments(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        out.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

/// The character of an escape in hexadecimal digits: what is none, and zero, is U+FFFD (CSS Syntax 3 §4.3.7). A return is a
/// line end, as everywhere in a text.
fn escaped(code: &str) -> char {
    match u32::from_str_radix(code, 16).ok().and_then(char::from_u32) {
        Some('\r') => '\n',
        Some(c) if c != '\0' => c,
        _ => '\u{fffd}',
    }
}

/// A string of CSS up to `quote`, its escapes opened (CSS Syntax 3 §4.3.7), and its length with the quote.
pub(super) fn string(text: &str, quote: char) -> (String, usize) {
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
                    out.push(escaped(&code));
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
    use super::super::HtmlText;
    use super::*;

    fn texts(sheet: &str) -> Vec<String> {
        let mut out = HtmlText::default();
        css(sheet, &mut Gathered { out: &mut out, depth: 0 });
        out.hidden.lines().map(str::to_owned).collect()
    }

    #[test]
    fn escapes_are_characters_of_a_text() {
        for (written, shown) in [
            ("\\0 b", "\u{fffd}b"),
            ("a\\d b", "a\nb"),
            ("\\d800 ", "\u{fffd}"),
            ("\\110000 ", "\u{fffd}"),
            ("\\e9t\\e9", "été"),
        ] {
            assert_eq!(string(written, '"').0, shown, "{written}");
        }
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
