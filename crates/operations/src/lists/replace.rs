//! Replace one of an organisation's lists by another, whole: a new version, in force everywhere within seconds.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action};
use vocabulary::OrganisationId;

use super::{Entries, ListName, context, load, sql};
use crate::Cerebro;

/// Why a list was not replaced. It is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    /// Another organisation of the instance sends from the domain.
    #[error("{0} is a domain of another organisation here")]
    Taken(String),
    /// Somebody replaced the list at the same moment.
    #[error("the list was replaced by somebody else meanwhile: look at it again")]
    Meanwhile,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for ReplaceError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// What a list became.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Replaced {
    /// Its version, from 1.
    pub version: u64,
    /// Its entries.
    pub entries: usize,
    /// Those the version before did not have.
    pub added: usize,
    /// Those the version before had.
    pub removed: usize,
}

/// Replaces the list, and tells the engine; other nodes follow within [`vocabulary::bounds::FOLLOW_INTERVAL`]. A list that
/// would not change keeps its version. The ledger says which list, which version, and how many entries came and went; the
/// entries themselves are sealed.
///
/// # Errors
/// [`ReplaceError`].
pub async fn replace(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ReplaceList>,
    entries: Entries,
) -> Result<Replaced, ReplaceError> {
    let list = entries.list();
    refuse_taken(cerebro, op, &entries)?;
    let (before, known) = latest(op, list).await?;
    let entries = entries.as_slice();
    let added = entries.iter().filter(|entry| known.binary_search(entry).is_err()).count();
    let removed = known.len() - (entries.len() - added);
    if before > 0 && added == 0 && removed == 0 {
        return Ok(Replaced { version: before, entries: entries.len(), added, removed });
    }
    let version = before + 1;
    let replaced = Replaced { version, entries: entries.len(), added, removed };
    let plain = serde_json::to_vec(entries).map_err(|_| OperationError::Damaged("a list".into()))?;
    let sealed = op.instance().seal_lasting(op.organisation(), &context(list, version), &plain)?;
    let (now, by) = (op.now(), op.actor().to_string());
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
        let row = tx.fetch_optional(sql::LATEST, vec![list.word().into()]).await?;
        if row.map_or(Ok(0), |row| row.get::<u64>(0))? != before {
            return Err(ReplaceError::Meanwhile);
        }
        let values = vec![
            list.word().into(),
            version.into(),
            sealed.into(),
            replaced.entries.into(),
            by.into(),
            now.into(),
        ];
        tx.execute(sql::PUT, values).await?;
        let evidence = Evidence::of(EvidenceKind::ListReplaced, organisation)
            .with("list", list.word())
            .with("version", version)
            .with("entries", replaced.entries)
            .with("added", added)
            .with("removed", removed);
        Ok::<_, ReplaceError>(((), evidence))
    })
    .await?;
    cerebro.refresh().await?;
    Ok(replaced)
}

/// The version in force, 0 when there is none, and its entries, sorted.
pub(super) async fn latest(op: &Operation, list: ListName) -> Result<(u64, Vec<String>), OperationError> {
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::LATEST, vec![list.word().into()]).await)
        .await
        .map_err(OperationError::Store)?;
    let Some(row) = row else { return Ok((0, Vec::new())) };
    let version = row.get(0)?;
    let mut entries = load::open(op, list, version, &row.get::<Vec<u8>>(1)?)?;
    entries.sort();
    Ok((version, entries))
}

/// A domain says for whom a sender writes: two organisations never share one.
fn refuse_taken(cerebro: &Cerebro, op: &Operation, entries: &Entries) -> Result<(), ReplaceError> {
    if entries.list() != ListName::OwnDomains {
        return Ok(());
    }
    let others = cerebro.organisations();
    let mut others = others.iter().filter(|other| other.id != op.organisation());
    let taken = entries.as_slice().iter().find(|domain| others.any(|other| other.domains.contains(domain)));
    taken.map_or(Ok(()), |domain| Err(ReplaceError::Taken(domain.clone())))
}
