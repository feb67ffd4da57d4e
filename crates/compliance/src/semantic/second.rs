//! What the second encoder says of a message that waits. It ranks and explains; no verdict follows from it.
//!
//! It reads what the sender wrote first, then the text of files, in each the sentences the topics model suspects most. What is
//! read is bounded in sentences and in pieces, never in time: the same message and model give the same reading on any machine.

use std::fmt;
use std::sync::Arc;

use encoder::{Encoder, Kind};
use mail::{Message, RegionKind, TextKind};
use serde::{Deserialize, Serialize};
use vocabulary::bounds;

use super::{Candidate, Candidates, FOUND_FROM, ORDINARY};
use crate::detect::{Found, SEMANTIC};
use crate::silence::silence;
use crate::topics::Topics;
use crate::{Finding, PreparedOrganisation};

/// The second encoder.
#[derive(Debug, Clone)]
pub struct SecondReader(Arc<Encoder>);

/// The files are of the first encoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these are the files of the first encoder, for mail on its way")]
pub struct WrongModel;

/// What it read of a message, and what it found.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondReading {
    /// SHA-256 of the model's files, lower-case hexadecimal.
    pub model: String,
    /// Sentences read.
    pub sentences: usize,
    /// There are more than the budget of one message is for.
    pub more: bool,
    /// The highest score of any kind but the ordinary one, per mille.
    pub highest: u16,
    /// The likeliest first; at most [`bounds::SECOND_FINDINGS_MAX`]. Their term is the kind and its score.
    pub findings: Vec<Finding>,
}

impl SecondReader {
    /// With a model.
    ///
    /// # Errors
    /// It is the first encoder's.
    pub fn new(encoder: Arc<Encoder>) -> Result<Self, WrongModel> {
        if encoder.kind() == Kind::Second { Ok(Self(encoder)) } else { Err(WrongModel) }
    }

    /// SHA-256 of the model's files, lower-case hexadecimal.
    #[must_use]
    pub fn digest(&self) -> &str {
        self.0.digest()
    }

    /// Reads a message with the text of its files, each by its place in the message.
    #[must_use]
    pub fn read(
        &self,
        message: &Message,
        files: &[(&str, &str)],
        organisation: &PreparedOrganisation,
    ) -> SecondReading {
        let (own, more_own) = own(message);
        let (of_files, more_of_files) = of_files(files);
        let mut reading = SecondReading {
            model: self.digest().to_owned(),
            sentences: 0,
            more: more_own || more_of_files,
            highest: 0,
            findings: Vec::new(),
        };
        let (mut pieces, mut chosen) = (0, Vec::new());
        for candidate in own.iter().chain(&of_files) {
            pieces += self.0.tokens(&candidate.sentence).len();
            if chosen.len() == bounds::SECOND_SENTENCES_MAX || pieces > bounds::SECOND_PIECES_MAX {
                reading.more = true;
                break;
            }
            chosen.push(candidate);
        }
        reading.sentences = chosen.len();
        let mut found = Vec::new();
        for candidate in chosen {
            let Some((score, kind)) = self.like(&candidate.sentence) else { continue };
            reading.highest = reading.highest.max(score);
            if score >= FOUND_FROM {
                found.extend(
                    finding(message, files, organisation, candidate, score, &kind).map(|one| (score, one)),
                );
            }
        }
        found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        found.truncate(bounds::SECOND_FINDINGS_MAX);
        reading.findings = found.into_iter().map(|(_, finding)| finding).collect();
        reading
    }

    /// The kind a sentence is most like, the ordinary one apart.
    fn like(&self, sentence: &str) -> Option<(u16, String)> {
        let reading = self.0.sentences(&[sentence]).pop()?;
        let kinds = reading.scores.iter().zip(self.0.classes());
        let (score, kind) = kinds.filter(|(_, kind)| *kind != ORDINARY).max_by_key(|(score, _)| **score)?;
        Some((*score, kind.clone()))
    }
}

/// The sender's own sentences.
fn own(message: &Message) -> (Vec<Candidate>, bool) {
    let (mut topics, mut candidates) = (Topics::default(), every());
    for text in &message.texts {
        if matches!(text.kind, TextKind::Subject | TextKind::Plain | TextKind::Html | TextKind::Calendar) {
            let own = |at| text.region_at(at) == RegionKind::New;
            topics.offer(text.part.as_str(), &text.text, own, &mut candidates);
        }
    }
    (candidates.kept().to_vec(), candidates.more() || topics.is_over())
}

fn of_files(files: &[(&str, &str)]) -> (Vec<Candidate>, bool) {
    let (mut topics, mut candidates) = (Topics::default(), every());
    for (part, text) in files {
        topics.offer(part, text, |_| true, &mut candidates);
    }
    (candidates.kept().to_vec(), candidates.more() || topics.is_over())
}

const fn every() -> Candidates {
    Candidates::from(Some(0), bounds::SECOND_SENTENCES_MAX)
}

/// What was found, where it stands; `None` of what is the organisation's own.
fn finding(
    message: &Message,
    files: &[(&str, &str)],
    organisation: &PreparedOrganisation,
    candidate: &Candidate,
    score: u16,
    kind: &str,
) -> Option<Finding> {
    let certainty = u8::try_from(score / 10).unwrap_or(100);
    let (part, found) = candidate.found(SEMANTIC, certainty, format!("{kind} {score}"));
    let of = super::text_of(&message.texts, &part);
    let text = match of {
        Some(of) => of.text.as_str(),
        None => files.iter().find(|(file, _)| *file == part).map(|(_, text)| *text)?,
    };
    let mut kept = vec![found];
    silence(organisation, text, &mut kept);
    let Found { detector, start, end, certainty, value } = kept.pop()?;
    Some(Finding {
        detector: detector.to_owned(),
        region: of.map(|of| of.region_at(start)),
        place: None,
        part,
        start,
        end,
        certainty,
        excerpt: text.get(start..end).unwrap_or("").to_owned(),
        term: value,
        controls: Vec::new(),
    })
}

/// Shows no content (invariant 12).
impl fmt::Debug for SecondReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} sentences, {} found, {} at the highest",
            self.sentences,
            self.findings.len(),
            self.highest
        )
    }
}
