//! The model's file and its arithmetic, in whole numbers.
//!
//! ```text
//! "CEREBRO-TOPICS-1\n"
//! u32 LE  rows
//! per class, in the order of CLASSES: i32 LE bias, i32 LE × KNOTS margins
//! per row, buckets ascending: bucket as the difference to the one before, LEB128; one i8 per class
//! ```
//!
//! A sentence's margin for a class is `bias + 16 × Σ weights / √grams`. Margins become scores by the class's knots: the
//! margins that one ordinary sentence in 5, 10, 20, 50, 100, 200, 1000 reaches, held out of training.

use std::sync::LazyLock;

use super::grams::BUCKETS;
use crate::detect;
use crate::facts::Framed;

/// One kind of sentence.
#[derive(Debug)]
pub struct Class {
    /// Its name in labels and conditions.
    pub name: &'static str,
    /// The detector whose findings its sentences are.
    pub detector: &'static str,
}

macro_rules! classes {
    ($($name:literal $detector:ident),+ $(,)?) => {
        /// The classes, in the order of the model's weights.
        pub const CLASSES: [Class; 15] = [$(Class { name: $name, detector: detect::$detector }),+];
    };
}

classes! {
    "aml" TOPIC_AML,
    "bribery" TOPIC_BRIBERY,
    "collusion_secrecy" TOPIC_COLLUSION_SECRECY,
    "complaint" TOPIC_COMPLAINT,
    "conflict_of_interest" TOPIC_CONFLICT_OF_INTEREST,
    "data_leak" TOPIC_DATA_LEAK,
    "guaranteed_return" TOPIC_GUARANTEED_RETURN,
    "harassment_threat" TOPIC_HARASSMENT_THREAT,
    "market_abuse" TOPIC_MARKET_ABUSE,
    "off_channel" TOPIC_OFF_CHANNEL,
    "payment_fraud" TOPIC_PAYMENT_FRAUD,
    "sales_signal" TOPIC_SALES_SIGNAL,
    "sanctions_evasion" TOPIC_SANCTIONS_EVASION,
    "tax_evasion" TOPIC_TAX_EVASION,
    "whistleblowing" TOPIC_WHISTLEBLOWING,
}

/// The share of ordinary sentences, per hundred thousand, that reaches each knot, and the score there, per mille.
pub const KNOTS: [(u32, u16); 7] =
    [(20_000, 100), (10_000, 300), (5_000, 500), (2_000, 700), (1_000, 800), (500, 900), (100, 990)];

const MAGIC: &[u8] = b"CEREBRO-TOPICS-1\n";
/// Weights of a row in memory.
const LANES: usize = 16;
/// What a weight's unit is of a margin's.
const SCALE: i64 = 16;

const SHIPPED: &[u8] = include_bytes!("../../models/topics.bin");

/// The model CEREBRO comes with. A test holds it to be readable.
pub static MODEL: LazyLock<Option<Model>> = LazyLock::new(|| Model::read(SHIPPED).ok());

/// SHA-256 over the model CEREBRO comes with and how it is read, lower-case hexadecimal: the version of its scores.
#[must_use]
pub fn digest() -> &'static str {
    static DIGEST: LazyLock<String> = LazyLock::new(|| {
        let mut hash = Framed::new("cerebro topics 2");
        hash.bytes(SHIPPED);
        hash.finish()
    });
    &DIGEST
}

/// Why a file is no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// It starts otherwise, or ends early or late.
    #[error("the file is not a model of this format")]
    Format,
    /// A bucket outside the table, or out of order.
    #[error("a row of the model is out of place")]
    Row,
}

/// Of 64 buckets side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Place {
    /// One bit for each bucket that has a row.
    present: u64,
    /// Rows of all buckets before these.
    before: u32,
}

impl Place {
    fn row(self, bucket: u32) -> Option<usize> {
        let bit = 1_u64 << (bucket % 64);
        let below = (self.present & (bit - 1)).count_ones();
        (self.present & bit != 0).then_some((self.before + below) as usize)
    }
}

/// A model, ready to score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Model {
    /// By 64 buckets: which have a row, and how many rows stand before. Small enough to stay in a processor's nearest cache,
    /// where a table of rows by bucket would not.
    index: Vec<Place>,
    /// One lane more than classes: sixteen are added at once.
    weights: Vec<[i8; LANES]>,
    biases: [i32; CLASSES.len()],
    knots: [[i32; KNOTS.len()]; CLASSES.len()],
}

impl Model {
    /// A model from its parts: rows in ascending order of their buckets.
    ///
    /// # Errors
    /// A row is out of place.
    pub fn new(
        rows: &[(u32, [i8; CLASSES.len()])],
        biases: [i32; CLASSES.len()],
        knots: [[i32; KNOTS.len()]; CLASSES.len()],
    ) -> Result<Self, ModelError> {
        let mut index = vec![Place::default(); BUCKETS as usize / 64];
        let mut weights = Vec::with_capacity(rows.len());
        let mut last = None;
        for (bucket, row) in rows {
            let mut lanes = [0; LANES];
            lanes.iter_mut().zip(row).for_each(|(lane, weight)| *lane = *weight);
            weights.push(lanes);
            let place = index.get_mut(*bucket as usize / 64).ok_or(ModelError::Row)?;
            if last.is_some_and(|last| last >= *bucket) {
                return Err(ModelError::Row);
            }
            place.present |= 1 << (bucket % 64);
            last = Some(*bucket);
        }
        let mut before = 0;
        for place in &mut index {
            place.before = before;
            before += place.present.count_ones();
        }
        Ok(Self { index, weights, biases, knots })
    }

    /// Reads the file's form.
    ///
    /// # Errors
    /// [`ModelError`].
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let mut bytes = Bytes(bytes.strip_prefix(MAGIC).ok_or(ModelError::Format)?);
        let rows = bytes.int()?;
        let (mut biases, mut knots) = ([0; CLASSES.len()], [[0; KNOTS.len()]; CLASSES.len()]);
        for (bias, knots) in biases.iter_mut().zip(&mut knots) {
            *bias = bytes.int()?;
            for knot in knots {
                *knot = bytes.int()?;
            }
        }
        let (mut read, mut bucket) = (Vec::new(), 0_u32);
        for _ in 0..rows {
            bucket = bucket.checked_add(bytes.leb128()?).ok_or(ModelError::Row)?;
            let mut row = [0_i8; CLASSES.len()];
            for weight in &mut row {
                *weight = i8::from_le_bytes([bytes.byte()?]);
            }
            read.push((bucket, row));
        }
        if bytes.0.is_empty() { Self::new(&read, biases, knots) } else { Err(ModelError::Format) }
    }

    /// The file's form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        out.extend((self.weights.len() as u32).to_le_bytes());
        for (bias, knots) in self.biases.iter().zip(&self.knots) {
            out.extend(bias.to_le_bytes());
            knots.iter().for_each(|knot| out.extend(knot.to_le_bytes()));
        }
        let mut before = 0;
        for bucket in 0..BUCKETS {
            let Some(row) = self.row(bucket) else { continue };
            let mut difference = bucket - before;
            while difference >= 0x80 {
                out.push((difference & 0x7F) as u8 | 0x80);
                difference >>= 7;
            }
            out.push(difference as u8);
            out.extend(row.iter().take(CLASSES.len()).map(|weight| weight.to_le_bytes()[0]));
            before = bucket;
        }
        out
    }

    fn row(&self, bucket: u32) -> Option<&[i8; LANES]> {
        let place = self.index.get(bucket as usize / 64)?;
        self.weights.get(place.row(bucket)?)
    }

    /// A sentence's margins, from its buckets.
    #[must_use]
    pub fn margins(&self, buckets: &[u32]) -> [i32; CLASSES.len()] {
        let mut sums = [0_i32; LANES];
        // Sums of this many weights fit in sixteen bits, of which twice as many are added at once.
        for some in buckets.chunks(256) {
            let mut part = [0_i16; LANES];
            for row in some.iter().filter_map(|bucket| self.row(*bucket)) {
                for (sum, weight) in part.iter_mut().zip(row) {
                    *sum += i16::from(*weight);
                }
            }
            for (sum, part) in sums.iter_mut().zip(part) {
                *sum += i32::from(part);
            }
        }
        // 256 × √grams, in whole numbers.
        let root = ((buckets.len() as u64) << 16).isqrt().max(1);
        let root = i64::try_from(root).unwrap_or(i64::MAX);
        let mut margins = self.biases;
        for (margin, sum) in margins.iter_mut().zip(sums) {
            let scaled = i64::from(sum) * SCALE * 256 / root;
            *margin = margin.saturating_add(i32::try_from(scaled).unwrap_or(i32::MAX));
        }
        margins
    }

    /// A sentence's scores, per mille, from its buckets.
    #[must_use]
    pub fn scores(&self, buckets: &[u32]) -> [u16; CLASSES.len()] {
        let margins = self.margins(buckets);
        let mut scores = [0; CLASSES.len()];
        for ((score, margin), knots) in scores.iter_mut().zip(margins).zip(&self.knots) {
            *score = score_of(margin, knots);
        }
        scores
    }
}

/// Between two knots a score rises in a straight line; above the last it stays.
fn score_of(margin: i32, knots: &[i32; KNOTS.len()]) -> u16 {
    let mut score = 0;
    let mut below: Option<(i32, u16)> = None;
    for (at, (_, value)) in knots.iter().zip(KNOTS) {
        if margin < *at {
            if let Some((low, from)) = below {
                let (width, rise) = (i64::from(*at) - i64::from(low), i64::from(value - from));
                let part = (i64::from(margin) - i64::from(low)) * rise / width.max(1);
                score = from + u16::try_from(part).unwrap_or(0);
            }
            return score;
        }
        score = value;
        below = Some((*at, value));
    }
    score
}

/// What is left of a file.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn byte(&mut self) -> Result<u8, ModelError> {
        let (first, rest) = self.0.split_first().ok_or(ModelError::Format)?;
        self.0 = rest;
        Ok(*first)
    }

    fn int(&mut self) -> Result<i32, ModelError> {
        let (first, rest) = self.0.split_first_chunk::<4>().ok_or(ModelError::Format)?;
        self.0 = rest;
        Ok(i32::from_le_bytes(*first))
    }

    fn leb128(&mut self) -> Result<u32, ModelError> {
        let mut value = 0_u32;
        for shift in [0, 7, 14] {
            let byte = self.byte()?;
            value |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(ModelError::Format)
    }
}
