//! A person puts the question of a second factor off (clause A1), for as many days as the organisation allows: asked again
//! at the next sign-in after them.

use std::time::Duration;

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use vocabulary::{AccountId, bounds};

use super::sql;
use crate::Policy;

/// Puts it off. Who must have a second factor never gets here: their sessions can only enrol.
///
/// # Errors
/// Not permitted, or not kept.
pub async fn postpone(op: &Operation, permit: Permit<action::PostponeFactor>) -> Result<(), OperationError> {
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        let days = Policy::inside(tx).await?.postpone_days.min(bounds::FACTOR_POSTPONED_DAYS_MAX);
        let until = now.plus(Duration::from_secs(u64::from(days) * 24 * 3600));
        tx.execute(sql::POSTPONE, vec![account.into(), until.into()]).await?;
        let evidence = Evidence::of(EvidenceKind::FactorPostponed, account).with("until", until.rfc3339());
        Ok::<_, OperationError>(((), evidence))
    })
    .await
}
