//! The control set that a message was assessed with: what people and the register read of a decision is the law as it stood then,
//! not as it stands today.

use std::sync::Arc;

use access::{Operation, OperationError, Tx};
use compliance::ControlSet;
use vocabulary::{ControlSetId, Timestamp};

use super::{load, sql};
use crate::Cerebro;
use crate::review::open::{Contents, HeldMessage};

/// The set that a message was assessed with, as far as it is kept, beside the one in force.
#[derive(Debug, Clone)]
pub struct Then {
    /// The one of that time; `None` where it is not kept: the set of another version of the program, or one that this version
    /// cannot read.
    pub then: Option<Arc<ControlSet>>,
    /// When it was published; `None` for the set that ships with the program.
    pub published: Option<Timestamp>,
    /// The one in force.
    pub now: Arc<ControlSet>,
}

/// The set that holds an opened message. Whoever opened it may read why it waits.
///
/// # Errors
/// The database did not answer, or the organisation is not loaded.
pub async fn of_hold(
    cerebro: &Cerebro,
    op: &Operation,
    held: &HeldMessage,
    contents: &Contents,
) -> Result<Then, OperationError> {
    let organisation = cerebro
        .organisation(op.organisation())
        .ok_or_else(|| OperationError::Damaged("the organisation is not loaded".into()))?;
    let now = Arc::clone(&organisation.controls);
    let digest = &contents.assessment.versions.control_set;
    let published = published(op, digest).await?;
    let then = set(cerebro, op, digest, &published, &now).await;
    let before = published.iter().find(|(_, at)| *at <= held.held_at);
    Ok(Then { then, published: before.map(|(_, at)| *at), now })
}

/// The set of a digest: the one in force, the one the program came with, or a past one that is still kept.
///
/// # Errors
/// The database did not answer.
pub(crate) async fn of_digest(
    cerebro: &Cerebro,
    op: &Operation,
    digest: &str,
    in_force: &Arc<ControlSet>,
) -> Result<Option<Arc<ControlSet>>, OperationError> {
    if in_force.digest() == digest {
        return Ok(Some(Arc::clone(in_force)));
    }
    let published = published(op, digest).await?;
    Ok(set(cerebro, op, digest, &published, in_force).await)
}

async fn set(
    cerebro: &Cerebro,
    op: &Operation,
    digest: &str,
    published: &[(ControlSetId, Timestamp)],
    in_force: &Arc<ControlSet>,
) -> Option<Arc<ControlSet>> {
    let known = [in_force, cerebro.started_with()].into_iter().find(|known| known.digest() == digest);
    if let Some(known) = known {
        return Some(Arc::clone(known));
    }
    // A set that this version cannot read any more is one that is not kept.
    load(op, published.first()?.0, in_force).await.ok()
}

/// Each time a set with these controls was published, the latest first.
async fn published(op: &Operation, digest: &str) -> Result<Vec<(ControlSetId, Timestamp)>, OperationError> {
    let digest = digest.to_owned();
    let rows = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch(sql::PUBLISHED_WITH, vec![digest.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.get(1)?))).collect()
}
