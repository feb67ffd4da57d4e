//! The head: how much a vector is like each kind of sentence the model was taught.

use crate::arithmetic::exp;
use crate::model_file::{ModelError, Tables};

/// The most classes a head may have.
const CLASSES_MAX: usize = 64;

pub(crate) struct Head {
    classes: Vec<String>,
    /// One row a class, as long as the mean.
    weights: Vec<f32>,
    mean: Vec<f32>,
    shift: Vec<f32>,
}

impl Head {
    pub(crate) fn read(tables: &Tables<'_>, dimensions: usize) -> Result<Self, ModelError> {
        let names = tables.note("classes").ok_or(ModelError::Classes)?;
        let classes: Vec<String> = names.split(',').map(str::to_owned).collect();
        let is_name = |name: &String| {
            (1..=40).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        };
        if classes.len() > CLASSES_MAX || !classes.iter().all(is_name) {
            return Err(ModelError::Classes);
        }
        Ok(Self {
            weights: tables.floats("weight", &[classes.len(), dimensions])?,
            mean: tables.floats("mean", &[dimensions])?,
            shift: tables.floats("bias", &[classes.len()])?,
            classes,
        })
    }

    pub(crate) fn classes(&self) -> &[String] {
        &self.classes
    }

    /// Per mille, in the order of the classes: softmax of weights × (vector − mean) + shift.
    pub(crate) fn scores(&self, vector: &[f32]) -> Vec<u16> {
        let logits: Vec<f64> = self
            .weights
            .chunks_exact(self.mean.len().max(1))
            .zip(&self.shift)
            .map(|(weights, shift)| {
                let terms = weights.iter().zip(vector).zip(&self.mean);
                terms.fold(f64::from(*shift), |sum, ((weight, number), mean)| {
                    sum + f64::from(*weight) * (f64::from(*number) - f64::from(*mean))
                })
            })
            .collect();
        let highest = logits.iter().fold(f64::MIN, |highest, logit| highest.max(*logit));
        let parts: Vec<f64> = logits.iter().map(|logit| exp(logit - highest)).collect();
        let whole = parts.iter().fold(0.0, |sum, part| sum + part);
        // What is no number becomes 0: `as` saturates.
        parts.iter().map(|part| (part / whole * 1_000.0).round_ties_even() as u16).collect()
    }
}
