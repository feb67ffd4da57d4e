//! Past flows read again, by API: how far it is, what a look back found; one is asked for, one is stopped.

use std::time::Duration;

use access::action;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use operations::Cerebro;
use operations::controls::look_back::LookedBack;
use operations::controls::replays::look::{self, ReplayLine};
use operations::controls::replays::{start, stop as verb};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{ReplayId, Timestamp};

use super::Problem;
use super::caller::Caller;
use super::controls::{DaysRequest, ReplayAsked, days};

const DAY: Duration = Duration::from_secs(24 * 3600);

/// Past flows read again.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Replay {
    id: String,
    /// rehearsal, or look_back.
    kind: String,
    /// The set that is rehearsed; the organisation that looks back.
    subject: String,
    from: String,
    until: String,
    /// running, done, stopped or failed.
    state: String,
    asked_by: String,
    ended_by: Option<String>,
    ended_at: Option<String>,
    /// Flows to read; 0 until they were counted.
    total: u64,
    done: u64,
    /// What a look back found, once it is done; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<Found>,
}

/// The latest of them.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Replays {
    replays: Vec<Replay>,
}

/// What a look back found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Found {
    flows: u64,
    unread: u64,
    /// There were more than are looked at.
    more: bool,
    /// When the oldest flow looked at came.
    reached: Option<String>,
    /// Flows of which more is found now, named or not.
    count: u64,
    /// Of those, guarded ones; they are in no count of a control.
    guarded: u64,
    /// By control.
    controls: Vec<FoundBy>,
    /// Those of which more is found now, the latest first, at most a thousand.
    seen: Vec<SeenAgain>,
}

/// What a control finds now and did not.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FoundBy {
    control: String,
    /// Flows it matches now and did not.
    newly: u64,
    /// Flows it matched already, and in which it finds more.
    further: u64,
}

/// A flow of which more is found now than when it came.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeenAgain {
    flow: String,
    at: String,
    /// The controls that match now and did not; none of a guarded one.
    controls: Vec<String>,
    /// The controls that matched already and find more now; none of a guarded one.
    further: Vec<String>,
    /// private or protected.
    guarded: Option<String>,
}

/// The latest twenty.
#[utoipa::path(get, path = "/api/v1/replays",
    responses((status = 200, body = Replays), (status = 403, body = Problem)))]
pub(crate) async fn list(Caller(op): Caller, State(_): State<Cerebro>) -> Result<Json<Replays>, Problem> {
    let permit = op.permit(action::ReadControls, op.organisation()).await?;
    let lines = look::list(&op, &permit).await?;
    Ok(Json(Replays { replays: lines.into_iter().map(|line| wire(line, None)).collect() }))
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/replays/{id}", params(("id" = String, Path)),
    responses((status = 200, body = Replay), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn one(Caller(op): Caller, Path(id): Path<String>) -> Result<Json<Replay>, Problem> {
    let permit = op.permit(action::ReadControls, op.organisation()).await?;
    let id: ReplayId = id.parse().map_err(|_| Problem::not_found())?;
    let (line, found) = look::one(&op, &permit, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(wire(line, found)))
}

/// Look at the flows of the last days again, in the background; one at a time in an organisation.
#[utoipa::path(post, path = "/api/v1/replays", request_body = DaysRequest,
    responses((status = 202, body = ReplayAsked), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn look_back(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    body: Bytes,
) -> Result<(StatusCode, Json<ReplayAsked>), Problem> {
    let permit = op.permit(action::LookBack, op.organisation()).await?;
    let since = op.now().minus(DAY * days(&body)?);
    let replay = start::look_back(&op, permit, since).await?;
    Ok((StatusCode::ACCEPTED, Json(ReplayAsked { replay: replay.to_string() })))
}

/// Stop it: nothing of what was found is kept.
#[utoipa::path(delete, path = "/api/v1/replays/{id}", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn stop(Caller(op): Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let id: ReplayId = id.parse().map_err(|_| Problem::not_found())?;
    let permit = op.permit(action::StopReplay, id).await?;
    verb::stop(&op, permit).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn wire(line: ReplayLine, found: Option<LookedBack>) -> Replay {
    let seen = |seen: operations::controls::look_back::Seen| {
        let guarded = seen.guarded().map(|class| class.word().to_owned());
        let told = guarded.is_none();
        SeenAgain {
            flow: seen.flow.to_string(),
            at: seen.at.rfc3339(),
            controls: if told { seen.controls } else { Vec::new() },
            further: if told { seen.further } else { Vec::new() },
            guarded,
        }
    };
    let by = |(control, (newly, further)): (String, (u64, u64))| FoundBy { control, newly, further };
    Replay {
        id: line.id.to_string(),
        kind: line.kind.word().to_owned(),
        subject: line.subject,
        from: line.from.rfc3339(),
        until: line.until.rfc3339(),
        state: line.state.word().to_owned(),
        asked_by: line.asked_by,
        ended_by: line.ended_by,
        ended_at: line.ended_at.map(|at| at.rfc3339()),
        total: line.total,
        done: line.done,
        found: found.map(|found| Found {
            flows: found.flows,
            unread: found.unread,
            more: found.more,
            reached: found.reached.map(Timestamp::rfc3339),
            count: found.all(),
            guarded: found.guarded,
            controls: found.by_control.into_iter().map(by).collect(),
            seen: found.seen.into_iter().map(seen).collect(),
        }),
    }
}
