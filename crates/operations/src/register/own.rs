//! A person's own messages that were held: what a sender may know of them.

use access::{Operation, OperationError, Permit, Tx, action};
use vocabulary::{HoldId, Locale, bounds};

use super::read::Opener;
use super::{LAST, Page, sql};
use crate::Cerebro;
use crate::accounts::look;

/// A page of the messages sent from the address of the reader's account, the latest first. Empty for one without address.
///
/// # Errors
/// The database did not answer, or what is kept does not open.
pub async fn own(
    cerebro: &Cerebro,
    op: &Operation,
    permit: &Permit<action::ReadOwnMessages>,
    before: Option<HoldId>,
    locale: Locale,
) -> Result<Page, OperationError> {
    let account = permit.subject();
    let before = before.map_or_else(|| LAST.to_owned(), |hold| hold.to_string());
    let rows = op
        .read(async move |tx: &mut Tx<'_>| {
            let subject = look::inside(tx, account).await?;
            let Some(email) = subject.and_then(|subject| subject.email) else { return Ok(Vec::new()) };
            tx.fetch(sql::OWN, vec![email.key().into(), before.into()]).await
        })
        .await
        .map_err(OperationError::Store)?;
    let mut opener = Opener::new(cerebro, op, op.organisation(), locale)?;
    let mut page = Page::default();
    for row in rows.iter().take(bounds::REGISTER_ROWS_MAX) {
        page.entries.push(opener.entry(row, true).await?);
    }
    let last = page.entries.last().map(|entry| entry.hold);
    page.next = last.filter(|_| rows.len() > bounds::REGISTER_ROWS_MAX);
    Ok(page)
}
