//! The console's certificate, taken up anew when its files change or at SIGHUP. Connections that are open go on; a file
//! that cannot be served with leaves the old certificate in place, and says so.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use console::Certificates;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// When each file was last written; absent while one is being replaced.
type Written = [Option<SystemTime>; 2];

fn written(chain: &Path, key: &Path) -> Written {
    [chain, key].map(|path| std::fs::metadata(path).and_then(|known| known.modified()).ok())
}

/// What the process is told by SIGHUP. Asked for before anything serves: until then the signal ends a process.
///
/// # Errors
/// The system does not give it.
pub(super) fn hangups() -> io::Result<Signal> {
    signal(SignalKind::hangup())
}

/// Watches the two files until told to stop.
pub(super) async fn watch(
    certificates: Certificates,
    chain: PathBuf,
    key: PathBuf,
    mut hangup: Signal,
    mut stop: watch::Receiver<bool>,
) {
    let mut seen = written(&chain, &key);
    while !*stop.borrow() {
        let asked = tokio::select! {
            asked = hangup.recv() => asked.is_some(),
            () = tokio::time::sleep(LOOK) => false,
            _ = stop.changed() => false,
        };
        let now = written(&chain, &key);
        if !asked && now == seen {
            continue;
        }
        seen = now;
        match certificates.reload(&chain, &key) {
            Ok(()) => tracing::info!("the console's new certificate is in use"),
            Err(error) => {
                tracing::error!(%error, "the console's new certificate is not taken; the old one stays")
            }
        }
    }
}
