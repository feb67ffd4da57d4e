//! Missions by API: asked for, and withdrawn. What a service asks for waits for an administrator.

use access::{Mission, action};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use operations::Cerebro;
use operations::changes::propose::ProposeError;
use operations::idempotency;
use operations::missions::grant::{self, Gift, Given, GrantError};
use operations::missions::list::Held;
use operations::missions::withdraw;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::{AccountId, ChangeId, Timestamp};

use super::Problem;
use super::body::{Asked, Recorded, Why, act, key, read, reason};
use super::caller::Caller;

/// A mission somebody holds, held or will hold.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Grant {
    id: String,
    /// operator, arbiter, custodian, supervisor, auditor, administrator, connector or registrar.
    mission: String,
    from: String,
    /// Absent: until it is withdrawn.
    until: Option<String>,
    /// When it was withdrawn, if it was.
    ended_at: Option<String>,
    /// When it was last of use, to the hour.
    used_at: Option<String>,
}

pub(super) fn wire(held: Held) -> Grant {
    let text = |at: Option<Timestamp>| at.map(Timestamp::rfc3339);
    Grant {
        id: held.id.to_string(),
        mission: held.mission.word().to_owned(),
        from: held.from.rfc3339(),
        until: text(held.until),
        ended_at: text(held.ended),
        used_at: text(held.used),
    }
}

/// What is asked for somebody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GrantRequest {
    /// operator, arbiter, supervisor, auditor or, for a service, connector.
    mission: String,
    /// From when; from the agreement on when that is later.
    #[schema(format = DateTime)]
    #[serde(default)]
    from: Option<String>,
    /// Until when; until it is withdrawn when absent.
    #[schema(format = DateTime)]
    #[serde(default)]
    until: Option<String>,
    /// Why, for who agrees, the auditor and the ledger.
    #[schema(min_length = 3, max_length = 4000)]
    reason: String,
}

/// What waits for an administrator.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Proposed {
    /// The change that waits, for seven days.
    change: String,
}

/// Ask for a mission for somebody. It waits for an administrator, who is neither whom it is for.
#[utoipa::path(post, path = "/api/v1/accounts/{id}/missions", params(
    ("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "The same key and request again get the same answer"),
), request_body = GrantRequest,
    responses((status = 202, body = Proposed), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn ask_mission(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Proposed>), Problem> {
    let id: AccountId = id.parse().map_err(|_| Problem::not_found())?;
    let gift = gift(read(&body)?, op.now())?;
    let key = key(&op, &headers, &format!("grant {id}"), &body)?;
    let permit = op.permit(action::GrantMission, id).await?;
    let change: ChangeId = idempotency::once(&op, key, async |key| {
        match grant::grant(&cerebro, &op, permit, gift, key).await? {
            Given::Waits(change) => Ok(change),
            // A service's never is.
            Given::Now => Err(GrantError::NotByService),
        }
    })
    .await?;
    Ok((StatusCode::ACCEPTED, Json(Proposed { change: change.to_string() })))
}

fn gift(request: GrantRequest, now: Timestamp) -> Result<Gift, Problem> {
    let at = |name: &str, text: &str| {
        Timestamp::parse(text).map_err(|_| Problem::bad_request(format!("{name}: not an RFC 3339 instant")))
    };
    let mission: Mission =
        request.mission.parse().map_err(|error| Problem::bad_request(format!("mission: {error}")))?;
    Ok(Gift {
        mission,
        from: request.from.as_deref().map_or(Ok(now), |text| at("from", text))?,
        until: request.until.as_deref().map(|text| at("until", text)).transpose()?,
        reason: reason("reason", &request.reason)?,
    })
}

/// Withdraw a mission: it counts from the next request on.
#[utoipa::path(post, path = "/api/v1/missions/{id}/withdrawal", params(
    ("id" = String, Path),
    ("Idempotency-Key" = Option<String>, Header, description = "The same key and request again get the same answer"),
), request_body = Why,
    responses((status = 200, body = Recorded), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn withdraw_mission(asked: Asked) -> Result<Json<Recorded>, Problem> {
    act(asked, (action::WithdrawMission, "withdraw"), withdraw::withdraw).await
}

impl From<GrantError> for Problem {
    fn from(error: GrantError) -> Self {
        let conflict = |name, detail: String| {
            Self::new(StatusCode::CONFLICT, name, "The mission cannot be asked for now").with(detail)
        };
        match error {
            GrantError::Operation(error) => error.into(),
            GrantError::Key(error) => error.into(),
            GrantError::NotFound => Self::not_found(),
            GrantError::SamePerson(_) | GrantError::NotByService => {
                Self::new(StatusCode::FORBIDDEN, "not-by-you", "A person has to ask for that")
                    .with(error.to_string())
            }
            GrantError::WrongKind | GrantError::Period => Self::bad_request(error.to_string()),
            GrantError::NotActive => conflict("account-state", error.to_string()),
            GrantError::AlreadyHeld => conflict("mission-held", error.to_string()),
            GrantError::TooMany => conflict("too-many-missions", error.to_string()),
            GrantError::Propose(ProposeError::Waits) => conflict("change-waits", error.to_string()),
            GrantError::Propose(ProposeError::TooMany) => conflict("too-many-changes", error.to_string()),
        }
    }
}
