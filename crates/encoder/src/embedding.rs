//! A sentence's vector in whole numbers, and how near two of them are.

/// Numbers of a vector of the first encoder.
pub const DIMENSIONS: usize = 512;
/// What 1 is.
const ONE: f32 = 16_384.0;

/// A unit vector of whole numbers: 16,384 is 1. Sums of products are exact, so that nearness is the same on any machine.
#[derive(Clone, PartialEq, Eq)]
pub struct Embedding(Box<[i16]>);

impl Embedding {
    /// Rounds a unit row.
    pub(crate) fn of(row: &[f32]) -> Self {
        // What is no number becomes 0, what is too large the largest: `as` saturates.
        Self(row.iter().map(|number| (number * ONE).round_ties_even() as i16).collect())
    }

    /// The cosine of the angle between two, per mille.
    #[must_use]
    pub fn nearness(&self, other: &Self) -> i32 {
        // Both have length 1, or at most the largest number everywhere: 512 × 2³⁰ needs 64 bits.
        let sum: i64 =
            self.0.iter().zip(&other.0).map(|(a, b)| i64::from(i32::from(*a) * i32::from(*b))).sum();
        let per_mille = (sum * 1_000 + (1 << 27)) >> 28;
        i32::try_from(per_mille).unwrap_or(i32::MAX)
    }

    /// Its numbers.
    #[must_use]
    pub fn numbers(&self) -> &[i16] {
        &self.0
    }

    /// From numbers kept elsewhere; `None` unless there are [`DIMENSIONS`] of them.
    #[must_use]
    pub fn from_numbers(numbers: Vec<i16>) -> Option<Self> {
        (numbers.len() == DIMENSIONS).then(|| Self(numbers.into_boxed_slice()))
    }
}

/// Nothing of what was said can be read in a log line.
impl std::fmt::Debug for Embedding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Embedding({} numbers)", self.0.len())
    }
}
