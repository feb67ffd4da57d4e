//! A proposal is turned down or taken back by anyone who may ask, or nobody answered it in time. Refusing keeps watch: one person is
//! enough.

use access::{
    Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, SystemReason, Tx, action,
};
use vocabulary::{OrganisationId, PlatformReason, ProposalId};

use super::agree::end;
use super::{By, ProposalError, ProposalState, answer_context, look, sql};
use crate::Cerebro;
use crate::organisation::Reason;

/// Turns it down; whoever asked reads why.
///
/// # Errors
/// [`ProposalError`]; nothing changed.
pub async fn refuse(
    op: &Operation,
    permit: Permit<action::RefuseProposal>,
    reason: &Reason,
) -> Result<(), ProposalError> {
    let id = permit.subject();
    look::find(op, id).await?.ok_or(ProposalError::NotFound)?;
    let plain = reason.as_str().as_bytes();
    let answer = op.instance().seal_lasting(op.organisation(), &answer_context(id), plain)?;
    finish(op, permit, ProposalState::Refused, EvidenceKind::ProposalRefused, Some(answer)).await
}

async fn finish(
    op: &Operation,
    permit: Permit<action::RefuseProposal>,
    state: ProposalState,
    kind: EvidenceKind,
    answer: Option<Vec<u8>>,
) -> Result<(), ProposalError> {
    let by = By::of(op);
    op.write(permit, async move |tx: &mut Tx<'_>, id: ProposalId| {
        end(tx, id, state, &by, answer).await?;
        Ok(((), Evidence::of(kind, id)))
    })
    .await
}

/// Ends proposals that nobody answered, at most a hundred a call; how many.
///
/// # Errors
/// The database did not answer.
pub async fn lapse_due(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let now = cerebro.instance().now();
    let due = cerebro
        .instance()
        .read_platform(PlatformReason::Timer, async move |tx: &mut Tx<'_>| {
            let rows = tx.fetch(sql::DUE, vec![now.into()]).await?;
            rows.iter()
                .map(|row| Ok((row.parse(0)?, row.parse(1)?)))
                .collect::<Result<Vec<(OrganisationId, ProposalId)>, StoreError>>()
        })
        .await?;
    let mut lapsed = 0;
    for (organisation, proposal) in due {
        let op = cerebro.system(SystemReason::Timer, organisation);
        let permit = op.permit(action::RefuseProposal, proposal).await?;
        match finish(&op, permit, ProposalState::Lapsed, EvidenceKind::ProposalLapsed, None).await {
            Ok(()) | Err(ProposalError::Over) => lapsed += 1,
            Err(error) => tracing::error!(%proposal, %error, "an old proposal could not be ended"),
        }
    }
    Ok(lapsed)
}
