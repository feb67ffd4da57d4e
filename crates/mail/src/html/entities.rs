//! Character references (`&eacute;`, `&#233;`, `&#xe9;`), as browsers read them.

use mail_parser::decoders::html::add_html_token;

/// The longest name in the HTML standard has 31 characters.
const NAME_BYTES_MAX: usize = 32;

/// Names that count without their `;`, the longest that fits (HTML §13.5); in order of their bytes.
const BARE: &[&str] = &[
    "AElig", "AMP", "Aacute", "Acirc", "Agrave", "Aring", "Atilde", "Auml", "COPY", "Ccedil", "ETH",
    "Eacute", "Ecirc", "Egrave", "Euml", "GT", "Iacute", "Icirc", "Igrave", "Iuml", "LT", "Ntilde", "Oacute",
    "Ocirc", "Ograve", "Oslash", "Otilde", "Ouml", "QUOT", "REG", "THORN", "Uacute", "Ucirc", "Ugrave",
    "Uuml", "Yacute", "aacute", "acirc", "acute", "aelig", "agrave", "amp", "aring", "atilde", "auml",
    "brvbar", "ccedil", "cedil", "cent", "copy", "curren", "deg", "divide", "eacute", "ecirc", "egrave",
    "eth", "euml", "frac12", "frac14", "frac34", "gt", "iacute", "icirc", "iexcl", "igrave", "iquest",
    "iuml", "laquo", "lt", "macr", "micro", "middot", "nbsp", "not", "ntilde", "oacute", "ocirc", "ograve",
    "ordf", "ordm", "oslash", "otilde", "ouml", "para", "plusmn", "pound", "quot", "raquo", "reg", "sect",
    "shy", "sup1", "sup2", "sup3", "szlig", "thorn", "times", "uacute", "ucirc", "ugrave", "uml", "uuml",
    "yacute", "yen", "yuml",
];

/// Decodes every reference in `text`.
pub(super) fn decode(text: &str, out: &mut String) {
    references(text, out, false);
}

/// As [`decode`], in the value of an attribute: `?a=1&copy=2` is an address (HTML §13.2.5.73).
pub(super) fn decode_attribute(text: &str, out: &mut String) {
    references(text, out, true);
}

fn references(text: &str, out: &mut String, in_attribute: bool) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let after = from.get(1..).unwrap_or("");
        let taken = match after.strip_prefix('#') {
            Some(number) => numeric(number, out).map(|taken| taken + 1),
            None => named(after, in_attribute, out),
        };
        if taken.is_none() {
            out.push('&');
        }
        rest = after.get(taken.unwrap_or(0)..).unwrap_or("");
    }
    out.push_str(rest);
}

/// A number of any length, with its `;` or without. Gives back how many bytes of `text` it takes.
fn numeric(text: &str, out: &mut String) -> Option<usize> {
    let (radix, digits) = match text.strip_prefix(['x', 'X']) {
        Some(digits) => (16, digits),
        None => (10, text),
    };
    let mut code = 0_u32;
    let mut taken = 0;
    for digit in digits.chars().map_while(|c| c.to_digit(radix)) {
        code = code.saturating_mul(radix).saturating_add(digit);
        taken += 1;
    }
    if taken == 0 {
        return None;
    }
    out.push(character(code));
    let closed = digits.get(taken..).is_some_and(|tail| tail.starts_with(';'));
    Some(text.len() - digits.len() + taken + usize::from(closed))
}

/// A name with its `;`, else the longest that needs none. Gives back how many bytes of `text` it takes.
fn named(text: &str, in_attribute: bool, out: &mut String) -> Option<usize> {
    let name = |byte: &u8| byte.is_ascii_alphanumeric();
    let len = text.bytes().take(NAME_BYTES_MAX).take_while(name).count();
    let whole = text.get(..len)?;
    if text.get(len..).is_some_and(|tail| tail.starts_with(';')) && known(whole, out) {
        return Some(len + 1);
    }
    let bare = (2..=len.min(6)).rev().find_map(|len| {
        let name = whole.get(..len)?;
        BARE.binary_search(&name).is_ok().then_some(name)
    })?;
    let goes_on =
        text.as_bytes().get(bare.len()).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'=');
    (!(in_attribute && goes_on) && known(bare, out)).then_some(bare.len())
}

/// Adds the character of a name, if there is such a name.
fn known(name: &str, out: &mut String) -> bool {
    if name.is_empty() {
        return false;
    }
    let token = format!("&{name};");
    let mut decoded = String::new();
    add_html_token(&mut decoded, token.as_bytes(), false);
    let is_known = decoded != token;
    if is_known {
        out.push_str(&decoded);
    }
    is_known
}

/// The character of a numeric reference; 0x80–0x9F are Windows-1252 (HTML §13.2.5.80).
fn character(code: u32) -> char {
    if (0x80..=0x9f).contains(&code) {
        let byte = [u8::try_from(code).unwrap_or(0)];
        let text = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&byte).0;
        return text.chars().next().unwrap_or('\u{fffd}');
    }
    match char::from_u32(code) {
        Some('\r') => '\n',
        Some(c) if c != '\0' => c,
        _ => '\u{fffd}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(source: &str) -> String {
        let mut out = String::new();
        decode(source, &mut out);
        out
    }

    #[test]
    fn references_are_read_as_browsers_read_them() {
        assert_eq!(
            text("d&eacute;claration d&eacuteclaration &eacutet&eacute"),
            "déclaration déclaration été"
        );
        assert_eq!(
            text("T&#114acfin T&#x72;acfin &#0000000000000000000000000000000000000000070;"),
            "Tracfin Tracfin F"
        );
        assert_eq!(
            text("FR76&nbsp3000 &hellip; &hellip &unknown; & &; &#; &#x;"),
            "FR76\u{a0}3000 … &hellip &unknown; & &; &#; &#x;"
        );
        assert_eq!(text("&#99999999999999;&#0;&#x80;"), "\u{fffd}\u{fffd}€");
        // The longest that fits, and each of the short names is known.
        assert_eq!(text("&notin; &notit; &AMPx"), "∉ ¬it; &x");
        for name in BARE {
            assert_ne!(text(&format!("&{name}")), format!("&{name}"), "{name}");
        }
        assert!(BARE.is_sorted());
    }

    #[test]
    fn an_address_in_an_attribute_is_left_alone() {
        let mut out = String::new();
        decode_attribute("?a=1&copy=2&amp;reg=3&sect4 &eacute", &mut out);
        assert_eq!(out, "?a=1&copy=2&reg=3&sect4 é");
    }
}
