//! What the models score on the organisation's own messages, and from which score on controls may hold because of it.

use askama::Template;
use compliance::calibration::{Curve, Measure, Observations, Point};

use super::{Chip, Shell};
use crate::format;
use crate::i18n::Words;

/// Every score.
#[derive(Debug, Clone, Template)]
#[template(path = "calibrations.html")]
pub struct CalibrationsPage {
    /// The frame.
    pub s: Shell,
    /// By whom and when scores were counted last.
    pub counted: Option<String>,
    /// Messages whose scores were erased or not kept.
    pub unread: u64,
    /// There were more than are counted.
    pub more: bool,
    /// This person may count.
    pub may_count: bool,
    /// The scores.
    pub rows: Vec<MeasureRow>,
}

/// One score of the list.
#[derive(Debug, Clone)]
pub struct MeasureRow {
    /// Its name in conditions.
    pub name: &'static str,
    /// As people call it.
    pub title: String,
    /// Messages counted.
    pub messages: u64,
    /// Messages a day that reach 900.
    pub at_900: String,
    /// Where its calibration stands.
    pub chip: Chip,
}

/// One score: its curve, what was proposed, the form.
#[derive(Debug, Clone, Template)]
#[template(path = "calibration.html")]
pub struct CalibrationPage {
    /// The frame.
    pub s: Shell,
    /// Its name in conditions.
    pub name: &'static str,
    /// As people call it.
    pub title: String,
    /// Where it stands.
    pub chip: Chip,
    /// What is known: a term and its text.
    pub facts: Vec<(String, String)>,
    /// The curve, when something was counted.
    pub figure: Option<Figure>,
    /// Calibrations of this score, the latest first.
    pub lines: Vec<LineRow>,
    /// Why nothing can be proposed; `None` where the form stands.
    pub closed: Option<String>,
    /// What was typed: threshold and reason.
    pub draft: (String, String),
    /// What is wrong: the field, and the text.
    pub problem: Option<(&'static str, String)>,
}

/// One calibration.
#[derive(Debug, Clone)]
pub struct LineRow {
    /// Its id.
    pub id: String,
    /// From which score on.
    pub from: u16,
    /// What it rests on.
    pub rests: String,
    /// Who proposed it, when.
    pub proposed: String,
    /// Who signed it, when.
    pub signed: String,
    /// Where it stands.
    pub chip: Chip,
    /// It can be signed here.
    pub sign: bool,
    /// It can be turned down here.
    pub drop: bool,
}

/// The curve as lines in a frame of 600 by 220, and the same in numbers.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Messages a day that reach each score.
    pub held: String,
    /// Those expected to be let go.
    pub wrong: String,
    /// Where the calibration in force stands, along the frame.
    pub signed_at: Option<u32>,
    /// The number at the top of the frame, messages a day.
    pub top: String,
    /// One row a step of fifty.
    pub rows: Vec<Step>,
}

/// One threshold in numbers.
#[derive(Debug, Clone)]
pub struct Step {
    /// The threshold.
    pub from: u16,
    /// Messages that reach it.
    pub seen: u64,
    /// A day.
    pub held: String,
    /// Expected to be let go, a day.
    pub wrong: String,
    /// Decided: refused and released.
    pub decided: String,
    /// Expected share refused.
    pub precision: String,
}

/// Where the figure begins: lower thresholds hold whole mailboxes.
const FROM: u16 = 500;
const WIDTH: u32 = 600;
const HEIGHT: u64 = 220;

impl Figure {
    /// Draws a score's counts.
    #[must_use]
    pub fn of(w: Words, seen: &Observations, days: u64, signed: Option<u16>) -> Self {
        let curve = seen.curve(days);
        let top = curve.at(FROM).map_or(0, |point| point.held_per_day).max(1);
        let rows = curve.points().iter().filter(|point| point.from >= FROM && point.from % 50 == 0);
        Self {
            held: line(&curve, top, |point| point.held_per_day),
            wrong: line(&curve, top, |point| point.false_per_day),
            signed_at: signed.map(along),
            top: hundredths(w, top),
            rows: rows.map(|point| step(w, point)).collect(),
        }
    }
}

fn along(from: u16) -> u32 {
    u32::from(from.max(FROM) - FROM) * WIDTH / u32::from(1_000 - FROM)
}

/// A step function: each threshold's number stands until the next.
fn line(curve: &Curve, top: u64, number: impl Fn(&Point) -> u64) -> String {
    let mut text = String::new();
    let mut before = None;
    for point in curve.points().iter().filter(|point| point.from >= FROM) {
        let (x, y) = (along(point.from), HEIGHT - number(point).min(top) * HEIGHT / top);
        if let Some(before) = before {
            text += &format!("{x},{before} ");
        }
        text += &format!("{x},{y} ");
        before = Some(y);
    }
    text.trim_end().to_owned()
}

fn step(w: Words, point: &Point) -> Step {
    let above = point.above;
    Step {
        from: point.from,
        seen: above.seen,
        held: hundredths(w, point.held_per_day),
        wrong: hundredths(w, point.false_per_day),
        decided: format!("{} / {}", w.int(above.refused), w.int(above.released)),
        precision: point.precision.map_or_else(
            || "—".to_owned(),
            |share| format::percent(w.0, u8::try_from(share / 10).unwrap_or(100)),
        ),
    }
}

/// A number given in hundredths, as people write it.
#[must_use]
pub fn hundredths(w: Words, number: u64) -> String {
    let point = match w.0 {
        vocabulary::Locale::Fr => ',',
        vocabulary::Locale::En => '.',
    };
    format!("{}{point}{:02}", w.int(number / 100), number % 100)
}

/// What a score is called.
#[must_use]
pub fn measure_name(w: Words, measure: Measure) -> String {
    w.t(match measure.name() {
        "topics.highest" => "score-highest",
        "topics.aml" => "score-aml",
        "topics.bribery" => "score-bribery",
        "topics.collusion_secrecy" => "score-collusion-secrecy",
        "topics.complaint" => "score-complaint",
        "topics.conflict_of_interest" => "score-conflict-of-interest",
        "topics.data_leak" => "score-data-leak",
        "topics.guaranteed_return" => "score-guaranteed-return",
        "topics.harassment_threat" => "score-harassment-threat",
        "topics.market_abuse" => "score-market-abuse",
        "topics.off_channel" => "score-off-channel",
        "topics.payment_fraud" => "score-payment-fraud",
        "topics.sales_signal" => "score-sales-signal",
        "topics.sanctions_evasion" => "score-sanctions-evasion",
        "topics.tax_evasion" => "score-tax-evasion",
        "topics.whistleblowing" => "score-whistleblowing",
        "encoder.nearest" => "score-nearest",
        _ => "score-encoder",
    })
}
