//! Categories by example, by API: which there are, one of them, changes.

use access::action;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use operations::Cerebro;
use operations::examples::{self, Changed, ExampleCategory, ExamplesError, look};
use operations::proposals::Unchanged;
use serde::Serialize;
use utoipa::ToSchema;

use super::Problem;
use super::caller::Caller;
use super::lists::{reason_of, require, unchanged};

/// One version of one category.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExampleVersion {
    category: String,
    /// From 1; the highest is in force.
    version: u64,
    /// From which nearness on, per mille.
    near: u64,
    /// Examples; 0: it was given up.
    sentences: u64,
    /// `account_…`, or `system:console` for a command at the machine.
    by: String,
    at: String,
    /// Who had asked for it, where a second person agreed.
    proposed_by: Option<String>,
}

/// Every version of every category.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExampleVersions {
    /// By category, the latest first.
    versions: Vec<ExampleVersion>,
}

/// A category as it is in force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExampleRead {
    category: String,
    near: i32,
    sentences: Vec<String>,
}

/// What a category became.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ExampleChanged {
    category: String,
    /// In force; as before, when nothing changed or all of it waits.
    version: u64,
    near: u16,
    sentences: usize,
    added: usize,
    /// The proposal by which the rest waits for a second person.
    waits: Option<String>,
}

/// Which categories there are, in which versions.
#[utoipa::path(get, path = "/api/v1/examples",
    responses((status = 200, body = ExampleVersions), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list(
    Caller(op): Caller,
    State(_): State<Cerebro>,
) -> Result<Json<ExampleVersions>, Problem> {
    let permit = op.permit(action::ReadLists, op.organisation()).await?;
    let versions = look::versions(&op, &permit).await?.into_iter().map(|known| ExampleVersion {
        category: known.category,
        version: known.version,
        near: known.near,
        sentences: known.sentences,
        by: known.by.who,
        at: known.by.at.rfc3339(),
        proposed_by: known.by.proposed_by,
    });
    Ok(Json(ExampleVersions { versions: versions.collect() }))
}

/// One category, with its examples.
#[utoipa::path(get, path = "/api/v1/examples/{category}", params(("category" = String, Path)),
    responses((status = 200, body = ExampleRead), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn one(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    Path(category): Path<String>,
) -> Result<Json<ExampleRead>, Problem> {
    let permit = op.permit(action::ReadListEntries, op.organisation()).await?;
    let known = look::one(&op, &permit, &category).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(ExampleRead { category: known.name, near: known.near, sentences: known.sentences }))
}

/// Bring a category to what the body says, in the form of files of examples; its `name` is the path's. What finds more is in force when this
/// answers, on other nodes within seconds; the rest waits for a second person, and takes a `reason`.
#[utoipa::path(put, path = "/api/v1/examples/{category}", params(("category" = String, Path), ("reason" = Option<String>, Query)),
    request_body(content = String, content_type = "application/toml"),
    responses((status = 200, body = ExampleChanged), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn change(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    Path(category): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<ExampleChanged>, Problem> {
    let permit = op.permit(action::ReplaceList, op.organisation()).await?;
    require(&headers, "application/toml")?;
    let reason = reason_of(&uri)?;
    let text = std::str::from_utf8(&body).map_err(|_| Problem::bad_request("the body: not UTF-8"))?;
    let wanted =
        ExampleCategory::parse("the body", text).map_err(|error| Problem::bad_request(error.to_string()))?;
    if wanted.name != category {
        return Err(Problem::bad_request("name: not that of the path"));
    }
    let changed = examples::change(&cerebro, &op, permit, wanted, reason.as_ref()).await?;
    Ok(Json(told(category, &changed)))
}

/// Give a category up. That waits for a second person, and takes a `reason`.
#[utoipa::path(delete, path = "/api/v1/examples/{category}", params(("category" = String, Path), ("reason" = Option<String>, Query)),
    responses((status = 200, body = ExampleChanged), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn give_up(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    Path(category): Path<String>,
    uri: Uri,
) -> Result<Json<ExampleChanged>, Problem> {
    let permit = op.permit(action::ReplaceList, op.organisation()).await?;
    let reason = reason_of(&uri)?.ok_or(ExamplesError::Unchanged(Unchanged::ReasonWanted))?;
    let changed = examples::change::take_away(&cerebro, &op, permit, &category, &reason).await?;
    Ok(Json(told(category, &changed)))
}

fn told(category: String, changed: &Changed) -> ExampleChanged {
    ExampleChanged {
        category,
        version: changed.version,
        near: changed.near,
        sentences: changed.sentences,
        added: changed.added,
        waits: changed.waits.map(|id| id.to_string()),
    }
}

impl From<ExamplesError> for Problem {
    fn from(error: ExamplesError) -> Self {
        match error {
            ExamplesError::NotFound => Self::not_found(),
            ExamplesError::Rule(_) | ExamplesError::TooMany => Self::bad_request(error.to_string()),
            ExamplesError::Unchanged(error) => unchanged(error, ("examples", "The category was not changed")),
        }
    }
}
