//! Connections to the route: at most so many at once, kept for the next message, the last used first; and which hosts
//! could not be reached lately.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;
use vocabulary::bounds::{RELAY_HOST_PAUSE, RELAY_MESSAGES_PER_CONNECTION_MAX};

use super::connection::Connection;
use super::{Diagnostic, RelayConfig};

pub(super) struct Pool {
    permits: Semaphore,
    /// At most as many as permits.
    idle: Mutex<Vec<Connection>>,
    /// For each host of the route: when it could not be reached.
    down: Mutex<Vec<Option<Instant>>>,
}

impl Pool {
    pub(super) fn new(config: &RelayConfig) -> Self {
        Self {
            permits: Semaphore::new(config.connections.max(1)),
            idle: Mutex::default(),
            down: Mutex::new(vec![None; config.route.hosts.len()]),
        }
    }

    /// The right to use one connection.
    pub(super) async fn permit(&self) -> Option<SemaphorePermit<'_>> {
        self.permits.acquire().await.ok()
    }

    /// A connection that is open already and still well.
    pub(super) fn take(&self) -> Option<Connection> {
        loop {
            let mut connection = lock(&self.idle).pop()?;
            if connection.is_quiet() {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection for the next message, or closes one that has served enough.
    pub(super) fn give_back(&self, mut connection: Connection) {
        connection.used = Instant::now();
        if connection.messages >= RELAY_MESSAGES_PER_CONNECTION_MAX {
            tokio::spawn(connection.quit());
        } else {
            lock(&self.idle).push(connection);
        }
    }

    /// A new connection to the first host that can be reached.
    pub(super) async fn open(&self, config: &RelayConfig) -> Result<Connection, Diagnostic> {
        let mut why = Diagnostic::ours(451, "4.4.4", "the route names no host");
        for place in self.order() {
            let Some(host) = config.route.hosts.get(place) else { continue };
            match Connection::open(host, config).await {
                Ok(connection) => {
                    self.set_down(place, None);
                    return Ok(connection);
                }
                Err(diagnostic) => {
                    tracing::warn!(route = %config.route.name, host = %host, code = diagnostic.code,
                        status = %diagnostic.status, "next hop not usable");
                    self.set_down(place, Some(Instant::now()));
                    why = diagnostic;
                }
            }
        }
        Err(why)
    }

    /// Hosts in the route's order, those lately unreachable last.
    fn order(&self) -> Vec<usize> {
        let down = lock(&self.down);
        let lately = |place: &usize| {
            down.get(*place).copied().flatten().is_some_and(|at| at.elapsed() < RELAY_HOST_PAUSE)
        };
        let (bad, good): (Vec<usize>, Vec<usize>) = (0..down.len()).partition(lately);
        [good, bad].concat()
    }

    /// No host of the route could be reached lately.
    pub(super) fn is_down(&self) -> bool {
        lock(&self.down).iter().all(|at| at.is_some_and(|at| at.elapsed() < RELAY_HOST_PAUSE))
    }

    fn set_down(&self, place: usize, at: Option<Instant>) {
        if let Some(slot) = lock(&self.down).get_mut(place) {
            *slot = at;
        }
    }

    /// Closes connections unused for longer than `idle`.
    pub(super) fn close_idle(&self, idle: std::time::Duration) {
        let mut kept = lock(&self.idle);
        let (old, young): (Vec<_>, Vec<_>) =
            kept.drain(..).partition(|connection| connection.used.elapsed() >= idle);
        *kept = young;
        drop(kept);
        for connection in old {
            tokio::spawn(connection.quit());
        }
    }

    /// Closes all unused connections and waits for their goodbyes.
    pub(super) async fn close_all(&self) {
        let all = std::mem::take(&mut *lock(&self.idle));
        futures::future::join_all(all.into_iter().map(Connection::quit)).await;
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
