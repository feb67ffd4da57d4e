//! What was decided of a flow, by which controls, made with which versions: for whoever answers for decisions. No contents.

use access::{Operation, OperationError, Permit, Tx, action};
use compliance::{Assessment, ControlMatch, Versions};
use vocabulary::{AssessmentId, FlowId, Timestamp};

use super::settle::{Reviewed, assessment_context};
use super::sql;

/// An assessment that was made of a flow.
#[derive(Debug, Clone)]
pub struct AssessmentMade {
    /// Its id.
    pub id: AssessmentId,
    /// When it was made.
    pub at: Timestamp,
    /// The verdict's word.
    pub verdict: String,
    /// The controls that matched, observed ones too.
    pub matches: Vec<ControlMatch>,
    /// What it was made with: engine, controls, lists, facts.
    pub versions: Versions,
}

/// The assessments of a flow, the first one first; none of another organisation.
///
/// # Errors
/// The database did not answer, or one does not open.
pub async fn of_flow(
    op: &Operation,
    _permit: &Permit<action::ReadLedger>,
    flow: FlowId,
) -> Result<Vec<AssessmentMade>, OperationError> {
    all(op, flow).await
}

/// The latest of them, with what was found: for the machine, which compares it.
pub(crate) async fn latest(op: &Operation, flow: FlowId) -> Result<Option<Assessment>, OperationError> {
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::ASSESSMENT, vec![flow.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    let Some(row) = row else { return Ok(None) };
    let opened = op.open(&assessment_context(row.parse(0)?), &row.get::<Vec<u8>>(1)?)?;
    let reviewed: Reviewed =
        serde_json::from_slice(&opened).map_err(|_| OperationError::Damaged("an assessment".into()))?;
    Ok(Some(reviewed.assessment))
}

async fn all(op: &Operation, flow: FlowId) -> Result<Vec<AssessmentMade>, OperationError> {
    let rows = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch(sql::ASSESSMENTS, vec![flow.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let id: AssessmentId = row.parse(0)?;
        let opened = op.open(&assessment_context(id), &row.get::<Vec<u8>>(2)?)?;
        let reviewed: Reviewed =
            serde_json::from_slice(&opened).map_err(|_| OperationError::Damaged("an assessment".into()))?;
        let (matches, versions) = (reviewed.assessment.matches, reviewed.assessment.versions);
        all.push(AssessmentMade { id, at: row.get(3)?, verdict: row.get(1)?, matches, versions });
    }
    Ok(all)
}
