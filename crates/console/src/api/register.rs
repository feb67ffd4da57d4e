//! The register of why messages were held, for programs: a page of it, redacted; each call is an entry in the ledger.

use access::action;
use axum::Json;
use axum::extract::{RawQuery, State};
use compliance::control::Category;
use compliance::explain::{Line, Masked};
use operations::Cerebro;
use operations::register::{Entry, Filter, export};
use operations::review::HoldState;
use operations::review::clock::Event;
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{HoldId, Locale, Timestamp};

use super::Problem;
use super::caller::Caller;
use super::query::Query;
use crate::pages::decide::motive_of;

/// A held message, redacted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegisterEntry {
    pub(crate) hold: String,
    pub(crate) flow: String,
    pub(crate) held_at: String,
    pub(crate) due_at: String,
    /// waiting, released, rejected or withdrawn.
    pub(crate) state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hold_class: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) decided_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason_code: Option<ReasonCode>,
    /// What its clock does next: cover, escalate or expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next_at: Option<String>,
    /// It is private or protected mail: of what was found nothing is told.
    pub(crate) is_guarded: bool,
    /// What was kept of it was erased when its time was over.
    pub(crate) is_erased: bool,
    /// The controls that hold it, the gravest first.
    controls: Vec<RegisterControl>,
}

/// The reason that was picked, by its code; `other` for one written out.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(crate) struct ReasonCode(pub(crate) &'static str);

/// One control.
#[derive(Debug, Serialize, ToSchema)]
struct RegisterControl {
    /// Absent for a check that has no name for whoever asks.
    #[serde(skip_serializing_if = "Option::is_none")]
    control: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ground: Option<String>,
    /// low, medium, high or critical.
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<String>,
    /// The sender is told of it in neutral words.
    neutral_notice: bool,
    found: Vec<RegisterFound>,
    /// Found, and not among them.
    more: usize,
}

/// What was found, masked.
#[derive(Debug, Serialize, ToSchema)]
struct RegisterFound {
    detector: String,
    what: String,
    /// `FR76•••189`, or why it was not read; empty where nothing of it is shown.
    value: String,
    place: String,
    count: usize,
    /// The stable code of why it was not read, or reads in several ways.
    #[serde(skip_serializing_if = "String::is_empty")]
    code: String,
}

/// A page of the register, the latest first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RegisterEntries {
    entries: Vec<RegisterEntry>,
    /// Give this as `before` to get the next page; absent on the last one. A page may have few entries, or none, and a next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// An entry as it is written.
pub(crate) fn wire(entry: &Entry) -> RegisterEntry {
    let waits = entry.state == HoldState::Waiting;
    let next = entry.next.filter(|_| waits);
    let word = |event| match event {
        Event::Cover => "cover",
        Event::Escalate => "escalate",
        Event::Expire => "expire",
    };
    RegisterEntry {
        hold: entry.hold.to_string(),
        flow: entry.flow.to_string(),
        held_at: entry.held_at.rfc3339(),
        due_at: entry.due_at.rfc3339(),
        state: entry.state.word().to_owned(),
        hold_class: entry.class.clone(),
        decided_at: entry.decided_at.map(Timestamp::rfc3339),
        reason_code: entry.reason.as_deref().map(|reason| ReasonCode(motive_of(reason).0)),
        next: next.map(|(_, event)| word(event).to_owned()),
        next_at: next.map(|(at, _)| at.rfc3339()),
        is_guarded: entry.is_guarded,
        is_erased: entry.is_erased,
        controls: entry.lines.iter().map(control).collect(),
    }
}

fn control(line: &Line) -> RegisterControl {
    let rule = line.rule.as_ref();
    RegisterControl {
        control: rule.map(|rule| rule.control.clone()),
        version: rule.map(|rule| rule.version),
        title: line.title.clone(),
        category: rule.and_then(|rule| category_word(rule.category?)),
        ground: rule.map(|rule| rule.ground.clone()),
        severity: rule.map(|rule| rule.severity.word().to_owned()),
        neutral_notice: rule.is_some_and(|rule| rule.is_neutral),
        found: line.found.iter().map(found).collect(),
        more: line.more,
    }
}

fn found(found: &Masked) -> RegisterFound {
    RegisterFound {
        detector: found.detector.clone(),
        what: found.label.clone(),
        value: found.value.clone(),
        place: found.place.clone(),
        count: found.count,
        code: found.code.clone(),
    }
}

/// The word of a category in files of controls.
pub(crate) fn category_word(category: Category) -> Option<String> {
    serde_json::to_value(category).ok()?.as_str().map(str::to_owned)
}

/// The category of a word.
pub(crate) fn category_of(word: &str) -> Option<Category> {
    serde_json::from_value(serde_json::Value::from(word)).ok()
}

/// Why messages were held, redacted. Each call is an entry in the ledger.
#[utoipa::path(get, path = "/api/v1/register", params(
    ("from" = Option<String>, Query, format = DateTime, description = "Held from this moment on"),
    ("until" = Option<String>, Query, format = DateTime, description = "Held before this moment"),
    ("state" = Option<String>, Query, pattern = "^(waiting|released|rejected|withdrawn)$"),
    ("hold_class" = Option<String>, Query, pattern = "^[a-z0-9_-]{1,64}$"),
    ("severity" = Option<String>, Query, pattern = "^[1-4]$", description = "At least so grave"),
    ("control" = Option<String>, Query, pattern = "^[A-Za-z0-9-]{1,64}$"),
    ("category" = Option<String>, Query, pattern = "^(personal_data|scanning|recipients|client_protection|market_abuse|financial_crime|records|conduct|security|protected|other)$"),
    ("before" = Option<String>, Query, pattern = "^hold_[0-9a-z]{26}$", description = "A hold: only those before it; `next` of the page before"),
    ("language" = Option<String>, Query, pattern = "^(fr|en)$", description = "Of titles, grounds and places; French when absent"),
), responses((status = 200, body = RegisterEntries), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    RawQuery(query): RawQuery,
) -> Result<Json<RegisterEntries>, Problem> {
    let (filter, before, locale) = asked(query.as_deref())?;
    let permit = op.permit(action::ExportRegister, op.organisation()).await?;
    let page = export::one_page(&cerebro, &op, permit, &filter, before, locale).await?;
    let next = page.next.map(|hold| hold.to_string());
    Ok(Json(RegisterEntries { entries: page.entries.iter().map(wire).collect(), next }))
}

fn asked(query: Option<&str>) -> Result<(Filter, Option<HoldId>, Locale), Problem> {
    const KNOWN: [&str; 9] =
        ["from", "until", "state", "hold_class", "severity", "control", "category", "before", "language"];
    let query = Query::parse(query, &KNOWN)?;
    let filter = Filter {
        from: read(&query, "from", "not a moment (RFC 3339)", |text| Timestamp::parse(text).ok())?,
        until: read(&query, "until", "not a moment (RFC 3339)", |text| Timestamp::parse(text).ok())?,
        state: read(&query, "state", "not a state of holds", |text| text.parse().ok())?,
        class: read(&query, "hold_class", "not a class", |text| is_word(text).then(|| text.to_owned()))?,
        severity: read(&query, "severity", "1 to 4", |text| {
            text.parse().ok().filter(|level| (1..=4).contains(level))
        })?,
        control: read(&query, "control", "not the id of a control", |text| {
            is_word(text).then(|| text.to_owned())
        })?,
        category: read(&query, "category", "not a category", category_of)?,
    };
    let before = read(&query, "before", "not the id of a hold", |text| text.parse().ok())?;
    let locale = read(&query, "language", "fr or en", |text| text.parse().ok())?;
    Ok((filter, before, locale.unwrap_or_default()))
}

fn is_word(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

fn read<T>(
    query: &Query,
    name: &str,
    wrong: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let value = query.one(name)?;
    value.map(|text| parse(text).ok_or_else(|| Problem::bad_request(format!("{name}: {wrong}")))).transpose()
}
