//! A service gets a new token. Whoever holds a token is the service, so it takes two administrators: one asks, and is shown the token once;
//! it opens nothing until a second one agrees. From then on the old one is good for some days more, while programs are changed over.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Row, StoreError, Tx, action};
use identity::AccountState;
use vocabulary::{AccountId, ChangeId, Secret, Timestamp, TokenId, bounds};

use super::sql;
use crate::accounts::bootstrap::{new_token, token_hash};
use crate::accounts::look;
use crate::accounts::people::{self, SamePerson};
use crate::changes::propose::{ProposeError, Proposed};
use crate::changes::{Kept, Proposal};
use crate::organisation::Reason;

/// What was asked for.
#[derive(Debug)]
pub struct Renewed {
    /// The token: shown once, kept hashed, good for nothing before the change is agreed to.
    pub token: Secret<String>,
    /// What waits for a second administrator.
    pub change: ChangeId,
}

/// Why there is no new token. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum RenewError {
    /// There is no such service here.
    #[error("there is no such service")]
    NotFound,
    /// Only who is active is given anything.
    #[error("the service is not active")]
    NotActive,
    /// It has two already.
    #[error("a service has at most {} tokens at once: end one first", bounds::TOKENS_MAX)]
    TooMany,
    /// The service carries the name of whoever asks, or goes back to them.
    #[error(transparent)]
    SamePerson(#[from] SamePerson),
    /// The same is asked for already, or too much is.
    #[error(transparent)]
    Propose(#[from] ProposeError),
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for RenewError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Asks for it.
///
/// # Errors
/// [`RenewError`]; nothing changed.
pub async fn renew(
    op: &Operation,
    permit: Permit<action::RenewToken>,
    reason: &Reason,
) -> Result<Renewed, RenewError> {
    let by = op.actor().account().ok_or(RenewError::NotFound)?;
    let (token, now) = (new_token(op.entropy()), op.now());
    let (id, hash) = (TokenId::new(now, op.entropy()), token_hash(token.expose()));
    let proposal = Proposal::Token { account: permit.subject(), token: id, hash };
    let proposed = Proposed::prepare(op, by, &Kept { proposal, reason: reason.as_str().to_owned() })?;
    let change = proposed.id;
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        check(tx, account, now).await?;
        people::distinct::<RenewError>(tx, by, &[account]).await?;
        Ok::<_, RenewError>(((), proposed.keep::<RenewError>(tx).await?))
    })
    .await?;
    Ok(Renewed { token, change })
}

/// The service may have one more: asked when it is asked for, and again when a second person agrees.
async fn check(tx: &mut Tx<'_>, account: AccountId, now: Timestamp) -> Result<(), RenewError> {
    let service = look::inside(tx, account).await?.filter(|found| found.email.is_none());
    if service.ok_or(RenewError::NotFound)?.state != AccountState::Active {
        return Err(RenewError::NotActive);
    }
    let row: Option<Row> = tx.fetch_optional(sql::STANDING, vec![account.into(), now.into()]).await?;
    if row.map_or(Ok(0), |row| row.get::<u64>(0))? >= bounds::TOKENS_MAX {
        return Err(RenewError::TooMany);
    }
    Ok(())
}

/// The token is good from now on, and what the service had before ends within the overlap.
pub(crate) async fn take(
    tx: &mut Tx<'_>,
    account: AccountId,
    token: TokenId,
    hash: Vec<u8>,
    now: Timestamp,
) -> Result<Evidence, RenewError> {
    check(tx, account, now).await?;
    let (until, overlap) = (now.plus(bounds::TOKEN_LIFE), now.plus(bounds::TOKEN_OVERLAP));
    let shortened = tx.execute(sql::SHORTEN, vec![account.into(), overlap.into()]).await?;
    let values = vec![token.into(), account.into(), hash.into(), now.into(), until.into()];
    tx.execute(sql::INSERT_TOKEN, values).await?;
    Ok(Evidence::of(EvidenceKind::TokenCreated, token)
        .with("account", account.to_string())
        .with("until", until.rfc3339())
        .with("earlier_shortened", shortened)
        .with("earlier_until", overlap.rfc3339()))
}
