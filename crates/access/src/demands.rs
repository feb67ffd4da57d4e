//! What an organisation's policy asks of accounts wherever a permit is checked: it is read in the same transaction, so that
//! a change counts at the next request, on every node.

use serde::{Deserialize, Serialize};
use store::{Row, StoreError};

use crate::Family;

/// Families whose accounts must have a second factor; administration always (clause A1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Mandatory {
    /// Operational accounts must.
    pub operational: bool,
    /// Governance accounts must.
    pub governance: bool,
}

impl Mandatory {
    /// Accounts of this family must.
    #[must_use]
    pub const fn asks(self, family: Family) -> bool {
        match family {
            Family::Operational => self.operational,
            Family::Governance => self.governance,
            Family::Administration => true,
        }
    }

    /// Reads it from the column that holds an organisation's policy, of which the rest is somebody else's.
    ///
    /// # Errors
    /// The column holds no policy.
    pub fn of_policy(row: &Row, column: usize) -> Result<Self, StoreError> {
        #[derive(Deserialize)]
        struct Policy {
            #[serde(default)]
            mandatory: Mandatory,
        }
        let read: Result<Policy, _> = serde_json::from_str(&row.get::<String>(column)?);
        read.map(|policy| policy.mandatory).map_err(|_| StoreError::Column { column, wanted: "a policy" })
    }
}
