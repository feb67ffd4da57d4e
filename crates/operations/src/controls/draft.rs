//! A control set is drafted from files. Samples run here: what does not match as its file says is no draft.

use access::{Evidence, EvidenceKind, Operation, OperationError, Permit, Tx, action};
use compliance::ControlSet;
use vocabulary::{ControlSetId, OrganisationId};

use super::wrong::Wrong;
use super::{ControlsError, Kept, context, sql};
use crate::Cerebro;
use crate::organisation::Reason;

/// Drafts a set of control files, given as name and text. Nothing is in force by it.
///
/// # Errors
/// [`ControlsError`]: among others, everything wrong with the files.
pub async fn draft(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::DraftControls>,
    files: Vec<(String, String)>,
    reason: &Reason,
) -> Result<(ControlSetId, u64), ControlsError> {
    if files.is_empty() {
        return Err(ControlsError::Invalid(vec![Wrong::Empty]));
    }
    let (kept, set) = checked(Kept { files, reason: reason.as_str().to_owned() }).await?;
    let in_force = cerebro
        .organisation(op.organisation())
        .ok_or_else(|| OperationError::Damaged("the organisation is not loaded".into()))?;
    if in_force.controls.digest() == set.digest() {
        return Err(ControlsError::InForce);
    }
    let id = ControlSetId::new(op.now(), op.entropy());
    let plain = serde_json::to_vec(&kept).map_err(|_| OperationError::Damaged("a control set".into()))?;
    let sealed = op.instance().seal_lasting(op.organisation(), &context(id), &plain)?;
    let (count, digest) = (set.controls().len(), set.digest().to_owned());
    let (changed, now, by) = (changed(&in_force.controls, &set), op.now(), op.actor().to_string());
    let number = op
        .write_in_turn(permit, async move |tx: &mut Tx<'_>, _: OrganisationId| {
            let last = tx.fetch_optional(sql::NEXT_NUMBER, vec![]).await?;
            let number = last.map_or(Ok(0), |row| row.get::<u64>(0))? + 1;
            let values = vec![
                id.into(),
                number.into(),
                digest.clone().into(),
                count.into(),
                sealed.into(),
                by.into(),
                now.into(),
            ];
            tx.execute(sql::INSERT, values).await?;
            let evidence = Evidence::of(EvidenceKind::ControlsDrafted, id)
                .with("number", number)
                .with("control_set", digest)
                .with("controls", count)
                .with("changed", changed);
            Ok::<_, ControlsError>((number, evidence))
        })
        .await?;
    Ok((id, number))
}

/// Reads the files and runs the samples, away from everybody's thread.
pub(super) async fn checked(kept: Kept) -> Result<(Kept, ControlSet), ControlsError> {
    let read = tokio::task::spawn_blocking(move || {
        let set = kept.checked();
        (kept, set)
    });
    let (kept, set) = read.await.map_err(|_| OperationError::Damaged("a control set stopped us".into()))?;
    Ok((kept, set.map_err(ControlsError::Invalid)?))
}

/// The ids of controls that are new, gone or otherwise than in force.
pub(super) fn changed(before: &ControlSet, after: &ControlSet) -> Vec<String> {
    let texts = |set: &ControlSet| -> std::collections::BTreeMap<String, String> {
        set.texts().map(|(id, text)| (id.to_owned(), text.to_owned())).collect()
    };
    let (before, after) = (texts(before), texts(after));
    let mut ids: Vec<String> =
        after.iter().filter(|(id, text)| before.get(*id) != Some(text)).map(|(id, _)| id.clone()).collect();
    ids.extend(before.keys().filter(|id| !after.contains_key(*id)).cloned());
    ids.sort();
    ids
}
