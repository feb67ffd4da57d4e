//! One transaction, on either engine: runs declared statements within its scope.

use std::collections::HashMap;

use vocabulary::{OrganisationId, Scope};

use crate::{MechanicalReason, Reach, Row, Statement, StoreError, Value};

/// A transaction in progress. Made by the store, lent to a verb's closure, never kept.
pub struct Tx<'c> {
    connection: Connection<'c>,
    scope: Scope,
    kind: Kind,
}

pub(crate) enum Connection<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c tokio_postgres::Client, &'c mut HashMap<usize, tokio_postgres::Statement>),
}

/// What this transaction may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Read,
    Governed,
    Mechanical(MechanicalReason),
}

impl<'c> Tx<'c> {
    pub(crate) fn new(connection: Connection<'c>, scope: Scope, kind: Kind) -> Self {
        Self { connection, scope, kind }
    }

    /// Whose rows this transaction may touch.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// Goes on within one organisation, from a platform scope or the same organisation.
    ///
    /// # Errors
    /// The transaction belongs to another organisation.
    pub fn enter(&mut self, organisation: OrganisationId) -> Result<(), StoreError> {
        match self.scope {
            Scope::Organisation(own) if own != organisation => Err(StoreError::Reach {
                statement: "enter",
                why: "the transaction belongs to another organisation",
            }),
            _ => {
                self.scope = Scope::Organisation(organisation);
                Ok(())
            }
        }
    }

    /// Runs a statement that changes rows; how many it changed. `values` are `$2…` when the organisation is `$1`.
    ///
    /// # Errors
    /// The engine's answer, or a reach that does not fit.
    pub async fn execute(
        &mut self,
        statement: &'static Statement,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        self.check(statement)?;
        let values = self.bind(statement, values)?;
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                let mut prepared = connection.prepare_cached(statement.sqlite)?;
                bind_sqlite(&mut prepared, &values)?;
                Ok(prepared.raw_execute()? as u64)
            }
            Connection::Postgres(client, cache) => {
                let prepared = prepared(client, cache, statement.postgres).await?;
                Ok(client.execute_raw(&prepared, values.iter()).await?)
            }
        }
    }

    /// All rows of an answer. Every statement that can return many carries a LIMIT.
    ///
    /// # Errors
    /// The engine's answer, or a reach that does not fit.
    pub async fn fetch(
        &mut self,
        statement: &'static Statement,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        self.check(statement)?;
        let values = self.bind(statement, values)?;
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                let mut prepared = connection.prepare_cached(statement.sqlite)?;
                let columns = prepared.column_count();
                bind_sqlite(&mut prepared, &values)?;
                let mut rows = prepared.raw_query();
                let mut answer = Vec::new();
                while let Some(row) = rows.next()? {
                    let cells: Result<Vec<Value>, rusqlite::Error> =
                        (0..columns).map(|column| row.get_ref(column).map(Value::from)).collect();
                    answer.push(Row(cells?));
                }
                Ok(answer)
            }
            Connection::Postgres(client, cache) => {
                let prepared = prepared(client, cache, statement.postgres).await?;
                let parameters: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> =
                    values.iter().map(|value| value as &(dyn tokio_postgres::types::ToSql + Sync)).collect();
                let rows = client.query(&prepared, &parameters).await?;
                rows.iter()
                    .map(|row| {
                        (0..row.len())
                            .map(|column| Value::from_postgres(row, column))
                            .collect::<Result<_, _>>()
                            .map(Row)
                    })
                    .collect()
            }
        }
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// The engine's answer, or a reach that does not fit.
    pub async fn fetch_optional(
        &mut self,
        statement: &'static Statement,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        Ok(self.fetch(statement, values).await?.into_iter().next())
    }

    pub(crate) async fn prepare(&mut self, statement: &'static Statement) -> Result<(), StoreError> {
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                connection.prepare(statement.sqlite).map(drop).map_err(StoreError::from)
            }
            Connection::Postgres(client, _) => {
                client.prepare(statement.postgres).await.map(drop).map_err(StoreError::from)
            }
        }
    }

    fn check(&self, statement: &'static Statement) -> Result<(), StoreError> {
        let refuse = |why| Err(StoreError::Reach { statement: statement.name, why });
        match (self.kind, statement.is_read()) {
            (Kind::Read, false) => return refuse("a change inside a read"),
            (Kind::Mechanical(_), false) if !statement.is_mechanical() => {
                return refuse("a governed change inside a mechanical write");
            }
            _ => {}
        }
        let platform = matches!(self.scope, Scope::Platform(_));
        match statement.reach {
            Reach::Platform | Reach::MechanicalPlatform if !platform => refuse("it crosses organisations"),
            _ => Ok(()),
        }
    }

    fn bind(&self, statement: &'static Statement, mut values: Vec<Value>) -> Result<Vec<Value>, StoreError> {
        if statement.binds_organisation() {
            let Scope::Organisation(organisation) = self.scope else {
                return Err(StoreError::Reach {
                    statement: statement.name,
                    why: "no organisation was entered",
                });
            };
            values.insert(0, organisation.into());
        }
        Ok(values)
    }
}

/// Binds by the number in the name. To SQLite `$3` is a name, not a place: places are given in the order in which names
/// first appear, which is not their order in an UPDATE.
fn bind_sqlite(prepared: &mut rusqlite::CachedStatement<'_>, values: &[Value]) -> Result<(), StoreError> {
    for place in 1..=prepared.parameter_count() {
        let number: Option<usize> =
            prepared.parameter_name(place).and_then(|name| name.get(1..)?.parse().ok());
        let value = number.and_then(|number| values.get(number.checked_sub(1)?));
        let value = value.ok_or_else(|| StoreError::Statement(format!("no value for parameter {place}")))?;
        prepared.raw_bind_parameter(place, value)?;
    }
    Ok(())
}

/// Statements are constants, so the address of the text is its identity.
async fn prepared(
    client: &tokio_postgres::Client,
    cache: &mut HashMap<usize, tokio_postgres::Statement>,
    text: &'static str,
) -> Result<tokio_postgres::Statement, StoreError> {
    let key = text.as_ptr() as usize;
    if let Some(statement) = cache.get(&key) {
        return Ok(statement.clone());
    }
    let statement = client.prepare(text).await?;
    cache.insert(key, statement.clone());
    Ok(statement)
}
