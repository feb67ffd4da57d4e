//! A decision signed by the security key of who makes it: the key signs the SHA-256 of everything that makes the decision, so
//! that nobody can say later that they decided something else. Where the organisation asks for it, there is no decision without.

use access::{Evidence, Operation, OperationError, StoreError, Tx};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use vocabulary::entropy::random;
use vocabulary::{FlowId, HoldId, Timestamp};

use super::arbitrate::Ruling;
use super::hold::Step;
use super::settle::{By, Decision, ReviewError, hex};
use super::sql;
use crate::accounts::keys::Spent;
use crate::accounts::sign_decision::{self, Signed};
use crate::accounts::sign_in_key::KeyQuestion;
use crate::organisation::DecisionKind;
use crate::{Cerebro, Policy};

/// What is decided on a hold, by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// An operator releases, or whoever has the mission for guarded mail.
    Release,
    /// An operator rejects, or they.
    Reject,
    /// An arbiter rules.
    Rule(Ruling),
    /// Governance overrides.
    Overrule(Ruling),
}

impl Deed {
    pub(super) const fn of(step: Step, by: By) -> Self {
        let ruling = if matches!(step, Step::Release) { Ruling::Release } else { Ruling::Reject };
        match by {
            By::Arbitration => Self::Rule(ruling),
            By::Override => Self::Overrule(ruling),
            By::Review | By::Custody if matches!(step, Step::Release) => Self::Release,
            By::Review | By::Custody => Self::Reject,
        }
    }

    /// The kind the organisation's policy knows it by.
    #[must_use]
    pub const fn kind(self) -> DecisionKind {
        match self {
            Self::Release | Self::Reject => DecisionKind::Review,
            Self::Rule(_) => DecisionKind::Ruling,
            Self::Overrule(_) => DecisionKind::Override,
        }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Reject => "reject",
            Self::Rule(Ruling::Release) => "rule_release",
            Self::Rule(Ruling::Reject) => "rule_reject",
            Self::Overrule(Ruling::Release) => "overrule_release",
            Self::Overrule(Ruling::Reject) => "overrule_reject",
        }
    }
}

/// What a key brought back for a decision.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Of the question: it makes the statement one of a kind.
    pub nonce: String,
    /// What the browser brought back.
    pub response: String,
}

/// Whether a decision is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// The person has no key, and none is asked for.
    No,
    /// The person has a key and may use it.
    Offered,
    /// The organisation asks for it.
    Needed,
    /// The organisation asks for it, and the person has no key.
    Impossible,
}

/// Whether a decision on a hold of a class is signed.
///
/// # Errors
/// The database did not answer.
pub async fn demand(
    cerebro: &Cerebro,
    op: &Operation,
    deed: Deed,
    class: &str,
) -> Result<Demand, OperationError> {
    let policy =
        op.read(async |tx: &mut Tx<'_>| Policy::inside(tx).await).await.map_err(OperationError::Store)?;
    let has_key = sign_decision::has_key(cerebro, op).await?;
    Ok(match (policy.signed.asks(deed.kind(), class), has_key) {
        (false, false) => Demand::No,
        (false, true) => Demand::Offered,
        (true, true) => Demand::Needed,
        (true, false) => Demand::Impossible,
    })
}

/// What is asked of the person's keys for one decision.
#[derive(Debug, Clone)]
pub struct ToSign {
    /// To be given back with the answer.
    pub nonce: String,
    /// The question.
    pub question: KeyQuestion,
}

/// Asks the person's keys to sign a decision. It is good for five minutes, once, for exactly this decision.
///
/// # Errors
/// [`ReviewError::SignatureNeeded`] when there is no key that counts; there is no such hold; the database did not answer.
pub async fn ask(
    cerebro: &Cerebro,
    op: &Operation,
    hold: HoldId,
    deed: Deed,
    decision: &Decision,
) -> Result<ToSign, ReviewError> {
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::HOLD, vec![hold.into()]).await)
        .await?
        .ok_or(ReviewError::NotFound)?;
    let nonce = URL_SAFE_NO_PAD.encode(random::<32>(op.entropy()));
    let statement = statement(op, (hold, row.parse(1)?), deed, decision, &nonce);
    let question = sign_decision::ask(cerebro, op, &statement).await?;
    Ok(ToSign { nonce, question: question.ok_or(ReviewError::SignatureNeeded)? })
}

/// One line of JSON, keys in alphabetical order, no spaces (`docs/formats/ledger.md`). Texts are hashed: a statement says
/// what was decided, not what anybody wrote.
#[derive(Serialize)]
struct Statement<'s> {
    account: String,
    content_sha256: String,
    decision: &'static str,
    flow: String,
    hold: String,
    nonce: &'s str,
    note_sha256: String,
    organisation: String,
    reason_sha256: String,
    v: u8,
}

fn statement(
    op: &Operation,
    (hold, flow): (HoldId, FlowId),
    deed: Deed,
    decision: &Decision,
    nonce: &str,
) -> String {
    let hashed = |text: &str| hex(digest(&SHA256, text.as_bytes()).as_ref());
    let statement = Statement {
        account: op.actor().to_string(),
        content_sha256: hex(&decision.seen.0),
        decision: deed.word(),
        flow: flow.to_string(),
        hold: hold.to_string(),
        nonce,
        note_sha256: hashed(decision.note.as_ref().map_or("", |note| note.as_str())),
        organisation: op.organisation().to_string(),
        reason_sha256: hashed(decision.reason.as_str()),
        v: 1,
    };
    serde_json::to_string(&statement).unwrap_or_default()
}

/// Checks the answer that a decision carries, if it carries one.
pub(super) async fn check(
    cerebro: &Cerebro,
    op: &Operation,
    subject: (HoldId, FlowId),
    deed: Deed,
    decision: &Decision,
) -> Result<Option<Signed>, ReviewError> {
    let Some(answer) = &decision.signed else { return Ok(None) };
    let statement = statement(op, subject, deed, decision, &answer.nonce);
    let signed = sign_decision::check(cerebro, op, statement, &answer.response).await?;
    signed.map(Some).ok_or(ReviewError::Signature)
}

/// What became of the signature, inside the write that decides.
pub(super) enum Used {
    /// It counts, or none was asked for.
    Good,
    /// The key seems to exist twice. To be written, and the decision is not made.
    Copied(Evidence),
}

/// Uses the signature up. Whether one is asked for is read where it counts.
pub(super) async fn spend(
    tx: &mut Tx<'_>,
    signed: Option<&Signed>,
    deed: Deed,
    class: &str,
    now: Timestamp,
) -> Result<Used, ReviewError> {
    let Some(signed) = signed else {
        let policy: Policy = Policy::inside(tx).await?;
        return match policy.signed.asks(deed.kind(), class) {
            true => Err(ReviewError::SignatureNeeded),
            false => Ok(Used::Good),
        };
    };
    match signed.spend(tx, now).await? {
        Spent::Good => Ok(Used::Good),
        Spent::Stale => Err(ReviewError::Signature),
        Spent::Copied(evidence) => Ok(Used::Copied(evidence)),
    }
}

/// Adds the signature to the entry of the decision.
pub(super) fn with(evidence: Evidence, signed: Option<&Signed>) -> Result<Evidence, StoreError> {
    let Some(signed) = signed else { return Ok(evidence) };
    let kept = serde_json::to_value(&signed.kept)
        .map_err(|_| StoreError::Column { column: 0, wanted: "a signature that writes" })?;
    Ok(evidence.with("authenticator", signed.authenticator().to_string()).with("key_signature", kept))
}
