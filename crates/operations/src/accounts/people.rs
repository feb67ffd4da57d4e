//! Whether two accounts are one natural person's, as far as we can tell (attack A3): the same account, the same name, or
//! one asked for by the other, however far back.

use access::{StoreError, Tx};
use vocabulary::{AccountId, bounds};

use super::{look, sql};

/// Two who must be distinct are one natural person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the two are one person, or one's account goes back to the other")]
pub struct SamePerson;

/// Refuses when the account of `by` is one of the others, carries the name of one, or goes back to one.
///
/// # Errors
/// [`SamePerson`], or the database did not answer.
pub(crate) async fn distinct<E>(tx: &mut Tx<'_>, by: AccountId, others: &[AccountId]) -> Result<(), E>
where
    E: From<StoreError> + From<SamePerson>,
{
    let mut up = Some(by);
    for _ in 0..bounds::ACCOUNT_CHAIN_MAX {
        let Some(account) = up else { break };
        if others.contains(&account) {
            return Err(SamePerson.into());
        }
        up = match tx.fetch_optional(sql::REQUESTER, vec![account.into()]).await? {
            Some(row) => row.get::<Option<String>>(0)?.and_then(|text| text.parse().ok()),
            None => None,
        };
    }
    let Some(own) = look::inside(tx, by).await? else { return Err(SamePerson.into()) };
    for other in others {
        // A second account of the same person carries their name (DORA RTS 2024/1774 art. 21 asks for one to administer with).
        if let Some(other) = look::inside(tx, *other).await?
            && identity::nominative::is_same_person(&other.name, &own.name)
        {
            return Err(SamePerson.into());
        }
    }
    Ok(())
}
