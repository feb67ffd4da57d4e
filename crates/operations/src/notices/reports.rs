//! Delivery reports (RFC 3464), to whom they were asked for (RFC 3461): what could not be delivered, what takes long, and what
//! was handed to a server that will not say. `<>`, reports and machines' answers are never answered.

use access::{Operation, OperationError, Row, Tx};
use mail::report::{Action, Report, Reported, Returned};
use vocabulary::{
    DeliveryId, EmailAddress, FlowId, ForwardPath, Leased, Locale, Notify, OutboxId, Return, Timestamp,
    Xtext, bounds,
};

use super::{Notice, sealed, sql, text};
use crate::flows::body;
use crate::flows::outbox::Outcome;
use crate::flows::settle::{Summary, summary_context};
use crate::review::open_json;
use crate::{Cerebro, Organisation};

/// A report, composed, waiting for the write that is its reason.
pub(crate) struct Prepared {
    pub(crate) notice: Notice,
    /// It says that a delivery takes long.
    pub(crate) is_delay: bool,
}

/// What happened to one recipient that its sender asked to hear of.
struct Told<'a> {
    path: &'a ForwardPath,
    reply: &'a str,
}

/// The reports that these outcomes owe the sender: at most one for each thing that can happen. `delayed_since` says that
/// a delay is to be told, and since when the message waits.
///
/// # Errors
/// The message cannot be read, or the database did not answer.
pub(crate) async fn reports(
    cerebro: &Cerebro,
    op: &Operation,
    leased: &Leased,
    outcomes: &[(DeliveryId, Outcome)],
    delayed_since: Option<Timestamp>,
) -> Result<Vec<Prepared>, OperationError> {
    let Some(sender) = &leased.reverse_path else { return Ok(Vec::new()) };
    let mut owed = Vec::new();
    for action in [Action::Failed, Action::Delayed, Action::Relayed] {
        let told: Vec<Told<'_>> =
            outcomes.iter().filter_map(|one| asked_for(leased, one, action, delayed_since)).collect();
        if !told.is_empty() {
            owed.push((action, told));
        }
    }
    let Some(organisation) = cerebro.organisation(leased.organisation).filter(|_| !owed.is_empty()) else {
        return Ok(Vec::new());
    };
    let Some(flow) = Flow::load(op, leased.outbox, sender, organisation.policy.locale).await? else {
        return Ok(Vec::new());
    };
    let mut all = Vec::with_capacity(owed.len());
    for (action, told) in owed {
        let until = delayed_since.filter(|_| action == Action::Delayed);
        let until = until.map(|since| since.plus(bounds::RELAY_EXPIRY));
        let composed = compose(cerebro, op, &organisation, sender, &flow, action, &told, until)?;
        all.extend(composed.map(|notice| Prepared { notice, is_delay: action == Action::Delayed }));
    }
    Ok(all)
}

/// A recipient to whom this happened, if the sender asked to hear of it.
fn asked_for<'a>(
    leased: &'a Leased,
    (id, outcome): &'a (DeliveryId, Outcome),
    action: Action,
    delayed_since: Option<Timestamp>,
) -> Option<Told<'a>> {
    let path = &leased.recipients.iter().find(|to| to.delivery == *id)?.path;
    let (reply, asked): (&str, fn(Notify) -> bool) = match (action, outcome) {
        (Action::Failed, Outcome::Bounced { reply }) => (reply, Notify::failure),
        (Action::Delayed, Outcome::Deferred { reply }) if delayed_since.is_some() => (reply, Notify::delay),
        (Action::Relayed, Outcome::Delivered { reply, passage }) if !passage.reports => {
            (reply, Notify::success)
        }
        _ => return None,
    };
    asked(path.notify).then_some(Told { path, reply })
}

/// What a report says of the message itself.
struct Flow {
    raw: Vec<u8>,
    whole: bool,
    received_at: Timestamp,
    returns: Option<Return>,
    envelope_id: Option<Xtext>,
    message_id: String,
    subject: String,
    locale: Locale,
}

impl Flow {
    /// `None`: it is a notice of ours, or a machine's answer.
    async fn load(
        op: &Operation,
        outbox: OutboxId,
        sender: &EmailAddress,
        otherwise: Locale,
    ) -> Result<Option<Self>, OperationError> {
        let key = sender.key();
        let (row, account): (Option<Row>, Option<Row>) = op
            .read(async move |tx: &mut Tx<'_>| {
                let row = tx.fetch_optional(sql::REPORTED, vec![outbox.into()]).await?;
                Ok::<_, OperationError>((row, tx.fetch_optional(sql::LOCALE_OF, vec![key.into()]).await?))
            })
            .await?;
        let Some(row) = row.filter(|row| row.get::<bool>(9).is_ok_and(|answer| !answer)) else {
            return Ok(None);
        };
        let id: FlowId = row.parse(0)?;
        let (raw, whole) = body::beginning(op, id, row.get(1)?, row.parse_optional(2)?, row.get(3)?)?;
        let summary: Summary = open_json(op, &summary_context(id), &row.get::<Vec<u8>>(8)?)?;
        Ok(Some(Self {
            raw,
            whole,
            received_at: row.get(4)?,
            returns: row.parse_optional(5)?,
            envelope_id: row.get::<Option<String>>(6)?.and_then(|id| Xtext::kept(&id).ok()),
            message_id: row.get::<Option<String>>(7)?.unwrap_or_default(),
            subject: summary.subject,
            locale: account.map_or(Ok(otherwise), |account| account.parse(0))?,
        }))
    }
}

#[expect(clippy::too_many_arguments, reason = "what a report is made of")]
fn compose(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    sender: &EmailAddress,
    flow: &Flow,
    action: Action,
    told: &[Told<'_>],
    until: Option<Timestamp>,
) -> Result<Option<Notice>, OperationError> {
    let Some(from) = organisation.notices_from() else { return Ok(None) };
    let outbox = OutboxId::new(op.now(), op.entropy());
    let listed: Vec<String> =
        told.iter().map(|one| format!("{}\n  {}", one.path.address, one.reply)).collect();
    let (subject, body) = text::reported(flow.locale, &flow.subject, action, &listed, until);
    // The whole message comes back where that was asked, for a failure alone, and when it is short (RFC 3461 §4.3).
    let is_whole = action == Action::Failed && flow.returns == Some(Return::Full) && flow.whole;
    let report = Report {
        notice: mail::compose::Notice {
            from_name: &organisation.name,
            from: &from,
            to: sender,
            subject: &subject,
            body: &body,
            date: op.now(),
            id: &outbox.to_string(),
            in_reply_to: &flow.message_id,
            locale: flow.locale,
        },
        by: cerebro.hostname(),
        envelope_id: flow.envelope_id.as_ref(),
        arrived: flow.received_at,
        recipients: told
            .iter()
            .map(|one| Reported {
                original: one.path.original.as_ref(),
                recipient: &one.path.address,
                action,
                reply: one.reply,
                retried_until: until,
            })
            .collect(),
        returned: if is_whole { Returned::Whole(&flow.raw) } else { Returned::Headers(&flow.raw) },
    };
    sealed(op, outbox, sender, &report.to_bytes()).map(Some)
}
