//! What runs beside the listeners: the sealer, the hold clocks, the assessments that are owed.

use std::time::Duration;

use operations::evidence::seal::Sealer;
use operations::{Cerebro, flows, review};
use tokio::sync::watch;
use tokio::task::JoinSet;
use vocabulary::bounds;

/// How often clocks are looked at.
const TICK: Duration = Duration::from_secs(1);

/// Starts the loops in `tasks`; each ends when `stop` turns true, the sealer after a last round.
pub(crate) fn run_loops(
    cerebro: &Cerebro,
    sealer: Sealer,
    tasks: &mut JoinSet<()>,
    stop: &watch::Receiver<bool>,
) {
    tasks.spawn(seal(cerebro.clone(), sealer, stop.clone()));
    tasks.spawn(clocks(cerebro.clone(), stop.clone()));
    tasks.spawn(owed(cerebro.clone(), stop.clone()));
    tasks.spawn(presence(cerebro.clone(), stop.clone()));
}

async fn seal(cerebro: Cerebro, mut sealer: Sealer, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = sealer.seal(&cerebro).await {
            tracing::error!(%error, "the ledger is not being sealed");
        }
        tokio::select! {
            () = tokio::time::sleep(bounds::SEALING_INTERVAL) => {}
            _ = stop.changed() => {}
        }
    }
    if let Err(error) = sealer.seal(&cerebro).await {
        tracing::error!(%error, "the last entries will be sealed at the next start");
    }
}

async fn clocks(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = review::clock::advance_due(&cerebro).await {
            tracing::error!(%error, "hold clocks cannot be read");
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn owed(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = flows::owed::assess_owed(&cerebro).await {
            tracing::error!(%error, "owed assessments cannot be made");
        }
        tokio::select! {
            () = cerebro.assessor_woken() => {}
            () = tokio::time::sleep(TICK * 5) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn presence(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match flows::outbox::free_leases(&cerebro).await {
            Ok(0) => {}
            Ok(freed) => tracing::info!(freed, "another node is gone: what it was sending is taken over"),
            Err(error) => tracing::error!(%error, "leases of nodes that are gone cannot be freed"),
        }
        tokio::select! {
            () = tokio::time::sleep(TICK * 2) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Turns true at SIGINT or SIGTERM.
pub(crate) fn stop_signal() -> watch::Receiver<bool> {
    let (send, receive) = watch::channel(false);
    tokio::spawn(async move {
        let interrupt = tokio::signal::ctrl_c();
        let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        else {
            return;
        };
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
        let _ = send.send(true);
        // Kept until the process ends: a dropped sender would look like a change.
        std::future::pending::<()>().await;
    });
    receive
}
