//! What is detected of each kind of misconduct: precision and recall of the lexicons on labelled texts, by language.
//!
//! The labelled texts are invented, dense in risk and more explicit than mail: the figures rank one state of the lexicons
//! against another, they do not foretell an institution's. Labels are of messages; a sentence of `dev.jsonl` is one.
#![expect(clippy::print_stdout, reason = "it prints a report")]

use std::collections::BTreeMap;

use compliance::lexicon;
use serde_json::json;

use crate::labelled::{self, Labelled};

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
}

/// Prints the report.
pub(crate) fn run() -> anyhow::Result<()> {
    let texts = labelled::all()?;
    let mut counts: BTreeMap<(&str, &str), Count> = BTreeMap::new();
    for text in &texts {
        let found = found(text);
        for category in lexicon::categories().iter().map(|category| category.name) {
            let count = counts.entry((category, text.lang.as_str())).or_default();
            let labelled = text.labels.iter().any(|label| label == category);
            let near_miss = text.near_miss_of.as_deref() == Some(category);
            count.near_misses += usize::from(near_miss);
            match (found.contains(&category), labelled) {
                (true, true) => count.right += 1,
                (true, false) => {
                    count.wrong += 1;
                    count.near_miss += usize::from(near_miss);
                }
                (false, true) => count.missed += 1,
                (false, false) => {}
            }
        }
    }
    let rows = counts.iter().map(|((category, lang), count)| {
        json!({
            "category": category, "lang": lang,
            "precision": per_mille(count.right, count.right + count.wrong),
            "recall": per_mille(count.right, count.right + count.missed),
            "found": count.right + count.wrong, "labelled": count.right + count.missed,
            "near_misses_found": count.near_miss, "near_misses": count.near_misses,
        })
    });
    let report = json!({ "unit": "per mille", "texts": texts.len(), "lexicons": rows.collect::<Vec<_>>() });
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}

/// The categories whose terms stand in the sender's own words.
fn found(text: &Labelled) -> Vec<&'static str> {
    let mut categories = lexicon::in_text(&text.text);
    categories.dedup();
    categories
}

/// `None` where there is nothing to divide by.
fn per_mille(part: usize, whole: usize) -> Option<usize> {
    (part * 1_000).checked_div(whole)
}
