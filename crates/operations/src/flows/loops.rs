//! Loops (case F09): a message of ours that comes back. Our trace field carries a mark that nobody else can make, so that
//! a stranger can neither have our mail refused nor hide a loop.

use access::{Operation, OperationError, StoreError, Tx};
use mail::trace::Seen;
use vocabulary::FlowId;

use super::receive::Envelope;
use super::sql;

/// Passages through us that one message may show: a mailing list inside the house and a forwarding outside are two.
const PASSAGES_MAX: usize = 5;
/// Bytes of the mark in a trace field.
const MARK_BYTES: usize = 16;

/// The mark over one flow of the organisation.
///
/// # Errors
/// The key store failed.
pub(crate) fn mark(op: &Operation, flow: &str) -> Result<Vec<u8>, OperationError> {
    let mut mark = op.instance().blind_index(op.organisation(), "trace", flow)?;
    mark.truncate(MARK_BYTES);
    Ok(mark)
}

/// Whether a message is in a loop: it passed here for one of the same recipients, or too often. `header` is its header
/// section at least. A message that went to somebody outside and was forwarded back is no loop.
///
/// # Errors
/// The key store or the database failed.
pub(crate) async fn is_in_one(
    op: &Operation,
    envelope: &Envelope,
    header: &[u8],
) -> Result<bool, OperationError> {
    let mut passages: Vec<FlowId> = Vec::new();
    for seen in mail::trace::in_header(header) {
        if let Ok(flow) = seen.flow.parse::<FlowId>()
            && is_ours(op, &seen)?
        {
            passages.push(flow);
        }
    }
    if passages.is_empty() {
        return Ok(false);
    }
    if passages.len() > PASSAGES_MAX {
        return Ok(true);
    }
    let recipients: Vec<String> = envelope.recipients.iter().map(|path| path.address.key()).collect();
    op.read(async move |tx: &mut Tx<'_>| {
        for flow in passages {
            for row in tx.fetch(sql::DELIVERIES, vec![flow.into()]).await? {
                if recipients.contains(&row.get::<String>(1)?.to_lowercase()) {
                    return Ok::<_, StoreError>(true);
                }
            }
        }
        Ok(false)
    })
    .await
    .map_err(OperationError::from)
}

fn is_ours(op: &Operation, seen: &Seen) -> Result<bool, OperationError> {
    Ok(mark(op, &seen.flow)? == seen.mark)
}
