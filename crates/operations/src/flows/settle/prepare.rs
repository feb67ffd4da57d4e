//! A settlement, prepared: everything expensive is done here, so that nothing is sealed or composed inside the write.

use access::{Evidence, EvidenceKind, Operation, OperationError, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use compliance::calibration::Observed;
use compliance::{Assessment, ControlMatch, Guard, Verdict};
use mail::Message;
use vocabulary::{AssessmentId, DeliveryId, FlowId, HoldId, OutboxId, Timestamp};

use super::reviewed::reviewed;
use super::{
    Basis, Debt, Delivery, OwnHold, Reviewed, Settlement, Summary, assessment_context, gravest,
    scores_context, summary_context, to_json, verdict_word,
};
use crate::flows::DeliveryState;
use crate::flows::body::Body;
use crate::flows::facts::Recipient;
use crate::flows::invitation::Before;
use crate::flows::opened::OpenFlow;
use crate::flows::surroundings::Surroundings;
use crate::flows::together::Likeness;
use crate::flows::understand::{Failure, Understood};
use crate::notices::{self, Stopped};
use crate::review::alike;
use crate::{Cerebro, Organisation};

pub(super) fn prepare(
    cerebro: &Cerebro,
    op: &Operation,
    flow: &OpenFlow,
    basis: Basis<'_>,
    existing: Option<Vec<DeliveryId>>,
) -> Result<Settlement, OperationError> {
    let Basis { organisation, understood, recipients, assessed, around } = basis;
    let (assessment, now) = (&assessed.assessment, op.now());
    let assessment_id = AssessmentId::new(now, op.entropy());
    let mut deliveries = deliveries(op, recipients, assessment, existing.as_deref());
    let mut notices = Vec::new();
    let rows = order(op, &mut deliveries, &around);
    let some = |state: DeliveryState| deliveries.iter().any(|delivery| delivery.state == state);
    let subject = understood.message.subject.clone();
    let has_own_hold = deliveries.iter().any(|delivery| delivery.verdict == verdict_word(Verdict::Hold));
    let mut hold = None;
    if has_own_hold {
        let link = notices::Link::new(op);
        let id = HoldId::new(now, op.entropy());
        let guard = Guard::of(assessment, Some(&organisation.controls));
        let mut values = hold_values(id, flow, assessment_id, gravest(assessment), organisation, &link, now);
        values.push(guard.bits().into());
        hold = Some(OwnHold {
            id,
            values,
            notice: notices::held(cerebro, op, organisation, flow, understood, assessment, id, &link, guard)?,
            guard,
            likeness: Likeness::of(op, flow, &understood.message, assessment, around.sending.bulk)?,
            content: flow.sha256.clone(),
            is_read_again: cerebro.second_reader().is_some(),
            features: alike::features(assessment, outside(&deliveries)),
        });
    }
    let follows = around.held_by().filter(|_| !has_own_hold && some(DeliveryState::Held));
    if follows.is_some() {
        notices.extend(notices::waits_behind(op, organisation, flow, understood)?);
    }
    if some(DeliveryState::Rejected) {
        let sender = flow.envelope.reverse_path.as_ref();
        notices.extend(notices::stopped(op, organisation, sender, &subject, Stopped::Follows)?);
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
    let debt = assessed.debt.map(|failure| Debt {
        values: debt_values(flow.id, failure, now),
        evidence: Evidence::of(EvidenceKind::FlowOpenedWithDebt, flow.id).with("reason", failure.word()),
    });
    let verdict = verdict_word(assessment.verdict);
    Ok(Settlement {
        flow: match existing {
            Some(_) => vec![
                flow.id.into(),
                verdict.into(),
                summary.into(),
                kept_message_id(&understood.message).into(),
                is_answer(&understood.message).into(),
                around.sending.bulk.into(),
                around.sending.template.into(),
            ],
            None => {
                let sending = (around.sending.bulk, around.sending.template);
                flow_values(flow, Some(&understood.message), sending, verdict, summary, now)
            }
        },
        flow_id: flow.id,
        assessment: Some(assessment_values(op, flow.id, assessment_id, understood, assessment)?),
        debt,
        known: known(recipients, &deliveries),
        evidence: evidence(flow, organisation, assessment_id, assessment, &deliveries),
        deliveries,
        hold,
        follows,
        invitation: around.invitation,
        rows,
        notices,
        now,
        existing: existing.is_some(),
        key: flow.key.clone(),
    })
}

/// The domains outside that copies of it go to.
fn outside(deliveries: &[Delivery]) -> impl Iterator<Item = &str> {
    deliveries.iter().filter(|delivery| delivery.external).map(|delivery| delivery.path.address.domain())
}

/// An assessment's row: what a reviewer is shown of it is sealed.
pub(in crate::flows) fn assessment_values(
    op: &Operation,
    flow: FlowId,
    id: AssessmentId,
    understood: &Understood,
    assessment: &Assessment,
) -> Result<Vec<Value>, OperationError> {
    let reviewed = Reviewed { assessment: assessment.clone(), attachments: reviewed(understood, assessment) };
    let sealed = op.seal(&assessment_context(id), &to_json(&reviewed))?;
    let scores = op.seal(&scores_context(id), &to_json(&Observed::of(assessment)))?;
    Ok(vec![
        id.into(),
        flow.into(),
        verdict_word(assessment.verdict).into(),
        assessment.versions.control_set.clone().into(),
        assessment.versions.engine.clone().into(),
        sealed.into(),
        op.now().into(),
        assessment.versions.lists.clone().into(),
        scores.into(),
    ])
}

fn debt_values(flow: FlowId, failure: Failure, now: Timestamp) -> Vec<Value> {
    vec![flow.into(), failure.word().into(), now.into()]
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
            row: None,
        });
    }
    all
}

/// Puts what passes in rows of the outbox: each recipient's behind what they must have first. Who still waits for that, or
/// will never get it, waits or goes without. The rows, each with the one that must leave first.
fn order(
    op: &Operation,
    deliveries: &mut [Delivery],
    around: &Surroundings,
) -> Vec<(OutboxId, Option<OutboxId>)> {
    let mut rows: Vec<(OutboxId, Option<OutboxId>)> = Vec::new();
    for (position, delivery) in deliveries.iter_mut().enumerate() {
        if delivery.state != DeliveryState::Queued {
            continue;
        }
        let behind = match around.before(position) {
            Before::Held(_) => {
                delivery.state = DeliveryState::Held;
                continue;
            }
            // A cancellation of what never came would tell of it. An update is an invitation of its own.
            Before::Stopped(_) if around.cancels() => {
                delivery.state = DeliveryState::Rejected;
                continue;
            }
            Before::Leaving(row) => Some(row),
            Before::Nothing | Before::Stopped(_) => None,
        };
        let row = match rows.iter().find(|(_, known)| *known == behind) {
            Some((row, _)) => *row,
            None => {
                let row = OutboxId::new(op.now(), op.entropy());
                rows.push((row, behind));
                row
            }
        };
        delivery.row = Some(row);
    }
    rows
}

fn known(recipients: &[Recipient], deliveries: &[Delivery]) -> Vec<Vec<u8>> {
    let passes = recipients.iter().zip(deliveries).filter(|(recipient, delivery)| {
        recipient.facts.first_contact && delivery.state == DeliveryState::Queued
    });
    passes.filter_map(|(recipient, _)| recipient.index.clone()).collect()
}

pub(super) fn flow_values(
    flow: &OpenFlow,
    message: Option<&Message>,
    (bulk, template): (bool, Option<Vec<u8>>),
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
        message.and_then(kept_message_id).into(),
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
        message.is_some_and(is_answer).into(),
        bulk.into(),
        template.into(),
    ]
}

fn kept_message_id(message: &Message) -> Option<String> {
    message.message_id.as_deref().map(|id| id.chars().take(998).collect())
}

/// A machine's answer is never answered (RFC 3834 §2).
fn is_answer(message: &Message) -> bool {
    message.auto_replied || message.report
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

fn evidence(
    flow: &OpenFlow,
    organisation: &Organisation,
    assessment_id: AssessmentId,
    assessment: &Assessment,
    deliveries: &[Delivery],
) -> Evidence {
    let recipients: Vec<serde_json::Value> = deliveries
        .iter()
        .map(|delivery| {
            serde_json::json!({
                "delivery": delivery.id.to_string(),
                "recipient": delivery.path.address.as_str(),
                "verdict": delivery.verdict,
                "state": delivery.state.word(),
            })
        })
        .collect();
    let controls: Vec<serde_json::Value> = assessment
        .matches
        .iter()
        .map(|found| serde_json::json!({"control": found.control, "version": found.version, "mode": found.mode}))
        .collect();
    taken(verdict_word(assessment.verdict), flow)
        .with("recipients", recipients)
        .with("assessment", assessment_id.to_string())
        .with("controls", controls)
        .with("control_set", assessment.versions.control_set.clone())
        .with("engine", assessment.versions.engine.clone())
        .with("facts", assessment.versions.facts.clone())
        .with("lists", assessment.versions.lists.clone())
        .with("list_versions", list_versions(organisation))
        .with(
            "calibrations",
            Some(assessment.versions.calibrations.clone()).filter(|signed| !signed.is_empty()),
        )
        .with("models", Some(assessment.versions.models.clone()).filter(|models| !models.is_empty()))
}

/// Whence a flow came and what it is, whether it is assessed by now or not.
pub(super) fn taken(verdict: &'static str, flow: &OpenFlow) -> Evidence {
    Evidence::of(EvidenceKind::FlowSettled, flow.id)
        .with("verdict", verdict)
        .with("source", flow.origin.source)
        .with("client", flow.origin.client.clone())
        .with("peer", flow.origin.peer.map(|peer| peer.to_string()))
        .with("tls", flow.origin.tls.clone())
        .with("sender", flow.envelope.reverse_path.as_ref().map(|sender| sender.as_str().to_owned()))
        .with("size", flow.size)
        .with("body_sha256", STANDARD.encode(&flow.sha256))
}

fn list_versions(organisation: &Organisation) -> serde_json::Value {
    organisation.list_versions.iter().map(|(list, version)| (list.word(), *version)).collect()
}
