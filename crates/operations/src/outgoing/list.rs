//! What waits to leave, oldest first: destinations, times, codes. No subject, no sender, no text of a reply: whoever runs
//! the service has no business with contents.

use std::collections::{BTreeSet, HashSet};

use access::{Operation, OperationError, Permit, Row, Tx, action};
use vocabulary::{AccountId, EmailAddress, FlowId, OutboxId, Timestamp, bounds};

use super::{Destination, Restoration, sql};
use crate::flows::debt;

/// One message, or notice of ours, that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingLine {
    /// Its row.
    pub id: OutboxId,
    /// The flow it belongs to; `None` for a notice of ours.
    pub flow: Option<FlowId>,
    /// Since when it may leave.
    pub since: Timestamp,
    /// Attempts made.
    pub attempts: u32,
    /// Where it stands.
    pub step: Step,
    /// The recipients still to be served.
    pub recipients: usize,
    /// Their domains, at most [`bounds::OUTGOING_DESTINATIONS_MAX`].
    pub destinations: Vec<String>,
    /// Code and status of the last temporary failure: `450 4.2.1`.
    pub last_reply: Option<String>,
}

/// Where a message that waits stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It leaves as soon as its turn comes.
    Ready,
    /// A relay has it in hand.
    Sending,
    /// It is tried again then.
    Deferred(Timestamp),
    /// Its destinations are paused.
    Paused,
    /// It leaves after another one: the invitation it changes or cancels.
    Behind,
}

/// What is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paused {
    /// What.
    pub destination: Destination,
    /// Why.
    pub why: Why,
    /// Since when.
    pub since: Timestamp,
}

/// Why something is stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Somebody said so.
    Said {
        /// What they gave as their reason.
        reason: String,
        /// Who: a name where the account is known.
        by: String,
    },
    /// The database was brought back from a backup.
    Restored(Restoration),
}

/// The whole in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// Messages and notices that wait.
    pub waiting: u64,
    /// In a relay's hands.
    pub sending: u64,
    /// Tried before, to be tried again.
    pub deferred: u64,
    /// When the oldest could first leave.
    pub oldest: Option<Timestamp>,
    /// Messages let go unassessed, and what became of them.
    pub debts: debt::Standing,
}

/// At most 101 lines, oldest first: one more than a page. With `after`, those behind that row; none when there is no
/// such row here.
///
/// # Errors
/// The database did not answer.
pub async fn page(
    op: &Operation,
    _permit: &Permit<action::ReadOutbox>,
    after: Option<OutboxId>,
) -> Result<Vec<OutgoingLine>, OperationError> {
    let now = op.now();
    op.read(async move |tx: &mut Tx<'_>| {
        let paused = super::paused_destinations(tx).await?;
        let rows = match after {
            None => tx.fetch(sql::WAITING, vec![]).await?,
            Some(after) => tx.fetch(sql::WAITING_AFTER, vec![after.into()]).await?,
        };
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let recipients = tx.fetch(sql::RECIPIENTS, vec![row.parse::<OutboxId>(0)?.into()]).await?;
            lines.push(line(&row, &recipients, &paused, now)?);
        }
        Ok(lines)
    })
    .await
}

fn line(
    row: &Row,
    recipients: &[Row],
    paused: &HashSet<String>,
    now: Timestamp,
) -> Result<OutgoingLine, OperationError> {
    let (attempts, next_at, leased_until): (u32, Timestamp, Timestamp) =
        (row.get(3)?, row.get(4)?, row.get(5)?);
    let mut destinations = BTreeSet::new();
    for recipient in recipients {
        destinations.insert(recipient.parse::<EmailAddress>(0)?.domain().to_owned());
    }
    // Also between two looks of the relay, which notes it in `held_off`.
    let all_paused = paused.contains("*")
        || (!destinations.is_empty() && destinations.iter().all(|domain| paused.contains(domain)));
    let step = if leased_until > now {
        Step::Sending
    } else if all_paused || row.get::<bool>(6)? {
        Step::Paused
    } else if row.get::<Option<String>>(8)?.is_some() {
        Step::Behind
    } else if next_at > now {
        Step::Deferred(next_at)
    } else {
        Step::Ready
    };
    Ok(OutgoingLine {
        id: row.parse(0)?,
        flow: row.parse_optional(1)?,
        since: row.get(2)?,
        attempts,
        step,
        recipients: recipients.len(),
        destinations: destinations.into_iter().take(bounds::OUTGOING_DESTINATIONS_MAX).collect(),
        last_reply: row.get::<Option<String>>(7)?.filter(|reply| !reply.is_empty()),
    })
}

/// The whole in numbers.
///
/// # Errors
/// The database did not answer.
pub async fn figures(op: &Operation, permit: &Permit<action::ReadOutbox>) -> Result<Figures, OperationError> {
    let now = op.now();
    let row = op
        .read(async move |tx: &mut Tx<'_>| {
            tx.fetch_optional(sql::FIGURES, vec![now.into()]).await.map_err(OperationError::from)
        })
        .await?;
    let debts = debt::standing(op, permit).await?;
    let Some(row) = row else { return Ok(Figures { debts, ..Figures::default() }) };
    Ok(Figures {
        waiting: row.get(0)?,
        sending: row.get::<Option<u64>>(1)?.unwrap_or(0),
        deferred: row.get::<Option<u64>>(2)?.unwrap_or(0),
        oldest: row.get(3)?,
        debts,
    })
}

/// What is stopped, by destination.
///
/// # Errors
/// The database did not answer.
pub async fn paused(
    op: &Operation,
    _permit: &Permit<action::ReadOutbox>,
) -> Result<Vec<Paused>, OperationError> {
    let (rows, names) = op
        .read(async |tx: &mut Tx<'_>| {
            let rows = tx.fetch(sql::PAUSES, vec![]).await?;
            Ok::<_, OperationError>((rows, tx.fetch(crate::review::sql::NAMES, vec![]).await?))
        })
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let destination: Destination = row.parse(0)?;
        let reason = op.open(&super::pause::context(&destination), &row.get::<Vec<u8>>(1)?)?;
        let why = why(&reason, row.get(2)?, &names)?;
        all.push(Paused { destination, why, since: row.get(3)? });
    }
    Ok(all)
}

fn why(reason: &[u8], by: String, names: &[Row]) -> Result<Why, OperationError> {
    if by == super::restored::restorer() {
        let restoration = serde_json::from_slice(reason);
        return restoration.map(Why::Restored).map_err(|error| OperationError::Damaged(error.to_string()));
    }
    let known =
        names.iter().find(|name| name.parse::<AccountId>(0).is_ok_and(|account| account.to_string() == by));
    let by = known.map_or(Ok(by), |name| name.get(1))?;
    Ok(Why::Said { reason: String::from_utf8_lossy(reason).into_owned(), by })
}
