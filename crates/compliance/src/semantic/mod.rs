//! The sentence encoder on a message's most suspicious sentences: what they are like, and which of a bank's own examples
//! they are near to.
//!
//! It ranks and explains. The model is the operator's; without it nothing here is found, and the assessment names no model.
//! What is asked of it is bounded in sentences and in pieces, never in time: the same message, model and
//! examples give the same findings on any machine.

mod candidates;
mod exemplars;
mod second;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::sync::Arc;

use encoder::{Encoder, Reading};
use mail::TextPart;
use vocabulary::bounds;

use crate::detect::{EXEMPLAR, Found, SEMANTIC};
use crate::facts::Framed;

pub(crate) use candidates::{Candidate, Candidates};
pub use exemplars::{ExampleCategory, Exemplars, ExemplarsError};
pub use second::{SecondReader, SecondReading, WrongModel};

/// The kind of sentence that is none.
const ORDINARY: &str = "benign";
/// The score from which a sentence is a finding, per mille.
const FOUND_FROM: u16 = 600;

/// What reads sentences: the operator's model, and the categories a bank defines by examples.
#[derive(Debug, Clone, Default)]
pub struct Models {
    encoder: Option<Arc<Encoder>>,
    exemplars: Arc<Exemplars>,
    digest: String,
}

/// The nearest example of a category to a sentence that somebody tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The category.
    pub category: String,
    /// The example.
    pub example: String,
    /// How near it is, per mille.
    pub nearness: i32,
    /// In a message, the sentence would be a finding.
    pub found: bool,
}

impl Models {
    /// A model and the examples read with it.
    ///
    /// # Errors
    /// The examples were read with another model.
    pub fn new(encoder: Arc<Encoder>, exemplars: Exemplars) -> Result<Self, ExemplarsError> {
        if !exemplars.is_of(&encoder) {
            return Err(ExemplarsError::Model);
        }
        Ok(Self::of(encoder, exemplars))
    }

    fn of(encoder: Arc<Encoder>, exemplars: Exemplars) -> Self {
        let mut hash = Framed::new("cerebro models 1");
        hash.text(encoder.digest());
        exemplars.add_to(&mut hash);
        Self { encoder: Some(encoder), exemplars: Arc::new(exemplars), digest: hash.finish() }
    }

    /// The same model with other examples; each has a name of its own. Sentences it has read already are not read again. Without a
    /// model there are no examples: nothing reads them.
    #[must_use]
    pub fn with_examples(&self, categories: Vec<ExampleCategory>) -> Self {
        let Some(encoder) = &self.encoder else { return Self::default() };
        let exemplars = Exemplars::of(categories, encoder, &self.exemplars);
        Self::of(Arc::clone(encoder), exemplars)
    }

    /// Whether there is a model.
    #[must_use]
    pub const fn is_there(&self) -> bool {
        self.encoder.is_some()
    }

    /// What a sentence is near to: the nearest example of each category, the nearest category first. Nothing without a model.
    #[must_use]
    pub fn try_sentence(&self, sentence: &str) -> Vec<Tried> {
        let Some(encoder) = &self.encoder else { return Vec::new() };
        let read = encoder.sentences(&[sentence]);
        let near = read.iter().flat_map(|reading| self.exemplars.nearest(&reading.embedding));
        let mut tried: Vec<Tried> = near
            .map(|near| Tried {
                category: near.category.name.clone(),
                example: near.sentence.to_owned(),
                nearness: near.nearness,
                found: near.nearness >= near.category.near,
            })
            .collect();
        tried.sort_by(|a, b| b.nearness.cmp(&a.nearness).then_with(|| a.category.cmp(&b.category)));
        tried
    }

    /// SHA-256 over the model and the examples, lower-case hexadecimal; empty without a model.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The topics score from which a sentence is worth reading; `None` when there is nobody to read it. Examples may be of
    /// what no topic knows: then any sentence is.
    pub(crate) fn reads_from(&self) -> Option<u16> {
        self.encoder.as_ref().map(|_| if self.exemplars.is_empty() { bounds::ENCODED_FROM } else { 0 })
    }

    /// Reads the candidates.
    pub(crate) fn read(&self, candidates: &[Candidate]) -> Semantic {
        let mut semantic = Semantic::default();
        let Some(encoder) = &self.encoder else { return semantic };
        let (mut pieces, mut chosen) = (0, Vec::new());
        for candidate in candidates {
            pieces += encoder.tokens(&candidate.sentence).len();
            if pieces > bounds::ENCODED_MESSAGE_PIECES_MAX {
                break;
            }
            chosen.push(candidate);
        }
        let sentences: Vec<&str> = chosen.iter().map(|candidate| candidate.sentence.as_str()).collect();
        for (candidate, reading) in chosen.iter().zip(encoder.sentences(&sentences)) {
            semantic.read += 1;
            semantic.like(candidate, &reading, encoder.classes());
            semantic.near(candidate, &reading, &self.exemplars);
        }
        semantic
    }
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Semantic {
    /// Sentences read.
    pub(crate) read: usize,
    /// The highest score of any kind but the ordinary one, per mille.
    pub(crate) highest: u16,
    /// The kinds found.
    pub(crate) kinds: BTreeSet<String>,
    /// The nearest example of any category, per mille.
    pub(crate) nearest: i32,
    /// The categories found.
    pub(crate) categories: BTreeSet<String>,
    /// What was found, by the text it stands in.
    pub(crate) found: Vec<(String, Found)>,
}

impl Semantic {
    fn like(&mut self, candidate: &Candidate, reading: &Reading, kinds: &[String]) {
        let scores = reading.scores.iter().zip(kinds).filter(|(_, kind)| *kind != ORDINARY);
        let Some((score, kind)) = scores.max_by_key(|(score, _)| **score) else { return };
        self.highest = self.highest.max(*score);
        if *score >= FOUND_FROM {
            self.kinds.insert(kind.clone());
            let certainty = u8::try_from(score / 10).unwrap_or(100);
            self.found.push(candidate.found(SEMANTIC, certainty, format!("{kind} {score}")));
        }
    }

    fn near(&mut self, candidate: &Candidate, reading: &Reading, exemplars: &Exemplars) {
        for near in exemplars.nearest(&reading.embedding) {
            self.nearest = self.nearest.max(near.nearness);
            if near.nearness >= near.category.near {
                self.categories.insert(near.category.name.clone());
                let certainty = u8::try_from((near.nearness / 10).clamp(0, 100)).unwrap_or(100);
                let term = format!("{} {}: {}", near.category.name, near.nearness, near.sentence);
                self.found.push(candidate.found(EXEMPLAR, certainty, term));
            }
        }
    }
}

/// The text of the message that a part names.
pub(crate) fn text_of<'a>(texts: &'a [TextPart], part: &str) -> Option<&'a TextPart> {
    texts.iter().find(|text| text.part.as_str() == part)
}
