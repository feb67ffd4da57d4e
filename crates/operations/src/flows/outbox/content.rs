//! What is sent of a row: our trace fields above the message as it came in, or our own notice.

use access::{Operation, OperationError, Row, SystemReason, Tx};
use vocabulary::{FlowId, OrganisationId, OutboxId, bounds};

use super::sql;
use crate::flows::body::{self, Large};
use crate::flows::loops;
use crate::{Cerebro, notices};

/// The bytes to send: our trace fields, then the message as it came in; or our own notice.
#[derive(Debug, Clone)]
pub enum Outgoing {
    /// In memory.
    Whole(Vec<u8>),
    /// Read while it leaves.
    Large(Large),
}

/// What is to be sent of a row. `by` is our host name, for the trace fields.
///
/// # Errors
/// It cannot be read or opened.
pub async fn content(
    cerebro: &Cerebro,
    organisation: OrganisationId,
    outbox: OutboxId,
    by: &str,
) -> Result<Outgoing, OperationError> {
    let op = cerebro.system(SystemReason::Relay, organisation);
    let row = op
        .read(async move |tx: &mut Tx<'_>| {
            tx.fetch_optional(sql::CONTENT, vec![outbox.into()]).await.map_err(OperationError::from)
        })
        .await?
        .ok_or_else(|| OperationError::Damaged(format!("{outbox} is gone")))?;
    let Some(flow) = row.parse_optional::<FlowId>(0)? else {
        return Ok(Outgoing::Whole(notices::open(&op, outbox, &row.get::<Vec<u8>>(1)?)?));
    };
    let header = trace(&op, flow, &row, by)?;
    match row.parse_optional(3)? {
        Some(blob) if row.get::<u64>(10)? > bounds::RELAY_MEMORY_BYTES_MAX => {
            let large = move || Large::new(&op, flow, blob, header);
            let large = tokio::task::spawn_blocking(large).await;
            large
                .map_err(|_| OperationError::Damaged(format!("{flow} could not be read")))?
                .map(Outgoing::Large)
        }
        blob => {
            let raw = body::read(&op, flow, row.get(2)?, blob)?;
            Ok(Outgoing::Whole(mail::trace::prepend(&header, &raw)))
        }
    }
}

/// Our two fields above a message: whence it came, and a mark by which we know it when it comes back.
fn trace(op: &Operation, flow: FlowId, row: &Row, by: &str) -> Result<Vec<u8>, OperationError> {
    let id = flow.to_string();
    let (client, helo): (String, Option<String>) = (row.get(4)?, row.get(6)?);
    let (protocol, tls): (String, Option<String>) = (row.get(8)?, row.get(9)?);
    Ok(mail::trace::header(&mail::trace::Trace {
        helo: helo.as_deref().unwrap_or(&client),
        peer: row.get::<Option<String>>(7)?.and_then(|peer| peer.parse().ok()),
        by,
        protocol: &protocol,
        tls: tls.as_deref(),
        flow: &id,
        recipient: None,
        at: row.get(5)?,
        instance: by,
        mark: &loops::mark(op, &id)?,
        owed: row.get::<Option<String>>(11)?.is_some(),
    }))
}
