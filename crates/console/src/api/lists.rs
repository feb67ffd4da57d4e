//! An organisation's lists by API: which there are, and one replaced. Entries are never given back.

use access::action;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use operations::Cerebro;
use operations::lists::{self, Entries, ListName, ReplaceError, look};
use serde::Serialize;
use utoipa::ToSchema;

use super::Problem;
use super::caller::Caller;

/// One version of one list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListVersion {
    list: String,
    /// From 1; the highest is in force.
    version: u64,
    entries: u64,
    /// `account_…`, or `system:console` for a command at the machine.
    by: String,
    at: String,
}

/// Every version of every list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListVersions {
    /// By list, the latest first.
    versions: Vec<ListVersion>,
}

/// What a list became.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListReplaced {
    list: String,
    /// As before, when nothing changed.
    version: u64,
    entries: usize,
    added: usize,
    removed: usize,
}

/// Which lists there are, in which versions.
#[utoipa::path(get, path = "/api/v1/lists",
    responses((status = 200, body = ListVersions), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list(
    Caller(op): Caller,
    State(_): State<Cerebro>,
) -> Result<Json<ListVersions>, Problem> {
    let permit = op.permit(action::ReadLists, op.organisation()).await?;
    let versions = look::versions(&op, &permit).await?;
    let versions = versions.into_iter().map(|version| ListVersion {
        list: version.list.word().to_owned(),
        version: version.version,
        entries: version.entries,
        by: version.by,
        at: version.at.rfc3339(),
    });
    Ok(Json(ListVersions { versions: versions.collect() }))
}

/// Replace a list by the entries of the body, one a line. In force when this answers, on other nodes within seconds.
#[utoipa::path(put, path = "/api/v1/lists/{list}", params(("list" = String, Path)),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, body = ListReplaced), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn replace(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    Path(list): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<ListReplaced>, Problem> {
    let permit = op.permit(action::ReplaceList, op.organisation()).await?;
    let list = ListName::parse(&list).ok_or_else(Problem::not_found)?;
    require_text(&headers)?;
    let text = std::str::from_utf8(&body).map_err(|_| Problem::bad_request("the body: not UTF-8"))?;
    let entries = Entries::parse(list, text).map_err(|error| Problem::bad_request(error.to_string()))?;
    let replaced = lists::replace(&cerebro, &op, permit, entries).await?;
    Ok(Json(ListReplaced {
        list: list.word().to_owned(),
        version: replaced.version,
        entries: replaced.entries,
        added: replaced.added,
        removed: replaced.removed,
    }))
}

fn require_text(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("text/plain")) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "A text is wanted")
        .with("Content-Type: text/plain; charset=utf-8"))
}

impl From<ReplaceError> for Problem {
    fn from(error: ReplaceError) -> Self {
        match error {
            ReplaceError::Operation(error) => error.into(),
            taken @ (ReplaceError::Taken(_) | ReplaceError::Meanwhile) => {
                Self::new(StatusCode::CONFLICT, "list", "The list was not replaced").with(taken.to_string())
            }
        }
    }
}
