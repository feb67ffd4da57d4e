//! Sign-ins from a new device or network.

use askama::Template;

use super::Shell;
use super::sign_in::Problem;

/// The code that was sent by mail.
#[derive(Debug, Clone, Template)]
#[template(path = "mailed_code.html")]
pub struct MailedCodePage {
    /// The frame.
    pub s: Shell,
    /// Where to go once signed in.
    pub next: String,
    /// Why the last code did not pass.
    pub problem: Option<Problem>,
}

/// Those that wait for an administrator.
#[derive(Debug, Clone, Template)]
#[template(path = "arrivals.html")]
pub struct ArrivalsPage {
    /// The frame.
    pub s: Shell,
    /// Oldest first.
    pub rows: Vec<ArrivalRow>,
    /// The reader answers them.
    pub may: bool,
    /// Why the last answer was not taken.
    pub problem: Option<String>,
}

/// One that waits.
#[derive(Debug, Clone)]
pub struct ArrivalRow {
    /// Where the answer goes.
    pub action: String,
    /// Whose.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The browser and system it says it is.
    pub agent: String,
    /// Its network.
    pub network: String,
    /// Since when.
    pub since: String,
}
