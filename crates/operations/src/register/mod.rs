//! The register of why messages were held, redacted: for whoever checks decisions ([`look`], [`export`]) and for each sender
//! about their own ([`own`]). Which control, which law, what was found by kind and where, values masked; what was decided.

pub mod export;
pub mod look;
pub mod own;
mod read;

use compliance::control::Category;
use compliance::explain::Line;
use vocabulary::{FlowId, HoldId, Timestamp};

use crate::review::{HoldState, clock};

pub(crate) mod sql {
    access::statements! {
        Organisation PAGE = "SELECT h.id, h.flow, h.assessment, h.class, h.state, h.held_at, h.due_at, h.decided_at, h.decision, h.remind_at, h.next_event, h.severity, f.sender, f.summary, a.sealed, a.control_set, h.guard FROM hold h JOIN flow f ON f.organisation = $1 AND f.id = h.flow JOIN assessment a ON a.organisation = $1 AND a.id = h.assessment WHERE h.organisation = $1 AND h.id < $2 AND h.held_at >= $3 AND h.held_at < $4 AND (h.state = $5 OR $5 = '') AND (h.class = $6 OR $6 = '') AND h.severity >= $7 ORDER BY h.id DESC LIMIT 100";
        Organisation OWN = "SELECT h.id, h.flow, h.assessment, h.class, h.state, h.held_at, h.due_at, h.decided_at, h.decision, h.remind_at, h.next_event, h.severity, f.sender, f.summary, a.sealed, a.control_set, h.guard FROM flow f JOIN hold h ON h.organisation = $1 AND h.flow = f.id JOIN assessment a ON a.organisation = $1 AND a.id = h.assessment WHERE f.organisation = $1 AND LOWER(f.sender) = $2 AND f.verdict <> 'pass' AND h.id < $3 ORDER BY h.id DESC LIMIT 51";
    }
}

/// Not before any hold's id, in the order of either engine.
const LAST: &str = "hold_zzzzzzzzzzzzzzzzzzzzzzzzzz";

/// A held message in a register.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The hold.
    pub hold: HoldId,
    /// Its flow: the reference of the message.
    pub flow: FlowId,
    /// Since when it waited.
    pub held_at: Timestamp,
    /// Until when a decision was due.
    pub due_at: Timestamp,
    /// Where it stands.
    pub state: HoldState,
    /// The class of its clock; `None` for its sender, whom it could tell of a control.
    pub class: Option<String>,
    /// When it was decided.
    pub decided_at: Option<Timestamp>,
    /// Why, as colleagues wrote it: for a code to be made of, never shown. `None` for its sender.
    pub reason: Option<String>,
    /// What its clock does next; `None` for its sender, and once it is decided.
    pub next: Option<(Timestamp, clock::Event)>,
    /// The subject line, for its sender alone.
    pub subject: Option<String>,
    /// It is the reader's own message: they are told what a sender is.
    pub is_own: bool,
    /// Why it was held. Empty once contents are erased, and where no control held it.
    pub lines: Vec<Line>,
    /// It is private or protected mail: of what was found nothing is told, not even masked.
    pub is_guarded: bool,
    /// What was kept of it was erased when its time was over.
    pub is_erased: bool,
}

/// A page of a register, the latest first.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Its entries.
    pub entries: Vec<Entry>,
    /// Where the next page begins; `None` on the last one. A page may be short of entries and have a next one, where few of
    /// those looked through were asked for.
    pub next: Option<HoldId>,
}

/// What is asked for; everything where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Held from this moment on.
    pub from: Option<Timestamp>,
    /// Held before this moment.
    pub until: Option<Timestamp>,
    /// Where it stands.
    pub state: Option<HoldState>,
    /// The class of its clock.
    pub class: Option<String>,
    /// At least so grave, 1 to 4.
    pub severity: Option<u8>,
    /// Held by this control, among others.
    pub control: Option<String>,
    /// Held by a control about this, among others.
    pub category: Option<Category>,
}

impl Filter {
    /// Whether an entry is asked for, by what stands in its lines.
    fn wants(&self, entry: &Entry) -> bool {
        let rules = || entry.lines.iter().filter_map(|line| line.rule.as_ref());
        let control = |wanted: &String| rules().any(|rule| rule.control.eq_ignore_ascii_case(wanted));
        let category = |wanted: &Category| rules().any(|rule| rule.category == Some(*wanted));
        // One's own message is passed over when more is asked than a sender may know: it would answer by being there.
        let is_telling = self.control.is_some()
            || self.category.is_some()
            || self.class.is_some()
            || self.severity.is_some();
        !(entry.is_own && is_telling)
            && self.control.as_ref().is_none_or(control)
            && self.category.as_ref().is_none_or(category)
    }
}
