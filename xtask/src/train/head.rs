//! A linear head over the encoder's vectors: logistic regression by AdaGrad, one against the rest, as the topics model learns.

use compliance::topics::CLASSES;

use super::examples::Example;
use super::learn::{POSITIVE, shuffle, sigmoid};

const EPOCHS: usize = 15;
const RATE: f64 = 0.3;
/// A weight's pull towards zero.
const DECAY: f64 = 1e-4;
/// Vectors have length 1, numbers of 1/√512: brought near to 1.
const SCALE: f64 = 8.0;

/// One class's weights and bias.
#[derive(Clone)]
struct One {
    weights: Vec<f64>,
    bias: f64,
}

/// A head of the topics' classes.
pub(crate) struct Head(Vec<One>);

impl Head {
    /// In thousandths of a logit, in the order of the classes.
    pub(crate) fn margins(&self, vector: &[f32]) -> [i64; CLASSES.len()] {
        let mut margins = [0; CLASSES.len()];
        for (margin, one) in margins.iter_mut().zip(&self.0) {
            *margin = (one.margin(vector) * 1_000.0) as i64;
        }
        margins
    }
}

impl One {
    fn margin(&self, vector: &[f32]) -> f64 {
        let terms = self.weights.iter().zip(vector);
        terms.fold(self.bias, |sum, (weight, number)| sum + weight * f64::from(*number) * SCALE)
    }
}

/// Learns from sentences and their vectors, in an order of its own that is always the same.
pub(crate) fn learn(examples: &[(&Example, &[f32])]) -> Head {
    let width = examples.first().map_or(0, |(_, vector)| vector.len());
    let mut head = vec![One { weights: vec![0.0; width], bias: -3.0 }; CLASSES.len()];
    let mut squares = vec![(vec![1e-6_f64; width], 1.0_f64); CLASSES.len()];
    let mut order: Vec<usize> = (0..examples.len()).collect();
    let mut random = 0x5EED_u64;
    for _ in 0..EPOCHS {
        shuffle(&mut order, &mut random);
        for (example, vector) in order.iter().filter_map(|index| examples.get(*index)) {
            for ((one, squares), is) in head.iter_mut().zip(&mut squares).zip(example.classes) {
                let said = sigmoid(one.margin(vector));
                let slope = if is { (said - 1.0) * POSITIVE } else { said };
                squares.1 += slope * slope;
                one.bias -= RATE * slope / squares.1.sqrt();
                for ((weight, square), number) in one.weights.iter_mut().zip(&mut squares.0).zip(*vector) {
                    let slope = slope * f64::from(*number) * SCALE + DECAY * *weight;
                    *square += slope * slope;
                    *weight -= RATE * slope / square.sqrt();
                }
            }
        }
    }
    Head(head)
}
