//! Sentences with their classes: rows that are sentences, and those of whole e-mails by the spans marked in them.

use compliance::topics::{self, CLASSES};

use crate::labelled::Labelled;

/// One sentence.
pub(crate) struct Example {
    /// The file it comes from, by its place in `FILES`.
    pub(crate) file: usize,
    pub(crate) sentence: String,
    pub(crate) buckets: Vec<u32>,
    pub(crate) classes: [bool; CLASSES.len()],
}

impl Example {
    /// Of no class.
    pub(crate) fn is_ordinary(&self) -> bool {
        !self.classes.contains(&true)
    }
}

/// Every sentence of every text.
pub(crate) fn of(texts: &[Labelled]) -> Vec<Example> {
    texts.iter().flat_map(of_text).collect()
}

/// The sentences of one text.
pub(crate) fn of_text(text: &Labelled) -> Vec<Example> {
    let example = |sentence: &str, classes| Example {
        file: text.file,
        sentence: sentence.to_owned(),
        buckets: topics::features(sentence),
        classes,
    };
    if text.is_sentence {
        return vec![example(&text.text, classes(text.labels.iter().map(String::as_str)))];
    }
    let spans: Vec<(usize, usize, &str)> = text
        .spans
        .iter()
        .filter_map(|(span, label)| {
            let start = text.text.find(span.as_str())?;
            Some((start, start + span.len(), label.as_str()))
        })
        .collect();
    let mut from = 0;
    let mut found = Vec::new();
    for sentence in topics::sentences(&text.text) {
        let Some(start) = text.text.get(from..).and_then(|rest| rest.find(sentence)).map(|at| from + at)
        else {
            continue;
        };
        from = start + sentence.len();
        let inside = spans.iter().filter(|(first, last, _)| *first < from && start < *last);
        found.push(example(sentence, classes(inside.map(|(_, _, label)| *label))));
    }
    found
}

fn classes<'a>(labels: impl Iterator<Item = &'a str>) -> [bool; CLASSES.len()] {
    let mut classes = [false; CLASSES.len()];
    for label in labels {
        let place = CLASSES.iter().position(|class| class.name == label);
        place.and_then(|place| classes.get_mut(place)).into_iter().for_each(|class| *class = true);
    }
    classes
}
