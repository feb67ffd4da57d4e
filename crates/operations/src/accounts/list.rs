//! Accounts of an organisation, with their missions and how well they are protected (clauses A1, R1).

use std::collections::HashMap;

use access::{
    Mandatory, Mission, Operation, OperationError, Permit, Row, Statement, StoreError, Tx, Value, action,
};
use identity::AccountState;
use vocabulary::{AccountId, Timestamp, bounds};

use super::figures::{self, Figures};
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
    /// How many there are of what.
    pub figures: Figures,
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
        let mut lines = lines(tx, statement, skip.into(), now).await?;
        let more = lines.len() > bounds::PAGE_ROWS_MAX;
        lines.truncate(bounds::PAGE_ROWS_MAX);
        let mandatory = Policy::inside(tx).await?.mandatory;
        Ok::<_, OperationError>(Accounts {
            lines,
            more,
            figures: figures::counted(tx, mandatory, now).await?,
        })
    })
    .await
}

/// Every account, requests and closed ones too, in the order in which they were made: those after one, or the first. At
/// most a page and one more.
///
/// # Errors
/// The database did not answer.
pub async fn page(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
    after: Option<AccountId>,
) -> Result<Vec<AccountLine>, OperationError> {
    let (now, after) = (op.now(), after.map(|id| id.to_string()).unwrap_or_default());
    op.read(async move |tx: &mut Tx<'_>| lines(tx, sql::ACCOUNTS_AFTER, after.into(), now).await).await
}

/// One of them; none of another organisation.
///
/// # Errors
/// The database did not answer.
pub async fn one(
    op: &Operation,
    _permit: &Permit<action::ReadAccounts>,
    account: AccountId,
) -> Result<Option<AccountLine>, OperationError> {
    let now = op.now();
    let found = op.read(async move |tx: &mut Tx<'_>| lines(tx, sql::ONE_ACCOUNT, account.into(), now).await);
    Ok(found.await?.pop())
}

async fn lines(
    tx: &mut Tx<'_>,
    statement: &'static Statement,
    which: Value,
    now: Timestamp,
) -> Result<Vec<AccountLine>, OperationError> {
    let mandatory = Policy::inside(tx).await?.mandatory;
    let rows = tx.fetch(statement, vec![which]).await?;
    let mut missions: HashMap<AccountId, Vec<Mission>> = HashMap::new();
    for row in &tx.fetch(sql::GRANTS_NOW, vec![now.into()]).await? {
        missions.entry(row.parse(0)?).or_default().push(row.parse(1)?);
    }
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        all.push(line(row, &mut missions, mandatory)?);
    }
    Ok(all)
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
