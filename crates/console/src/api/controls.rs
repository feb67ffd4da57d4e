//! Control sets by API: the same verbs as the pages. A set is published by a person who is present: no program does that.

use access::action;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use operations::Cerebro;
use operations::controls::look::{self, SetLine};
use operations::controls::rehearse::Rehearsal as Found;
use operations::controls::replays::start;
use operations::controls::{ControlsError, draft, withdraw};
use operations::organisation::Reason;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::{ControlSetId, bounds};

use super::Problem;
use super::caller::Caller;

/// One control set.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ControlSetLine {
    id: String,
    /// From 1, in the order they were drafted.
    number: u64,
    /// SHA-256, as assessments name it.
    digest: String,
    controls: u64,
    /// draft, published or withdrawn.
    state: String,
    /// The one that decides now.
    in_force: bool,
    /// `account_…`, or `system:console` for a command at the machine.
    drafted_by: String,
    drafted_at: String,
    /// The digest of the set it was rehearsed beside.
    rehearsed_on: Option<String>,
    rehearsed_at: Option<String>,
    /// Who published or withdrew it.
    ended_by: Option<String>,
    ended_at: Option<String>,
}

/// The sets, the latest first, at most a hundred.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ControlSets {
    sets: Vec<ControlSetLine>,
}

/// One file of a set.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ControlFile {
    name: String,
    /// One control, as `docs/formats/controls.md` has it.
    text: String,
}

/// A set, whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ControlSetWhole {
    #[serde(flatten)]
    line: ControlSetLine,
    reason: String,
    files: Vec<ControlFile>,
    rehearsal: Option<Rehearsal>,
}

/// What a draft would have done to past flows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Rehearsal {
    beside: String,
    from: String,
    until: String,
    flows: u64,
    unread: u64,
    /// There were more in the window than are looked at.
    more: bool,
    days: u64,
    waits_now: u64,
    would_wait: u64,
    /// Flows whose verdict changes; at most 500 are named.
    changed: u64,
    changes: Vec<RehearsalChange>,
    /// Minutes of review a day, by the time reviews took of late.
    review_minutes_per_day: Option<u64>,
    /// Holds a day whose time would run out, in tenths.
    expiries_per_day_tenths: Option<u64>,
}

/// A flow whose verdict changes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RehearsalChange {
    flow: String,
    at: String,
    was: String,
    becomes: String,
    gained: Vec<String>,
    lost: Vec<String>,
}

/// A set to draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DraftRequest {
    files: Vec<ControlFile>,
    /// Why, for colleagues, the auditor and the ledger.
    reason: String,
}

/// What was drafted.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Drafted {
    id: String,
    number: u64,
}

/// Which past flows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DaysRequest {
    /// 1 to 90.
    pub(super) days: u32,
}

/// What was asked for: look at it under `/api/v1/replays/{id}`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReplayAsked {
    pub(super) replay: String,
}

/// Which sets there are.
#[utoipa::path(get, path = "/api/v1/control-sets",
    responses((status = 200, body = ControlSets), (status = 403, body = Problem)))]
pub(crate) async fn list(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
) -> Result<Json<ControlSets>, Problem> {
    let permit = op.permit(action::ReadControls, op.organisation()).await?;
    let in_force = cerebro.organisation(op.organisation()).and_then(|known| known.control_set);
    let sets = look::list(&op, &permit).await?;
    Ok(Json(ControlSets { sets: sets.into_iter().map(|set| line(set, in_force)).collect() }))
}

/// One set: its files and its last rehearsal.
#[utoipa::path(get, path = "/api/v1/control-sets/{id}", params(("id" = String, Path)),
    responses((status = 200, body = ControlSetWhole), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn one(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    Path(id): Path<String>,
) -> Result<Json<ControlSetWhole>, Problem> {
    let permit = op.permit(action::ReadControls, op.organisation()).await?;
    let id: ControlSetId = id.parse().map_err(|_| Problem::not_found())?;
    let whole = look::one(&op, &permit, id).await?.ok_or_else(Problem::not_found)?;
    let in_force = cerebro.organisation(op.organisation()).and_then(|known| known.control_set);
    Ok(Json(ControlSetWhole {
        line: line(whole.line, in_force),
        reason: whole.reason,
        files: whole.files.into_iter().map(|(name, text)| ControlFile { name, text }).collect(),
        rehearsal: whole.rehearsal.map(rehearsal),
    }))
}

/// Draft a set. Samples run; what is wrong with any file is told, and nothing is kept.
#[utoipa::path(post, path = "/api/v1/control-sets", request_body = DraftRequest,
    responses((status = 201, body = Drafted), (status = 403, body = Problem), (status = 409, body = Problem), (status = 422, body = Problem)))]
pub(crate) async fn make(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    body: Bytes,
) -> Result<(StatusCode, Json<Drafted>), Problem> {
    let permit = op.permit(action::DraftControls, op.organisation()).await?;
    let request: DraftRequest = read(&body)?;
    let reason = Reason::parse(&request.reason).map_err(|error| Problem::bad_request(error.to_string()))?;
    let files = request.files.into_iter().map(|file| (file.name, file.text)).collect();
    let (id, number) = draft::draft(&cerebro, &op, permit, files, &reason).await?;
    Ok((StatusCode::CREATED, Json(Drafted { id: id.to_string(), number })))
}

/// Give a draft up.
#[utoipa::path(delete, path = "/api/v1/control-sets/{id}", params(("id" = String, Path)),
    responses((status = 204), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn give_up(Caller(op): Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let id: ControlSetId = id.parse().map_err(|_| Problem::not_found())?;
    let permit = op.permit(action::DropControls, id).await?;
    withdraw::withdraw(&op, permit).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Rehearse a draft on the flows of the last days, in the background; one at a time in an organisation.
#[utoipa::path(post, path = "/api/v1/control-sets/{id}/rehearsal", params(("id" = String, Path)), request_body = DaysRequest,
    responses((status = 202, body = ReplayAsked), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn rehearse(
    Caller(op): Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<ReplayAsked>), Problem> {
    let id: ControlSetId = id.parse().map_err(|_| Problem::not_found())?;
    let permit = op.permit(action::RehearseControls, id).await?;
    let replay = start::rehearsal(&op, permit, days(&body)?).await?;
    Ok((StatusCode::ACCEPTED, Json(ReplayAsked { replay: replay.to_string() })))
}

/// The days of a body, within bounds.
pub(super) fn days(body: &[u8]) -> Result<u32, Problem> {
    let DaysRequest { days } = read(body)?;
    if (1..=bounds::REHEARSAL_DAYS_MAX).contains(&days) {
        return Ok(days);
    }
    Err(Problem::bad_request(format!("days: 1 to {}", bounds::REHEARSAL_DAYS_MAX)))
}

fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|error| Problem::bad_request(error.to_string()))
}

fn line(set: SetLine, in_force: Option<ControlSetId>) -> ControlSetLine {
    ControlSetLine {
        in_force: in_force == Some(set.id),
        id: set.id.to_string(),
        number: set.number,
        digest: set.digest,
        controls: set.controls,
        state: set.state.word().to_owned(),
        drafted_by: set.drafted_by,
        drafted_at: set.drafted_at.rfc3339(),
        rehearsed_on: set.rehearsed_on,
        rehearsed_at: set.rehearsed_at.map(|at| at.rfc3339()),
        ended_by: set.ended_by,
        ended_at: set.ended_at.map(|at| at.rfc3339()),
    }
}

fn rehearsal(found: Found) -> Rehearsal {
    let (review_minutes_per_day, expiries_per_day_tenths) =
        (found.review_minutes_per_day(), found.expiries_per_day());
    let change = |change: operations::controls::rehearse::Changed| RehearsalChange {
        flow: change.flow.to_string(),
        at: change.at.rfc3339(),
        was: change.was,
        becomes: change.becomes,
        gained: change.gained,
        lost: change.lost,
    };
    Rehearsal {
        beside: found.beside,
        from: found.from.rfc3339(),
        until: found.until.rfc3339(),
        flows: found.flows,
        unread: found.unread,
        more: found.more,
        days: found.days,
        waits_now: found.waits_now,
        would_wait: found.would_wait,
        changed: found.changed,
        changes: found.changes.into_iter().map(change).collect(),
        review_minutes_per_day,
        expiries_per_day_tenths,
    }
}

impl From<ControlsError> for Problem {
    fn from(error: ControlsError) -> Self {
        match error {
            ControlsError::NotFound => Self::not_found(),
            ControlsError::Operation(error) => error.into(),
            ControlsError::Invalid(errors) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "control-set", "It is no control set")
                    .with(operations::controls::joined(&errors, "\n"))
            }
            other => Self::new(StatusCode::CONFLICT, "control-set", "Nothing was done with the control set")
                .with(other.to_string()),
        }
    }
}
