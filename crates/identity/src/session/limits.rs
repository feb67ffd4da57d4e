//! How long sessions last. The clause is the ceiling; an organisation can only go below it.

use std::time::Duration;

use vocabulary::bounds::{
    SESSION_ABSOLUTE, SESSION_ABSOLUTE_ADMINISTRATION, SESSION_IDLE, SESSION_IDLE_ADMINISTRATION,
};

/// Shorter and nobody could work.
const MIN: Duration = Duration::from_secs(60);

/// A setting outside the clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "clause T1: a session of this family ends after 1 to {} idle minutes, and after at most {} hours",
    idle_max.as_secs() / 60,
    absolute_max.as_secs() / 3600
)]
pub struct LimitsError {
    idle_max: Duration,
    absolute_max: Duration,
}

/// Idle and absolute limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionLimits {
    idle: Duration,
    absolute: Duration,
}

impl SessionLimits {
    /// The ceiling of standard accounts: 30 minutes idle, 12 hours in all.
    pub const STANDARD: Self = Self { idle: SESSION_IDLE, absolute: SESSION_ABSOLUTE };
    /// The ceiling of accounts with an administration mission: 15 minutes idle, 8 hours in all.
    pub const ADMINISTRATION: Self =
        Self { idle: SESSION_IDLE_ADMINISTRATION, absolute: SESSION_ABSOLUTE_ADMINISTRATION };

    /// An organisation's own limits for a family, under that family's ceiling (`self`).
    ///
    /// # Errors
    /// Over the ceiling, under a minute, or idle longer than the whole.
    pub fn tightened(self, idle: Duration, absolute: Duration) -> Result<Self, LimitsError> {
        if idle >= MIN && idle <= absolute && idle <= self.idle && absolute <= self.absolute {
            Ok(Self { idle, absolute })
        } else {
            Err(LimitsError { idle_max: self.idle, absolute_max: self.absolute })
        }
    }

    /// The strictest of several families' limits; the standard ceiling when there are none.
    #[must_use]
    pub fn strictest(families: impl IntoIterator<Item = Self>) -> Self {
        families.into_iter().fold(Self::STANDARD, |strictest, limits| Self {
            idle: strictest.idle.min(limits.idle),
            absolute: strictest.absolute.min(limits.absolute),
        })
    }

    /// Inactivity after which a session ends.
    #[must_use]
    pub const fn idle(self) -> Duration {
        self.idle
    }

    /// Age at which a session ends.
    #[must_use]
    pub const fn absolute(self) -> Duration {
        self.absolute
    }
}
