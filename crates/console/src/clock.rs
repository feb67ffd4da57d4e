//! The clock of a hold: what is left, drawn. Four looks, each with its own shape; colour never speaks alone.

use std::time::Duration;

use vocabulary::{Locale, Timestamp};

use crate::format::{self, NARROW, Wall};
use crate::i18n::Words;

/// How a clock looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// A thin grey arc.
    InTime,
    /// A thick arc on a tinted disc.
    AtRisk,
    /// A solid disc.
    Critical,
    /// A dashed ring and `!`.
    Overdue,
}

impl Look {
    /// The modifier of `.clock`.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::InTime => "",
            Self::AtRisk => " clock--risk",
            Self::Critical => " clock--crit",
            Self::Overdue => " clock--over",
        }
    }
}

/// From how much time left a clock changes its look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// At risk from here.
    pub risk: Duration,
    /// Critical from here.
    pub critical: Duration,
}

impl Thresholds {
    /// 15 and 5 minutes, less for a clock so short that it would be born at risk.
    #[must_use]
    pub fn of(total: Duration) -> Self {
        Self {
            risk: (total / 2).min(Duration::from_secs(15 * 60)),
            critical: (total / 6).min(Duration::from_secs(5 * 60)),
        }
    }
}

/// A clock as a page draws it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClockView {
    /// Its look.
    pub look: Look,
    /// What is left of the ring, 0 to 100.
    pub arc: u8,
    /// Inside the ring: `11` (minutes), `2 h`, `6 j`, `40 s`, `!`.
    pub label: String,
    /// For those who listen: `11 minutes restantes, échéance 14:32`.
    pub spoken: String,
    /// Beside the ring: `11 min 40 s`, or `échu depuis 2 min`.
    pub left: String,
    /// When it is due: `14:32`.
    pub due: String,
    /// When it is due, RFC 3339.
    pub due_iso: String,
    /// When it is due, milliseconds since 1970, for the script that moves it.
    pub due_ms: i64,
    /// Now on the server, so that a wrong clock in the browser does not matter.
    pub now_ms: i64,
    /// The whole of it, seconds.
    pub total_s: u64,
    /// Seconds left from which it is at risk, and critical.
    pub risk_s: u64,
    /// See `risk_s`.
    pub critical_s: u64,
}

impl ClockView {
    /// The clock of something that began at `from` and is due at `due`.
    #[must_use]
    pub fn new(wall: &Wall, now: Timestamp, from: Timestamp, due: Timestamp) -> Self {
        let total = due.since(from);
        Self::with(wall, now, from, due, Thresholds::of(total))
    }

    /// The same, with the thresholds of its class.
    #[must_use]
    pub fn with(
        wall: &Wall,
        now: Timestamp,
        from: Timestamp,
        due: Timestamp,
        thresholds: Thresholds,
    ) -> Self {
        let (total, left) = (due.since(from), due.since(now));
        let look = match left {
            Duration::ZERO => Look::Overdue,
            left if left <= thresholds.critical => Look::Critical,
            left if left <= thresholds.risk => Look::AtRisk,
            _ => Look::InTime,
        };
        let moment = wall.moment(now, due);
        Self {
            look,
            arc: arc(left, total),
            label: if look == Look::Overdue { "!".to_owned() } else { label(wall.locale, left) },
            spoken: spoken(Words(wall.locale), left, now.since(due), &moment),
            left: match look {
                Look::Overdue => {
                    Words(wall.locale).with("clock-over", "span", format::span(wall.locale, now.since(due)))
                }
                _ => format::span(wall.locale, left),
            },
            due: moment,
            due_iso: due.rfc3339(),
            due_ms: due.micros() / 1_000,
            now_ms: now.micros() / 1_000,
            total_s: total.as_secs(),
            risk_s: thresholds.risk.as_secs(),
            critical_s: thresholds.critical.as_secs(),
        }
    }
}

fn arc(left: Duration, total: Duration) -> u8 {
    let part = left.as_secs().saturating_mul(100).checked_div(total.as_secs()).unwrap_or(0);
    u8::try_from(part.min(100)).unwrap_or(100)
}

fn label(locale: Locale, left: Duration) -> String {
    match (left.as_secs(), locale) {
        (seconds @ 0..60, _) => format!("{seconds}{NARROW}s"),
        (seconds @ 60..3_600, _) => (seconds / 60).to_string(),
        (seconds @ 3_600..172_800, _) => format!("{}{NARROW}h", seconds / 3_600),
        (seconds, Locale::Fr) => format!("{}{NARROW}j", seconds / 86_400),
        (seconds, Locale::En) => format!("{}{NARROW}d", seconds / 86_400),
    }
}

fn spoken(w: Words, left: Duration, over: Duration, due: &str) -> String {
    let left = left.as_secs();
    let rest = match left {
        0 => return w.n("clock-said-over", over.as_secs() / 60),
        1..60 => w.n("clock-said-seconds", left),
        60..3_600 => w.n("clock-said-minutes", left / 60),
        3_600..172_800 => w.n("clock-said-hours", left / 3_600),
        _ => w.n("clock-said-days", left / 86_400),
    };
    w.with2("clock-said-due", "rest", rest, "due", due)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;

    fn at(minutes_left: i64, total: i64) -> ClockView {
        let now = Timestamp::parse("2026-11-24T14:20:00Z").unwrap();
        let minutes = |m: i64| Timestamp::from_micros(now.micros() + m * 60_000_000);
        let wall = Wall::new(Locale::Fr, TimeZone::UTC);
        ClockView::new(&wall, now, minutes(minutes_left - total), minutes(minutes_left))
    }

    #[test]
    fn each_look_has_its_time() {
        let cases = [
            (60, 120, Look::InTime, "1 h", 50),
            (16, 120, Look::InTime, "16", 13),
            (15, 120, Look::AtRisk, "15", 12),
            (5, 120, Look::Critical, "5", 4),
            (0, 120, Look::Overdue, "!", 0),
            (-3, 120, Look::Overdue, "!", 0),
            // A ten-minute clock is not at risk from its first second.
            (9, 10, Look::InTime, "9", 90),
        ];
        for (left, total, look, label, arc) in cases {
            let clock = at(left, total);
            let shown = clock.label.replace(NARROW, " ");
            assert_eq!((clock.look, shown.as_str(), clock.arc), (look, label, arc), "{left} of {total}");
        }
    }

    #[test]
    fn what_is_heard() {
        assert_eq!(at(11, 30).spoken, "11 minutes restantes, échéance 14:31");
        assert_eq!(at(1, 30).spoken, "1 minute restante, échéance 14:21");
        assert_eq!(at(-2, 30).spoken, "Délai échu depuis 2 minutes");
    }

    #[test]
    fn a_clock_without_length_is_drawn() {
        assert_eq!(at(0, 0).arc, 0);
    }
}
