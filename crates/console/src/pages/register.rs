//! Why messages were held, redacted: the register of whoever checks decisions, and a person's own messages.

use askama::Template;

use super::{Chip, Shell};

/// The register.
#[derive(Debug, Clone, Template)]
#[template(path = "register.html")]
pub struct RegisterPage {
    /// The frame.
    pub s: Shell,
    /// What is asked for.
    pub asked: Asked,
    /// Something asked for that cannot be: the field, and what to do.
    pub problem: Option<(&'static str, String)>,
    /// The latest first.
    pub rows: Vec<RegisterRow>,
    /// The next page.
    pub next: Option<String>,
    /// It is not the first page: where that is.
    pub first: Option<String>,
    /// The reader may take it out.
    pub may_export: bool,
}

/// The form of what is asked for, as it was filled in.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The first day, `2026-11-24`.
    pub from: String,
    /// The last day.
    pub until: String,
    /// A control's id.
    pub control: String,
    /// What can be chosen of categories: value, words, chosen.
    pub categories: Vec<(String, String, bool)>,
    /// Of severities.
    pub severities: Vec<(String, String, bool)>,
    /// Of states.
    pub states: Vec<(String, String, bool)>,
}

/// One's own messages.
#[derive(Debug, Clone, Template)]
#[template(path = "own_messages.html")]
pub struct OwnMessagesPage {
    /// The frame.
    pub s: Shell,
    /// The latest first.
    pub rows: Vec<RegisterRow>,
    /// The next page.
    pub next: Option<String>,
    /// It is not the first page.
    pub later: bool,
}

/// A held message.
#[derive(Debug, Clone)]
pub struct RegisterRow {
    /// Its flow.
    pub reference: String,
    /// Since when it waited.
    pub when: String,
    /// Its subject line, for its sender.
    pub subject: Option<String>,
    /// Of whoever reads the register.
    pub is_own: bool,
    /// Its hold class.
    pub class: Option<String>,
    /// Where it stands.
    pub chip: Chip,
    /// What was decided: when, and why by its word.
    pub decided: Option<String>,
    /// What comes next.
    pub next: Option<String>,
    /// Why it was held.
    pub lines: Vec<RegisterLine>,
    /// What stands where there is no line.
    pub no_line: Option<String>,
}

/// One control.
#[derive(Debug, Clone)]
pub struct RegisterLine {
    /// What it is called.
    pub title: String,
    /// Its id, version, category, severity.
    pub facts: String,
    /// The law or contract.
    pub ground: String,
    /// What was found: `IBAN valide : FR76•••189 (relevé.pdf, page 3)`.
    pub found: Vec<String>,
    /// How many more.
    pub more: Option<String>,
}
