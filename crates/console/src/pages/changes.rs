//! Changes that wait for a second administrator.

use askama::Template;
use operations::changes::ChangeState;

use super::{Chip, Shell, Tone};
use crate::i18n::Words;

/// All of them, those that wait first.
#[derive(Debug, Clone, Template)]
#[template(path = "changes.html")]
pub struct ChangesPage {
    /// The frame.
    pub s: Shell,
    /// The changes.
    pub rows: Vec<ChangeRow>,
}

/// One of the list.
#[derive(Debug, Clone)]
pub struct ChangeRow {
    /// Where it is shown whole.
    pub href: String,
    /// What would change.
    pub what: String,
    /// Who asked.
    pub by: String,
    /// Since when.
    pub since: String,
    /// Until when it waits.
    pub until: String,
    /// Where it stands.
    pub chip: Chip,
}

/// One change.
#[derive(Debug, Clone, Template)]
#[template(path = "change.html")]
pub struct ChangePage {
    /// The frame.
    pub s: Shell,
    /// What would change.
    pub what: String,
    /// Where it stands.
    pub chip: Chip,
    /// What is known of it: a term and its text.
    pub facts: Vec<(String, String)>,
    /// Why it was asked for.
    pub reason: String,
    /// Where one agrees.
    pub approve: Option<String>,
    /// Where one turns it down.
    pub refuse: Option<String>,
    /// Why the last answer was not taken.
    pub problem: Option<String>,
}

/// Where a change stands, as a chip.
#[must_use]
pub fn state_chip(state: ChangeState, w: Words) -> Chip {
    let (tone, icon, word) = match state {
        ChangeState::Waiting => (Tone::Hold, "hold", w.t("change-waiting")),
        ChangeState::Approved => (Tone::Pass, "check", w.t("change-approved")),
        ChangeState::Refused => (Tone::Refuse, "x", w.t("change-refused")),
        ChangeState::Lapsed => (Tone::Plain, "clock", w.t("change-lapsed")),
    };
    Chip { tone, icon, word }
}
