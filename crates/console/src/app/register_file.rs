//! The register as a file: CSV for sheets, one line for each thing found, or the JSON that the API gives.

use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use compliance::explain::{Line, Masked, not_shown};
use operations::register::Entry;

use crate::api::register::{ReasonCode, wire};
use crate::i18n::Words;

/// The columns, by the names that the API has for them.
const COLUMNS: [&str; 21] = [
    "hold",
    "flow",
    "held_at",
    "due_at",
    "state",
    "hold_class",
    "decided_at",
    "reason_code",
    "next",
    "next_at",
    "control",
    "version",
    "title",
    "category",
    "ground",
    "severity",
    "found",
    "value",
    "place",
    "count",
    "code",
];

/// The file, to be kept. `more` messages than one export holds are told in its name.
pub(super) fn answer(entries: &[Entry], more: bool, as_csv: bool, w: Words) -> Response {
    let (text, kind, ending) = if as_csv {
        (csv(entries), "text/csv; charset=utf-8", "csv")
    } else {
        let all: Vec<_> = entries.iter().map(wire).collect();
        let whole = serde_json::json!({ "language": w.tag(), "entries": all, "is_whole": !more });
        (whole.to_string(), "application/json", "json")
    };
    let part = if more { "-part" } else { "" };
    let headers: [(HeaderName, String); 2] = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"register{part}.{ending}\"")),
    ];
    (headers, text).into_response()
}

/// `IBAN valide : FR76•••189, relevé.pdf, page 3`.
pub(super) fn sentence(found: &Masked, w: Words) -> String {
    let value = match found.value.as_str() {
        "" => not_shown(w.0).to_owned(),
        value => value.to_owned(),
    };
    let times = if found.count > 1 { format!(" × {}", found.count) } else { String::new() };
    let what = w.with2("register-found", "what", &found.label, "value", format!("{value}{times}"));
    if found.place.is_empty() { what } else { format!("{what} · {}", found.place) }
}

fn csv(entries: &[Entry]) -> String {
    let mut text = COLUMNS.join(",");
    text.push_str("\r\n");
    for entry in entries {
        if entry.lines.is_empty() {
            record(&mut text, entry, None, None);
        }
        for line in &entry.lines {
            if line.found.is_empty() {
                record(&mut text, entry, Some(line), None);
            }
            for found in &line.found {
                record(&mut text, entry, Some(line), Some(found));
            }
        }
    }
    text
}

fn record(text: &mut String, entry: &Entry, line: Option<&Line>, found: Option<&Masked>) {
    let told = wire(entry);
    let rule = line.and_then(|line| line.rule.as_ref());
    let code = |code: Option<ReasonCode>| code.map(|code| code.0.to_owned()).unwrap_or_default();
    let values = [
        told.hold,
        told.flow,
        told.held_at,
        told.due_at,
        told.state,
        told.hold_class.unwrap_or_default(),
        told.decided_at.unwrap_or_default(),
        code(told.reason_code),
        told.next.unwrap_or_default(),
        told.next_at.unwrap_or_default(),
        rule.map(|rule| rule.control.clone()).unwrap_or_default(),
        rule.map(|rule| rule.version.to_string()).unwrap_or_default(),
        line.map(|line| line.title.clone()).unwrap_or_default(),
        rule.and_then(|rule| crate::api::register::category_word(rule.category?)).unwrap_or_default(),
        rule.map(|rule| rule.ground.clone()).unwrap_or_default(),
        rule.map(|rule| rule.severity.word().to_owned()).unwrap_or_default(),
        found.map(|found| found.label.clone()).unwrap_or_default(),
        found.map(|found| found.value.clone()).unwrap_or_default(),
        found.map(|found| found.place.clone()).unwrap_or_default(),
        found.map(|found| found.count.to_string()).unwrap_or_default(),
        found.map(|found| found.code.clone()).unwrap_or_default(),
    ];
    text.push_str(&values.map(|value| cell(&value)).join(","));
    text.push_str("\r\n");
}

/// A value as a sheet reads it (RFC 4180), never as a formula: names of files and sheets are a stranger's.
fn cell(value: &str) -> String {
    let is_formula = value.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let value = value.replace('"', "\"\"");
    format!("\"{}{value}\"", if is_formula { "'" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_name_is_a_text_in_a_sheet() {
        assert_eq!(cell("=HYPERLINK(\"http://x.example\")"), "\"'=HYPERLINK(\"\"http://x.example\"\")\"");
        assert_eq!(cell("@a"), "\"'@a\"");
        assert_eq!(cell("relevé, page 3"), "\"relevé, page 3\"");
    }
}
