//! One write settles a flow: flow, deliveries, assessment, sealed body, outbox rows or hold, notices, evidence.

use access::{Evidence, EvidenceKind, Operation, OperationError, Tx, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use compliance::{Assessment, AttachmentOutcome, ControlMatch, Verdict};
use serde::{Deserialize, Serialize};
use vocabulary::{AssessmentId, DeliveryId, FlowId, ForwardPath, HoldId, OutboxId, Timestamp};

use super::body::Body;
use super::facts::Recipient;
use super::opened::OpenFlow;
use super::receive::{Receipt, ReceiveError, SettlePermit};
use super::understand::Understood;
use super::{DeliveryState, outbox, sql};
use crate::idempotency::{self, Key};
use crate::notices::{self, Notice};
use crate::{Cerebro, Organisation};

/// What a list shows of a flow; sealed, since subject lines are content.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Summary {
    /// The subject line.
    pub subject: String,
    /// The display name in From.
    pub sender_name: String,
    /// How many attachments.
    pub attachments: usize,
}

/// What a reviewer is shown beside the message; sealed with the assessment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Reviewed {
    /// The assessment, whole.
    pub assessment: Assessment,
    /// Attachments' text as it was assessed, shortened for reading.
    pub attachments: Vec<ReviewedAttachment>,
}

/// One attachment as a reviewer sees it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReviewedAttachment {
    /// Its place in the message.
    pub part: String,
    /// Its file name.
    pub name: String,
    /// Its text, when it has one.
    pub text: Option<String>,
    /// Why it could not be read.
    pub unreadable: Option<String>,
}

/// Longest attachment text kept for reading, bytes.
const REVIEWED_TEXT_MAX: usize = 64 * 1024;

pub(crate) fn summary_context(flow: FlowId) -> String {
    format!("{flow}/summary")
}

pub(crate) fn assessment_context(assessment: AssessmentId) -> String {
    format!("{assessment}/assessment")
}

/// Everything the one write needs, prepared before it: no crypto and no waiting inside.
struct Settlement {
    flow: Vec<Value>,
    flow_id: FlowId,
    deliveries: Vec<Delivery>,
    assessment: Option<Vec<Value>>,
    hold: Option<(HoldId, Vec<Value>)>,
    outbox: Option<OutboxId>,
    notices: Vec<Notice>,
    known: Vec<Vec<u8>>,
    evidence: Evidence,
    now: Timestamp,
    existing: bool,
    key: Option<Key>,
    /// The row of `key`, once the receipt is known.
    kept: Option<Vec<Value>>,
}

struct Delivery {
    id: DeliveryId,
    path: ForwardPath,
    external: bool,
    verdict: &'static str,
    state: DeliveryState,
}

/// Settles a flow that was understood.
///
/// # Errors
/// Nothing was kept.
pub async fn settle(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    flow: OpenFlow,
    understood: &Understood,
    recipients: &[Recipient],
    assessment: Assessment,
) -> Result<Receipt, ReceiveError> {
    let settlement = prepare(cerebro, op, organisation, &flow, understood, recipients, &assessment, None)?;
    finish(cerebro, op, settlement, &assessment).await
}

/// Settles a flow whose assessment was owed: same shape, its rows exist already.
///
/// # Errors
/// Nothing changed; it is still owed.
#[expect(clippy::too_many_arguments, reason = "the same words as `settle`, and which deliveries exist")]
pub(crate) async fn settle_owed(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    flow: OpenFlow,
    deliveries: Vec<DeliveryId>,
    understood: &Understood,
    recipients: &[Recipient],
    assessment: Assessment,
) -> Result<Receipt, ReceiveError> {
    let settlement =
        prepare(cerebro, op, organisation, &flow, understood, recipients, &assessment, Some(deliveries))?;
    finish(cerebro, op, settlement, &assessment).await
}

async fn finish(
    cerebro: &Cerebro,
    op: &Operation,
    settlement: Settlement,
    assessment: &Assessment,
) -> Result<Receipt, ReceiveError> {
    let receipt = Receipt {
        flow: settlement.flow_id,
        hold: settlement.hold.as_ref().map(|(id, _)| *id),
        verdict: verdict_word(assessment.verdict),
        all_refused: !assessment.recipients.is_empty()
            && assessment.recipients.iter().all(|verdict| *verdict == Verdict::Refuse),
    };
    let leaves = settlement.outbox.is_some() || !settlement.notices.is_empty();
    write(op, settlement, &receipt).await?;
    if leaves {
        cerebro.wake_relay();
    }
    Ok(receipt)
}

/// Keeps a flow whose assessment is owed: durable, answered 250, assessed next.
///
/// # Errors
/// Nothing was kept.
pub async fn accept(cerebro: &Cerebro, op: &Operation, flow: OpenFlow) -> Result<Receipt, ReceiveError> {
    let deliveries = flow
        .envelope
        .recipients
        .iter()
        .map(|path| Delivery {
            id: DeliveryId::new(op.now(), op.entropy()),
            path: path.clone(),
            external: true,
            verdict: "accepted",
            state: DeliveryState::Accepted,
        })
        .collect();
    let summary = op.seal(&summary_context(flow.id), &to_json(&Summary::default()))?;
    let settlement = Settlement {
        flow: flow_values(&flow, None, "accepted", summary, op.now()),
        flow_id: flow.id,
        deliveries,
        assessment: None,
        hold: None,
        outbox: None,
        notices: Vec::new(),
        known: Vec::new(),
        evidence: Evidence::of(EvidenceKind::FlowSettled, flow.id)
            .with("verdict", "accepted")
            .with("body_sha256", STANDARD.encode(&flow.sha256))
            .with("size", flow.size),
        now: op.now(),
        existing: false,
        key: flow.key.clone(),
        kept: None,
    };
    let receipt = Receipt { flow: flow.id, hold: None, verdict: "accepted", all_refused: false };
    write(op, settlement, &receipt).await?;
    cerebro.wake_assessor();
    Ok(receipt)
}

async fn write(op: &Operation, mut settlement: Settlement, receipt: &Receipt) -> Result<(), ReceiveError> {
    settlement.kept = settlement.key.take().map(|key| key.row(receipt.to_kept(), settlement.now));
    let permit = SettlePermit::ask(op, settlement.flow_id).await?;
    match permit {
        SettlePermit::Gateway(permit) => {
            op.write(permit, async move |tx: &mut Tx<'_>, _| apply(tx, settlement).await).await
        }
        SettlePermit::Service(permit) => {
            op.write(permit, async move |tx: &mut Tx<'_>, _| apply(tx, settlement).await).await
        }
    }
}

async fn apply(tx: &mut Tx<'_>, settlement: Settlement) -> Result<((), Evidence), ReceiveError> {
    let Settlement {
        flow,
        flow_id,
        deliveries,
        assessment,
        hold,
        outbox,
        notices,
        known,
        evidence,
        now,
        existing,
        kept,
        key: _,
    } = settlement;
    if let Some(kept) = kept
        && tx.execute(idempotency::sql::KEEP, kept).await? == 0
    {
        return Err(ReceiveError::Repeated);
    }
    let changed = tx.execute(if existing { sql::SETTLE_ACCEPTED } else { sql::INSERT_FLOW }, flow).await?;
    if changed == 0 {
        // Another node settled it first; whatever it decided stands.
        return Err(OperationError::Damaged("the flow was settled by another node".into()).into());
    }
    for (position, delivery) in deliveries.into_iter().enumerate() {
        let row = outbox.filter(|_| delivery.state == DeliveryState::Queued);
        if existing {
            let values = vec![
                delivery.id.into(),
                delivery.verdict.into(),
                delivery.state.word().into(),
                row.into(),
                now.into(),
            ];
            tx.execute(sql::SETTLE_DELIVERY, values).await?;
            continue;
        }
        let values = vec![
            delivery.id.into(),
            flow_id.into(),
            position.into(),
            delivery.path.address.as_str().into(),
            delivery.external.into(),
            delivery.verdict.into(),
            delivery.state.word().into(),
            row.into(),
            now.into(),
            delivery.path.notify.to_string().into(),
            delivery.path.original.as_ref().map(|original| original.as_str()).into(),
        ];
        tx.execute(sql::INSERT_DELIVERY, values).await?;
    }
    if let Some(values) = assessment {
        tx.execute(sql::INSERT_ASSESSMENT, values).await?;
    }
    if let Some((_, values)) = hold {
        tx.execute(sql::INSERT_HOLD, values).await?;
    }
    if let Some(id) = outbox {
        outbox::enqueue(tx, id, flow_id, now).await?;
    }
    for notice in notices {
        notices::enqueue(tx, notice, now).await?;
    }
    for index in known {
        tx.execute(sql::REMEMBER_RECIPIENT, vec![index.into(), now.into()]).await?;
    }
    Ok(((), evidence))
}

#[expect(clippy::too_many_arguments, reason = "everything a settlement rests on, named")]
fn prepare(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    flow: &OpenFlow,
    understood: &Understood,
    recipients: &[Recipient],
    assessment: &Assessment,
    existing: Option<Vec<DeliveryId>>,
) -> Result<Settlement, OperationError> {
    let now = op.now();
    let assessment_id = AssessmentId::new(now, op.entropy());
    let deliveries = deliveries(op, recipients, assessment, existing.as_deref());
    let some = |state: DeliveryState| deliveries.iter().any(|delivery| delivery.state == state);
    let outbox = some(DeliveryState::Queued).then(|| OutboxId::new(now, op.entropy()));
    let mut notices = Vec::new();
    let mut hold = None;
    let gravest = gravest(assessment);
    let subject = understood.message.subject.clone();
    if some(DeliveryState::Held) {
        let link = notices::Link::new(op);
        let id = HoldId::new(now, op.entropy());
        hold = Some((id, hold_values(id, flow, assessment_id, gravest, organisation, &link, now)));
        notices.extend(notices::held(cerebro, op, organisation, flow, understood, assessment, id, &link)?);
    }
    if some(DeliveryState::Refused) {
        notices.extend(notices::refused(cerebro, op, organisation, flow, understood, assessment)?);
    }
    let summary = Summary {
        subject,
        sender_name: understood.message.from.first().map(|from| from.name.clone()).unwrap_or_default(),
        attachments: understood.message.attachments.len(),
    };
    let summary = op.seal(&summary_context(flow.id), &to_json(&summary))?;
    let reviewed = Reviewed { assessment: assessment.clone(), attachments: reviewed_attachments(understood) };
    let sealed = op.seal(&assessment_context(assessment_id), &to_json(&reviewed))?;
    let evidence = evidence(flow, assessment_id, assessment, &deliveries, hold.as_ref().map(|(id, _)| *id));
    let verdict = verdict_word(assessment.verdict);
    let message_id = understood.message.message_id.as_deref();
    Ok(Settlement {
        flow: match existing {
            Some(_) => vec![flow.id.into(), verdict.into(), summary.into()],
            None => flow_values(flow, message_id, verdict, summary, now),
        },
        flow_id: flow.id,
        assessment: Some(vec![
            assessment_id.into(),
            flow.id.into(),
            verdict.into(),
            assessment.versions.control_set.clone().into(),
            assessment.versions.engine.clone().into(),
            sealed.into(),
            now.into(),
        ]),
        known: known(recipients, &deliveries),
        deliveries,
        hold,
        outbox,
        notices,
        evidence,
        now,
        existing: existing.is_some(),
        key: flow.key.clone(),
        kept: None,
    })
}

fn deliveries(
    op: &Operation,
    recipients: &[Recipient],
    assessment: &Assessment,
    existing: Option<&[DeliveryId]>,
) -> Vec<Delivery> {
    let mut all = Vec::with_capacity(recipients.len());
    for (position, recipient) in recipients.iter().enumerate() {
        // A recipient the engine said nothing of takes the flow's own verdict: never a pass by omission.
        let verdict = assessment.recipients.get(position).copied().unwrap_or(assessment.verdict);
        let state = match verdict {
            Verdict::Pass => DeliveryState::Queued,
            Verdict::Hold => DeliveryState::Held,
            Verdict::Refuse => DeliveryState::Refused,
        };
        all.push(Delivery {
            id: existing
                .and_then(|ids| ids.get(position).copied())
                .unwrap_or_else(|| DeliveryId::new(op.now(), op.entropy())),
            path: recipient.path.clone(),
            external: recipient.facts.external,
            verdict: verdict_word(verdict),
            state,
        });
    }
    all
}

fn known(recipients: &[Recipient], deliveries: &[Delivery]) -> Vec<Vec<u8>> {
    let passes = recipients.iter().zip(deliveries).filter(|(recipient, delivery)| {
        recipient.facts.first_contact && delivery.state == DeliveryState::Queued
    });
    passes.filter_map(|(recipient, _)| recipient.index.clone()).collect()
}

fn flow_values(
    flow: &OpenFlow,
    message_id: Option<&str>,
    verdict: &str,
    summary: Vec<u8>,
    now: Timestamp,
) -> Vec<Value> {
    let (inline, blob) = match &flow.body {
        Body::Inline(sealed) => (Value::Bytes(sealed.clone()), Value::Null),
        Body::Blob(id) => (Value::Null, Value::from(*id)),
        Body::Kept => (Value::Null, Value::Null),
    };
    vec![
        flow.id.into(),
        flow.origin.source.into(),
        flow.origin.client.clone().into(),
        flow.envelope.reverse_path.as_ref().map(|sender| sender.as_str()).into(),
        message_id.map(|id| id.chars().take(998).collect::<String>()).into(),
        flow.size.into(),
        verdict.into(),
        flow.envelope.eight_bit.into(),
        flow.envelope.smtputf8.into(),
        flow.sha256.clone().into(),
        inline,
        blob,
        summary.into(),
        now.into(),
        flow.origin.helo.clone().into(),
        flow.origin.peer.map(|peer| peer.to_string()).into(),
        flow.origin.protocol.into(),
        flow.origin.tls.clone().into(),
        flow.envelope.returns.map(|returns| returns.word()).into(),
        flow.envelope.envelope_id.as_ref().map(|id| id.as_str()).into(),
    ]
}

fn hold_values(
    id: HoldId,
    flow: &OpenFlow,
    assessment: AssessmentId,
    gravest: Option<&ControlMatch>,
    organisation: &Organisation,
    link: &notices::Link,
    now: Timestamp,
) -> Vec<Value> {
    let policy = &organisation.policy;
    vec![
        id.into(),
        flow.id.into(),
        assessment.into(),
        gravest.map_or("standard", |control| control.hold_class.as_str()).into(),
        gravest.map_or(3_i64, |control| control.severity as i64).into(),
        gravest.map_or("", |control| control.control.as_str()).into(),
        flow.sha256.clone().into(),
        now.into(),
        now.plus(policy.hold_time()).into(),
        now.plus(policy.part(policy.cover_at_percent)).into(),
        link.hash().into(),
    ]
}

/// The gravest control that actually holds or refuses.
pub(crate) fn gravest(assessment: &Assessment) -> Option<&ControlMatch> {
    assessment
        .matches
        .iter()
        .filter(|found| found.mode == compliance::Mode::Enforce && found.verdict != Verdict::Pass)
        .max_by_key(|found| found.severity as i64)
}

fn reviewed_attachments(understood: &Understood) -> Vec<ReviewedAttachment> {
    let shorten = |text: &str| {
        let end = (0..=REVIEWED_TEXT_MAX.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
        text.get(..end.unwrap_or(0)).unwrap_or("").to_owned()
    };
    understood
        .attachments
        .iter()
        .map(|attachment| ReviewedAttachment {
            part: attachment.part.clone(),
            name: attachment.name.clone(),
            text: match &attachment.outcome {
                AttachmentOutcome::Text(text) => Some(shorten(text)),
                _ => None,
            },
            unreadable: match &attachment.outcome {
                AttachmentOutcome::Unreadable(reason) => Some(reason.clone()),
                _ => None,
            },
        })
        .collect()
}

fn evidence(
    flow: &OpenFlow,
    assessment_id: AssessmentId,
    assessment: &Assessment,
    deliveries: &[Delivery],
    hold: Option<HoldId>,
) -> Evidence {
    let recipients: Vec<serde_json::Value> = deliveries
        .iter()
        .map(|delivery| {
            serde_json::json!({
                "delivery": delivery.id.to_string(),
                "recipient": delivery.path.address.as_str(),
                "verdict": delivery.verdict,
            })
        })
        .collect();
    let controls: Vec<serde_json::Value> = assessment
        .matches
        .iter()
        .map(|found| serde_json::json!({"control": found.control, "version": found.version, "mode": found.mode}))
        .collect();
    Evidence::of(EvidenceKind::FlowSettled, flow.id)
        .with("verdict", verdict_word(assessment.verdict))
        .with("source", flow.origin.source)
        .with("client", flow.origin.client.clone())
        .with("peer", flow.origin.peer.map(|peer| peer.to_string()))
        .with("tls", flow.origin.tls.clone())
        .with("sender", flow.envelope.reverse_path.as_ref().map(|sender| sender.as_str().to_owned()))
        .with("recipients", recipients)
        .with("size", flow.size)
        .with("body_sha256", STANDARD.encode(&flow.sha256))
        .with("assessment", assessment_id.to_string())
        .with("controls", controls)
        .with("control_set", assessment.versions.control_set.clone())
        .with("engine", assessment.versions.engine.clone())
        .with("facts", assessment.versions.facts.clone())
        .with("hold", hold.map(|id| id.to_string()))
}

/// The word of a verdict in tables and JSON.
#[must_use]
pub const fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Hold => "hold",
        Verdict::Refuse => "refuse",
    }
}

pub(crate) fn to_json<T: Serialize>(value: &T) -> Vec<u8> {
    // Plain structs of ours: there is nothing in them that JSON cannot say.
    serde_json::to_vec(value).unwrap_or_default()
}
