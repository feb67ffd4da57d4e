//! Hold classes whose messages have a route of their own: what an employee marked private, and protected correspondence. Whoever
//! reviews the queue is not shown what such a message says (decision 21). Which classes they are is said here and nowhere else.

use serde::{Deserialize, Serialize};

use crate::{Assessment, ControlSet};

/// A class whose messages are guarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Guarded {
    /// Its sender marked it personal or private.
    Private,
    /// It belongs to protected correspondence: alerts, counsel, staff representatives, the occupational doctor, authorities.
    Protected,
}

impl Guarded {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Private, Self::Protected];

    /// The hold class, as files of controls name it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Protected => "protected",
        }
    }

    /// A hold class that is guarded; `None` for any other.
    #[must_use]
    pub fn of(hold_class: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.word() == hold_class)
    }
}

/// How a held message is guarded. As a number, its bits: 1 private, 2 protected, 4 its sender is asked about the mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guard(i64);

const PRIVATE: i64 = 1;
const PROTECTED: i64 = 2;
const ASKED: i64 = 4;

impl Guard {
    /// What the controls that matched make of a message: those that are observed too, since what a message is does not depend on
    /// whether an institution holds it for that. Its sender is asked about the mark where no control with neutral words says
    /// that it is private.
    #[must_use]
    pub fn of(assessment: &Assessment, set: Option<&ControlSet>) -> Self {
        let mut bits = 0;
        for found in &assessment.matches {
            let control = set.and_then(|set| set.control(&found.control));
            bits |= match Guarded::of(&found.hold_class) {
                Some(Guarded::Private) if control.is_some_and(|control| !control.neutral_notice) => {
                    PRIVATE | ASKED
                }
                Some(Guarded::Private) => PRIVATE,
                Some(Guarded::Protected) => PROTECTED,
                None => 0,
            };
        }
        Self(bits)
    }

    /// From the number a table holds.
    #[must_use]
    pub const fn from_bits(bits: i64) -> Self {
        Self(bits & (PRIVATE | PROTECTED | ASKED))
    }

    /// As a table holds it.
    #[must_use]
    pub const fn bits(self) -> i64 {
        self.0
    }

    /// With what joins it.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The class it is guarded as. Of a message that is both, the stricter: protected.
    #[must_use]
    pub const fn class(self) -> Option<Guarded> {
        if self.0 & PROTECTED != 0 {
            Some(Guarded::Protected)
        } else if self.0 & PRIVATE != 0 {
            Some(Guarded::Private)
        } else {
            None
        }
    }

    /// Its sender is told that it bears a private mark, and may take it off.
    #[must_use]
    pub const fn is_asked(self) -> bool {
        self.0 & ASKED != 0
    }

    /// Without the mark, once its sender took it off. Protected correspondence stays what it is.
    #[must_use]
    pub const fn requalified(self) -> Self {
        Self(self.0 & PROTECTED)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_classes_of_the_shipped_controls_are_known_by_their_word() {
        let set = ControlSet::shipped();
        let guarded: Vec<&str> = set
            .controls()
            .filter(|control| Guarded::of(&control.hold_class).is_some())
            .map(|control| control.id.as_str())
            .collect();
        assert!(guarded.contains(&"PRV-01") && guarded.contains(&"PRV-02"), "{guarded:?}");
        assert!(guarded.iter().all(|id| id.starts_with("PRV-")), "{guarded:?}");
        for class in ["standard", "sensitive", "Private", "private_", ""] {
            assert_eq!(Guarded::of(class), None, "{class}");
        }
    }

    #[test]
    fn a_mark_that_is_taken_off_never_uncovers_protected_correspondence() {
        for bits in 0..8 {
            let guard = Guard::from_bits(bits);
            let after = guard.requalified();
            assert_eq!(after.class() == Some(Guarded::Protected), guard.class() == Some(Guarded::Protected));
            assert!(after.class() != Some(Guarded::Private) && !after.is_asked(), "{bits}");
            assert_eq!(Guard::from_bits(guard.bits()), guard);
        }
        assert_eq!(Guard::from_bits(3).class(), Some(Guarded::Protected), "the stricter of two");
        assert_eq!(Guard::default().class(), None);
    }
}
