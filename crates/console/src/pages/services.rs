//! Named services and their tokens.

use askama::Template;

use super::{Chip, Shell, Tone};
use crate::i18n::Words;

/// Every service that is not closed.
#[derive(Debug, Clone, Template)]
#[template(path = "services.html")]
pub struct ServicesPage {
    /// The frame.
    pub s: Shell,
    /// The services, by name.
    pub rows: Vec<ServiceRow>,
    /// Where a new one is made, when this person may.
    pub make: Option<String>,
    /// The name that was typed for a new one.
    pub name: String,
    /// The longest name.
    pub name_max: usize,
    /// Why it was not made.
    pub problem: Option<String>,
}

/// One service.
#[derive(Debug, Clone)]
pub struct ServiceRow {
    /// Its account.
    pub href: String,
    /// What it is known by.
    pub name: String,
    /// Where it stands.
    pub chip: Chip,
    /// What it may do, with the last use of each: name, when.
    pub missions: Vec<(String, String)>,
    /// Its tokens that stand.
    pub tokens: Vec<TokenRow>,
    /// Where it gets a new token.
    pub renew: Option<String>,
}

/// One token.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// The end of its id: what tells two of them apart.
    pub id: String,
    /// Since when.
    pub since: String,
    /// Until when.
    pub until: String,
    /// That it ends soon, or has no end.
    pub chip: Option<Chip>,
    /// When it was last shown.
    pub used: String,
    /// Where it is ended.
    pub end: Option<String>,
}

/// A token is shown, once.
#[derive(Debug, Clone, Template)]
#[template(path = "token.html")]
pub struct TokenPage {
    /// The frame.
    pub s: Shell,
    /// Of which service.
    pub about: String,
    /// The token.
    pub token: String,
    /// From when and until when it is good.
    pub good: String,
    /// Where it goes on from here, and what the button says.
    pub next: (String, String),
}

/// What there is to say of a token's end.
#[must_use]
pub fn end_chip(ends_soon: bool, has_end: bool, w: Words) -> Option<Chip> {
    match (ends_soon, has_end) {
        (_, false) => Some(Chip { tone: Tone::Plain, icon: "clock", word: w.t("token-no-end") }),
        (true, _) => Some(Chip { tone: Tone::Hold, icon: "alert", word: w.t("token-ends-soon") }),
        _ => None,
    }
}
