//! SMTP out: leases what waits in an outbox and delivers it along its route, many messages at once.
//!
//! Promises: content leaves byte for byte (dots stuffed, nothing else; a missing final CRLF is added and said);
//! [`Outbox::attempting`] is durable before the final dot is sent, so that a lost reply is known as
//! [`Outcome::Uncertain`] and never taken for a failure, and a relay that died there is known to have
//! ([`Leased::unanswered`]); every recipient gets exactly one outcome per attempt;
//! what a next hop cannot carry (8BITMIME, SMTPUTF8, size) bounces, it is never converted.
//!
//! Read next: [`route`] for where mail goes, [`policy`] for what a connection must be, [`worker`] for one message from
//! body to record, [`reach`] for the way to an open connection, [`transaction`] for one message over it.

mod connection;
mod content;
mod course;
mod dane;
mod demand;
mod destination;
mod mx;
mod offers;
mod outcome;
mod pace;
mod policy;
mod reach;
mod remote;
pub mod retry;
mod route;
mod sts;
mod stuffing;
#[cfg(test)]
mod tests;
mod tls;
mod transaction;
mod worker;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;
use vocabulary::bounds::{
    RELAY_BATCH_MAX, RELAY_COMMAND_TIMEOUT, RELAY_CONNECT_TIMEOUT, RELAY_CONNECTIONS_MAX,
    RELAY_CONTENT_TIMEOUT, RELAY_DOWN_PAUSE, RELAY_ENVELOPE_TIMEOUT, RELAY_FINAL_DOT_TIMEOUT, RELAY_IDLE,
    RELAY_LEASE_RENEWED, RELAY_LINE_WAIT, RELAY_OPEN_TIMEOUT, RELAY_POLL, SMTP_DATA_TIMEOUT,
    SMTP_DRAIN_TIMEOUT, SMTP_HANDSHAKE_TIMEOUT,
};
use vocabulary::{Clock, DeliveryId, Entropy, Leased, Timestamp};

pub use self::content::{Blocks, Content, Large, Source};
pub use self::outcome::{Diagnostic, Encryption, Hop, Outcome};
pub use self::policy::{Floor, Identity, PolicyError, TlsPolicy};
pub use self::route::{DomainPattern, Host, HostError, NextHop, PatternError, Route, Routes, RoutesError};
pub use self::sts::Policies;
use self::worker::Relay;
use crate::Shutdown;
use crate::dns::Resolver;

/// Messages in hand for each connection: while one is on the wire, others are read, committed or recorded.
const IN_HAND_PER_CONNECTION: usize = 4;

/// What an outbox answers when its store fails. Its text goes to the log: no contents, no addresses.
pub type OutboxError = Box<dyn std::error::Error + Send + Sync>;

/// Where messages wait to leave. All calls are made concurrently, so that many may share a commit.
pub trait Outbox: Send + Sync + 'static {
    /// Leases up to `max` rows that are due, each for [`RELAY_LEASE`](vocabulary::bounds::RELAY_LEASE).
    fn lease(&self, max: usize) -> impl Future<Output = Result<Vec<Leased>, OutboxError>> + Send;

    /// All bytes to send: our trace header, then the content as it was received.
    fn body(&self, leased: &Leased) -> impl Future<Output = Result<Content, OutboxError>> + Send;

    /// Holds the lease for longer: the attempt goes on. False: it was lost.
    fn hold(&self, leased: &Leased) -> impl Future<Output = Result<bool, OutboxError>> + Send;

    /// Makes `Attempting` durable for the recipients of `leased`, which may be some of the row's, and renews the lease. False:
    /// the lease was lost, the attempt is abandoned before its final dot.
    fn attempting(&self, leased: &Leased) -> impl Future<Output = Result<bool, OutboxError>> + Send;

    /// Records how the attempt ended, one outcome per recipient of `leased`, which may be some of the row's: those of one
    /// destination. Called again with the same outcomes for as long as a lease lasts if it failed. If it never succeeds, the row
    /// is leased again, and [`Leased::unanswered`]: at least once on the wire, and said.
    fn record(
        &self,
        leased: &Leased,
        outcomes: Vec<(DeliveryId, Outcome)>,
        rest: Rest,
    ) -> impl Future<Output = Result<(), OutboxError>> + Send;

    /// Gives back a row that was not attempted, as if it had not been leased, to be leased again at `until`.
    fn postpone(
        &self,
        leased: &Leased,
        until: Timestamp,
    ) -> impl Future<Output = Result<(), OutboxError>> + Send;

    /// Whether what happens can be recorded now. If not, nothing is leased: a delivery that could not be recorded would be
    /// made twice.
    fn healthy(&self) -> bool;

    /// Returns when there may be work again. The relay also looks by itself every
    /// [`RELAY_POLL`](vocabulary::bounds::RELAY_POLL), for retries that fall due.
    fn wait_for_work(&self) -> impl Future<Output = ()> + Send;
}

/// What becomes of a row when some of its recipients are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rest {
    /// Others of the row are still being attempted: its lease goes on.
    Attempted,
    /// Nobody else is: the lease ends. Who was deferred, in this record or an earlier one, is tried again.
    Due {
        /// At this instant.
        at: Timestamp,
        /// Somebody was deferred by a next hop, or on the way there. If not, this lease does not count as an attempt: a
        /// message is not given up for what our own system could not do.
        counts: bool,
    },
}

/// How long the relay waits for what.
#[derive(Debug, Clone)]
pub struct Timeouts {
    /// For one address to accept a connection.
    pub connect: Duration,
    /// For a TLS handshake.
    pub handshake: Duration,
    /// For the reply to a command, the greeting and the 354.
    pub command: Duration,
    /// From an open connection to a host that is ready, all answers and the handshake together.
    pub open: Duration,
    /// For all answers to one message's envelope together.
    pub envelope: Duration,
    /// For one block of content to be taken.
    pub block: Duration,
    /// For all blocks but the last.
    pub content: Duration,
    /// For the reply to the final dot.
    pub final_dot: Duration,
    /// Before an unused connection is closed.
    pub idle: Duration,
    /// For a connection to a destination to come free.
    pub line: Duration,
    /// Between two renewals of a lease.
    pub lease: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: RELAY_CONNECT_TIMEOUT,
            handshake: SMTP_HANDSHAKE_TIMEOUT,
            command: RELAY_COMMAND_TIMEOUT,
            open: RELAY_OPEN_TIMEOUT,
            envelope: RELAY_ENVELOPE_TIMEOUT,
            block: SMTP_DATA_TIMEOUT,
            content: RELAY_CONTENT_TIMEOUT,
            final_dot: RELAY_FINAL_DOT_TIMEOUT,
            idle: RELAY_IDLE,
            line: RELAY_LINE_WAIT,
            lease: RELAY_LEASE_RENEWED,
        }
    }
}

/// How the relay works.
#[derive(Debug, Clone)]
pub struct RelayConfig {
    /// The host name we give in EHLO.
    pub hello: String,
    /// Where mail goes.
    pub routes: Routes,
    /// Who is asked about mail exchangers; routes to them need it.
    pub resolver: Option<Arc<Resolver>>,
    /// Where MTA-STS policies are kept; routes that ask for them need it.
    pub policies: Option<Arc<Policies>>,
    /// Connections at once, all destinations together, at least one.
    pub connections: usize,
    /// Named waits.
    pub timeouts: Timeouts,
    /// For retry times.
    pub clock: Arc<dyn Clock>,
    /// For their jitter.
    pub entropy: Arc<dyn Entropy>,
}

impl RelayConfig {
    /// A relay over `routes` with the ordinary bounds.
    #[must_use]
    pub fn new(hello: &str, routes: Routes, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Self {
        let hello = hello.to_owned();
        Self {
            hello,
            routes,
            resolver: None,
            policies: None,
            connections: RELAY_CONNECTIONS_MAX,
            timeouts: Timeouts::default(),
            clock,
            entropy,
        }
    }
}

/// Delivers what `outbox` gives until `shutdown`; then finishes what is in hand, at most [`SMTP_DRAIN_TIMEOUT`].
pub async fn run<O: Outbox>(outbox: Arc<O>, config: RelayConfig, shutdown: Shutdown) {
    let in_hand = config.connections.max(1).saturating_mul(IN_HAND_PER_CONNECTION);
    let slots = Arc::new(Semaphore::new(in_hand));
    let relay = Arc::new(Relay::new(outbox, config));
    let mut tasks = JoinSet::new();
    loop {
        while tasks.try_join_next().is_some() {}
        let Some(leased) = lease(&relay, &slots, in_hand, &shutdown).await else { break };
        for leased in leased {
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else { break };
            let relay = Arc::clone(&relay);
            tasks.spawn(async move {
                relay.deliver(leased).await;
                drop(slot);
            });
        }
    }
    let all_end = async { while tasks.join_next().await.is_some() {} };
    if timeout(SMTP_DRAIN_TIMEOUT, all_end).await.is_err() {
        tracing::warn!(
            open = tasks.len(),
            "relay attempts cut at the end of the service; their leases will run out"
        );
    }
    relay.destinations.close_all().await;
}

/// The next rows, as many as there is room for; `None` when it is time to stop.
async fn lease<O: Outbox>(
    relay: &Relay<O>,
    slots: &Semaphore,
    in_hand: usize,
    shutdown: &Shutdown,
) -> Option<Vec<Leased>> {
    loop {
        relay.destinations.tidy(relay.config.timeouts.idle);
        // Waiting for a fair share of free slots makes leases of many rows: they share one commit.
        let share = u32::try_from((in_hand / 4).max(1)).unwrap_or(1);
        tokio::select! {
            biased;
            () = shutdown.wait() => return None,
            permits = slots.acquire_many(share) => drop(permits),
        }
        if relay.destinations.are_all_down() || !relay.outbox.healthy() {
            // A queue of a million must not churn through a route that nobody answers, or a store that keeps nothing.
            tokio::select! {
                () = shutdown.wait() => return None,
                () = tokio::time::sleep(RELAY_DOWN_PAUSE) => {}
            }
            if !relay.outbox.healthy() {
                continue;
            }
        }
        let idle = match relay.outbox.lease(slots.available_permits().min(RELAY_BATCH_MAX)).await {
            Ok(leased) if leased.is_empty() => false,
            Ok(leased) => return Some(leased),
            Err(error) => {
                tracing::error!(%error, "the outbox could not be leased from");
                true
            }
        };
        let work = async {
            if idle {
                futures::future::pending::<()>().await;
            }
            relay.outbox.wait_for_work().await;
        };
        tokio::select! {
            biased;
            () = shutdown.wait() => return None,
            () = work => {}
            () = tokio::time::sleep(RELAY_POLL) => {}
        }
    }
}
