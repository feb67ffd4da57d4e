//! Open sessions.

use askama::Template;

use super::Shell;

/// Open sessions of one account.
#[derive(Debug, Clone, Template)]
#[template(path = "sessions.html")]
pub struct SessionsPage {
    /// The frame.
    pub s: Shell,
    /// Whose; one's own when absent.
    pub name: Option<String>,
    /// The page above.
    pub back: String,
    /// The last used first.
    pub rows: Vec<SessionRow>,
    /// Where all (or all others) are ended; none where they cannot be.
    pub end_all: Option<String>,
}

/// One open session.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// It is the one that reads this.
    pub is_this: bool,
    /// The browser and system it said it was.
    pub agent: String,
    /// Where it was opened from.
    pub network: String,
    /// What it proved.
    pub proved: String,
    /// Since when.
    pub since: String,
    /// The last activity.
    pub seen: String,
    /// Where it is ended; empty where it cannot be.
    pub end: String,
}
