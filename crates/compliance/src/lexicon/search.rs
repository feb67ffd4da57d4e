//! One automaton over all terms of all categories, then a look at the words around each hit.
//!
//! A term is looked for by its anchor, the longest run of words in it that stand side by side: hits are rare, and what each
//! costs is bounded by the term's gaps. An anchor starts where a word starts, so the automaton is asked there alone, and only
//! at words that begin as some anchor does. The whole is linear in the text.

use std::collections::HashMap;
use std::sync::LazyLock;

use aho_corasick::automaton::OverlappingState;
use aho_corasick::{AhoCorasick, AhoCorasickKind, Anchored, Input, MatchKind, StartKind};

use super::shipped::{self, Category};
use super::term::{self, Element, Term, Weight};
use crate::detect::Found;
use crate::words::Words;

/// Every term, and the automaton of their anchors.
struct Lexicons {
    automaton: AhoCorasick,
    beginnings: Beginnings,
    /// By pattern of the automaton: the terms it anchors, as (term, element where the pattern starts).
    anchored: Vec<Vec<(usize, usize)>>,
    terms: Vec<(&'static Category, Term)>,
}

static LEXICONS: LazyLock<Option<Lexicons>> = LazyLock::new(|| {
    let read = |category: &'static Category| {
        term::read(category.text).0.into_iter().map(move |term| (category, term))
    };
    let terms: Vec<(&Category, Term)> = shipped::categories().iter().flat_map(read).collect();
    let mut numbers: HashMap<String, usize> = HashMap::new();
    let (mut patterns, mut anchored): (Vec<String>, Vec<Vec<(usize, usize)>>) = (Vec::new(), Vec::new());
    for (index, (_, term)) in terms.iter().enumerate() {
        let (at, anchors) = anchor(&term.elements);
        for pattern in anchors {
            let number = *numbers.entry(pattern.clone()).or_insert(patterns.len());
            if number == patterns.len() {
                patterns.push(pattern);
                anchored.push(Vec::new());
            }
            anchored.get_mut(number)?.push((index, at));
        }
    }
    let automaton = AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .start_kind(StartKind::Anchored)
        .kind(Some(AhoCorasickKind::DFA))
        .build(&patterns)
        .ok()?;
    let beginnings = Beginnings::of(&patterns);
    Some(Lexicons { automaton, beginnings, anchored, terms })
});

/// How anchors begin behind their first space: one bit for each three bytes of the short ones, one for a hash of each five of
/// the others. It says yes too often, and never no wrongly.
struct Beginnings {
    short: Vec<u64>,
    long: Vec<u64>,
}

impl Beginnings {
    const BITS: usize = 1 << 15;

    fn of(patterns: &[String]) -> Self {
        let mut all = Self { short: vec![0; Self::BITS / 64], long: vec![0; Self::BITS / 64] };
        for pattern in patterns {
            let bytes = pattern.as_bytes().get(1..).unwrap_or(&[]);
            match (bytes.first_chunk(), bytes) {
                (Some(five), _) => set(&mut all.long, Self::hash(*five)),
                (None, [one, two, three, ..]) => set(&mut all.short, Self::place(*one, *two, *three)),
                (None, [one, two]) => {
                    (0..32).for_each(|three| set(&mut all.short, Self::place(*one, *two, three)))
                }
                (None, [one]) => {
                    (0..1024).for_each(|rest| set(&mut all.short, Self::place(*one, 0, 0) | rest))
                }
                (None, []) => (0..Self::BITS).for_each(|place| set(&mut all.short, place)),
            }
        }
        all
    }

    fn place(one: u8, two: u8, three: u8) -> usize {
        let low = |byte: u8| usize::from(byte & 31);
        low(one) << 10 | low(two) << 5 | low(three)
    }

    /// Fibonacci hashing: the upper bits of a product with 2⁶⁴ over the golden ratio.
    const fn hash([a, b, c, d, e]: [u8; 5]) -> usize {
        let bytes = u64::from_le_bytes([a, b, c, d, e, 0, 0, 0]);
        (bytes.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - Self::BITS.ilog2())) as usize
    }

    /// Whether an anchor may start at a word, told by the folded text from the word on.
    fn may_start(&self, rest: &[u8]) -> bool {
        let byte = |at: usize| rest.get(at).copied().unwrap_or(0);
        is_set(&self.short, Self::place(byte(0), byte(1), byte(2)))
            || rest.first_chunk().is_some_and(|five| is_set(&self.long, Self::hash(*five)))
    }
}

fn set(bits: &mut [u64], place: usize) {
    if let Some(word) = bits.get_mut(place / 64) {
        *word |= 1 << (place % 64);
    }
}

fn is_set(bits: &[u64], place: usize) -> bool {
    bits.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
}

/// Words to each side of a near miss in which it silences its category.
const NEAR_MISS_REACH: usize = 12;

/// A term found: where it stands in words.
struct Hit {
    found: Found,
    sentence: usize,
    first: usize,
    last: usize,
}

/// Every term of the text, by category: in order, no find inside another of its category that is as certain.
pub(crate) fn scan(words: &Words, found: &mut Vec<Found>) {
    let Some(lexicons) = &*LEXICONS else { return };
    let mut hits: Vec<Hit> = Vec::new();
    let mut silent = NearMisses::default();
    for (at, pattern) in anchors(lexicons, words) {
        let anchored = lexicons.anchored.get(pattern).into_iter().flatten();
        for (index, element) in anchored {
            let Some((category, term)) = lexicons.terms.get(*index) else { continue };
            let Some((first, last, sentence)) = span(words, &term.elements, *element, at) else { continue };
            let detector = category.detector;
            match term.weight {
                Weight::NearMiss => silent.add(detector, sentence, first, last),
                Weight::Found(certainty) => {
                    let bytes = |word: usize| words.all().get(word).map(|word| (word.start, word.end));
                    let Some(((start, _), (_, end))) = bytes(first).zip(bytes(last)) else { continue };
                    let found = Found { detector, start, end, certainty, value: term.written.clone() };
                    hits.push(Hit { found, sentence, first, last });
                }
            }
        }
    }
    silent.merge();
    hits.retain(|hit| !silent.covers(hit));
    hits.sort_by_key(|Hit { found, .. }| {
        (found.detector, found.start, std::cmp::Reverse((found.end, found.certainty)))
    });
    let mut kept: Option<Found> = None;
    for Hit { found: hit, .. } in hits {
        let inside = kept.as_ref().is_some_and(|kept| {
            kept.detector == hit.detector && hit.end <= kept.end && hit.certainty <= kept.certainty
        });
        if !inside {
            kept = Some(hit.clone());
            found.push(hit);
        }
    }
}

/// Stretches of words in which a category is silent, within a sentence. A sentence without an end is as long as its text: a word
/// of training somewhere in it silences what stands around it, not the whole.
#[derive(Default)]
struct NearMisses(HashMap<(&'static str, usize), Vec<(usize, usize)>>);

impl NearMisses {
    fn add(&mut self, detector: &'static str, sentence: usize, first: usize, last: usize) {
        let stretch = (first.saturating_sub(NEAR_MISS_REACH), last + NEAR_MISS_REACH);
        self.0.entry((detector, sentence)).or_default().push(stretch);
    }

    /// Puts stretches in order, and those together that touch: they are asked by halving.
    fn merge(&mut self) {
        for stretches in self.0.values_mut() {
            stretches.sort_unstable();
            stretches.dedup_by(|next, kept| {
                let touches = next.0 <= kept.1;
                if touches {
                    kept.1 = kept.1.max(next.1);
                }
                touches
            });
        }
    }

    fn covers(&self, hit: &Hit) -> bool {
        self.0.get(&(hit.found.detector, hit.sentence)).is_some_and(|stretches| {
            let at = stretches.partition_point(|(_, last)| *last < hit.first);
            stretches.get(at).is_some_and(|(first, _)| *first <= hit.last)
        })
    }
}

/// Every anchor that starts at a word: the word's index, and the anchor's number.
fn anchors(lexicons: &Lexicons, words: &Words) -> Vec<(usize, usize)> {
    let folded = words.folded();
    let mut found = Vec::new();
    for (index, start) in words.starts().enumerate() {
        if !lexicons.beginnings.may_start(folded.as_bytes().get(start..).unwrap_or(&[])) {
            continue;
        }
        // Every anchor starts with the space before its first word.
        let input = Input::new(folded).span(start.saturating_sub(1)..folded.len()).anchored(Anchored::Yes);
        let mut state = OverlappingState::start();
        loop {
            lexicons.automaton.find_overlapping(input.clone(), &mut state);
            let Some(hit) = state.get_match() else { break };
            found.push((index, hit.pattern().as_usize()));
        }
    }
    found
}

/// Where a term stands whose element `element` is the word `at`: first and last word, and its sentence.
fn span(words: &Words, elements: &[Element], element: usize, at: usize) -> Option<(usize, usize, usize)> {
    let all = words.all();
    let sentence = all.get(at)?.sentence;
    let fits = |element: &Element, at: usize| {
        all.get(at).is_some_and(|word| {
            word.sentence == sentence && element.any.iter().any(|pattern| pattern.fits(words.letters(word)))
        })
    };
    if !fits(elements.get(element)?, at) {
        return None;
    }
    let last = forward(elements.get(element + 1..)?, at, &fits)?;
    let first = backward(elements.get(..=element)?, at, &fits)?;
    Some((first, last, sentence))
}

/// The last word of the elements that follow the word `at`.
fn forward(elements: &[Element], at: usize, fits: &impl Fn(&Element, usize) -> bool) -> Option<usize> {
    let Some((next, rest)) = elements.split_first() else { return Some(at) };
    (at + 1..=at + 1 + next.gap)
        .filter(|place| fits(next, *place))
        .find_map(|place| forward(rest, place, fits))
}

/// The first word of the elements that end with the word `at`.
fn backward(elements: &[Element], at: usize, fits: &impl Fn(&Element, usize) -> bool) -> Option<usize> {
    let (this, before) = elements.split_last()?;
    let Some(previous) = before.last() else { return Some(at) };
    (0..=this.gap)
        .filter_map(|left_out| at.checked_sub(1 + left_out))
        .filter(|place| fits(previous, *place))
        .find_map(|place| backward(before, place, fits))
}

/// The element where a term's anchor starts, and the patterns that may stand there.
fn anchor(elements: &[Element]) -> (usize, Vec<String>) {
    let mut best: (usize, usize, Vec<String>) = (0, 0, Vec::new());
    for (at, element) in elements.iter().enumerate() {
        let mut patterns: Vec<String> = Vec::new();
        for pattern in &element.any {
            let end = if pattern.stem { "" } else { " " };
            patterns.push(format!(" {}{end}", pattern.letters));
        }
        // Whole words side by side are one rare pattern.
        if let [only] = patterns.as_mut_slice() {
            let mut open = element.any.first().is_some_and(|pattern| !pattern.stem);
            for next in elements.iter().skip(at + 1).take_while(|next| next.gap == 0) {
                let [word] = next.any.as_slice() else { break };
                if !open {
                    break;
                }
                open = !word.stem;
                only.push_str(&word.letters);
                only.push_str(if open { " " } else { "" });
            }
        }
        let shortest = patterns.iter().map(String::len).min().unwrap_or(0);
        if shortest > best.1 {
            best = (at, shortest, patterns);
        }
    }
    (best.0, best.2)
}
