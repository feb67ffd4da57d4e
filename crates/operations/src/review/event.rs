//! What happened to a hold besides its decision: its cover was called, it went to the arbiters, its due time passed,
//! its sender said why it should go or took its private mark off, its guarded contents were opened. Written in the same write as its entry; read by whoever opens the hold.

use access::{Operation, OperationError, Row, StoreError, Tx};
use vocabulary::{HoldId, Timestamp};

use super::sql;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// The deputy was called.
    Covered,
    /// The arbiters were called, by a person or by the clock.
    Escalated,
    /// The due time passed.
    Expired,
    /// The sender said why it should go.
    Justified,
    /// The contents of a guarded hold were opened, on grounds.
    Opened,
    /// The sender took the private mark off.
    Requalified,
}

vocabulary::words!(EventKind {
    Covered = "covered",
    Escalated = "escalated",
    Expired = "expired",
    Justified = "justified",
    Opened = "opened",
    Requalified = "requalified",
});

/// One event, as a reviewer reads it.
#[derive(Debug, Clone)]
pub struct HoldEvent {
    /// What happened.
    pub kind: EventKind,
    /// When.
    pub at: Timestamp,
    /// Who: a name where the account is known, else `system:…`.
    pub by: String,
    /// What they said, if anything.
    pub said: Option<String>,
}

/// An event with what was said sealed, waiting for its write.
#[derive(Debug, Clone)]
pub(crate) struct Prepared {
    kind: EventKind,
    at: Timestamp,
    actor: String,
    said: Option<Vec<u8>>,
}

fn context(hold: HoldId, kind: EventKind, at: Timestamp) -> String {
    format!("{hold}/{kind}/{}", at.micros())
}

/// Seals what was said, outside the write.
pub(crate) fn prepare(
    op: &Operation,
    hold: HoldId,
    kind: EventKind,
    said: Option<&str>,
) -> Result<Prepared, OperationError> {
    let at = op.now();
    let said = said.map(|said| op.seal(&context(hold, kind, at), said.as_bytes())).transpose()?;
    Ok(Prepared { kind, at, actor: op.actor().to_string(), said })
}

/// Keeps the event, inside the write that is its reason.
pub(crate) async fn record(tx: &mut Tx<'_>, hold: HoldId, event: Prepared) -> Result<(), StoreError> {
    let Prepared { kind, at, actor, said } = event;
    let values = vec![hold.into(), at.into(), kind.word().into(), actor.into(), said.into()];
    tx.execute(sql::INSERT_EVENT, values).await?;
    Ok(())
}

/// Reads a row of `EVENTS`; `name` turns an account into a name.
pub(crate) fn read(
    op: &Operation,
    hold: HoldId,
    row: &Row,
    name: impl Fn(&str) -> String,
) -> Result<HoldEvent, OperationError> {
    let (at, kind): (Timestamp, EventKind) = (row.get(0)?, row.parse(1)?);
    let said = match row.get::<Option<Vec<u8>>>(3)? {
        Some(sealed) => {
            let said = op.open(&context(hold, kind, at), &sealed)?;
            Some(String::from_utf8_lossy(&said).into_owned())
        }
        None => None,
    };
    Ok(HoldEvent { kind, at, by: name(&row.get::<String>(2)?), said })
}
