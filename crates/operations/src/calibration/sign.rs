//! A second person signs a calibration: controls that rest on its score may hold from it on, here when this returns, on every
//! node within seconds. It replaces what was in force for the score.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use vocabulary::{AccountId, CalibrationId, bounds};

use super::{CalibrationError, CalibrationState, look, scale, sql};
use crate::Cerebro;
use crate::accounts::people;

/// Signs it. The score must be measured as it was when it was counted, and that must be of late.
///
/// # Errors
/// [`CalibrationError`]; what was in force stays.
pub async fn sign(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::SignCalibration>,
) -> Result<(), CalibrationError> {
    let by = op.actor().account().ok_or(CalibrationError::Nobody)?;
    let line = look::line(op, permit.subject()).await?.ok_or(CalibrationError::NotFound)?;
    if line.state != CalibrationState::Proposed {
        return Err(CalibrationError::Over);
    }
    let organisation = cerebro
        .organisation(op.organisation())
        .ok_or_else(|| OperationError::Damaged("the organisation is not loaded".into()))?;
    if line.scale != scale(&organisation.controls, line.measure) {
        return Err(CalibrationError::OtherModels);
    }
    if line.measured_at.plus(bounds::CALIBRATION_MEASURED_MAX) < op.now() {
        return Err(CalibrationError::NotCounted);
    }
    let proposed_by: Option<AccountId> = line.proposed_by.parse().ok();
    let (now, who) = (op.now(), by.to_string());
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, id: CalibrationId| {
        people::distinct::<CalibrationError>(tx, by, proposed_by.as_slice()).await?;
        let replaced = tx
            .execute(sql::REPLACE, vec![line.measure.name().into(), who.as_str().into(), now.into()])
            .await?;
        if tx.execute(sql::SIGN, vec![id.into(), who.into(), now.into()]).await? == 0 {
            return Err(CalibrationError::Over);
        }
        let evidence = Evidence::of(EvidenceKind::CalibrationSigned, id)
            .with("measure", line.measure.name())
            .with("from", u64::from(line.from))
            .with("scale", line.scale)
            .with("messages", line.messages)
            .with("days", line.days)
            .with("proposed_by", line.proposed_by)
            .with("replaced", replaced);
        Ok(((), evidence))
    })
    .await?;
    cerebro.refresh().await?;
    Ok(())
}
