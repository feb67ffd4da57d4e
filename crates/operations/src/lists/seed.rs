//! Whom the organisation's people wrote to before CEREBRO came, from a message trace: those are no first contacts, and an
//! address one slip away from one of them is suspect from the first day.

use std::collections::HashMap;

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use vocabulary::{OrganisationId, bounds};

use super::trace::Trace;
use super::{Entries, ListName, replace};
use crate::flows;
use crate::{Cerebro, Organisation};

/// What was taken from a trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seeded {
    /// Pairs of one of ours and an outsider, remembered from now on.
    pub pairs: usize,
    /// Those of them that were not known.
    pub new: usize,
    /// Addresses on the list of correspondents now.
    pub correspondents: usize,
    /// Domains on the list of known domains now.
    pub domains: usize,
}

/// Remembers who wrote to whom, and adds the addresses and domains that were written to at least `times` times to the lists of
/// correspondents and known domains: once may have been the slip itself. Mail between insiders, and what outsiders sent, is
/// left out.
///
/// # Errors
/// Not permitted or not kept; pairs remembered before it stay.
pub async fn seed(
    cerebro: &Cerebro,
    op: &Operation,
    trace: &Trace,
    times: u32,
) -> Result<Seeded, replace::ReplaceError> {
    let organisation = cerebro
        .organisation(op.organisation())
        .ok_or_else(|| OperationError::Damaged("the organisation is not loaded".into()))?;
    let outgoing: Vec<(&(String, String), u32)> = trace
        .pairs
        .iter()
        .filter(|((sender, recipient), _)| owns(&organisation, sender) && !owns(&organisation, recipient))
        .map(|(pair, times)| (pair, *times))
        .collect();
    let mut seeded = Seeded { pairs: outgoing.len(), ..Seeded::default() };
    for pairs in outgoing.chunks(bounds::TRACE_PAIRS_PER_WRITE) {
        let permit = op.permit(action::ReplaceList, op.organisation()).await.map_err(OperationError::from)?;
        seeded.new += remember(op, permit, pairs).await?;
    }
    let mut written: HashMap<&str, u32> = HashMap::new();
    let mut domains: HashMap<&str, u32> = HashMap::new();
    for ((_, recipient), count) in &outgoing {
        *written.entry(recipient).or_default() += count;
        *domains.entry(domain(recipient)).or_default() += count;
    }
    seeded.correspondents = extend(cerebro, op, ListName::Correspondents, &written, times).await?;
    seeded.domains = extend(cerebro, op, ListName::KnownDomains, &domains, times).await?;
    Ok(seeded)
}

async fn remember(
    op: &Operation,
    permit: Permit<action::ReplaceList>,
    pairs: &[(&(String, String), u32)],
) -> Result<usize, OperationError> {
    let mut indices = Vec::with_capacity(pairs.len());
    for ((sender, recipient), _) in pairs {
        indices.push(flows::facts::index(op, sender, recipient)?);
    }
    let (now, count) = (op.now(), indices.len());
    op.write(permit, async move |tx: &mut Tx<'_>, organisation: OrganisationId| {
        let mut new = 0;
        for index in indices {
            new += tx.execute(flows::sql::REMEMBER_RECIPIENT, vec![index.into(), now.into()]).await?;
        }
        let new = usize::try_from(new).unwrap_or(usize::MAX);
        let evidence =
            Evidence::of(EvidenceKind::HistorySeeded, organisation).with("pairs", count).with("new", new);
        Ok::<_, OperationError>((new, evidence))
    })
    .await
}

/// Adds what was written to often enough to a list; gives the number of its entries. A full list is left as it is full: the
/// most written to come first.
async fn extend(
    cerebro: &Cerebro,
    op: &Operation,
    list: ListName,
    found: &HashMap<&str, u32>,
    times: u32,
) -> Result<usize, replace::ReplaceError> {
    let (_, mut entries) = replace::latest(op, list).await?;
    let mut often: Vec<(&str, u32)> =
        found.iter().filter(|(_, count)| **count >= times).map(|(entry, count)| (*entry, *count)).collect();
    often.sort_by_key(|(entry, count)| (std::cmp::Reverse(*count), *entry));
    often.retain(|(entry, _)| entries.binary_search_by(|known| known.as_str().cmp(entry)).is_err());
    let room = list.most().saturating_sub(entries.len());
    entries.extend(often.into_iter().take(room).map(|(entry, _)| entry.to_owned()));
    if entries.is_empty() {
        return Ok(0);
    }
    let permit = op.permit(action::ReplaceList, op.organisation()).await.map_err(OperationError::from)?;
    Ok(replace::replace(cerebro, op, permit, Entries::of(list, entries)).await?.entries)
}

fn owns(organisation: &Organisation, address: &str) -> bool {
    organisation.domains.iter().any(|own| own == domain(address))
}

fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}
