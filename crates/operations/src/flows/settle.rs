//! One write settles a flow: flow, deliveries, assessment, sealed body, outbox rows or hold, notices, evidence.

mod prepare;

use access::{Evidence, EvidenceKind, Operation, OperationError, Tx, Value};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use compliance::{Assessment, ControlMatch, Verdict};
use serde::{Deserialize, Serialize};
use vocabulary::{AssessmentId, DeliveryId, FlowId, ForwardPath, HoldId, OutboxId, Timestamp};

pub(in crate::flows) use self::prepare::assessment_values;
use self::prepare::{flow_values, prepare};
use super::campaign::Sending;
use super::facts::Recipient;
use super::opened::OpenFlow;
use super::receive::{Receipt, ReceiveError, SettlePermit};
use super::understand::{Assessed, Understood};
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
    /// It leaves with its assessment owed.
    debt: Option<Vec<Value>>,
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
#[expect(clippy::too_many_arguments, reason = "what a settlement rests on, named")]
pub(crate) async fn settle(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    flow: OpenFlow,
    understood: &Understood,
    recipients: &[Recipient],
    assessed: Assessed,
    sending: Sending,
) -> Result<Receipt, ReceiveError> {
    let settlement =
        prepare(cerebro, op, organisation, &flow, understood, recipients, &assessed, sending, None)?;
    finish(cerebro, op, settlement, &assessed.assessment).await
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
    assessed: Assessed,
    sending: Sending,
) -> Result<Receipt, ReceiveError> {
    let settlement = prepare(
        cerebro,
        op,
        organisation,
        &flow,
        understood,
        recipients,
        &assessed,
        sending,
        Some(deliveries),
    )?;
    finish(cerebro, op, settlement, &assessed.assessment).await
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
        flow: flow_values(
            &flow,
            None,
            Sending { bulk: flow.origin.bulk, template: None },
            "accepted",
            summary,
            op.now(),
        ),
        flow_id: flow.id,
        deliveries,
        assessment: None,
        debt: None,
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
        debt,
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
    if let Some(values) = debt {
        tx.execute(super::debt::sql::INSERT_DEBT, values).await?;
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

/// The gravest control that actually holds or refuses.
pub(crate) fn gravest(assessment: &Assessment) -> Option<&ControlMatch> {
    assessment
        .matches
        .iter()
        .filter(|found| found.mode == compliance::Mode::Enforce && found.verdict != Verdict::Pass)
        .max_by_key(|found| found.severity as i64)
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
