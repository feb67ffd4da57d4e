//! Private and protected mail: what is shown of it to whoever did not open it, and opening it on grounds.

use access::action;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use compliance::Guarded;
use operations::organisation::Reason;
use operations::review::guarded::{Circumstance, Grounds, open as unseal};
use operations::review::open::HeldMessage;
use operations::review::{HoldState, ReviewError};
use vocabulary::{HoldId, bounds};

use super::held::opened;
use super::known::Known;
use super::queue::standing;
use super::recorded;
use super::show::Visitor;
use super::{App, decide, link};
use crate::clock::ClockView;
use crate::forms::Form;
use crate::pages::controls::category_name;
use crate::pages::error::Mishap;
use crate::pages::guarded::{Closed, ClosedPage, OpenPage, circumstance_name, class_name};
use crate::pages::queue::QueueList;
use crate::pages::shell::{Bar, Place};
use crate::pages::{Severity, render, short};
use crate::router::{Guarded as G, go};

/// Which handler answers which route.
pub(super) fn bind(endpoint: G, filter: MethodFilter) -> MethodRouter<App> {
    match endpoint {
        G::OpenPage => on(filter, page),
        G::Open => on(filter, open),
        G::CustodyPage => on(filter, decide::custody_form),
        G::Custody => on(filter, decide::custody),
        G::Requalify => on(filter, link::requalify),
    }
}

/// The page of a guarded hold that is not open to this person.
pub(super) async fn closed(visitor: &Visitor, held: &HeldMessage, list: QueueList) -> Response {
    let Some(class) = held.guarded else { return visitor.mishap(Mishap::Failed).await };
    let known = Known::new(visitor, held);
    let (w, now, acts) = (visitor.words, visitor.op.now(), known.acts());
    let waits = held.state == HoldState::Waiting;
    let m = Closed {
        id: held.id.to_string(),
        flow: held.flow.to_string(),
        chip: standing(held.state, held.escalation).chip(w),
        severity: Severity::from_level(held.severity),
        class,
        sender: known.sender(),
        facts: known.facts(),
        attached: held.attached as u64,
        categories: categories(visitor, held),
        clock: waits.then(|| ClockView::new(&known.wall, now, held.held_at, held.due_at)),
        next: known.next(),
        together: known.together(),
        recipients: known.recipients(),
        decided: known.decisions(),
        said: known.said(),
        timeline: known.timeline(),
        open: held.is_custodian.then(|| format!("/holds/{}/open", held.id)),
        no_act: known.no_act(&acts),
        acts,
        bound: short(&held.seen.hex()),
    };
    let mut shell = visitor.shell(Place::Queue).await;
    if let Some(clock) = m.clock.clone() {
        shell.bar = Bar::Clock(clock);
    }
    render(StatusCode::OK, &ClosedPage { s: shell, list, m })
}

/// What the controls that hold it are about: not which they are, that would tell what was found.
fn categories(visitor: &Visitor, held: &HeldMessage) -> Vec<String> {
    let Some(organisation) = visitor.app.cerebro.organisation(visitor.signed.organisation) else {
        return Vec::new();
    };
    let mut names: Vec<String> = Vec::new();
    for control in held.controls.iter().filter_map(|id| organisation.controls.control(id)) {
        let name = category_name(control.category, visitor.words);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Over the contents of a guarded message: as what it is guarded, in which case it was opened, until when.
pub(super) fn banner(known: &Known<'_>) -> Option<String> {
    let (class, opening) = known.held.guarded.zip(known.held.opening)?;
    let w = known.visitor.words;
    let until = known.wall.moment(known.visitor.op.now(), opening.until);
    let case = circumstance_name(opening.circumstance, w);
    Some(format!("{} · {} · {case}", class_name(class, w), w.with("guarded-open-until", "time", until)))
}

/// The line that stands where a subject line would.
pub(super) fn subject(visitor: &Visitor, held: &HeldMessage) -> String {
    match &held.contents {
        Some(contents) => contents.message.subject.clone(),
        None => visitor.words.t("guarded-subject"),
    }
}

/// The contents are opened: the form.
pub(super) async fn page(visitor: Visitor, Path(id): Path<String>) -> Response {
    show(&visitor, &id, &Form::default(), Vec::new()).await
}

async fn show(visitor: &Visitor, id: &str, form: &Form, problems: Vec<(&'static str, String)>) -> Response {
    let held = match opened(visitor, id).await {
        Ok(held) => held,
        Err(answer) => return answer,
    };
    let Some(class) = held.guarded else { return visitor.mishap(Mishap::NotFound).await };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let w = visitor.words;
    let page = OpenPage {
        class,
        sender: Known::new(visitor, &held).sender(),
        back: format!("/holds/{id}"),
        action: format!("/holds/{id}/open"),
        circumstances: Circumstance::of(class).map(|one| (one.word(), circumstance_name(one, w))).collect(),
        minutes: bounds::GUARDED_OPEN.as_secs() / 60,
        circumstance: form.text("circumstance").to_owned(),
        grounds: form.text("grounds").trim().to_owned(),
        problems,
        s: visitor.shell(Place::Queue).await,
    };
    render(status, &page)
}

/// The contents are opened, for a while; the entry says why.
pub(super) async fn open(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let Ok(hold) = id.parse::<HoldId>() else { return visitor.mishap(Mishap::NotFound).await };
    let w = visitor.words;
    let (circumstance, reason) =
        (form.text("circumstance").parse::<Circumstance>(), Reason::parse(form.text("grounds")));
    let (circumstance, reason) = match (circumstance, reason) {
        (Ok(circumstance), Ok(reason)) => (circumstance, reason),
        (circumstance, reason) => {
            let case = circumstance.is_err().then(|| ("circumstance", w.t("guarded-open-pick")));
            let said = reason.is_err().then(|| ("grounds", w.t("guarded-open-say")));
            return show(&visitor, &id, &form, case.into_iter().chain(said).collect()).await;
        }
    };
    let permit = match visitor.op.permit(action::OpenGuarded, hold).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match unseal(&visitor.op, permit, Grounds { circumstance, reason }).await {
        Ok(_) => go(&headers, &recorded::after(&format!("/holds/{hold}"), visitor.op.id())),
        Err(ReviewError::Circumstance) => {
            let problem = vec![("circumstance", w.t("guarded-open-pick"))];
            show(&visitor, &id, &form, problem).await
        }
        Err(error) => visitor.failed(error).await,
    }
}

/// What an ordinary reviewer may tell the sender of a private message they refuse: to send it again without the mark.
pub(super) fn note(visitor: &Visitor, held: &HeldMessage) -> String {
    let is_private = held.guarded == Some(Guarded::Private) && held.contents.is_none();
    if is_private { visitor.words.t("guarded-reject-note") } else { String::new() }
}
