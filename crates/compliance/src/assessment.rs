//! What an assessment says: verdicts, findings, which controls matched, what was not read, what it was made with.

use std::fmt;

use mail::{Place, RegionKind};
use serde::{Deserialize, Serialize};

use crate::ControlSet;
use crate::calibration::{Measure, Scores};
use crate::recipients::Standing;

/// What the controls conclude. Ordered: the gravest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Leaves.
    #[default]
    Pass,
    /// Waits for a person.
    Hold,
    /// Does not leave.
    Refuse,
}

/// How grave a match is. Ordered; `as i64` gives 1 to 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A lapse of form.
    Low = 1,
    /// Someone could be harmed.
    Medium = 2,
    /// The law is probably broken.
    High = 3,
    /// Markets, sanctions or many people are at stake.
    Critical = 4,
}

/// Whether a control acts or only watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Assess, record, let pass.
    Observe,
    /// Its verdict counts.
    Enforce,
}

/// What a detector found, where, and how sure it is. Its `Debug` shows no content (invariant 12).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Which detector: one of [`crate::detect::DETECTORS`], or `control_error`.
    pub detector: String,
    /// The part: a mail part id (`subject`, `1.2`, `2!inner.docx`), `<part>#name` for a file's name
    /// (`#name2`… for others it declares), `message` for the message as a whole.
    pub part: String,
    /// First byte in that part's text.
    pub start: usize,
    /// One past the last byte; both stand on character boundaries.
    pub end: usize,
    /// Whose words these are; `None` outside the message's own texts.
    pub region: Option<RegionKind>,
    /// Where it begins in a file: page, sheet and cell, slide; `None` outside files, and where the file has no places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// How sure, 0 to 100.
    pub certainty: u8,
    /// The text found, as written; for findings without place, a code (`encrypted`). Content: sealed at rest.
    pub excerpt: String,
    /// The lexicon's line that was found, the topic or kind and its score, or the nearest example; empty for other detectors. Sealed with the excerpt.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub term: String,
    /// The controls this finding counted for, by id.
    pub controls: Vec<String>,
}

/// A control whose condition held for at least one recipient, or could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlMatch {
    /// Its id.
    pub control: String,
    /// Its version.
    pub version: u32,
    /// Whether its verdict counts.
    pub mode: Mode,
    /// What it concludes. With [`Mode::Observe`], what it would have concluded.
    pub verdict: Verdict,
    /// How grave.
    pub severity: Severity,
    /// Which hold clock applies.
    pub hold_class: String,
    /// Indices into [`Assessment::findings`], in order.
    pub findings: Vec<usize>,
    /// Indices of the recipients concerned, in order.
    pub recipients: Vec<usize>,
    /// Why the condition could not be evaluated; it then holds.
    pub error: Option<String>,
    /// The scores it rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub measures: Vec<Measure>,
    /// The control says that its verdict counts, and it does not: what it rests on is not calibrated, or the message stays
    /// under what was signed ([`crate::calibration`]).
    #[serde(default, skip_serializing_if = "is_false")]
    pub uncalibrated: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form serde asks for")]
const fn is_none(value: &u64) -> bool {
    *value == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the form serde asks for")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// Something of the message that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incomplete {
    /// Where.
    pub part: String,
    /// Why, as a code.
    pub reason: String,
}

/// What an assessment was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// The engine, [`crate::ENGINE`].
    pub engine: String,
    /// The control set, SHA-256, lower-case hexadecimal.
    pub control_set: String,
    /// The organisation's lists, SHA-256, lower-case hexadecimal; empty in assessments made before they had one.
    #[serde(default)]
    pub lists: String,
    /// The facts, SHA-256, lower-case hexadecimal.
    pub facts: String,
    /// The topics model, SHA-256, lower-case hexadecimal; empty in assessments made before it was named.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub topics: String,
    /// The organisation's calibrations, SHA-256, lower-case hexadecimal; empty without any.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub calibrations: String,
    /// The encoder's model and the examples, SHA-256, lower-case hexadecimal; empty without them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub models: String,
}

/// The outcome, immutable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// The gravest verdict over the recipients.
    pub verdict: Verdict,
    /// One verdict per recipient, in the order of the facts.
    pub recipients: Vec<Verdict>,
    /// What each recipient is to the organisation, in the order of the facts; empty where nothing is said of any, and in
    /// assessments made before it was kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub standings: Vec<Standing>,
    /// What was found, in the order of the message; at most `FINDINGS_MAX`.
    pub findings: Vec<Finding>,
    /// The controls that matched, in the order of the set.
    pub matches: Vec<ControlMatch>,
    /// What was not read.
    pub incomplete: Vec<Incomplete>,
    /// Findings counted for the conditions, and not kept.
    pub dropped_findings: u64,
    /// Sentences that topics did not score, because so many were before; every detector looked at them.
    #[serde(default, skip_serializing_if = "is_none")]
    pub unscored_sentences: u64,
    /// What the models say of it, where they say something.
    #[serde(default, skip_serializing_if = "Scores::is_empty")]
    pub scores: Scores,
    /// What it was made with.
    pub versions: Versions,
}

impl Assessment {
    /// Nothing assessed yet: no recipient, no finding, the versions of this engine and `set`.
    #[must_use]
    pub fn empty(set: &ControlSet) -> Self {
        Self {
            verdict: Verdict::Pass,
            recipients: Vec::new(),
            standings: Vec::new(),
            findings: Vec::new(),
            matches: Vec::new(),
            incomplete: Vec::new(),
            dropped_findings: 0,
            unscored_sentences: 0,
            scores: Scores::new(),
            versions: Versions {
                engine: crate::ENGINE.to_owned(),
                control_set: set.digest().to_owned(),
                lists: String::new(),
                facts: String::new(),
                topics: crate::topics::digest().to_owned(),
                calibrations: set.calibrations().digest(),
                models: set.models_digest().to_owned(),
            },
        }
    }
}

impl Mode {
    /// The word in files and on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Enforce => "enforce",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Observe, Self::Enforce].into_iter().find(|mode| mode.word() == word)
    }
}

impl Severity {
    /// All of them, the least grave first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word in files and on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.word() == word)
    }
}

impl Verdict {
    /// The stable code, as in JSON.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Hold => "hold",
            Self::Refuse => "refuse",
        }
    }
}

impl fmt::Debug for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {} at {}..{} ({} %)", self.detector, self.part, self.start, self.end, self.certainty)
    }
}
