//! A second person agrees to a proposal, and it is done, in one write: in force here when this returns, on every node within seconds.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use vocabulary::{OrganisationId, ProposalId};

use super::{By, ProposalError, ProposalState, Subject, What, Whole, look, sql};
use crate::Cerebro;
use crate::accounts::people;
use crate::clients::{self, NewFile};
use crate::examples::{self, NewCategory};
use crate::lists::{self, Delta, ListName, NewVersion};

/// What the proposal becomes, made ready before the write.
enum Effect {
    List(NewVersion),
    Clients(NewFile),
    Examples(NewCategory),
    /// Others brought it about meanwhile.
    Nothing,
}

/// Agrees to it.
///
/// # Errors
/// [`ProposalError`]; it still waits then, unless it says otherwise.
pub async fn agree(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::AgreeProposal>,
) -> Result<(), ProposalError> {
    let by = op.actor().account().ok_or(ProposalError::Nobody)?;
    let whole = look::find(op, permit.subject()).await?.ok_or(ProposalError::NotFound)?;
    if !whole.line.waits(op.now()) {
        return Err(ProposalError::Over);
    }
    let effect = prepare(cerebro, op, &whole).await?;
    let (line, organisation) = (whole.line, op.organisation());
    let agreed = By { proposed_by: Some(line.proposed_by.clone()), ..By::of(op) };
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, id: ProposalId| {
        people::distinct::<ProposalError>(tx, by, line.proposer().as_slice()).await?;
        end(tx, id, ProposalState::Agreed, &agreed, None).await?;
        let evidence = Evidence::of(EvidenceKind::ProposalAgreed, id)
            .with("kind", line.subject.kind())
            .with("about", line.subject.name())
            .with("proposed_by", line.proposed_by);
        let done = effect.take(tx, organisation, &agreed).await?;
        let all = std::iter::once(evidence).chain(done).reduce(Evidence::and);
        let all = all.ok_or_else(|| OperationError::Damaged("an answer without evidence".into()))?;
        Ok::<_, ProposalError>(((), all))
    })
    .await?;
    cerebro.refresh().await?;
    Ok(())
}

async fn prepare(cerebro: &Cerebro, op: &Operation, whole: &Whole) -> Result<Effect, ProposalError> {
    match (&whole.what, &whole.line.subject) {
        (What::List(delta), Subject::List(list)) => of_list(cerebro, op, *list, delta).await,
        (What::Clients(differs), Subject::Clients) => {
            Ok(Effect::Clients(clients::waiting(op, whole.line.id, differs).await?))
        }
        (What::Examples(change), Subject::Examples(category)) => {
            let prepared = examples::agreed(op, category, change).await?;
            Ok(prepared.map_or(Effect::Nothing, Effect::Examples))
        }
        _ => Err(OperationError::Damaged("a proposal about something else than it says".into()).into()),
    }
}

/// The list as it is now, changed by what was proposed: what others made it watch meanwhile stays.
async fn of_list(
    cerebro: &Cerebro,
    op: &Operation,
    list: ListName,
    proposed: &Delta,
) -> Result<Effect, ProposalError> {
    lists::refuse_taken(cerebro, op, list, &proposed.added)?;
    let (before, known) = lists::latest(op, list).await?;
    let delta = Delta::asked(&known, &proposed.added, &proposed.removed);
    if delta.is_empty() {
        return Ok(Effect::Nothing);
    }
    if known.len() + delta.added.len() > list.most() + delta.removed.len() {
        return Err(ProposalError::Full(list.most()));
    }
    Ok(Effect::List(NewVersion::prepare(op, list, (before, &known), &delta)?))
}

impl Effect {
    async fn take(
        self,
        tx: &mut Tx<'_>,
        organisation: OrganisationId,
        by: &By,
    ) -> Result<Option<Evidence>, ProposalError> {
        match self {
            Self::List(version) => version.keep(tx, organisation, by).await.map(Some),
            Self::Clients(file) => file.keep(tx, organisation, by).await.map(Some),
            Self::Examples(category) => category.keep(tx, organisation, by).await.map(Some),
            Self::Nothing => Ok(None),
        }
    }
}

/// Ends one that waits, and lets its pieces go.
pub(super) async fn end(
    tx: &mut Tx<'_>,
    id: ProposalId,
    state: ProposalState,
    by: &By,
    answer: Option<Vec<u8>>,
) -> Result<(), ProposalError> {
    let values = vec![id.into(), state.word().into(), by.who.as_str().into(), by.at.into(), answer.into()];
    if tx.execute(sql::END, values).await? == 0 {
        return Err(ProposalError::Over);
    }
    tx.execute(sql::DROP_PIECES, vec![id.into()]).await?;
    Ok(())
}
