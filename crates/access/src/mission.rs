//! Missions and the three families they belong to (clauses R1, R2).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A role family (clause R2). An account may hold missions of several; the strictest session rules win.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Processes flows, validates ex-ante.
    Operational,
    /// Supervises, arbitrates, overrides, audits.
    Governance,
    /// Configuration, users, integrations. Never contents.
    Administration,
}

macro_rules! missions {
    ($($(#[$doc:meta])* $name:ident = $word:literal in $family:ident;)*) => {
        /// A named duty. A new account has none (clause R1).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Mission {
            $($(#[$doc])* $name,)*
        }

        impl Mission {
            /// All of them, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The word in tables and JSON.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// The family it belongs to.
            #[must_use]
            pub const fn family(self) -> Family {
                match self { $(Self::$name => Family::$family,)* }
            }
        }
    };
}

missions! {
    /// Clears the queue.
    Operator = "operator" in Operational;
    /// Submits flows for decision by API; a service account's mission.
    Connector = "connector" in Operational;
    /// Rules on escalated holds.
    Arbiter = "arbiter" in Governance;
    /// Steers: figures, overrides, controls.
    Supervisor = "supervisor" in Governance;
    /// Opens private and protected mail with grounds, and alone lets it go; decides on nothing else.
    Custodian = "custodian" in Governance;
    /// Reads the ledger and exports evidence; no contents.
    Auditor = "auditor" in Governance;
    /// Approves accounts, grants missions, sets policy, connects systems; no contents (clause P3).
    Administrator = "administrator" in Administration;
    /// Keeps accounts in step with an institution's directory, by API; a service account's mission. Approves nothing.
    Registrar = "registrar" in Administration;
}

impl Mission {
    /// A named service's; a person holds every other.
    #[must_use]
    pub const fn is_of_services(self) -> bool {
        matches!(self, Self::Connector | Self::Registrar)
    }

    /// Nobody holds it without a second factor, whatever the organisation asks of its family (clause A1).
    #[must_use]
    pub const fn always_has_factor(self) -> bool {
        matches!(self.family(), Family::Administration) || matches!(self, Self::Custodian)
    }

    /// A second administrator agrees before it is held: it governs who comes in, is a program's, or opens private mail.
    #[must_use]
    pub const fn is_given_by_two(self) -> bool {
        matches!(self.family(), Family::Administration)
            || self.is_of_services()
            || matches!(self, Self::Custodian)
    }
}

impl fmt::Display for Mission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Not the word of a mission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mission")]
pub struct UnknownMission;

impl FromStr for Mission {
    type Err = UnknownMission;

    fn from_str(word: &str) -> Result<Self, UnknownMission> {
        Self::ALL.iter().copied().find(|mission| mission.word() == word).ok_or(UnknownMission)
    }
}
