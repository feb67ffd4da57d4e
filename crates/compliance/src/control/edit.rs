//! A control's file as a form fills it. What the form does not change, comments and order too, stays as it was.

use std::fmt::Write as _;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, TableLike, Value};
use vocabulary::{Bilingual, Locale};

use super::{Category, Control};
use crate::{Mode, Severity, Verdict};

/// What a control's file says, as a form has it. Whether it makes a control, reading the file tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlEdit {
    /// What it is about.
    pub category: Category,
    /// Whether its verdict counts.
    pub mode: Mode,
    /// What it concludes.
    pub verdict: Verdict,
    /// How grave that is.
    pub severity: Severity,
    /// Which hold clock applies.
    pub hold_class: String,
    /// The sender is told that the message waits, not why.
    pub neutral_notice: bool,
    /// Its condition: thresholds stand here.
    pub when: String,
    /// What it is called.
    pub title: Bilingual,
    /// Why a sender or a reviewer should care.
    pub explanation: Bilingual,
    /// What would make the message pass.
    pub remedy: Bilingual,
    /// The law or contract it rests on.
    pub ground: Bilingual,
    /// Its samples in the order of the file, new ones behind them; `None` where one goes.
    pub samples: Vec<Option<SampleEdit>>,
}

/// A sample as a form has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SampleEdit {
    /// The language it is written in.
    pub locale: Locale,
    /// Whether the control must match it.
    pub matches: bool,
    /// The text.
    pub text: String,
    /// Everything else it says, as its file does: `recipients = ["…"]`, one key a line.
    pub rest: String,
}

/// Why a file was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// What was to be changed is no control.
    #[error("this is no control file")]
    NoControl,
    /// The other keys of this sample, counted from 1 in the form, are not TOML or name what the form has a field for.
    #[error(
        "sample {0}: its other keys are not written as TOML, one a line, as in recipients = [\"client@partner.example\"]"
    )]
    Sample(usize),
}

/// Keys of a sample that a form has fields for.
const OF_SAMPLES: [&str; 3] = ["locale", "matches", "text"];
/// A control of which nothing is said yet. Its keys stand in the order people read them.
const BLANK: &str = include_str!("blank.toml");

/// The id a control's file gives, when it gives one.
#[must_use]
pub fn id_of(text: &str) -> Option<String> {
    text.parse::<DocumentMut>().ok()?.get("id")?.as_str().map(str::to_owned)
}

impl ControlEdit {
    /// A control as it is, and its file, where samples say what a form has no field for.
    #[must_use]
    pub fn of(control: &Control, text: &str) -> Self {
        let document: DocumentMut = text.parse().unwrap_or_default();
        let tables = document.get("samples").cloned().and_then(|item| item.into_array_of_tables().ok());
        let tables: Vec<Table> = tables.into_iter().flatten().collect();
        let rest = |index: usize| tables.get(index).map(rest).unwrap_or_default();
        let sample = |(index, sample): (usize, &super::Sample)| SampleEdit {
            locale: sample.locale,
            matches: sample.matches,
            text: sample.text.clone(),
            rest: rest(index),
        };
        Self {
            category: control.category,
            mode: control.mode,
            verdict: control.verdict,
            severity: control.severity,
            hold_class: control.hold_class.clone(),
            neutral_notice: control.neutral_notice,
            when: control.when.clone(),
            title: control.title.clone(),
            explanation: control.explanation.clone(),
            remedy: control.remedy.clone(),
            ground: control.ground.clone(),
            samples: control.samples.iter().enumerate().map(sample).map(Some).collect(),
        }
    }

    /// The file with what differs; its version goes up by one.
    ///
    /// # Errors
    /// It is no control's file, or a sample cannot be written.
    pub fn changed(&self, text: &str) -> Result<String, EditError> {
        let mut file: DocumentMut = text.parse().map_err(|_| EditError::NoControl)?;
        let version = file.get("version").and_then(Item::as_integer).ok_or(EditError::NoControl)?;
        put(file.as_table_mut(), "version", version.saturating_add(1).into());
        self.fill(&mut file)?;
        Ok(file.to_string())
    }

    /// A file of its own under this id, version 1.
    ///
    /// # Errors
    /// A sample cannot be written.
    pub fn written(&self, id: &str) -> Result<String, EditError> {
        let mut file: DocumentMut = BLANK.parse().map_err(|_| EditError::NoControl)?;
        put(file.as_table_mut(), "id", id.into());
        self.fill(&mut file)?;
        Ok(file.to_string())
    }

    fn fill(&self, file: &mut DocumentMut) -> Result<(), EditError> {
        let root = file.as_table_mut();
        put(root, "mode", self.mode.word().into());
        put(root, "category", self.category.word().into());
        put(root, "verdict", self.verdict.code().into());
        put(root, "severity", self.severity.word().into());
        put(root, "hold_class", self.hold_class.as_str().into());
        put(root, "when", self.when.as_str().into());
        // Absent, it is false.
        if self.neutral_notice || root.contains_key("neutral_notice") {
            put(root, "neutral_notice", self.neutral_notice.into());
        }
        let texts = [
            ("title", &self.title),
            ("explanation", &self.explanation),
            ("remedy", &self.remedy),
            ("ground", &self.ground),
        ];
        for (key, text) in texts {
            let both = root.get_mut(key).and_then(Item::as_table_like_mut).ok_or(EditError::NoControl)?;
            put(both, "fr", text.fr.as_str().into());
            put(both, "en", text.en.as_str().into());
        }
        self.fill_samples(root)
    }

    fn fill_samples(&self, root: &mut Table) -> Result<(), EditError> {
        let known = root.get("samples").cloned().and_then(|item| item.into_array_of_tables().ok());
        let known: Vec<Table> = known.into_iter().flatten().collect();
        let mut samples = ArrayOfTables::new();
        for (index, sample) in self.samples.iter().enumerate() {
            let Some(sample) = sample else { continue };
            let mut table = known.get(index).cloned().unwrap_or_else(blank_sample);
            sample.fill(&mut table).ok_or(EditError::Sample(index + 1))?;
            samples.push(table);
        }
        root.insert("samples", Item::ArrayOfTables(samples));
        Ok(())
    }
}

impl SampleEdit {
    fn fill(&self, table: &mut Table) -> Option<()> {
        put(table, "locale", self.locale.tag().into());
        put(table, "matches", self.matches.into());
        if !self.text.is_empty() || table.contains_key("text") {
            put(table, "text", self.text.as_str().into());
        }
        if rest(table).trim() == self.rest.trim() {
            return Some(());
        }
        let written: DocumentMut = self.rest.parse().ok()?;
        if OF_SAMPLES.iter().any(|key| written.contains_key(key)) {
            return None;
        }
        table.retain(|key, _| OF_SAMPLES.contains(&key));
        for (key, item) in written.as_table() {
            table.insert(key, Item::Value(in_line(item)?));
        }
        Some(())
    }
}

fn blank_sample() -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    table
}

/// What a sample says besides what the form has fields for, one key a line.
fn rest(table: &Table) -> String {
    let mut rest = String::new();
    for (key, item) in table.iter().filter(|(key, _)| !OF_SAMPLES.contains(key)) {
        let Some(value) = in_line(item) else { continue };
        let _ = writeln!(rest, "{key} = {}", value.to_string().trim());
    }
    rest
}

/// A value on the line of its key, a table too.
fn in_line(item: &Item) -> Option<Value> {
    let mut value = item.clone().into_value().ok()?;
    if item.is_table() {
        value.as_inline_table_mut()?.fmt();
    }
    value.decor_mut().clear();
    Some(value)
}

/// Writes a value where it differs, with the comment and blanks around the one before.
fn put(table: &mut dyn TableLike, key: &str, mut value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(known) if is_same(known, &value) => {}
        Some(known) => {
            *value.decor_mut() = known.decor().clone();
            *known = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}

fn is_same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::String(a), Value::String(b)) => a.value() == b.value(),
        (Value::Integer(a), Value::Integer(b)) => a.value() == b.value(),
        (Value::Boolean(a), Value::Boolean(b)) => a.value() == b.value(),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
