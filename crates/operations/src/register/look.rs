//! The register of the organisation, for whoever checks decisions: a page of it. What the reader sent themselves is told as to a
//! sender.

use access::{Operation, OperationError, Permit, Tx, Value, action};
use vocabulary::{HoldId, Locale, OrganisationId, Timestamp, bounds};

use super::read::{Opener, is_from, own_addresses};
use super::{Filter, LAST, Page, sql};
use crate::Cerebro;

/// A page of the register, from the hold `before` backwards.
///
/// # Errors
/// The database did not answer, or what is kept does not open.
pub async fn look(
    cerebro: &Cerebro,
    op: &Operation,
    permit: &Permit<action::ReadRegister>,
    filter: &Filter,
    before: Option<HoldId>,
    locale: Locale,
) -> Result<Page, OperationError> {
    page(cerebro, op, permit.subject(), filter, before, locale).await
}

pub(super) async fn page(
    cerebro: &Cerebro,
    op: &Operation,
    organisation: OrganisationId,
    filter: &Filter,
    before: Option<HoldId>,
    locale: Locale,
) -> Result<Page, OperationError> {
    let mut opener = Opener::new(cerebro, op, organisation, locale)?;
    let own = own_addresses(op).await?;
    let mut at = before.map_or_else(|| LAST.to_owned(), |hold| hold.to_string());
    let (mut page, mut searched) = (Page::default(), 0);
    while searched < bounds::REGISTER_SEARCHED_MAX {
        let values = values(filter, &at);
        let rows = op
            .read(async move |tx: &mut Tx<'_>| tx.fetch(sql::PAGE, values).await)
            .await
            .map_err(OperationError::Store)?;
        for row in &rows {
            at = row.get(0)?;
            searched += 1;
            let entry = opener.entry(row, is_from(row, &own)?).await?;
            if filter.wants(&entry) {
                page.entries.push(entry);
            }
            if page.entries.len() == bounds::REGISTER_ROWS_MAX {
                page.next = row.parse(0).map(Some)?;
                return Ok(page);
            }
        }
        if rows.len() < BATCH {
            return Ok(page);
        }
    }
    page.next = at.parse().ok();
    Ok(page)
}

/// Rows of one statement.
const BATCH: usize = 100;

fn values(filter: &Filter, before: &str) -> Vec<Value> {
    let word = |text: Option<&str>| Value::from(text.unwrap_or_default().to_owned());
    vec![
        before.to_owned().into(),
        filter.from.unwrap_or(Timestamp::from_micros(i64::MIN)).into(),
        filter.until.unwrap_or(Timestamp::from_micros(i64::MAX)).into(),
        word(filter.state.map(|state| state.word())),
        word(filter.class.as_deref()),
        i64::from(filter.severity.unwrap_or(0)).into(),
    ]
}
