//! One destination: the hosts of a route, or the mail exchangers of one domain. How many connections it takes at once, the
//! ones kept for the next message, and which of its hosts could not be reached lately.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};
use vocabulary::bounds::{
    RELAY_CONNECTIONS_FIRST, RELAY_DESTINATIONS_MAX, RELAY_HOST_PAUSE, RELAY_IDLE_PER_DESTINATION_MAX,
    RELAY_MESSAGES_PER_CONNECTION_MAX, RELAY_UNREACHABLE_MAX,
};

use super::connection::Connection;
use super::pace::Pace;
use super::{Diagnostic, Host, Route};

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
    /// Messages that wait for a connection.
    line: usize,
    pace: Pace,
    used: Instant,
}

/// Whether a message in hand may go now.
pub(super) enum Place {
    /// Over one connection.
    Free(OwnedSemaphorePermit),
    /// Others go first: so long from now its turn should come.
    Full(Duration),
    /// Nobody was reached lately.
    Down(Diagnostic),
}

impl Destination {
    fn new(key: Key, most: usize, per_minute: Option<NonZeroU32>) -> Self {
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
                line: 0,
                pace: Pace::new(per_minute, Instant::now()),
                used: Instant::now(),
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to use one connection: waits for it, but not longer than `patience`.
    pub(super) async fn place(&self, patience: Duration) -> Place {
        if let Some(why) = self.why_down() {
            return Place::Down(why);
        }
        if let Err(wait) = self.stand_in_line(patience) {
            return Place::Full(wait);
        }
        let got = timeout(patience, Arc::clone(&self.permits).acquire_owned()).await;
        let mut state = self.state();
        state.line = state.line.saturating_sub(1);
        match got {
            Ok(Ok(permit)) => Place::Free(permit),
            _ => {
                let now = Instant::now();
                state.pace.put_back();
                state.pace.is_late(now);
                Place::Full(state.next_turn(now))
            }
        }
    }

    /// Takes a place in the line; how long to stay away if there is none.
    fn stand_in_line(&self, patience: Duration) -> Result<(), Duration> {
        let (mut state, now) = (self.state(), Instant::now());
        let is_long = state.line >= state.pace.line_max(state.allowed, patience, now);
        if is_long || !state.pace.take(now) {
            return Err(state.next_turn(now));
        }
        state.line += 1;
        Ok(())
    }

    /// Why nobody was reached, if that was lately.
    fn why_down(&self) -> Option<Diagnostic> {
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

    /// A message was dealt with over a connection and took so long: one connection more may be tried at once.
    pub(super) fn went_well(&self, time: Duration) {
        let mut state = self.state();
        state.pace.took(time);
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
        if state.unreachable.len() >= RELAY_UNREACHABLE_MAX {
            state.unreachable.clear();
        }
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

impl State {
    fn next_turn(&mut self, now: Instant) -> Duration {
        let allowed = self.allowed;
        self.pace.next_turn(allowed, now)
    }
}

/// Forgets a tenth of the destinations, those unused longest: what is lost is their pace, and that nobody answered for them.
fn make_room(all: &mut HashMap<Key, Arc<Destination>>) {
    // Nobody holds it but the map.
    let free = all.iter().filter(|(_, destination)| Arc::strong_count(destination) == 1);
    let mut free: Vec<(Instant, Key)> =
        free.map(|(key, destination)| (destination.state().used, key.clone())).collect();
    free.sort_unstable();
    for (_, key) in free.into_iter().take((RELAY_DESTINATIONS_MAX / 10).max(1)) {
        if let Some(gone) = all.remove(&key) {
            for connection in gone.old(Duration::ZERO) {
                tokio::spawn(connection.quit());
            }
        }
    }
}

/// All destinations that something is known of.
pub(super) struct Destinations {
    all: Mutex<HashMap<Key, Arc<Destination>>>,
    tidied: Mutex<Instant>,
}

impl Destinations {
    pub(super) fn new() -> Self {
        Self { all: Mutex::default(), tidied: Mutex::new(Instant::now()) }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Key, Arc<Destination>>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The destination of that key, within the limits of its route.
    pub(super) fn get(&self, key: &Key, route: &Route) -> Arc<Destination> {
        let mut all = self.all();
        if all.len() >= RELAY_DESTINATIONS_MAX && !all.contains_key(key) {
            make_room(&mut all);
        }
        let new = || Arc::new(Destination::new(key.clone(), route.connections, route.per_minute));
        let found = all.entry(key.clone()).or_insert_with(new);
        found.state().used = Instant::now();
        Arc::clone(found)
    }

    /// Whether nobody at all could be reached lately, and somebody was tried.
    pub(super) fn are_all_down(&self) -> bool {
        let all = self.all();
        !all.is_empty() && all.values().all(|destination| destination.why_down().is_some())
    }

    /// Closes connections unused for longer than `idle`, and forgets destinations that nothing goes to. Looks at all of them
    /// no more often than a connection may be idle.
    pub(super) fn tidy(&self, idle: Duration) {
        let mut tidied = self.tidied.lock().unwrap_or_else(PoisonError::into_inner);
        if tidied.elapsed() < idle {
            return;
        }
        *tidied = Instant::now();
        drop(tidied);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relay::{NextHop, TlsPolicy};

    #[tokio::test(start_paused = true)]
    async fn destinations_are_remembered_up_to_a_bound_and_those_in_use_stay() {
        let route = Route::everything("mx", NextHop::mx(), TlsPolicy::none());
        let destinations = Destinations::new();
        let key = |number: usize| Key { route: 0, domain: Some(format!("d{number}.example")) };
        let in_use = destinations.get(&key(0), &route);
        let down = destinations.get(&key(1), &route);
        down.is_down(&Diagnostic::ours(451, "4.4.1", "no answer"));
        drop(down);
        for number in 2..RELAY_DESTINATIONS_MAX * 2 {
            tokio::time::advance(Duration::from_millis(1)).await;
            let _ = destinations.get(&key(number), &route);
            assert!(destinations.all().len() <= RELAY_DESTINATIONS_MAX);
        }
        let all = destinations.all();
        assert!(Arc::ptr_eq(&in_use, all.get(&key(0)).unwrap()), "its limits go on");
        assert!(!all.contains_key(&key(1)) && all.contains_key(&key(RELAY_DESTINATIONS_MAX * 2 - 1)));
        drop(all);
        let held: Vec<_> = (0..100).map(|number| destinations.get(&key(number), &route)).collect();
        for destination in &held {
            for number in 0..RELAY_UNREACHABLE_MAX * 3 {
                destination.not_reached(&Host { name: format!("h{number}.example"), port: 25 });
            }
            assert!(destination.state().unreachable.len() <= RELAY_UNREACHABLE_MAX);
        }
    }
}
