//! Lexicons: the words of offences and duties, French and English, one file a category in `lexicons/`.
//!
//! A term is a few words in order, with gaps, stems and alternatives ([`term`]); all of them are found by one automaton
//! over the folded words of a text ([`search`]). A near miss of the same category within twelve words of it in its
//! sentence (`formation sur les abus de marché`) silences it. A lexicon ranks and explains; whether its words are the sender's own, quoted or a
//! footer's is the region's to say.

mod search;
mod shipped;
mod term;
#[cfg(test)]
mod tests;

use crate::words::Words;

pub(crate) use search::scan;
pub(crate) use shipped::is_lexicon;
pub use shipped::{Category, categories};

/// The names of the categories that have a term in a text, each as often as it has one. For measures on labelled texts.
#[must_use]
pub fn in_text(text: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    scan(&Words::of(text), &mut found);
    let name = |detector: &str| categories().iter().find(|category| category.detector == detector);
    found.iter().filter_map(|hit| name(hit.detector)).map(|category| category.name).collect()
}
