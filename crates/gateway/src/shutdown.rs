//! One signal to stop, heard by every session and relay worker.

use tokio::sync::watch;

/// Makes a signal: pull the [`Trigger`] once, every clone of [`Shutdown`] hears it.
#[must_use]
pub fn shutdown() -> (Trigger, Shutdown) {
    let (sender, receiver) = watch::channel(false);
    (Trigger(sender), Shutdown(receiver))
}

/// Stops everything that listens to its [`Shutdown`]; dropping it does the same.
#[derive(Debug)]
pub struct Trigger(watch::Sender<bool>);

impl Trigger {
    /// Says stop.
    pub fn pull(&self) {
        self.0.send_replace(true);
    }
}

/// The listening side of the signal.
#[derive(Debug, Clone)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Whether it was said.
    #[must_use]
    pub fn is_on(&self) -> bool {
        *self.0.borrow() || self.0.has_changed().is_err()
    }

    /// Returns when it is said. Cancel safe.
    pub async fn wait(&self) {
        let mut receiver = self.0.clone();
        // An error means that the trigger is gone: that is a stop too.
        let _ = receiver.wait_for(|on| *on).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pulling_and_dropping_both_stop() {
        let (trigger, signal) = shutdown();
        assert!(!signal.is_on());
        trigger.pull();
        signal.wait().await;
        assert!(signal.is_on());
        let (trigger, signal) = shutdown();
        drop(trigger);
        signal.wait().await;
        assert!(signal.is_on());
    }
}
