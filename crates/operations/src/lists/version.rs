//! A version of a list on its way into a write: put in force at once, or by a second person's agreement.

use access::{Evidence, EvidenceKind, Operation, OperationError, Row, StoreError, Tx};
use vocabulary::OrganisationId;

use super::{Delta, ListName, context, load, sql};
use crate::Cerebro;
use crate::proposals::{By, Meanwhile};

/// Another organisation of the instance sends from the domain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is a domain of another organisation here")]
pub struct Taken(pub String);

/// A version, sealed, ready to be kept.
pub(crate) struct NewVersion {
    list: ListName,
    before: u64,
    sealed: Vec<u8>,
    entries: usize,
    added: usize,
    removed: usize,
}

impl NewVersion {
    /// What is known, changed by `delta`.
    pub(crate) fn prepare(
        op: &Operation,
        list: ListName,
        (before, known): (u64, &[String]),
        delta: &Delta,
    ) -> Result<Self, OperationError> {
        let entries = delta.applied(known);
        let plain = serde_json::to_vec(&entries).map_err(|_| OperationError::Damaged("a list".into()))?;
        let sealed = op.instance().seal_lasting(op.organisation(), &context(list, before + 1), &plain)?;
        let (added, removed) = (delta.added.len(), delta.removed.len());
        Ok(Self { list, before, sealed, entries: entries.len(), added, removed })
    }

    pub(crate) const fn version(&self) -> u64 {
        self.before + 1
    }

    /// Keeps it, unless somebody else changed the list since it was read.
    pub(crate) async fn keep<E>(
        self,
        tx: &mut Tx<'_>,
        organisation: OrganisationId,
        by: &By,
    ) -> Result<Evidence, E>
    where
        E: From<StoreError> + From<Meanwhile>,
    {
        check::<E>(tx, self.list, self.before).await?;
        let version = self.version();
        let values = [self.list.word().into(), version.into(), self.sealed.into(), self.entries.into()];
        let values = values.into_iter().chain(by.values()).collect();
        tx.execute(sql::PUT, values).await?;
        Ok(Evidence::of(EvidenceKind::ListReplaced, organisation)
            .with("list", self.list.word())
            .with("version", version)
            .with("entries", self.entries)
            .with("added", self.added)
            .with("removed", self.removed))
    }
}

/// The version in force is still the one that was read.
pub(super) async fn check<E>(tx: &mut Tx<'_>, list: ListName, before: u64) -> Result<(), E>
where
    E: From<StoreError> + From<Meanwhile>,
{
    let row: Option<Row> = tx.fetch_optional(sql::LATEST_VERSION, vec![list.word().into()]).await?;
    if row.map_or(Ok(0), |row| row.get::<u64>(0))? == before { Ok(()) } else { Err(Meanwhile.into()) }
}

/// The version in force, 0 when there is none, and its entries, sorted.
pub(crate) async fn latest(op: &Operation, list: ListName) -> Result<(u64, Vec<String>), OperationError> {
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
pub(crate) fn refuse_taken(
    cerebro: &Cerebro,
    op: &Operation,
    list: ListName,
    added: &[String],
) -> Result<(), Taken> {
    if list != ListName::OwnDomains {
        return Ok(());
    }
    let others = cerebro.organisations();
    let mut others = others.iter().filter(|other| other.id != op.organisation());
    let taken = added.iter().find(|domain| others.any(|other| other.domains.contains(domain)));
    taken.map_or(Ok(()), |domain| Err(Taken(domain.clone())))
}
