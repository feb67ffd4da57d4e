//! The administrator's pages: accounts, one account, what was asked for, whom to invite.

use askama::Template;

use super::missions::MissionRow;
use super::{Chip, Shell, Tone};
use crate::i18n::Words;

/// Every account, and how well they are protected.
#[derive(Debug, Clone, Template)]
#[template(path = "accounts.html")]
pub struct AccountsPage {
    /// The frame.
    pub s: Shell,
    /// Active people with a second factor, and all of them.
    pub covered: (u64, u64),
    /// Of those who must have one: with, and all.
    pub must: (u64, u64),
    /// Requests that wait.
    pub waiting: u64,
    /// Changes that wait for a second administrator.
    pub changes: u64,
    /// Uses of break-glass that nobody reviewed.
    pub glass: u64,
    /// Rights that the open review of access still asks about, and whether it is late.
    pub review: Option<(u64, bool)>,
    /// How many administrators could go on alone, when they are too few.
    pub few: Option<u64>,
    /// Only those without a second factor are shown.
    pub uncovered: bool,
    /// The accounts.
    pub rows: Vec<AccountRow>,
    /// The page before.
    pub before: Option<String>,
    /// The page after.
    pub after: Option<String>,
    /// The person may invite.
    pub may_invite: bool,
}

/// One account of the list.
#[derive(Debug, Clone)]
pub struct AccountRow {
    /// Where it is shown whole.
    pub href: String,
    /// Its name.
    pub name: String,
    /// Its address, or that it is a service.
    pub email: String,
    /// Where it stands.
    pub chip: Chip,
    /// What it holds.
    pub missions: String,
    /// Its second factors, in words.
    pub factor: String,
    /// It must have a second factor and has none.
    pub owed: bool,
    /// When it was last seen.
    pub seen: Option<String>,
}

/// Where an account stands, as a chip.
#[must_use]
pub fn standing(state: identity::AccountState, w: Words) -> Chip {
    use identity::AccountState as S;
    let (tone, icon, word) = match state {
        S::Requested => (Tone::Hold, "hold", w.t("account-requested")),
        S::Active => (Tone::Pass, "check", w.t("account-active")),
        S::Suspended => (Tone::Refuse, "lock", w.t("account-suspended")),
        S::Closed => (Tone::Plain, "x", w.t("account-closed")),
    };
    Chip { tone, icon, word }
}

/// One account.
#[derive(Debug, Clone, Template)]
#[template(path = "account.html")]
pub struct AccountPage {
    /// The frame.
    pub s: Shell,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub chip: Chip,
    /// What is known of it: a term and its text.
    pub facts: Vec<(String, String)>,
    /// Why it was asked for.
    pub reason: String,
    /// Why a role's address was accepted.
    pub exception: Option<String>,
    /// It waits for an answer that this person may give.
    pub answer: Option<Answer>,
    /// Its missions, those that stand first.
    pub missions: Vec<MissionRow>,
    /// Where it is given one.
    pub give: Option<String>,
    /// What may be done to it: where that is, and what the button says.
    pub acts: Vec<(String, String)>,
    /// Why the last act was not done.
    pub problem: Option<String>,
}

/// An act that asks why before it is done.
#[derive(Debug, Clone, Template)]
#[template(path = "reason.html")]
pub struct ReasonPage {
    /// The frame.
    pub s: Shell,
    /// What is about to be done.
    pub title: String,
    /// To whom or what.
    pub about: String,
    /// What follows from it.
    pub text: String,
    /// Where the form goes.
    pub action: String,
    /// Where one goes instead.
    pub back: String,
    /// What the button says.
    pub verb: String,
    /// It takes something away.
    pub danger: bool,
    /// What was typed.
    pub reason: String,
    /// Why it was not done.
    pub problem: Option<String>,
}

/// The two answers to a request.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Where approval goes.
    pub approve: String,
    /// Where refusal goes.
    pub refuse: String,
}

/// What was asked for.
#[derive(Debug, Clone, Template)]
#[template(path = "account_requests.html")]
pub struct RequestsPage {
    /// The frame.
    pub s: Shell,
    /// The requests, oldest first.
    pub rows: Vec<RequestRow>,
}

/// One request.
#[derive(Debug, Clone)]
pub struct RequestRow {
    /// Where it is shown whole.
    pub href: String,
    /// Who.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub by: String,
    /// Since when.
    pub since: String,
    /// Purged when nobody answers.
    pub until: String,
}

/// A colleague is invited.
#[derive(Debug, Clone, Template)]
#[template(path = "invite.html")]
pub struct InvitePage {
    /// The frame.
    pub s: Shell,
    /// What was typed.
    pub draft: Draft,
    /// The missions offered: word, name.
    pub missions: Vec<(String, String)>,
    /// What is wrong: field and text.
    pub problem: Option<(&'static str, String)>,
    /// The address looks like a role's: a reason is asked for.
    pub exception: bool,
}

/// What was typed in a form about a person.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Why.
    pub reason: String,
    /// Why a role's address.
    pub exception: String,
}

/// Anyone asks for an account.
#[derive(Debug, Clone, Template)]
#[template(path = "account_request.html")]
pub struct AskPage {
    /// The frame.
    pub s: Shell,
    /// What was typed.
    pub draft: Draft,
    /// It was asked.
    pub done: bool,
    /// What is wrong: field and text.
    pub problem: Option<(&'static str, String)>,
}

/// A password is set by a link.
#[derive(Debug, Clone, Template)]
#[template(path = "account_link.html")]
pub struct AccountLinkPage {
    /// The frame.
    pub s: Shell,
    /// Whose account it is.
    pub name: String,
    /// Where the form goes.
    pub action: String,
    /// It was done.
    pub done: bool,
    /// It was the account's first password.
    pub first: bool,
    /// Characters the organisation asks for.
    pub chars_min: u32,
    /// Every rule the last password broke.
    pub problems: Vec<String>,
}
