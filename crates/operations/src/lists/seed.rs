//! Whom the organisation's people wrote to before CEREBRO came, from a message trace: those are no first contacts, and an
//! address one slip away from one of them is suspect from the first day.

use std::collections::HashMap;

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use vocabulary::{OrganisationId, bounds};

use super::change::{self, ListError, Wanted};
use super::trace::Trace;
use super::{Entries, ListName, version};
use crate::flows;
use crate::organisation::Reason;
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
    /// Addresses and domains that wait for a second person.
    pub waiting: usize,
}

/// Remembers who wrote to whom, and proposes the addresses and domains that were written to at least `times` times for the lists of
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
    reason: &Reason,
) -> Result<Seeded, ListError> {
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
    for (list, found) in [(ListName::Correspondents, &written), (ListName::KnownDomains, &domains)] {
        let (entries, waiting) = extend(cerebro, op, list, found, times, reason).await?;
        seeded.waiting += waiting;
        *(if list == ListName::Correspondents { &mut seeded.correspondents } else { &mut seeded.domains }) =
            entries;
    }
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

/// Asks for what was written to often enough on a list; gives the number of its entries, and of those that wait. A list holds no more
/// than it may: the most written to come first.
async fn extend(
    cerebro: &Cerebro,
    op: &Operation,
    list: ListName,
    found: &HashMap<&str, u32>,
    times: u32,
    reason: &Reason,
) -> Result<(usize, usize), ListError> {
    let (_, known) = version::latest(op, list).await?;
    let mut often: Vec<(&str, u32)> =
        found.iter().filter(|(_, count)| **count >= times).map(|(entry, count)| (*entry, *count)).collect();
    often.sort_by_key(|(entry, count)| (std::cmp::Reverse(*count), *entry));
    often.retain(|(entry, _)| known.binary_search_by(|known| known.as_str().cmp(entry)).is_err());
    let room = list.most().saturating_sub(known.len());
    let often: Vec<String> = often.into_iter().take(room).map(|(entry, _)| entry.to_owned()).collect();
    if often.is_empty() {
        return Ok((known.len(), 0));
    }
    let permit = op.permit(action::ReplaceList, op.organisation()).await.map_err(OperationError::from)?;
    let wanted = Wanted::Added(Entries::of(list, often));
    let changed = change::change(cerebro, op, permit, wanted, Some(reason)).await?;
    Ok((changed.entries, changed.waits.map_or(0, |waits| waits.added)))
}

fn owns(organisation: &Organisation, address: &str) -> bool {
    organisation.domains.iter().any(|own| own == domain(address))
}

fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}
