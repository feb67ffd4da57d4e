//! Names of the organisation's list of restricted issuers, found in texts.

use std::collections::HashMap;

use crate::detect::{Found, RESTRICTED_ISSUER};
use crate::words::{Words, fold};

/// The list, by the first word of each name. Prepared once a list.
pub(crate) struct Restricted {
    by_first: HashMap<String, Vec<Vec<String>>>,
}

impl Restricted {
    pub(crate) fn new(names: &[String]) -> Self {
        let mut by_first: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        for name in names {
            let words: Vec<String> = fold(name).split(' ').map(str::to_owned).collect();
            if let Some(first) = words.first().filter(|first| !first.is_empty()) {
                by_first.entry(first.clone()).or_default().push(words);
            }
        }
        Self { by_first }
    }

    /// Every name that stands in the text, whatever its case and accents. Linear in the text, but for names that share
    /// their first word.
    pub(crate) fn scan(&self, words: &Words, found: &mut Vec<Found>) {
        if self.by_first.is_empty() {
            return;
        }
        let all = words.all();
        for (at, first) in all.iter().enumerate() {
            for name in self.by_first.get(words.letters(first)).into_iter().flatten() {
                let stands = all.get(at..at + name.len()).filter(|stretch| {
                    stretch.iter().zip(name).all(|(word, wanted)| words.letters(word) == wanted)
                });
                let Some(last) = stands.and_then(<[_]>::last) else { continue };
                found.push(Found {
                    detector: RESTRICTED_ISSUER,
                    start: first.start,
                    end: last.end,
                    certainty: 95,
                    value: name.join(" "),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_a_whole() {
        let restricted = Restricted::new(&["Crème Industries".into(), "Crème".into(), "FR0000131104".into()]);
        let mut found = Vec::new();
        let text = "Rien sur CREME  industries, ni fr0000131104, ni Cremerie.";
        restricted.scan(&Words::of(text), &mut found);
        let names: Vec<&str> = found.iter().map(|hit| &text[hit.start..hit.end]).collect();
        assert_eq!(names, ["CREME  industries", "CREME", "fr0000131104"]);
    }
}
