//! The clients in force, when the instance opens or another file was imported.

use std::collections::HashMap;
use std::sync::Arc;

use access::{Instance, Operation, OperationError, Tx};
use vocabulary::{OrganisationId, PlatformReason};

use super::{Clients, context, key, sql};

/// Which versions are in force, of every organisation that gave a file.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn versions(instance: &Instance) -> Result<HashMap<OrganisationId, u64>, OperationError> {
    let rows = instance
        .read_platform(PlatformReason::Gateway, async |tx: &mut Tx<'_>| tx.fetch(sql::VERSIONS, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.get(1)?))).collect()
}

/// One organisation's clients and their version. A file that cannot be opened is an error, never nobody: a client must not
/// become a stranger by accident.
///
/// # Errors
/// The database did not answer, or the file is damaged.
pub(crate) async fn load(op: &Operation) -> Result<(Arc<Clients>, u64), OperationError> {
    let row = op
        .read(async |tx: &mut Tx<'_>| tx.fetch_optional(sql::LATEST, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let Some(row) = row else { return Ok((Arc::new(Clients::none()), 0)) };
    let (version, pieces, digest): (u64, u64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let damaged = || OperationError::Damaged("an organisation's client file".into());
    let mut bytes = Vec::new();
    for piece in 0..pieces {
        let row = op
            .read(async move |tx: &mut Tx<'_>| {
                tx.fetch_optional(sql::PIECE, vec![version.into(), piece.into()]).await
            })
            .await
            .map_err(OperationError::Store)?;
        let sealed: Vec<u8> = row.ok_or_else(damaged)?.get(0)?;
        bytes.extend(op.open(&context(version, piece), &sealed)?);
    }
    let clients = Clients::from_bytes(key(op)?.expose(), &bytes).map_err(|_| damaged())?;
    if clients.digest() != digest {
        return Err(damaged());
    }
    Ok((Arc::new(clients), version))
}
