//! Instants and the clock they come from. Time is a parameter: nothing but [`SystemClock`] asks the machine.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An instant: microseconds since 1970-01-01T00:00:00Z. RFC 3339 in JSON, `BIGINT` in tables.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant `micros` microseconds after the Unix epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the Unix epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Milliseconds since the Unix epoch, never negative (what a UUIDv7 wants).
    #[must_use]
    pub const fn millis(self) -> u64 {
        if self.0 < 0 { 0 } else { (self.0 / 1_000) as u64 }
    }

    /// Whole seconds since the Unix epoch (what TOTP and cookies want).
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// This instant, `by` later. Saturates at the end of time.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
    }

    /// This instant, `by` earlier.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero when it is not after.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// RFC 3339 in UTC with microseconds, `2026-11-24T14:32:00.000000Z`.
    #[must_use]
    pub fn rfc3339(self) -> String {
        jiff::Timestamp::from_microsecond(self.0).map_or_else(|_| self.0.to_string(), |t| format!("{t:.6}"))
    }

    /// Reads RFC 3339.
    ///
    /// # Errors
    /// The text is not an RFC 3339 instant.
    pub fn parse(text: &str) -> Result<Self, jiff::Error> {
        text.parse::<jiff::Timestamp>().map(|t| Self(t.as_microsecond()))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.rfc3339())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.rfc3339())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// Where time comes from. Handed in with every operation.
pub trait Clock: Send + Sync + fmt::Debug {
    /// Now.
    fn now(&self) -> Timestamp;

    /// How long it is since some moment of this process, whatever the clock was set to meanwhile: by the difference, jumps
    /// of [`Self::now`] are known.
    fn elapsed(&self) -> Duration;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the machine for the time")]
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_microsecond())
    }

    fn elapsed(&self) -> Duration {
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }
}

/// A clock that stands still until told to move: tests and rehearsals.
#[derive(Debug)]
pub struct ManualClock {
    now: AtomicI64,
    /// What was set wrong: time that did not pass.
    jumped: AtomicI64,
}

impl ManualClock {
    /// A clock standing at `at`.
    #[must_use]
    pub fn at(at: Timestamp) -> Self {
        Self { now: AtomicI64::new(at.0), jumped: AtomicI64::new(0) }
    }

    /// Moves the clock forward: time passes.
    pub fn advance(&self, by: Duration) {
        self.now.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }

    /// Puts the clock at `at`, backwards too: time passes, if forward.
    pub fn set(&self, at: Timestamp) {
        let before = self.now.swap(at.0, Ordering::SeqCst);
        self.jumped.fetch_add((at.0 - before).min(0), Ordering::SeqCst);
    }

    /// Puts the clock at `at` as a person or a time server does who sets it right or wrong: no time passes.
    pub fn jump(&self, at: Timestamp) {
        let before = self.now.swap(at.0, Ordering::SeqCst);
        self.jumped.fetch_add(at.0 - before, Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }

    fn elapsed(&self) -> Duration {
        let passed = self.now.load(Ordering::SeqCst) - self.jumped.load(Ordering::SeqCst);
        Duration::from_micros(u64::try_from(passed).unwrap_or(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_survives_its_text() {
        let instant = Timestamp::from_micros(1_795_530_720_000_001);
        assert_eq!(instant.rfc3339(), "2026-11-24T14:32:00.000001Z");
        assert_eq!(Timestamp::parse(&instant.rfc3339()).unwrap(), instant);
    }

    #[test]
    fn a_jump_passes_no_time() {
        let clock = ManualClock::at(Timestamp::from_micros(1_000));
        clock.advance(Duration::from_micros(5));
        let before = clock.elapsed();
        for at in [9_000, 10, 1_005] {
            clock.jump(Timestamp::from_micros(at));
            assert_eq!((clock.now().micros(), clock.elapsed()), (at, before));
        }
        clock.set(Timestamp::from_micros(1_010));
        assert_eq!(clock.elapsed(), before + Duration::from_micros(5));
        assert!(SystemClock.elapsed() <= SystemClock.elapsed());
    }

    #[test]
    fn before_is_zero_away() {
        let (early, late) = (Timestamp::from_micros(5), Timestamp::from_micros(8));
        assert_eq!(late.since(early), Duration::from_micros(3));
        assert_eq!(early.since(late), Duration::ZERO);
    }
}
