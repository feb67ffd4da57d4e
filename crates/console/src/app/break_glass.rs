//! Break-glass, as administrators see it: each use, and its review by somebody else than its user.

use access::action;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::break_glass::list::{self, Glass};
use operations::break_glass::review::{self, ReviewGlassError};
use operations::organisation::Reason;
use vocabulary::BreakGlassId;

use super::accounts::name_of;
use super::gate::may;
use super::recorded;
use super::show::Visitor;
use crate::forms::Form;
use crate::pages::accounts::ReasonPage;
use crate::pages::break_glass::{BreakGlassPage, GlassRow, glass_chip};
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::pages::shell::Place;
use crate::router::go;

/// All of them.
pub(super) async fn page(visitor: Visitor) -> Response {
    show(&visitor).await
}

async fn all(visitor: &Visitor) -> Result<Vec<Glass>, Mishap> {
    let permit = visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await?;
    Ok(list::list(&visitor.op, &permit).await?)
}

async fn show(visitor: &Visitor) -> Response {
    let found = match all(visitor).await {
        Ok(found) => found,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let mut rows = Vec::with_capacity(found.len());
    for glass in found {
        rows.push(row(visitor, glass).await);
    }
    let s = visitor.shell(Place::Accounts).await;
    render(StatusCode::OK, &BreakGlassPage { s, rows })
}

async fn row(visitor: &Visitor, glass: Glass) -> GlassRow {
    let (wall, now) = (visitor.wall(), visitor.op.now());
    let by = match glass.reviewed_by {
        Some(by) => name_of(visitor, by).await,
        None => String::new(),
    };
    let waits = glass.ended_at.is_some() && glass.reviewed_at.is_none();
    GlassRow {
        chip: glass_chip(glass.ended_at.is_some(), glass.reviewed_at.is_some(), visitor.words),
        since: wall.moment(now, glass.opened_at),
        until: wall.moment(now, glass.ended_at.unwrap_or(glass.until)),
        review: (waits && may(&visitor.signed, "glass.review"))
            .then(|| format!("/break-glass/{}/review", glass.id)),
        name: glass.name,
        reason: glass.reason,
        found: glass.review,
        by,
    }
}

/// One is reviewed: the page that asks what was found.
pub(super) async fn review_page(visitor: Visitor, Path(id): Path<String>) -> Response {
    show_review(&visitor, &id, String::new(), None).await
}

async fn show_review(
    visitor: &Visitor,
    id: &str,
    reason: String,
    trouble: Option<(StatusCode, String)>,
) -> Response {
    let found = match all(visitor).await {
        Ok(found) => found.into_iter().find(|glass| glass.id.to_string() == id),
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let Some(glass) = found else { return visitor.mishap(Mishap::NotFound).await };
    let w = visitor.words;
    let (status, problem) =
        trouble.map_or((StatusCode::OK, None), |(status, problem)| (status, Some(problem)));
    let page = ReasonPage {
        title: w.t("glass-review"),
        about: glass.name,
        text: w.t("glass-review-text"),
        action: format!("/break-glass/{id}/review"),
        back: "/break-glass".into(),
        verb: w.t("glass-review-verb"),
        danger: false,
        reason,
        problem,
        s: visitor.shell(Place::Accounts).await,
    };
    render(status, &page)
}

/// One is reviewed.
pub(super) async fn review(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let w = visitor.words;
    let typed = form.text("reason").to_owned();
    let Ok(found) = Reason::parse(&typed) else {
        let trouble = (StatusCode::UNPROCESSABLE_ENTITY, w.t("decide-give-reason"));
        return show_review(&visitor, &id, typed, Some(trouble)).await;
    };
    let Ok(glass) = id.parse::<BreakGlassId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::ReviewGlass, glass).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    match review::review(&visitor.op, permit, found).await {
        Ok(()) => go(&headers, &recorded::after("/break-glass", visitor.op.id())),
        Err(ReviewGlassError::NotFound) => visitor.mishap(Mishap::NotFound).await,
        Err(ReviewGlassError::Operation(error)) => visitor.failed(error).await,
        Err(ReviewGlassError::NotNow) => {
            show_review(&visitor, &id, typed, Some((StatusCode::CONFLICT, w.t("glass-not-now")))).await
        }
        Err(ReviewGlassError::SamePerson(_)) => {
            show_review(&visitor, &id, typed, Some((StatusCode::FORBIDDEN, w.t("glass-own")))).await
        }
    }
}
