//! Changes that wait for a second administrator: the list, one of them, the two answers.

use access::action;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::changes::approve::{self, ChangeError};
use operations::changes::list;
use operations::changes::{Change, ChangeState, Proposal, refuse};
use operations::organisation::{Setting, change_security};
use vocabulary::{ChangeId, bounds};

use super::accounts::name_of;
use super::answered::{self, Trouble};
use super::gate::may;
use super::missions::trouble;
use super::recorded;
use super::services;
use super::show::{Visitor, role};
use crate::pages::changes::{ChangePage, ChangeRow, ChangesPage, state_chip};
use crate::pages::error::Mishap;
use crate::pages::policy::{setting_name, setting_value};
use crate::pages::render;
use crate::pages::shell::Place;

/// The list.
pub(super) async fn page(visitor: Visitor) -> Response {
    let found = match all(&visitor).await {
        Ok(found) => found,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let mut rows = Vec::with_capacity(found.len());
    for change in &found {
        rows.push(row(&visitor, change).await);
    }
    let s = visitor.shell(Place::Accounts).await;
    render(StatusCode::OK, &ChangesPage { s, rows })
}

async fn all(visitor: &Visitor) -> Result<Vec<Change>, Mishap> {
    let permit = visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await?;
    Ok(list::list(&visitor.op, &permit).await?)
}

async fn row(visitor: &Visitor, change: &Change) -> ChangeRow {
    let (wall, now) = (visitor.wall(), visitor.op.now());
    ChangeRow {
        href: format!("/changes/{}", change.id),
        what: what(visitor, change).await,
        by: name_of(visitor, change.requested_by).await,
        since: wall.moment(now, change.created_at),
        until: wall.day(now, change.until),
        chip: state_chip(change.state, visitor.words),
    }
}

/// What would change, in a line.
async fn what(visitor: &Visitor, change: &Change) -> String {
    let w = visitor.words;
    match &change.proposal {
        Proposal::Mission { account, mission, .. } => {
            let (name, mission) = (name_of(visitor, *account).await, role(w, *mission));
            w.with2("change-mission", "name", name, "mission", mission)
        }
        Proposal::Token { account, .. } => w.with("change-token", "name", name_of(visitor, *account).await),
        Proposal::Security { settings } => {
            let names: Vec<String> = settings.iter().map(|one| setting_name(w, one)).collect();
            w.with("change-security", "settings", names.join(", "))
        }
    }
}

/// One change.
pub(super) async fn one(visitor: Visitor, Path(id): Path<String>) -> Response {
    show(&visitor, &id, StatusCode::OK, None).await
}

async fn show(visitor: &Visitor, id: &str, status: StatusCode, problem: Option<String>) -> Response {
    let change = match find(visitor, id).await {
        Ok(change) => change,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let (w, wall, now) = (visitor.words, visitor.wall(), visitor.op.now());
    let mut facts = vec![
        (w.t("account-asked-by"), name_of(visitor, change.requested_by).await),
        (w.t("col-since"), wall.moment(now, change.created_at)),
    ];
    match &change.proposal {
        Proposal::Mission { from, until, .. } => {
            if *from > now {
                facts.push((w.t("mission-begins"), wall.moment(now, *from)));
            }
            facts.extend(until.map(|until| (w.t("mission-ends"), wall.moment(now, until))));
        }
        Proposal::Token { .. } => {
            let days = bounds::TOKEN_OVERLAP.as_secs() / (24 * 3600);
            facts.push((w.t("change-token-before"), w.n("change-token-before-text", days)));
        }
        Proposal::Security { settings } => match loosened(visitor, settings).await {
            Ok(rows) => facts.extend(rows),
            Err(mishap) => return visitor.mishap(mishap).await,
        },
    }
    if change.state == ChangeState::Waiting {
        facts.push((w.t("change-lapses"), wall.day(now, change.until)));
    }
    if let Some(by) = change.decided_by {
        facts.push((w.t("change-answered-by"), name_of(visitor, by).await));
    }
    let waits = change.state == ChangeState::Waiting && now < change.until;
    let page = ChangePage {
        what: what(visitor, &change).await,
        chip: state_chip(change.state, w),
        facts,
        reason: change.reason,
        approve: (waits && may(&visitor.signed, "change.approve")).then(|| format!("/changes/{id}/approve")),
        refuse: (waits && may(&visitor.signed, "change.refuse")).then(|| format!("/changes/{id}/refuse")),
        problem,
        s: visitor.shell(Place::Accounts).await,
    };
    render(status, &page)
}

/// Each setting that would be looser: as it stands, and as it would be.
async fn loosened(visitor: &Visitor, settings: &[Setting]) -> Result<Vec<(String, String)>, Mishap> {
    let permit = visitor.op.permit(action::ReadPolicy, visitor.signed.organisation).await?;
    let (w, now) = (visitor.words, change_security::read(&visitor.op, &permit).await?.settings());
    let row = |after: &Setting| {
        let before = now.iter().find(|before| before.word() == after.word());
        let before = before.map(|before| setting_value(w, before)).unwrap_or_default();
        let values = w.with2("change-from-to", "before", before, "after", setting_value(w, after));
        (setting_name(w, after), values)
    };
    Ok(settings.iter().map(row).collect())
}

async fn find(visitor: &Visitor, id: &str) -> Result<Change, Mishap> {
    let id: ChangeId = id.parse().map_err(|_| Mishap::NotFound)?;
    let permit = visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await?;
    list::one(&visitor.op, &permit, id).await?.ok_or(Mishap::NotFound)
}

/// A second administrator agrees.
pub(super) async fn approve(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Ok(change) = id.parse::<ChangeId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::ApproveChange, change).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = approve::approve(&visitor.app.cerebro, &visitor.op, permit).await;
    answered(&visitor, &headers, &id, done).await
}

/// It is turned down, or taken back.
pub(super) async fn refuse(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Ok(change) = id.parse::<ChangeId>() else { return visitor.mishap(Mishap::NotFound).await };
    let permit = match visitor.op.permit(action::RefuseChange, change).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let done = refuse::refuse(&visitor.op, permit).await;
    answered(&visitor, &headers, &id, done).await
}

async fn answered(
    visitor: &Visitor,
    headers: &HeaderMap,
    id: &str,
    done: Result<(), ChangeError>,
) -> Response {
    let w = visitor.words;
    let says = |status, problem| Trouble::Says(status, problem);
    let done = done.map_err(|error| match error {
        ChangeError::NotFound => Trouble::NotFound,
        ChangeError::Operation(error) => Trouble::Failed(error),
        ChangeError::SamePerson(_) => says(StatusCode::FORBIDDEN, w.t("change-same-person")),
        ChangeError::RequesterGone => says(StatusCode::CONFLICT, w.t("change-requester-gone")),
        ChangeError::Over => says(StatusCode::CONFLICT, w.t("change-over")),
        ChangeError::Token(error) => says(StatusCode::CONFLICT, services::trouble(w, &error)),
        ChangeError::Grant(error) => says(StatusCode::CONFLICT, trouble(w, &error).1),
    });
    let to = recorded::after(&format!("/changes/{id}"), visitor.op.id());
    match answered::answered(visitor, headers, &to, done).await {
        Ok(answer) => answer,
        Err((status, problem)) => show(visitor, id, status, Some(problem)).await,
    }
}
