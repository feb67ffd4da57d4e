//! A proposed calibration is turned down or taken back. What is in force is replaced only by another that a second person signs:
//! holding less than before needs two, as publishing a set that holds less does.

use access::{Evidence, EvidenceKind, Operation, Permit, Tx, action};
use vocabulary::CalibrationId;

use super::{CalibrationError, look, sql};

/// Gives it up; it can be proposed again.
///
/// # Errors
/// It does not wait any more, or is not of this organisation.
pub async fn withdraw(
    op: &Operation,
    permit: Permit<action::DropCalibration>,
) -> Result<(), CalibrationError> {
    let line = look::line(op, permit.subject()).await?.ok_or(CalibrationError::NotFound)?;
    let (by, now) = (op.actor().to_string(), op.now());
    op.write(permit, async move |tx: &mut Tx<'_>, id: CalibrationId| {
        if tx.execute(sql::DROP, vec![id.into(), by.into(), now.into()]).await? == 0 {
            return Err(CalibrationError::Over);
        }
        let evidence = Evidence::of(EvidenceKind::CalibrationDropped, id)
            .with("measure", line.measure.name())
            .with("from", u64::from(line.from));
        Ok(((), evidence))
    })
    .await
}
