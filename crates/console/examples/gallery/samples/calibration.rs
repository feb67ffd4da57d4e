//! Scores and their thresholds.

use std::time::Duration;

use compliance::calibration::Observations;
use console::i18n::Words;
use console::pages::calibration::{
    CalibrationPage, CalibrationsPage, Figure, LineRow, MeasureRow, hundredths,
};
use console::pages::shell::{Person, Place, Reach, nav};
use console::pages::{Chip, Shell, Tone};

use super::{now, say, shell};

/// A week of the Banque Orvéane's scores: most messages score nothing, few much; of those that waited, two thirds were let go.
fn scores() -> Observations {
    let mut seen = Observations::default();
    for number in 0..2_400_u16 {
        let score = if number % 8 > 0 { 0 } else { number % 800 };
        seen.add(score, None);
    }
    for number in 0..42_u16 {
        let score = 560 + number * 10;
        let decided = (score >= 700).then(|| (number * 7) % 10 < (number / 6));
        seen.add(score, decided);
    }
    seen
}

fn supervision(w: Words, path: &str) -> Shell {
    let mut s = shell(w, path, Place::Calibration, false);
    let reach = Reach {
        register: false,
        queue: Some(23),
        outgoing: true,
        ledger: true,
        calibration: true,
        controls: true,
        lists: true,
        accounts: false,
    };
    s.nav = nav(w, reach, Place::Calibration);
    s.person = Some(Person::new(
        w,
        "Maëlle Brisson",
        &say(w, "Superviseure", "Supervisor"),
        now(),
        now().plus(Duration::from_secs(27 * 60)),
    ));
    s
}

/// Every score.
pub(crate) fn calibrations(w: Words) -> CalibrationsPage {
    let row = |(name, title): (&'static str, &str), at_900, tone, icon, word: String| {
        let (title, at_900) = (w.t(title), hundredths(w, at_900));
        MeasureRow { name, title, messages: 2_442, at_900, chip: Chip { tone, icon, word } }
    };
    let none = || w.t("calibration-none");
    CalibrationsPage {
        s: supervision(w, "/calibration"),
        counted: Some(w.with2("calibration-counted", "at", "14:02", "by", "Maëlle Brisson")),
        unread: 12,
        more: false,
        may_count: true,
        rows: vec![
            row(("topics.highest", "score-highest"), 84, Tone::Plain, "info", none()),
            row(("topics.aml", "score-aml"), 17, Tone::Plain, "info", none()),
            row(
                ("topics.market_abuse", "score-market-abuse"),
                25,
                Tone::Pass,
                "check",
                w.with("calibration-from", "from", 940),
            ),
            row(
                ("topics.off_channel", "score-off-channel"),
                33,
                Tone::Hold,
                "hold",
                w.t("calibration-waits"),
            ),
            row(("encoder.highest", "score-encoder"), 8, Tone::Refuse, "alert", w.t("calibration-expired")),
            row(("encoder.nearest", "score-nearest"), 0, Tone::Plain, "info", none()),
        ],
    }
}

/// Nothing was counted.
pub(crate) fn calibrations_empty(w: Words) -> CalibrationsPage {
    CalibrationsPage { counted: None, unread: 0, rows: Vec::new(), ..calibrations(w) }
}

/// One score, with one threshold in force and another that waits.
pub(crate) fn calibration(w: Words) -> CalibrationPage {
    let line = |from, tone, icon, word: &str, waits| LineRow {
        id: format!("calibration_{from}"),
        from,
        rests: w.with2("calibration-rests-on", "messages", w.int(2_442_u64), "days", "14"),
        proposed: "Renan Trégor, 14:10".into(),
        signed: if waits { "—".into() } else { "Maëlle Brisson, 14:31".into() },
        chip: Chip { tone, icon, word: w.t(word) },
        sign: waits,
        drop: waits,
    };
    CalibrationPage {
        s: supervision(w, "/calibration/topics.market_abuse"),
        name: "topics.market_abuse",
        title: w.t("score-market-abuse"),
        chip: Chip { tone: Tone::Pass, icon: "check", word: w.with("calibration-from", "from", 940) },
        facts: vec![
            (w.t("calibration-counted-at"), "14:02".into()),
            (w.t("col-messages"), w.int(2_442_u64)),
            (w.t("calibration-days"), "14".into()),
            (
                w.t("calibration-least"),
                w.with2("calibration-least-text", "messages", w.int(1_000_u64), "days", "10"),
            ),
        ],
        figure: Some(Figure::of(w, &scores(), 14, Some(940))),
        lines: vec![
            line(880, Tone::Hold, "hold", "calibration-waits", true),
            line(940, Tone::Pass, "check", "calibration-in-force", false),
        ],
        closed: None,
        draft: (String::new(), String::new()),
        problem: None,
    }
}

/// A threshold that holds too much, of a score that waits for nobody.
pub(crate) fn calibration_refused(w: Words) -> CalibrationPage {
    CalibrationPage {
        lines: Vec::new(),
        figure: Some(Figure::of(w, &scores(), 14, None)),
        chip: Chip { tone: Tone::Plain, icon: "info", word: w.t("calibration-none") },
        draft: ("500".into(), say(w, "Vu sur deux semaines", "Seen over two weeks")),
        problem: Some(("from", w.t("calibration-too-much"))),
        ..calibration(w)
    }
}
