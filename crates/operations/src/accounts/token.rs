//! What an API token stands for: a named service of one organisation.

use access::{Actor, Instance, Operation, OperationError, StoreError, Tx};
use vocabulary::{AccountId, Locale, OrganisationId, PlatformReason, TokenId};

use super::bootstrap::token_hash;
use super::sql;

/// The operation of the service behind a token, or `None`: unknown, ended, expired and suspended are the same answer.
///
/// # Errors
/// It could not be checked.
pub async fn behind(instance: &Instance, token: &str) -> Result<Option<Operation>, OperationError> {
    let (hash, now) = (token_hash(token), instance.now());
    let found = instance
        .read_platform(PlatformReason::SignIn, async move |tx: &mut Tx<'_>| {
            match tx.fetch_optional(sql::TOKEN_BY_HASH, vec![hash.into(), now.into()]).await? {
                Some(row) => {
                    Ok::<_, StoreError>(Some((row.parse(0)?, row.parse(1)?, row.parse(2)?, row.parse(3)?)))
                }
                None => Ok(None),
            }
        })
        .await?;
    let found: Option<(OrganisationId, TokenId, AccountId, Locale)> = found;
    Ok(found.map(|(organisation, token, account, locale)| {
        instance.operation(Actor::Service { account, token }, organisation, locale)
    }))
}
