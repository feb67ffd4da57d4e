//! What bodies of the API have in common: read within a bound, a reason, a key, what was recorded.

use std::str::FromStr;

use access::{Action, Operation, Permit};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use operations::Cerebro;
use operations::accounts::standing::StandingError;
use operations::idempotency::{self, Key, KeyError};
use operations::organisation::Reason;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::{OperationId, bounds};

use super::Problem;
use super::caller::Caller;

/// Why something is done.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    /// Why, for colleagues, the auditor and the ledger.
    #[schema(min_length = 3, max_length = 4000)]
    pub(super) reason: String,
}

/// What was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Recorded {
    /// The step's id: its entry in the ledger carries it.
    operation: String,
}

impl From<OperationId> for Recorded {
    fn from(id: OperationId) -> Self {
        Self { operation: id.to_string() }
    }
}

/// Reads a JSON body.
pub(super) fn read<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Problem> {
    if body.len() > bounds::REQUEST_BODY_BYTES_MAX {
        return Err(Problem::bad_request("the body is too large"));
    }
    serde_json::from_slice(body).map_err(|error| Problem::bad_request(error.to_string()))
}

/// Reads a reason; `name` is its field.
pub(super) fn reason(name: &str, text: &str) -> Result<Reason, Problem> {
    Reason::parse(text).map_err(|error| Problem::bad_request(format!("{name}: {error}")))
}

/// The caller's key, if there is one, for these bytes sent to `what`.
pub(super) fn key(
    op: &Operation,
    headers: &HeaderMap,
    what: &str,
    body: &[u8],
) -> Result<Option<Key>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let request = [what.as_bytes(), b"\n", body].concat();
    Key::parse(op, value.to_str().unwrap_or_default(), &request)
        .map(Some)
        .map_err(|error| Problem::bad_request(format!("Idempotency-Key: {error}")))
}

/// Who asks for an act, on which thing, and why.
pub(super) type Asked = (Caller, State<Cerebro>, Path<String>, HeaderMap, Bytes);

/// One act on one thing, for a reason and once: what a service does to an account or a mission. `word` is the act's, in the caller's key.
pub(super) async fn act<A, T>(
    (Caller(op), State(cerebro), Path(id), headers, body): Asked,
    (action, word): (A, &str),
    work: impl AsyncFnOnce(&Cerebro, &Operation, Permit<A>, Reason, Option<Key>) -> Result<T, StandingError>,
) -> Result<Json<Recorded>, Problem>
where
    A: Action,
    A::Subject: FromStr,
{
    let id: A::Subject = id.parse().map_err(|_| Problem::not_found())?;
    let why: Why = read(&body)?;
    let why = reason("reason", &why.reason)?;
    let key = key(&op, &headers, &format!("{word} {id}"), &body)?;
    let permit = op.permit(action, id).await?;
    let work = async |key| work(&cerebro, &op, permit, why, key).await.map(|_| op.id());
    let done: OperationId = idempotency::once(&op, key, work).await?;
    Ok(Json(done.into()))
}

impl From<KeyError> for Problem {
    fn from(error: KeyError) -> Self {
        let detail = match error {
            KeyError::Taken => "That key was used for another request.",
            KeyError::Repeated => "The request is being done at this moment: send it again for its answer.",
        };
        Self::new(StatusCode::CONFLICT, "idempotency-key", "The idempotency key is taken").with(detail)
    }
}
