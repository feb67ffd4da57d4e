//! A client file on its way into a write: put in force at once, or by a second person's agreement.

use access::{Evidence, EvidenceKind, Operation, OperationError, StoreError, Tx};
use serde::{Deserialize, Serialize};
use vocabulary::{OrganisationId, ProposalId, bounds};

use super::{Clients, context, key, sql};
use crate::proposals::{self, By, Meanwhile, piece_context};

/// A file that waits: counts, and what stands in its pieces.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differs {
    /// The version it was compared with.
    pub before: u64,
    /// Clients in that one.
    pub clients_before: u32,
    /// Clients in this one; none: the file is given up.
    pub clients: u32,
    /// Identifiers and addresses in this one.
    pub identifiers: u64,
    /// Identifiers the one before did not have.
    pub new: u64,
    /// Identifiers that are not looked for any more.
    pub gone: u64,
    /// Mailboxes to which data may go that was held on its way there.
    pub mailboxes: u64,
    /// SHA-256 of what is kept.
    pub digest: String,
    /// Its pieces.
    pub pieces: u64,
}

/// A version, sealed, ready to be kept.
pub(crate) struct NewFile {
    before: u64,
    pieces: Vec<Vec<u8>>,
    clients: u32,
    identifiers: usize,
    digest: String,
}

impl NewFile {
    pub(crate) fn prepare(op: &Operation, before: u64, clients: &Clients) -> Result<Self, OperationError> {
        let pieces = sealed(op, clients, |piece| context(before + 1, piece))?;
        let (identifiers, digest) = (clients.identifiers(), clients.digest().to_owned());
        Ok(Self { before, pieces, clients: clients.len(), identifiers, digest })
    }

    /// Keeps it, unless somebody else gave a file since the one before was read.
    pub(crate) async fn keep<E>(
        self,
        tx: &mut Tx<'_>,
        organisation: OrganisationId,
        by: &By,
    ) -> Result<Evidence, E>
    where
        E: From<StoreError> + From<Meanwhile>,
    {
        check::<E>(tx, self.before).await?;
        let version = self.before + 1;
        let values = [
            version.into(),
            self.pieces.len().into(),
            u64::from(self.clients).into(),
            self.identifiers.into(),
            self.digest.as_str().into(),
        ];
        let values = values.into_iter().chain(by.values()).collect();
        tx.execute(sql::PUT_FILE, values).await?;
        for (piece, sealed) in (0_u64..).zip(self.pieces) {
            tx.execute(sql::PUT_PIECE, vec![version.into(), piece.into(), sealed.into()]).await?;
        }
        let gone = version.saturating_sub(bounds::CLIENT_VERSIONS_KEPT);
        tx.execute(sql::DROP_PIECES, vec![gone.into()]).await?;
        Ok(Evidence::of(EvidenceKind::ClientsImported, organisation)
            .with("version", version)
            .with("clients", self.clients)
            .with("identifiers", self.identifiers)
            .with("digest", self.digest))
    }
}

/// The version in force is still the one that was read.
pub(super) async fn check<E>(tx: &mut Tx<'_>, before: u64) -> Result<(), E>
where
    E: From<StoreError> + From<Meanwhile>,
{
    let row = tx.fetch_optional(sql::LATEST, vec![]).await?;
    if row.map_or(Ok(0), |row| row.get::<u64>(0))? == before { Ok(()) } else { Err(Meanwhile.into()) }
}

/// What is kept, in sealed pieces.
pub(super) fn sealed(
    op: &Operation,
    clients: &Clients,
    context: impl Fn(u64) -> String,
) -> Result<Vec<Vec<u8>>, OperationError> {
    let bytes = clients.to_bytes();
    let pieces = (0_u64..).zip(bytes.chunks(bounds::CLIENT_PIECE_BYTES));
    pieces
        .map(|(piece, plain)| op.instance().seal_lasting(op.organisation(), &context(piece), plain))
        .collect()
}

/// The file of a proposal that waits, ready to be put in force.
///
/// # Errors
/// The database did not answer, or the file is damaged.
pub(crate) async fn waiting(
    op: &Operation,
    id: ProposalId,
    differs: &Differs,
) -> Result<NewFile, OperationError> {
    let damaged = || OperationError::Damaged("a client file that waits".into());
    let mut bytes = Vec::new();
    for piece in 0..differs.pieces {
        let row = op
            .read(async move |tx: &mut Tx<'_>| {
                tx.fetch_optional(proposals::sql::PIECE, vec![id.into(), piece.into()]).await
            })
            .await
            .map_err(OperationError::Store)?;
        let sealed: Vec<u8> = row.ok_or_else(damaged)?.get(0)?;
        bytes.extend(op.open(&piece_context(id, piece), &sealed)?);
    }
    let clients = Clients::from_bytes(key(op)?.expose(), &bytes).map_err(|_| damaged())?;
    if clients.digest() != differs.digest {
        return Err(damaged());
    }
    NewFile::prepare(op, differs.before, &clients)
}
