//! The form of a lexicon's lines.
//!
//! ```text
//! # a comment
//! [fr]                        the language of what follows
//! information privilégiée     words in order, any case and accents
//! achet* ~4 avant ~3 annonce|mise_en_vente
//!                             a stem; up to 4 words between; one word or three
//! + ne dis rien à la conformité          says it by itself: certainty 90
//! - placement                 ordinary words, evidence beside others: certainty 40
//! ! formation ~4 abus de marché          a near miss: silences the category around it, twelve words in its sentence
//! ```

use crate::words::fold;

/// Words a term may have.
const WORDS_MAX: usize = 12;
/// Words a gap may leave out.
const GAP_MAX: usize = 10;
/// Ways the gaps of one term may be filled: the work of one check.
const WORK_MAX: usize = 1_000;
/// Terms one line may stand for.
const WAYS_MAX: usize = 64;

/// What a line says of the sentence it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// Found, with this certainty.
    Found(u8),
    /// The category is silent around it.
    NearMiss,
}

/// One term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// As written, without its mark.
    pub(super) written: String,
    pub(super) weight: Weight,
    /// At least one.
    pub(super) elements: Vec<Element>,
}

/// One word of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    /// Any of these.
    pub(super) any: Vec<Pattern>,
    /// Words that may stand between the word before and this one.
    pub(super) gap: usize,
}

/// A word, or how it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) letters: String,
    pub(super) stem: bool,
}

impl Pattern {
    pub(super) fn fits(&self, word: &str) -> bool {
        if self.stem { word.starts_with(&self.letters) } else { word == self.letters }
    }
}

/// Why a line is no term.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub(super) struct LexiconError {
    /// The line, from 1.
    pub(super) line: usize,
    /// What is wrong with it.
    pub(super) what: &'static str,
}

/// Reads the terms of one file, and what is wrong with the lines that are none.
pub(super) fn read(text: &str) -> (Vec<Term>, Vec<LexiconError>) {
    let (mut terms, mut errors) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') || matches!(line, "[fr]" | "[en]") {
            continue;
        }
        match line_of(line) {
            Ok(read) => terms.extend(read),
            Err(what) => errors.push(LexiconError { line: index + 1, what }),
        }
    }
    (terms, errors)
}

/// The terms of one line: one for each way to choose among alternatives of several words.
fn line_of(line: &str) -> Result<Vec<Term>, &'static str> {
    let (weight, written) = match line.split_at_checked(1) {
        Some(("+", rest)) => (Weight::Found(90), rest.trim()),
        Some(("-", rest)) => (Weight::Found(40), rest.trim()),
        Some(("!", rest)) => (Weight::NearMiss, rest.trim()),
        _ => (Weight::Found(70), line),
    };
    let mut ways: Vec<Vec<Element>> = vec![Vec::new()];
    let (mut gap, mut work) = (0, 1_usize);
    for piece in written.split_whitespace() {
        if let Some(words) = piece.strip_prefix('~') {
            gap = words.parse().map_err(|_| "after ~ stands the number of words left out")?;
            if gap == 0 || gap > GAP_MAX || ways.iter().any(Vec::is_empty) {
                return Err("a gap leaves out 1 to 10 words, between two words");
            }
            work = work.saturating_mul(gap + 1);
            continue;
        }
        let choices = choices(piece, gap)?;
        ways = ways
            .iter()
            .flat_map(|way| choices.iter().map(move |choice| [way.as_slice(), choice.as_slice()].concat()))
            .collect();
        if ways.len() > WAYS_MAX {
            return Err("too many alternatives of several words");
        }
        gap = 0;
    }
    match () {
        () if gap > 0 => Err("a gap stands between two words"),
        () if ways.iter().any(Vec::is_empty) => Err("a term has a word"),
        () if ways.iter().any(|way| way.len() > WORDS_MAX) => Err("a term has 12 words at most"),
        () if work > WORK_MAX => Err("the gaps of this term are too wide together"),
        () => {
            let term = |elements| Term { written: written.to_owned(), weight, elements };
            Ok(ways.into_iter().map(term).collect())
        }
    }
}

/// What may stand for one piece of a line: `annonc*|communiqué` is one element, `d'initié` two, `ligne|sur_écoute` either
/// one or two.
fn choices(piece: &str, gap: usize) -> Result<Vec<Vec<Element>>, &'static str> {
    let mut single: Vec<Pattern> = Vec::new();
    let mut choices: Vec<Vec<Element>> = Vec::new();
    for alternative in piece.split('|') {
        let (letters, stem) =
            alternative.strip_suffix('*').map_or((alternative, false), |letters| (letters, true));
        let folded = fold(letters);
        let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
        let last = words.len().checked_sub(1).ok_or("a word has a letter or a digit")?;
        let pattern = |at: usize, word: &str| Pattern { letters: word.to_owned(), stem: stem && at == last };
        match words.as_slice() {
            [word] => single.push(pattern(0, word)),
            _ => choices.push(
                words
                    .iter()
                    .enumerate()
                    .map(|(at, word)| Element {
                        any: vec![pattern(at, word)],
                        gap: if at == 0 { gap } else { 0 },
                    })
                    .collect(),
            ),
        }
    }
    if !single.is_empty() {
        choices.insert(0, vec![Element { any: single, gap }]);
    }
    Ok(choices)
}
