//! Private and protected mail: the page of a held message whose contents are not shown, and the form that opens them.

use askama::Template;
use compliance::Guarded;
use operations::review::guarded::Circumstance;

use super::message::{ActLink, DecidedView, Event, RecipientView, SaidView};
use super::queue::QueueList;
use super::{Chip, Severity, Shell};
use crate::clock::ClockView;
use crate::i18n::Words;

/// The queue with a guarded message that is not opened.
#[derive(Debug, Clone, Template)]
#[template(path = "message_closed.html")]
pub struct ClosedPage {
    /// The frame.
    pub s: Shell,
    /// The list beside it.
    pub list: QueueList,
    /// What is known of it.
    pub m: Closed,
}

/// What everybody may know of a guarded message.
#[derive(Debug, Clone)]
pub struct Closed {
    /// Its hold.
    pub id: String,
    /// Its flow's id.
    pub flow: String,
    /// Where it stands.
    pub chip: Chip,
    /// How grave.
    pub severity: Severity,
    /// As what it is guarded.
    pub class: Guarded,
    /// Who sent it.
    pub sender: String,
    /// `reçu à 14:02 · 184 Ko`.
    pub facts: String,
    /// How many attachments.
    pub attached: u64,
    /// What the controls that hold it are about.
    pub categories: Vec<String>,
    /// Its clock, while it waits.
    pub clock: Option<ClockView>,
    /// What happens next.
    pub next: Option<String>,
    /// What else the decision is for.
    pub together: Vec<String>,
    /// Who receives it.
    pub recipients: Vec<RecipientView>,
    /// What was decided on it.
    pub decided: Vec<DecidedView>,
    /// What was said about it; for who has the mission alone.
    pub said: Vec<SaidView>,
    /// What was, what is and what will be.
    pub timeline: Vec<Event>,
    /// Where its contents are opened, by who may.
    pub open: Option<String>,
    /// What can be decided.
    pub acts: Vec<ActLink>,
    /// Why nothing can be decided by this person, if so.
    pub no_act: Option<String>,
    /// The first and last digits of the hash a decision is bound to.
    pub bound: String,
}

impl Closed {
    /// As what it is guarded, in a word or two.
    #[must_use]
    pub fn name(&self, w: &Words) -> String {
        class_name(self.class, *w)
    }

    /// Why it is not shown, and by which rule.
    #[must_use]
    pub fn why(&self, w: &Words) -> String {
        match self.class {
            Guarded::Private => w.t("guarded-private-why"),
            Guarded::Protected => w.t("guarded-protected-why"),
        }
    }

    /// What who reviews can do without reading it.
    #[must_use]
    pub fn advice(&self, w: &Words) -> String {
        match (self.open.is_some(), self.class) {
            (true, _) => w.t("guarded-custodian-advice"),
            (false, Guarded::Private) => w.t("guarded-private-advice"),
            (false, Guarded::Protected) => w.t("guarded-protected-advice"),
        }
    }
}

/// As what a message is guarded, in a word or two.
#[must_use]
pub fn class_name(class: Guarded, w: Words) -> String {
    match class {
        Guarded::Private => w.t("guarded-private"),
        Guarded::Protected => w.t("guarded-protected"),
    }
}

/// In which case somebody opens it.
#[must_use]
pub fn circumstance_name(one: Circumstance, w: Words) -> String {
    w.t(match one {
        Circumstance::Present => "circumstance-present",
        Circumstance::Called => "circumstance-called",
        Circumstance::Risk => "circumstance-risk",
        Circumstance::Agreed => "circumstance-agreed",
        Circumstance::Entitled => "circumstance-entitled",
        Circumstance::Required => "circumstance-required",
    })
}

/// The contents are opened: the form.
#[derive(Debug, Clone, Template)]
#[template(path = "guarded_open.html")]
pub struct OpenPage {
    /// The frame.
    pub s: Shell,
    /// As what it is guarded.
    pub class: Guarded,
    /// Who sent it.
    pub sender: String,
    /// The message's page.
    pub back: String,
    /// Where the form is posted.
    pub action: String,
    /// The cases on offer: value and words.
    pub circumstances: Vec<(&'static str, String)>,
    /// How long it stays open, minutes.
    pub minutes: u64,
    /// The case picked before.
    pub circumstance: String,
    /// The grounds written before.
    pub grounds: String,
    /// What was wrong with it: the field, and what to do.
    pub problems: Vec<(&'static str, String)>,
}

impl OpenPage {
    /// The error about a field, if there is one.
    #[must_use]
    pub fn problem(&self, field: &str) -> Option<&str> {
        self.problems.iter().find(|problem| problem.0 == field).map(|problem| problem.1.as_str())
    }

    /// As what it is guarded, in a word or two.
    #[must_use]
    pub fn name(&self, w: &Words) -> String {
        class_name(self.class, *w)
    }

    /// What the law asks for before it is opened.
    #[must_use]
    pub fn law(&self, w: &Words) -> String {
        match self.class {
            Guarded::Private => w.t("guarded-open-private-law"),
            Guarded::Protected => w.t("guarded-open-protected-law"),
        }
    }
}
