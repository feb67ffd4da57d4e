//! Past flows read again: how far it is, what a rehearsal says message by message, what a look back found.

use std::time::Duration;

use access::action;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use operations::controls::look::{self, Base, SetLine};
use operations::controls::rehearse::{Changed, Rehearsal};
use operations::controls::replays::look::{self as replay_look, ReplayLine};
use operations::controls::replays::{ReplayKind, ReplayState, start, stop as verb};
use vocabulary::{ReplayId, bounds};

use super::{Names, by_at, looked_back, moment, place_of, reading, set_name, told};
use crate::app::gate::may;
use crate::app::recorded;
use crate::app::show::Visitor;
use crate::format;
use crate::forms::Form;
use crate::guard::FormToken;
use crate::pages::error::Mishap;
use crate::pages::replays::{
    MessageChange, Progress, RehearsalPage, RehearsalView, ReplayPage, ReplayRow, replay_chip,
};
use crate::pages::shell::Place;
use crate::pages::{Chip, Standing, render};
use crate::router::go;

/// Messages one page names; the API names all that a rehearsal kept.
const CHANGES_SHOWN: usize = 100;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// What is being read again, if something is.
pub(super) fn running(visitor: &Visitor, lines: &[ReplayLine], sets: &[SetLine]) -> Option<Progress> {
    let line = lines.iter().find(|line| line.state == ReplayState::Running)?;
    Some(progress_of(visitor, line, sets))
}

fn progress_of(visitor: &Visitor, line: &ReplayLine, sets: &[SetLine]) -> Progress {
    let href = format!("/controls/replays/{}", line.id);
    let token = visitor.parts.extensions.get::<FormToken>();
    Progress {
        w: visitor.words,
        csrf: token.map(|token| token.0.clone()).unwrap_or_default(),
        what: what(visitor, line, sets),
        done: line.done,
        total: line.total,
        stop: may(&visitor.signed, "controls.stop_replay").then(|| format!("{href}/stop")),
        href: format!("{href}/progress"),
    }
}

fn what(visitor: &Visitor, line: &ReplayLine, sets: &[SetLine]) -> String {
    let w = visitor.words;
    let set = sets.iter().find(|set| set.id.to_string() == line.subject);
    match (line.kind, set) {
        (ReplayKind::Rehearsal, Some(set)) => w.with("rehearsal-of", "number", set.number),
        (ReplayKind::Rehearsal, None) => w.t("rehearsal"),
        (ReplayKind::LookBack, _) => w.t("look-back"),
    }
}

/// The latest of them.
pub(super) fn rows(
    visitor: &Visitor,
    lines: &[ReplayLine],
    sets: &[SetLine],
    names: &Names,
) -> Vec<ReplayRow> {
    let row = |line: &ReplayLine| ReplayRow {
        href: match (line.kind, line.state) {
            (ReplayKind::Rehearsal, ReplayState::Done) => format!("/controls/sets/{}", line.subject),
            _ => format!("/controls/replays/{}", line.id),
        },
        what: what(visitor, line, sets),
        chip: replay_chip(line.state, visitor.words),
        asked: by_at(visitor, names, &line.asked_by, line.until),
        flows: line.done,
    };
    lines.iter().map(row).collect()
}

/// What a rehearsal says, in figures. `now` is the digest of the set in force.
pub(super) fn view(visitor: &Visitor, found: &Rehearsal, now: &str) -> RehearsalView {
    let w = visitor.words;
    let days = w.n("rehearsal-days", found.days);
    let at = moment(visitor, found.until);
    let about = crate::i18n::t(
        w.0,
        "rehearsal-about",
        &[("flows", w.int(found.flows).into()), ("days", days.into()), ("at", at.into())],
    );
    let about = match (found.more, found.unread) {
        (true, unread) => w.with2("rehearsal-partial", "text", about, "unread", w.int(unread)),
        (false, 0) => about,
        (false, unread) => w.with2("rehearsal-unread", "text", about, "unread", w.int(unread)),
    };
    let unknown = || w.t("rehearsal-unknown");
    let was = found.waits_per_day();
    let minutes = |minutes: u64| format::span(w.0, Duration::from_secs(minutes * 60));
    RehearsalView {
        about,
        stale: found.beside != now,
        figures: vec![
            (
                w.t("rehearsal-per-day"),
                format::tenths(w.0, found.holds_per_day()),
                Some(w.with("rehearsal-was", "n", format::tenths(w.0, was))),
            ),
            (w.t("rehearsal-changed"), w.int(found.changed), None),
            (w.t("rehearsal-review"), found.review_minutes_per_day().map_or_else(unknown, minutes), None),
            (
                w.t("rehearsal-expiries"),
                found.expiries_per_day().map_or_else(unknown, |tenths| format::tenths(w.0, tenths)),
                None,
            ),
        ],
        controls: found.controls.iter().map(|(id, (now, then))| (id.clone(), *now, *then)).collect(),
    }
}

/// A rehearsal, message by message.
pub(super) async fn rehearsal(visitor: Visitor, Path(id): Path<String>) -> Response {
    match report(&visitor, &id).await {
        Ok(page) => render(StatusCode::OK, &page),
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

async fn report(visitor: &Visitor, id: &str) -> Result<RehearsalPage, Mishap> {
    let id = id.parse().map_err(|_| Mishap::NotFound)?;
    let permit = reading(visitor).await?;
    let whole = look::one(&visitor.op, &permit, id).await?.ok_or(Mishap::NotFound)?;
    let found = whole.rehearsal.ok_or(Mishap::NotFound)?;
    let now = visitor.app.cerebro.organisation(visitor.signed.organisation).ok_or(Mishap::Failed)?;
    Ok(RehearsalPage {
        back: (place_of(Base::Set(id)).0, set_name(visitor.words, whole.line.number)),
        rehearsal: view(visitor, &found, now.controls.digest()),
        changes: found.changes.iter().take(CHANGES_SHOWN).map(|change| changed(visitor, change)).collect(),
        more: found.changed.saturating_sub(found.changes.len().min(CHANGES_SHOWN) as u64),
        s: visitor.shell(Place::Controls).await,
    })
}

fn changed(visitor: &Visitor, change: &Changed) -> MessageChange {
    let chip = |word: &str| -> Chip {
        match word {
            "pass" => Standing::Pass,
            "hold" => Standing::Held,
            _ => Standing::Refused,
        }
        .chip(visitor.words)
    };
    MessageChange {
        flow: change.flow.to_string(),
        at: moment(visitor, change.at),
        was: chip(&change.was),
        becomes: chip(&change.becomes),
        gained: change.gained.join(", "),
        lost: change.lost.join(", "),
    }
}

/// A look back is asked for.
pub(super) async fn look_back(visitor: Visitor, headers: HeaderMap, form: Form) -> Response {
    let days =
        form.text("days").parse::<u32>().ok().filter(|days| (1..=bounds::REHEARSAL_DAYS_MAX).contains(days));
    let Some(days) = days else { return visitor.mishap(Mishap::BadRequest).await };
    let permit = match visitor.op.permit(action::LookBack, visitor.signed.organisation).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let since = visitor.op.now().minus(DAY * days);
    match start::look_back(&visitor.op, permit, since).await.map_err(|error| told(visitor.words, error)) {
        Ok(id) => go(&headers, &recorded::after(&format!("/controls/replays/{id}"), visitor.op.id())),
        Err(Err(mishap)) => visitor.mishap(mishap).await,
        Err(Ok(problems)) => super::show(&visitor, Some(problems.join(" "))).await,
    }
}

/// One of them: on its way, or what it found.
pub(super) async fn page(visitor: Visitor, Path(id): Path<String>) -> Response {
    match fill(&visitor, &id).await {
        Ok(page) => render(StatusCode::OK, &page),
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

async fn fill(visitor: &Visitor, id: &str) -> Result<ReplayPage, Mishap> {
    let w = visitor.words;
    let id: ReplayId = id.parse().map_err(|_| Mishap::NotFound)?;
    let permit = reading(visitor).await?;
    let (line, found) = replay_look::one(&visitor.op, &permit, id).await?.ok_or(Mishap::NotFound)?;
    let names = Names::of(visitor, &permit).await?;
    let sets = look::list(&visitor.op, &permit).await?;
    let facts = vec![
        (w.t("replay-asked"), by_at(visitor, &names, &line.asked_by, line.until)),
        (w.t("replay-window"), moment(visitor, line.from)),
        (w.t("replay-flows"), w.int(line.done)),
    ];
    let found = match found {
        Some(found) => Some(looked_back::view(visitor, &permit, &line, &found).await?),
        None => None,
    };
    let running = (line.state == ReplayState::Running).then(|| progress_of(visitor, &line, &sets));
    let what = what(visitor, &line, &sets);
    let s = visitor.shell(Place::Controls).await;
    Ok(ReplayPage { what, chip: replay_chip(line.state, w), facts, running, found, s })
}

/// How far it is; once it is over, the page is asked for again.
pub(super) async fn progress(visitor: Visitor, Path(id): Path<String>) -> Response {
    let found = async {
        let id: ReplayId = id.parse().map_err(|_| Mishap::NotFound)?;
        let permit = reading(&visitor).await?;
        let (line, _) = replay_look::one(&visitor.op, &permit, id).await?.ok_or(Mishap::NotFound)?;
        Ok::<_, Mishap>((line, look::list(&visitor.op, &permit).await?))
    };
    match found.await {
        Ok((line, sets)) if line.state == ReplayState::Running => {
            render(StatusCode::OK, &progress_of(&visitor, &line, &sets))
        }
        Ok(_) => (StatusCode::OK, [("hx-refresh", "true")]).into_response(),
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

/// It is stopped.
pub(super) async fn stop(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Ok(replay) = id.parse::<ReplayId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::StopReplay, replay).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match verb::stop(&visitor.op, permit).await.map_err(|error| told(visitor.words, error)) {
        Ok(()) => go(&headers, &recorded::after("/controls", visitor.op.id())),
        Err(Err(mishap)) => visitor.mishap(mishap).await,
        // It was over already: its page says how it ended.
        Err(Ok(_)) => go(&headers, &format!("/controls/replays/{replay}")),
    }
}
