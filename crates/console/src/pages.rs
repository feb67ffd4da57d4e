//! The pages. Each is a plain struct of words and numbers already prepared, and an askama template: a page knows
//! nothing of databases, permits or time. Whoever fills a struct decides what is shown; the template decides how.

pub mod access_review;
pub mod accounts;
pub mod arrivals;
pub mod break_glass;
pub mod calibration;
pub mod changes;
pub mod control_forms;
pub mod controls;
pub mod decide;
pub mod decisions;
pub mod error;
pub mod examples;
pub mod guarded;
pub mod ledger;
pub mod link;
pub mod lists;
pub mod message;
pub mod missions;
pub mod outgoing;
pub mod password;
pub mod policy;
pub mod proof;
pub mod queue;
pub mod register;
pub mod replays;
pub mod security;
pub mod services;
pub mod sessions;
pub mod shell;
pub mod sign_in;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::i18n::Words;

pub use shell::Shell;

/// Renders a page; a template that fails is an empty 500, logged, never half a page.
pub fn render(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// The first and last digits of a hash, enough to compare by eye: `7c1e…b04f`.
#[must_use]
pub fn short(hash: &str) -> String {
    match (hash.get(..4), hash.len().checked_sub(4).and_then(|at| hash.get(at..))) {
        (Some(first), Some(last)) if hash.len() > 8 => format!("{first}…{last}"),
        _ => hash.to_owned(),
    }
}

/// What a colour means, always beside a glyph and a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Goes or went.
    Pass,
    /// Waits for someone.
    Hold,
    /// Refused, broken or late.
    Refuse,
    /// None of these.
    Plain,
}

/// Where a flow, a delivery or a hold stands, as a chip shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Verdict Pass.
    Pass,
    /// Verdict Hold.
    Held,
    /// Verdict Refuse.
    Refused,
    /// A hold waits for its team.
    Waiting,
    /// A hold waits for an arbiter.
    Escalated,
    /// Let go by a person.
    Released,
    /// Refused by a person.
    Rejected,
    /// Taken back by its sender.
    Withdrawn,
    /// Past its due time, still waiting.
    Expired,
    /// On its way.
    Sending,
    /// The remote said 250.
    Delivered,
    /// The remote refused.
    Bounced,
    /// The remote's answer was lost.
    Uncertain,
}

impl Standing {
    /// The chip of this standing.
    #[must_use]
    pub fn chip(self, w: Words) -> Chip {
        let (tone, icon, word) = match self {
            Self::Pass => (Tone::Pass, "pass", w.t("state-pass")),
            Self::Held => (Tone::Hold, "hold", w.t("state-held")),
            Self::Refused => (Tone::Refuse, "refuse", w.t("state-refused")),
            Self::Waiting => (Tone::Hold, "hold", w.t("state-waiting")),
            Self::Escalated => (Tone::Hold, "up", w.t("state-escalated")),
            Self::Released => (Tone::Pass, "pass", w.t("state-released")),
            Self::Rejected => (Tone::Refuse, "refuse", w.t("state-rejected")),
            Self::Withdrawn => (Tone::Plain, "back", w.t("state-withdrawn")),
            Self::Expired => (Tone::Refuse, "clock", w.t("state-expired")),
            Self::Sending => (Tone::Pass, "mail", w.t("state-sending")),
            Self::Delivered => (Tone::Pass, "check", w.t("state-delivered")),
            Self::Bounced => (Tone::Refuse, "x", w.t("state-bounced")),
            Self::Uncertain => (Tone::Hold, "alert", w.t("state-uncertain")),
        };
        Chip { tone, icon, word }
    }
}

/// A glyph, a word and a tone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// What its colour means.
    pub tone: Tone,
    /// Its glyph, a name of the sprite.
    pub icon: &'static str,
    /// Its word.
    pub word: String,
}

impl Chip {
    /// The modifier of `.chip`.
    #[must_use]
    pub const fn class(&self) -> &'static str {
        match self.tone {
            Tone::Pass => " chip--pass",
            Tone::Hold => " chip--hold",
            Tone::Refuse => " chip--refuse",
            Tone::Plain => "",
        }
    }
}

/// How grave: four bars to count, and a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// One bar.
    Low = 1,
    /// Two.
    Medium = 2,
    /// Three.
    High = 3,
    /// Four.
    Critical = 4,
}

impl Severity {
    /// From 1 to 4; anything else is taken as the nearest.
    #[must_use]
    pub const fn from_level(level: u8) -> Self {
        match level {
            0 | 1 => Self::Low,
            2 => Self::Medium,
            3 => Self::High,
            _ => Self::Critical,
        }
    }

    /// 1 to 4.
    #[must_use]
    pub const fn level(self) -> u8 {
        self as u8
    }

    /// Its word.
    #[must_use]
    pub fn word(self, w: &Words) -> String {
        match self {
            Self::Low => w.t("severity-low"),
            Self::Medium => w.t("severity-medium"),
            Self::High => w.t("severity-high"),
            Self::Critical => w.t("severity-critical"),
        }
    }
}
