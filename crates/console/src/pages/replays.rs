//! Past flows read again: how far it is, what a rehearsal says, what a look back found.

use askama::Template;
use operations::controls::replays::ReplayState;

use super::{Chip, Shell, Tone};
use crate::i18n::Words;

/// How far it is.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "_progress.html")]
pub struct Progress {
    /// The words of the page.
    pub w: Words,
    /// The token of its form.
    pub csrf: String,
    /// `Essai à blanc du jeu 3`.
    pub what: String,
    /// Flows read.
    pub done: u64,
    /// Flows to read; 0 until they were counted.
    pub total: u64,
    /// Where it is asked how far it is.
    pub href: String,
    /// Where it is stopped.
    pub stop: Option<String>,
}

/// One of the list.
#[derive(Debug, Clone)]
pub struct ReplayRow {
    /// Where what it found is shown.
    pub href: String,
    /// What it was.
    pub what: String,
    /// Where it stands.
    pub chip: Chip,
    /// Who asked, when.
    pub asked: String,
    /// Flows read.
    pub flows: u64,
}

/// What a rehearsal says, in figures.
#[derive(Debug, Clone)]
pub struct RehearsalView {
    /// When it was made, on what: a sentence.
    pub about: String,
    /// It was made beside another set than the one in force now.
    pub stale: bool,
    /// The figures: name, value, and what they were.
    pub figures: Vec<(String, String, Option<String>)>,
    /// By control whose matches change: id, now, then.
    pub controls: Vec<(String, u64, u64)>,
}

/// A rehearsal, whole.
#[derive(Debug, Clone, Template)]
#[template(path = "rehearsal.html")]
pub struct RehearsalPage {
    /// The frame.
    pub s: Shell,
    /// Its set: where, and its name.
    pub back: (String, String),
    /// What it says.
    pub rehearsal: RehearsalView,
    /// Messages whose verdict changes.
    pub changes: Vec<MessageChange>,
    /// There are more of them than are named.
    pub more: u64,
}

/// A message whose verdict changes.
#[derive(Debug, Clone)]
pub struct MessageChange {
    /// Its flow.
    pub flow: String,
    /// When it came.
    pub at: String,
    /// By the set in force.
    pub was: Chip,
    /// By the draft.
    pub becomes: Chip,
    /// Controls that match by the draft alone.
    pub gained: String,
    /// By the set in force alone.
    pub lost: String,
}

/// A look back, or a rehearsal on its way.
#[derive(Debug, Clone, Template)]
#[template(path = "replay.html")]
pub struct ReplayPage {
    /// The frame.
    pub s: Shell,
    /// What it is.
    pub what: String,
    /// Where it stands.
    pub chip: Chip,
    /// What is known of it: a term and its text.
    pub facts: Vec<(String, String)>,
    /// How far it is.
    pub running: Option<Progress>,
    /// What it found, once it is done.
    pub found: Option<LookedBackView>,
}

/// What a look back found.
#[derive(Debug, Clone)]
pub struct LookedBackView {
    /// Messages of which more is found now.
    pub count: u64,
    /// What is to be known of it: where it stopped, what was not read, what is guarded.
    pub notes: Vec<String>,
    /// By control: id, messages newly found, messages in which it finds more.
    pub controls: Vec<(String, u64, u64)>,
    /// Some of the messages, the latest first.
    pub rows: Vec<SeenRow>,
    /// Where the newer ones are.
    pub newer: Option<String>,
    /// Where the older ones are.
    pub older: Option<String>,
    /// Messages that are counted and not named.
    pub unnamed: u64,
}

/// A message of which more is found now.
#[derive(Debug, Clone)]
pub struct SeenRow {
    /// When it came.
    pub at: String,
    /// Its page, where it has one that the reader may open.
    pub href: Option<String>,
    /// Its subject line; as what it is guarded; its flow's id where the reader may not know it.
    pub name: String,
    /// Who sent it; empty where that is not told.
    pub from: String,
    /// To whom.
    pub to: String,
    /// What is found now.
    pub found: String,
}

/// Where it stands, as a chip.
#[must_use]
pub fn replay_chip(state: ReplayState, w: Words) -> Chip {
    let (tone, icon, key) = match state {
        ReplayState::Running => (Tone::Hold, "clock", "replay-running"),
        ReplayState::Done => (Tone::Pass, "check", "replay-done"),
        ReplayState::Stopped => (Tone::Plain, "x", "replay-stopped"),
        ReplayState::Failed => (Tone::Refuse, "alert", "replay-failed"),
    };
    Chip { tone, icon, word: w.t(key) }
}
