//! What one assessment leaves for calibration: scores and which of them controls asked about. No contents.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Measure, Scores};
use crate::Assessment;

/// The scores of one message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observed {
    /// The scale of the topics model's scores.
    topics: String,
    /// The scale of the encoder's; empty without one.
    encoder: String,
    /// What is above nothing.
    scores: Scores,
    /// Those that a control which matched rests on.
    asked: BTreeSet<Measure>,
}

impl Observed {
    /// Of one assessment.
    #[must_use]
    pub fn of(assessment: &Assessment) -> Self {
        let scale =
            |name: &str| name.parse().map(|measure| assessment.versions.scale(measure)).unwrap_or_default();
        Self {
            topics: scale("topics.highest"),
            encoder: scale("encoder.highest"),
            scores: assessment.scores.clone(),
            asked: assessment.matches.iter().flat_map(|found| found.measures.iter().copied()).collect(),
        }
    }

    /// The score, when it was measured on this scale.
    #[must_use]
    pub fn score(&self, measure: Measure, scale: &str) -> Option<u16> {
        let own = if measure.is_of_encoder() { &self.encoder } else { &self.topics };
        (own == scale && !scale.is_empty()).then(|| self.scores.get(&measure).copied().unwrap_or(0))
    }

    /// What a decision says of this score: that a message was let go speaks against any suspicion; that it was refused speaks
    /// for one only when a control had asked about it.
    #[must_use]
    pub fn label(&self, measure: Measure, refused: bool) -> Option<bool> {
        (!refused || self.asked.contains(&measure)).then_some(refused)
    }
}
