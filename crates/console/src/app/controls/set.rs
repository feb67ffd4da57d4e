//! One set: what differs, its controls, its rehearsal, what can be done with it.

use access::action;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use compliance::control::difference::difference;
use compliance::{Control, ControlSet};
use operations::controls::look::{self, Base, SetWhole};
use operations::controls::replays::{look as replay_look, start};
use operations::controls::withdraw;
use vocabulary::ControlSetId;

use super::replays::{running, view};
use super::{Names, by_at, is_draft, place_of, reading, set_name, told};
use crate::app::gate::may;
use crate::app::recorded;
use crate::app::show::Visitor;
use crate::forms::Form;
use crate::pages::controls::{
    ChangeView, ControlRow, SetPage, category_name, change_views, mode_chip, state_chip,
};
use crate::pages::error::Mishap;
use crate::pages::shell::Place;
use crate::pages::{Severity, render, short};
use crate::router::go;

/// The set in force.
pub(super) async fn in_force(visitor: Visitor) -> Response {
    show(&visitor, Base::InForce, None).await
}

/// One set.
pub(super) async fn page(visitor: Visitor, Path(id): Path<String>) -> Response {
    match id.parse() {
        Ok(id) => show(&visitor, Base::Set(id), None).await,
        Err(_) => visitor.mishap(Mishap::NotFound).await,
    }
}

async fn show(visitor: &Visitor, base: Base, problem: Option<String>) -> Response {
    match fill(visitor, base, problem).await {
        Ok(page) => {
            let status = if page.problem.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
            render(status, &page)
        }
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

async fn fill(visitor: &Visitor, base: Base, problem: Option<String>) -> Result<SetPage, Mishap> {
    let w = visitor.words;
    let permit = reading(visitor).await?;
    let set = look::read(&visitor.app.cerebro, &visitor.op, &permit, base).await?.ok_or(Mishap::NotFound)?;
    let names = Names::of(visitor, &permit).await?;
    let lines = replay_look::list(&visitor.op, &permit).await?;
    let sets = look::list(&visitor.op, &permit).await?;
    let now = visitor.app.cerebro.organisation(visitor.signed.organisation).ok_or(Mishap::Failed)?;
    let is_in_force = set.controls.digest() == now.controls.digest();
    let (href, word) = place_of(base);
    let whole = set.whole.as_ref();
    let draft = whole.filter(|whole| is_draft(&whole.line));
    let running = running(visitor, &lines, &sets);
    let can = |action: &str| draft.is_some() && may(&visitor.signed, action);
    let rehearsed =
        draft.is_some_and(|whole| whole.line.rehearsed_on.as_deref() == Some(now.controls.digest()));
    let own = draft.is_some_and(|whole| whole.line.drafted_by == visitor.signed.account.to_string());
    let publishes = can("controls.publish");
    Ok(SetPage {
        name: whole.map_or_else(|| w.t("controls-started"), |whole| set_name(w, whole.line.number)),
        chip: match whole {
            Some(whole) => state_chip(whole.line.state, is_in_force, w),
            None => state_chip(operations::controls::SetState::Published, true, w),
        },
        facts: facts(visitor, &set.controls, whole, &names),
        reason: whole.map(|whole| whole.reason.clone()),
        changes: (!is_in_force).then(|| changes(visitor, &now.controls, &set.controls, &href)),
        controls: set.controls.controls().map(|control| row(visitor, control, &href)).collect(),
        rehearsal: whole
            .and_then(|whole| whole.rehearsal.as_ref())
            .map(|found| view(visitor, found, now.controls.digest())),
        report: format!("{href}/rehearsal"),
        rehearse: (can("controls.rehearse") && running.is_none()).then(|| format!("{href}/rehearse")),
        publish: (publishes && rehearsed && !own).then(|| format!("{href}/publish")),
        not_yet: match (publishes, own, rehearsed) {
            (true, true, _) => Some(w.t("publish-own")),
            (true, _, false) => Some(w.t("publish-not-rehearsed")),
            _ => None,
        },
        drop: can("controls.drop").then(|| format!("{href}/drop")),
        add: may(&visitor.signed, "controls.draft").then(|| format!("/controls/change?base={word}&new=yes")),
        upload: may(&visitor.signed, "controls.draft").then(|| format!("/controls/upload?base={word}")),
        running,
        problem,
        s: visitor.shell(Place::Controls).await,
    })
}

pub(super) fn changes(
    visitor: &Visitor,
    before: &ControlSet,
    after: &ControlSet,
    href: &str,
) -> Vec<ChangeView> {
    change_views(&difference(before, after), href, visitor.words)
}

pub(super) fn facts(
    visitor: &Visitor,
    set: &ControlSet,
    whole: Option<&SetWhole>,
    names: &Names,
) -> Vec<(String, String)> {
    let w = visitor.words;
    let mut facts = Vec::new();
    if let Some(line) = whole.map(|whole| &whole.line) {
        facts.push((w.t("set-drafted"), by_at(visitor, names, &line.drafted_by, line.drafted_at)));
        if let (Some(who), Some(at)) = (&line.ended_by, line.ended_at) {
            let dropped = line.state == operations::controls::SetState::Withdrawn;
            let key = if dropped { "set-ended-dropped" } else { "set-published" };
            facts.push((w.t(key), by_at(visitor, names, who, at)));
        }
    }
    facts.push((w.t("set-digest"), short(set.digest())));
    facts
}

fn row(visitor: &Visitor, control: &Control, href: &str) -> ControlRow {
    let w = visitor.words;
    let of = if href.ends_with("in-force") { "" } else { "/of" };
    ControlRow {
        href: format!("{href}{of}/{}", control.id),
        id: control.id.clone(),
        title: control.title.get(w.0).to_owned(),
        category: category_name(control.category, w),
        mode: mode_chip(control.mode, control.verdict, w),
        severity: Severity::from_level(control.severity as u8),
        class: control.hold_class.clone(),
    }
}

/// A rehearsal is asked for.
pub(super) async fn rehearse(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let Ok(set) = id.parse::<ControlSetId>() else { return visitor.mishap(Mishap::NotFound).await };
    let Ok(days) = form.text("days").parse() else { return visitor.mishap(Mishap::BadRequest).await };
    let permit = match visitor.op.permit(action::RehearseControls, set).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = start::rehearsal(&visitor.op, permit, days).await.map(|_| ());
    answered(&visitor, &headers, set, &format!("/controls/sets/{set}"), done).await
}

/// A draft is dropped.
pub(super) async fn drop_it(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Ok(set) = id.parse::<ControlSetId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::DropControls, set).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = withdraw::withdraw(&visitor.op, permit).await;
    answered(&visitor, &headers, set, "/controls", done).await
}

async fn answered(
    visitor: &Visitor,
    headers: &HeaderMap,
    set: ControlSetId,
    to: &str,
    done: Result<(), operations::controls::ControlsError>,
) -> Response {
    match done.map_err(|error| told(visitor.words, error)) {
        Ok(()) => go(headers, &recorded::after(to, visitor.op.id())),
        Err(Err(mishap)) => visitor.mishap(mishap).await,
        Err(Ok(problems)) => show(visitor, Base::Set(set), Some(problems.join(" "))).await,
    }
}
