//! Flows by API: read them, submit a message for decision, ask what would be decided.

use std::borrow::Cow;

use access::{Operation, action};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use operations::flows::{Content, Envelope, Origin, Submission, dry_run as assess, list as flows, receive};
use operations::idempotency::Key;
use operations::{Cerebro, flows::settle::verdict_word};
use serde::Serialize;
use utoipa::ToSchema;
use vocabulary::{EmailAddress, FlowId, ForwardPath, bounds};

use super::Problem;
use super::caller::Caller;
use super::query::Query;

/// A flow, without its contents.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Flow {
    id: String,
    sender: Option<String>,
    size: u64,
    /// accepted, pass, hold or refuse.
    verdict: String,
    received_at: String,
    /// smtp or api.
    source: String,
    client: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    deliveries: Vec<Delivery>,
}

/// One recipient of a flow.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Delivery {
    recipient: String,
    external: bool,
    verdict: String,
    /// accepted, queued, held, refused, attempting, delivered, bounced, withdrawn, rejected or uncertain.
    state: String,
    /// The remote's last answer; of one that is tried again, the last that differed.
    reply: Option<String>,
    /// Code and status of the last temporary failure that was recorded: `450 4.2.1`.
    deferred: Option<String>,
    changed_at: String,
}

/// A page of flows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FlowPage {
    flows: Vec<Flow>,
    /// Give this as `before` to get the next page; absent on the last one. It is the last flow of this page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// What was decided on a submitted message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Submitted {
    flow: String,
    /// accepted, pass, hold or refuse.
    verdict: String,
    hold: Option<String>,
}

/// What would be decided.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DryRun {
    verdict: String,
    recipients: Vec<String>,
    findings: Vec<serde_json::Value>,
    controls: Vec<String>,
    incomplete: Vec<serde_json::Value>,
    control_set: String,
}

fn wire(line: flows::FlowLine, deliveries: Vec<flows::DeliveryLine>) -> Flow {
    Flow {
        id: line.id.to_string(),
        sender: line.sender.map(|sender| sender.to_string()),
        size: line.size,
        verdict: line.verdict,
        received_at: line.received_at.rfc3339(),
        source: line.source,
        client: line.client,
        deliveries: deliveries
            .into_iter()
            .map(|delivery| Delivery {
                recipient: delivery.recipient.to_string(),
                external: delivery.external,
                verdict: delivery.verdict,
                state: delivery.state.word().to_owned(),
                reply: delivery.reply,
                deferred: delivery.deferred,
                changed_at: delivery.changed_at.rfc3339(),
            })
            .collect(),
    }
}

/// Flows, latest first.
#[utoipa::path(get, path = "/api/v1/flows", params(
    ("before" = Option<String>, Query, pattern = "^flow_[0-9a-z]{26}$", description = "A flow: only those received before it; `next` of the page before"),
), responses((status = 200, body = FlowPage), (status = 401, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn list(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    RawQuery(query): RawQuery,
) -> Result<Json<FlowPage>, Problem> {
    let query = Query::parse(query.as_deref(), &["before"])?;
    let before = query.one("before")?.map(str::parse::<FlowId>).transpose();
    let before = before.map_err(|_| Problem::bad_request("before: not the id of a flow"))?;
    let permit = op.permit(action::ReadFlows, op.organisation()).await?;
    let mut lines = flows::page(&op, &permit, before).await?;
    let more = lines.len() > bounds::PAGE_ROWS_MAX;
    lines.truncate(bounds::PAGE_ROWS_MAX);
    let next = lines.last().filter(|_| more).map(|line| line.id.to_string());
    Ok(Json(FlowPage { flows: lines.into_iter().map(|line| wire(line, Vec::new())).collect(), next }))
}

/// One flow and its deliveries.
#[utoipa::path(get, path = "/api/v1/flows/{id}", params(("id" = String, Path)),
    responses((status = 401, body = Problem), (status = 200, body = Flow), (status = 403, body = Problem), (status = 404, body = Problem)))]
pub(crate) async fn one(
    Caller(op): Caller,
    State(_): State<Cerebro>,
    Path(id): Path<String>,
) -> Result<Json<Flow>, Problem> {
    let permit = op.permit(action::ReadFlows, op.organisation()).await?;
    let id: FlowId = id.parse().map_err(|_| Problem::not_found())?;
    let (line, deliveries) = flows::one(&op, &permit, id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(wire(line, deliveries)))
}

/// Submit a message for decision. It is settled as one that came by SMTP: what passes leaves. A message whose lines all end in LF
/// alone is kept, and leaves, with CRLF.
#[utoipa::path(post, path = "/api/v1/flows", params(
    ("sender" = String, Query, format = Email, description = "The reverse-path"),
    ("recipient" = Vec<String>, Query, description = "A forward-path; several may be given"),
    ("Idempotency-Key" = Option<String>, Header, description = "The same key and request again get the same answer"),
), request_body(content = String, content_type = "message/rfc822"),
    responses((status = 401, body = Problem), (status = 201, body = Submitted), (status = 400, body = Problem), (status = 403, body = Problem), (status = 409, body = Problem)))]
pub(crate) async fn submit(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Submitted>), Problem> {
    require_message(&headers)?;
    let content = content(&body)?;
    let envelope = envelope(query.as_deref(), &content)?;
    let key = idempotency_key(&op, &headers, query.as_deref(), &body)?;
    let submission = Submission {
        origin: Origin::api(op.actor().to_string()),
        organisations: vec![op.organisation()],
        envelope,
        content: Content::Whole(content.into_owned()),
    };
    let receipt = receive::submit(&cerebro, &op, submission, key).await?;
    let submitted = Submitted {
        flow: receipt.flow.to_string(),
        verdict: receipt.verdict.to_owned(),
        hold: receipt.hold.map(|hold| hold.to_string()),
    };
    Ok((StatusCode::CREATED, Json(submitted)))
}

/// What would be decided on a message, if it were sent now. Nothing is kept.
#[utoipa::path(post, path = "/api/v1/assessments", params(
    ("sender" = String, Query, format = Email, description = "The reverse-path"),
    ("recipient" = Vec<String>, Query, description = "A forward-path; several may be given"),
), request_body(content = String, content_type = "message/rfc822"),
    responses((status = 401, body = Problem), (status = 200, body = DryRun), (status = 400, body = Problem), (status = 403, body = Problem)))]
pub(crate) async fn dry_run(
    Caller(op): Caller,
    State(cerebro): State<Cerebro>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<DryRun>, Problem> {
    require_message(&headers)?;
    let content = content(&body)?;
    let envelope = envelope(query.as_deref(), &content)?;
    let permit = op.permit(action::DryRun, op.organisation()).await?;
    let (assessment, files) = assess::dry_run(&cerebro, &op, &permit, &envelope, &content).await?;
    Ok(Json(DryRun {
        verdict: verdict_word(assessment.verdict).to_owned(),
        recipients: assessment.recipients.iter().map(|verdict| verdict_word(*verdict).to_owned()).collect(),
        findings: assessment.findings.iter().map(|one| super::holds::finding(one, &files)).collect(),
        controls: assessment.matches.iter().map(|found| found.control.clone()).collect(),
        incomplete: assessment.incomplete.iter().filter_map(|gap| serde_json::to_value(gap).ok()).collect(),
        control_set: assessment.versions.control_set.clone(),
    }))
}

fn idempotency_key(
    op: &Operation,
    headers: &HeaderMap,
    query: Option<&str>,
    body: &[u8],
) -> Result<Option<Key>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let request = [query.unwrap_or_default().as_bytes(), b"\n", body].concat();
    Key::parse(op, value.to_str().unwrap_or_default(), &request)
        .map(Some)
        .map_err(|error| Problem::bad_request(format!("Idempotency-Key: {error}")))
}

fn require_message(headers: &HeaderMap) -> Result<(), Problem> {
    let kind =
        headers.get(axum::http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("message/rfc822")) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "A message is wanted")
        .with("Content-Type: message/rfc822"))
}

/// The message as it will leave, by the rules of the SMTP door: lines end in CRLF, or all in LF and are turned.
fn content(body: &[u8]) -> Result<Cow<'_, [u8]>, Problem> {
    mail::on_the_wire(body).map_err(|unfit| Problem::bad_request(unfit.to_string()))
}

fn envelope(query: Option<&str>, body: &[u8]) -> Result<Envelope, Problem> {
    let query = Query::parse(query, &["sender", "recipient"])?;
    let address = |name: &str, text: &str| {
        EmailAddress::parse(text).map_err(|error| Problem::bad_request(format!("{name}: {error}")))
    };
    let sender = query.one("sender")?.ok_or_else(|| Problem::bad_request("sender: missing"))?;
    let recipients =
        query.all("recipient").map(|text| address("recipient", text)).collect::<Result<Vec<_>, _>>()?;
    if let Some(routed) = recipients.iter().find(|address| address.is_routed()) {
        return Err(Problem::bad_request(format!(
            "recipient: {} asks to be routed further",
            routed.as_str()
        )));
    }
    if recipients.is_empty() || recipients.len() > bounds::RECIPIENTS_MAX {
        return Err(Problem::bad_request(format!("recipient: 1 to {}", bounds::RECIPIENTS_MAX)));
    }
    let reverse_path = address("sender", sender)?;
    let smtputf8 = reverse_path.is_international() || recipients.iter().any(EmailAddress::is_international);
    let eight_bit = !body.is_ascii();
    let recipients = recipients.into_iter().map(ForwardPath::from).collect();
    let reverse_path = Some(reverse_path);
    Ok(Envelope { reverse_path, recipients, eight_bit, smtputf8, returns: None, envelope_id: None })
}
