//! Whether a score may hold a message: what is measured on an institution's own mail, and what is in force because of it.
//!
//! A score ranks. Which share of an institution's ordinary mail reaches it, and how often reviewers found the message to be what
//! it looked like, is known only from that institution's mail: [`Observations`] count it without contents, [`Curve`] says what
//! each threshold would have meant, and a [`Calibrations`] lets a control that asks about a score hold from a threshold on,
//! for as long as the score is measured in the same way ([`Versions::scale`]).

mod curve;
mod isotonic;
mod observed;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Versions;
use crate::facts::Framed;

pub use curve::{Bucket, Curve, Observations, Point, STEP};
pub use isotonic::isotonic;
pub use observed::Observed;

/// The scores that can be calibrated: every one that a condition can ask about, by the name it is asked by.
const NAMES: [&str; 18] = [
    "topics.highest",
    "topics.aml",
    "topics.bribery",
    "topics.collusion_secrecy",
    "topics.complaint",
    "topics.conflict_of_interest",
    "topics.data_leak",
    "topics.guaranteed_return",
    "topics.harassment_threat",
    "topics.market_abuse",
    "topics.off_channel",
    "topics.payment_fraud",
    "topics.sales_signal",
    "topics.sanctions_evasion",
    "topics.tax_evasion",
    "topics.whistleblowing",
    "encoder.highest",
    "encoder.nearest",
];

/// One score, by the name conditions ask about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Measure(usize);

/// No score has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no score has this name: topics.… or encoder.highest, encoder.nearest")]
pub struct NoMeasure;

impl Measure {
    /// All of them, in a fixed order.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..NAMES.len()).map(Self)
    }

    /// The name conditions ask about it.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES.get(self.0).copied().unwrap_or("")
    }

    /// The word after the dot: the kind of misconduct, `highest` or `nearest`.
    #[must_use]
    pub fn kind(self) -> &'static str {
        self.name().split_once('.').map_or("", |(_, kind)| kind)
    }

    /// Whether it is the encoder's.
    #[must_use]
    pub fn is_of_encoder(self) -> bool {
        self.name().starts_with("encoder.")
    }

    /// The score a field of the catalogue rests on: counts and lists rest on the score their findings are drawn from.
    pub(crate) fn of_field(field: &str) -> Option<Self> {
        let (root, leaf) = field.split_once('.')?;
        let name = match (root, leaf) {
            ("topics", _) | ("encoder", "highest" | "nearest") => field.to_owned(),
            ("semantic", _) | ("encoder", "kinds" | "read") => "encoder.highest".to_owned(),
            ("exemplar", _) | ("encoder", "categories") => "encoder.nearest".to_owned(),
            _ => format!("topics.{}", root.strip_prefix("topic_")?),
        };
        name.parse().ok()
    }
}

impl FromStr for Measure {
    type Err = NoMeasure;

    fn from_str(text: &str) -> Result<Self, NoMeasure> {
        NAMES.iter().position(|name| *name == text).map(Self).ok_or(NoMeasure)
    }
}

impl TryFrom<String> for Measure {
    type Error = NoMeasure;

    fn try_from(text: String) -> Result<Self, NoMeasure> {
        text.parse()
    }
}

impl From<Measure> for String {
    fn from(measure: Measure) -> Self {
        measure.name().to_owned()
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The scores of one message that are above nothing, per mille.
pub type Scores = BTreeMap<Measure, u16>;

impl Versions {
    /// What a score of this assessment was measured with, SHA-256, lower-case hexadecimal: two scores compare only on one
    /// scale. Empty where the score was not measured.
    #[must_use]
    pub fn scale(&self, measure: Measure) -> String {
        if self.topics.is_empty() || (measure.is_of_encoder() && self.models.is_empty()) {
            return String::new();
        }
        let mut hash = Framed::new("cerebro scale 1");
        hash.text(&self.topics);
        // Which sentences the encoder reads, the topics model says.
        hash.text(if measure.is_of_encoder() { &self.models } else { "" });
        hash.finish()
    }
}

/// From which score on a score may hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Threshold {
    /// The scale it was calibrated on.
    pub scale: String,
    /// The score from which on, per mille.
    pub from: u16,
}

/// The calibrations of an organisation that are in force.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calibrations(BTreeMap<Measure, Threshold>);

impl FromIterator<(Measure, Threshold)> for Calibrations {
    fn from_iter<T: IntoIterator<Item = (Measure, Threshold)>>(all: T) -> Self {
        Self(all.into_iter().collect())
    }
}

impl Calibrations {
    /// SHA-256 over all of them, lower-case hexadecimal; empty without any.
    #[must_use]
    pub fn digest(&self) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        let mut hash = Framed::new("cerebro calibrations 1");
        hash.count(self.0.len());
        for (measure, threshold) in &self.0 {
            hash.text(measure.name());
            hash.text(&threshold.scale);
            hash.bytes(&threshold.from.to_be_bytes());
        }
        hash.finish()
    }

    /// The calibration of a score, when it was made on the scale the score is measured on.
    #[must_use]
    pub fn of(&self, measure: Measure, versions: &Versions) -> Option<&Threshold> {
        self.0
            .get(&measure)
            .filter(|threshold| !threshold.scale.is_empty() && threshold.scale == versions.scale(measure))
    }

    /// Those of `measures` that are not calibrated as they are measured.
    #[must_use]
    pub fn missing(&self, measures: &[Measure], versions: &Versions) -> Vec<Measure> {
        measures.iter().copied().filter(|measure| self.of(*measure, versions).is_none()).collect()
    }

    /// Whether a control that rests on these scores may hold this message: each is calibrated, and one of them at least reaches
    /// what was signed for it.
    pub(crate) fn allow(&self, measures: &[Measure], scores: &Scores, versions: &Versions) -> bool {
        let reached = |measure: &Measure| {
            let score = scores.get(measure).copied().unwrap_or(0);
            self.of(*measure, versions).is_some_and(|threshold| score >= threshold.from)
        };
        self.missing(measures, versions).is_empty() && measures.iter().any(reached)
    }
}
