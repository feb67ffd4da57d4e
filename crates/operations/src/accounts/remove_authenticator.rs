//! A person removes a second factor of theirs, after a fresh proof. Never the last of who must have one (clause A1).

use access::{
    Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action, must_have_factor,
};
use vocabulary::AuthenticatorId;

use super::factors::{self, Factor};
use super::notify::{self, Change};
use super::sql;
use crate::{Cerebro, Policy, notices};

/// Why it stays.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// There is none of that id here, or it is a password.
    #[error("there is no such authenticator")]
    NotFound,
    /// The account must have a second factor and this is its last.
    #[error("clause A1: the last second factor of this account is not removed; enrol another first")]
    Last,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for RemoveError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Removes it. With the last one go the backup codes that stood in for it.
///
/// # Errors
/// [`RemoveError`]; nothing changed.
pub async fn remove(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::RemoveAuthenticator>,
) -> Result<(), RemoveError> {
    let account = op.actor().account().ok_or(RemoveError::NotFound)?;
    let (actor, now, id) = (op.actor(), op.now(), permit.subject());
    let known = factors::of(op, account).await?.into_iter().find(|factor| factor.id == id);
    let change =
        known.map(|factor| Change::Removed(factor.kind, factor.name)).ok_or(RemoveError::NotFound)?;
    let notice = notify::compose(cerebro, op, account, &change).await?;
    op.write(permit, async move |tx: &mut Tx<'_>, id: AuthenticatorId| {
        // Two removals at once, each of "not the last", must not leave none.
        tx.execute(sql::LOCK_ACCOUNT, vec![account.into()]).await?;
        let row =
            tx.fetch_optional(sql::ACCOUNT, vec![account.into()]).await?.ok_or(RemoveError::NotFound)?;
        let missions = access::missions(tx, actor, now).await?;
        let second = factors::inside(tx, account).await?.into_iter().filter(|factor| factor.kind.is_second());
        let (gone, left): (Vec<_>, Vec<_>) = second.partition(|factor| factor.id == id);
        let factor = gone.first().ok_or(RemoveError::NotFound)?;
        let none_left = !left.iter().any(Factor::stands);
        if none_left
            && must_have_factor(row.get::<i64>(1)? != 0, &missions, Policy::inside(tx).await?.mandatory)
        {
            return Err(RemoveError::Last);
        }
        tx.execute(sql::END_AUTHENTICATOR, vec![id.into(), account.into(), now.into()]).await?;
        if left.is_empty() {
            tx.execute(sql::END_BACKUP_CODES, vec![account.into(), now.into()]).await?;
        }
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        let evidence = Evidence::of(EvidenceKind::AuthenticatorRemoved, id)
            .with("account", account.to_string())
            .with("kind", factor.kind.word())
            .with("left", left.len());
        Ok(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}
