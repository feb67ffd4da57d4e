//! One destination: the hosts of a route, or the mail exchangers of one domain. How many connections it takes at once, the
//! ones kept for the next message, and which of its hosts could not be reached lately.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use vocabulary::bounds::{
    RELAY_CONNECTIONS_FIRST, RELAY_HOST_PAUSE, RELAY_IDLE_PER_DESTINATION_MAX,
    RELAY_MESSAGES_PER_CONNECTION_MAX,
};

use super::connection::Connection;
use super::{Diagnostic, Host};

/// What tells destinations apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Key {
    /// The place of the route.
    pub(super) route: usize,
    /// The recipients' domain, where the route delivers to mail exchangers.
    pub(super) domain: Option<String>,
}

pub(super) struct Destination {
    pub(super) key: Key,
    /// One for each connection allowed now: few at first, more with each success.
    permits: Arc<Semaphore>,
    state: Mutex<State>,
}

struct State {
    /// Connections allowed now, at most `most`.
    allowed: usize,
    most: usize,
    idle: Vec<Connection>,
    /// Hosts that could not be reached, since when.
    unreachable: HashMap<Host, Instant>,
    /// Nobody could be reached: until when nothing is tried, and why.
    down: Option<(Instant, Diagnostic)>,
    used: Instant,
}

impl Destination {
    pub(super) fn new(key: Key, most: usize) -> Self {
        let most = most.max(1);
        let allowed = most.min(RELAY_CONNECTIONS_FIRST);
        Self {
            key,
            permits: Arc::new(Semaphore::new(allowed)),
            state: Mutex::new(State {
                allowed,
                most,
                idle: Vec::new(),
                unreachable: HashMap::new(),
                down: None,
                used: Instant::now(),
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to use one connection, once there is one.
    pub(super) async fn permit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.permits).acquire_owned().await.ok()
    }

    /// Why nobody was reached, if that was lately.
    pub(super) fn why_down(&self) -> Option<Diagnostic> {
        let state = self.state();
        state.down.as_ref().filter(|(until, _)| Instant::now() < *until).map(|(_, why)| why.clone())
    }

    /// A connection that is open already and still well.
    pub(super) fn take(&self) -> Option<Connection> {
        loop {
            let mut connection = self.state().idle.pop()?;
            if connection.is_quiet() {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection for the next message, or closes one that has served enough.
    pub(super) fn give_back(&self, mut connection: Connection) {
        connection.used = Instant::now();
        let mut state = self.state();
        if connection.messages >= RELAY_MESSAGES_PER_CONNECTION_MAX
            || state.idle.len() >= state.most.min(RELAY_IDLE_PER_DESTINATION_MAX)
        {
            tokio::spawn(connection.quit());
        } else {
            state.idle.push(connection);
        }
    }

    /// A message was dealt with over a connection: one connection more may be tried at once.
    pub(super) fn went_well(&self) {
        let mut state = self.state();
        state.used = Instant::now();
        state.down = None;
        if state.allowed < state.most {
            state.allowed += 1;
            self.permits.add_permits(1);
        }
    }

    /// Hosts as they stand, those lately unreachable last.
    pub(super) fn order(&self, hosts: &mut [Host]) {
        let state = self.state();
        hosts.sort_by_key(|host| {
            state.unreachable.get(host).is_some_and(|at| at.elapsed() < RELAY_HOST_PAUSE)
        });
    }

    pub(super) fn reached(&self, host: &Host) {
        self.state().unreachable.remove(host);
    }

    pub(super) fn not_reached(&self, host: &Host) {
        let mut state = self.state();
        state.unreachable.retain(|_, at| at.elapsed() < RELAY_HOST_PAUSE);
        state.unreachable.insert(host.clone(), Instant::now());
    }

    /// Nobody could be reached: nothing is tried for a while.
    pub(super) fn is_down(&self, why: &Diagnostic) {
        let mut state = self.state();
        state.used = Instant::now();
        state.down = Some((Instant::now() + RELAY_HOST_PAUSE, why.clone()));
    }

    /// Connections unused for longer than `idle`, to be closed.
    pub(super) fn old(&self, idle: Duration) -> Vec<Connection> {
        let mut state = self.state();
        let (old, young): (Vec<_>, Vec<_>) =
            state.idle.drain(..).partition(|connection| connection.used.elapsed() >= idle);
        state.idle = young;
        old
    }

    /// Nothing is known of it that still counts.
    pub(super) fn is_forgettable(&self) -> bool {
        let state = self.state();
        state.idle.is_empty()
            && state.used.elapsed() >= RELAY_HOST_PAUSE
            && self.permits.available_permits() == state.allowed
    }
}

/// All destinations that something is known of.
pub(super) struct Destinations(Mutex<HashMap<Key, Arc<Destination>>>);

impl Destinations {
    pub(super) fn new() -> Self {
        Self(Mutex::default())
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Key, Arc<Destination>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The destination of that key; `most` connections at once, if it is new.
    pub(super) fn get(&self, key: &Key, most: usize) -> Arc<Destination> {
        let mut all = self.all();
        let new = || Arc::new(Destination::new(key.clone(), most));
        let found = all.entry(key.clone()).or_insert_with(new);
        found.state().used = Instant::now();
        Arc::clone(found)
    }

    /// Whether nobody at all could be reached lately, and somebody was tried.
    pub(super) fn are_all_down(&self) -> bool {
        let all = self.all();
        !all.is_empty() && all.values().all(|destination| destination.why_down().is_some())
    }

    /// Closes connections unused for longer than `idle`, and forgets destinations that nothing goes to.
    pub(super) fn tidy(&self, idle: Duration) {
        let mut all = self.all();
        for destination in all.values() {
            for connection in destination.old(idle) {
                tokio::spawn(connection.quit());
            }
        }
        all.retain(|_, destination| Arc::strong_count(destination) > 1 || !destination.is_forgettable());
    }

    /// Closes all unused connections and waits for their goodbyes.
    pub(super) async fn close_all(&self) {
        let all: Vec<Connection> =
            self.all().values().flat_map(|destination| destination.old(Duration::ZERO)).collect();
        futures::future::join_all(all.into_iter().map(Connection::quit)).await;
    }
}
