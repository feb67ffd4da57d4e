//! What the clock finds due: asked of every organisation at once, done in each by itself.

use std::str::FromStr;

use access::{Statement, StoreError, Tx, Value};
use vocabulary::{OrganisationId, PlatformReason};

use crate::Cerebro;

/// The rows of a statement that begin with whose and which.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn due<I>(
    cerebro: &Cerebro,
    statement: &'static Statement,
    values: Vec<Value>,
) -> Result<Vec<(OrganisationId, I)>, StoreError>
where
    I: FromStr + Send + 'static,
{
    let question = async move |tx: &mut Tx<'_>| {
        let rows = tx.fetch(statement, values).await?;
        rows.iter().map(|row| Ok((row.parse(0)?, row.parse(1)?))).collect::<Result<Vec<_>, StoreError>>()
    };
    cerebro.instance().read_platform(PlatformReason::Timer, question).await
}
