//! Topics: a linear model over hashed words and pieces of words, that says how much each sentence is like each kind of
//! misconduct.
//!
//! It ranks and explains. Weights, sums and scores are whole numbers, so that one text has one score on any machine. What the
//! sender wrote for this message is scored first, sentence by sentence, then what was written for messages attached to it, then
//! its files; a message's score is its highest sentence's. Sentences past [`bounds::TOPIC_SENTENCES_MAX`] are counted.
//! `cargo xtask train` makes the model from labelled sentences, bit for bit the same each time.

mod grams;
mod model;
#[cfg(test)]
mod tests;

use mail::{RegionKind, TextKind, TextPart};
use vocabulary::bounds;

use crate::detect::Found;
use crate::semantic::{Candidate, Candidates};
use crate::words::{Word, Words};

use grams::Desk;
pub use grams::{BUCKETS, buckets};
pub use model::{CLASSES, Class, KNOTS, MODEL, Model, ModelError, digest};

/// Sentences of fewer words say too little.
const WORDS_MIN: usize = 4;
/// Words of one sentence that are read: what runs on longer is a table.
const WORDS_MAX: usize = 120;
/// The score from which a sentence is a finding, per mille.
const FOUND_FROM: u16 = 500;

/// The highest score of each class so far, per mille, in the order of [`CLASSES`].
#[derive(Default)]
pub(crate) struct Topics {
    scores: [u16; CLASSES.len()],
    /// Sentences scored.
    sentences: usize,
    /// Sentences there was no room for.
    unscored: usize,
    desk: Desk,
}

impl Topics {
    /// A class's score, by its place in [`CLASSES`].
    pub(crate) fn score(&self, class: usize) -> u16 {
        self.scores.get(class).copied().unwrap_or(0)
    }

    /// The highest score of any class.
    pub(crate) fn highest(&self) -> u16 {
        self.scores.iter().copied().max().unwrap_or(0)
    }

    /// Sentences that were not scored, because so many were before.
    pub(crate) const fn unscored(&self) -> usize {
        self.unscored
    }

    /// Scores the sentences that were written for the message `part` is of; one that is much like a class is found. Those of the
    /// message itself are `candidates` for the encoder.
    pub(crate) fn read(
        &mut self,
        part: &TextPart,
        words: &Words,
        found: &mut Vec<Found>,
        mut candidates: Option<&mut Candidates>,
    ) {
        if !matches!(part.kind, TextKind::Subject | TextKind::Plain | TextKind::Html | TextKind::Calendar) {
            return;
        }
        let own = |word: &Word| part.region_at(word.start) == RegionKind::New;
        self.find(words, own, found, |score, start, end| {
            let Some(candidates) = candidates.as_deref_mut().filter(|all| all.wants(score)) else { return };
            let sentence = with_its_end(&part.text, start, end).to_owned();
            candidates.keep(Candidate { score, part: part.part.as_str().to_owned(), start, end, sentence });
        });
    }

    /// Scores the sentences of a file.
    pub(crate) fn read_file(&mut self, words: &Words, found: &mut Vec<Found>) {
        self.find(words, |_| true, found, |_, _, _| {});
    }

    /// Scores the sentences that words of `own` make, tells `of` the highest score of each, and adds the likeliest sentence of each
    /// class that is found.
    fn find(
        &mut self,
        words: &Words,
        own: impl Fn(&Word) -> bool,
        found: &mut Vec<Found>,
        mut of: impl FnMut(u16, usize, usize),
    ) {
        let mut best: [Option<(u16, usize, usize)>; CLASSES.len()] = [None; CLASSES.len()];
        let mut highest_scores = self.scores;
        self.each(words, own, |scores, start, end| {
            of(scores.iter().copied().max().unwrap_or(0), start, end);
            for ((score, kept), best) in scores.iter().zip(&mut highest_scores).zip(&mut best) {
                *kept = (*kept).max(*score);
                if *score >= FOUND_FROM && best.is_none_or(|(other, _, _)| *score > other) {
                    *best = Some((*score, start, end));
                }
            }
        });
        self.scores = highest_scores;
        for (class, best) in CLASSES.iter().zip(best) {
            let Some((score, start, end)) = best else { continue };
            let certainty = u8::try_from(score / 10).unwrap_or(99);
            found.push(Found {
                detector: class.detector,
                start,
                end,
                certainty,
                value: format!("{} {score}", class.name),
            });
        }
    }
}

impl Topics {
    /// Whether further sentences are not looked at.
    pub(crate) const fn is_over(&self) -> bool {
        self.sentences == bounds::TOPIC_SENTENCES_MAX
    }

    /// Offers the sentences of a text that words of `own` make, for another reading.
    pub(crate) fn offer(
        &mut self,
        part: &str,
        text: &str,
        own: impl Fn(usize) -> bool,
        candidates: &mut Candidates,
    ) {
        self.each(
            &Words::of(text),
            |word| own(word.start),
            |scores, start, end| {
                let score = scores.iter().copied().max().unwrap_or(0);
                let sentence = with_its_end(text, start, end).to_owned();
                candidates.offer(Candidate { score, part: part.to_owned(), start, end, sentence });
            },
        );
    }

    /// The scores of each sentence that the words of `own` make, and where these stand.
    fn each(
        &mut self,
        words: &Words,
        own: impl Fn(&Word) -> bool,
        mut of: impl FnMut([u16; CLASSES.len()], usize, usize),
    ) {
        let Some(model) = MODEL.as_ref() else { return };
        for sentence in words.all().chunk_by(|a, b| a.sentence == b.sentence) {
            if self.is_over() {
                let words = sentence.iter().filter(|word| own(word)).take(WORDS_MIN).count();
                self.unscored += usize::from(words == WORDS_MIN);
                continue;
            }
            let own: Vec<_> = sentence.iter().filter(|word| own(word)).take(WORDS_MAX).collect();
            if own.len() < WORDS_MIN {
                continue;
            }
            self.sentences += 1;
            let letters: Vec<&str> = own.iter().map(|word| words.letters(word)).collect();
            let scores = model.scores(self.desk.buckets(&letters));
            let (Some(first), Some(last)) = (own.first(), own.last()) else { continue };
            of(scores, first.start, last.end);
        }
    }
}

/// A sentence with the mark that ends it, which an encoder reads as a word.
fn with_its_end(text: &str, start: usize, end: usize) -> &str {
    let rest = text.get(end..).unwrap_or("");
    let mark = rest.chars().next().filter(|c| matches!(c, '.' | '!' | '?' | '…')).map_or(0, char::len_utf8);
    text.get(start..end + mark).unwrap_or("")
}

/// The scores of one sentence, per mille, in the order of [`CLASSES`]. For training and measures.
#[must_use]
pub fn of_sentence(sentence: &str, model: &Model) -> [u16; CLASSES.len()] {
    model.scores(&features(sentence))
}

/// The sentences of a text, each as it stands in it.
#[must_use]
pub fn sentences(text: &str) -> Vec<&str> {
    let words = Words::of(text);
    let sentences = words.all().chunk_by(|a, b| a.sentence == b.sentence);
    let stretch = |words: &[Word]| {
        text.get(words.first()?.start..words.last()?.end).filter(|_| words.len() >= WORDS_MIN)
    };
    sentences.filter_map(stretch).collect()
}

/// The buckets of a sentence, as training and reading see it.
#[must_use]
pub fn features(sentence: &str) -> Vec<u32> {
    let words = Words::of(sentence);
    let letters: Vec<&str> = words.all().iter().take(WORDS_MAX).map(|word| words.letters(word)).collect();
    buckets(&letters)
}
