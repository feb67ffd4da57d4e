//! What every decision on a hold shares: bound to what was read, made once, by somebody else than the sender.

use access::{
    Action, ActionName, Actor, Evidence, EvidenceKind, Instance, Operation, OperationError, Permit,
    StoreError, Tx, Value,
};
use compliance::Guard;
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, EmailAddress, FlowId, HoldId, OutboxId, Timestamp};

use super::hold::{Escalation, HoldState, InvalidTransition, Step};
use super::signature::{self, Answer, Deed, Used};
use super::{carry, guarded, sql};
use crate::accounts::people::{self, SamePerson};
use crate::accounts::sign_decision::Signed;
use crate::flows::invitation::{self, Before, Invitation};
use crate::flows::settle::{Summary, summary_context, to_json};
use crate::flows::{DeliveryState, outbox};
use crate::notices::{self, Notice};
use crate::organisation::Reason;
use crate::{Cerebro, Organisation};

/// The SHA-256 of the message a person had before their eyes. A decision that names another one is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen(pub Vec<u8>);

impl Seen {
    /// As forms and the API carry it.
    #[must_use]
    pub fn hex(&self) -> String {
        hex(&self.0)
    }

    /// Reads 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        (0..64)
            .step_by(2)
            .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
            .collect::<Option<_>>()
            .map(Self)
    }
}

/// A decision, as a person states it.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Why: for colleagues, the auditor, and the ledger.
    pub reason: Reason,
    /// What the sender will read, if anything.
    pub note: Option<Reason>,
    /// What was read.
    pub seen: Seen,
    /// What the person's security key says to it.
    pub signed: Option<Answer>,
}

/// Why a decision was not made. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// There is no such hold here.
    #[error("there is no such hold")]
    NotFound,
    /// Somebody was first, or it cannot be undone.
    #[error(transparent)]
    Transition(#[from] InvalidTransition),
    /// The message before the person's eyes is not the one that waits.
    #[error("the decision is bound to another text than the one that waits")]
    SeenOther,
    /// Nobody decides on their own message.
    #[error("nobody decides on their own message")]
    OwnMessage,
    /// Governance decides on what others did.
    #[error("whoever decided on this hold, or called the arbiters, does not rule on it nor overrule it")]
    SameHands(#[from] SamePerson),
    /// It updates or cancels an invitation on which nobody has decided.
    #[error("it follows an invitation that waits: decide on that first")]
    FollowsWaiting,
    /// It cancels an invitation that never left.
    #[error("it cancels an invitation that will not be sent")]
    FollowsStopped,
    /// The organisation asks for the signature of a security key.
    #[error("the organisation asks for the signature of a security key on this decision")]
    SignatureNeeded,
    /// The signature is of something else, was used already, or is too old.
    #[error("the security key did not sign this decision")]
    Signature,
    /// It is private or protected mail: whoever does not hold the mission for it does not let it go.
    #[error("it is private or protected mail: who has the mission for it lets it go, or nobody")]
    Guarded,
    /// It is no private or protected mail: it is for its team.
    #[error("the hold is not guarded")]
    NotGuarded,
    /// The case is one of the other class.
    #[error("that is no case for opening a message of this class")]
    Circumstance,
    /// Arbitration needs an escalated hold.
    #[error("the hold was not escalated")]
    NotEscalated,
    /// It is with the arbiters already.
    #[error("the hold is with the arbiters already")]
    AlreadyEscalated,
    /// Not permitted, not kept, or damaged.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for ReviewError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

impl From<access::Denied> for ReviewError {
    fn from(error: access::Denied) -> Self {
        Self::Operation(error.into())
    }
}

/// What is kept, sealed, of a decision.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) reason: String,
    pub(crate) note: Option<String>,
}

pub(crate) fn decision_context(hold: HoldId) -> String {
    format!("{hold}/decision")
}

/// Which verb decides, and what it asks of the hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Review,
    Arbitration,
    Override,
    Custody,
}

/// A decision with everything that is expensive done: nothing is sealed or composed inside the write.
pub(crate) struct Prepared {
    step: Step,
    by: By,
    kind: EvidenceKind,
    decision: Decision,
    sealed: Vec<u8>,
    grounds: Vec<u8>,
    override_id: vocabulary::OverrideId,
    notice: Option<Notice>,
    outbox: OutboxId,
    instance: Instance,
    sender: Option<EmailAddress>,
    class: String,
    guard: Guard,
    signed: Option<Signed>,
    by_whom: Actor,
    actor: String,
    account: Option<AccountId>,
    now: Timestamp,
}

pub(crate) async fn prepare(
    cerebro: &Cerebro,
    op: &Operation,
    hold: HoldId,
    step: Step,
    by: By,
    decision: Decision,
) -> Result<Prepared, ReviewError> {
    let organisation = organisation(cerebro, op)?;
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::HOLD, vec![hold.into()]).await)
        .await?
        .ok_or(ReviewError::NotFound)?;
    let flow: FlowId = row.parse(1)?;
    let sender: Option<EmailAddress> = row.parse_optional(14)?;
    let summary: Summary = open_json(op, &summary_context(flow), &row.get::<Vec<u8>>(15)?)?;
    let kept = Kept {
        reason: decision.reason.as_str().to_owned(),
        note: decision.note.as_ref().map(|note| note.as_str().to_owned()),
    };
    let notice = notices::decided(
        op,
        &organisation,
        sender.as_ref(),
        &summary.subject,
        step == Step::Release,
        kept.note.as_deref(),
    )?;
    let guard = guarded::guard_of(op, hold).await?;
    let deed = Deed::of(step, by);
    let signed = signature::check(cerebro, op, (hold, flow), deed, &decision).await?;
    let override_id = vocabulary::OverrideId::new(op.now(), op.entropy());
    Ok(Prepared {
        step,
        by,
        kind: kind(step, by),
        sealed: op.seal(&decision_context(hold), &to_json(&kept))?,
        grounds: op.seal(&format!("{override_id}/grounds"), kept.reason.as_bytes())?,
        override_id,
        decision,
        notice,
        outbox: OutboxId::new(op.now(), op.entropy()),
        instance: op.instance().clone(),
        sender,
        class: row.get(3)?,
        guard,
        signed,
        by_whom: op.actor(),
        actor: op.actor().to_string(),
        account: op.actor().account(),
        now: op.now(),
    })
}

const fn kind(step: Step, by: By) -> EvidenceKind {
    match (by, step) {
        (By::Arbitration, _) => EvidenceKind::HoldArbitrated,
        (By::Override, _) => EvidenceKind::HoldOverruled,
        (By::Review | By::Custody, Step::Release) => EvidenceKind::HoldReleased,
        (By::Review | By::Custody, Step::Reject) => EvidenceKind::HoldRejected,
        (By::Review | By::Custody, Step::Withdraw) => EvidenceKind::HoldWithdrawn,
    }
}

/// Makes the decision, then carries it out for all that waits with the hold.
pub(crate) async fn decide<A: Action<Subject = HoldId>>(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<A>,
    prepared: Prepared,
) -> Result<(), ReviewError> {
    let hold = permit.subject();
    let made =
        op.write(permit, async move |tx: &mut Tx<'_>, hold: HoldId| apply(tx, hold, prepared).await).await?;
    cerebro.wake_relay();
    if !made {
        return Err(ReviewError::Signature);
    }
    carry::now(cerebro, op.organisation(), hold).await;
    Ok(())
}

/// Makes the decision inside the write: the hold is looked at again, under lock, as it stands now. False when the key that
/// signed turned out to be a copy: that is written, and nothing is decided.
async fn apply(tx: &mut Tx<'_>, hold: HoldId, prepared: Prepared) -> Result<(bool, Evidence), ReviewError> {
    let Prepared { step, by, kind, decision, sealed, now, .. } = &prepared;
    let row = tx.fetch_optional(sql::LOCK, vec![hold.into()]).await?.ok_or(ReviewError::NotFound)?;
    let was: HoldState = row.parse(0)?;
    let escalation = Escalation::from_level(row.get(1)?);
    let flow: FlowId = row.parse(3)?;
    if row.get::<Vec<u8>>(2)? != decision.seen.0 {
        return Err(ReviewError::SeenOther);
    }
    let becomes = if *by == By::Override { was.overrule(*step)? } else { was.step(*step)? };
    if *by == By::Arbitration && escalation < Escalation::Arbiters {
        return Err(ReviewError::NotEscalated);
    }
    let guard = row.get::<Option<i64>>(4)?.map_or(prepared.guard, Guard::from_bits);
    refuse_unentitled(tx, guard, &prepared).await?;
    refuse_own_message(tx, &prepared).await?;
    refuse_same_hands(tx, hold, &prepared).await?;
    let deed = Deed::of(*step, *by);
    match signature::spend(tx, prepared.signed.as_ref(), deed, &prepared.class, *now).await? {
        Used::Good => {}
        Used::Copied(evidence) => return Ok((false, evidence)),
    }
    let values = vec![
        hold.into(),
        becomes.word().into(),
        (*now).into(),
        prepared.actor.clone().into(),
        sealed.clone().into(),
        was.word().into(),
    ];
    if tx.execute(sql::DECIDE, values).await? == 0 {
        return Err(InvalidTransition { from: was }.into());
    }
    let from = if was == HoldState::Rejected { DeliveryState::Rejected } else { DeliveryState::Held };
    let moved = move_deliveries(tx, flow, from, *step, &prepared).await?;
    carry::begin(tx, hold).await?;
    if *by == By::Override {
        let values = vec![
            prepared.override_id.into(),
            hold.into(),
            prepared.actor.clone().into(),
            was.word().into(),
            becomes.word().into(),
            prepared.grounds.clone().into(),
            (*now).into(),
        ];
        tx.execute(sql::INSERT_OVERRIDE, values).await?;
    }
    let evidence = Evidence::of(*kind, hold)
        .with("flow", flow.to_string())
        .with("was", was.word())
        .with("becomes", becomes.word())
        .with("deliveries", moved)
        .with("reason", decision.reason.as_str())
        .with("seen_sha256", hex(&decision.seen.0));
    let evidence = signature::with(evidence, prepared.signed.as_ref())?;
    if let Some(notice) = prepared.notice {
        notices::enqueue(tx, notice, prepared.now).await?;
    }
    Ok((true, evidence))
}

async fn move_deliveries(
    tx: &mut Tx<'_>,
    flow: FlowId,
    from: DeliveryState,
    step: Step,
    prepared: &Prepared,
) -> Result<u64, ReviewError> {
    if step == Step::Release
        && let Some(invitation) = Invitation::of_settled(tx, flow).await?
    {
        return let_go_in_order(tx, flow, from, &invitation, prepared).await;
    }
    let (to, outbox) = match step {
        Step::Release => (DeliveryState::Queued, Value::from(prepared.outbox)),
        Step::Reject => (DeliveryState::Rejected, Value::Null),
        Step::Withdraw => (DeliveryState::Withdrawn, Value::Null),
    };
    if step == Step::Release {
        outbox::enqueue(tx, prepared.outbox, flow, None, prepared.now).await?;
    }
    let values = vec![flow.into(), to.word().into(), outbox, prepared.now.into(), from.word().into()];
    Ok(tx.execute(sql::MOVE_DELIVERIES, values).await?)
}

/// An invitation leaves after what it follows. While that waits there is nothing to release, and a cancellation of what
/// never left is not sent at all.
async fn let_go_in_order(
    tx: &mut Tx<'_>,
    flow: FlowId,
    from: DeliveryState,
    invitation: &Invitation,
    prepared: &Prepared,
) -> Result<u64, ReviewError> {
    let before = invitation.before(tx, flow).await?;
    for delivery in tx.fetch(invitation::sql::IN_STATE, vec![flow.into(), from.word().into()]).await? {
        match before.get(&delivery.parse::<EmailAddress>(1)?.key()) {
            Some(Before::Held(_)) => return Err(ReviewError::FollowsWaiting),
            Some(Before::Stopped(_)) if invitation.cancels => return Err(ReviewError::FollowsStopped),
            _ => {}
        }
    }
    let when = (prepared.now, prepared.instance.entropy());
    Ok(invitation::place(tx, invitation, flow, from, false, when).await?.queued)
}

/// Who has not read a guarded message, and may not, refuses it or leaves it, and does not let it go (decision 21). By
/// whichever verb, letting it go needs the mission for it at that moment.
async fn refuse_unentitled(tx: &mut Tx<'_>, guard: Guard, prepared: &Prepared) -> Result<(), ReviewError> {
    match guard.class() {
        None if prepared.by == By::Custody => Err(ReviewError::NotGuarded),
        Some(_) if prepared.step == Step::Release => {
            let (action, now) = (ActionName::DecideGuarded, prepared.now);
            let may = guarded::is_custodian(tx, prepared.by_whom, action, now).await?;
            if may { Ok(()) } else { Err(ReviewError::Guarded) }
        }
        _ => Ok(()),
    }
}

/// Requester, approver and beneficiary are distinct people. The sender withdraws by their own link, not here.
async fn refuse_own_message(tx: &mut Tx<'_>, prepared: &Prepared) -> Result<(), ReviewError> {
    let (Some(sender), Some(account)) = (&prepared.sender, prepared.account) else { return Ok(()) };
    let rows = tx.fetch(sql::SENDER_ACCOUNT, vec![sender.key().into()]).await?;
    for row in rows {
        if row.parse::<AccountId>(0)? == account {
            return Err(ReviewError::OwnMessage);
        }
    }
    Ok(())
}

/// Whoever decided on a hold, or called the arbiters, neither rules on it nor overrules it, under a second account either:
/// on one flow, operations and governance are two people (attack A5).
async fn refuse_same_hands(tx: &mut Tx<'_>, hold: HoldId, prepared: &Prepared) -> Result<(), ReviewError> {
    let (Some(account), By::Arbitration | By::Override) = (prepared.account, prepared.by) else {
        return Ok(());
    };
    let rows = tx.fetch(sql::HANDS, vec![hold.into()]).await?;
    // What the clock did is nobody's.
    let others: Vec<AccountId> =
        rows.iter().filter_map(|row| row.get::<String>(0).ok()?.parse().ok()).collect();
    if others.is_empty() { Ok(()) } else { people::distinct(tx, account, &others).await }
}

pub(crate) fn organisation(
    cerebro: &Cerebro,
    op: &Operation,
) -> Result<std::sync::Arc<Organisation>, OperationError> {
    cerebro
        .organisation(op.organisation())
        .ok_or_else(|| OperationError::Damaged("the organisation is not loaded".into()))
}

pub(crate) fn open_json<T: serde::de::DeserializeOwned>(
    op: &Operation,
    context: &str,
    sealed: &[u8],
) -> Result<T, OperationError> {
    let bytes = op.open(context, sealed)?;
    serde_json::from_slice(&bytes).map_err(|error| OperationError::Damaged(format!("{context}: {error}")))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
