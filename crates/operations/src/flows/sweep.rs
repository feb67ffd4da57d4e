//! Removes the blobs that no row names: what a crash between a body's blob and its flow's row leaves behind.

use access::{OperationError, StoreError, Tx};
use vocabulary::{BlobId, PlatformReason, bounds};

use super::sql;
use crate::Cerebro;

/// Looks at the blobs older than [`bounds::BLOB_GRACE`], and removes those that no flow names and those that were never
/// finished; how many. A crash in between leaves the rest for the next time.
///
/// # Errors
/// The directory or the database did not answer. A blob is removed only after the database said that nothing names it.
pub async fn sweep(cerebro: &Cerebro) -> Result<usize, OperationError> {
    let blobs = cerebro.instance().blobs().clone();
    let old = tokio::task::spawn_blocking(move || blobs.older_than(bounds::BLOB_GRACE))
        .await
        .unwrap_or_else(|_| Ok(Vec::new()))?;
    let mut removed = 0;
    for (id, path) in old {
        if let Some(id) = id
            && is_named(cerebro, id).await?
        {
            continue;
        }
        std::fs::remove_file(&path)?;
        removed += 1;
    }
    Ok(removed)
}

async fn is_named(cerebro: &Cerebro, blob: BlobId) -> Result<bool, StoreError> {
    let instance = cerebro.instance();
    instance
        .read_platform(PlatformReason::Timer, async move |tx: &mut Tx<'_>| {
            Ok(tx.fetch_optional(sql::NAMES_BLOB, vec![blob.into()]).await?.is_some())
        })
        .await
}
