//! An administrator other than whoever used it looks at what was done, and says so. Until then it stays a task of all of them.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx, action};
use vocabulary::BreakGlassId;

use super::{context, list, sql};
use crate::accounts::people::{self, SamePerson};
use crate::organisation::Reason;

/// Why it stays open. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum ReviewGlassError {
    /// There is none of that id here.
    #[error("there is no such use of break-glass")]
    NotFound,
    /// It is not over, or was reviewed.
    #[error("it is reviewed once, when its time is over")]
    NotNow,
    /// Whoever used it does not review it.
    #[error("whoever used break-glass does not review it, nor does a second account of theirs")]
    SamePerson(#[from] SamePerson),
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for ReviewGlassError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// Closes the task.
///
/// # Errors
/// [`ReviewGlassError`]; nothing changed.
pub async fn review(
    op: &Operation,
    permit: Permit<action::ReviewGlass>,
    found: Reason,
) -> Result<(), ReviewGlassError> {
    let by = op.actor().account().ok_or(ReviewGlassError::NotFound)?;
    let glass = list::find(op, permit.subject()).await?.ok_or(ReviewGlassError::NotFound)?;
    let text = found.as_str().as_bytes();
    let sealed = op.instance().seal_lasting(op.organisation(), &context(glass.id, "review"), text)?;
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, id: BreakGlassId| {
        people::distinct::<ReviewGlassError>(tx, by, &[glass.account]).await?;
        let values = vec![id.into(), by.into(), now.into(), sealed.into()];
        if tx.execute(sql::REVIEW, values).await? == 0 {
            return Err(ReviewGlassError::NotNow);
        }
        Ok(((), Evidence::of(EvidenceKind::BreakGlassReviewed, id).with("found", found.as_str())))
    })
    .await
}
