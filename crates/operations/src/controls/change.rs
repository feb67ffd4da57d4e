//! A set is drafted from another one: one control changed or added by a form, or files put in its place.

use access::{Operation, OperationError, Permit, action};
use compliance::ControlError;
use compliance::control::{ControlEdit, ControlFault, EditError, id_of};
use vocabulary::ControlSetId;

use super::look::{self, Base};
use super::wrong::Wrong;
use super::{ControlsError, draft};
use crate::Cerebro;
use crate::organisation::Reason;

/// Drafts `base` with one control changed.
///
/// # Errors
/// [`ControlsError`]: among others, everything wrong with the control as it would be.
pub async fn one(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::DraftControls>,
    base: Base,
    control: &str,
    edit: &ControlEdit,
    reason: &Reason,
) -> Result<(ControlSetId, u64), ControlsError> {
    let mut files = files(cerebro, op, base).await?;
    let name = file_name(control);
    let (_, text) = files.iter_mut().find(|(known, _)| *known == name).ok_or(ControlsError::NoControl)?;
    *text = edit.changed(text)?;
    draft::draft(cerebro, op, permit, files, reason).await
}

/// Drafts `base` with one control more.
///
/// # Errors
/// [`ControlsError`]: among others, everything wrong with the control as it would be, its id too.
pub async fn added(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::DraftControls>,
    base: Base,
    id: &str,
    edit: &ControlEdit,
    reason: &Reason,
) -> Result<(ControlSetId, u64), ControlsError> {
    let mut files = files(cerebro, op, base).await?;
    let name = file_name(id);
    if files.iter().any(|(known, _)| *known == name) {
        return Err(taken(&name, id));
    }
    files.push((name, edit.written(id)?));
    draft::draft(cerebro, op, permit, files, reason).await
}

fn taken(name: &str, id: &str) -> ControlsError {
    let fault = ControlFault::DuplicateId { id: id.to_owned(), other: name.to_owned() };
    let error = ControlError { file: name.to_owned(), line: None, key: Some("id".into()), fault };
    ControlsError::Invalid(vec![Wrong::File(error)])
}

impl From<EditError> for ControlsError {
    fn from(error: EditError) -> Self {
        match error {
            EditError::NoControl => Self::NoControl,
            EditError::Sample(sample) => Self::Invalid(vec![Wrong::SampleKeys(sample)]),
        }
    }
}

/// Drafts `base` with files put in: each replaces the control of its id, or is added. Without a base the files are the whole set.
///
/// # Errors
/// [`ControlsError`]: among others, everything wrong with the files.
pub async fn several(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::DraftControls>,
    base: Option<Base>,
    texts: Vec<(String, String)>,
    reason: &Reason,
) -> Result<(ControlSetId, u64), ControlsError> {
    let mut files = match base {
        Some(base) => files(cerebro, op, base).await?,
        None => Vec::new(),
    };
    for (given, text) in texts {
        // What gives no id is told by the reading of the whole set, under the name it came with.
        let name = id_of(&text).map_or(given, |id| file_name(&id));
        match files.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = text,
            None => files.push((name, text)),
        }
    }
    draft::draft(cerebro, op, permit, files, reason).await
}

async fn files(
    cerebro: &Cerebro,
    op: &Operation,
    base: Base,
) -> Result<Vec<(String, String)>, ControlsError> {
    let permit = op.permit(action::ReadControls, op.organisation()).await.map_err(OperationError::from)?;
    let set = look::read(cerebro, op, &permit, base).await?.ok_or(ControlsError::NotFound)?;
    Ok(set.controls.texts().map(|(id, text)| (file_name(id), text.to_owned())).collect())
}

fn file_name(control: &str) -> String {
    format!("{}.toml", control.to_lowercase())
}
