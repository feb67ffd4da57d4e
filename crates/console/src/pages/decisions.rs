//! What was decided lately, so that governance can read it again and overrule it.

use askama::Template;

use super::{Chip, Severity, Shell};

/// The list of decisions.
#[derive(Debug, Clone, Template)]
#[template(path = "decisions.html")]
pub struct Decisions {
    /// The frame.
    pub s: Shell,
    /// Latest first.
    pub rows: Vec<DecisionRow>,
    /// The reader may decide against them.
    pub may_overrule: bool,
}

/// One decision.
#[derive(Debug, Clone)]
pub struct DecisionRow {
    /// The hold's page.
    pub href: String,
    /// When.
    pub when: String,
    /// What was decided.
    pub chip: Chip,
    /// The message's subject line; empty when it has none.
    pub subject: String,
    /// Who sent it.
    pub sender: String,
    /// How grave it was.
    pub severity: Severity,
    /// The control that held it.
    pub control: String,
    /// Who decided.
    pub by: String,
    /// It went against an earlier decision.
    pub overridden: bool,
    /// How long it took: `2 min 52 s`.
    pub took: String,
    /// Where to decide against it; `None` when that cannot be.
    pub overrule: Option<String>,
}
