//! `Idempotency-Key`: the same request again gets the same answer, and is done once.

use access::{MechanicalReason, Operation, OperationError, StoreError, Tx};
use aws_lc_rs::digest;

pub(crate) mod sql {
    access::statements! {
        Mechanical CLAIM = "INSERT INTO idempotency (organisation, account, key, request, answer, created_at) VALUES ($1, $2, $3, $4, '', $5) ON CONFLICT (organisation, account, key) DO NOTHING";
        Organisation FIND = "SELECT request, answer FROM idempotency WHERE organisation = $1 AND account = $2 AND key = $3";
        Mechanical KEEP = "UPDATE idempotency SET answer = $4 WHERE organisation = $1 AND account = $2 AND key = $3";
        Mechanical GIVE_UP = "DELETE FROM idempotency WHERE organisation = $1 AND account = $2 AND key = $3 AND answer = ''";
    }
}

/// Longest key, characters.
pub const KEY_CHARS_MAX: usize = 200;

/// What a key says about a request.
#[derive(Debug)]
pub enum Claim {
    /// First time: do it, then [`keep`] the answer, or [`give_up`].
    New,
    /// Done before: the answer that was given.
    Done(String),
    /// Being done at this moment.
    InProgress,
    /// The key was used for another request.
    OtherRequest,
}

fn account(op: &Operation) -> String {
    op.actor().to_string()
}

/// Claims a key for a request.
///
/// # Errors
/// The database did not answer: nothing may be done.
pub async fn claim(op: &Operation, key: &str, request: &[u8]) -> Result<Claim, OperationError> {
    let (account, key, now) = (account(op), key.to_owned(), op.now());
    let hash = digest::digest(&digest::SHA256, request).as_ref().to_vec();
    op.write_mechanical(MechanicalReason::Throttle, async move |tx: &mut Tx<'_>| {
        let values = vec![account.clone().into(), key.clone().into(), hash.clone().into(), now.into()];
        if tx.execute(sql::CLAIM, values).await? == 1 {
            return Ok(Claim::New);
        }
        let row = tx.fetch_optional(sql::FIND, vec![account.into(), key.into()]).await?;
        let Some(row) = row else { return Ok(Claim::InProgress) };
        let (request, answer): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
        Ok(match (request == hash, answer.is_empty()) {
            (false, _) => Claim::OtherRequest,
            (true, true) => Claim::InProgress,
            (true, false) => Claim::Done(answer),
        })
    })
    .await
}

/// Keeps the answer of a claimed request.
///
/// # Errors
/// The database did not answer; the request was done, a repetition is told that it is in progress.
pub async fn keep(op: &Operation, key: &str, answer: &str) -> Result<(), OperationError> {
    let (account, key, answer) = (account(op), key.to_owned(), answer.to_owned());
    op.write_mechanical(MechanicalReason::Throttle, async move |tx: &mut Tx<'_>| {
        tx.execute(sql::KEEP, vec![account.into(), key.into(), answer.into()]).await
    })
    .await
    .map(drop)
    .map_err(|error: StoreError| error.into())
}

/// Gives a claim up after a failure, so that the request can be made again.
///
/// # Errors
/// The database did not answer.
pub async fn give_up(op: &Operation, key: &str) -> Result<(), OperationError> {
    let (account, key) = (account(op), key.to_owned());
    op.write_mechanical(MechanicalReason::Throttle, async move |tx: &mut Tx<'_>| {
        tx.execute(sql::GIVE_UP, vec![account.into(), key.into()]).await
    })
    .await
    .map(drop)
    .map_err(|error: StoreError| error.into())
}
