//! Missions of one account, and giving one.

use askama::Template;

use super::Shell;

/// One mission of an account.
#[derive(Debug, Clone)]
pub struct MissionRow {
    /// What.
    pub mission: String,
    /// From when to when, in words.
    pub period: String,
    /// Who gave it.
    pub by: String,
    /// Why it was given, or ended.
    pub reason: String,
    /// When it was last of use.
    pub used: Option<String>,
    /// It stands, now or later.
    pub stands: bool,
    /// Where it is withdrawn.
    pub withdraw: Option<String>,
}

/// A mission is given.
#[derive(Debug, Clone, Template)]
#[template(path = "grant.html")]
pub struct GrantPage {
    /// The frame.
    pub s: Shell,
    /// To whom.
    pub about: String,
    /// Where the form goes.
    pub action: String,
    /// Where one goes instead.
    pub back: String,
    /// The missions offered: word, name.
    pub missions: Vec<(String, String)>,
    /// What was typed.
    pub draft: GrantDraft,
    /// What is wrong: field and text.
    pub problem: Option<(&'static str, String)>,
}

/// What was typed to give a mission.
#[derive(Debug, Clone, Default)]
pub struct GrantDraft {
    /// The mission's word.
    pub mission: String,
    /// The first day, `2026-12-01`; empty for now.
    pub from: String,
    /// The last day; empty for no end.
    pub until: String,
    /// Why.
    pub reason: String,
}
