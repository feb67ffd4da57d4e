//! What the platform itself writes to people: rows in the same outbox, null-sender, `Auto-Submitted`, exempt.

use access::{Operation, OperationError, StoreError, Tx, Value};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use compliance::{Assessment, Guard};
use vocabulary::{DeliveryId, EmailAddress, FlowId, HoldId, Locale, OutboxId, Timestamp, entropy};

use crate::flows::OpenFlow;
use crate::flows::understand::Understood;
use crate::{Cerebro, Organisation, words};

mod reports;
mod text;

pub(crate) use reports::reports;

pub(crate) use text::when;

pub(crate) mod sql {
    access::statements! {
        Organisation INSERT_NOTICE = "INSERT INTO outbox (organisation, id, flow, kind, recipient, sealed, created_at) VALUES ($1, $2, NULL, 'notice', $3, $4, $5)";
        Organisation INSERT_NOTICE_DELIVERY = "INSERT INTO delivery (organisation, id, flow, position, recipient, external, verdict, state, reply, outbox, changed_at) VALUES ($1, $2, NULL, 0, $3, 0, 'notice', 'queued', NULL, $4, $5)";
        Organisation REPORTED = "SELECT f.id, f.body, f.body_blob, f.size, f.received_at, f.dsn_return, f.envelope_id, f.message_id, f.summary, f.auto_replied FROM outbox o JOIN flow f ON f.organisation = $1 AND f.id = o.flow WHERE o.organisation = $1 AND o.id = $2";
        Organisation LOCALE_OF = "SELECT locale FROM account WHERE organisation = $1 AND email = $2 AND status = 'active' LIMIT 1";
        Organisation INSERT_NOTICE_LEASE = "INSERT INTO outbox_lease (organisation, outbox, state, attempt, next_at, leased_until, fence, first_at) VALUES ($1, $2, 'ready', 0, $3, 0, 0, $3)";
    }
}

/// The secret part of a link in a notice: 32 random bytes, of which only the hash is kept.
#[derive(Debug, Clone)]
pub(crate) struct Link(String);

impl Link {
    pub(crate) fn new(op: &Operation) -> Self {
        Self(URL_SAFE_NO_PAD.encode(entropy::random::<32>(op.entropy())))
    }

    pub(crate) fn hash(&self) -> Vec<u8> {
        link_hash(&self.0)
    }
}

/// The hash under which a link's secret is kept.
#[must_use]
pub(crate) fn link_hash(secret: &str) -> Vec<u8> {
    digest::digest(&digest::SHA256, secret.as_bytes()).as_ref().to_vec()
}

/// A notice, composed and sealed, waiting for the write that gives it its reason.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    outbox: OutboxId,
    delivery: DeliveryId,
    recipient: EmailAddress,
    sealed: Vec<u8>,
}

fn context(outbox: OutboxId) -> String {
    format!("{outbox}/notice")
}

pub(crate) fn open(op: &Operation, outbox: OutboxId, sealed: &[u8]) -> Result<Vec<u8>, OperationError> {
    op.open(&context(outbox), sealed)
}

/// Composes a notice to one person.
pub(crate) fn compose(
    op: &Operation,
    organisation: &Organisation,
    to: &EmailAddress,
    locale: Locale,
    subject: String,
    body: String,
) -> Result<Option<Notice>, OperationError> {
    let Some(from) = organisation.notices_from() else { return Ok(None) };
    let outbox = OutboxId::new(op.now(), op.entropy());
    let bytes = mail::compose::Notice {
        from_name: &organisation.name,
        from: &from,
        to,
        subject: &subject,
        body: &body,
        date: op.now(),
        id: &outbox.to_string(),
        in_reply_to: "",
        locale,
    }
    .to_bytes();
    sealed(op, outbox, to, &bytes).map(Some)
}

/// A composed message of ours, sealed until it leaves.
fn sealed(
    op: &Operation,
    outbox: OutboxId,
    to: &EmailAddress,
    bytes: &[u8],
) -> Result<Notice, OperationError> {
    let sealed = op.seal(&context(outbox), bytes)?;
    let delivery = DeliveryId::new(op.now(), op.entropy());
    Ok(Notice { outbox, delivery, recipient: to.clone(), sealed })
}

/// Puts a notice in the outbox, inside the write that is its reason.
pub(crate) async fn enqueue(tx: &mut Tx<'_>, notice: Notice, now: Timestamp) -> Result<(), StoreError> {
    let (outbox, recipient) = (notice.outbox, Value::from(&notice.recipient));
    tx.execute(sql::INSERT_NOTICE, vec![outbox.into(), recipient.clone(), notice.sealed.into(), now.into()])
        .await?;
    let values = vec![notice.delivery.into(), recipient, outbox.into(), now.into()];
    tx.execute(sql::INSERT_NOTICE_DELIVERY, values).await?;
    tx.execute(sql::INSERT_NOTICE_LEASE, vec![outbox.into(), now.into()]).await?;
    Ok(())
}

/// May the sender be written to? Never a null sender, an auto-reply or a bounce (RFC 3834 §2), never when policy
/// says no.
fn sender_of<'a>(
    organisation: &Organisation,
    flow: &'a OpenFlow,
    understood: &Understood,
) -> Option<&'a EmailAddress> {
    let told = organisation.policy.notify_senders && !understood.message.auto_submitted;
    flow.envelope.reverse_path.as_ref().filter(|_| told)
}

/// The sender learns that the message waits, why in plain words, until when, and what they can do. Of one they marked private,
/// that nobody is shown it, and that they may take the mark off: never what else guards it.
#[expect(clippy::too_many_arguments, reason = "what a notice is made of")]
pub(crate) fn held(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    flow: &OpenFlow,
    understood: &Understood,
    assessment: &Assessment,
    hold: HoldId,
    link: &Link,
    guard: Guard,
) -> Result<Option<Notice>, OperationError> {
    let Some(sender) = sender_of(organisation, flow, understood) else { return Ok(None) };
    let locale = organisation.policy.locale;
    let url = format!("{}/notices/{}", cerebro.console_url(), link.0);
    let due = op.now().plus(organisation.policy.hold_time());
    let reasons = compliance::explain::for_sender(assessment, &organisation.controls, locale);
    let of_message = (understood.message.subject.as_str(), guard.is_asked());
    let (subject, body) = text::held(locale, of_message, &reasons, due, &url, hold);
    compose(op, organisation, sender, locale, subject, body)
}

/// The sender learns that some or all recipients were refused.
pub(crate) fn refused(
    _cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    flow: &OpenFlow,
    understood: &Understood,
    assessment: &Assessment,
) -> Result<Option<Notice>, OperationError> {
    let Some(sender) = sender_of(organisation, flow, understood) else { return Ok(None) };
    let locale = organisation.policy.locale;
    let reasons = compliance::explain::for_sender(assessment, &organisation.controls, locale);
    let (subject, body) = text::refused(locale, &understood.message.subject, &reasons);
    compose(op, organisation, sender, locale, subject, body)
}

/// The sender learns what a person decided.
pub(crate) fn decided(
    op: &Operation,
    organisation: &Organisation,
    sender: Option<&EmailAddress>,
    subject: &str,
    released: bool,
    note: Option<&str>,
) -> Result<Option<Notice>, OperationError> {
    let Some(sender) = sender.filter(|_| organisation.policy.notify_senders) else { return Ok(None) };
    let locale = organisation.policy.locale;
    let (subject, body) = text::decided(locale, subject, released, note);
    compose(op, organisation, sender, locale, subject, body)
}

/// The sender learns that their message waits for an invitation of theirs that waits.
pub(crate) fn waits_behind(
    op: &Operation,
    organisation: &Organisation,
    flow: &OpenFlow,
    understood: &Understood,
) -> Result<Option<Notice>, OperationError> {
    let Some(sender) = sender_of(organisation, flow, understood) else { return Ok(None) };
    let locale = organisation.policy.locale;
    let (subject, body) = text::waits_behind(locale, &understood.message.subject);
    compose(op, organisation, sender, locale, subject, body)
}

/// Why a message that was on its way does not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The invitation it follows is not sent.
    Follows,
    /// It was taken out of what waits to leave.
    TakenOut,
}

/// The sender learns that their message does not leave.
pub(crate) fn stopped(
    op: &Operation,
    organisation: &Organisation,
    sender: Option<&EmailAddress>,
    subject: &str,
    why: Stopped,
) -> Result<Option<Notice>, OperationError> {
    let Some(sender) = sender.filter(|_| organisation.policy.notify_senders) else { return Ok(None) };
    let locale = organisation.policy.locale;
    let key = match why {
        Stopped::Follows => "not-sent",
        Stopped::TakenOut => "taken-out",
    };
    let (subject, body) = words::letter(locale, key, &[("subject", subject)]);
    compose(op, organisation, sender, locale, subject, body)
}

/// As what somebody is called to a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// The deputy, before anybody else.
    Cover,
    /// An arbiter.
    Arbitration,
    /// Whoever alone lets private and protected mail go.
    Custody,
}

/// Somebody is called to a hold.
pub(crate) fn called(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    to: &EmailAddress,
    hold: HoldId,
    due: Timestamp,
    call: Call,
) -> Result<Option<Notice>, OperationError> {
    let locale = organisation.policy.locale;
    let url = format!("{}/holds/{hold}", cerebro.console_url());
    let (subject, body) = text::called(locale, due, &url, call);
    compose(op, organisation, to, locale, subject, body)
}

/// Who answers for controls learns which of them do not do as their samples say.
pub(crate) fn samples_wrong(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    to: &EmailAddress,
    controls: &[String],
) -> Result<Option<Notice>, OperationError> {
    let locale = organisation.policy.locale;
    let url = format!("{}/controls", cerebro.console_url());
    let (subject, body) = text::samples_wrong(locale, controls, &url);
    compose(op, organisation, to, locale, subject, body)
}

/// An arbiter learns that a message left before it could be assessed, and would not have passed.
pub(crate) fn left_unassessed(
    op: &Operation,
    organisation: &Organisation,
    to: &EmailAddress,
    flow: FlowId,
) -> Result<Option<Notice>, OperationError> {
    let locale = organisation.policy.locale;
    let (subject, body) = text::left_unassessed(locale, flow);
    compose(op, organisation, to, locale, subject, body)
}
