//! The quarter's review of access, for administrators: each right, kept or ended by somebody who does not hold it.

use access::action;
use axum::extract::{Path, RawQuery};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use operations::access_reviews::decide::{self, DecideRightError, Verdict};
use operations::access_reviews::list::{self, Line, LineState, Review};
use operations::organisation::Reason;
use vocabulary::{GrantId, bounds};

use super::accounts::name_of;
use super::answered::{self, Trouble};
use super::gate::may;
use super::missions::held;
use super::recorded;
use super::show::{Visitor, role};
use crate::forms::Form;
use crate::pages::access_review::{AccessReviewPage, OpenReview, RightRow, right_chip};
use crate::pages::accounts::ReasonPage;
use crate::pages::error::Mishap;
use crate::pages::render;
use crate::pages::shell::Place;

const PAGE: &str = "/access-review";

/// The review that is open.
pub(super) async fn page(visitor: Visitor, RawQuery(query): RawQuery) -> Response {
    let query = Form::parse(query.unwrap_or_default().as_bytes()).unwrap_or_default();
    let number = query.text("page").parse().unwrap_or(0).min(10_000);
    show(&visitor, number, StatusCode::OK, None).await
}

/// A right, before it is kept: the page whose form asked for a fresh proof comes back here.
pub(super) async fn keep_page(visitor: Visitor) -> Response {
    show(&visitor, 0, StatusCode::OK, None).await
}

async fn found(
    visitor: &Visitor,
    number: u32,
) -> Result<(Option<Review>, Vec<Line>, Option<String>), Mishap> {
    let permit = visitor.op.permit(action::ReadAccounts, visitor.signed.organisation).await?;
    let review = list::current(&visitor.op, &permit).await?;
    let lines = match review {
        Some(review) => list::lines(&visitor.op, &permit, review.id, number).await?,
        None => Vec::new(),
    };
    let last = list::last(&visitor.op, &permit).await?;
    let last = last.map(|at| visitor.wall().day(visitor.op.now(), at));
    Ok((review, lines, last))
}

async fn show(visitor: &Visitor, number: u32, status: StatusCode, problem: Option<String>) -> Response {
    let (review, mut lines, last) = match found(visitor, number).await {
        Ok(found) => found,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let more = lines.len() > bounds::PAGE_ROWS_MAX;
    lines.truncate(bounds::PAGE_ROWS_MAX);
    let (wall, now) = (visitor.wall(), visitor.op.now());
    let to = |page: u32| format!("{PAGE}?page={page}");
    let page = AccessReviewPage {
        open: review.map(|review| OpenReview {
            left: review.left,
            due: wall.day(now, review.due_at),
            late: review.is_late(now),
        }),
        last,
        rows: lines.into_iter().map(|line| row(visitor, line)).collect(),
        before: number.checked_sub(1).map(to),
        after: more.then(|| to(number + 1)),
        problem,
        s: visitor.shell(Place::Accounts).await,
    };
    render(status, &page)
}

fn row(visitor: &Visitor, line: Line) -> RightRow {
    let (w, wall, now) = (visitor.words, visitor.wall(), visitor.op.now());
    let own = line.account == visitor.signed.account;
    let decidable = line.state.is_open() && may(&visitor.signed, "right.review");
    RightRow {
        href: format!("/accounts/{}", line.account),
        mission: role(w, line.mission),
        since: wall.day(now, line.from),
        used: line.used.map(|at| wall.day(now, at)),
        chip: right_chip(&line.state, w),
        by: match &line.state {
            LineState::Kept(name, at) | LineState::Ended(name, at) => {
                format!("{name}, {}", wall.moment(now, *at))
            }
            LineState::Suspended(at) => w.with("right-suspended-since", "when", wall.moment(now, *at)),
            LineState::Waits | LineState::Gone => String::new(),
        },
        decide: (decidable && !own)
            .then(|| (format!("{PAGE}/{}/keep", line.grant), format!("{PAGE}/{}/end", line.grant))),
        own: decidable && own,
        name: line.name,
    }
}

/// A right is kept.
pub(super) async fn keep(visitor: Visitor, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let Ok(grant) = id.parse::<GrantId>() else { return visitor.mishap(Mishap::NotFound).await };
    take(&visitor, &headers, grant, Verdict::Keep).await
}

/// A right is ended: the form.
pub(super) async fn end_page(visitor: Visitor, Path(id): Path<String>) -> Response {
    ask(&visitor, &id, String::new(), None).await
}

async fn ask(visitor: &Visitor, id: &str, reason: String, problem: Option<String>) -> Response {
    let (account, mission) = match held(visitor, id).await {
        Ok(found) => found,
        Err(mishap) => return visitor.mishap(mishap).await,
    };
    let (w, name) = (visitor.words, name_of(visitor, account).await);
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = ReasonPage {
        title: w.with2("right-end-named", "mission", role(w, mission), "name", &name),
        about: name,
        text: w.t("mission-withdraw-text"),
        action: format!("{PAGE}/{id}/end"),
        back: PAGE.into(),
        verb: w.t("right-end"),
        danger: true,
        reason,
        problem,
        s: visitor.shell(Place::Accounts).await,
    };
    render(status, &page)
}

/// A right is ended.
pub(super) async fn end(
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
    form: Form,
) -> Response {
    let typed = form.text("reason").to_owned();
    let Ok(reason) = Reason::parse(&typed) else {
        return ask(&visitor, &id, typed, Some(visitor.words.t("decide-give-reason"))).await;
    };
    let Ok(grant) = id.parse::<GrantId>() else { return visitor.mishap(Mishap::NotFound).await };
    take(&visitor, &headers, grant, Verdict::End(reason)).await
}

async fn take(visitor: &Visitor, headers: &HeaderMap, grant: GrantId, verdict: Verdict) -> Response {
    let permit = match visitor.op.permit(action::DecideRight, grant).await {
        Ok(permit) => permit,
        Err(error) => return visitor.failed(error).await,
    };
    let w = visitor.words;
    let done = decide::decide(&visitor.app.cerebro, &visitor.op, permit, verdict).await;
    let done = done.map_err(|error| match error {
        DecideRightError::NotFound => Trouble::NotFound,
        DecideRightError::Operation(error) => Trouble::Failed(error),
        DecideRightError::SamePerson(_) => Trouble::Says(StatusCode::FORBIDDEN, w.t("right-same-person")),
        DecideRightError::Standing(_) => {
            Trouble::Says(StatusCode::CONFLICT, w.t("account-last-administrator"))
        }
    });
    let to = recorded::after(PAGE, visitor.op.id());
    match answered::answered(visitor, headers, &to, done).await {
        Ok(answer) => answer,
        Err((status, problem)) => show(visitor, 0, status, Some(problem)).await,
    }
}
