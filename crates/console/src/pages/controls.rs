//! Control sets: all of them, one of them, one control.

use askama::Template;
use compliance::control::Category;
use compliance::control::difference::{ChangeKind, ControlChange};
use compliance::{Mode, Verdict};
use operations::controls::SetState;

use super::replays::{Progress, RehearsalView, ReplayRow};
use super::{Chip, Severity, Shell, Tone};
use crate::i18n::Words;

/// All of them.
#[derive(Debug, Clone, Template)]
#[template(path = "controls.html")]
pub struct ControlsPage {
    /// The frame.
    pub s: Shell,
    /// What is in force, in a few words: which set, since when.
    pub in_force: String,
    /// Its controls, those that hold, those that observe.
    pub counts: (u64, u64, u64),
    /// The last run of their samples, in a sentence; and the controls that do not do as theirs say.
    pub samples: (String, Vec<String>),
    /// What is being read again.
    pub running: Option<Progress>,
    /// The sets, the latest first.
    pub rows: Vec<SetRow>,
    /// What was read again of late.
    pub replays: Vec<ReplayRow>,
    /// This person may draft.
    pub may_draft: bool,
    /// This person may look back.
    pub may_look_back: bool,
    /// Why the last act was not done.
    pub problem: Option<String>,
}

/// One of the list.
#[derive(Debug, Clone)]
pub struct SetRow {
    /// Where it is shown whole.
    pub href: String,
    /// `Jeu 3`.
    pub name: String,
    /// Where it stands.
    pub chip: Chip,
    /// How many controls.
    pub controls: u64,
    /// Who drafted it, when.
    pub drafted: String,
    /// When it was rehearsed.
    pub rehearsed: Option<String>,
    /// Who published or dropped it, when.
    pub ended: Option<String>,
}

/// One set.
#[derive(Debug, Clone, Template)]
#[template(path = "control_set.html")]
pub struct SetPage {
    /// The frame.
    pub s: Shell,
    /// `Jeu 3`.
    pub name: String,
    /// Where it stands.
    pub chip: Chip,
    /// What is known of it: a term and its text.
    pub facts: Vec<(String, String)>,
    /// Why it was drafted.
    pub reason: Option<String>,
    /// What differs from the set in force, by control; `None` when it is that set.
    pub changes: Option<Vec<ChangeView>>,
    /// Its controls.
    pub controls: Vec<ControlRow>,
    /// Its last rehearsal.
    pub rehearsal: Option<RehearsalView>,
    /// Where that is shown whole.
    pub report: String,
    /// What is being read again.
    pub running: Option<Progress>,
    /// Where a rehearsal is asked for.
    pub rehearse: Option<String>,
    /// Where it is published.
    pub publish: Option<String>,
    /// Why it is not published yet.
    pub not_yet: Option<String>,
    /// Where it is dropped.
    pub drop: Option<String>,
    /// Where files are put into a copy of it.
    pub upload: Option<String>,
    /// Where a control is added to a copy of it.
    pub add: Option<String>,
    /// Why the last act was not done.
    pub problem: Option<String>,
}

/// One control of a set.
#[derive(Debug, Clone)]
pub struct ControlRow {
    /// Where it is shown whole.
    pub href: String,
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub category: String,
    /// Whether its verdict counts.
    pub mode: Chip,
    /// How grave.
    pub severity: Severity,
    /// Which clock.
    pub class: String,
}

/// What differs of one control.
#[derive(Debug, Clone)]
pub struct ChangeView {
    /// Where it is shown whole.
    pub href: Option<String>,
    /// Its id.
    pub id: String,
    /// New, gone or changed.
    pub chip: Chip,
    /// The values that differ: name, before, after. Texts have neither.
    pub parts: Vec<(String, String, String)>,
}

/// One control.
#[derive(Debug, Clone, Template)]
#[template(path = "control.html")]
pub struct ControlPage {
    /// The frame.
    pub s: Shell,
    /// Its set: where, and its name.
    pub back: (String, String),
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Whether its verdict counts.
    pub mode: Chip,
    /// How grave.
    pub severity: Severity,
    /// What is known of it: a term and its text.
    pub facts: Vec<(String, String)>,
    /// In both languages: the language's tag, its title, explanation, remedy and ground.
    pub texts: Vec<(&'static str, [String; 4])>,
    /// Its condition.
    pub when: String,
    /// Its samples.
    pub samples: Vec<SampleRow>,
    /// Where it is changed in a copy of the set.
    pub change: Option<String>,
    /// Where one like it is added to a copy of the set.
    pub copy: Option<String>,
    /// Its file.
    pub file: String,
}

/// One sample.
#[derive(Debug, Clone)]
pub struct SampleRow {
    /// Its language.
    pub locale: &'static str,
    /// What it says, shortly.
    pub text: String,
    /// It must match.
    pub must: bool,
    /// It does as its file says.
    pub chip: Chip,
}

/// A draft, before a second person publishes it.
#[derive(Debug, Clone, Template)]
#[template(path = "control_publish.html")]
pub struct PublishPage {
    /// The frame.
    pub s: Shell,
    /// `Jeu 3`.
    pub name: String,
    /// Where the set is.
    pub back: String,
    /// Who drafted it, when, why.
    pub facts: Vec<(String, String)>,
    /// What differs from the set in force.
    pub changes: Vec<ChangeView>,
    /// Its last rehearsal.
    pub rehearsal: Option<RehearsalView>,
    /// Why it was not published.
    pub problem: Option<String>,
}

/// Where a set stands, as a chip.
#[must_use]
pub fn state_chip(state: SetState, in_force: bool, w: Words) -> Chip {
    let (tone, icon, key) = match state {
        SetState::Published if in_force => (Tone::Pass, "check", "set-in-force"),
        SetState::Published => (Tone::Plain, "clock", "set-past"),
        SetState::Draft => (Tone::Hold, "hold", "set-draft"),
        SetState::Withdrawn => (Tone::Plain, "x", "set-dropped"),
    };
    Chip { tone, icon, word: w.t(key) }
}

/// Whether a control's verdict counts, as a chip: what it does when it does.
#[must_use]
pub fn mode_chip(mode: Mode, verdict: Verdict, w: Words) -> Chip {
    let (tone, icon, key) = match (mode, verdict) {
        (Mode::Observe, _) => (Tone::Plain, "search", "mode-observe"),
        (Mode::Enforce, Verdict::Refuse) => (Tone::Refuse, "refuse", "mode-refuse"),
        (Mode::Enforce, _) => (Tone::Hold, "hold", "mode-hold"),
    };
    Chip { tone, icon, word: w.t(key) }
}

/// What a control is about, as people call it.
#[must_use]
pub fn category_name(category: Category, w: Words) -> String {
    w.t(match category {
        Category::PersonalData => "category-personal-data",
        Category::Scanning => "category-scanning",
        Category::Recipients => "category-recipients",
        Category::ClientProtection => "category-client-protection",
        Category::MarketAbuse => "category-market-abuse",
        Category::FinancialCrime => "category-financial-crime",
        Category::Records => "category-records",
        Category::Conduct => "category-conduct",
        Category::Security => "category-security",
        Category::Protected => "category-protected",
        Category::Other => "category-other",
    })
}

/// What differs, in words. `set` is where the second set's controls are shown.
#[must_use]
pub fn change_views(changes: &[ControlChange], set: &str, w: Words) -> Vec<ChangeView> {
    let view = |change: &ControlChange| {
        let (tone, icon, key) = match change.kind {
            ChangeKind::Added => (Tone::Pass, "first", "change-added"),
            ChangeKind::Removed => (Tone::Refuse, "x", "change-removed"),
            ChangeKind::Changed => (Tone::Hold, "file", "change-changed"),
        };
        ChangeView {
            href: (change.kind != ChangeKind::Removed).then(|| format!("{set}/of/{}", change.id)),
            id: change.id.clone(),
            chip: Chip { tone, icon, word: w.t(key) },
            parts: change
                .parts
                .iter()
                .map(|part| (part_name(part.key, w), part.before.clone(), part.after.clone()))
                .collect(),
        }
    };
    changes.iter().map(view).collect()
}

/// A value of a control, as people call it.
fn part_name(key: &str, w: Words) -> String {
    w.t(match key {
        "mode" => "part-mode",
        "verdict" => "part-verdict",
        "severity" => "part-severity",
        "hold_class" => "part-hold-class",
        "neutral_notice" => "part-neutral-notice",
        "when" => "part-when",
        "title" => "part-title",
        "explanation" => "part-explanation",
        "remedy" => "part-remedy",
        "ground" => "part-ground",
        _ => "part-samples",
    })
}
