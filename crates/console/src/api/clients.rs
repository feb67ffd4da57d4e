//! The client file by API: its versions, another one, giving it up. No value is ever given back.

use access::{Operation, Permit, action};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use operations::Cerebro;
use operations::clients::{self, ClientFile, FileError, look};
use serde::Serialize;
use utoipa::ToSchema;

use super::Problem;
use super::caller::Caller;
use super::lists::{reason_of, require, unchanged};

/// One version of the client file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientFileVersion {
    /// From 1; the highest is in force.
    version: u64,
    clients: u64,
    identifiers: u64,
    /// SHA-256 of what is kept.
    digest: String,
    /// `account_…`, or `system:console` for a command at the machine.
    by: String,
    at: String,
    /// Who had asked for it, where a second person agreed.
    proposed_by: Option<String>,
}

/// Every version of the client file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientFileVersions {
    /// The latest first.
    versions: Vec<ClientFileVersion>,
}

/// What came of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClientFileGiven {
    /// In force; as before, when the file waits or is the same.
    version: u64,
    /// In the file that was given.
    clients: u32,
    identifiers: usize,
    /// Identifiers that the one in force does not have.
    new: u64,
    /// Identifiers that would not be found any more.
    gone: u64,
    /// Mailboxes to which data that is held might go.
    mailboxes: u64,
    /// The proposal by which it waits for a second person.
    waits: Option<String>,
}

/// Which client files were given.
#[utoipa::path(get, path = "/api/v1/clients",
    responses((status = 200, body = ClientFileVersions), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list(
    Caller(op): Caller,
    State(_): State<Cerebro>,
) -> Result<Json<ClientFileVersions>, Problem> {
    let permit = op.permit(action::ReadLists, op.organisation()).await?;
    let versions = look::versions(&op, &permit).await?.into_iter().map(|file| ClientFileVersion {
        version: file.version,
        clients: file.clients,
        identifiers: file.identifiers,
        digest: file.digest,
        by: file.by.who,
        at: file.by.at.rfc3339(),
        proposed_by: file.by.proposed_by,
    });
    Ok(Json(ClientFileVersions { versions: versions.collect() }))
}

/// Give a client file, at most 32 MB; longer ones are given by `cerebro clients import`. A file that finds less than the one in force waits
/// for a second person, and takes a `reason`.
#[utoipa::path(put, path = "/api/v1/clients", params(("reason" = Option<String>, Query)),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = ClientFileGiven), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn import(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<ClientFileGiven>, Problem> {
    // Who may not is told before the body is read.
    let permit = op.permit(action::ReplaceList, op.organisation()).await?;
    require(&headers, "text/csv")?;
    let file = ClientFile::read(&op, &body[..])?;
    give(&cerebro, &op, permit, file, &uri).await
}

/// Give the client file up: nobody's data is known any more. That waits for a second person, and takes a `reason`.
#[utoipa::path(delete, path = "/api/v1/clients", params(("reason" = Option<String>, Query)),
    responses((status = 200, body = ClientFileGiven), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn give_up(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    uri: Uri,
) -> Result<Json<ClientFileGiven>, Problem> {
    let permit = op.permit(action::ReplaceList, op.organisation()).await?;
    give(&cerebro, &op, permit, ClientFile::none(), &uri).await
}

async fn give(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ReplaceList>,
    file: ClientFile,
    uri: &Uri,
) -> Result<Json<ClientFileGiven>, Problem> {
    let reason = reason_of(uri)?;
    let given = clients::import(cerebro, op, permit, file, reason.as_ref()).await;
    let given = given.map_err(|error| unchanged(error, ("clients", "The client file was not taken")))?;
    Ok(Json(ClientFileGiven {
        version: given.version,
        clients: given.clients,
        identifiers: given.identifiers,
        new: given.difference.new,
        gone: given.difference.gone,
        mailboxes: given.difference.mailboxes,
        waits: given.waits.map(|id| id.to_string()),
    }))
}

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Operation(error) => error.into(),
            error => Self::bad_request(error.to_string()),
        }
    }
}
