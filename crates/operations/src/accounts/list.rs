//! Accounts of an organisation, with their missions and how well they are protected (clauses A1, R1).

use std::collections::HashMap;

use access::{Mandatory, Mission, Operation, OperationError, Permit, Row, StoreError, Tx, action};
use identity::AccountState;
use vocabulary::{AccountId, Timestamp, bounds};

use super::sql;
use crate::Policy;

/// One account of a list.
#[derive(Debug, Clone)]
pub struct AccountLine {
    /// Its id.
    pub id: AccountId,
    /// It is a named service.
    pub is_service: bool,
    /// Where its holder is written to.
    pub email: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: AccountState,
    /// A second factor is mandatory because the organisation says so.
    pub sensitive: bool,
    /// What it holds now.
    pub missions: Vec<Mission>,
    /// It must have a second factor, as the organisation says.
    must: bool,
    /// Second factors, backup codes apart.
    pub factors: u64,
    /// When its holder was last seen.
    pub seen_at: Option<Timestamp>,
}

impl AccountLine {
    /// It must have a second factor (clause A1).
    #[must_use]
    pub fn must_have_factor(&self) -> bool {
        !self.is_service && self.must
    }
}

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

/// Which accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// All but requests.
    All,
    /// Active people without a second factor.
    Uncovered,
}

/// A page of accounts.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// At most a page, by state and name.
    pub lines: Vec<AccountLine>,
    /// There are more.
    pub more: bool,
    /// The figure.
    pub coverage: Coverage,
    /// Requests that wait.
    pub waiting: u64,
}

/// Reads a page of accounts, from 0.
///
/// # Errors
/// The database did not answer.
pub async fn list(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
    which: Which,
    page: u32,
) -> Result<Accounts, OperationError> {
    let now = op.now();
    let statement = match which {
        Which::All => sql::ACCOUNTS,
        Which::Uncovered => sql::UNCOVERED,
    };
    let skip = u64::from(page) * bounds::PAGE_ROWS_MAX as u64;
    op.read(async move |tx: &mut Tx<'_>| {
        let mandatory = Policy::inside(tx).await?.mandatory;
        let rows = tx.fetch(statement, vec![skip.into()]).await?;
        let mut missions: HashMap<AccountId, Vec<Mission>> = HashMap::new();
        for row in &tx.fetch(sql::GRANTS_NOW, vec![now.into()]).await? {
            missions.entry(row.parse(0)?).or_default().push(row.parse(1)?);
        }
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows.iter().take(bounds::PAGE_ROWS_MAX) {
            lines.push(line(row, &mut missions, mandatory)?);
        }
        let asked = vec![now.into(), mandatory.operational.into(), mandatory.governance.into()];
        let figures = tx.fetch_optional(sql::COVERAGE, asked).await?;
        let coverage = match figures {
            Some(row) => Coverage {
                people: row.get(0)?,
                covered: row.get(1)?,
                must: row.get(2)?,
                must_covered: row.get(3)?,
            },
            None => Coverage::default(),
        };
        let waiting = tx.fetch_optional(sql::REQUESTS_WAITING, vec![]).await?;
        let waiting = waiting.map_or(Ok(0), |row| row.get(0))?;
        Ok::<_, OperationError>(Accounts {
            more: rows.len() > bounds::PAGE_ROWS_MAX,
            lines,
            coverage,
            waiting,
        })
    })
    .await
}

fn line(
    row: &Row,
    missions: &mut HashMap<AccountId, Vec<Mission>>,
    mandatory: Mandatory,
) -> Result<AccountLine, StoreError> {
    let id = row.parse(0)?;
    let (sensitive, missions) = (row.get::<i64>(5)? != 0, missions.remove(&id).unwrap_or_default());
    Ok(AccountLine {
        id,
        is_service: row.get::<String>(1)? == "service",
        email: row.get::<Option<String>>(2)?.unwrap_or_default(),
        name: row.get(3)?,
        state: row.parse(4)?,
        sensitive,
        must: access::must_have_factor(sensitive, &missions, mandatory),
        missions,
        factors: row.get(7)?,
        seen_at: row.get(8)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The figure is counted in SQL, which names the missions of administration by their word.
    #[test]
    fn clause_a1_the_coverage_query_knows_every_administration_mission() {
        for mission in Mission::ALL {
            let always = sql::COVERAGE.sqlite.contains(&format!("g.mission = '{mission}'"));
            assert_eq!(always, mission.family() == access::Family::Administration, "{mission}");
            // The others are behind the switch of their family.
            let (_, operational) = sql::COVERAGE.sqlite.split_once("CAST($3").unwrap();
            let (operational, governance) = operational.split_once("CAST($4").unwrap();
            let named = |text: &str| text.contains(&format!("'{mission}'"));
            assert_eq!(named(operational), mission.family() == access::Family::Operational, "{mission}");
            assert_eq!(named(governance), mission.family() == access::Family::Governance, "{mission}");
        }
    }
}
