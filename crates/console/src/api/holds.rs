//! Holds by API: read what waits, decide.

use access::action;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use compliance::Finding;
use compliance::explain::{FileName, cause, file_of};
use mail::Place;
use operations::Cerebro;
use operations::organisation::Reason;
use operations::review::open::{self, Contents, HeldMessage};
use operations::review::queue::Slice;
use operations::review::{self, Decision, Seen};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use vocabulary::{HoldId, Locale, bounds};

use super::Problem;
use super::caller::Caller;
use super::query::Query;

/// A hold in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HoldLine {
    id: String,
    flow: String,
    control: String,
    class: String,
    /// 1 (low) to 4 (critical).
    severity: u8,
    state: String,
    held_at: String,
    due_at: String,
    sender: Option<String>,
    /// Empty when it is guarded.
    subject: String,
    /// private or protected: who has the mission for such mail reads it in the console, on grounds, and nobody by API. Its control is not named.
    #[serde(skip_serializing_if = "Option::is_none")]
    guarded: Option<String>,
}

/// A hold, opened: reading it is an entry in the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Hold {
    id: String,
    flow: String,
    state: String,
    severity: u8,
    held_at: String,
    due_at: String,
    sender: Option<String>,
    /// Empty when it is guarded, as findings and controls are.
    subject: String,
    /// private or protected: it may be rejected or escalated by API, and is not let go.
    #[serde(skip_serializing_if = "Option::is_none")]
    guarded: Option<String>,
    /// What a decision must name: SHA-256 of the message, hexadecimal.
    seen_sha256: String,
    recipients: Vec<Recipient>,
    findings: Vec<serde_json::Value>,
    controls: Vec<String>,
}

/// One recipient of a held message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Recipient {
    address: String,
    external: bool,
    verdict: String,
    state: String,
    /// What they are to the organisation, by the names that conditions have for it: first_contact, lookalike, typo, like_sender,
    /// foreign_data, international, webmail, client, group, protected, encryption_agreed. Empty when it is guarded.
    standing: Vec<String>,
    /// The known domain or address that theirs looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    resembles: Option<String>,
}

/// A list of holds.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Holds {
    holds: Vec<HoldLine>,
    /// Give this as `after` to get the next page; absent on the last one. It is the last hold of this page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionRequest {
    /// release, reject or escalate.
    decision: Verb,
    /// Why, for colleagues, the auditor and the ledger.
    #[schema(min_length = 3, max_length = 4000)]
    reason: String,
    /// What the sender will read.
    #[schema(min_length = 3, max_length = 4000)]
    #[serde(default)]
    note: Option<String>,
    /// `seen_sha256` of the hold as it was read. Not needed to escalate.
    #[schema(pattern = "^[0-9a-fA-F]{64}$")]
    #[serde(default)]
    seen_sha256: String,
}

/// What is decided.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verb {
    /// It leaves.
    Release,
    /// It does not.
    Reject,
    /// The arbiters decide.
    Escalate,
}

/// What was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Decided {
    hold: String,
    /// The step's id: its entry in the ledger carries it.
    operation: String,
}

/// A finding, as the API writes it: where, how sure; no excerpt. In a file, the file within its files and the place in it. `term` is what a
/// lexicon, a model or the client file said, `code` why something was not read.
pub(crate) fn finding<F: FileName>(finding: &Finding, files: &[F]) -> serde_json::Value {
    let mut all = serde_json::json!({
        "detector": finding.detector, "part": finding.part, "start": finding.start, "end": finding.end,
        "certainty": finding.certainty,
    });
    if let Some(all) = all.as_object_mut() {
        all.extend(file_of(&finding.part, files).map(|file| ("file".to_owned(), file.into())));
        all.extend(finding.place.as_ref().map(|found| ("place".to_owned(), place(found))));
        let term = Some(&finding.term).filter(|term| !term.is_empty());
        all.extend(term.map(|term| ("term".to_owned(), term.as_str().into())));
        let code = cause(finding, Locale::default()).map(|_| &finding.excerpt);
        all.extend(code.map(|code| ("code".to_owned(), code.as_str().into())));
    }
    all
}

fn findings(contents: &Contents) -> Vec<serde_json::Value> {
    contents.assessment.findings.iter().map(|one| finding(one, &contents.attachments)).collect()
}

fn recipients(hold: &HeldMessage) -> Vec<Recipient> {
    let standings = hold.contents.as_ref().map_or(&[][..], |told| &told.assessment.standings);
    let standing = |index: usize| standings.get(index).cloned().unwrap_or_default();
    let one = |(index, recipient): (usize, &open::Recipient)| {
        let known = standing(index);
        Recipient {
            address: recipient.address.to_string(),
            external: recipient.external,
            verdict: recipient.verdict.clone(),
            state: recipient.state.word().to_owned(),
            standing: known.words().into_iter().map(str::to_owned).collect(),
            resembles: known.lookalike.or(known.typo),
        }
    };
    hold.recipients.iter().enumerate().map(one).collect()
}

fn place(found: &Place) -> serde_json::Value {
    serde_json::json!({
        "kind": found.kind, "name": found.name, "number": found.number, "column": found.column, "cell": found.cell(),
    })
}

/// What waits, by time left.
#[utoipa::path(get, path = "/api/v1/holds", params(
    ("after" = Option<String>, Query, pattern = "^hold_[0-9a-z]{26}$", description = "A hold: only those due after it; `next` of the page before"),
), responses((status = 200, body = Holds), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    RawQuery(query): RawQuery,
) -> Result<Json<Holds>, Problem> {
    let query = Query::parse(query.as_deref(), &["after"])?;
    let after = query.one("after")?.map(str::parse::<HoldId>).transpose();
    let after = after.map_err(|_| Problem::bad_request("after: not the id of a hold"))?;
    let permit = op.permit(action::ReadQueue, op.organisation()).await?;
    let waiting = match after {
        None => review::queue::waiting(&op, &permit, Slice::FIRST).await?,
        Some(hold) => review::queue::waiting_after(&op, &permit, hold).await?,
    };
    let next =
        waiting.last().filter(|_| waiting.len() == bounds::QUEUE_ROWS_MAX).map(|hold| hold.id.to_string());
    let holds = waiting
        .into_iter()
        .map(|hold| HoldLine {
            id: hold.id.to_string(),
            flow: hold.flow.to_string(),
            control: hold.control,
            class: hold.class,
            severity: hold.severity,
            state: hold.state.word().to_owned(),
            held_at: hold.held_at.rfc3339(),
            due_at: hold.due_at.rfc3339(),
            sender: hold.sender.map(|sender| sender.to_string()),
            subject: hold.subject,
            guarded: hold.guarded.map(|class| class.word().to_owned()),
        })
        .collect();
    Ok(Json(Holds { holds, next }))
}

/// One hold, opened.
#[utoipa::path(get, path = "/api/v1/holds/{id}", params(("id" = String, Path)),
    responses((status = 401, body = Problem), (status = 200, body = Hold), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn one(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    Path(id): Path<String>,
) -> Result<Json<Hold>, Problem> {
    let id: HoldId = id.parse().map_err(|_| Problem::not_found())?;
    let permit = op.permit(action::ReadHold, id).await?;
    let hold = review::open::open(&op, permit).await?;
    let (contents, told) = (hold.contents.as_ref(), recipients(&hold));
    Ok(Json(Hold {
        id: hold.id.to_string(),
        flow: hold.flow.to_string(),
        state: hold.state.word().to_owned(),
        severity: hold.severity,
        held_at: hold.held_at.rfc3339(),
        due_at: hold.due_at.rfc3339(),
        sender: hold.sender.map(|sender| sender.to_string()),
        subject: contents.map(|told| told.message.subject.clone()).unwrap_or_default(),
        guarded: hold.guarded.map(|class| class.word().to_owned()),
        seen_sha256: hold.seen.hex(),
        recipients: told,
        findings: contents.map(findings).unwrap_or_default(),
        controls: contents
            .map(|told| told.assessment.matches.iter().map(|found| found.control.clone()).collect())
            .unwrap_or_default(),
    }))
}

/// Decide on a hold.
#[utoipa::path(post, path = "/api/v1/holds/{id}/decision", params(("id" = String, Path)),
    request_body = DecisionRequest,
    responses((status = 401, body = Problem), (status = 200, body = Decided), (status = 400, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn decide(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Json<Decided>, Problem> {
    let id: HoldId = id.parse().map_err(|_| Problem::not_found())?;
    if body.len() > bounds::REQUEST_BODY_BYTES_MAX {
        return Err(Problem::bad_request("the body is too large"));
    }
    let request: DecisionRequest =
        serde_json::from_slice(&body).map_err(|error| Problem::bad_request(error.to_string()))?;
    let reason = |name: &str, text: &str| {
        Reason::parse(text).map_err(|error| Problem::bad_request(format!("{name}: {error}")))
    };
    let why = reason("reason", &request.reason)?;
    if let Verb::Escalate = request.decision {
        let permit = op.permit(action::EscalateHold, id).await?;
        review::escalate::escalate(&cerebro, &op, permit, why).await?;
    } else {
        let seen = Seen::from_hex(&request.seen_sha256)
            .ok_or_else(|| Problem::bad_request("seen_sha256: 64 hexadecimal digits"))?;
        let note = request.note.as_deref().map(|note| reason("note", note)).transpose()?;
        let decision = Decision { reason: why, note, seen, signed: None };
        if let Verb::Release = request.decision {
            let permit = op.permit(action::ReleaseHold, id).await?;
            review::decide::release(&cerebro, &op, permit, decision).await?;
        } else {
            let permit = op.permit(action::RejectHold, id).await?;
            review::decide::reject(&cerebro, &op, permit, decision).await?;
        }
    }
    Ok(Json(Decided { hold: id.to_string(), operation: op.id().to_string() }))
}
