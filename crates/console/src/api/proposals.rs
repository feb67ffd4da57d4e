//! What waits for a second person, by API: read, and refused. Agreeing takes a person who is present, in the console.

use access::action;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use operations::Cerebro;
use operations::proposals::{Line, ProposalError, What, look, refuse as verb};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::ProposalId;

use super::Problem;
use super::body::{self, Recorded, Why};
use super::caller::Caller;

/// One proposal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Proposal {
    id: String,
    /// list, clients, examples.
    kind: String,
    /// Which list, which category; empty for the client file.
    about: String,
    /// Entries that would come.
    added: u64,
    /// Entries that would go.
    removed: u64,
    /// waiting, agreed, refused, replaced, lapsed.
    state: String,
    /// `account_…`, or `system:console` for a command at the machine.
    proposed_by: String,
    proposed_at: String,
    /// Until when it waits.
    until: String,
    ended_by: Option<String>,
    ended_at: Option<String>,
}

/// Proposals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Proposals {
    /// Those that wait first, then the latest; at most a hundred.
    proposals: Vec<Proposal>,
}

/// One proposal, opened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProposalRead {
    proposal: Proposal,
    reason: String,
    /// Why it was refused.
    answer: Option<String>,
    /// Entries that would come; none for the client file, whose values are not kept.
    entries_added: Vec<String>,
    entries_removed: Vec<String>,
    /// The nearness as it would be, of examples.
    near: Option<u16>,
}

/// What waits, and what became of earlier ones.
#[utoipa::path(get, path = "/api/v1/proposals",
    responses((status = 200, body = Proposals), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list(Caller(op): Caller, State(_): State<Cerebro>) -> Result<Json<Proposals>, Problem> {
    let permit = op.permit(action::ReadLists, op.organisation()).await?;
    let proposals = look::list(&op, &permit).await?;
    Ok(Json(Proposals { proposals: proposals.into_iter().map(told).collect() }))
}

/// One of them, with what would change.
#[utoipa::path(get, path = "/api/v1/proposals/{id}", params(("id" = String, Path)),
    responses((status = 200, body = ProposalRead), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn one(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    Path(id): Path<String>,
) -> Result<Json<ProposalRead>, Problem> {
    let permit = op.permit(action::ReadListEntries, op.organisation()).await?;
    let id: ProposalId = id.parse().map_err(|_| Problem::not_found())?;
    let whole = look::one(&op, &permit, id).await?.ok_or_else(Problem::not_found)?;
    let (delta, near) = match whole.what {
        What::List(delta) => (delta, None),
        What::Examples(change) => (change.sentences, change.near),
        What::Clients(_) => Default::default(),
    };
    Ok(Json(ProposalRead {
        proposal: told(whole.line),
        reason: whole.reason,
        answer: whole.answer,
        entries_added: delta.added,
        entries_removed: delta.removed,
        near,
    }))
}

/// Refuse it, or take it back.
#[utoipa::path(post, path = "/api/v1/proposals/{id}/refusal", params(("id" = String, Path)), request_body = Why,
    responses((status = 200, body = Recorded), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn refuse(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Recorded>, Problem> {
    let id: ProposalId = id.parse().map_err(|_| Problem::not_found())?;
    let permit = op.permit(action::RefuseProposal, id).await?;
    let why: Why = body::read(&body)?;
    verb::refuse(&op, permit, &body::reason("reason", &why.reason)?).await?;
    Ok(Json(op.id().into()))
}

fn told(line: Line) -> Proposal {
    Proposal {
        id: line.id.to_string(),
        kind: line.subject.kind().to_owned(),
        about: line.subject.name().to_owned(),
        added: line.added,
        removed: line.removed,
        state: line.state.word().to_owned(),
        proposed_by: line.proposed_by,
        proposed_at: line.proposed_at.rfc3339(),
        until: line.until.rfc3339(),
        ended_by: line.ended_by,
        ended_at: line.ended_at.map(|at| at.rfc3339()),
    }
}

impl From<ProposalError> for Problem {
    fn from(error: ProposalError) -> Self {
        match error {
            ProposalError::NotFound => Self::not_found(),
            ProposalError::Operation(error) => error.into(),
            error => Self::new(StatusCode::CONFLICT, "proposal", "The proposal was not answered")
                .with(error.to_string()),
        }
    }
}
