//! A set is drafted from another: by a form about one control, or from files.

use askama::Template;

use super::Shell;

/// One control changed in a copy of its set.
#[derive(Debug, Clone, Template)]
#[template(path = "control_change.html")]
pub struct ControlChangePage {
    /// The frame.
    pub s: Shell,
    /// Its set, as a form gives it back.
    pub base: String,
    /// Where one goes back.
    pub back: String,
    /// The control's id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it does: value, words, chosen. Observes, holds, refuses.
    pub acts: Vec<(&'static str, String, bool)>,
    /// How grave: value, words, chosen.
    pub severities: Vec<(&'static str, String, bool)>,
    /// Which clock.
    pub class: String,
    /// The clocks the set knows.
    pub classes: Vec<String>,
    /// Its condition.
    pub when: String,
    /// Why.
    pub reason: String,
    /// What is wrong.
    pub problems: Vec<String>,
}

/// Files put into a copy of a set, or in its place.
#[derive(Debug, Clone, Template)]
#[template(path = "controls_upload.html")]
pub struct UploadPage {
    /// The frame.
    pub s: Shell,
    /// The set they are put into, as a form gives it back.
    pub base: String,
    /// Its name.
    pub name: String,
    /// They are the whole set.
    pub whole: bool,
    /// The files, one after the other.
    pub text: String,
    /// Why.
    pub reason: String,
    /// What is wrong.
    pub problems: Vec<String>,
}
