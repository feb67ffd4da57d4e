//! The life of a calibration: scores are counted on the organisation's own messages, a threshold is proposed on the count, a
//! second person signs it, and controls that rest on the score may hold from it on, for as long as the score is measured in
//! the same way.

pub mod look;
pub mod measure;
pub mod propose;
pub mod sign;
pub mod withdraw;

use std::collections::{BTreeMap, HashMap};

use access::{Instance, OperationError, StoreError, Tx};
use compliance::ControlSet;
use compliance::calibration::{Calibrations, Measure, Observations, Threshold};
use serde::{Deserialize, Serialize};
use vocabulary::{CalibrationId, OrganisationId, PlatformReason, bounds};

use crate::accounts::people::SamePerson;

pub(crate) mod sql {
    access::statements! {
        Platform IN_FORCE = "SELECT organisation, measure, scale, from_score FROM calibration WHERE state = 'in_force' ORDER BY organisation, measure LIMIT 20000";
        Organisation SCORES = "SELECT f.id, f.received_at, a.id, a.scores, h.state FROM flow f JOIN assessment a ON a.organisation = $1 AND a.flow = f.id LEFT JOIN hold h ON h.organisation = $1 AND h.flow = f.id AND h.assessment = a.id WHERE f.organisation = $1 AND f.received_at >= $2 AND (f.received_at < $3 OR (f.received_at = $3 AND f.id < $4)) ORDER BY f.received_at DESC, f.id DESC, a.created_at DESC LIMIT $5";
        Organisation KEEP_COUNT = "INSERT INTO score_count (organisation, sealed, measured_by, measured_at) VALUES ($1, $2, $3, $4) ON CONFLICT (organisation) DO UPDATE SET sealed = $2, measured_by = $3, measured_at = $4";
        Organisation COUNT = "SELECT sealed, measured_by, measured_at FROM score_count WHERE organisation = $1";
        Organisation INSERT = "INSERT INTO calibration (organisation, id, measure, scale, from_score, messages, days, sealed, state, measured_at, proposed_by, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'proposed', $9, $10, $11)";
        Organisation PROPOSED = "SELECT COUNT(*) FROM calibration WHERE organisation = $1 AND state = 'proposed'";
        Organisation ONE = "SELECT id, measure, scale, from_score, messages, days, state, measured_at, proposed_by, proposed_at, signed_by, signed_at, ended_by, ended_at, sealed FROM calibration WHERE organisation = $1 AND id = $2";
        Organisation LIST = "SELECT id, measure, scale, from_score, messages, days, state, measured_at, proposed_by, proposed_at, signed_by, signed_at, ended_by, ended_at FROM calibration WHERE organisation = $1 ORDER BY proposed_at DESC, id DESC LIMIT 100";
        Organisation REPLACE = "UPDATE calibration SET state = 'ended', ended_by = $3, ended_at = $4 WHERE organisation = $1 AND measure = $2 AND state = 'in_force'";
        Organisation SIGN = "UPDATE calibration SET state = 'in_force', signed_by = $3, signed_at = $4 WHERE organisation = $1 AND id = $2 AND state = 'proposed'";
        Organisation DROP = "UPDATE calibration SET state = 'ended', ended_by = $3, ended_at = $4 WHERE organisation = $1 AND id = $2 AND state = 'proposed'";
    }
}

/// What was counted of one score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// What it was measured with.
    pub scale: String,
    /// Days that have messages among those counted.
    pub days: u64,
    /// The counts.
    pub seen: Observations,
}

/// What was counted of every score that is measured at present.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    /// By score.
    pub measures: BTreeMap<Measure, Counted>,
    /// Messages whose scores could not be read, or were not kept: erased, or from before.
    pub unread: u64,
    /// There were more messages than are counted.
    pub more: bool,
}

/// Where a calibration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalibrationState {
    /// It waits for a second person.
    Proposed,
    /// Controls may hold by it, while the score is measured in the same way.
    InForce,
    /// It was turned down, taken back or replaced.
    Ended,
}

vocabulary::words!(CalibrationState { Proposed = "proposed", InForce = "in_force", Ended = "ended" });

/// Why something was not done with a calibration. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum CalibrationError {
    /// There is no such calibration here.
    #[error("there is no such calibration")]
    NotFound,
    /// Scores were not counted yet, or not of late.
    #[error("scores were not counted of late: count them first")]
    NotCounted,
    /// The score is measured with other models than when it was counted.
    #[error("the score is measured with other models than when it was counted: count again")]
    OtherModels,
    /// Too few messages, or too few days.
    #[error(
        "a calibration rests on {} messages and {} days at least; counted: {messages} and {days}",
        bounds::CALIBRATION_MESSAGES_MIN,
        bounds::CALIBRATION_DAYS_MIN
    )]
    TooFew {
        /// Messages counted.
        messages: u64,
        /// Days with messages.
        days: u64,
    },
    /// No threshold of the curve.
    #[error("a threshold is a step of ten from 10 to 1000")]
    NoThreshold,
    /// It would hold too much ordinary mail.
    #[error(
        "more than {} messages in a thousand reach that score: choose a higher one",
        bounds::CALIBRATION_HELD_PER_MILLE_MAX
    )]
    HoldsTooMuch,
    /// Too many wait.
    #[error("at most {} calibrations wait at once: answer some first", bounds::CALIBRATIONS_PROPOSED_MAX)]
    TooMany,
    /// It was signed or ended already.
    #[error("the calibration does not wait any more")]
    Over,
    /// Whoever signs proposed it, by this or another account.
    #[error("whoever proposes a calibration and whoever signs it are two people; this one is both")]
    SamePerson(#[from] SamePerson),
    /// A command at the machine signs nothing: a person does.
    #[error("a calibration is signed by a person who is signed in")]
    Nobody,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for CalibrationError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// What is in force of every organisation that has something.
///
/// # Errors
/// The database did not answer, or holds something that is no calibration.
pub(crate) async fn in_force(
    instance: &Instance,
) -> Result<HashMap<OrganisationId, Calibrations>, OperationError> {
    let rows = instance
        .read_platform(PlatformReason::Gateway, async |tx: &mut Tx<'_>| tx.fetch(sql::IN_FORCE, vec![]).await)
        .await
        .map_err(OperationError::Store)?;
    let mut found: HashMap<OrganisationId, Vec<(Measure, Threshold)>> = HashMap::new();
    for row in &rows {
        // A score of another version of this program is none here: its controls observe.
        let Ok(measure) = row.get::<String>(1)?.parse::<Measure>() else { continue };
        let from = u16::try_from(row.get::<u64>(3)?).unwrap_or(u16::MAX);
        found.entry(row.parse(0)?).or_default().push((measure, Threshold { scale: row.get(2)?, from }));
    }
    Ok(found.into_iter().map(|(id, all)| (id, all.into_iter().collect())).collect())
}

/// What a score is measured with at present; empty when it is not.
#[must_use]
pub fn scale(set: &ControlSet, measure: Measure) -> String {
    compliance::Assessment::empty(set).versions.scale(measure)
}

fn context(id: CalibrationId) -> String {
    format!("{id}/calibration")
}

fn count_context(organisation: OrganisationId) -> String {
    format!("{organisation}/scores")
}
