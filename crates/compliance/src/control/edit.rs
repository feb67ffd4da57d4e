//! A control's file with some of its values changed, everything else (comments too) as it was.

use serde::Deserialize;
use toml::Spanned;

use crate::{Mode, Severity, Verdict};

/// What a form changes of a control. Each is written as the file has it; the version goes up by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlEdit {
    /// Whether its verdict counts.
    pub mode: Mode,
    /// What it concludes.
    pub verdict: Verdict,
    /// How grave that is.
    pub severity: Severity,
    /// Which hold clock applies.
    pub hold_class: String,
    /// Its condition: thresholds stand here.
    pub when: String,
}

/// The id a control's file gives, when it gives one.
#[must_use]
pub fn id_of(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        id: String,
    }
    toml::from_str::<Named>(text).ok().map(|named| named.id)
}

/// Where the values stand in the file.
#[derive(Deserialize)]
struct Places {
    version: Spanned<u32>,
    mode: Spanned<String>,
    verdict: Spanned<String>,
    severity: Spanned<String>,
    hold_class: Spanned<String>,
    when: Spanned<String>,
}

impl ControlEdit {
    /// The file changed; `None` when its text is no control at all. Whether the result is one, reading it tells.
    #[must_use]
    pub fn of(&self, text: &str) -> Option<String> {
        let places: Places = toml::from_str(text).ok()?;
        let version = places.version.get_ref().saturating_add(1);
        let mut values = [
            (places.version.span(), version.to_string()),
            (places.mode.span(), quoted(self.mode.word())),
            (places.verdict.span(), quoted(self.verdict.code())),
            (places.severity.span(), quoted(self.severity.word())),
            (places.hold_class.span(), quoted(&self.hold_class)),
            (places.when.span(), quoted(&self.when)),
        ];
        // From the end, so that what was replaced moves no place before it.
        values.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut edited = text.to_owned();
        for (span, value) in values {
            edited.get(span.clone())?;
            edited.replace_range(span, &value);
        }
        Some(edited)
    }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ControlSet;

    /// Every shipped control, changed in each value, reads back with just that.
    #[test]
    fn only_what_is_asked_for_changes() {
        let shipped = ControlSet::shipped();
        for (control, (id, text)) in shipped.controls().zip(shipped.texts()) {
            let edit = ControlEdit {
                mode: Mode::Observe,
                verdict: control.verdict,
                severity: Severity::Critical,
                hold_class: "urgent".into(),
                when: format!("{} && message.subject_length > 3", control.when),
            };
            let edited = edit.of(text).unwrap();
            let places: Places = toml::from_str(&edited).unwrap();
            assert_eq!(*places.version.get_ref(), control.version + 1, "{id}");
            assert_eq!(places.when.get_ref(), &edit.when, "{id}");
            assert_eq!(places.hold_class.get_ref(), "urgent", "{id}");
            assert_eq!(places.severity.get_ref(), "critical", "{id}");
            let before: toml::Table = toml::from_str(text).unwrap();
            let after: toml::Table = toml::from_str(&edited).unwrap();
            for (key, value) in &before {
                let changes = ["version", "mode", "verdict", "severity", "hold_class", "when"];
                assert!(changes.contains(&key.as_str()) || after.get(key) == Some(value), "{id} {key}");
            }
            let comments = |text: &str| -> Vec<String> {
                text.lines().filter(|line| line.starts_with('#')).map(str::to_owned).collect()
            };
            assert_eq!(comments(text), comments(&edited), "{id} keeps its comments");
        }
    }

    #[test]
    fn values_with_quotes_and_lines_are_written_so_that_they_read_back() {
        let shipped = ControlSet::shipped();
        let (_, text) = shipped.texts().next().unwrap();
        for when in ["a == \"x\" && b == 'y'", "a\n&& b", "\\ \u{7f} é '''\"\"\"", ""] {
            let edit = ControlEdit {
                mode: Mode::Enforce,
                verdict: Verdict::Hold,
                severity: Severity::Low,
                hold_class: "standard".into(),
                when: when.into(),
            };
            let places: Places = toml::from_str(&edit.of(text).unwrap()).unwrap();
            assert_eq!(places.when.get_ref(), when);
        }
        let edit = ControlEdit {
            mode: Mode::Enforce,
            verdict: Verdict::Hold,
            severity: Severity::Low,
            hold_class: String::new(),
            when: String::new(),
        };
        assert!(edit.of("not a control").is_none());
    }
}
