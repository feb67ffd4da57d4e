//! Categories that a bank defines with a dozen sentences, kept as vectors with the hash of the model they were read with.
//!
//! The nearest example is shown as what a sentence is closest to, never as proof.

use std::collections::HashMap;

use encoder::{Embedding, Encoder};
use serde::Deserialize;
use vocabulary::bounds;

use crate::facts::Framed;

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

/// A category as it is written: by a file, or kept by an organisation.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExampleCategory {
    /// Its name in conditions and findings.
    pub name: String,
    /// The nearness from which a sentence is a finding, per mille.
    pub near: i32,
    /// The examples.
    pub sentences: Vec<String>,
}

impl ExampleCategory {
    /// Reads a file.
    ///
    /// # Errors
    /// Not TOML, an unknown or missing key, or the first rule it breaks.
    pub fn parse(file: &str, text: &str) -> Result<Self, ExemplarsError> {
        let category: Self = toml::from_str(text).map_err(|error| ExemplarsError::Form {
            file: file.to_owned(),
            why: error.message().chars().filter(|c| !c.is_control()).take(400).collect(),
        })?;
        match category.broken() {
            Some(rule) => Err(ExemplarsError::Rule { file: file.to_owned(), rule }),
            None => Ok(category),
        }
    }

    /// The first rule it breaks, in words.
    #[must_use]
    pub fn broken(&self) -> Option<&'static str> {
        let is_name = (1..=32).contains(&self.name.len())
            && self
                .name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
        let is_sentence = |sentence: &String| {
            !sentence.trim().is_empty() && sentence.len() <= bounds::ENCODED_SENTENCE_BYTES_MAX
        };
        if !is_name {
            return Some("name has small letters, digits and _, 32 at most, as in client_poaching");
        }
        if !(1..=1_000).contains(&self.near) {
            return Some("near is per mille, 1 to 1000: 550 to begin with");
        }
        if !(bounds::EXEMPLAR_SENTENCES_MIN..=bounds::EXEMPLAR_SENTENCES_MAX).contains(&self.sentences.len())
        {
            return Some("sentences has 3 to 200 examples, a dozen to begin with");
        }
        if !self.sentences.iter().all(is_sentence) {
            return Some("a sentence is empty or too long");
        }
        None
    }
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
        let mut categories: Vec<ExampleCategory> = Vec::with_capacity(files.len());
        for (file, text) in files {
            let category = ExampleCategory::parse(file, text)?;
            let rule = if categories.len() == bounds::EXEMPLAR_CATEGORIES_MAX {
                Some("there are more categories than are kept")
            } else {
                let taken = categories.iter().any(|known| known.name == category.name);
                taken.then_some("another file has this name")
            };
            if let Some(rule) = rule {
                return Err(ExemplarsError::Rule { file: (*file).to_owned(), rule });
            }
            categories.push(category);
        }
        Ok(Self::of(categories, encoder, &Self::default()))
    }

    /// Categories, each with a name of its own; a sentence that `known` has read with the same model is not read again.
    #[must_use]
    pub(super) fn of(categories: Vec<ExampleCategory>, encoder: &Encoder, known: &Self) -> Self {
        let known = if known.is_of(encoder) { known.categories.as_slice() } else { &[] };
        let known: HashMap<&str, &Embedding> = known
            .iter()
            .flat_map(|category| &category.examples)
            .map(|(sentence, vector)| (sentence.as_str(), vector))
            .collect();
        let vector = |sentence: &String| match known.get(sentence.as_str()) {
            Some(vector) => Some((*vector).clone()),
            None => encoder.sentences(&[sentence]).first().map(|reading| reading.embedding.clone()),
        };
        let category = |category: ExampleCategory| {
            let examples = category.sentences.into_iter();
            let examples = examples.filter_map(|sentence| vector(&sentence).map(|vector| (sentence, vector)));
            Category { name: category.name, near: category.near, examples: examples.collect() }
        };
        let mut categories: Vec<Category> = categories.into_iter().map(category).collect();
        categories.sort_by(|a, b| a.name.cmp(&b.name));
        Self { model: encoder.digest().to_owned(), categories }
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
