//! The operator's list of breached passwords, taken up anew when its file changes: no restart, and an entry in every log.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use operations::Cerebro;
use operations::breached::{Imported, take_up};
use tokio::sync::watch;

/// How often the file is looked at.
const LOOK: Duration = Duration::from_secs(2);

/// When the file was last written, and its length; absent while there is none.
fn written(path: &Path) -> Option<(SystemTime, u64)> {
    let known = std::fs::metadata(path).ok()?;
    Some((known.modified().ok()?, known.len()))
}

/// Watches the file until told to stop. One that cannot be read stops passwords from being set, as at a start.
pub(super) async fn watch(cerebro: Cerebro, path: PathBuf, mut stop: watch::Receiver<bool>) {
    let mut seen = written(&path);
    let mut recorded = record(&cerebro).await;
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.changed() => break,
        }
        let now = written(&path);
        if now != seen {
            seen = now;
            // Every page of the list's table is read: on a thread that may be slow.
            let (instance, place) = (cerebro.instance().clone(), path.clone());
            match tokio::task::spawn_blocking(move || Imported::open(&instance, &place)).await {
                Ok(imported) => cerebro.set_breached(imported),
                Err(error) => {
                    tracing::error!(%error, "a newer list could not be opened; the one in use stays")
                }
            }
            recorded = false;
        }
        if !recorded {
            recorded = record(&cerebro).await;
        }
    }
}

/// Says in every log which list is in use; false when it must be tried again.
async fn record(cerebro: &Cerebro) -> bool {
    match take_up(cerebro).await {
        Ok(0) => true,
        Ok(organisations) => {
            tracing::info!(organisations, "a list of breached passwords was taken up");
            true
        }
        Err(error) => {
            tracing::error!(%error, "that a list of breached passwords is in use could not be recorded");
            false
        }
    }
}
