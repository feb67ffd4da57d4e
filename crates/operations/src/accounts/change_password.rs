//! A person changes their own password (clause A3): with the current one, after a fresh proof of presence. Every session
//! of theirs ends, this one too.

use access::{Operation, OperationError, Permit, StoreError, Tx, action};
use identity::password::{PasswordHasher, PresentedPassword};
use vocabulary::AccountId;

use super::mail::{self, News};
use super::passwords::{NewPassword, NewPasswordError};
use super::sign_in::verify;
use super::{factors, look, throttle};
use crate::{Cerebro, notices};

/// Why it stays as it was.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The current one is not right.
    #[error("the current password is not right")]
    CurrentWrong,
    /// The new one is the current one.
    #[error("the new password is the current one")]
    Same,
    /// Too many tries.
    #[error("too many attempts: wait and try again")]
    Throttled,
    /// The new one is not taken.
    #[error(transparent)]
    Password(#[from] NewPasswordError),
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for ChangePasswordError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Changes it.
///
/// # Errors
/// [`ChangePasswordError`]; nothing changed.
pub async fn change(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ChangePassword>,
    hasher: &PasswordHasher,
    current: &str,
    new: &str,
) -> Result<(), ChangePasswordError> {
    let account = permit.subject();
    let counted = format!("password:{account}");
    throttle::attempt(op.instance(), &counted).await?.ok_or(ChangePasswordError::Throttled)?;
    let kept = factors::password(op, &factors::of(op, account).await?)?;
    let known = kept.is_some();
    let presented = PresentedPassword::new(current).map_err(|_| ChangePasswordError::CurrentWrong)?;
    let is_same = PresentedPassword::new(new).is_ok_and(|new| new.expose() == presented.expose());
    let right = verify(hasher, presented, kept).await.map_err(|_| ChangePasswordError::Throttled)?;
    if !right || !known {
        return Err(ChangePasswordError::CurrentWrong);
    }
    if is_same {
        return Err(ChangePasswordError::Same);
    }
    let damaged = || OperationError::Damaged("the account of a session".into());
    let subject = look::subject(op, account).await?.ok_or_else(damaged)?;
    let password = NewPassword::prepare(cerebro, op, hasher, new, &subject).await?;
    let notice = mail::news(cerebro, op, &subject, &News::PasswordChanged)?;
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        let evidence = password.keep(tx, account).await?;
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        Ok::<_, ChangePasswordError>(((), evidence))
    })
    .await?;
    throttle::forget(op.instance(), &counted).await?;
    cerebro.wake_relay();
    Ok(())
}
