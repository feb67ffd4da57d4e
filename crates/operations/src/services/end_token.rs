//! A token of a service is ended, by one administrator and at once: it opens nothing from the next call on, on every node.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action};
use vocabulary::{AccountId, TokenId};

use super::sql;
use crate::organisation::Reason;

/// Why no token ended.
#[derive(Debug, thiserror::Error)]
pub enum EndTokenError {
    /// There is none of that id here that stands.
    #[error("there is no such token")]
    NotFound,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for EndTokenError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Whose a token is that stands; none of another organisation.
///
/// # Errors
/// The database did not answer.
pub async fn whose(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
    token: TokenId,
) -> Result<Option<AccountId>, OperationError> {
    let now = op.now();
    let row = op
        .read(async move |tx: &mut Tx<'_>| {
            tx.fetch_optional(sql::WHOSE, vec![token.into(), now.into()]).await
        })
        .await
        .map_err(OperationError::Store)?;
    Ok(row.map(|row| row.parse(0)).transpose()?)
}

/// Ends it.
///
/// # Errors
/// [`EndTokenError`]; nothing changed.
pub async fn end(
    op: &Operation,
    permit: Permit<action::EndToken>,
    reason: Reason,
) -> Result<(), EndTokenError> {
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, token: TokenId| {
        let row = tx.fetch_optional(sql::WHOSE, vec![token.into(), now.into()]).await?;
        let account: AccountId = row.ok_or(EndTokenError::NotFound)?.parse(0)?;
        if tx.execute(sql::END, vec![token.into(), now.into()]).await? == 0 {
            return Err(EndTokenError::NotFound);
        }
        let evidence = Evidence::of(EvidenceKind::TokenEnded, token)
            .with("account", account.to_string())
            .with("reason", reason.as_str().to_owned());
        Ok(((), evidence))
    })
    .await
}
