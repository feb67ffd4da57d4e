//! A second person publishes a draft: it is in force here when this returns, and on every node within seconds.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use compliance::ControlSet;
use vocabulary::{AccountId, ControlSetId};

use super::{ControlsError, SetState, draft, look, open, sql};
use crate::Cerebro;
use crate::accounts::people;

/// Publishes it. It must have been rehearsed beside the set in force now; its samples run once more.
///
/// # Errors
/// [`ControlsError`]; the set in force is as it was.
pub async fn publish(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::PublishControls>,
) -> Result<(), ControlsError> {
    let by = op.actor().account().ok_or(ControlsError::Nobody)?;
    let id = permit.subject();
    let (line, sealed) = look::sealed(op, id).await?.ok_or(ControlsError::NotFound)?;
    if line.state != SetState::Draft {
        return Err(ControlsError::Over);
    }
    let (_, set) = draft::checked(open(op, id, &sealed)?).await?;
    // Another node may have published since this one looked.
    cerebro.refresh().await?;
    let before = cerebro
        .organisation(op.organisation())
        .ok_or_else(|| OperationError::Damaged("the organisation is not loaded".into()))?;
    if line.rehearsed_on.as_deref() != Some(before.controls.digest()) {
        return Err(ControlsError::NotRehearsed);
    }
    check_calibrated(set, &before.controls)?;
    let drafted_by: Option<AccountId> = line.drafted_by.parse().ok();
    let (now, was) = (op.now(), before.controls.digest().to_owned());
    op.write_in_turn(permit, async move |tx: &mut Tx<'_>, id: ControlSetId| {
        people::distinct::<ControlsError>(tx, by, drafted_by.as_slice()).await?;
        let values = vec![id.into(), SetState::Published.word().into(), by.to_string().into(), now.into()];
        if tx.execute(sql::END, values).await? == 0 {
            return Err(ControlsError::Over);
        }
        let evidence = Evidence::of(EvidenceKind::ControlsPublished, id)
            .with("number", line.number)
            .with("control_set", line.digest)
            .with("before", was)
            .with("drafted_by", line.drafted_by);
        Ok(((), evidence))
    })
    .await?;
    cerebro.refresh().await?;
    Ok(())
}

/// What models say holds nothing before it was calibrated on the organisation's own messages. Each assessment asks again: a
/// calibration that ends later makes its controls observe.
fn check_calibrated(set: ControlSet, in_force: &ControlSet) -> Result<(), ControlsError> {
    let set = set.with_models(in_force.models().clone()).with_calibrations(in_force.calibrations().clone());
    let missing = set.uncalibrated().into_iter().map(|(control, measures)| {
        let names: Vec<&str> = measures.into_iter().map(|measure| measure.name()).collect();
        format!("{control} ({})", names.join(", "))
    });
    let missing: Vec<String> = missing.collect();
    if missing.is_empty() { Ok(()) } else { Err(ControlsError::Uncalibrated(missing)) }
}
