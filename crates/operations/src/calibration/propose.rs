//! A threshold is proposed for a score, on what was counted of it. Nothing is in force by it.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use compliance::calibration::{Measure, STEP};
use vocabulary::{CalibrationId, OrganisationId, bounds};

use super::look::Kept;
use super::{CalibrationError, Counted, context, look, scale, sql};
use crate::Cerebro;
use crate::organisation::Reason;

/// Proposes that controls may hold by `measure` from the score `from` on, per mille.
///
/// # Errors
/// [`CalibrationError`]: among others, that too few messages were counted, or that too many reach the score.
pub async fn propose(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::ProposeCalibration>,
    measure: Measure,
    from: u16,
    reason: &Reason,
) -> Result<CalibrationId, CalibrationError> {
    let organisation = cerebro
        .organisation(op.organisation())
        .ok_or_else(|| OperationError::Damaged("the organisation is not loaded".into()))?;
    let last = look::last(op).await?.ok_or(CalibrationError::NotCounted)?;
    if last.at.plus(bounds::CALIBRATION_MEASURED_MAX) < op.now() {
        return Err(CalibrationError::NotCounted);
    }
    let counted = last.counts.measures.get(&measure).ok_or(CalibrationError::OtherModels)?.clone();
    if counted.scale != scale(&organisation.controls, measure) {
        return Err(CalibrationError::OtherModels);
    }
    check(&counted, from)?;
    let id = CalibrationId::new(op.now(), op.entropy());
    let (messages, days, scale) = (counted.seen.messages(), counted.days, counted.scale.clone());
    let kept = Kept { seen: counted.seen, reason: reason.as_str().to_owned() };
    let plain = serde_json::to_vec(&kept).map_err(|_| OperationError::Damaged("a calibration".into()))?;
    let sealed = op.instance().seal_lasting(op.organisation(), &context(id), &plain)?;
    let (by, now, measured_at) = (op.actor().to_string(), op.now(), last.at);
    op.write(permit, async move |tx: &mut Tx<'_>, _: OrganisationId| {
        let waiting = tx.fetch_optional(sql::PROPOSED, vec![]).await?;
        if waiting.map_or(Ok(0), |row| row.get::<u64>(0))? >= bounds::CALIBRATIONS_PROPOSED_MAX {
            return Err(CalibrationError::TooMany);
        }
        let evidence = Evidence::of(EvidenceKind::CalibrationProposed, id)
            .with("measure", measure.name())
            .with("from", u64::from(from))
            .with("scale", scale.clone())
            .with("messages", messages)
            .with("days", days);
        let values = vec![
            id.into(),
            measure.name().into(),
            scale.into(),
            u64::from(from).into(),
            messages.into(),
            days.into(),
            sealed.into(),
            measured_at.into(),
            by.into(),
            now.into(),
        ];
        tx.execute(sql::INSERT, values).await?;
        Ok((id, evidence))
    })
    .await
}

/// Enough was counted, and the threshold leaves ordinary mail alone.
fn check(counted: &Counted, from: u16) -> Result<(), CalibrationError> {
    let (messages, days) = (counted.seen.messages(), counted.days);
    if messages < bounds::CALIBRATION_MESSAGES_MIN || days < bounds::CALIBRATION_DAYS_MIN {
        return Err(CalibrationError::TooFew { messages, days });
    }
    if from == 0 || from > 1_000 || !from.is_multiple_of(STEP) {
        return Err(CalibrationError::NoThreshold);
    }
    let curve = counted.seen.curve(days);
    let point = curve.at(from).ok_or(CalibrationError::NoThreshold)?;
    if point.above.seen * 1_000 > bounds::CALIBRATION_HELD_PER_MILLE_MAX * messages {
        return Err(CalibrationError::HoldsTooMuch);
    }
    Ok(())
}
