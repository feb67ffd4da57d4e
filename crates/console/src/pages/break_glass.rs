//! Every time the glass was broken, and what its review found.

use askama::Template;

use super::{Chip, Shell, Tone};
use crate::i18n::Words;

/// All of them.
#[derive(Debug, Clone, Template)]
#[template(path = "break_glass.html")]
pub struct BreakGlassPage {
    /// The frame.
    pub s: Shell,
    /// Those that wait for a review first.
    pub rows: Vec<GlassRow>,
}

/// One time.
#[derive(Debug, Clone)]
pub struct GlassRow {
    /// Who it was for.
    pub name: String,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub chip: Chip,
    /// Since when.
    pub since: String,
    /// Until when.
    pub until: String,
    /// What the review found.
    pub found: Option<String>,
    /// Who reviewed.
    pub by: String,
    /// Where it is reviewed.
    pub review: Option<String>,
}

/// Where one stands, as a chip.
#[must_use]
pub fn glass_chip(ended: bool, reviewed: bool, w: Words) -> Chip {
    let (tone, icon, word) = match (ended, reviewed) {
        (false, _) => (Tone::Refuse, "alert", w.t("glass-open")),
        (true, false) => (Tone::Hold, "hold", w.t("glass-to-review")),
        (true, true) => (Tone::Plain, "check", w.t("glass-reviewed")),
    };
    Chip { tone, icon, word }
}
