//! The page behind the link of a notice: the sender of a held message justifies it or takes it back. Reached without
//! signing in, shows nothing of why by finding or by reviewer, and changes nothing but by POST: scanners open links.

use askama::Template;

use super::{Chip, Shell};
use crate::clock::ClockView;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "link.html")]
pub struct LinkPage {
    /// The frame.
    pub s: Shell,
    /// The subject line of their own message; empty when it has none.
    pub subject: String,
    /// Where it stands.
    pub chip: Chip,
    /// Until when, while it waits.
    pub clock: Option<ClockView>,
    /// It can still be answered.
    pub open: bool,
    /// Where a justification is posted.
    pub justify: String,
    /// Where a withdrawal is posted.
    pub withdraw: String,
    /// Where the private mark is taken off, when it bears one.
    pub requalify: Option<String>,
    /// What was written before, when it was not accepted.
    pub draft: String,
    /// What was wrong with it.
    pub problem: Option<String>,
    /// What was just recorded.
    pub done: Option<Done>,
}

/// What the sender just did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Said why.
    Justified,
    /// Took it back.
    Withdrawn,
    /// Took the private mark off.
    Requalified,
}
