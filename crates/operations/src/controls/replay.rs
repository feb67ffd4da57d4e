//! Past flows, read again as they were: the facts of each, for whoever asks what other controls or lists would have said.
//!
//! The engine reads them; nobody is shown their contents. What was erased, and what is larger than is awaited, is counted and
//! left out. First contact is as it was then.

use std::time::Duration;

use access::{Operation, OperationError, Tx};
use compliance::{Assessment, ControlSet, Facts, PreparedOrganisation, RecipientFacts};
use vocabulary::{FlowId, Timestamp, bounds};

use super::sql;
use crate::flows::understand::{self, Understood};
use crate::flows::{OpenFlow, facts, reopen};
use crate::{Cerebro, Organisation};

/// A past flow, read again.
pub(super) struct Past {
    pub(super) id: FlowId,
    pub(super) at: Timestamp,
    flow: OpenFlow,
    understood: Understood,
    recipients: Vec<RecipientFacts>,
}

impl Past {
    /// What a set says of it, with lists.
    pub(super) fn assess(&self, lists: &PreparedOrganisation, set: &ControlSet) -> Assessment {
        let facts = Facts {
            message: &self.understood.message,
            sender: self.flow.envelope.reverse_path.as_ref(),
            recipients: &self.recipients,
            attachments: &self.understood.attachments,
            organisation: lists,
            at: self.at,
        };
        compliance::assess(&facts, set)
    }
}

/// How many flows a window has, up to a bound.
pub(super) struct Window {
    /// Those that are read.
    pub(super) flows: u64,
    /// There are more than are read.
    pub(super) more: bool,
    /// When the oldest of them came.
    pub(super) oldest: Option<Timestamp>,
}

/// Counts the flows of a window, at most `most`.
pub(super) async fn count(
    op: &Operation,
    from: Timestamp,
    until: Timestamp,
    most: usize,
) -> Result<Window, OperationError> {
    let values = vec![from.into(), until.into(), (most + 1).into()];
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::PAST_COUNT, values).await)
        .await
        .map_err(OperationError::Store)?;
    let Some(row) = row else { return Ok(Window { flows: 0, more: false, oldest: None }) };
    let (flows, most) = (row.get::<u64>(0)?, most as u64);
    Ok(Window { flows: flows.min(most), more: flows > most, oldest: row.get(1)? })
}

/// The next flows of a window after one of them, the latest first, at most [`bounds::REPLAY_PAGE`]; each with when it came.
pub(super) async fn page(
    op: &Operation,
    from: Timestamp,
    until: Timestamp,
    after: Option<(Timestamp, FlowId)>,
) -> Result<Vec<(FlowId, Timestamp)>, OperationError> {
    // Before the first one stands whatever came at the end of the window: no id is before an empty one.
    let end = (until.plus(Duration::from_micros(1)), String::new());
    let (at, id) = after.map_or(end, |(at, id)| (at, id.to_string()));
    let values = vec![from.into(), at.into(), id.into(), bounds::REPLAY_PAGE.into()];
    let rows = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch(sql::PAST, values).await)
        .await
        .map_err(OperationError::Store)?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.get(1)?))).collect()
}

/// One of them, read again; `None` when it cannot be.
pub(super) async fn again(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: &Organisation,
    id: FlowId,
    at: Timestamp,
) -> Result<Option<Past>, OperationError> {
    let flow = match reopen(op, id).await {
        Ok(Some((flow, _))) if flow.raw.len() <= understand::SIZE_AWAITED => flow,
        Ok(_) | Err(OperationError::Open(_) | OperationError::Blob(_)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let understood = understand::read(cerebro, &flow.raw).await;
    if understood.failure.is_some() {
        return Ok(None);
    }
    let recipients = facts::of_recipients_at(op, organisation, &flow.envelope, at).await?;
    let recipients = recipients.into_iter().map(|recipient| recipient.facts).collect();
    Ok(Some(Past { id, at, flow, understood, recipients }))
}
