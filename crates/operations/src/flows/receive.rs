//! A message arrives: the heart. Five steps, in order; nothing leaves before the fifth is durable.

use std::sync::Arc;

use access::{Actor, Operation, OperationError, StoreError, SystemReason, action};
use vocabulary::{DeliveryId, EmailAddress, FlowId, ForwardPath, HoldId, OrganisationId, Return, Xtext};

use super::body::Spool;
use super::opened::{OpenFlow, Origin};
use super::settle::Basis;
use super::surroundings::Surroundings;
use super::understand::Understood;
use super::{facts, loops, settle, understand};
use crate::idempotency::{self, Key, Known};
use crate::{Cerebro, Organisation};

/// What the sender's server said around the message (RFC 5321 §2.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The reverse-path; `None` is the null one (bounces, notices).
    pub reverse_path: Option<EmailAddress>,
    /// The forward-paths, in order.
    pub recipients: Vec<ForwardPath>,
    /// `BODY=8BITMIME` was declared.
    pub eight_bit: bool,
    /// `SMTPUTF8` was declared.
    pub smtputf8: bool,
    /// `RET`: what a failure report brings back.
    pub returns: Option<Return>,
    /// `ENVID`: what a report names the message by.
    pub envelope_id: Option<Xtext>,
}

/// A message handed over, and by whom.
#[derive(Debug)]
pub struct Submission {
    /// Whence it came.
    pub origin: Origin,
    /// The organisations its client may speak for.
    pub organisations: Vec<OrganisationId>,
    /// The envelope.
    pub envelope: Envelope,
    /// The message, byte for byte.
    pub content: Content,
}

/// A message handed over.
#[derive(Debug)]
pub enum Content {
    /// Whole.
    Whole(Vec<u8>),
    /// Sealed while it came, since it was too large for memory.
    Spooled(Box<Spool>),
}

/// What was decided, durable and evidenced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The flow.
    pub flow: FlowId,
    /// Its hold, when a person must decide on some of it.
    pub hold: Option<HoldId>,
    /// The verdict's word: pass, hold, refuse, or accepted while it is still to be assessed.
    pub verdict: &'static str,
    /// Every recipient is refused: the sender's server is told 550.
    pub all_refused: bool,
}

impl Receipt {
    /// As an idempotency key keeps it.
    pub(crate) fn to_kept(&self) -> String {
        let hold = self.hold.map(|hold| hold.to_string()).unwrap_or_default();
        format!("{} {} {hold} {}", self.flow, self.verdict, self.all_refused)
    }

    pub(crate) fn from_kept(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split(' ').collect();
        let [flow, verdict, hold, all_refused] = fields.as_slice() else { return None };
        Some(Self {
            flow: flow.parse().ok()?,
            hold: if hold.is_empty() { None } else { Some(hold.parse().ok()?) },
            verdict: ["pass", "hold", "refuse", "accepted"].into_iter().find(|word| word == verdict)?,
            all_refused: all_refused.parse().ok()?,
        })
    }
}

/// Why a message was not taken. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// The client may not speak for this sender.
    #[error("this client may not send for that sender")]
    NotYourSender,
    /// The message passed here already, for the same recipient.
    #[error("the message is in a loop: it passed here already")]
    Loop,
    /// The idempotency key was used for another request.
    #[error("the idempotency key was used for another request")]
    KeyTaken,
    /// The same request was settled at the same moment; its receipt is the answer.
    #[error("the request was settled already")]
    Repeated,
    /// Durable storage, keys or the ledger do not work: come back later.
    #[error(transparent)]
    Operation(#[from] OperationError),
    /// Policy refuses while assessment does not work: come back later.
    #[error("assessment is not available and policy refuses meanwhile")]
    AssessmentUnavailable,
}

impl From<StoreError> for ReceiveError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Takes a message from a mail server. When this returns `Ok`, flow, deliveries, assessment (or the duty to assess),
/// body and evidence are durable (invariant 1).
///
/// # Errors
/// Nothing was kept, and nothing will leave.
pub async fn receive(cerebro: &Cerebro, submission: Submission) -> Result<Receipt, ReceiveError> {
    let organisation = speaker(cerebro, &submission.organisations, &submission.envelope)?;
    let op = cerebro.system(SystemReason::Gateway, organisation.id);
    match &submission.content {
        Content::Whole(raw) if loops::is_in_one(&op, &submission.envelope, raw).await? => {
            return Err(ReceiveError::Loop);
        }
        // Sealed under the keys of whom it was for when it began: looked at then.
        Content::Spooled(spool) if spool.organisation() != organisation.id => {
            return Err(ReceiveError::NotYourSender);
        }
        _ => {}
    }
    five_steps(cerebro, &op, &organisation, submission, None).await
}

/// Opens a place for a message that is too large for memory, before its end has come. `header` is its header section.
///
/// # Errors
/// It will not be taken; nothing was kept.
pub async fn spool(
    cerebro: &Cerebro,
    organisations: &[OrganisationId],
    envelope: &Envelope,
    header: &[u8],
) -> Result<Spool, ReceiveError> {
    let organisation = speaker(cerebro, organisations, envelope)?;
    let op = cerebro.system(SystemReason::Gateway, organisation.id);
    if loops::is_in_one(&op, envelope, header).await? {
        return Err(ReceiveError::Loop);
    }
    Ok(Spool::begin(&op)?)
}

/// Takes a message from a service that submits for decision, in its own name. With a key it is taken once: again, at
/// once or after a crash, the same key gets the same receipt.
///
/// # Errors
/// As [`receive`]; and that the key was used for another request.
pub async fn submit(
    cerebro: &Cerebro,
    op: &Operation,
    submission: Submission,
    key: Option<Key>,
) -> Result<Receipt, ReceiveError> {
    let organisation = speaker(cerebro, &submission.organisations, &submission.envelope)?;
    if let Content::Whole(raw) = &submission.content
        && loops::is_in_one(op, &submission.envelope, raw).await?
    {
        return Err(ReceiveError::Loop);
    }
    let Some(key) = key else { return five_steps(cerebro, op, &organisation, submission, None).await };
    if let Some(receipt) = receipt_of(op, &key).await? {
        return Ok(receipt);
    }
    match five_steps(cerebro, op, &organisation, submission, Some(key.clone())).await {
        Err(ReceiveError::Repeated) => receipt_of(op, &key).await?.ok_or(ReceiveError::Repeated),
        other => other,
    }
}

async fn receipt_of(op: &Operation, key: &Key) -> Result<Option<Receipt>, ReceiveError> {
    match idempotency::find(op, key).await? {
        Known::Nothing => Ok(None),
        Known::OtherRequest => Err(ReceiveError::KeyTaken),
        Known::Done(kept) => match Receipt::from_kept(&kept) {
            Some(receipt) => Ok(Some(receipt)),
            None => Err(OperationError::Damaged("a kept receipt".into()).into()),
        },
    }
}

/// Opened, understood, assessed, placed among the messages it belongs with, settled.
async fn five_steps(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Arc<Organisation>,
    submission: Submission,
    key: Option<Key>,
) -> Result<Receipt, ReceiveError> {
    let mut flow = OpenFlow::open(op, submission, key).await?;
    let Some(understood) = understand::within_budget(cerebro, &mut flow).await else {
        return settle::accept(cerebro, op, &flow).await;
    };
    match last_three(cerebro, op, organisation, &flow, &understood, None).await? {
        Some(receipt) => Ok(receipt),
        None => {
            cerebro.readings().keep(flow.id, understood);
            settle::accept(cerebro, op, &flow).await
        }
    }
}

/// The last three steps, of a message that was just understood or of one that was accepted before, with these deliveries. `None`:
/// what it follows is to be assessed first.
pub(super) async fn last_three(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    flow: &OpenFlow,
    understood: &Understood,
    accepted: Option<Vec<DeliveryId>>,
) -> Result<Option<Receipt>, ReceiveError> {
    let recipients = facts::of_recipients(op, organisation, &flow.envelope).await?;
    let assessed = understand::assess(organisation, flow, understood, &recipients, op.now())?;
    let around = Surroundings::look(op, flow, &understood.message).await?;
    if around.too_early {
        return Ok(None);
    }
    let basis = Basis { organisation, understood, recipients: &recipients, assessed: &assessed, around };
    settle::settle(cerebro, op, flow, basis, accepted).await.map(Some)
}

/// The organisation a submission speaks for. The client's identity fixes which ones it may be; the sender's domain
/// only chooses among them, and the null reverse-path needs exactly one.
fn speaker(
    cerebro: &Cerebro,
    organisations: &[OrganisationId],
    envelope: &Envelope,
) -> Result<Arc<Organisation>, ReceiveError> {
    let mut allowed = organisations.iter().filter_map(|id| cerebro.organisation(*id)).collect::<Vec<_>>();
    match &envelope.reverse_path {
        None if allowed.len() == 1 => {}
        None => return Err(ReceiveError::NotYourSender),
        Some(sender) => allowed.retain(|organisation| organisation.owns(sender)),
    }
    allowed.into_iter().next().ok_or(ReceiveError::NotYourSender)
}

/// The permit under which `op` may settle `flow`: the gateway's own, or the submitting service's.
pub(crate) enum SettlePermit {
    Gateway(access::Permit<action::ReceiveFlow>),
    Service(access::Permit<action::SubmitFlow>),
}

impl SettlePermit {
    pub(crate) async fn ask(op: &Operation, flow: FlowId) -> Result<Self, OperationError> {
        Ok(match op.actor() {
            Actor::System(_) => Self::Gateway(op.permit(action::ReceiveFlow, flow).await?),
            _ => Self::Service(op.permit(action::SubmitFlow, flow).await?),
        })
    }
}
