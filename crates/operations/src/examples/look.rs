//! Which categories an organisation defined, in which versions; for those who change them, what stands in one; and what a sentence is
//! near to.

use access::{Operation, OperationError, Permit, Tx, action};
use compliance::semantic::{ExampleCategory, Tried};
use vocabulary::bounds;

use super::{category, sql};
use crate::Cerebro;
use crate::proposals::By;

/// One version of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategoryVersion {
    /// Which category.
    pub category: String,
    /// Its version, from 1; the highest is in force.
    pub version: u64,
    /// From which nearness on, per mille.
    pub near: u64,
    /// How many examples; none: it was taken away.
    pub sentences: u64,
    /// Who put it in force, and when.
    pub by: By,
}

/// Every version of every category, by category, the latest first; at most a thousand.
///
/// # Errors
/// The database did not answer.
pub async fn versions(
    op: &Operation,
    _permit: &Permit<action::ReadLists>,
) -> Result<Vec<CategoryVersion>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| tx.fetch(sql::ALL_VERSIONS, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let versions = rows.iter().map(|row| {
        Ok(CategoryVersion {
            category: row.get(0)?,
            version: row.get(1)?,
            near: row.get(2)?,
            sentences: row.get(3)?,
            by: By::of_row(row, 4)?,
        })
    });
    versions.collect()
}

/// One category as it is in force.
///
/// # Errors
/// The database did not answer, or the examples are damaged.
pub async fn one(
    op: &Operation,
    _permit: &Permit<action::ReadListEntries>,
    name: &str,
) -> Result<Option<ExampleCategory>, OperationError> {
    let (_, kept) = category::latest(op, name).await?;
    Ok((!kept.sentences.is_empty()).then(|| written(name.to_owned(), kept)))
}

/// What a sentence is near to, by the examples in force on this node; `None` where no model is configured.
#[must_use]
pub fn near(
    cerebro: &Cerebro,
    permit: &Permit<action::ReadListEntries>,
    sentence: &str,
) -> Option<Vec<Tried>> {
    let organisation = cerebro.organisation(permit.subject())?;
    let models = organisation.controls.models();
    let sentence: String = sentence.chars().take(bounds::ENCODED_SENTENCE_BYTES_MAX).collect();
    models.is_there().then(|| models.try_sentence(&sentence))
}

/// The categories in force.
pub(super) async fn in_force(op: &Operation) -> Result<Vec<ExampleCategory>, OperationError> {
    let all = all(op).await?.into_iter().map(|(category, _)| category);
    Ok(all.filter(|category| !category.sentences.is_empty()).collect())
}

/// The latest version of each, those that were taken away among them.
pub(super) async fn all(op: &Operation) -> Result<Vec<(ExampleCategory, u64)>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| tx.fetch(sql::IN_FORCE, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let read = rows.iter().map(|row| {
        let (name, version): (String, u64) = (row.get(0)?, row.get(1)?);
        let kept = category::open(op, &name, version, &row.get::<Vec<u8>>(2)?)?;
        Ok((written(name, kept), version))
    });
    read.collect()
}

fn written(name: String, kept: super::Kept) -> ExampleCategory {
    ExampleCategory { name, near: i32::from(kept.near), sentences: kept.sentences }
}
