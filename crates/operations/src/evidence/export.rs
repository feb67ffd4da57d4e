//! A verifiable copy of an organisation's log, for somebody who does not trust us.

use std::path::Path;

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use vocabulary::OrganisationId;

use crate::Cerebro;

/// Copies the log's tiles, entries and checkpoints to `into`, which must not exist yet. The export is itself an entry
/// (of a later checkpoint).
///
/// # Errors
/// The copy failed; `into` may be partly there and verifies as incomplete.
pub async fn export(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ExportLedger>,
    into: &Path,
) -> Result<(), OperationError> {
    let directory = cerebro.log_directory(permit.subject());
    op.write(permit, async move |_tx: &mut Tx<'_>, organisation: OrganisationId| {
        Ok::<_, OperationError>(((), Evidence::of(EvidenceKind::LedgerExported, organisation)))
    })
    .await?;
    ledger::export(&directory, into).map_err(|error| OperationError::Damaged(error.to_string()))
}
