//! Past flows, read again as they were: the facts of each, for whoever asks what other controls or lists would have said.
//!
//! The engine reads them; nobody is shown their contents. What was erased, and what is larger than is awaited, is counted and
//! left out. First contact is as it was then.

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

/// Flows received in a window, the latest first.
pub(super) struct Flows {
    /// Each with when it came.
    pub(super) flows: Vec<(FlowId, Timestamp)>,
    /// There are more than are looked at.
    pub(super) more: bool,
}

/// The flows of a window, at most [`bounds::REPLAYED_FLOWS_MAX`].
pub(super) async fn flows(
    op: &Operation,
    from: Timestamp,
    until: Timestamp,
) -> Result<Flows, OperationError> {
    let most = bounds::REPLAYED_FLOWS_MAX;
    let values = vec![from.into(), until.into(), (most + 1).into()];
    let rows = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch(sql::PAST, values).await)
        .await
        .map_err(OperationError::Store)?;
    let more = rows.len() > most;
    let flows = rows.iter().take(most).map(|row| Ok((row.parse(0)?, row.get(1)?)));
    Ok(Flows { flows: flows.collect::<Result<_, OperationError>>()?, more })
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
