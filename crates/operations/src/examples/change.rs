//! Define a category by examples, change it, or take it away. What finds more is in force when this returns, everywhere within seconds;
//! what finds less waits for a second person.

use access::{Operation, OperationError, Permit, Tx, action};
use compliance::semantic::ExampleCategory;
use vocabulary::{OrganisationId, ProposalId, bounds};

use super::category::{NewCategory, check, latest};
use super::{Change, Kept, look};
use crate::Cerebro;
use crate::lists::Delta;
use crate::organisation::Reason;
use crate::proposals::propose::NewProposal;
use crate::proposals::{self, By, Subject, Unchanged, What, of_both};

/// Why a category was not changed. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ExamplesError {
    /// There is no such category here.
    #[error("there is no such category")]
    NotFound,
    /// It breaks a rule.
    #[error("{0}")]
    Rule(&'static str),
    /// More categories than are kept.
    #[error("at most {} categories are kept", bounds::EXEMPLAR_CATEGORIES_MAX)]
    TooMany,
    /// As of everything that is watched.
    #[error(transparent)]
    Unchanged(#[from] Unchanged),
}

impl From<OperationError> for ExamplesError {
    fn from(error: OperationError) -> Self {
        Self::Unchanged(error.into())
    }
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    /// The version in force, from 1.
    pub version: u64,
    /// The nearness in force, per mille.
    pub near: u16,
    /// Its examples.
    pub sentences: usize,
    /// Those it has from now on.
    pub added: usize,
    /// The proposal by which the rest waits for a second person.
    pub waits: Option<ProposalId>,
}

/// Brings a category to what is wanted. The ledger says which, in which version, with how many examples and from which nearness on; the
/// examples themselves are sealed.
///
/// # Errors
/// [`ExamplesError`].
pub async fn change(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ReplaceList>,
    wanted: ExampleCategory,
    reason: Option<&Reason>,
) -> Result<Changed, ExamplesError> {
    if let Some(rule) = wanted.broken() {
        return Err(ExamplesError::Rule(rule));
    }
    let near = u16::try_from(wanted.near).unwrap_or(u16::MAX);
    let mut sentences: Vec<String> = wanted.sentences.iter().map(|sentence| plain(sentence)).collect();
    sentences.sort();
    sentences.dedup();
    if sentences.len() < bounds::EXEMPLAR_SENTENCES_MIN {
        return Err(ExamplesError::Rule("sentences has 3 to 200 examples that differ"));
    }
    to(cerebro, op, permit, &wanted.name, Kept { near, sentences }, reason).await
}

/// Takes a category away: that finds less, and waits.
///
/// # Errors
/// [`ExamplesError`].
pub async fn take_away(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ReplaceList>,
    category: &str,
    reason: &Reason,
) -> Result<Changed, ExamplesError> {
    let (_, known) = latest(op, category).await?;
    if known.sentences.is_empty() {
        return Err(ExamplesError::NotFound);
    }
    let nothing = Kept { near: known.near, sentences: Vec::new() };
    to(cerebro, op, permit, category, nothing, Some(reason)).await
}

/// A sentence on one line, as forms show it.
fn plain(sentence: &str) -> String {
    sentence.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn to(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ReplaceList>,
    category: &str,
    wanted: Kept,
    reason: Option<&Reason>,
) -> Result<Changed, ExamplesError> {
    let (before, known) = latest(op, category).await?;
    if known.sentences.is_empty() && look::in_force(op).await?.len() >= bounds::EXEMPLAR_CATEGORIES_MAX {
        return Err(ExamplesError::TooMany);
    }
    let change = Change {
        near: (wanted.near != known.near).then_some(wanted.near),
        sentences: Delta::between(&known.sentences, &wanted.sentences),
    };
    let (now, later) = change.split(&known);
    let (proposal, waits) = propose(op, category, later, reason).await?;
    let after = now.applied(&known);
    let changed = Changed {
        version: before + u64::from(!now.is_empty()),
        near: after.near,
        sentences: after.sentences.len(),
        added: now.sentences.added.len(),
        waits,
    };
    if after.sentences.len() > bounds::EXEMPLAR_SENTENCES_MAX {
        return Err(ExamplesError::Rule(
            "with those that still wait to go, there would be more than 200 examples",
        ));
    }
    if now.is_empty() && proposal.is_none() {
        return Ok(changed);
    }
    let version =
        (!now.is_empty()).then(|| NewCategory::prepare(op, category, (before, &known), &now)).transpose()?;
    let (by, name) = (By::of(op), category.to_owned());
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
        check::<Unchanged>(tx, &name, before).await?;
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
    category: &str,
    mut later: Change,
    reason: Option<&Reason>,
) -> Result<(Option<NewProposal>, Option<ProposalId>), ExamplesError> {
    if later.is_empty() {
        return Ok((None, None));
    }
    let subject = Subject::Examples(category.to_owned());
    let mut known = None;
    for whole in proposals::look::waiting_for(op, &subject).await? {
        if let What::Examples(waiting) = &whole.what {
            known.get_or_insert(whole.line.id);
            later.sentences.leave_out(&waiting.sentences);
            later.near = later.near.filter(|near| waiting.near != Some(*near));
        }
    }
    if later.is_empty() {
        return Ok((None, known));
    }
    let proposal = NewProposal::prepare(op, subject, What::Examples(later), reason)?;
    let id = proposal.id;
    Ok((Some(proposal), Some(id)))
}
