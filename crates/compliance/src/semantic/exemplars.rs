//! Categories that a bank defines with a dozen sentences, kept as vectors with the hash of the model they were read with.
//!
//! The nearest example is shown as what a sentence is closest to, never as proof.

use encoder::{Embedding, Encoder};
use serde::Deserialize;
use vocabulary::bounds;

use crate::facts::Framed;

/// Examples a category needs.
const SENTENCES_MIN: usize = 3;

/// Why a file of examples is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExemplarsError {
    /// Not TOML, an unknown or missing key.
    #[error("{file}: {why}")]
    Form {
        /// The file.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// A rule that types cannot say.
    #[error("{file}: {rule}")]
    Rule {
        /// The file.
        file: String,
        /// Which.
        rule: &'static str,
    },
    /// The vectors are of another model.
    #[error("the examples were read with another model: read them again with this one")]
    Model,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CategoryFile {
    name: String,
    near: i32,
    sentences: Vec<String>,
}

/// One category.
#[derive(Debug, Clone)]
pub(crate) struct Category {
    /// Its name in conditions and findings.
    pub(crate) name: String,
    /// The nearness from which a sentence is a finding, per mille.
    pub(crate) near: i32,
    examples: Vec<(String, Embedding)>,
}

/// The nearest example of a category.
pub(crate) struct Near<'a> {
    pub(crate) category: &'a Category,
    pub(crate) sentence: &'a str,
    pub(crate) nearness: i32,
}

/// Categories, read with one model.
#[derive(Debug, Clone, Default)]
pub struct Exemplars {
    /// The model's digest; empty without category.
    pub(super) model: String,
    categories: Vec<Category>,
}

impl Exemplars {
    /// Reads files of examples, given as name and text, with a model.
    ///
    /// # Errors
    /// The first thing wrong with one of them.
    pub fn read(files: &[(&str, &str)], encoder: &Encoder) -> Result<Self, ExemplarsError> {
        let mut categories: Vec<Category> = Vec::with_capacity(files.len());
        for (file, text) in files {
            let category: CategoryFile = toml::from_str(text).map_err(|error| ExemplarsError::Form {
                file: (*file).to_owned(),
                why: error.message().chars().filter(|c| !c.is_control()).take(400).collect(),
            })?;
            let taken = categories.iter().any(|known| known.name == category.name);
            if let Some(rule) = broken(&category, taken, categories.len()) {
                return Err(ExemplarsError::Rule { file: (*file).to_owned(), rule });
            }
            let sentences: Vec<&str> = category.sentences.iter().map(String::as_str).collect();
            let vectors = encoder.sentences(&sentences).into_iter().map(|reading| reading.embedding.clone());
            let examples = category.sentences.iter().cloned().zip(vectors).collect();
            categories.push(Category { name: category.name, near: category.near, examples });
        }
        categories.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { model: encoder.digest().to_owned(), categories })
    }

    /// How many categories there are.
    #[must_use]
    pub const fn categories(&self) -> usize {
        self.categories.len()
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.categories.is_empty()
    }

    pub(crate) fn is_of(&self, encoder: &Encoder) -> bool {
        self.categories.is_empty() || self.model == encoder.digest()
    }

    /// The nearest example of each category, in the order of their names; of two as near, the first.
    pub(crate) fn nearest(&self, embedding: &Embedding) -> impl Iterator<Item = Near<'_>> {
        self.categories.iter().filter_map(|category| {
            let near =
                category.examples.iter().map(|(sentence, vector)| (sentence, vector.nearness(embedding)));
            let (sentence, nearness) = near.reduce(|best, next| if next.1 > best.1 { next } else { best })?;
            Some(Near { category, sentence, nearness })
        })
    }

    pub(crate) fn add_to(&self, hash: &mut Framed) {
        hash.count(self.categories.len());
        for category in &self.categories {
            hash.text(&category.name);
            hash.bytes(&category.near.to_be_bytes());
            hash.count(category.examples.len());
            category.examples.iter().for_each(|(sentence, _)| hash.text(sentence));
        }
    }
}

fn broken(category: &CategoryFile, taken: bool, before: usize) -> Option<&'static str> {
    let is_name = |name: &str| {
        (1..=32).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    let is_sentence = |sentence: &String| {
        !sentence.trim().is_empty() && sentence.len() <= bounds::ENCODED_SENTENCE_BYTES_MAX
    };
    if before == bounds::EXEMPLAR_CATEGORIES_MAX {
        return Some("there are more categories than are kept");
    }
    if !is_name(&category.name) {
        return Some("name has small letters, digits and _, 32 at most, as in client_poaching");
    }
    if taken {
        return Some("another file has this name");
    }
    if !(1..=1_000).contains(&category.near) {
        return Some("near is per mille, 1 to 1000: 550 to begin with");
    }
    if !(SENTENCES_MIN..=bounds::EXEMPLAR_SENTENCES_MAX).contains(&category.sentences.len()) {
        return Some("sentences has 3 to 200 examples, a dozen to begin with");
    }
    if !category.sentences.iter().all(is_sentence) {
        return Some("a sentence is empty or too long");
    }
    None
}
