//! Import a client file. One that lacks nothing the one before had is in force when this returns, everywhere within seconds; one that
//! finds less waits for a second person.

use std::sync::Arc;

use access::{Operation, OperationError, Permit, Tx, action};
use vocabulary::{OrganisationId, ProposalId, bounds};

use super::version::{Differs, NewFile, check, sealed};
use super::{ClientFile, Clients, Difference, load, sql};
use crate::Cerebro;
use crate::organisation::Reason;
use crate::proposals::propose::NewProposal;
use crate::proposals::{self, By, Subject, Unchanged, What, piece_context};

/// What came of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// The version in force, from 1; 0 where there is none.
    pub version: u64,
    /// Clients in the file.
    pub clients: u32,
    /// Identifiers and addresses of theirs.
    pub identifiers: usize,
    /// How it differs from the one that was in force.
    pub difference: Difference,
    /// It is the one that was in force.
    pub is_same: bool,
    /// The proposal by which it waits for a second person.
    pub waits: Option<ProposalId>,
}

/// Puts the file in force, or lets it wait where it finds less: it lacks identifiers, or data may go to mailboxes it was held on its way
/// to. A file that waits takes the place of one that waited before. A file that changes nothing keeps its version.
///
/// # Errors
/// [`Unchanged`].
pub async fn import(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ReplaceList>,
    file: ClientFile,
    reason: Option<&Reason>,
) -> Result<Imported, Unchanged> {
    let (clients, mailboxes) = file.into_parts();
    let (before, known) = in_force(cerebro, op).await?;
    let difference = clients.difference(&known, &mailboxes);
    let is_same = known.digest() == clients.digest();
    let imported = |version, waits| Imported {
        version,
        clients: clients.len(),
        identifiers: clients.identifiers(),
        difference,
        is_same,
        waits,
    };
    if is_same {
        return Ok(imported(before, None));
    }
    if difference.watches_less() {
        let id = propose(op, permit, (before, known.len()), &clients, difference, reason).await?;
        return Ok(imported(before, Some(id)));
    }
    // Sealed before the write: it does no more than keep.
    let new = NewFile::prepare(op, before, &clients)?;
    let by = By::of(op);
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
        Ok::<_, Unchanged>(((), new.keep::<Unchanged>(tx, organisation, &by).await?))
    })
    .await?;
    cerebro.refresh().await?;
    Ok(imported(before + 1, None))
}

async fn propose(
    op: &Operation,
    permit: Permit<action::ReplaceList>,
    (before, clients_before): (u64, u32),
    clients: &Clients,
    difference: Difference,
    reason: Option<&Reason>,
) -> Result<ProposalId, Unchanged> {
    let mut differs = Differs {
        before,
        clients_before,
        clients: clients.len(),
        identifiers: clients.identifiers() as u64,
        new: difference.new,
        gone: difference.gone,
        mailboxes: difference.mailboxes,
        digest: clients.digest().to_owned(),
        pieces: 0,
    };
    for whole in proposals::look::waiting_for(op, &Subject::Clients).await? {
        if matches!(&whole.what, What::Clients(waits) if waits.digest == differs.digest && waits.before == before)
        {
            return Ok(whole.line.id);
        }
    }
    differs.pieces = (clients.to_bytes().len() as u64).div_ceil(bounds::CLIENT_PIECE_BYTES as u64);
    let proposal = NewProposal::prepare(op, Subject::Clients, What::Clients(differs), reason)?;
    let id = proposal.id;
    let pieces = sealed(op, clients, |piece| piece_context(id, piece))?;
    let by = By::of(op);
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, _: OrganisationId| {
        check::<Unchanged>(tx, before).await?;
        let (kind, name) = (Subject::Clients.kind(), Subject::Clients.name().to_owned());
        let values = vec![kind.into(), name.into(), by.who.as_str().into(), by.at.into()];
        let replaced = tx.execute(proposals::sql::SUPERSEDE, values).await?;
        tx.execute(proposals::sql::DROP_ALL_PIECES, vec![]).await?;
        let evidence = proposal.keep(tx).await?;
        for (piece, sealed) in (0_u64..).zip(pieces) {
            let values = vec![id.into(), piece.into(), sealed.into()];
            tx.execute(proposals::sql::PUT_PIECE, values).await?;
        }
        Ok::<_, Unchanged>((id, evidence.with("replaced", replaced)))
    })
    .await
}

/// The version in force, 0 when there is none, and its clients.
async fn in_force(cerebro: &Cerebro, op: &Operation) -> Result<(u64, Arc<Clients>), OperationError> {
    let row = op
        .read(async |tx: &mut Tx<'_>| tx.fetch_optional(sql::LATEST, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let version: u64 = row.map_or(Ok(0), |row| row.get(0))?;
    let known = cerebro.organisation(op.organisation()).filter(|known| known.client_version == version);
    match known {
        Some(known) => Ok((version, Arc::clone(known.facts.clients()))),
        None => load(op).await.map(|(clients, version)| (version, clients)),
    }
}
