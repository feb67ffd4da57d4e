//! What notices say, from the catalogue of both languages (`i18n/`). No contents, no finding's excerpt, nothing a link scanner
//! could act on.

use mail::report::Action;
use vocabulary::{FlowId, HoldId, Locale, Timestamp};

use super::Call;
use crate::words::letter;

/// `24 nov. 14:32` would need the reader's time zone; notices say UTC and mean it.
pub(crate) fn when(at: Timestamp) -> String {
    let text = at.rfc3339();
    let (date, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{date} {} UTC", time.get(..5).unwrap_or(time))
}

fn list(items: &[String]) -> String {
    items.iter().map(|item| format!("- {item}\n")).collect()
}

pub(super) fn held(
    locale: Locale,
    (subject, is_private): (&str, bool),
    reasons: &[String],
    due: Timestamp,
    url: &str,
    hold: HoldId,
) -> (String, String) {
    let (reasons, due, reference) = (list(reasons), when(due), hold.to_string());
    let values: [(&str, &str); 5] =
        [("subject", subject), ("reasons", &reasons), ("due", &due), ("url", url), ("reference", &reference)];
    letter(locale, if is_private { "held-private" } else { "held" }, &values)
}

pub(super) fn refused(locale: Locale, subject: &str, reasons: &[String]) -> (String, String) {
    letter(locale, "refused", &[("subject", subject), ("reasons", &list(reasons))])
}

pub(super) fn decided(locale: Locale, subject: &str, released: bool, note: Option<&str>) -> (String, String) {
    let note = note.map(|note| format!("\n{note}\n")).unwrap_or_default();
    let key = if released { "released" } else { "rejected" };
    letter(locale, key, &[("subject", subject), ("note", &note)])
}

pub(super) fn called(locale: Locale, due: Timestamp, url: &str, call: Call) -> (String, String) {
    let key = match call {
        Call::Cover => "cover",
        Call::Arbitration => "arbitration",
        Call::Custody => "custody",
    };
    letter(locale, key, &[("due", &when(due)), ("url", url)])
}

pub(super) fn waits_behind(locale: Locale, subject: &str) -> (String, String) {
    letter(locale, "waits-behind", &[("subject", subject)])
}

pub(super) fn samples_wrong(locale: Locale, controls: &[String], url: &str) -> (String, String) {
    letter(locale, "samples-wrong", &[("controls", &controls.join(", ")), ("url", url)])
}

pub(super) fn left_unassessed(locale: Locale, flow: FlowId) -> (String, String) {
    letter(locale, "left-unassessed", &[("reference", &flow.to_string())])
}

pub(super) fn reported(
    locale: Locale,
    subject: &str,
    action: Action,
    recipients: &[String],
    until: Option<Timestamp>,
) -> (String, String) {
    let (recipients, until) = (list(recipients), until.map(when).unwrap_or_default());
    let key = match action {
        Action::Failed => "failed",
        Action::Delayed => "delayed",
        Action::Relayed => "relayed",
    };
    letter(locale, key, &[("subject", subject), ("recipients", &recipients), ("until", &until)])
}
