//! How fast a destination takes messages: what it may get a minute, and what it turned out to take. A row that finds it full is
//! given an instant at which its turn should come, so that a long line waits in the outbox and not in the relay.

use std::num::NonZeroU32;
use std::time::Duration;

use tokio::time::Instant;
use vocabulary::bounds::{RELAY_BURST, RELAY_POSTPONE_MAX, RELAY_POSTPONE_MIN, RELAY_SLOW_PAUSE};

/// The pace of one destination.
#[derive(Debug)]
pub(super) struct Pace {
    /// Between two messages, where the route limits them.
    interval: Option<Duration>,
    /// When the next message would leave if all went evenly (generic cell rate algorithm).
    even: Instant,
    /// How long a message takes over a connection, lately.
    takes: Duration,
    /// The line was not served in time: until when it is kept short.
    slow: Option<Instant>,
    /// The last turn given away.
    turn: Instant,
}

impl Pace {
    pub(super) fn new(per_minute: Option<NonZeroU32>, now: Instant) -> Self {
        Self {
            interval: per_minute.map(|most| Duration::from_secs(60) / most.get()),
            even: now,
            takes: Duration::ZERO,
            slow: None,
            turn: now,
        }
    }

    /// Takes one message of the allowance; false: there is none now.
    pub(super) fn take(&mut self, now: Instant) -> bool {
        let Some(interval) = self.interval else { return true };
        if self.even > now + RELAY_BURST.saturating_sub(interval) {
            return false;
        }
        self.even = self.even.max(now) + interval;
        true
    }

    /// Gives back what was taken for a message that did not go.
    pub(super) fn put_back(&mut self) {
        if let Some(interval) = self.interval {
            self.even = self.even.checked_sub(interval).unwrap_or(self.even);
        }
    }

    /// A message went, and took so long.
    pub(super) fn took(&mut self, time: Duration) {
        self.takes = (self.takes * 7 + time) / 8;
    }

    /// The line was not served in time.
    pub(super) fn is_late(&mut self, now: Instant) {
        self.slow = Some(now + RELAY_SLOW_PAUSE);
    }

    /// How many messages may wait for one of so many connections: after a line that was not served in time, only as many as
    /// half of `patience` serves at the pace of late. One that was slow and is not any more must not crawl on.
    pub(super) fn line_max(&self, connections: usize, patience: Duration, now: Instant) -> usize {
        if self.slow.is_none_or(|until| until <= now) {
            return usize::MAX;
        }
        let served = patience.as_nanos() / 2 * connections as u128 / self.takes.as_nanos().max(1);
        usize::try_from(served).unwrap_or(usize::MAX).max(connections)
    }

    /// How long until the next turn that nobody has, over so many connections. It is then given away.
    pub(super) fn next_turn(&mut self, connections: usize, now: Instant) -> Duration {
        let each = self.takes / u32::try_from(connections.max(1)).unwrap_or(u32::MAX);
        let apart = each.max(self.interval.unwrap_or_default());
        let (soonest, latest) = (now + RELAY_POSTPONE_MIN, now + RELAY_POSTPONE_MAX);
        let allowed = self.interval.map_or(now, |_| self.even.checked_sub(RELAY_BURST).unwrap_or(now));
        self.turn = (self.turn + apart).max(soonest).max(allowed).min(latest);
        self.turn.duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_allowance_comes_evenly_and_a_turn_is_given_once() {
        let now = Instant::now();
        let mut pace = Pace::new(NonZeroU32::new(60), now);
        let burst = (0..1_000).take_while(|_| pace.take(now)).count();
        assert_eq!(burst as u64, RELAY_BURST.as_secs(), "a burst, then one a second");
        assert!(!pace.take(now + Duration::from_millis(900)));
        assert!(pace.take(now + Duration::from_secs(1)));
        pace.put_back();
        assert!(pace.take(now + Duration::from_secs(1)) && !pace.take(now + Duration::from_secs(1)));

        let turns: Vec<_> = (0..4_000).map(|_| pace.next_turn(1, now)).collect();
        assert!(turns[0] >= RELAY_POSTPONE_MIN);
        assert!(turns[..1_000].windows(2).all(|pair| pair[1] - pair[0] == Duration::from_secs(1)));
        assert_eq!(turns.last(), Some(&RELAY_POSTPONE_MAX), "nobody is sent away for longer");

        let mut free = Pace::new(None, now);
        assert!((0..1_000).all(|_| free.take(now)));
        for _ in 0..100 {
            free.took(Duration::from_secs(8));
        }
        let (one, two) = (free.next_turn(4, now), free.next_turn(4, now));
        let apart = two - one;
        assert!(apart > Duration::from_millis(1_900) && apart <= Duration::from_secs(2), "{apart:?}");
        let line_max = |pace: &Pace, at| pace.line_max(4, Duration::from_secs(5), at);
        assert_eq!(line_max(&free, now), usize::MAX);
        free.is_late(now);
        assert_eq!(line_max(&free, now), 4, "as many as there are connections");
        assert_eq!(line_max(&free, now + RELAY_SLOW_PAUSE), usize::MAX);
        for _ in 0..100 {
            free.took(Duration::from_millis(10));
        }
        assert!(line_max(&free, now) > 900, "it is quick again: {}", line_max(&free, now));
    }
}
