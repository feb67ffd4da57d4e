//! A second person, who is present, publishes a draft.

use access::action;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::controls::look::{self, Base};
use operations::controls::publish as verb;
use vocabulary::ControlSetId;

use super::replays::view;
use super::set::{changes, facts};
use super::{Names, is_draft, place_of, reading, set_name, told};
use crate::app::recorded;
use crate::app::show::Visitor;
use crate::pages::controls::PublishPage;
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::pages::shell::Place;
use crate::router::go;

/// The draft, before it is published.
pub(super) async fn page(visitor: Visitor, Path(id): Path<String>) -> Response {
    match id.parse() {
        Ok(id) => show(&visitor, id, None).await,
        Err(_) => visitor.mishap(Mishap::NotFound).await,
    }
}

async fn show(visitor: &Visitor, id: ControlSetId, problem: Option<String>) -> Response {
    match fill(visitor, id, problem).await {
        Ok(page) => {
            let status = if page.problem.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
            render(status, &page)
        }
        Err(mishap) => visitor.mishap(mishap).await,
    }
}

async fn fill(visitor: &Visitor, id: ControlSetId, problem: Option<String>) -> Result<PublishPage, Mishap> {
    let w = visitor.words;
    let permit = reading(visitor).await?;
    let base = Base::Set(id);
    let set = look::read(&visitor.app.cerebro, &visitor.op, &permit, base).await?.ok_or(Mishap::NotFound)?;
    let whole =
        set.whole.filter(|whole| problem.is_some() || is_draft(&whole.line)).ok_or(Mishap::NotFound)?;
    let names = Names::of(visitor, &permit).await?;
    let now = visitor.app.cerebro.organisation(visitor.signed.organisation).ok_or(Mishap::Failed)?;
    let (back, _) = place_of(base);
    let mut known = facts(visitor, &set.controls, Some(&whole), &names);
    known.push((w.t("account-why"), whole.reason.clone()));
    Ok(PublishPage {
        name: set_name(w, whole.line.number),
        facts: known,
        changes: changes(visitor, &now.controls, &set.controls, &back),
        rehearsal: whole.rehearsal.as_ref().map(|found| view(visitor, found, now.controls.digest())),
        back,
        problem,
        s: visitor.shell(Place::Controls).await,
    })
}

/// It is published.
pub(super) async fn publish(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Ok(set) = id.parse::<ControlSetId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::PublishControls, set).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = verb::publish(&visitor.app.cerebro, &visitor.op, permit).await;
    match done.map_err(|error| told(visitor.words, error)) {
        Ok(()) => go(&headers, &recorded::after(&format!("/controls/sets/{set}"), visitor.op.id())),
        Err(Err(mishap)) => visitor.mishap(mishap).await,
        Err(Ok(problems)) => show(&visitor, set, Some(problems.join(" "))).await,
    }
}
