//! Which lists an organisation gave, in which versions; and, for those who change them, what stands in one.

use access::{Operation, OperationError, Permit, Tx, action};
use vocabulary::bounds;

use super::{ListName, load, sql, version};
use crate::proposals::By;

/// One version of one list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListVersion {
    /// Which list.
    pub list: ListName,
    /// Its version, from 1; the highest is in force.
    pub version: u64,
    /// How many entries.
    pub entries: u64,
    /// Who gave it, and when.
    pub by: By,
}

/// Every version of every list, by list, the latest first; at most 500.
///
/// # Errors
/// The database did not answer.
pub async fn versions(
    op: &Operation,
    _permit: &Permit<action::ReadLists>,
) -> Result<Vec<ListVersion>, OperationError> {
    let rows = op
        .read(async |tx: &mut Tx<'_>| tx.fetch(sql::ALL_VERSIONS, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let versions = rows.iter().map(|row| {
        Ok(ListVersion {
            list: load::name(row, 0)?,
            version: row.get(1)?,
            entries: row.get(2)?,
            by: By::of_row(row, 3)?,
        })
    });
    versions.collect()
}

/// Some of a list's entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The version they stand in; 0 where the list was never given.
    pub version: u64,
    /// How many there are in all.
    pub entries: usize,
    /// How many of them were looked for.
    pub found: usize,
    /// At most [`bounds::LIST_PAGE_ENTRIES`], in order.
    pub shown: Vec<String>,
    /// The entry after which the next page begins.
    pub next: Option<String>,
}

/// The entries of a list that hold `search`, whatever their case, after one of them.
///
/// # Errors
/// The database did not answer, or the list is damaged.
pub async fn entries(
    op: &Operation,
    _permit: &Permit<action::ReadListEntries>,
    list: ListName,
    search: &str,
    after: Option<&str>,
) -> Result<Page, OperationError> {
    let (version, all) = version::latest(op, list).await?;
    let wanted = search.trim().to_lowercase();
    let entries = all.len();
    let found: Vec<String> =
        all.into_iter().filter(|entry| wanted.is_empty() || entry.to_lowercase().contains(&wanted)).collect();
    let from = after.map_or(0, |after| found.partition_point(|entry| entry.as_str() <= after));
    let shown: Vec<String> = found.iter().skip(from).take(bounds::LIST_PAGE_ENTRIES).cloned().collect();
    let more = from + shown.len() < found.len();
    let next = shown.last().filter(|_| more).cloned();
    Ok(Page { version, entries, found: found.len(), shown, next })
}
