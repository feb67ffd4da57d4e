//! Guesses are counted before they are looked at, so that fifty at once are not more than ten one after the other.
//!
//! Counters are durable and shared by all nodes. They are mechanical: what they mean becomes an entry elsewhere.

use access::{Instance, MechanicalReason, OperationError, StoreError, Tx};
use vocabulary::{PlatformReason, bounds};

use super::sql;

/// Counts an attempt; `Some(n)` when it is the `n`th of its window and may be looked at, `None` when it must wait.
pub(super) async fn attempt(instance: &Instance, subject: &str) -> Result<Option<u32>, OperationError> {
    let count = count(instance, subject).await?;
    Ok(Some(count).filter(|count| *count <= bounds::SIGN_IN_FAILURES_MAX))
}

/// Counts something, and says how often it happened in its window.
pub(super) async fn count(instance: &Instance, subject: &str) -> Result<u32, OperationError> {
    let (subject, now) = (subject.to_owned(), instance.now());
    let window = now.minus(bounds::SIGN_IN_WINDOW);
    instance
        .write_mechanical(PlatformReason::SignIn, MechanicalReason::Throttle, async move |tx: &mut Tx<'_>| {
            let values = vec![subject.clone().into(), now.into(), window.into()];
            tx.execute(sql::COUNT_FAILURE, values).await?;
            match tx.fetch_optional(sql::FAILURES, vec![subject.into()]).await? {
                Some(row) => row.get::<u32>(1),
                None => Ok(u32::MAX),
            }
        })
        .await
        .map_err(|error: StoreError| OperationError::Store(error))
}

/// Takes one count back: what was counted before it was looked at turned out to be no failure.
pub(super) async fn uncount(instance: &Instance, subject: &str) -> Result<(), OperationError> {
    let subject = subject.to_owned();
    instance
        .write_mechanical(PlatformReason::SignIn, MechanicalReason::Throttle, async move |tx: &mut Tx<'_>| {
            tx.execute(sql::UNCOUNT, vec![subject.into()]).await
        })
        .await
        .map(drop)
        .map_err(|error: StoreError| OperationError::Store(error))
}

/// Forgets the attempts of a subject: the right answer was given.
pub(super) async fn forget(instance: &Instance, subject: &str) -> Result<(), OperationError> {
    let subject = subject.to_owned();
    instance
        .write_mechanical(PlatformReason::SignIn, MechanicalReason::Throttle, async move |tx: &mut Tx<'_>| {
            tx.execute(sql::FORGET_FAILURES, vec![subject.into()]).await
        })
        .await
        .map(drop)
        .map_err(|error: StoreError| OperationError::Store(error))
}
