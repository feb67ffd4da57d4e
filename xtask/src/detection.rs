//! What is detected of each kind of misconduct in labelled texts, by language: the lexicons, and the topics model on files it
//! was not trained on.
//!
//! The labelled texts are invented, dense in risk and more explicit than mail: the figures rank one state of the detectors
//! against another, they do not foretell an institution's.
#![expect(clippy::print_stdout, reason = "it prints a report")]

use std::collections::BTreeMap;

use compliance::lexicon;
use compliance::topics::{self, CLASSES, Model};
use serde_json::{Value, json};

use crate::labelled::{self, FILES, Labelled};
use crate::ranking;
use crate::train::{self, examples};

/// The score from which a topic counts as found, per mille.
const FOUND_FROM: u16 = 700;

/// What came of one category in one language.
#[derive(Default)]
struct Count {
    /// Found, and labelled so.
    right: usize,
    /// Found, and not labelled so.
    wrong: usize,
    /// Found in a near miss of the category: text that talks about the offence.
    near_miss: usize,
    /// Near misses of the category.
    near_misses: usize,
    /// Labelled so, and not found.
    missed: usize,
    /// How much each text is like it, and whether it is labelled so.
    ranked: Vec<(i32, bool)>,
}

impl Count {
    fn add(&mut self, text: &Labelled, category: &str, found: bool) {
        let labelled = text.labels.iter().any(|label| label == category);
        let near_miss = text.near_miss_of.as_deref() == Some(category);
        self.near_misses += usize::from(near_miss);
        match (found, labelled) {
            (true, true) => self.right += 1,
            (true, false) => {
                self.wrong += 1;
                self.near_miss += usize::from(near_miss);
            }
            (false, true) => self.missed += 1,
            (false, false) => {}
        }
    }

    fn row(&self, category: &str, lang: &str) -> Value {
        json!({
            "category": category, "lang": lang,
            "precision": per_mille(self.right, self.right + self.wrong),
            "recall": per_mille(self.right, self.right + self.missed),
            "auc": self.auc(),
            "found": self.right + self.wrong, "labelled": self.right + self.missed,
            "near_misses_found": self.near_miss, "near_misses": self.near_misses,
        })
    }

    /// The chance that a labelled text ranks above another, ties by half, per mille.
    fn auc(&self) -> Option<usize> {
        let labelled: Vec<i32> =
            self.ranked.iter().filter(|(_, is)| *is).map(|(margin, _)| *margin).collect();
        let others: Vec<i32> = self.ranked.iter().filter(|(_, is)| !*is).map(|(margin, _)| *margin).collect();
        let halves: usize = labelled
            .iter()
            .map(|margin| {
                others
                    .iter()
                    .map(|other| 1 + usize::from(margin > other) - usize::from(margin < other))
                    .sum::<usize>()
            })
            .sum();
        (halves * 500).checked_div(labelled.len() * others.len())
    }
}

/// Prints the report.
pub(crate) fn run() -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(&report()?)?);
    Ok(())
}

/// The report.
pub(crate) fn report() -> anyhow::Result<Value> {
    let texts = labelled::all()?;
    let (encoder, second) = (labelled::encoder()?, labelled::second()?);
    let encoders: Vec<_> = encoder.iter().chain(encoder.as_ref().and(second.as_ref())).collect();
    let ranking = if encoders.is_empty() { None } else { Some(ranking::run(&texts, &encoders)?) };
    let head = encoder.as_ref().map(|encoder| ranking::shipped_head(&texts, encoder));
    let second_head = second.as_ref().map(|second| ranking::shipped_head(&texts, second));
    Ok(json!({
        "unit": "per mille", "texts": texts.len(), "topics_found_from": FOUND_FROM,
        "lexicons": lexicons(&texts), "topics_by_file_left_out": topics_of(&texts)?,
        "ranking": ranking, "encoder_head_as_given_on_files_it_never_saw": head,
        "second_head_as_given_on_files_it_never_saw": second_head,
    }))
}

fn lexicons(texts: &[Labelled]) -> Vec<Value> {
    let mut counts: BTreeMap<(&str, &str), Count> = BTreeMap::new();
    for text in texts {
        let found = lexicon::in_text(&text.text);
        for category in lexicon::categories().iter().map(|category| category.name) {
            counts.entry((category, &text.lang)).or_default().add(text, category, found.contains(&category));
        }
    }
    counts.iter().map(|((category, lang), count)| count.row(category, lang)).collect()
}

/// Each file scored by a model of the other two.
fn topics_of(texts: &[Labelled]) -> anyhow::Result<Vec<Value>> {
    let examples = examples::of(texts);
    let mut counts: BTreeMap<(&str, &str), Count> = BTreeMap::new();
    for file in 0..FILES.len() {
        let model = train::without(&examples, file)?;
        for text in texts.iter().filter(|text| text.file == file) {
            let (margins, scores) = score(text, &model);
            for ((class, margin), score) in CLASSES.iter().zip(margins).zip(scores) {
                let count = counts.entry((class.name, &text.lang)).or_default();
                count.add(text, class.name, score >= FOUND_FROM);
                count.ranked.push((margin, text.labels.iter().any(|label| label == class.name)));
            }
        }
    }
    Ok(counts.iter().map(|((category, lang), count)| count.row(category, lang)).collect())
}

/// A text's highest margin and score of each class, over its sentences.
fn score(text: &Labelled, model: &Model) -> ([i32; CLASSES.len()], [u16; CLASSES.len()]) {
    let (mut margins, mut scores) = ([i32::MIN; CLASSES.len()], [0; CLASSES.len()]);
    let sentences = if text.is_sentence { vec![text.text.as_str()] } else { topics::sentences(&text.text) };
    for sentence in sentences {
        let buckets = topics::features(sentence);
        margins.iter_mut().zip(model.margins(&buckets)).for_each(|(kept, margin)| *kept = margin.max(*kept));
        scores.iter_mut().zip(model.scores(&buckets)).for_each(|(kept, score)| *kept = score.max(*kept));
    }
    (margins, scores)
}

/// `None` where there is nothing to divide by.
fn per_mille(part: usize, whole: usize) -> Option<usize> {
    (part * 1_000).checked_div(whole)
}
