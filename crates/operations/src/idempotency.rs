//! `Idempotency-Key`: the same request again gets the same answer, and is done once. The key and the answer are rows of
//! the write that does the work: a crash leaves both or neither, and of two at once one is done and both are answered.

use std::str::FromStr;

use access::{MechanicalReason, Operation, OperationError, StoreError, Tx, Value};
use aws_lc_rs::digest;
use vocabulary::{PlatformReason, Timestamp, bounds};

use crate::Cerebro;

pub(crate) mod sql {
    access::statements! {
        Mechanical KEEP = "INSERT INTO idempotency (organisation, account, key, request, answer, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (organisation, account, key) DO NOTHING";
        Organisation FIND = "SELECT request, answer FROM idempotency WHERE organisation = $1 AND account = $2 AND key = $3";
        MechanicalPlatform FORGET = "DELETE FROM idempotency WHERE created_at < $1";
    }
}

/// A request that is done once, whoever repeats it.
#[derive(Debug, Clone)]
pub struct Key {
    account: String,
    text: String,
    request: Vec<u8>,
}

/// Not a key: 1 to [`bounds::IDEMPOTENCY_KEY_CHARS_MAX`] visible ASCII characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("1 to 200 visible ASCII characters")]
pub struct InvalidKey;

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    /// Nothing: the request was not done.
    Nothing,
    /// The request was done; its answer.
    Done(String),
    /// The key was used for another request.
    OtherRequest,
}

impl Key {
    /// The caller's key for these request bytes.
    ///
    /// # Errors
    /// It is not a key.
    pub fn parse(op: &Operation, text: &str, request: &[u8]) -> Result<Self, InvalidKey> {
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if text.is_empty() || text.len() > bounds::IDEMPOTENCY_KEY_CHARS_MAX || !visible {
            return Err(InvalidKey);
        }
        let request = digest::digest(&digest::SHA256, request).as_ref().to_vec();
        Ok(Self { account: op.actor().to_string(), text: text.to_owned(), request })
    }

    /// The row that goes with the work, for [`sql::KEEP`]: it changes nothing when the request was done already.
    pub(crate) fn row(&self, answer: String, now: Timestamp) -> Vec<Value> {
        let Self { account, text, request } = self.clone();
        vec![account.into(), text.into(), request.into(), answer.into(), now.into()]
    }
}

/// Why a request with a key is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The key was used for another request.
    #[error("the idempotency key was used for another request")]
    Taken,
    /// The same request was done at the same moment; its answer is the answer.
    #[error("the request was done already")]
    Repeated,
}

/// Does what a request asks once: the answer it got before, or that of `work`, which keeps the key inside its write.
///
/// # Errors
/// Those of `work`; that the key was used for another request; or the database did not answer.
pub async fn once<T, E>(
    op: &Operation,
    key: Option<Key>,
    work: impl AsyncFnOnce(Option<Key>) -> Result<T, E>,
) -> Result<T, E>
where
    T: FromStr,
    E: From<StoreError> + From<KeyError>,
{
    let Some(key) = key else { return work(None).await };
    if let Some(answer) = answered::<T, E>(op, &key).await? {
        return Ok(answer);
    }
    match work(Some(key.clone())).await {
        // Of two at once one is done. The other failed by its key or by what the first changed: either way it was answered.
        Err(error) => answered::<T, E>(op, &key).await?.ok_or(error),
        done => done,
    }
}

async fn answered<T, E>(op: &Operation, key: &Key) -> Result<Option<T>, E>
where
    T: FromStr,
    E: From<StoreError> + From<KeyError>,
{
    match find(op, key).await? {
        Known::Nothing => Ok(None),
        Known::Done(answer) => Ok(answer.parse().ok()),
        Known::OtherRequest => Err(KeyError::Taken.into()),
    }
}

/// Keeps the key with its answer, inside the write that does the work.
///
/// # Errors
/// [`KeyError::Repeated`]: the request was done meanwhile, and this write must not be.
pub(crate) async fn keep<E>(
    tx: &mut Tx<'_>,
    key: Option<Key>,
    answer: String,
    now: Timestamp,
) -> Result<(), E>
where
    E: From<StoreError> + From<KeyError>,
{
    let Some(key) = key else { return Ok(()) };
    match tx.execute(sql::KEEP, key.row(answer, now)).await? {
        0 => Err(KeyError::Repeated.into()),
        _ => Ok(()),
    }
}

/// Looks a key up.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn find(op: &Operation, key: &Key) -> Result<Known, StoreError> {
    let Key { account, text, request } = key.clone();
    op.read(async move |tx: &mut Tx<'_>| {
        let Some(row) = tx.fetch_optional(sql::FIND, vec![account.into(), text.into()]).await? else {
            return Ok(Known::Nothing);
        };
        let same = row.get::<Vec<u8>>(0)? == request;
        Ok(if same { Known::Done(row.get(1)?) } else { Known::OtherRequest })
    })
    .await
}

/// Forgets keys older than [`bounds::IDEMPOTENCY_KEPT`]; how many.
///
/// # Errors
/// The database did not answer; they are forgotten next time.
pub async fn forget(cerebro: &Cerebro) -> Result<u64, OperationError> {
    let instance = cerebro.instance();
    let until = instance.now().minus(bounds::IDEMPOTENCY_KEPT);
    instance
        .write_mechanical(PlatformReason::Timer, MechanicalReason::Sweep, async move |tx: &mut Tx<'_>| {
            tx.execute(sql::FORGET, vec![until.into()]).await.map_err(OperationError::from)
        })
        .await
}
