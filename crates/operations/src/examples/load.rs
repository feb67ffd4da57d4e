//! The examples in force, when the instance opens or one of them changed.

use std::collections::HashMap;

use access::{Instance, Operation, OperationError, Tx};
use compliance::semantic::Models;
use vocabulary::{OrganisationId, PlatformReason};

use super::{Versions, look, sql};

/// Which versions are in force, of every organisation.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn versions(
    instance: &Instance,
) -> Result<HashMap<OrganisationId, Versions>, OperationError> {
    let rows = instance
        .read_platform(PlatformReason::Gateway, async |tx: &mut Tx<'_>| tx.fetch(sql::VERSIONS, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let mut all: HashMap<OrganisationId, Versions> = HashMap::new();
    for row in &rows {
        all.entry(row.parse(0)?).or_default().push((row.get(1)?, row.get(2)?));
    }
    Ok(all)
}

/// The model with the examples of one organisation, and their versions. `known` is what the organisation had: sentences it has read are
/// not read again. Examples that cannot be opened are an error, never none.
///
/// # Errors
/// The database did not answer, or examples are damaged.
pub(crate) async fn load(op: &Operation, known: &Models) -> Result<(Models, Versions), OperationError> {
    let mut categories = Vec::new();
    let mut versions = Versions::new();
    for (category, version) in look::all(op).await? {
        versions.push((category.name.clone(), version));
        if !category.sentences.is_empty() {
            categories.push(category);
        }
    }
    if categories.is_empty() && !known.is_there() {
        return Ok((known.clone(), versions));
    }
    // A millisecond a sentence that was never read.
    let known = known.clone();
    let read = tokio::task::spawn_blocking(move || known.with_examples(categories)).await;
    let models = read.map_err(|_| OperationError::Damaged("examples cannot be read".into()))?;
    Ok((models, versions))
}
