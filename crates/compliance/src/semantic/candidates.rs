//! The sentences worth reading: those the topics model suspects most, each once, a bounded number of them.

use crate::detect::Found;

/// One sentence.
#[derive(Debug, Clone)]
pub(crate) struct Candidate {
    /// How much it is like the topic it is most like, per mille.
    pub(crate) score: u16,
    /// The text it stands in.
    pub(crate) part: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) sentence: String,
}

impl Candidate {
    pub(super) fn found(&self, detector: &'static str, certainty: u8, value: String) -> (String, Found) {
        let found = Found { detector, start: self.start, end: self.end, certainty, value };
        (self.part.clone(), found)
    }
}

/// The most suspicious so far, the most suspicious first; of two alike, the one that stands first.
#[derive(Debug, Default)]
pub(crate) struct Candidates {
    from: Option<u16>,
    most: usize,
    kept: Vec<Candidate>,
    more: bool,
}

impl Candidates {
    /// Keeps sentences from this score on, at most so many; none when there is nobody to read them.
    pub(crate) const fn from(from: Option<u16>, most: usize) -> Self {
        Self { from, most, kept: Vec::new(), more: false }
    }

    /// Whether a sentence of this score would be kept.
    pub(crate) fn wants(&self, score: u16) -> bool {
        let full = self.kept.len() >= self.most;
        let lowest = self.kept.last().map_or(0, |last| last.score);
        self.from.is_some_and(|from| score >= from) && !(full && score <= lowest)
    }

    /// Keeps one, in the place of the least suspicious when there are enough. HTML repeats what the plain text says.
    pub(crate) fn keep(&mut self, candidate: Candidate) {
        if self.kept.iter().any(|kept| is_same(&kept.sentence, &candidate.sentence)) {
            return;
        }
        let place = self.kept.partition_point(|kept| kept.score >= candidate.score);
        self.kept.insert(place, candidate);
        self.more |= self.kept.len() > self.most;
        self.kept.truncate(self.most);
    }

    /// Takes one, or notes that it is one too many.
    pub(crate) fn offer(&mut self, candidate: Candidate) {
        if self.wants(candidate.score) {
            self.keep(candidate);
        } else {
            self.more = true;
        }
    }

    /// Whether there were more than are kept.
    pub(crate) const fn more(&self) -> bool {
        self.more
    }

    pub(crate) fn kept(&self) -> &[Candidate] {
        &self.kept
    }
}

/// White space of any length taken for one space.
fn is_same(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}
