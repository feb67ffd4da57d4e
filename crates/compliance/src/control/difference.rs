//! What differs between two sets, control by control, in the words a reviewer of the change needs.

use std::collections::BTreeMap;

use super::{Control, ControlSet};

/// A control that is new, gone or otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlChange {
    /// Its id.
    pub id: String,
    /// What is so.
    pub kind: ChangeKind,
    /// What differs, when it stands in both.
    pub parts: Vec<ChangedPart>,
}

/// How a control differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It stands in the second set alone.
    Added,
    /// It stands in the first alone.
    Removed,
    /// It stands in both, with other values.
    Changed,
}

/// One value that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedPart {
    /// Which: the key of the control's file.
    pub key: &'static str,
    /// As the first set has it; empty for texts and samples, which are too long to stand side by side.
    pub before: String,
    /// As the second has it.
    pub after: String,
}

/// What differs from `before` to `after`, in the order of ids.
#[must_use]
pub fn difference(before: &ControlSet, after: &ControlSet) -> Vec<ControlChange> {
    let (old, new) = (by_id(before), by_id(after));
    let mut changes: Vec<ControlChange> = Vec::new();
    for (id, (control, text)) in &new {
        match old.get(id) {
            None => changes.push(change(id, ChangeKind::Added, Vec::new())),
            Some((_, known)) if known == text => {}
            Some((known, _)) => changes.push(change(id, ChangeKind::Changed, parts(known, control))),
        }
    }
    changes.extend(
        old.keys().filter(|id| !new.contains_key(*id)).map(|id| change(id, ChangeKind::Removed, Vec::new())),
    );
    changes.sort_by(|a, b| a.id.cmp(&b.id));
    changes
}

fn change(id: &str, kind: ChangeKind, parts: Vec<ChangedPart>) -> ControlChange {
    ControlChange { id: id.to_owned(), kind, parts }
}

type ById<'a> = BTreeMap<&'a str, (&'a Control, &'a str)>;

fn by_id(set: &ControlSet) -> ById<'_> {
    set.controls().zip(set.texts()).map(|(control, (id, text))| (id, (control, text))).collect()
}

fn parts(old: &Control, new: &Control) -> Vec<ChangedPart> {
    let mut parts = Vec::new();
    let mut value = |key, before: String, after: String| {
        if before != after {
            parts.push(ChangedPart { key, before, after });
        }
    };
    value("mode", old.mode.word().into(), new.mode.word().into());
    value("verdict", old.verdict.code().into(), new.verdict.code().into());
    value("severity", old.severity.word().into(), new.severity.word().into());
    value("hold_class", old.hold_class.clone(), new.hold_class.clone());
    value("neutral_notice", old.neutral_notice.to_string(), new.neutral_notice.to_string());
    value("when", old.when.clone(), new.when.clone());
    let mut text = |key, differs: bool| {
        if differs {
            parts.push(ChangedPart { key, before: String::new(), after: String::new() });
        }
    };
    text("title", old.title != new.title);
    text("explanation", old.explanation != new.explanation);
    text("remedy", old.remedy != new.remedy);
    text("ground", old.ground != new.ground);
    text("samples", old.samples != new.samples);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(change: impl Fn(&str, &str) -> Option<String>) -> ControlSet {
        let shipped = ControlSet::shipped();
        let files: Vec<(String, String)> = shipped
            .texts()
            .filter_map(|(id, text)| change(id, text).map(|text| (id.to_owned(), text)))
            .collect();
        let files: Vec<(&str, &str)> = files.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
        ControlSet::parse(&files).unwrap()
    }

    #[test]
    fn what_is_new_gone_or_otherwise_is_named() {
        let shipped = ControlSet::shipped();
        assert_eq!(difference(&shipped, &shipped), []);
        let other = set(|id, text| match id {
            "CAL-01" => None,
            "PII-01" => Some(text.replacen("mode = \"enforce\"", "mode = \"observe\"", 1)),
            "RCP-09" => Some(text.replacen("severity = \"", "severity = \"critical\" # \"", 1)),
            _ => Some(text.to_owned()),
        });
        let changes = difference(&shipped, &other);
        let lines: Vec<(&str, ChangeKind)> =
            changes.iter().map(|change| (change.id.as_str(), change.kind)).collect();
        assert_eq!(
            lines,
            [
                ("CAL-01", ChangeKind::Removed),
                ("PII-01", ChangeKind::Changed),
                ("RCP-09", ChangeKind::Changed)
            ]
        );
        let [part] = changes[1].parts.as_slice() else { panic!("{changes:?}") };
        assert_eq!((part.key, part.before.as_str(), part.after.as_str()), ("mode", "enforce", "observe"));
        assert_eq!(changes[2].parts[0].key, "severity");
        assert_eq!(difference(&other, &shipped)[0].kind, ChangeKind::Added);
    }
}
