//! What a look back named, as people know it: who wrote to whom, about what. Each of it is shown to whoever may read it elsewhere,
//! and of guarded mail nothing is.

use access::{Operation, OperationError, Permit, Tx, action};
use compliance::{Guard, Guarded};
use vocabulary::{EmailAddress, HoldId, bounds};

use super::look_back::Seen;
use super::sql;
use crate::flows::settle::{Summary, summary_context};
use crate::flows::sql as flows;

/// A message a look back named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What was found, without controls where it is guarded.
    pub seen: Seen,
    /// It is private or protected mail: nothing of it is told.
    pub guarded: Option<Guarded>,
    /// Who sent it; `None` where that may not be read, was erased, or is the null reverse-path.
    pub sender: Option<EmailAddress>,
    /// To whom, at most [`bounds::LOOKED_BACK_RECIPIENTS`].
    pub recipients: Vec<EmailAddress>,
    /// Recipients beyond those.
    pub others: usize,
    /// Its subject line; `None` where that may not be read, or was erased.
    pub subject: Option<String>,
    /// The hold it waited or waits in.
    pub hold: Option<HoldId>,
}

/// What whoever asks may read besides.
#[derive(Debug, Clone, Copy)]
pub struct Reads<'a> {
    /// Senders and recipients of flows.
    pub flows: Option<&'a Permit<action::ReadFlows>>,
    /// Subject lines, as the queue shows them.
    pub subjects: Option<&'a Permit<action::ReadQueue>>,
}

/// Names some of what a look back found, at most [`bounds::LOOKED_BACK_SHOWN`].
///
/// # Errors
/// The database did not answer, or a subject line does not open.
pub async fn named(
    op: &Operation,
    _permit: &Permit<action::ReadControls>,
    reads: Reads<'_>,
    seen: &[Seen],
) -> Result<Vec<Named>, OperationError> {
    let mut all = Vec::with_capacity(seen.len().min(bounds::LOOKED_BACK_SHOWN));
    for seen in seen.iter().take(bounds::LOOKED_BACK_SHOWN) {
        all.push(name(op, reads, seen).await?);
    }
    Ok(all)
}

async fn name(op: &Operation, reads: Reads<'_>, seen: &Seen) -> Result<Named, OperationError> {
    let flow = seen.flow;
    let (row, deliveries, hold) = op
        .read(async move |tx: &mut Tx<'_>| {
            let row = tx.fetch_optional(flows::FLOW, vec![flow.into()]).await?;
            let deliveries = tx.fetch(flows::DELIVERIES, vec![flow.into()]).await?;
            let hold = tx.fetch_optional(sql::HOLD_OF_FLOW, vec![flow.into()]).await?;
            Ok::<_, OperationError>((row, deliveries, hold))
        })
        .await?;
    let mut named = Named {
        seen: seen.clone(),
        guarded: seen.guarded(),
        sender: None,
        recipients: Vec::new(),
        others: 0,
        subject: None,
        hold: None,
    };
    if let Some(hold) = hold {
        named.hold = Some(hold.parse(0)?);
        let kept = Guard::from_bits(hold.get::<Option<i64>>(1)?.unwrap_or(0));
        named.guarded = kept.and(Guard::from_bits(seen.guard.unwrap_or(0))).class();
    }
    if named.guarded.is_some() {
        (named.seen.controls, named.seen.further) = (Vec::new(), Vec::new());
        return Ok(named);
    }
    let Some(row) = row else { return Ok(named) };
    if reads.flows.is_some() {
        named.sender = row.parse_optional(1)?;
        let shown = deliveries.iter().take(bounds::LOOKED_BACK_RECIPIENTS);
        named.recipients = shown.map(|row| row.parse(1)).collect::<Result<_, _>>()?;
        named.others = deliveries.len() - named.recipients.len();
    }
    // What was kept before guards were says nothing of how it is guarded.
    if reads.subjects.is_some() && seen.guard.is_some() {
        named.subject =
            match crate::review::open_json::<Summary>(op, &summary_context(flow), &row.get::<Vec<u8>>(7)?) {
                Ok(kept) => Some(kept.subject),
                Err(error) if error.is_erased() => None,
                Err(error) => return Err(error),
            };
    }
    Ok(named)
}
