//! A version of a category on its way into a write: put in force at once, or by a second person's agreement.

use access::{Evidence, EvidenceKind, Operation, OperationError, Row, StoreError, Tx};
use vocabulary::{OrganisationId, bounds};

use super::{Change, Kept, context, sql};
use crate::lists::Delta;
use crate::proposals::{By, Meanwhile, ProposalError};

/// A version, sealed, ready to be kept.
pub(crate) struct NewCategory {
    category: String,
    before: u64,
    sealed: Vec<u8>,
    near: u16,
    sentences: usize,
    added: usize,
    removed: usize,
}

impl NewCategory {
    pub(super) fn prepare(
        op: &Operation,
        category: &str,
        (before, known): (u64, &Kept),
        change: &Change,
    ) -> Result<Self, OperationError> {
        let kept = change.applied(known);
        let plain = serde_json::to_vec(&kept).map_err(|_| OperationError::Damaged("examples".into()))?;
        let context = context(category, before + 1);
        let sealed = op.instance().seal_lasting(op.organisation(), &context, &plain)?;
        let (added, removed) = (change.sentences.added.len(), change.sentences.removed.len());
        let (near, sentences) = (kept.near, kept.sentences.len());
        Ok(Self { category: category.to_owned(), before, sealed, near, sentences, added, removed })
    }

    /// Keeps it, unless somebody else changed the category since it was read.
    pub(crate) async fn keep<E>(
        self,
        tx: &mut Tx<'_>,
        organisation: OrganisationId,
        by: &By,
    ) -> Result<Evidence, E>
    where
        E: From<StoreError> + From<Meanwhile>,
    {
        check::<E>(tx, &self.category, self.before).await?;
        let version = self.before + 1;
        let values = [
            self.category.as_str().into(),
            version.into(),
            self.sealed.into(),
            u64::from(self.near).into(),
            self.sentences.into(),
        ];
        let values = values.into_iter().chain(by.values()).collect();
        tx.execute(sql::PUT, values).await?;
        Ok(Evidence::of(EvidenceKind::ExamplesChanged, organisation)
            .with("category", self.category)
            .with("version", version)
            .with("near", self.near)
            .with("sentences", self.sentences)
            .with("added", self.added)
            .with("removed", self.removed))
    }
}

/// The version in force is still the one that was read.
pub(super) async fn check<E>(tx: &mut Tx<'_>, category: &str, before: u64) -> Result<(), E>
where
    E: From<StoreError> + From<Meanwhile>,
{
    let row: Option<Row> = tx.fetch_optional(sql::LATEST, vec![category.into()]).await?;
    if row.map_or(Ok(0), |row| row.get::<u64>(0))? == before { Ok(()) } else { Err(Meanwhile.into()) }
}

/// The version in force, 0 when there is none, and what it is.
pub(super) async fn latest(op: &Operation, category: &str) -> Result<(u64, Kept), OperationError> {
    let name = category.to_owned();
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::LATEST, vec![name.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    let Some(row) = row else { return Ok((0, Kept::default())) };
    let version = row.get(0)?;
    Ok((version, open(op, category, version, &row.get::<Vec<u8>>(1)?)?))
}

pub(super) fn open(
    op: &Operation,
    category: &str,
    version: u64,
    sealed: &[u8],
) -> Result<Kept, OperationError> {
    let opened = op.open(&context(category, version), sealed)?;
    serde_json::from_slice(&opened).map_err(|_| OperationError::Damaged("an organisation's examples".into()))
}

/// A category as it is now, changed by what was proposed; `None` when others brought it about meanwhile.
///
/// # Errors
/// The database did not answer, or too few or too many examples would be left.
pub(crate) async fn agreed(
    op: &Operation,
    category: &str,
    proposed: &Change,
) -> Result<Option<NewCategory>, ProposalError> {
    let (before, known) = latest(op, category).await?;
    let change = Change {
        near: proposed.near.filter(|near| *near != known.near),
        sentences: Delta::asked(&known.sentences, &proposed.sentences.added, &proposed.sentences.removed),
    };
    if change.is_empty() {
        return Ok(None);
    }
    match change.applied(&known).sentences.len() {
        0 | bounds::EXEMPLAR_SENTENCES_MIN..=bounds::EXEMPLAR_SENTENCES_MAX => {}
        few if few < bounds::EXEMPLAR_SENTENCES_MIN => return Err(Meanwhile.into()),
        _ => return Err(ProposalError::Full(bounds::EXEMPLAR_SENTENCES_MAX)),
    }
    Ok(Some(NewCategory::prepare(op, category, (before, &known), &change)?))
}
