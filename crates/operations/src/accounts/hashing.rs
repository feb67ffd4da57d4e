//! A place for each slow hash: it takes 46 MiB and some 60 ms, so that few run at once in a process and some wait; whoever
//! comes when all places are taken and the queue is full is told to come back (attack B8). The rest of the program goes on.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use tokio::sync::{Semaphore, SemaphorePermit};
use vocabulary::bounds;

static PLACES: Semaphore = Semaphore::const_new(bounds::PASSWORD_HASHES_AT_ONCE);
static WAITING: AtomicUsize = AtomicUsize::new(0);
static RUNS: AtomicU64 = AtomicU64::new(0);

/// Too many passwords are being looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are being checked at once")]
pub struct Busy;

/// How many slow hashes this process began.
#[must_use]
pub fn runs() -> u64 {
    RUNS.load(Ordering::Relaxed)
}

/// Runs `work` on a thread that may be slow, when there is a place.
pub(super) async fn run<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<Option<T>, Busy> {
    let _place = place().await?;
    RUNS.fetch_add(1, Ordering::Relaxed);
    Ok(tokio::task::spawn_blocking(work).await.ok())
}

/// One who waits; whoever gives up waits no more.
struct Waiting;

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn place() -> Result<SemaphorePermit<'static>, Busy> {
    let before = WAITING.fetch_add(1, Ordering::Relaxed);
    let _waiting = Waiting;
    if before >= bounds::PASSWORD_HASHES_WAITING_MAX {
        return Err(Busy);
    }
    PLACES.acquire().await.map_err(|_| Busy)
}
