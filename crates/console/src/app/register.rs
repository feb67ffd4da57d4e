//! The register of why messages were held, its export, and a person's own messages.

use access::action;
use axum::http::StatusCode;
use axum::response::Response;
use compliance::control::Category;
use compliance::explain::Line;
use jiff::civil::Date;
use operations::register::{Entry, Filter, export, look, own};
use operations::review::clock::Event;
use operations::review::{Escalation, HoldState};
use vocabulary::{HoldId, Timestamp};

use super::gate::may;
use super::queue::standing;
use super::register_file;
use super::show::Visitor;
use crate::api::register::category_of;
use crate::forms::Form;
use crate::pages::controls::category_name;
use crate::pages::decide::motive_of;
use crate::pages::register::{Asked, OwnMessagesPage, RegisterLine, RegisterPage, RegisterRow};
use crate::pages::shell::Place;
use crate::pages::{Severity, render};

const PAGE: &str = "/register";
/// The fields of what is asked for.
const FIELDS: [&str; 6] = ["from", "until", "control", "category", "severity", "state"];

/// A page of the register.
pub(super) async fn page(visitor: Visitor) -> Response {
    let query = Form::parse(visitor.parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    show(&visitor, &query).await
}

async fn show(visitor: &Visitor, form: &Form) -> Response {
    let before: Option<HoldId> = form.text("before").parse().ok();
    let permit = match visitor.op.permit(action::ReadRegister, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let (found, problem) = match filter(visitor, form) {
        Ok(filter) => {
            let cerebro = &visitor.app.cerebro;
            match look::look(cerebro, &visitor.op, &permit, &filter, before, visitor.words.0).await {
                Ok(found) => (found, None),
                Err(error) => return visitor.failed(error).await,
            }
        }
        Err(problem) => (Default::default(), Some(problem)),
    };
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = RegisterPage {
        asked: asked(visitor, form),
        problem,
        rows: found.entries.iter().map(|entry| row(visitor, entry, true)).collect(),
        next: found.next.map(|hold| address(form, Some(hold))),
        first: before.map(|_| address(form, None)),
        may_export: may(&visitor.signed, "register.export"),
        s: visitor.shell(Place::Register).await,
    };
    render(status, &page)
}

/// The register as a file; the export is an entry.
pub(super) async fn take_out(visitor: Visitor, form: Form) -> Response {
    let as_csv = form.text("format") != "json";
    let Ok(filter) = filter(&visitor, &form) else { return show(&visitor, &form).await };
    let permit = match visitor.op.permit(action::ExportRegister, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let cerebro = &visitor.app.cerebro;
    match export::whole(cerebro, &visitor.op, permit, &filter, visitor.words.0).await {
        Ok((entries, more)) => register_file::answer(&entries, more, as_csv, visitor.words),
        Err(error) => visitor.failed(error).await,
    }
}

/// A person's own messages.
pub(super) async fn own(visitor: Visitor) -> Response {
    let query = Form::parse(visitor.parts.uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let before: Option<HoldId> = query.text("before").parse().ok();
    let permit = match visitor.op.permit(action::ReadOwnMessages, visitor.signed.account).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let cerebro = &visitor.app.cerebro;
    match own::own(cerebro, &visitor.op, &permit, before, visitor.words.0).await {
        Ok(found) => {
            let page = OwnMessagesPage {
                rows: found.entries.iter().map(|entry| row(&visitor, entry, false)).collect(),
                next: found.next.map(|hold| format!("/messages?before={hold}")),
                later: before.is_some(),
                s: visitor.shell(Place::Elsewhere).await,
            };
            render(StatusCode::OK, &page)
        }
        Err(error) => visitor.failed(error).await,
    }
}

/// What the form asks for, or the field that is wrong and what to do.
fn filter(visitor: &Visitor, form: &Form) -> Result<Filter, (&'static str, String)> {
    let w = visitor.words;
    let day = |field: &'static str, after: i64| match form.text(field) {
        "" => Ok(None),
        text => midnight(visitor, text, after).map(Some).ok_or_else(|| (field, w.t("register-day-wrong"))),
    };
    let text = |field| Some(form.text(field).trim()).filter(|text| !text.is_empty());
    Ok(Filter {
        from: day("from", 0)?,
        // The last day is among them.
        until: day("until", 1)?,
        state: text("state").and_then(|word| word.parse().ok()),
        class: None,
        severity: text("severity").and_then(|level| level.parse().ok()),
        control: text("control").map(str::to_owned),
        category: text("category").and_then(category_of),
    })
}

fn midnight(visitor: &Visitor, text: &str, after: i64) -> Option<Timestamp> {
    let day: Date = text.parse().ok()?;
    let day = day.checked_add(jiff::Span::new().try_days(after).ok()?).ok()?;
    let at = day.to_zoned_datetime(visitor.wall().zone).ok()?;
    Some(Timestamp::from_micros(at.timestamp().as_microsecond()))
}

fn asked(visitor: &Visitor, form: &Form) -> Asked {
    let w = visitor.words;
    let choices = |field: &'static str, all: Vec<(String, String)>| {
        let any = (String::new(), w.t("register-any"));
        let chosen = form.text(field).to_owned();
        let with = move |(value, text): (String, String)| {
            let is_chosen = value == chosen;
            (value, text, is_chosen)
        };
        std::iter::once(any).chain(all).map(with).collect()
    };
    let word = |category: Category| serde_json::to_value(category).ok()?.as_str().map(str::to_owned);
    let categories = CATEGORIES.into_iter().filter_map(|one| Some((word(one)?, category_name(one, w))));
    let severities = (1..=4_u8).map(|level| (level.to_string(), Severity::from_level(level).word(&w)));
    let states = HoldState::ALL.into_iter();
    let states =
        states.map(|state| (state.word().to_owned(), standing(state, Escalation::Team).chip(w).word));
    Asked {
        from: form.text("from").to_owned(),
        until: form.text("until").to_owned(),
        control: form.text("control").to_owned(),
        categories: choices("category", categories.collect()),
        severities: choices("severity", severities.collect()),
        states: choices("state", states.collect()),
    }
}

const CATEGORIES: [Category; 11] = [
    Category::PersonalData,
    Category::Scanning,
    Category::Recipients,
    Category::ClientProtection,
    Category::MarketAbuse,
    Category::FinancialCrime,
    Category::Records,
    Category::Conduct,
    Category::Security,
    Category::Protected,
    Category::Other,
];

/// The page's address with what is asked for.
fn address(form: &Form, before: Option<HoldId>) -> String {
    let asked = FIELDS.into_iter().map(|field| (field, form.text(field).to_owned()));
    let before = before.map(|hold| ("before", hold.to_string()));
    let pairs: Vec<String> = asked
        .chain(before)
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(&value)))
        .collect();
    if pairs.is_empty() { PAGE.to_owned() } else { format!("{PAGE}?{}", pairs.join("&")) }
}

fn encoded(value: &str) -> String {
    let one = |byte: u8| {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    value.bytes().map(one).collect()
}

fn row(visitor: &Visitor, entry: &Entry, in_register: bool) -> RegisterRow {
    let (w, wall, now) = (visitor.words, visitor.wall(), visitor.op.now());
    let waits = entry.state == HoldState::Waiting;
    let motive = entry.reason.as_deref().map(|reason| motive_of(reason).1(w));
    let decided = entry.decided_at.filter(|_| !waits).map(|at| wall.moment(now, at));
    let next = entry.next.filter(|_| waits).and_then(|(at, event)| {
        let key = match event {
            Event::Cover => "next-cover",
            Event::Escalate => "next-escalate",
            Event::Expire => return None,
        };
        Some(w.with(key, "time", wall.moment(now, at)))
    });
    let due = waits.then(|| w.with("register-due", "time", wall.moment(now, entry.due_at)));
    RegisterRow {
        reference: entry.flow.to_string(),
        when: wall.moment(now, entry.held_at),
        subject: entry.subject.clone(),
        is_own: entry.is_own && in_register,
        class: entry.class.clone(),
        chip: standing(entry.state, Escalation::Team).chip(w),
        decided: decided.map(|at| [Some(at), motive].into_iter().flatten().collect::<Vec<_>>().join(" · ")),
        next: Some([due, next].into_iter().flatten().collect::<Vec<_>>().join(" · "))
            .filter(|text| !text.is_empty()),
        lines: entry.lines.iter().map(|line| line_view(visitor, line, entry.is_guarded)).collect(),
        no_line: entry
            .lines
            .is_empty()
            .then(|| w.t(if entry.is_erased { "register-erased" } else { "register-no-line" })),
    }
}

fn line_view(visitor: &Visitor, line: &Line, is_guarded: bool) -> RegisterLine {
    let w = visitor.words;
    let facts = line.rule.as_ref().map(|rule| {
        let severity = Severity::from_level(rule.severity as u8).word(&w);
        let version = w.with2("register-version", "control", &rule.control, "version", rule.version);
        let category = rule.category.map(|category| category_name(category, w));
        let neutral = rule.is_neutral.then(|| w.t("register-neutral"));
        [Some(version), category, Some(severity), neutral]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · ")
    });
    RegisterLine {
        title: line.title.clone(),
        facts: facts.unwrap_or_default(),
        ground: line.rule.as_ref().map(|rule| rule.ground.clone()).unwrap_or_default(),
        found: match is_guarded {
            true => vec![w.t("register-guarded")],
            false => line.found.iter().map(|found| register_file::sentence(found, w)).collect(),
        },
        more: (line.more > 0).then(|| w.n("register-more", line.more as u64)),
    }
}
