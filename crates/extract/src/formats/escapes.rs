//! Characters by their number in JSON, notebooks and properties of Java: `\u00e9`.

/// The lines that have such characters, as they are meant; empty where there is none.
pub(super) fn meant(text: &str) -> String {
    let mut lines = String::new();
    for line in text.lines().filter(|line| line.contains("\\u")) {
        let (meant, is_other) = line_meant(line);
        if is_other {
            lines.push_str(&meant);
            lines.push('\n');
        }
    }
    lines
}

fn line_meant(line: &str) -> (String, bool) {
    let mut meant = String::with_capacity(line.len());
    let (mut units, mut is_other) = (Vec::new(), false);
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at_checked(at).unwrap_or((rest, ""));
        if !before.is_empty() {
            flush(&mut units, &mut meant);
            meant.push_str(before);
        }
        if let Some((unit, after)) = unit(escape) {
            is_other = true;
            units.push(unit);
            rest = after;
        } else {
            flush(&mut units, &mut meant);
            // A backslash that is meant is two; other escapes part words.
            let mut chars = escape.chars();
            chars.next();
            match chars.next() {
                Some('n' | 't' | 'r') => meant.push(' '),
                Some(c) => meant.push(c),
                None => {}
            }
            rest = chars.as_str();
        }
    }
    flush(&mut units, &mut meant);
    meant.push_str(rest);
    (meant, is_other)
}

/// One unit of UTF-16 at the start of a text, and what follows it. Java takes any number of `u`.
fn unit(escape: &str) -> Option<(u16, &str)> {
    let digits = escape.strip_prefix("\\u")?.trim_start_matches('u');
    let (digits, after) = digits.split_at_checked(4)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    Some((u16::from_str_radix(digits, 16).ok()?, after))
}

fn flush(units: &mut Vec<u16>, meant: &mut String) {
    let chars = char::decode_utf16(units.drain(..));
    meant.extend(chars.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).filter(|c| *c != '\0'));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_what_their_numbers_say() {
        let text = "rien\n{\"a\": \"d\\u00e9clar\\u00E9e\\net \\ud83d\\ude00 \\\\u00e9\"}\nx=\\uu0041\nc:\\user\\u12";
        assert_eq!(meant(text), "{\"a\": \"déclarée et 😀 \\u00e9\"}\nx=A\n");
        assert_eq!(meant("\\u0046\\u0052\\u0037"), "FR7\n");
    }
}
