//! The lists of every organisation, when the instance opens or one of them changed.

use std::collections::HashMap;

use access::{Instance, OperationError, Tx};
use compliance::OrganisationFacts;
use vocabulary::{OrganisationId, PlatformReason};

use super::{ListName, context, sql};

/// Every organisation's lists, as facts without domains. A list that cannot be opened is an error, never an empty list:
/// a restricted issuer must not become an ordinary one by accident.
///
/// # Errors
/// The database did not answer, or a list is damaged.
pub(crate) async fn load(
    instance: &Instance,
) -> Result<HashMap<OrganisationId, OrganisationFacts>, OperationError> {
    let rows = instance
        .read_platform(PlatformReason::Gateway, async |tx: &mut Tx<'_>| {
            tx.fetch(sql::ALL_LISTS, vec![]).await
        })
        .await?;
    let mut lists: HashMap<OrganisationId, OrganisationFacts> = HashMap::new();
    for row in &rows {
        let organisation: OrganisationId = row.parse(0)?;
        let damaged = || OperationError::Damaged("an organisation's list".into());
        let list = ListName::parse(&row.get::<String>(1)?).ok_or_else(damaged)?;
        let opened = instance.open_sealed(organisation, &context(list), &row.get::<Vec<u8>>(2)?)?;
        let entries = serde_json::from_slice(&opened).map_err(|_| damaged())?;
        *list.of(lists.entry(organisation).or_default()) = entries;
    }
    Ok(lists)
}
