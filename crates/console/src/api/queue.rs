//! What waits to leave, by API: look, try at once, stop, take out. No contents, no sender, no subject.

use access::action;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use operations::Cerebro;
use operations::outgoing::{self, Destination, OutgoingLine, Paused, Step, list};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::{OutboxId, bounds};

use super::Problem;
use super::body::{Recorded, Why, read, reason};
use super::caller::Caller;
use super::query::Query;

/// A message, or a notice of the platform's own, that waits to leave.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Waiting {
    id: String,
    /// Absent for a notice.
    flow: Option<String>,
    /// Since when it may leave.
    since: String,
    attempts: u32,
    /// ready, sending, deferred, paused, or behind another that must leave first.
    state: String,
    /// When a deferred one is tried again.
    next_attempt: Option<String>,
    /// How many are still to be served.
    recipients: usize,
    /// Their domains, at most twenty.
    destinations: Vec<String>,
    /// Code and status of the last temporary failure: `450 4.2.1`.
    last_reply: Option<String>,
}

/// The whole in numbers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueFigures {
    waiting: u64,
    sending: u64,
    deferred: u64,
    oldest: Option<String>,
    /// Messages let go although their assessment failed, since the beginning.
    opened_with_debt: u64,
    /// Of those, still to be assessed.
    debts_owed: u64,
    /// Of those, assessed since: they would not have passed.
    would_not_have_passed: u64,
}

/// A page of what waits.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueuePage {
    messages: Vec<Waiting>,
    figures: QueueFigures,
    paused: Vec<PausedDestination>,
    /// Give this as `after` to get the next page; absent on the last one. It is the last message of this page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A destination to which nothing leaves.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PausedDestination {
    /// A recipient domain, or `*`.
    destination: String,
    reason: String,
    by: String,
    since: String,
}

/// What to stop.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PauseRequest {
    /// A recipient domain, or `*` for everything of the organisation.
    destination: String,
    /// Why, for colleagues, the auditor and the ledger.
    reason: String,
}

fn wire(line: OutgoingLine) -> Waiting {
    let (state, next_attempt) = match line.step {
        Step::Ready => ("ready", None),
        Step::Sending => ("sending", None),
        Step::Deferred(until) => ("deferred", Some(until.rfc3339())),
        Step::Paused => ("paused", None),
        Step::Behind => ("behind", None),
    };
    Waiting {
        id: line.id.to_string(),
        flow: line.flow.map(|flow| flow.to_string()),
        since: line.since.rfc3339(),
        attempts: line.attempts,
        state: state.to_owned(),
        next_attempt,
        recipients: line.recipients,
        destinations: line.destinations,
        last_reply: line.last_reply,
    }
}

fn stopped(paused: Paused) -> PausedDestination {
    let (reason, by) = match paused.why {
        outgoing::Why::Said { reason, by } => (reason, by),
        outgoing::Why::Restored(restoration) => (
            format!(
                "The database was brought back from a backup of {}: what left since may leave again. Compare with the next hop's log, \
                 take out what has left, then resume.",
                restoration.backup.rfc3339()
            ),
            "cerebro restored".to_owned(),
        ),
    };
    PausedDestination {
        destination: paused.destination.to_string(),
        reason,
        by,
        since: paused.since.rfc3339(),
    }
}

/// What waits to leave, oldest first.
#[utoipa::path(get, path = "/api/v1/queue", params(
    ("after" = Option<String>, Query, description = "A message: only those behind it; `next` of the page before"),
), responses((status = 200, body = QueuePage), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list_queue(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    RawQuery(query): RawQuery,
) -> Result<Json<QueuePage>, Problem> {
    let query = Query::parse(query.as_deref(), &["after"])?;
    let after = query.one("after")?.map(str::parse::<OutboxId>).transpose();
    let after = after.map_err(|_| Problem::bad_request("after: not the id of a message that waits"))?;
    let permit = op.permit(action::ReadOutbox, op.organisation()).await?;
    let mut lines = list::page(&op, &permit, after).await?;
    let more = lines.len() > bounds::PAGE_ROWS_MAX;
    lines.truncate(bounds::PAGE_ROWS_MAX);
    let next = lines.last().filter(|_| more).map(|line| line.id.to_string());
    let found = list::figures(&op, &permit).await?;
    let paused = list::paused(&op, &permit).await?;
    Ok(Json(QueuePage {
        messages: lines.into_iter().map(wire).collect(),
        figures: QueueFigures {
            waiting: found.waiting,
            sending: found.sending,
            deferred: found.deferred,
            oldest: found.oldest.map(|at| at.rfc3339()),
            opened_with_debt: found.debts.opened,
            debts_owed: found.debts.owed,
            would_not_have_passed: found.debts.would_not_have_passed,
        },
        paused: paused.into_iter().map(stopped).collect(),
        next,
    }))
}

/// Try a message at once.
#[utoipa::path(post, path = "/api/v1/queue/{id}/retry", params(("id" = String, Path)),
    responses((status = 200, body = Recorded), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn retry(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    Path(id): Path<String>,
) -> Result<Json<Recorded>, Problem> {
    let id: OutboxId = id.parse().map_err(|_| Problem::not_found())?;
    let permit = op.permit(action::RetryDelivery, id).await?;
    outgoing::retry(&cerebro, &op, permit).await?;
    Ok(Json(op.id().into()))
}

/// Take a message out: it will not leave, and its sender is told.
#[utoipa::path(post, path = "/api/v1/queue/{id}/withdrawal", params(("id" = String, Path)),
    request_body = Why,
    responses((status = 200, body = Recorded), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn withdraw(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Recorded>, Problem> {
    let id: OutboxId = id.parse().map_err(|_| Problem::not_found())?;
    let request: Why = read(&body)?;
    let why = reason("reason", &request.reason)?;
    let permit = op.permit(action::WithdrawDelivery, id).await?;
    outgoing::withdraw(&cerebro, &op, permit, why).await?;
    Ok(Json(op.id().into()))
}

/// Stop what leaves to a destination, or everything of the organisation.
#[utoipa::path(post, path = "/api/v1/queue/pauses", request_body = PauseRequest,
    responses((status = 201, body = Recorded), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn pause(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    body: Bytes,
) -> Result<(StatusCode, Json<Recorded>), Problem> {
    let request: PauseRequest = read(&body)?;
    let destination = destination(&request.destination)?;
    let why = reason("reason", &request.reason)?;
    let permit = op.permit(action::PauseRelay, op.organisation()).await?;
    outgoing::pause(&op, permit, destination, why).await?;
    Ok((StatusCode::CREATED, Json(op.id().into())))
}

/// Let a destination go on: what waited leaves at once.
#[utoipa::path(delete, path = "/api/v1/queue/pauses/{destination}", params(("destination" = String, Path)),
    responses((status = 200, body = Recorded), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn resume(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    Path(text): Path<String>,
) -> Result<Json<Recorded>, Problem> {
    let destination = destination(&text)?;
    let permit = op.permit(action::PauseRelay, op.organisation()).await?;
    outgoing::resume(&cerebro, &op, permit, destination).await?;
    Ok(Json(op.id().into()))
}

fn destination(text: &str) -> Result<Destination, Problem> {
    text.parse().map_err(|error| Problem::bad_request(format!("destination: {error}")))
}
