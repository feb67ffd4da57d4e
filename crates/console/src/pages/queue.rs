//! What waits, by the time left, never by arrival.

use askama::Template;

use super::{Severity, Shell};
use crate::clock::ClockView;

/// Rows a queue shows at once: what a page of 150 KB holds with its assets. The rest is a page further.
pub const QUEUE_ROWS: usize = 40;

/// The queue with nothing opened.
#[derive(Debug, Clone, Template)]
#[template(path = "queue.html")]
pub struct Queue {
    /// The frame.
    pub s: Shell,
    /// The list.
    pub list: QueueList,
    /// Beside an empty list: what the person did today.
    pub day: Option<Day>,
}

/// The list alone, as the page asks for it again every twenty seconds.
#[derive(Debug, Clone, Template)]
#[template(path = "queue_rows.html")]
pub struct QueueRows {
    /// The frame (its language).
    pub s: Shell,
    /// The list.
    pub list: QueueList,
}

/// The list of what waits.
#[derive(Debug, Clone)]
pub struct QueueList {
    /// `mardi 24 nov., 14:20`.
    pub now: String,
    /// What is searched for.
    pub search: String,
    /// The view being read, `team` or `escalated`, which a search keeps.
    pub view: &'static str,
    /// The views.
    pub tabs: Vec<Tab>,
    /// The rows, most urgent first.
    pub rows: Vec<QueueRow>,
    /// How many wait in this view.
    pub total: u64,
    /// The address of this very list without its frame, for refreshing.
    pub refresh: String,
    /// The address of this list alone.
    pub back: String,
    /// The address of the rows before.
    pub fewer: Option<String>,
    /// The address of the next rows.
    pub more: Option<String>,
    /// Who decided last, when nothing waits: `Dernier message décidé à 17:52 par Maëlle Brisson.`
    pub last_decided: Option<String>,
}

/// A view of the queue.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Where to.
    pub href: String,
    /// Its name.
    pub label: String,
    /// How many.
    pub count: u64,
    /// It counts what is late or escalated to the reader.
    pub critical: bool,
    /// It is the one being read.
    pub current: bool,
}

/// One held message in the list.
#[derive(Debug, Clone)]
pub struct QueueRow {
    /// Its hold.
    pub id: String,
    /// Its page.
    pub href: String,
    /// It is the one being read.
    pub current: bool,
    /// Its clock.
    pub clock: ClockView,
    /// Who sent it.
    pub who: String,
    /// Its subject line; empty when it has none.
    pub subject: String,
    /// How grave.
    pub severity: Severity,
    /// The control that holds it, in a word or two.
    pub control: String,
    /// A recipient is written to for the first time.
    pub first_contact: bool,
    /// It has attachments.
    pub attachments: bool,
}

/// What a person decided today.
#[derive(Debug, Clone)]
pub struct Day {
    /// `38 décisions, médiane 2 min 52 s.`
    pub summary: String,
    /// Let go.
    pub released: u64,
    /// Refused.
    pub rejected: u64,
    /// Handed up.
    pub escalated: u64,
}
