//! An administrator changes the settings that decide who comes in. What tightens is done at once; what loosens waits for a
//! second administrator. Nothing goes below the clauses.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action};
use vocabulary::{ChangeId, OrganisationId};

use super::{Change, FloorError, Policy, Reason, Setting};
use crate::Cerebro;
use crate::changes::propose::{ProposeError, Proposed};
use crate::changes::{Kept, Proposal};

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// How many settings are as asked from now on.
    pub now: usize,
    /// The change that waits for a second administrator, when something loosens.
    pub waits: Option<ChangeId>,
}

/// Why nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeSecurityError {
    /// A setting lies outside its clause.
    #[error(transparent)]
    Floor(#[from] FloorError),
    /// Everything is as asked already.
    #[error("nothing of it differs from what stands")]
    Same,
    /// Somebody changed them at the same moment.
    #[error("the settings changed meanwhile: look at them again")]
    Meanwhile,
    /// One that loosens waits already, or too many do.
    #[error(transparent)]
    Propose(#[from] ProposeError),
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for ChangeSecurityError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// The settings as they stand.
///
/// # Errors
/// The database did not answer.
pub async fn read(op: &Operation, _permit: &Permit<action::ReadPolicy>) -> Result<Policy, OperationError> {
    op.read(async |tx: &mut Tx<'_>| Policy::inside(tx).await).await.map_err(OperationError::Store)
}

/// Changes what of `wanted` differs from what stands. Which way each goes is judged where it is written, so that two
/// administrators who save at once do not undo each other's tightening unseen.
///
/// # Errors
/// [`ChangeSecurityError`]; nothing changed.
pub async fn change(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ChangePolicy>,
    wanted: Vec<Setting>,
    reason: Reason,
) -> Result<Changed, ChangeSecurityError> {
    for setting in &wanted {
        setting.check()?;
    }
    let by = op.actor().account().ok_or(ChangeSecurityError::Same)?;
    let before = op.read(async |tx: &mut Tx<'_>| Policy::inside(tx).await).await;
    let (looser, _) = split(before.map_err(OperationError::Store)?.changes(&wanted));
    let proposed = propose(op, by, &looser, &reason)?;
    let changed = op
        .write_in_turn(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
            let (loosened, tightened) = split(Policy::inside(tx).await?.changes(&wanted));
            // Somebody changed them meanwhile: what was prepared is not what would be asked any more.
            if loosened != looser {
                return Err(ChangeSecurityError::Meanwhile);
            }
            if loosened.is_empty() && tightened.is_empty() {
                return Err(ChangeSecurityError::Same);
            }
            let waits = proposed.as_ref().map(|proposed| proposed.id);
            let settings: Vec<Setting> = tightened.iter().map(|change| change.after.clone()).collect();
            let mut evidence = take_all(tx, organisation, &tightened, &settings).await?;
            if let Some(proposed) = proposed {
                let asked = proposed.keep::<ChangeSecurityError>(tx).await?;
                evidence = Some(match evidence {
                    Some(done) => done.and(asked),
                    None => asked,
                });
            }
            let evidence =
                evidence.unwrap_or_else(|| Evidence::of(EvidenceKind::PolicyChanged, organisation));
            Ok((Changed { now: tightened.len(), waits }, evidence.with("reason", reason.as_str())))
        })
        .await?;
    cerebro.refresh().await?;
    Ok(changed)
}

fn split(changes: Vec<Change>) -> (Vec<Change>, Vec<Change>) {
    changes.into_iter().partition(Change::loosens)
}

fn propose(
    op: &Operation,
    by: vocabulary::AccountId,
    looser: &[Change],
    reason: &Reason,
) -> Result<Option<Proposed>, OperationError> {
    if looser.is_empty() {
        return Ok(None);
    }
    let settings = looser.iter().map(|change| change.after.clone()).collect();
    let kept = Kept { proposal: Proposal::Security { settings }, reason: reason.as_str().to_owned() };
    Proposed::prepare(op, by, &kept).map(Some)
}

/// Takes settings over, inside the write of whoever may.
pub(crate) async fn take(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    settings: &[Setting],
) -> Result<Evidence, StoreError> {
    let changes = Policy::inside(tx).await?.changes(settings);
    let done = take_all(tx, organisation, &changes, settings).await?;
    // Everything was as asked meanwhile: the answer is an entry all the same.
    Ok(done.unwrap_or_else(|| Evidence::of(EvidenceKind::PolicyChanged, organisation)))
}

async fn take_all(
    tx: &mut Tx<'_>,
    organisation: OrganisationId,
    changes: &[Change],
    settings: &[Setting],
) -> Result<Option<Evidence>, StoreError> {
    let mut policy = Policy::inside(tx).await?;
    for setting in settings {
        policy.set(setting.clone());
    }
    policy.keep(tx).await?;
    let facts = changes.iter().map(|change| {
        Evidence::of(EvidenceKind::PolicyChanged, organisation)
            .with("setting", change.after.word())
            .with("before", change.before.to_string())
            .with("after", change.after.to_string())
            .with("loosens", change.loosens())
    });
    Ok(facts.reduce(Evidence::and))
}
