//! Categories that an organisation defines by examples.

use askama::Template;

use super::lists::ProposalRow;
use super::{Chip, Shell};

/// Every category, and a sentence to try.
#[derive(Debug, Clone, Template)]
#[template(path = "examples.html")]
pub struct ExamplesPage {
    /// The frame.
    pub s: Shell,
    /// No model is configured.
    pub no_model: bool,
    /// The categories.
    pub rows: Vec<CategoryRow>,
    /// What waits for a second person.
    pub waiting: Vec<ProposalRow>,
    /// This person may define one.
    pub may_change: bool,
    /// This person may try a sentence.
    pub may_try: bool,
    /// The sentence that was tried.
    pub sentence: String,
    /// What it is near to, the nearest first.
    pub tried: Option<Vec<TriedRow>>,
}

/// One category.
#[derive(Debug, Clone)]
pub struct CategoryRow {
    /// Its name.
    pub name: String,
    /// Where it is shown whole, for those who may.
    pub href: Option<String>,
    /// From which nearness on.
    pub near: u64,
    /// How many examples.
    pub sentences: u64,
    /// Since when, by whom.
    pub since: String,
}

/// The nearest example of one category.
#[derive(Debug, Clone)]
pub struct TriedRow {
    /// The category.
    pub category: String,
    /// The example.
    pub example: String,
    /// How near it is, per mille.
    pub nearness: i32,
    /// Whether it would be a finding.
    pub chip: Chip,
}

/// One category, or a new one: the form, and its versions.
#[derive(Debug, Clone, Template)]
#[template(path = "example.html")]
pub struct ExamplePage {
    /// The frame.
    pub s: Shell,
    /// Its name, for one that there is.
    pub known: Option<String>,
    /// What the form has: name, nearness, examples one a line, why.
    pub typed: Typed,
    /// What waits for a second person.
    pub waiting: Vec<ProposalRow>,
    /// Its versions, the latest first: number, size, who.
    pub versions: Vec<super::lists::VersionRow>,
    /// This person may change it.
    pub may_change: bool,
    /// What is wrong.
    pub problem: Option<String>,
}

/// What the form has.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// Its name.
    pub name: String,
    /// The least nearness.
    pub near: String,
    /// Examples, one a line.
    pub sentences: String,
    /// Why.
    pub reason: String,
}
