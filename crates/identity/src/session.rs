//! Sessions (clause T1): proof of recent authentication. Open → Stale (must step up) → Ended.
//!
//! A session is judged with the limits that hold *now*: a mission granted or withdrawn counts from the next request.
//! **Promises.** Idle and absolute limits hold to the microsecond, whatever the order of touches; a session that somebody
//! ended stays ended. (One that ran out is ended under the limits of the day: whoever notices records it with `end`.)

mod limits;

pub use limits::{LimitsError, SessionLimits};

use std::time::Duration;

use vocabulary::Timestamp;

/// What was proven when the session opened or stepped up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Assurance {
    /// Enough to enrol a second factor and nothing else (clause A1; a backup code was used, or none is enrolled yet).
    Enrolment,
    /// A password.
    Password,
    /// A password and a second factor, or a security key that checks the person.
    TwoFactor,
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EndReason {
    /// Nothing was done for too long.
    Idle,
    /// It lasted as long as a session may.
    Absolute,
    /// The person signed out.
    SignedOut,
    /// The person or an administrator ended it from elsewhere.
    Revoked,
    /// The account was suspended or closed (clause R4).
    AccountEnded,
    /// A password or factor changed, or compromise is suspected (clause A3).
    CredentialChanged,
    /// Another browser showed its cookie (attack S6).
    AnotherDevice,
    /// The instance was restored from a backup.
    Restored,
    /// A newer session took its place: a person has only so many at once.
    Replaced,
}

vocabulary::words!(Assurance { Enrolment = "enrolment", Password = "password", TwoFactor = "two_factor" });
vocabulary::words!(EndReason {
    Idle = "idle",
    Absolute = "absolute",
    SignedOut = "signed_out",
    Revoked = "revoked",
    AccountEnded = "account_ended",
    CredentialChanged = "credential_changed",
    AnotherDevice = "another_device",
    Restored = "restored",
    Replaced = "replaced",
});

/// Where a session stands at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    /// Good, until this instant if nothing happens.
    Open {
        /// When idleness or age will end it.
        until: Timestamp,
    },
    /// Known, but must prove itself again before anything else (its network or rights changed).
    Stale {
        /// As for `Open`.
        until: Timestamp,
    },
    /// Over for good.
    Ended {
        /// Since when.
        at: Timestamp,
        /// Why.
        reason: EndReason,
    },
}

/// What was asked of a session that is over, or not stale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a session that is {from} cannot {verb}")]
pub struct InvalidTransition {
    from: &'static str,
    verb: &'static str,
}

/// One session, as its row tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// When it opened.
    pub opened_at: Timestamp,
    /// The last real activity of the person; polling is none.
    pub active_at: Timestamp,
    /// The last proof: sign-in or step-up.
    pub verified_at: Timestamp,
    /// What was proven.
    pub assurance: Assurance,
    /// It must prove itself again, since then.
    pub stale_since: Option<Timestamp>,
    /// It was ended by somebody, then, for that reason.
    pub ended: Option<(Timestamp, EndReason)>,
}

impl Session {
    /// A session that opens now.
    #[must_use]
    pub const fn open(now: Timestamp, assurance: Assurance) -> Self {
        Self { opened_at: now, active_at: now, verified_at: now, assurance, stale_since: None, ended: None }
    }

    /// Where it stands at `now` under the limits that hold now.
    #[must_use]
    pub fn state_at(&self, now: Timestamp, limits: SessionLimits) -> SessionState {
        let (until, limit) = self.limit(limits);
        match self.ended {
            Some((at, reason)) => SessionState::Ended { at, reason },
            None if now >= until => SessionState::Ended { at: until, reason: limit },
            None if self.stale_since.is_some() => SessionState::Stale { until },
            None => SessionState::Open { until },
        }
    }

    /// Real activity: the idle clock starts again. Never moves it back.
    ///
    /// # Errors
    /// It is not open.
    pub fn touch(self, now: Timestamp, limits: SessionLimits) -> Result<Self, InvalidTransition> {
        match self.state_at(now, limits) {
            SessionState::Open { .. } => Ok(Self { active_at: self.active_at.max(now), ..self }),
            SessionState::Stale { .. } => Err(InvalidTransition { from: "stale", verb: "be touched" }),
            SessionState::Ended { .. } => Err(InvalidTransition { from: "ended", verb: "be touched" }),
        }
    }

    /// A touch is worth writing down: the kept one is a second old or more.
    ///
    /// Below a second it is left out, which can end a session up to a second early, never late.
    #[must_use]
    pub fn is_touch_due(&self, now: Timestamp) -> bool {
        now.since(self.active_at) >= Duration::from_secs(1)
    }

    /// Something changed: it must prove itself again.
    ///
    /// # Errors
    /// It is over.
    pub fn go_stale(self, now: Timestamp, limits: SessionLimits) -> Result<Self, InvalidTransition> {
        match self.state_at(now, limits) {
            SessionState::Ended { .. } => Err(InvalidTransition { from: "ended", verb: "go stale" }),
            _ => Ok(Self { stale_since: self.stale_since.or(Some(now)), ..self }),
        }
    }

    /// It proved itself again, with at least what it proved before. The absolute limit does not move.
    ///
    /// The caller gives it a new token (ASVS 7.2.4).
    ///
    /// # Errors
    /// It is over, or proved less than before.
    pub fn step_up(
        self,
        now: Timestamp,
        assurance: Assurance,
        limits: SessionLimits,
    ) -> Result<Self, InvalidTransition> {
        match self.state_at(now, limits) {
            SessionState::Ended { .. } => Err(InvalidTransition { from: "ended", verb: "step up" }),
            _ if assurance < self.assurance => {
                Err(InvalidTransition { from: "better proven", verb: "step up with less" })
            }
            _ => Ok(Self {
                active_at: self.active_at.max(now),
                verified_at: self.verified_at.max(now),
                assurance,
                stale_since: None,
                ..self
            }),
        }
    }

    /// Ends it. A session that ran out is recorded with the limit it met and when, whatever `reason` says.
    ///
    /// # Errors
    /// Somebody ended it already.
    pub fn end(
        self,
        now: Timestamp,
        reason: EndReason,
        limits: SessionLimits,
    ) -> Result<Self, InvalidTransition> {
        if self.ended.is_some() {
            return Err(InvalidTransition { from: "ended", verb: "end" });
        }
        let ended = match self.state_at(now, limits) {
            SessionState::Ended { at, reason } => (at, reason),
            _ => (now, reason),
        };
        Ok(Self { ended: Some(ended), ..self })
    }

    /// It proved itself within `window`: enough for an act that asks for a fresh proof.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp, window: Duration) -> bool {
        now >= self.verified_at && now.since(self.verified_at) < window
    }

    fn limit(&self, limits: SessionLimits) -> (Timestamp, EndReason) {
        let idle = self.active_at.plus(limits.idle());
        let absolute = self.opened_at.plus(limits.absolute());
        if idle < absolute { (idle, EndReason::Idle) } else { (absolute, EndReason::Absolute) }
    }
}

#[cfg(test)]
mod tests;
