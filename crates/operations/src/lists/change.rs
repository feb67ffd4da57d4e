//! Change one of an organisation's lists. What makes the organisation watch more is in force when this returns, everywhere within
//! seconds; what makes it watch less waits for a second person.

use access::{Operation, OperationError, Permit, Tx, action};
use vocabulary::{OrganisationId, ProposalId};

use super::version::{NewVersion, Taken, check, latest, refuse_taken};
use super::{Delta, Entries, ListName};
use crate::Cerebro;
use crate::organisation::Reason;
use crate::proposals::propose::NewProposal;
use crate::proposals::{By, Subject, Unchanged, What, look, of_both};

/// What is asked of a list.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// It has these entries and no others.
    Whole(Entries),
    /// It has these too.
    Added(Entries),
    /// It does not have these.
    Removed(Entries),
}

impl Wanted {
    /// Which list.
    #[must_use]
    pub const fn list(&self) -> ListName {
        match self {
            Self::Whole(entries) | Self::Added(entries) | Self::Removed(entries) => entries.list(),
        }
    }

    fn of(&self, known: &[String]) -> Delta {
        match self {
            Self::Whole(entries) => Delta::between(known, entries.as_slice()),
            Self::Added(entries) => Delta::asked(known, entries.as_slice(), &[]),
            Self::Removed(entries) => Delta::asked(known, &[], entries.as_slice()),
        }
    }
}

/// Why a list was not changed. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ListError {
    /// Another organisation of the instance sends from the domain.
    #[error(transparent)]
    Taken(#[from] Taken),
    /// More entries than this list may have.
    #[error("the list has {0} entries at most")]
    Full(usize),
    /// As of everything that is watched.
    #[error(transparent)]
    Unchanged(#[from] Unchanged),
}

impl From<OperationError> for ListError {
    fn from(error: OperationError) -> Self {
        Self::Unchanged(error.into())
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// The version in force, from 1; 0 where the list was never given.
    pub version: u64,
    /// Its entries.
    pub entries: usize,
    /// Those it has from now on.
    pub added: usize,
    /// Those it does not have any more.
    pub removed: usize,
    /// What waits for a second person.
    pub waits: Option<Waits>,
}

/// What waits for a second person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    /// The proposal.
    pub id: ProposalId,
    /// Entries the list would have too.
    pub added: usize,
    /// Entries the list would not have any more.
    pub removed: usize,
    /// It waited already.
    pub is_known: bool,
}

/// Changes the list and tells the engine; other nodes follow within [`vocabulary::bounds::FOLLOW_INTERVAL`]. The ledger says which list,
/// which version, and how many entries came, went and wait; the entries themselves are sealed.
///
/// # Errors
/// [`ListError`].
pub async fn change(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ReplaceList>,
    wanted: Wanted,
    reason: Option<&Reason>,
) -> Result<Changed, ListError> {
    let list = wanted.list();
    let (before, known) = latest(op, list).await?;
    let delta = wanted.of(&known);
    refuse_taken(cerebro, op, list, &delta.added)?;
    if known.len() + delta.added.len() > list.most() + delta.removed.len() {
        return Err(ListError::Full(list.most()));
    }
    let (now, waits) = list.split(delta);
    let (proposal, waits) = propose(op, list, waits, reason).await?;
    let changed = Changed {
        version: before + u64::from(!now.is_empty()),
        entries: known.len() + now.added.len() - now.removed.len(),
        added: now.added.len(),
        removed: now.removed.len(),
        waits,
    };
    if now.is_empty() && proposal.is_none() {
        return Ok(changed);
    }
    // Sealed before the write: it does no more than keep.
    let version =
        (!now.is_empty()).then(|| NewVersion::prepare(op, list, (before, &known), &now)).transpose()?;
    let by = By::of(op);
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
        check::<Unchanged>(tx, list, before).await?;
        let done = match version {
            Some(version) => Some(version.keep::<Unchanged>(tx, organisation, &by).await?),
            None => None,
        };
        let asked = match proposal {
            Some(proposal) => Some(proposal.keep(tx).await?),
            None => None,
        };
        Ok::<_, Unchanged>(((), of_both(done, asked)?))
    })
    .await?;
    cerebro.refresh().await?;
    Ok(changed)
}

/// What waits, without what waits already.
async fn propose(
    op: &Operation,
    list: ListName,
    mut delta: Delta,
    reason: Option<&Reason>,
) -> Result<(Option<NewProposal>, Option<Waits>), ListError> {
    if delta.is_empty() {
        return Ok((None, None));
    }
    let subject = Subject::List(list);
    let mut known = None;
    for whole in look::waiting_for(op, &subject).await? {
        if let What::List(waiting) = &whole.what {
            let (added, removed) = (waiting.added.len(), waiting.removed.len());
            known.get_or_insert(Waits { id: whole.line.id, added, removed, is_known: true });
            delta.leave_out(waiting);
        }
    }
    if delta.is_empty() {
        return Ok((None, known));
    }
    let (added, removed) = (delta.added.len(), delta.removed.len());
    let proposal = NewProposal::prepare(op, subject, What::List(delta), reason)?;
    let waits = Waits { id: proposal.id, added, removed, is_known: false };
    Ok((Some(proposal), Some(waits)))
}
