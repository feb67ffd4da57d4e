//! The lists in force, when the instance opens or one of them changed.

use std::collections::HashMap;

use access::{Instance, Operation, OperationError, Row, Tx};
use compliance::OrganisationFacts;
use vocabulary::{OrganisationId, PlatformReason};

use super::{ListName, Versions, context, sql};

/// Which versions are in force, of every organisation.
///
/// # Errors
/// The database did not answer, or names a list this program does not know.
pub(crate) async fn versions(
    instance: &Instance,
) -> Result<HashMap<OrganisationId, Versions>, OperationError> {
    let rows = instance
        .read_platform(PlatformReason::Gateway, async |tx: &mut Tx<'_>| tx.fetch(sql::VERSIONS, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let mut all: HashMap<OrganisationId, Versions> = HashMap::new();
    for row in &rows {
        all.entry(row.parse(0)?).or_default().push((name(row, 1)?, row.get(2)?));
    }
    all.values_mut().for_each(|versions| versions.sort_unstable());
    Ok(all)
}

/// One organisation's lists as facts, and their versions. A list that cannot be opened is an error, never an empty list: a
/// restricted issuer must not become an ordinary one by accident.
///
/// # Errors
/// The database did not answer, or a list is damaged.
pub(crate) async fn load(op: &Operation) -> Result<(OrganisationFacts, Versions), OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| tx.fetch(sql::IN_FORCE, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let (mut facts, mut versions) = (OrganisationFacts::default(), Versions::new());
    for row in &rows {
        let list = name(row, 0)?;
        let version = row.get(1)?;
        *list.of(&mut facts) = open(op, list, version, &row.get::<Vec<u8>>(2)?)?;
        versions.push((list, version));
    }
    versions.sort_unstable();
    Ok((facts, versions))
}

/// The entries of a sealed list.
pub(super) fn open(
    op: &Operation,
    list: ListName,
    version: u64,
    sealed: &[u8],
) -> Result<Vec<String>, OperationError> {
    let opened = op.open(&context(list, version), sealed)?;
    serde_json::from_slice(&opened).map_err(|_| OperationError::Damaged("an organisation's list".into()))
}

pub(super) fn name(row: &Row, column: usize) -> Result<ListName, OperationError> {
    ListName::parse(&row.get::<String>(column)?)
        .ok_or_else(|| OperationError::Damaged("the name of an organisation's list".into()))
}
