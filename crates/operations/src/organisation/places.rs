//! Where an organisation's people may sign in from (clauses T2, T4).

use std::net::IpAddr;

use access::{Family, Mission};
use identity::Range;
use identity::place::NewPlace;
use serde::{Deserialize, Serialize};

/// The policy of places.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Places {
    /// Networks it declared as its own. None declared: nothing is said of others.
    pub trusted: Vec<Range>,
    /// What a new device or network asks of operational accounts, and of those without a mission.
    pub operational: NewPlace,
    /// Of governance accounts.
    pub governance: NewPlace,
    /// Of administration accounts.
    pub administration: NewPlace,
}

impl Places {
    /// An address is of a declared network.
    #[must_use]
    pub fn trusts(&self, address: Option<IpAddr>) -> bool {
        address.is_some_and(|address| self.trusted.iter().any(|range| range.contains(address)))
    }

    /// An address is of none of the declared networks, and there are some (clause T4).
    #[must_use]
    pub fn discourages(&self, address: Option<IpAddr>) -> bool {
        !self.trusted.is_empty() && !self.trusts(address)
    }

    /// The rule of a family.
    #[must_use]
    pub const fn of(&self, family: Family) -> NewPlace {
        match family {
            Family::Operational => self.operational,
            Family::Governance => self.governance,
            Family::Administration => self.administration,
        }
    }

    pub(super) const fn of_mut(&mut self, family: Family) -> &mut NewPlace {
        match family {
            Family::Operational => &mut self.operational,
            Family::Governance => &mut self.governance,
            Family::Administration => &mut self.administration,
        }
    }

    /// The strictest rule of the families an account belongs to.
    #[must_use]
    pub fn rule(&self, missions: &[Mission]) -> NewPlace {
        missions.iter().map(|mission| self.of(mission.family())).max().unwrap_or(self.operational)
    }
}
