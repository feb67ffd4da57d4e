//! Text that is shown from its end to its beginning (UAX #9), as its reader sees it.

/// Right-to-left override.
const BEGIN: char = '\u{202e}';
/// What ends it before its line does.
const ENDS: [char; 2] = ['\u{202c}', '\u{2069}'];

/// The lines of `text` in which something is shown backwards, that turned round; `None` if there are none, or nothing stands in them.
pub(crate) fn lines(text: &str) -> Option<String> {
    if !text.contains(BEGIN) {
        return None;
    }
    let mut out = String::new();
    for line in text.lines().filter(|line| line.contains(BEGIN)) {
        let mut rest = line;
        while let Some((before, run)) = rest.split_once(BEGIN) {
            out.push_str(before);
            let (run, after) = run.split_once(ENDS).unwrap_or((run, ""));
            out.extend(run.chars().rev());
            rest = after;
        }
        out.push_str(rest);
        out.push('\n');
    }
    (!out.trim().is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_backwards_is_turned_round() {
        assert_eq!(lines("a\nb \u{202e}67RF\u{202c} 3000\nc"), Some("b FR76 3000\n".to_owned()));
        assert_eq!(lines("\u{202e}981 0987"), Some("7890 189\n".to_owned()));
        assert_eq!(lines("\u{200f}a\nb"), None);
    }
}
