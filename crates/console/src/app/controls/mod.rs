//! Control sets, as pages: the list, one set, one control, drafts, rehearsals, publication.

mod change;
mod control;
mod form;
mod looked_back;
mod publish;
mod replays;
mod set;
mod upload;
mod wrong;

use std::collections::HashMap;

use access::{OperationError, Permit, action};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, on};
use compliance::{ControlSet, Mode};
use operations::controls::look::{self, Base, SetLine};
use operations::controls::samples::{self, SampleCheck};
use operations::controls::{ControlsError, SetState};
use vocabulary::Timestamp;

use super::App;
use super::gate::may;
use super::show::Visitor;
use crate::i18n::Words;
use crate::pages::controls::{ControlsPage, SetRow, state_chip};
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::pages::shell::Place;
use crate::router::Controls as C;

/// Which handler answers which route.
pub(super) fn bind(endpoint: C, filter: MethodFilter) -> MethodRouter<App> {
    match endpoint {
        C::Sets => on(filter, page),
        C::InForce => on(filter, set::in_force),
        C::InForceControl => on(filter, control::in_force),
        C::Set => on(filter, set::page),
        C::SetControl => on(filter, control::of_set),
        C::Rehearsal => on(filter, replays::rehearsal),
        C::Rehearse => on(filter, set::rehearse),
        C::PublishPage => on(filter, publish::page),
        C::Publish => on(filter, publish::publish),
        C::Drop => on(filter, set::drop_it),
        C::ChangePage => on(filter, change::page),
        C::Change => on(filter, change::change),
        C::UploadPage => on(filter, upload::page),
        C::Upload => on(filter, upload::upload),
        C::LookBack => on(filter, replays::look_back),
        C::Replay => on(filter, replays::page),
        C::Progress => on(filter, replays::progress),
        C::StopReplay => on(filter, replays::stop),
    }
}

/// The list.
async fn page(visitor: Visitor) -> Response {
    show(&visitor, None).await
}

async fn show(visitor: &Visitor, problem: Option<String>) -> Response {
    let found = async {
        let permit = reading(visitor).await?;
        let sets = look::list(&visitor.op, &permit).await?;
        let replays = operations::controls::replays::look::list(&visitor.op, &permit).await?;
        let checked = samples::latest(&visitor.op, &permit).await?;
        Ok::<_, Mishap>((sets, replays, Names::of(visitor, &permit).await?, checked))
    };
    let (sets, lines, names, checked) = match found.await {
        Ok(found) => found,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let organisation = visitor.app.cerebro.organisation(visitor.signed.organisation);
    let Some(organisation) = organisation else { return visitor.mishap(Mishap::Failed).await };
    let rows = sets.iter().map(|line| row(visitor, line, organisation.control_set, &names)).collect();
    let in_force = sets.iter().find(|line| organisation.control_set == Some(line.id));
    let page = ControlsPage {
        in_force: in_force_words(visitor, in_force, &names),
        counts: counts(&organisation.controls),
        samples: samples_words(visitor, checked),
        running: replays::running(visitor, &lines, &sets),
        rows,
        replays: replays::rows(visitor, &lines, &sets, &names),
        may_draft: may(&visitor.signed, "controls.draft"),
        may_look_back: may(&visitor.signed, "controls.look_back"),
        s: visitor.shell(Place::Controls).await,
        problem,
    };
    let status = if page.problem.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    render(status, &page)
}

/// All, those that hold or refuse, those that observe.
fn counts(set: &ControlSet) -> (u64, u64, u64) {
    let all = set.controls().len() as u64;
    let enforced = set.controls().filter(|control| control.mode == Mode::Enforce).count() as u64;
    (all, enforced, all - enforced)
}

/// The last run of the samples: a sentence, and what is wrong.
fn samples_words(visitor: &Visitor, checked: Option<SampleCheck>) -> (String, Vec<String>) {
    let w = visitor.words;
    let Some(checked) = checked else { return (w.t("samples-not-yet"), Vec::new()) };
    let at = moment(visitor, checked.checked_at);
    let key = if checked.wrong == 0 { "samples-right" } else { "samples-wrong" };
    let count = if checked.wrong == 0 { checked.samples } else { checked.wrong };
    (w.with2(key, "n", w.int(count), "at", at), checked.controls)
}

fn in_force_words(visitor: &Visitor, line: Option<&SetLine>, names: &Names) -> String {
    let w = visitor.words;
    let Some(line) = line else { return w.t("controls-started") };
    let at = line.ended_at.map(|at| moment(visitor, at)).unwrap_or_default();
    let who = line.ended_by.as_deref().map(|who| names.name(who, w)).unwrap_or_default();
    crate::i18n::t(
        w.0,
        "controls-in-force-since",
        &[("number", line.number.to_string().into()), ("at", at.into()), ("who", who.into())],
    )
}

fn row(
    visitor: &Visitor,
    line: &SetLine,
    in_force: Option<vocabulary::ControlSetId>,
    names: &Names,
) -> SetRow {
    let w = visitor.words;
    SetRow {
        href: format!("/controls/sets/{}", line.id),
        name: set_name(w, line.number),
        chip: state_chip(line.state, in_force == Some(line.id), w),
        controls: line.controls,
        drafted: by_at(visitor, names, &line.drafted_by, line.drafted_at),
        rehearsed: line.rehearsed_at.map(|at| moment(visitor, at)),
        ended: line.ended_by.as_deref().zip(line.ended_at).map(|(who, at)| by_at(visitor, names, who, at)),
    }
}

fn set_name(w: Words, number: u64) -> String {
    w.with("set-name", "number", number)
}

pub(super) fn moment(visitor: &Visitor, at: Timestamp) -> String {
    visitor.wall().moment(visitor.op.now(), at)
}

pub(super) fn by_at(visitor: &Visitor, names: &Names, who: &str, at: Timestamp) -> String {
    let w = visitor.words;
    w.with2("set-by-at", "who", names.name(who, w), "at", moment(visitor, at))
}

/// People by the word entries have for them.
pub(super) struct Names(HashMap<String, String>);

impl Names {
    pub(super) async fn of(
        visitor: &Visitor,
        permit: &Permit<action::ReadControls>,
    ) -> Result<Self, OperationError> {
        Ok(Self(look::names(&visitor.op, permit).await?))
    }

    pub(super) fn name(&self, who: &str, w: Words) -> String {
        match self.0.get(who) {
            Some(name) => name.clone(),
            None if who.starts_with("system:") => w.t("set-machine"),
            None => who.to_owned(),
        }
    }
}

pub(super) async fn reading(visitor: &Visitor) -> Result<Permit<action::ReadControls>, Mishap> {
    Ok(visitor.op.permit(action::ReadControls, visitor.signed.organisation).await?)
}

/// The set an address or a form names.
fn base_of(word: &str) -> Option<Base> {
    if word == "in-force" {
        return Some(Base::InForce);
    }
    word.parse().ok().map(Base::Set)
}

/// Where a set is shown, and its word in forms.
fn place_of(base: Base) -> (String, String) {
    match base {
        Base::InForce => ("/controls/in-force".to_owned(), "in-force".to_owned()),
        Base::Set(id) => (format!("/controls/sets/{id}"), id.to_string()),
    }
}

/// What is wrong, for the page; an error that is ours, or about nothing, is a page of its own.
fn told(w: Words, error: ControlsError) -> Result<Vec<String>, Mishap> {
    Ok(match error {
        ControlsError::NotFound => return Err(Mishap::NotFound),
        ControlsError::Operation(error) => return Err(error.into()),
        ControlsError::Invalid(wrong) => wrong.iter().map(|wrong| wrong::told(w, wrong)).collect(),
        ControlsError::InForce => vec![w.t("set-is-in-force")],
        ControlsError::Over | ControlsError::Stopped => vec![w.t("set-over")],
        ControlsError::NoControl => vec![w.t("set-no-control")],
        ControlsError::NotRehearsed => vec![w.t("publish-not-rehearsed")],
        ControlsError::Uncalibrated(controls) => {
            vec![w.with("publish-uncalibrated", "controls", controls.join(", "))]
        }
        ControlsError::SamePerson(_) | ControlsError::Nobody => vec![w.t("publish-same-person")],
        ControlsError::Busy => vec![w.t("replay-busy")],
    })
}

/// Whether a set may still be rehearsed, published, dropped.
fn is_draft(line: &SetLine) -> bool {
    line.state == SetState::Draft
}
