//! A hold's states and the transitions between them. The console asks the same enums which buttons to show.

/// Where a hold stands. Expiry is not a state: it is an event of its clock, after which it still waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum HoldState {
    /// For a person to decide.
    Waiting,
    /// Its deliveries may leave.
    Released,
    /// Its deliveries will not leave.
    Rejected,
    /// The sender took it back.
    Withdrawn,
}

/// What can be done to a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// An operator, an arbiter or an override lets it go.
    Release,
    /// An operator, an arbiter or an override refuses it.
    Reject,
    /// The sender takes it back.
    Withdraw,
}

/// The step does not exist from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hold that is {from} cannot be changed that way")]
pub struct InvalidTransition {
    /// Where it stands.
    pub from: HoldState,
}

vocabulary::words!(HoldState {
    Waiting = "waiting",
    Released = "released",
    Rejected = "rejected",
    Withdrawn = "withdrawn",
});

impl HoldState {
    /// The state after an ordinary step.
    ///
    /// # Errors
    /// Only a waiting hold can be decided.
    pub const fn step(self, step: Step) -> Result<Self, InvalidTransition> {
        match (self, step) {
            (Self::Waiting, Step::Release) => Ok(Self::Released),
            (Self::Waiting, Step::Reject) => Ok(Self::Rejected),
            (Self::Waiting, Step::Withdraw) => Ok(Self::Withdrawn),
            (from, _) => Err(InvalidTransition { from }),
        }
    }

    /// The state after an override: also against a rejection. What was released may have left, what was withdrawn is
    /// the sender's: neither can be overruled.
    ///
    /// # Errors
    /// See above.
    pub const fn overrule(self, step: Step) -> Result<Self, InvalidTransition> {
        match (self, step) {
            (Self::Waiting | Self::Rejected, Step::Release) => Ok(Self::Released),
            (Self::Waiting, Step::Reject) => Ok(Self::Rejected),
            (from, _) => Err(InvalidTransition { from }),
        }
    }
}

/// How far up the ladder a hold is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Escalation {
    /// With the team.
    Team,
    /// With the arbiters.
    Arbiters,
    /// With the arbiters, past its due time.
    Overdue,
}

impl Escalation {
    /// As the table holds it.
    #[must_use]
    pub const fn level(self) -> i64 {
        match self {
            Self::Team => 0,
            Self::Arbiters => 1,
            Self::Overdue => 2,
        }
    }

    /// From the table; unknown levels are the highest.
    #[must_use]
    pub const fn from_level(level: i64) -> Self {
        match level {
            0 => Self::Team,
            1 => Self::Arbiters,
            _ => Self::Overdue,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_a_waiting_hold_is_decided() {
        for from in HoldState::ALL {
            for step in [Step::Release, Step::Reject, Step::Withdraw] {
                assert_eq!(from.step(step).is_ok(), from == HoldState::Waiting, "{from} {step:?}");
            }
        }
    }

    #[test]
    fn an_override_goes_against_a_rejection_never_against_what_left() {
        assert_eq!(HoldState::Rejected.overrule(Step::Release), Ok(HoldState::Released));
        assert!(HoldState::Released.overrule(Step::Reject).is_err());
        assert!(HoldState::Withdrawn.overrule(Step::Release).is_err());
        assert!(HoldState::Rejected.overrule(Step::Withdraw).is_err());
    }

    proptest! {
        /// Any interleaving of steps leaves a hold waiting or in one decided state that ordinary steps do not change.
        #[test]
        fn a_decision_is_made_once(steps in proptest::collection::vec(0..3_u8, 0..20)) {
            let mut state = HoldState::Waiting;
            let mut decided = 0;
            for step in steps {
                let step = [Step::Release, Step::Reject, Step::Withdraw][usize::from(step)];
                if let Ok(next) = state.step(step) {
                    state = next;
                    decided += 1;
                }
            }
            prop_assert!(decided <= 1);
            prop_assert_eq!(decided == 0, state == HoldState::Waiting);
        }
    }
}
