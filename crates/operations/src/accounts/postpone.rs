//! A person puts the question of a second factor off (clause A1): asked again at the next sign-in after a week.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use vocabulary::{AccountId, bounds};

use super::sql;

/// Puts it off. Who must have a second factor never gets here: their sessions can only enrol.
///
/// # Errors
/// Not permitted, or not kept.
pub async fn postpone(op: &Operation, permit: Permit<action::PostponeFactor>) -> Result<(), OperationError> {
    let until = op.now().plus(bounds::FACTOR_POSTPONED);
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        tx.execute(sql::POSTPONE, vec![account.into(), until.into()]).await?;
        let evidence = Evidence::of(EvidenceKind::FactorPostponed, account).with("until", until.rfc3339());
        Ok::<_, OperationError>(((), evidence))
    })
    .await
}
