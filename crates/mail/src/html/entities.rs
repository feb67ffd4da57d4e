//! Character references (`&eacute;`, `&#233;`, `&#xe9;`), as browsers read them.

use mail_parser::decoders::html::add_html_token;

/// The longest name in the HTML standard has 31 characters.
const NAME_BYTES_MAX: usize = 32;

/// Decodes every reference in `text`.
pub(super) fn decode(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let after = from.get(1..).unwrap_or("");
        let len = after
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '#')
            .unwrap_or(after.len())
            .min(NAME_BYTES_MAX);
        let name = after.get(..len).unwrap_or("");
        let closed = after.get(len..).is_some_and(|tail| tail.starts_with(';'));
        match reference(name, closed) {
            Some(c) => {
                out.push_str(&c);
                rest = after.get(len + usize::from(closed)..).unwrap_or("");
            }
            None => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
}

fn reference(name: &str, closed: bool) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return code.ok().map(|code| character(code).to_string());
    }
    // Without its `;` only the old Latin names count; longer runs are ordinary text (`?a&copyright=1`).
    if name.is_empty() || (!closed && name.len() > 6) {
        return None;
    }
    let token = format!("&{name};");
    let mut decoded = String::new();
    add_html_token(&mut decoded, token.as_bytes(), false);
    (decoded != token).then_some(decoded)
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
