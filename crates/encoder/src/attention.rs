//! Attention: each piece's row becomes the mean of all pieces' values, weighed by how well their keys answer its query.
//!
//! Sums run over the numbers of a head, or over the pieces, in their order, side by side for what stands beside: the
//! width of the processor cannot be seen.

use pulp::{Simd, WithSimd};

use crate::arithmetic::{exp_short, largest, sum};

/// Numbers of a piece's row.
pub(crate) const WIDTH: usize = 384;
/// Numbers of a head; the heads stand side by side.
const HEAD: usize = 32;
/// 1 ÷ √[`HEAD`].
const SHARPNESS: f32 = 0.176_776_7;

/// The rows of a sentence's pieces.
pub(crate) struct Attention<'a> {
    pub(crate) queries: &'a [f32],
    pub(crate) keys: &'a [f32],
    pub(crate) values: &'a [f32],
}

impl WithSimd for Attention<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<f32> {
        let count = self.keys.len() / WIDTH;
        let mut out = vec![0.0; self.queries.len()];
        let (mut keys, mut weights) = (vec![0.0; count * HEAD], vec![0.0; count]);
        for from in (0..WIDTH).step_by(HEAD) {
            across(self.keys, from, &mut keys);
            for (query, out) in self.queries.chunks_exact(WIDTH).zip(out.chunks_exact_mut(WIDTH)) {
                let (Some(query), Some(out)) = (head(query, from), out.get_mut(from..from + HEAD)) else {
                    continue;
                };
                weigh(query, &keys, &mut weights);
                let mut mean = [0.0_f32; HEAD];
                for (value, weight) in self.values.chunks_exact(WIDTH).zip(&weights) {
                    let value = head(value, from).unwrap_or(&[0.0; HEAD]);
                    mean.iter_mut().zip(value).for_each(|(mean, value)| *mean += weight * value);
                }
                out.copy_from_slice(&mean);
            }
        }
        out
    }
}

#[inline(always)]
fn head(row: &[f32], from: usize) -> Option<&[f32; HEAD]> {
    row.get(from..)?.first_chunk()
}

/// A head's keys, the first numbers of all pieces, then the second.
#[inline(always)]
fn across(rows: &[f32], from: usize, out: &mut [f32]) {
    let count = (out.len() / HEAD).max(1);
    for (place, row) in rows.chunks_exact(WIDTH).enumerate() {
        for (line, number) in out.chunks_exact_mut(count).zip(head(row, from).unwrap_or(&[0.0; HEAD])) {
            if let Some(out) = line.get_mut(place) {
                *out = *number;
            }
        }
    }
}

/// What each piece weighs for a query; they sum to 1.
#[inline(always)]
fn weigh(query: &[f32; HEAD], keys: &[f32], weights: &mut [f32]) {
    weights.fill(0.0);
    for (number, line) in query.iter().zip(keys.chunks_exact(weights.len().max(1))) {
        weights.iter_mut().zip(line).for_each(|(weight, key)| *weight += number * key);
    }
    let highest = largest(weights);
    weights.iter_mut().for_each(|weight| *weight = exp_short((*weight - highest) * SHARPNESS));
    let whole = sum(weights, |weight| weight);
    weights.iter_mut().for_each(|weight| *weight /= whole);
}
