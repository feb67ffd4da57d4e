//! How well the topics model, the encoder and both together rank labelled texts that they were not trained on.
//!
//! Five models of the same sentences: hashed words and pieces (the topics model's form), a linear head over the encoder's vectors,
//! the sum of the two margins, and the latter two with the second encoder's vectors. Cut in two ways: each file left out, and five folds by group (dev.jsonl) or sender, a row that has neither by itself.
//! A threshold is the one that 5 ordinary texts in 100 of the language reach: it ranks approaches, and sets nothing.

use std::collections::BTreeMap;

use compliance::topics::{self, CLASSES, KNOTS, Model};
use encoder::{Encoder, Precision};
use serde_json::{Value, json};

use crate::labelled::{FILES, Labelled};
use crate::train::examples::{self, Example};
use crate::train::{head, learn};

const FOLDS: usize = 5;
const MODELS: [&str; 5] = ["topics", "encoder", "both", "second", "both with second"];

/// Each sentence's vector, by text.
type Vectors = Vec<Vec<Vec<f32>>>;

/// A text's margin of each class by each model, in thousandths of a logit.
type Margins = [[i64; CLASSES.len()]; MODELS.len()];

/// The report, both cuts. Of each file left out also on the files alone that a model's own head never saw.
pub(crate) fn run(texts: &[Labelled], encoders: &[&Encoder]) -> anyhow::Result<Value> {
    let sentences: Vec<Vec<Example>> = texts.iter().map(examples::of_text).collect();
    let of = |encoder: &&Encoder| -> Vectors {
        sentences.iter().map(|own| own.iter().map(|one| vector(encoder, one)).collect()).collect()
    };
    let vectors: Vec<Vectors> = encoders.iter().map(of).collect();
    let by_file: Vec<usize> = texts.iter().map(|text| text.file).collect();
    let by_group: Vec<usize> = texts.iter().map(|text| fold_of(&text.group)).collect();
    let left_out = cut(&sentences, &vectors, &by_file, FILES.len())?;
    Ok(json!({
        "file_left_out": report(texts, &left_out, |_| true),
        "file_left_out_on_files_that_own_heads_never_saw": report(texts, &left_out, |text| text.file != 0),
        "five_folds_by_group_or_sender": report(texts, &cut(&sentences, &vectors, &by_group, FOLDS)?, |_| true),
    }))
}

fn vector(encoder: &Encoder, example: &Example) -> Vec<f32> {
    encoder.rows(&[&example.sentence], Precision::Fast)
}

/// FNV-1a: the same fold each time.
fn fold_of(group: &str) -> usize {
    let hash = group.bytes().fold(0xCBF2_9CE4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    usize::try_from((hash >> 20) % FOLDS as u64).unwrap_or(0)
}

/// The margins of each text by models of the other folds.
fn cut(
    sentences: &[Vec<Example>],
    vectors: &[Vectors],
    fold: &[usize],
    folds: usize,
) -> anyhow::Result<Vec<Margins>> {
    let mut margins: Vec<Margins> = vec![[[i64::MIN; CLASSES.len()]; MODELS.len()]; sentences.len()];
    for held in 0..folds {
        let known = sentences.iter().zip(fold).filter(|(_, fold)| **fold != held).flat_map(|(own, _)| own);
        let known: Vec<&Example> = known.collect();
        let model = learn::learn(&known)?.with_knots([[0; KNOTS.len()]; CLASSES.len()])?;
        for (which, vectors) in vectors.iter().enumerate() {
            let rest = sentences.iter().zip(vectors).zip(fold).filter(|(_, fold)| **fold != held);
            let rest: Vec<(&Example, &[f32])> = rest
                .flat_map(|((own, vectors), _)| own.iter().zip(vectors.iter().map(Vec::as_slice)))
                .collect();
            let head = head::learn(&rest);
            let of_fold = margins.iter_mut().zip(sentences).zip(vectors).zip(fold);
            for (((kept, own), vectors), _) in of_fold.filter(|(_, fold)| **fold == held) {
                score(kept, which, own, vectors, &model, &head);
            }
        }
    }
    Ok(margins)
}

/// Over a text's sentences, the highest of each: by words, by meaning as the encoder at this place has it, and by both.
fn score(
    kept: &mut Margins,
    which: usize,
    sentences: &[Example],
    vectors: &[Vec<f32>],
    model: &Model,
    head: &head::Head,
) {
    for (sentence, vector) in sentences.iter().zip(vectors) {
        let words = model.margins(&sentence.buckets).map(|margin| i64::from(margin) * 1_000 / 256);
        let meaning = head.margins(vector);
        for (class, (words, meaning)) in words.into_iter().zip(meaning).enumerate() {
            for (model, margin) in [(0, words), (1 + 2 * which, meaning), (2 + 2 * which, words + meaning)] {
                if let Some(kept) = kept.get_mut(model).and_then(|model| model.get_mut(class)) {
                    *kept = margin.max(*kept);
                }
            }
        }
    }
}

fn report(texts: &[Labelled], margins: &[Margins], counts: impl Fn(&Labelled) -> bool) -> Value {
    let mut rows: Vec<Value> = Vec::new();
    let mut mean: BTreeMap<(&str, &str), Vec<[usize; 2]>> = BTreeMap::new();
    for (place, class) in CLASSES.iter().enumerate() {
        for lang in ["en", "fr"] {
            let mut row = json!({ "category": class.name, "lang": lang });
            for (which, name) in MODELS.iter().enumerate() {
                let of = |index: usize| {
                    let margin = margins.get(index)?.get(which)?.get(place).copied()?;
                    // A model that is not here has said nothing.
                    (margin != i64::MIN && texts.get(index).is_some_and(&counts)).then_some(margin)
                };
                let Some((figures, pair)) = figures(texts, lang, class.name, of) else { continue };
                mean.entry((name, lang)).or_default().push(pair);
                if let Some(row) = row.as_object_mut() {
                    row.insert((*name).to_owned(), figures);
                }
            }
            rows.push(row);
        }
    }
    let mean: Vec<Value> = mean
        .into_iter()
        .map(|((model, lang), pairs)| {
            let of =
                |place: usize| pairs.iter().filter_map(|pair| pair.get(place)).sum::<usize>() / pairs.len();
            json!({ "model": model, "lang": lang, "auc": of(0), "recall_at_5_percent": of(1) })
        })
        .collect();
    json!({ "mean_over_categories": mean, "by_category": rows })
}

/// AUC against all other texts of the language, and at the threshold of 5 ordinary texts in 100: precision, recall, near misses.
fn figures(
    texts: &[Labelled],
    lang: &str,
    category: &str,
    margin: impl Fn(usize) -> Option<i64>,
) -> Option<(Value, [usize; 2])> {
    let of_lang = texts.iter().enumerate().filter(|(_, text)| text.lang == lang);
    let ranked: Vec<(i64, &Labelled)> =
        of_lang.filter_map(|(index, text)| Some((margin(index)?, text))).collect();
    let is = |text: &Labelled| text.labels.iter().any(|label| label == category);
    let (labelled, others): (Vec<_>, Vec<_>) = ranked.iter().partition(|(_, text)| is(text));
    let halves: usize = labelled
        .iter()
        .map(|(a, _)| others.iter().map(|(b, _)| 1 + usize::from(a > b) - usize::from(a < b)).sum::<usize>())
        .sum();
    let auc = (halves * 500).checked_div(labelled.len() * others.len())?;
    let mut ordinary: Vec<i64> =
        ranked.iter().filter(|(_, text)| text.labels.is_empty()).map(|(margin, _)| *margin).collect();
    ordinary.sort_unstable_by_key(|margin| std::cmp::Reverse(*margin));
    let threshold = ordinary.get(ordinary.len() / 20).copied()?;
    let over = |found: &(i64, &Labelled)| found.0 > threshold;
    let right = labelled.iter().filter(|found| over(found)).count();
    let wrong = others.iter().filter(|found| over(found)).count();
    let near: Vec<_> =
        ranked.iter().filter(|(_, text)| text.near_miss_of.as_deref() == Some(category)).collect();
    let recall = right * 1_000 / labelled.len();
    let figures = json!({
        "auc": auc, "recall_at_5_percent": recall, "precision_there": (right * 1_000).checked_div(right + wrong),
        "near_misses_over": near.iter().filter(|found| over(found)).count(), "near_misses": near.len(),
    });
    Some((figures, [auc, recall]))
}

/// What the head that the model comes with says of files it was not taught from.
pub(crate) fn shipped_head(texts: &[Labelled], encoder: &Encoder) -> Value {
    let mut rows = Vec::new();
    let scored: Vec<(usize, Vec<u16>)> = texts
        .iter()
        .enumerate()
        .filter(|(_, text)| text.file != 0)
        .map(|(index, text)| {
            let sentences =
                if text.is_sentence { vec![text.text.as_str()] } else { topics::sentences(&text.text) };
            let mut highest = vec![0_u16; encoder.classes().len()];
            for reading in encoder.sentences(&sentences) {
                highest.iter_mut().zip(&reading.scores).for_each(|(kept, score)| *kept = (*kept).max(*score));
            }
            (index, highest)
        })
        .collect();
    for (place, class) in encoder.classes().iter().enumerate().filter(|(_, class)| *class != "benign") {
        for lang in ["en", "fr"] {
            let of = |index: usize| {
                let found = scored.binary_search_by_key(&index, |(index, _)| *index).ok()?;
                scored.get(found)?.1.get(place).map(|score| i64::from(*score))
            };
            if let Some((mut figures, _)) = figures(texts, lang, class, of) {
                if let Some(figures) = figures.as_object_mut() {
                    figures.insert("category".to_owned(), json!(class));
                    figures.insert("lang".to_owned(), json!(lang));
                }
                rows.push(figures);
            }
        }
    }
    Value::Array(rows)
}
