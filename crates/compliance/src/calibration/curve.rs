//! What was observed of one score, and what each threshold would have meant.

use serde::{Deserialize, Serialize};

use super::isotonic;

/// The width of a step of the scale, per mille.
pub const STEP: u16 = 10;
/// Steps of the scale, 0 to 1000.
const STEPS: u16 = 101;
/// What a share is kept in inside a sum.
const MILLION: u64 = 1_000_000;

/// Messages whose score lies in one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Bucket {
    /// How many.
    pub seen: u64,
    /// Those a person refused, after a control had asked about this score.
    pub refused: u64,
    /// Those a person let go.
    pub released: u64,
}

/// What one score said of an institution's messages: counts, no contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observations(Vec<Bucket>);

impl Default for Observations {
    fn default() -> Self {
        Self(vec![Bucket::default(); usize::from(STEPS)])
    }
}

impl Observations {
    /// Counts a message by its score, per mille, and what a person decided of it, if anybody did: `true` when it was refused.
    pub fn add(&mut self, score: u16, refused: Option<bool>) {
        let step = usize::from((score / STEP).min(STEPS - 1));
        let Some(bucket) = self.0.get_mut(step) else { return };
        bucket.seen += 1;
        match refused {
            Some(true) => bucket.refused += 1,
            Some(false) => bucket.released += 1,
            None => {}
        }
    }

    /// Messages counted.
    #[must_use]
    pub fn messages(&self) -> u64 {
        self.0.iter().map(|bucket| bucket.seen).sum()
    }

    /// The steps, the lowest first.
    #[must_use]
    pub fn buckets(&self) -> &[Bucket] {
        &self.0
    }

    /// What each threshold would have meant, over so many days.
    #[must_use]
    pub fn curve(&self, days: u64) -> Curve {
        let shares: Vec<_> =
            self.0.iter().map(|bucket| (bucket.refused, bucket.refused + bucket.released)).collect();
        let decided = shares.iter().any(|(_, of)| *of > 0);
        let fitted: Vec<u64> = isotonic(&shares)
            .into_iter()
            .map(|(right, of)| (right * MILLION).checked_div(of).unwrap_or(0))
            .collect();
        let days = days.max(1);
        let (mut above, mut right) = (Bucket::default(), 0_u64);
        let mut points = Vec::with_capacity(self.0.len());
        for ((bucket, share), step) in self.0.iter().zip(&fitted).zip(0..STEPS).rev() {
            above.seen += bucket.seen;
            above.refused += bucket.refused;
            above.released += bucket.released;
            right += bucket.seen * share;
            points.push(Point {
                from: step * STEP,
                above,
                held_per_day: above.seen * 100 / days,
                false_per_day: (above.seen * MILLION).saturating_sub(right) / (MILLION / 100) / days,
                precision: if decided { right.checked_div(above.seen * 1_000) } else { None },
            });
        }
        points.reverse();
        Curve(points)
    }
}

/// What one threshold would have meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// The threshold, per mille.
    pub from: u16,
    /// Messages that reach it.
    pub above: Bucket,
    /// Messages a day that reach it, hundredths.
    pub held_per_day: u64,
    /// Those a day that are expected to be let go, hundredths. As long as nobody decided on any, all of them.
    pub false_per_day: u64,
    /// The share expected to be refused, per mille: decisions smoothed to rise with the score, weighted by all messages.
    /// `None` as long as nobody decided on any, or none reaches it.
    pub precision: Option<u64>,
}

/// A point a step of the scale, the lowest threshold first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve(Vec<Point>);

impl Curve {
    /// The points.
    #[must_use]
    pub fn points(&self) -> &[Point] {
        &self.0
    }

    /// The point of a threshold; a threshold between two steps takes the lower, which holds more.
    #[must_use]
    pub fn at(&self, from: u16) -> Option<&Point> {
        self.0.get(usize::from(from / STEP))
    }

    /// The lowest threshold that so many messages in a hundred thousand reach, or fewer.
    #[must_use]
    pub fn reached_by(&self, share: u64) -> Option<&Point> {
        let all = self.0.first()?.above.seen;
        self.0.iter().find(|point| point.above.seen * 100_000 <= share * all)
    }
}
