//! Past flows are looked at again with the controls and lists of today: after a list of restricted issuers changed, what left
//! before it did. Nothing is undone; the entry says how many, the answer which.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use vocabulary::{FlowId, Timestamp, bounds};

use super::replay;
use crate::Cerebro;
use crate::flows::assessed;

/// A flow that controls would match today and did not when it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Which.
    pub flow: FlowId,
    /// When it came.
    pub at: Timestamp,
    /// The controls that match now and did not.
    pub controls: Vec<String>,
}

/// What looking back found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedBack {
    /// Flows looked at.
    pub flows: u64,
    /// Flows that could not be read again.
    pub unread: u64,
    /// There were more than are looked at.
    pub more: bool,
    /// What matches now and did not, the latest first.
    pub seen: Vec<Seen>,
}

/// Looks at the flows since a moment again. Flows whose last assessment was made with the same controls and lists are not read:
/// they say the same.
///
/// # Errors
/// Not permitted, the database did not answer, or the entry could not be kept: nothing is told then.
pub async fn look_back(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::LookBack>,
    since: Timestamp,
) -> Result<LookedBack, OperationError> {
    let organisation = cerebro
        .organisation(op.organisation())
        .ok_or_else(|| OperationError::Damaged("the organisation is not loaded".into()))?;
    let past = replay::flows(op, since).await?;
    let mut found = LookedBack { flows: 0, unread: 0, more: past.more, seen: Vec::new() };
    for (flow, at) in past.flows {
        found.flows += 1;
        let made = assessed::latest(op, flow).await?;
        let same = made.as_ref().is_some_and(|made| {
            made.versions.lists == organisation.facts.digest()
                && made.versions.control_set == organisation.controls.digest()
        });
        if same {
            continue;
        }
        let Some(past) = replay::again(cerebro, op, &organisation, flow, at).await? else {
            found.unread += 1;
            continue;
        };
        let now = past.assess(&organisation.facts, &organisation.controls);
        let known =
            |control: &str| made.iter().flat_map(|made| &made.matches).any(|found| found.control == control);
        let mut controls: Vec<String> =
            now.matches.into_iter().map(|found| found.control).filter(|control| !known(control)).collect();
        controls.dedup();
        if !controls.is_empty() && found.seen.len() < bounds::LOOKED_BACK_MAX {
            found.seen.push(Seen { flow, at, controls });
        }
        tokio::task::yield_now().await;
    }
    let entry = Evidence::of(EvidenceKind::FlowsLookedBack, op.organisation())
        .with("since", since.rfc3339())
        .with("control_set", organisation.controls.digest().to_owned())
        .with("lists", organisation.facts.digest().to_owned())
        .with("flows", found.flows)
        .with("unread", found.unread)
        .with("seen", found.seen.len());
    op.write(permit, async move |_: &mut Tx<'_>, _| Ok::<_, OperationError>(((), entry))).await?;
    Ok(found)
}
