//! What runs beside the listeners: the sealer, the hold clocks, the assessors.

use std::time::Duration;

use operations::controls::{replays, samples};
use operations::evidence::backlog;
use operations::evidence::seal::Sealer;
use operations::flows::accepted::Lane;
use operations::{
    Cerebro, access_reviews, accounts, break_glass, changes, flows, idempotency, proposals, review, services,
};
use tokio::sync::watch;
use tokio::task::JoinSet;
use vocabulary::bounds;

use super::{Part, Parts};

/// How often clocks are looked at.
const TICK: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
/// How often a relay alone looks for work.
const LOOK: Duration = Duration::from_millis(250);

/// Starts the loops of `parts` in `tasks`; each ends when `stop` turns true, the sealer after a last round.
pub(crate) fn run_loops(
    cerebro: &Cerebro,
    sealer: Sealer,
    parts: Parts,
    tasks: &mut JoinSet<()>,
    stop: &watch::Receiver<bool>,
) {
    tasks.spawn(follow(cerebro.clone(), stop.clone()));
    tasks.spawn(storage(cerebro.clone(), stop.clone()));
    if parts.runs(Part::Sealer) {
        tasks.spawn(seal(cerebro.clone(), sealer, stop.clone()));
    } else {
        tasks.spawn(watch_sealing(cerebro.clone(), stop.clone()));
    }
    if parts.runs(Part::Console) {
        tasks.spawn(clocks(cerebro.clone(), stop.clone()));
        tasks.spawn(forget(cerebro.clone(), stop.clone()));
        tasks.spawn(replay(cerebro.clone(), stop.clone()));
        tasks.spawn(nightly(cerebro.clone(), stop.clone()));
        if cerebro.second_reader().is_some() {
            tasks.spawn(read_again(cerebro.clone(), stop.clone()));
        }
        tasks.spawn(uses(cerebro.clone(), stop.clone()));
    }
    if parts.runs(Part::Gateway) {
        for lane in [Lane::People, Lane::Bulk] {
            tasks.spawn(assess(cerebro.clone(), lane, stop.clone()));
        }
        tasks.spawn(debts(cerebro.clone(), stop.clone()));
    }
    if parts.runs(Part::Relay) {
        tasks.spawn(presence(cerebro.clone(), stop.clone()));
        if parts.is_alone() {
            tasks.spawn(look_for_work(cerebro.clone(), stop.clone()));
        }
    }
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

/// Lists another process was given are in force here too.
async fn follow(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match cerebro.follow().await {
            Ok(true) => tracing::info!("lists changed; the new ones are in force"),
            Ok(false) => {}
            Err(error) => {
                tracing::error!(%error, "whether lists changed cannot be read; those in force stay")
            }
        }
        tokio::select! {
            () = tokio::time::sleep(bounds::FOLLOW_INTERVAL) => {}
            _ = stop.changed() => {}
        }
    }
}

/// The sealer runs elsewhere: what it left to do bounds what this process may still change.
async fn watch_sealing(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = backlog::watch(&cerebro).await {
            tracing::error!(%error, "how far sealing is behind cannot be read");
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = stop.changed() => {}
        }
    }
}

/// What may leave was decided in another process, which cannot wake this one.
async fn look_for_work(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        cerebro.wake_relay();
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn clocks(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = review::clock::advance_due(&cerebro).await {
            tracing::error!(%error, "hold clocks cannot be read");
        }
        if let Err(error) = review::carry::carry_due(&cerebro).await {
            tracing::error!(%error, "decisions that are to be carried out cannot be read");
        }
        if let Err(error) = accounts::refuse::purge_due(&cerebro).await {
            tracing::error!(%error, "old account requests cannot be purged");
        }
        if let Err(error) = break_glass::shut::shut_due(&cerebro).await {
            tracing::error!(%error, "break-glass that is over cannot be shut");
        }
        if let Err(error) = access_reviews::open::turn(&cerebro).await {
            tracing::error!(%error, "reviews of access cannot be opened or closed");
        }
        if let Err(error) = access_reviews::lapse::turn(&cerebro).await {
            tracing::error!(%error, "reviews of access that are late cannot be read");
        }
        if let Err(error) = services::warn::turn(&cerebro).await {
            tracing::error!(%error, "tokens that end soon cannot be read");
        }
        if let Err(error) = changes::refuse::lapse_due(&cerebro).await {
            tracing::error!(%error, "old changes cannot be ended");
        }
        if let Err(error) = proposals::refuse::lapse_due(&cerebro).await {
            tracing::error!(%error, "old proposals cannot be ended");
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Past flows that somebody asked to be read again: a rehearsal, a look back.
async fn replay(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let watched = stop.clone();
        match replays::run::run_due(&cerebro, || *watched.borrow()).await {
            Ok(0) => {}
            Ok(finished) => tracing::info!(finished, "past flows were read again"),
            Err(error) => tracing::error!(%error, "which past flows are to be read again cannot be read"),
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Messages that wait, by the second encoder.
async fn read_again(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let watched = stop.clone();
        if let Err(error) = review::second::read_due(&cerebro, || *watched.borrow()).await {
            tracing::error!(%error, "which held messages are to be read a second time cannot be read");
        }
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = stop.changed() => {}
        }
    }
}

/// What is done once a night.
async fn nightly(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match samples::check_due(&cerebro).await {
            Ok(0) => {}
            Ok(organisations) => tracing::info!(organisations, "samples of the controls in force were run"),
            Err(error) => tracing::error!(%error, "whether samples were run cannot be read"),
        }
        tokio::select! {
            () = tokio::time::sleep(MINUTE) => {}
            _ = stop.changed() => {}
        }
    }
}

/// That people are there, which no request waited for.
async fn uses(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    loop {
        let stopped = *stop.borrow();
        if let Err(error) = accounts::session::write_uses(cerebro.instance()).await {
            tracing::error!(%error, "uses of sessions cannot be written: the sessions may end too early");
        }
        if stopped {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(bounds::SESSION_USES_INTERVAL) => {}
            _ = stop.changed() => {}
        }
    }
}

/// What is of no use any more: keys of requests answered long ago, blobs that no row names.
async fn forget(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match flows::sweep::sweep(&cerebro).await {
            Ok(0) => {}
            Ok(removed) => tracing::info!(removed, "blobs that no flow names were removed"),
            Err(error) => tracing::error!(%error, "blobs that no flow names cannot be removed"),
        }
        if let Err(error) = accounts::forget(&cerebro).await {
            tracing::error!(%error, "old questions to security keys cannot be forgotten");
        }
        if let Err(error) = idempotency::forget(&cerebro).await {
            tracing::error!(%error, "old idempotency keys cannot be forgotten");
        }
        tokio::select! {
            () = tokio::time::sleep(HOUR) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn assess(cerebro: Cerebro, lane: Lane, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = flows::accepted::assess_accepted(&cerebro, lane).await {
            tracing::error!(%error, "accepted flows cannot be assessed");
        }
        tokio::select! {
            () = cerebro.assessor_woken(lane) => {}
            () = tokio::time::sleep(TICK * 5) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn debts(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        match flows::debt::pay(&cerebro).await {
            Ok(0) => {}
            Ok(paid) => tracing::warn!(paid, "messages that had left unassessed were assessed"),
            Err(error) => tracing::error!(%error, "debts of assessment cannot be paid"),
        }
        tokio::select! {
            () = tokio::time::sleep(TICK * 5) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Every part: whoever has stopped writing learns here that storage is back.
async fn storage(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        // Whoever wrote and could not has said so.
        let _ = operations::storage::try_again(&cerebro).await;
        tokio::select! {
            () = tokio::time::sleep(TICK) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn presence(cerebro: Cerebro, mut stop: watch::Receiver<bool>) {
    let mut gone = flows::outbox::Gone::default();
    while !*stop.borrow() {
        match gone.free_leases(&cerebro).await {
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
