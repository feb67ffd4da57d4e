//! Import a client file: a new version, in force everywhere within seconds.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action};
use vocabulary::{OrganisationId, bounds};

use super::{ClientFile, context, sql};
use crate::Cerebro;

/// Why a file was not imported. The one in force is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Somebody imported another file at the same moment.
    #[error("another client file was imported meanwhile: look at it again")]
    Meanwhile,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// What came of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// The version in force, from 1.
    pub version: u64,
    /// Clients in it.
    pub clients: u32,
    /// Identifiers and addresses of theirs.
    pub identifiers: usize,
    /// It is the one that was in force.
    pub is_same: bool,
}

/// Puts the file in force; other nodes follow within [`vocabulary::bounds::FOLLOW_INTERVAL`]. A file that changes nothing
/// keeps its version. The ledger says which version, how many clients and identifiers, and the digest of what is kept.
///
/// # Errors
/// [`ImportError`].
pub async fn import(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ReplaceList>,
    file: ClientFile,
) -> Result<Imported, ImportError> {
    let clients = file.into_clients();
    let (before, known) = latest(op).await?;
    let imported = |version, is_same| Imported {
        version,
        clients: clients.len(),
        identifiers: clients.identifiers(),
        is_same,
    };
    if before > 0 && known == clients.digest() {
        return Ok(imported(before, true));
    }
    let version = before + 1;
    let outcome = imported(version, false);
    // Sealed before the write: it does no more than keep.
    let bytes = clients.to_bytes();
    let mut pieces = Vec::new();
    for (piece, plain) in (0_u64..).zip(bytes.chunks(bounds::CLIENT_PIECE_BYTES)) {
        pieces.push((piece, op.instance().seal_lasting(op.organisation(), &context(version, piece), plain)?));
    }
    drop(bytes);
    let (now, by, digest) = (op.now(), op.actor().to_string(), clients.digest().to_owned());
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
        let row = tx.fetch_optional(sql::LATEST, vec![]).await?;
        if row.map_or(Ok(0), |row| row.get::<u64>(0))? != before {
            return Err(ImportError::Meanwhile);
        }
        let values = vec![
            version.into(),
            pieces.len().into(),
            u64::from(outcome.clients).into(),
            outcome.identifiers.into(),
            digest.clone().into(),
            by.into(),
            now.into(),
        ];
        tx.execute(sql::PUT_FILE, values).await?;
        for (piece, sealed) in pieces {
            tx.execute(sql::PUT_PIECE, vec![version.into(), piece.into(), sealed.into()]).await?;
        }
        let gone = version.saturating_sub(bounds::CLIENT_VERSIONS_KEPT);
        tx.execute(sql::DROP_PIECES, vec![gone.into()]).await?;
        let evidence = Evidence::of(EvidenceKind::ClientsImported, organisation)
            .with("version", version)
            .with("clients", outcome.clients)
            .with("identifiers", outcome.identifiers)
            .with("digest", digest);
        Ok::<_, ImportError>(((), evidence))
    })
    .await?;
    cerebro.refresh().await?;
    Ok(outcome)
}

/// The version in force, 0 when there is none, and its digest.
async fn latest(op: &Operation) -> Result<(u64, String), OperationError> {
    let row = op
        .read(async |tx: &mut Tx<'_>| tx.fetch_optional(sql::LATEST, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    match row {
        Some(row) => Ok((row.get(0)?, row.get(2)?)),
        None => Ok((0, String::new())),
    }
}
