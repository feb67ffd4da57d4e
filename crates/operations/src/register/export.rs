//! The register taken out, as a file or by a program: each time an entry, before anything is read.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use vocabulary::{HoldId, Locale, OrganisationId, Timestamp, bounds};

use super::look::page;
use super::{Entry, Filter, Page};
use crate::Cerebro;

/// A page of the register for a program. A crash after the entry leaves an export that nobody got: said, not hidden.
///
/// # Errors
/// It could not be recorded, and nothing was read; or what is kept does not open.
pub async fn one_page(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ExportRegister>,
    filter: &Filter,
    before: Option<HoldId>,
    locale: Locale,
) -> Result<Page, OperationError> {
    let organisation = record(op, permit, filter, before).await?;
    page(cerebro, op, organisation, filter, before, locale).await
}

/// Everything that is asked for, at most [`bounds::REGISTER_EXPORT_MAX`] messages, and whether there are more.
///
/// # Errors
/// As [`one_page`].
pub async fn whole(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ExportRegister>,
    filter: &Filter,
    locale: Locale,
) -> Result<(Vec<Entry>, bool), OperationError> {
    let organisation = record(op, permit, filter, None).await?;
    let (mut entries, mut before) = (Vec::new(), None);
    loop {
        let found = page(cerebro, op, organisation, filter, before, locale).await?;
        entries.extend(found.entries);
        before = found.next;
        if before.is_none() || entries.len() >= bounds::REGISTER_EXPORT_MAX {
            return Ok((entries, before.is_some()));
        }
    }
}

async fn record(
    op: &Operation,
    permit: Permit<action::ExportRegister>,
    filter: &Filter,
    before: Option<HoldId>,
) -> Result<OrganisationId, OperationError> {
    let subject = permit.subject();
    let moment = |at: Option<Timestamp>| at.map(Timestamp::rfc3339);
    let evidence = Evidence::of(EvidenceKind::RegisterExported, subject)
        .with("from", moment(filter.from))
        .with("until", moment(filter.until))
        .with("state", filter.state.map(|state| state.word()))
        .with("class", filter.class.clone())
        .with("severity", filter.severity)
        .with("control", filter.control.clone())
        .with("category", filter.category.and_then(|category| serde_json::to_value(category).ok()))
        .with("before", before.map(|hold| hold.to_string()));
    op.write(permit, async move |_tx: &mut Tx<'_>, _: OrganisationId| {
        Ok::<_, OperationError>(((), evidence))
    })
    .await?;
    Ok(subject)
}
