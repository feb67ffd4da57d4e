//! What waits to leave, for who runs the service: destinations, times, codes. No subject, no sender, no text of a reply.

use askama::Template;

use super::{Chip, Shell, Tone};
use crate::i18n::Words;

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "outgoing.html")]
pub struct OutgoingPage {
    /// The frame.
    pub s: Shell,
    /// Messages and notices that wait.
    pub waiting: u64,
    /// Tried before, to be tried again.
    pub deferred: u64,
    /// How long the oldest has waited.
    pub oldest: Option<String>,
    /// Let go unassessed and still to be assessed.
    pub owed: u64,
    /// Assessed since, and they would not have passed.
    pub late: u64,
    /// Everything waits, because the database was brought back from a backup.
    pub restored: Option<RestoredNote>,
    /// What is stopped.
    pub pauses: Vec<PauseRow>,
    /// This person may stop and restart.
    pub may_pause: bool,
    /// This person may take a message out.
    pub may_withdraw: bool,
    /// What waits, oldest first.
    pub rows: Vec<OutgoingRow>,
    /// The page after.
    pub after: Option<String>,
    /// This is not the first page.
    pub first: bool,
    /// Why the last act was not done: the field and the text.
    pub problem: Option<(&'static str, String)>,
    /// What was typed: the destination and the reason.
    pub draft: (String, String),
}

/// Why everything waits after a restoration, in sentences.
#[derive(Debug, Clone)]
pub struct RestoredNote {
    /// Why, since when, and what to do.
    pub text: String,
    /// How many messages may be with the next hop.
    pub attempted: String,
    /// How many do not leave again, since the ledger says that they ended.
    pub ended: String,
}

/// One thing that is stopped.
#[derive(Debug, Clone)]
pub struct PauseRow {
    /// The destination in words.
    pub name: String,
    /// As a form gives it back.
    pub value: String,
    /// Why.
    pub reason: String,
    /// By whom, since when.
    pub by: String,
}

/// One message that waits.
#[derive(Debug, Clone)]
pub struct OutgoingRow {
    /// Its id.
    pub id: String,
    /// Where it goes: domains, or that it goes nowhere any more.
    pub destinations: String,
    /// How many recipients, in words; that it is a notice of the platform's own.
    pub what: String,
    /// Where it stands.
    pub chip: Chip,
    /// When it is tried again.
    pub next: Option<String>,
    /// Since when it waits.
    pub since: String,
    /// Attempts made.
    pub attempts: u64,
    /// Code and status of the last failure.
    pub reply: Option<String>,
    /// It can be tried at once.
    pub retry: bool,
    /// It can be taken out.
    pub withdraw: bool,
}

/// A message is taken out: why.
#[derive(Debug, Clone, Template)]
#[template(path = "outgoing_withdraw.html")]
pub struct WithdrawPage {
    /// The frame.
    pub s: Shell,
    /// Its id.
    pub id: String,
    /// What was typed.
    pub reason: String,
    /// Why it was not done.
    pub problem: Option<String>,
}

/// The code and status of an answer, with what it means where we say so ourselves: `451 4.4.1, no connection`.
#[must_use]
pub fn answer(code: &str, w: Words) -> String {
    let meaning = match code {
        "451 4.4.1" => "reply-connection",
        "451 4.4.2" => "reply-broken",
        "451 4.4.3" | "451 4.4.4" => "reply-dns",
        "451 4.7.5" | "451 4.7.10" => "reply-tls",
        "451 4.3.0" => "reply-ours",
        _ => return code.to_owned(),
    };
    format!("{code}, {}", w.t(meaning))
}

/// Where a message that waits stands, as a chip.
#[must_use]
pub fn standing(step: operations::outgoing::Step, w: Words) -> Chip {
    use operations::outgoing::Step as S;
    let (tone, icon, word) = match step {
        S::Ready => (Tone::Pass, "mail", w.t("outgoing-ready")),
        S::Sending => (Tone::Pass, "out", w.t("state-sending")),
        S::Deferred(_) => (Tone::Hold, "clock", w.t("outgoing-deferred")),
        S::Paused => (Tone::Plain, "hold", w.t("outgoing-paused")),
        S::Behind => (Tone::Plain, "clock", w.t("outgoing-behind")),
    };
    Chip { tone, icon, word }
}
