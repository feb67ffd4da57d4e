//! Logistic regression by AdaGrad, in arithmetic that gives the same bits everywhere, then eight bits a weight.

use std::collections::{BTreeMap, HashMap};

use compliance::topics::{BUCKETS, CLASSES, KNOTS, Model, ModelError};

use super::examples::Example;

const EPOCHS: usize = 12;
const RATE: f64 = 0.5;
/// A weight's pull towards zero.
const DECAY: f64 = 2e-6;
/// What missing a labelled sentence weighs against raising an ordinary one.
pub(super) const POSITIVE: f64 = 4.0;
/// Buckets kept.
const ROWS: usize = 34_000;
/// Buckets of fewer sentences say nothing that holds.
const SEEN_MIN: u32 = 2;
/// A margin's unit is a 256th of a logit.
const UNIT: f64 = 256.0;
/// A weight's unit is a 16th of a logit: with `SCALE` 16, a 256th of a margin.
const WEIGHT_UNIT: f64 = 16.0;

type Row = [f64; CLASSES.len()];

/// Weights before it is known what scores mean.
pub(crate) struct Learnt {
    rows: Vec<(u32, [i8; CLASSES.len()])>,
    biases: [i32; CLASSES.len()],
}

impl Learnt {
    pub(crate) fn with_knots(&self, knots: [[i32; KNOTS.len()]; CLASSES.len()]) -> Result<Model, ModelError> {
        Model::new(&self.rows, self.biases, knots)
    }
}

/// Learns from the examples, in an order of its own that is always the same.
pub(crate) fn learn(examples: &[&Example]) -> anyhow::Result<Learnt> {
    let mut seen: BTreeMap<u32, u32> = BTreeMap::new();
    for example in examples {
        for bucket in &example.buckets {
            *seen.entry(*bucket).or_default() += 1;
        }
    }
    seen.retain(|bucket, count| *count >= SEEN_MIN && *bucket < BUCKETS);
    let places: HashMap<u32, usize> =
        seen.keys().enumerate().map(|(place, bucket)| (*bucket, place)).collect();
    let known: Vec<(Vec<usize>, f64)> = examples
        .iter()
        .map(|example| {
            let known = example.buckets.iter().filter_map(|bucket| places.get(bucket).copied()).collect();
            (known, 1.0 / (example.buckets.len().max(1) as f64).sqrt())
        })
        .collect();

    let mut weights: Vec<Row> = vec![[0.0; CLASSES.len()]; seen.len()];
    let mut squares: Vec<Row> = vec![[1e-6; CLASSES.len()]; seen.len()];
    let mut biases: Row = [-3.0; CLASSES.len()];
    let mut bias_squares: Row = [1.0; CLASSES.len()];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = 0x5EED_u64;
    for _ in 0..EPOCHS {
        shuffle(&mut order, &mut random);
        for index in &order {
            let (Some(example), Some((known, value))) = (examples.get(*index), known.get(*index)) else {
                continue;
            };
            let mut sums: Row = [0.0; CLASSES.len()];
            for row in known.iter().filter_map(|place| weights.get(*place)) {
                sums.iter_mut().zip(row).for_each(|(sum, weight)| *sum += weight);
            }
            let mut slopes: Row = [0.0; CLASSES.len()];
            for (class, slope) in slopes.iter_mut().enumerate() {
                let (sum, bias) = (sums.get(class).copied(), biases.get(class).copied());
                let is = example.classes.get(class).copied().unwrap_or(false);
                let said = sigmoid(sum.unwrap_or(0.0) * value + bias.unwrap_or(0.0));
                *slope = if is { (said - 1.0) * POSITIVE } else { said };
            }
            for ((bias, squares), slope) in biases.iter_mut().zip(&mut bias_squares).zip(&slopes) {
                *squares += slope * slope;
                *bias -= RATE * slope / squares.sqrt();
            }
            for place in known {
                let (Some(row), Some(squares)) = (weights.get_mut(*place), squares.get_mut(*place)) else {
                    continue;
                };
                for ((weight, square), slope) in row.iter_mut().zip(squares).zip(&slopes) {
                    let slope = slope * value + DECAY * *weight;
                    *square += slope * slope;
                    *weight -= RATE * slope / square.sqrt();
                }
            }
        }
    }
    Ok(quantise(&seen, &weights, &biases))
}

/// Keeps the weightiest rows: the largest weight of a row, times the root of how often it is seen.
fn quantise(seen: &BTreeMap<u32, u32>, weights: &[Row], biases: &Row) -> Learnt {
    let mut ranked: Vec<(f64, u32, &Row)> = seen
        .iter()
        .zip(weights)
        .map(|((bucket, count), row)| {
            let largest = row.iter().fold(0.0_f64, |largest, weight| largest.max(weight.abs()));
            (largest * f64::from(*count).sqrt(), *bucket, row)
        })
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    ranked.truncate(ROWS);
    ranked.sort_by_key(|(_, bucket, _)| *bucket);
    let small = |weight: f64| (weight * WEIGHT_UNIT).round().clamp(-127.0, 127.0) as i8;
    let rows = ranked.into_iter().map(|(_, bucket, row)| (bucket, row.map(small)));
    Learnt {
        rows: rows.filter(|(_, row)| row.iter().any(|weight| *weight != 0)).collect(),
        biases: biases.map(|bias| (bias * UNIT).round() as i32),
    }
}

/// 1 / (1 + e⁻ˣ), from basic operations only.
pub(super) fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x.clamp(-30.0, 30.0)))
}

/// eˣ for |x| ≤ 30: halved ten times, a series, squared ten times.
fn exp(x: f64) -> f64 {
    let x = x / 1024.0;
    let mut value = 1.0 + x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0))));
    for _ in 0..10 {
        value *= value;
    }
    value
}

/// Fisher and Yates, by a linear congruence (Knuth's constants).
pub(super) fn shuffle(order: &mut [usize], random: &mut u64) {
    for last in (1..order.len()).rev() {
        *random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let place = (*random >> 33) as usize % (last + 1);
        order.swap(last, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_operations_give_the_exponential() {
        for x in [-30.0, -5.5, -1.0, 0.0, 0.3, 2.0, 20.0] {
            let (ours, theirs) = (exp(x), f64::exp(x));
            assert!((ours - theirs).abs() <= theirs * 1e-9, "{x}: {ours} {theirs}");
        }
    }
}
