//! The quarter's review of access: every right, with its last use, kept or ended.

use askama::Template;

use super::{Chip, Shell, Tone};
use crate::i18n::Words;

/// The review that is open, or that none is.
#[derive(Debug, Clone, Template)]
#[template(path = "access_review.html")]
pub struct AccessReviewPage {
    /// The frame.
    pub s: Shell,
    /// How much is left of the open one.
    pub open: Option<OpenReview>,
    /// When the last one was over.
    pub last: Option<String>,
    /// Its rights, those to decide on first.
    pub rows: Vec<RightRow>,
    /// The page before.
    pub before: Option<String>,
    /// The page after.
    pub after: Option<String>,
    /// Why the last decision was not taken.
    pub problem: Option<String>,
}

/// A review that is open.
#[derive(Debug, Clone)]
pub struct OpenReview {
    /// Rights to decide on.
    pub left: u64,
    /// Until when it should be done.
    pub due: String,
    /// It should be done.
    pub late: bool,
}

/// One right.
#[derive(Debug, Clone)]
pub struct RightRow {
    /// Whose.
    pub name: String,
    /// Where their account is shown.
    pub href: String,
    /// The mission.
    pub mission: String,
    /// Held since.
    pub since: String,
    /// When it was last of use.
    pub used: Option<String>,
    /// What became of it.
    pub chip: Chip,
    /// Who decided, and when.
    pub by: String,
    /// Where it is kept and ended, when this person may.
    pub decide: Option<(String, String)>,
    /// It is this person's own: somebody else decides.
    pub own: bool,
}

/// What became of a right, as a chip.
#[must_use]
pub fn right_chip(state: &operations::access_reviews::list::LineState, w: Words) -> Chip {
    use operations::access_reviews::list::LineState as S;
    let (tone, icon, word) = match state {
        S::Waits => (Tone::Hold, "hold", w.t("right-waits")),
        S::Suspended(_) => (Tone::Refuse, "lock", w.t("right-suspended")),
        S::Kept(..) => (Tone::Pass, "check", w.t("right-kept")),
        S::Ended(..) => (Tone::Plain, "x", w.t("right-ended")),
        S::Gone => (Tone::Plain, "x", w.t("right-gone")),
    };
    Chip { tone, icon, word }
}
