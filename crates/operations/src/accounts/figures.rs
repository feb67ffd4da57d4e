//! The figures of an organisation's accounts: how well they are protected, what waits, who could go on alone (clause A1,
//! attack L2).

use access::{Mandatory, Operation, OperationError, Permit, StoreError, Tx, action};
use vocabulary::Timestamp;

use super::{sql, standing};
use crate::Policy;

/// How many active people have a second factor (clause A1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Active people.
    pub people: u64,
    /// Those with a second factor.
    pub covered: u64,
    /// Those who must have one.
    pub must: u64,
    /// Those who must and have.
    pub must_covered: u64,
}

/// The figures of an organisation's accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Second factors.
    pub coverage: Coverage,
    /// Requests that wait.
    pub waiting: u64,
    /// Administrators who could go on alone: active, with a password, a second factor and no end.
    pub administrators: u64,
}

/// Counts them.
///
/// # Errors
/// The database did not answer.
pub async fn figures(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
) -> Result<Figures, OperationError> {
    let now = op.now();
    op.read(async move |tx: &mut Tx<'_>| {
        let mandatory = Policy::inside(tx).await?.mandatory;
        Ok::<_, OperationError>(counted(tx, mandatory, now).await?)
    })
    .await
}

pub(super) async fn counted(
    tx: &mut Tx<'_>,
    mandatory: Mandatory,
    now: Timestamp,
) -> Result<Figures, StoreError> {
    let asked = vec![now.into(), mandatory.operational.into(), mandatory.governance.into()];
    let coverage = match tx.fetch_optional(sql::COVERAGE, asked).await? {
        Some(row) => Coverage {
            people: row.get(0)?,
            covered: row.get(1)?,
            must: row.get(2)?,
            must_covered: row.get(3)?,
        },
        None => Coverage::default(),
    };
    let waiting = tx.fetch_optional(sql::REQUESTS_WAITING, vec![]).await?;
    Ok(Figures {
        coverage,
        waiting: waiting.map_or(Ok(0), |row| row.get(0))?,
        administrators: standing::administrators(tx, now).await?,
    })
}

#[cfg(test)]
mod tests {
    use access::{Family, Mission};

    use super::*;

    /// The figure is counted in SQL, which names by their word the missions nobody holds without a second factor.
    #[test]
    fn clause_a1_the_coverage_query_knows_every_mission_that_always_asks() {
        // Only people are counted: what a service alone holds is nobody's.
        for mission in Mission::ALL.iter().filter(|mission| **mission != Mission::Registrar) {
            let always = sql::COVERAGE.sqlite.contains(&format!("g.mission = '{mission}'"));
            assert_eq!(always, mission.always_has_factor(), "{mission}");
            // The others are behind the switch of their family.
            let (_, operational) = sql::COVERAGE.sqlite.split_once("CAST($3").unwrap();
            let (operational, governance) = operational.split_once("CAST($4").unwrap();
            let named = |text: &str| text.contains(&format!("'{mission}'"));
            assert_eq!(named(operational), mission.family() == Family::Operational, "{mission}");
            assert_eq!(named(governance), mission.family() == Family::Governance, "{mission}");
        }
    }
}
