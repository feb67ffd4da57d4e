//! An organisation's lists by API: which there are, their entries, changes. What makes it watch less waits for a second person, who agrees
//! in the console: a program proves no presence.

use access::action;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use operations::Cerebro;
use operations::lists::{self, Entries, ListError, ListName, Wanted, look};
use operations::organisation::Reason;
use operations::proposals::Unchanged;
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::Caller;
use super::query::Query;
use super::{Problem, body};

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
    /// Who had asked for it, where a second person agreed.
    proposed_by: Option<String>,
}

/// Every version of every list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListVersions {
    /// By list, the latest first.
    versions: Vec<ListVersion>,
}

/// Some entries of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListEntries {
    list: String,
    /// 0 where it was never given.
    version: u64,
    /// In order, at most a hundred.
    entries: Vec<String>,
    /// What `after` the next ones are asked for.
    next: Option<String>,
}

/// What a list became.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListChanged {
    list: String,
    /// In force; as before, when nothing changed.
    version: u64,
    entries: usize,
    added: usize,
    removed: usize,
    waits: Option<ListWaits>,
}

/// What waits for a second person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListWaits {
    proposal: String,
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
        by: version.by.who,
        at: version.by.at.rfc3339(),
        proposed_by: version.by.proposed_by,
    });
    Ok(Json(ListVersions { versions: versions.collect() }))
}

/// The entries of a list, those that hold `q`.
#[utoipa::path(get, path = "/api/v1/lists/{list}",
    params(("list" = String, Path), ("q" = Option<String>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = ListEntries), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn entries(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    Path(list): Path<String>,
    uri: Uri,
) -> Result<Json<ListEntries>, Problem> {
    let permit = op.permit(action::ReadListEntries, op.organisation()).await?;
    let list = ListName::parse(&list).ok_or_else(Problem::not_found)?;
    let query = Query::parse(uri.query(), &["q", "after"])?;
    let page = look::entries(&op, &permit, list, query.one("q")?.unwrap_or(""), query.one("after")?).await?;
    let list = list.word().to_owned();
    Ok(Json(ListEntries { list, version: page.version, entries: page.shown, next: page.next }))
}

/// Bring a list to the entries of the body, one a line. What makes the organisation watch more is in force when this answers, on other nodes
/// within seconds; the rest waits for a second person, and takes a `reason`.
#[utoipa::path(put, path = "/api/v1/lists/{list}", params(("list" = String, Path), ("reason" = Option<String>, Query)),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, body = ListChanged), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn replace(asked: Asked) -> Result<Json<ListChanged>, Problem> {
    change(asked, Wanted::Whole).await
}

/// Add the entries of the body to a list; as `PUT` otherwise.
#[utoipa::path(post, path = "/api/v1/lists/{list}/additions", params(("list" = String, Path), ("reason" = Option<String>, Query)),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, body = ListChanged), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn add(asked: Asked) -> Result<Json<ListChanged>, Problem> {
    change(asked, Wanted::Added).await
}

/// Take the entries of the body away from a list; as `PUT` otherwise.
#[utoipa::path(post, path = "/api/v1/lists/{list}/removals", params(("list" = String, Path), ("reason" = Option<String>, Query)),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 200, body = ListChanged), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn remove(asked: Asked) -> Result<Json<ListChanged>, Problem> {
    change(asked, Wanted::Removed).await
}

/// Who asks for a change, of which list, why, and the entries.
type Asked = (Caller, State<Cerebro>, Path<String>, Uri, HeaderMap, Bytes);

async fn change(
    (Caller(op), State(cerebro), Path(list), uri, headers, body): Asked,
    wanted: impl FnOnce(Entries) -> Wanted,
) -> Result<Json<ListChanged>, Problem> {
    let permit = op.permit(action::ReplaceList, op.organisation()).await?;
    let list = ListName::parse(&list).ok_or_else(Problem::not_found)?;
    require(&headers, "text/plain")?;
    let reason = reason_of(&uri)?;
    let text = std::str::from_utf8(&body).map_err(|_| Problem::bad_request("the body: not UTF-8"))?;
    let entries = Entries::parse(list, text).map_err(|error| Problem::bad_request(error.to_string()))?;
    let changed = lists::change(&cerebro, &op, permit, wanted(entries), reason.as_ref()).await?;
    Ok(Json(ListChanged {
        list: list.word().to_owned(),
        version: changed.version,
        entries: changed.entries,
        added: changed.added,
        removed: changed.removed,
        waits: changed.waits.map(|waits| ListWaits {
            proposal: waits.id.to_string(),
            added: waits.added,
            removed: waits.removed,
        }),
    }))
}

/// The reason in the query, if there is one; nothing else stands there.
pub(super) fn reason_of(uri: &Uri) -> Result<Option<Reason>, Problem> {
    let query = Query::parse(uri.query(), &["reason"])?;
    query.one("reason")?.map(|text| body::reason("reason", text)).transpose()
}

/// The body is of this kind.
pub(super) fn require(headers: &HeaderMap, wanted: &str) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(wanted)) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Another kind of body is wanted")
        .with(format!("Content-Type: {wanted}; charset=utf-8")))
}

/// How a conflict over a list is told.
const CONFLICT: (&str, &str) = ("list", "The list was not changed");

impl From<ListError> for Problem {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Unchanged(error) => unchanged(error, CONFLICT),
            ListError::Full(_) => Self::bad_request(error.to_string()),
            ListError::Taken(_) => {
                Self::new(StatusCode::CONFLICT, CONFLICT.0, CONFLICT.1).with(error.to_string())
            }
        }
    }
}

/// Why what is watched was not changed; a conflict by its name and in these words.
pub(super) fn unchanged(error: Unchanged, (name, title): (&'static str, &'static str)) -> Problem {
    match error {
        Unchanged::Operation(error) => error.into(),
        Unchanged::ReasonWanted => Problem::bad_request(error.to_string()),
        Unchanged::Meanwhile(_) | Unchanged::TooManyWait => {
            Problem::new(StatusCode::CONFLICT, name, title).with(error.to_string())
        }
    }
}
