//! One write settles a flow: flow, deliveries, assessment, sealed body, outbox rows or hold, notices, evidence.

mod prepare;
mod reviewed;

use access::{Evidence, Operation, OperationError, Tx, Value};
use compliance::{Assessment, ControlMatch, Guard, Verdict};
use serde::{Deserialize, Serialize};
use vocabulary::{AssessmentId, DeliveryId, FlowId, ForwardPath, HoldId, OutboxId, Timestamp};

pub(in crate::flows) use self::prepare::assessment_values;
use self::prepare::{flow_values, prepare, taken};
pub use self::reviewed::{ReviewedAttachment, Window};
use super::accepted::Lane;
use super::facts::Recipient;
use super::invitation::Invitation;
use super::opened::OpenFlow;
use super::receive::{Receipt, ReceiveError, SettlePermit};
use super::surroundings::Surroundings;
use super::together::{self, Likeness};
use super::understand::{Assessed, Understood};
use super::{DeliveryState, outbox, sql};
use crate::idempotency::{self, Key};
use crate::notices::{self, Notice};
use crate::review::alike::{self, Feature};
use crate::review::{guarded, second};
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

pub(crate) fn summary_context(flow: FlowId) -> String {
    format!("{flow}/summary")
}

pub(crate) fn assessment_context(assessment: AssessmentId) -> String {
    format!("{assessment}/assessment")
}

pub(crate) fn scores_context(assessment: AssessmentId) -> String {
    format!("{assessment}/scores")
}

/// Everything the one write needs, prepared before it: no crypto and no waiting inside.
struct Settlement {
    flow: Vec<Value>,
    flow_id: FlowId,
    deliveries: Vec<Delivery>,
    assessment: Option<Vec<Value>>,
    /// It leaves with its assessment owed: a fact of its own.
    debt: Option<Debt>,
    hold: Option<OwnHold>,
    /// The hold of what it follows, when it has none of its own.
    follows: Option<HoldId>,
    invitation: Option<Invitation>,
    /// Its rows in the outbox, each with the row that must leave first.
    rows: Vec<(OutboxId, Option<OutboxId>)>,
    notices: Vec<Notice>,
    known: Vec<Vec<u8>>,
    evidence: Evidence,
    now: Timestamp,
    existing: bool,
    key: Option<Key>,
}

/// The debt that a message leaves behind.
struct Debt {
    values: Vec<Value>,
    evidence: Evidence,
}

/// The hold a flow waits for, unless it joins that of its like.
struct OwnHold {
    id: HoldId,
    values: Vec<Value>,
    notice: Option<Notice>,
    /// How it is guarded, and with it whatever hold it joins.
    guard: Guard,
    likeness: Likeness,
    content: Vec<u8>,
    /// A second encoder will read it.
    is_read_again: bool,
    /// What makes it like others.
    features: Vec<Feature>,
}

struct Delivery {
    id: DeliveryId,
    path: ForwardPath,
    external: bool,
    verdict: &'static str,
    state: DeliveryState,
    row: Option<OutboxId>,
}

/// What a settlement rests on.
pub(crate) struct Basis<'a> {
    pub(crate) organisation: &'a Organisation,
    pub(crate) understood: &'a Understood,
    pub(crate) recipients: &'a [Recipient],
    pub(crate) assessed: &'a Assessed,
    pub(crate) around: Surroundings,
}

/// Settles a flow that was assessed. One that was accepted before has these deliveries: its rows exist already.
///
/// # Errors
/// Nothing changed: the flow is not kept, or still accepted.
pub(crate) async fn settle(
    cerebro: &Cerebro,
    op: &Operation,
    flow: &OpenFlow,
    basis: Basis<'_>,
    accepted: Option<Vec<DeliveryId>>,
) -> Result<Receipt, ReceiveError> {
    let assessment = &basis.assessed.assessment;
    let settlement = prepare(cerebro, op, flow, basis, accepted)?;
    let receipt = Receipt {
        flow: settlement.flow_id,
        hold: settlement.hold.as_ref().map(|own| own.id).or(settlement.follows),
        verdict: verdict_word(assessment.verdict),
        all_refused: !assessment.recipients.is_empty()
            && assessment.recipients.iter().all(|verdict| *verdict == Verdict::Refuse),
    };
    let leaves = !settlement.rows.is_empty() || settlement.hold.is_some() || !settlement.notices.is_empty();
    let receipt = write(op, settlement, receipt).await?;
    if leaves {
        cerebro.wake_relay();
    }
    Ok(receipt)
}

/// Accepts a flow: durable, answered 250, assessed next.
///
/// # Errors
/// Nothing was kept.
pub(crate) async fn accept(
    cerebro: &Cerebro,
    op: &Operation,
    flow: &OpenFlow,
) -> Result<Receipt, ReceiveError> {
    let lane = Lane::of(flow.origin.bulk);
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
            row: None,
        })
        .collect();
    let summary = op.seal(&summary_context(flow.id), &to_json(&Summary::default()))?;
    let settlement = Settlement {
        flow: flow_values(flow, None, (flow.origin.bulk, None), "accepted", summary, op.now()),
        flow_id: flow.id,
        deliveries,
        assessment: None,
        debt: None,
        hold: None,
        follows: None,
        invitation: None,
        rows: Vec::new(),
        notices: Vec::new(),
        known: Vec::new(),
        evidence: taken("accepted", flow),
        now: op.now(),
        existing: false,
        key: flow.key.clone(),
    };
    let receipt = Receipt { flow: flow.id, hold: None, verdict: "accepted", all_refused: false };
    let accepted = write(op, settlement, receipt).await;
    match &accepted {
        Ok(_) => cerebro.wake_assessor(lane),
        Err(_) => cerebro.readings().give_up(flow.id),
    }
    accepted
}

async fn write(op: &Operation, settlement: Settlement, receipt: Receipt) -> Result<Receipt, ReceiveError> {
    match SettlePermit::ask(op, settlement.flow_id).await? {
        SettlePermit::Gateway(permit) => {
            op.write(permit, async move |tx: &mut Tx<'_>, _| apply(tx, settlement, receipt).await).await
        }
        SettlePermit::Service(permit) => {
            op.write(permit, async move |tx: &mut Tx<'_>, _| apply(tx, settlement, receipt).await).await
        }
    }
}

/// The one write. What it joins is known in it alone, so the receipt is finished here.
async fn apply(
    tx: &mut Tx<'_>,
    mut settlement: Settlement,
    mut receipt: Receipt,
) -> Result<(Receipt, Evidence), ReceiveError> {
    let (flow, now) = (settlement.flow_id, settlement.now);
    let statement = if settlement.existing { sql::SETTLE_ACCEPTED } else { sql::INSERT_FLOW };
    if tx.execute(statement, std::mem::take(&mut settlement.flow)).await? == 0 {
        // Another node settled it first; whatever it decided stands.
        return Err(OperationError::Damaged("the flow was settled by another node".into()).into());
    }
    insert_deliveries(tx, &mut settlement).await?;
    if let Some(values) = settlement.assessment.take() {
        tx.execute(sql::INSERT_ASSESSMENT, values).await?;
    }
    if let Some(invitation) = &settlement.invitation {
        invitation.keep(tx, flow).await?;
    }
    let mut evidence = settlement.evidence;
    let mut opened = None;
    if let Some(debt) = settlement.debt {
        tx.execute(super::debt::sql::INSERT_DEBT, debt.values).await?;
        opened = Some(debt.evidence);
    }
    if let Some(own) = settlement.hold {
        let (hold, joined) = wait(tx, flow, own, now).await?;
        receipt.hold = Some(hold);
        evidence = evidence.with("hold", hold.to_string()).with("joined", joined);
    } else if let Some(hold) = settlement.follows {
        together::follow(tx, flow, hold, now).await?;
        evidence = evidence.with("hold", hold.to_string()).with("joined", together::Kind::Follows.word());
    }
    for (row, behind) in settlement.rows {
        outbox::enqueue(tx, row, flow, behind, now).await?;
    }
    for notice in settlement.notices {
        notices::enqueue(tx, notice, now).await?;
    }
    for index in settlement.known {
        tx.execute(sql::REMEMBER_RECIPIENT, vec![index.into(), now.into()]).await?;
    }
    if let Some(key) = settlement.key
        && tx.execute(idempotency::sql::KEEP, key.row(receipt.to_kept(), now)).await? == 0
    {
        return Err(ReceiveError::Repeated);
    }
    Ok((receipt, opened.into_iter().fold(evidence, Evidence::and)))
}

/// Joins the hold of its like, or opens its own and tells the sender.
async fn wait(
    tx: &mut Tx<'_>,
    flow: FlowId,
    own: OwnHold,
    now: Timestamp,
) -> Result<(HoldId, Option<&'static str>), ReceiveError> {
    let OwnHold { id, values, notice, guard, likeness, content, is_read_again, features } = own;
    if let Some((hold, kind)) = together::join(tx, flow, &content, &likeness, id, now).await? {
        if guard != Guard::default() {
            tx.execute(guarded::sql::JOIN, vec![hold.into(), guard.bits().into()]).await?;
        }
        alike::keep(tx, hold, features).await?;
        return Ok((hold, Some(kind.word())));
    }
    tx.execute(sql::INSERT_HOLD, values).await?;
    alike::keep(tx, id, features).await?;
    if is_read_again {
        second::ask(tx, id).await?;
    }
    if let Some(notice) = notice {
        notices::enqueue(tx, notice, now).await?;
    }
    Ok((id, None))
}

async fn insert_deliveries(tx: &mut Tx<'_>, settlement: &mut Settlement) -> Result<(), ReceiveError> {
    let (flow, now) = (settlement.flow_id, settlement.now);
    for (position, delivery) in std::mem::take(&mut settlement.deliveries).into_iter().enumerate() {
        if settlement.existing {
            let values = vec![
                delivery.id.into(),
                delivery.verdict.into(),
                delivery.state.word().into(),
                delivery.row.into(),
                now.into(),
                delivery.external.into(),
            ];
            tx.execute(sql::SETTLE_DELIVERY, values).await?;
            continue;
        }
        let values = vec![
            delivery.id.into(),
            flow.into(),
            position.into(),
            delivery.path.address.as_str().into(),
            delivery.external.into(),
            delivery.verdict.into(),
            delivery.state.word().into(),
            delivery.row.into(),
            now.into(),
            delivery.path.notify.to_string().into(),
            delivery.path.original.as_ref().map(|original| original.as_str()).into(),
        ];
        tx.execute(sql::INSERT_DELIVERY, values).await?;
    }
    Ok(())
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
