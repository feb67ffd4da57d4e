//! The network of the second encoder, of attention: pieces in, one row of 384 numbers a sentence out.
//!
//! ```text
//! x       layer norm of the rows of the pieces + those of their places + a common one
//! twelve times:
//!   a     attention over x × q, x × k, x × v
//!   x     layer norm of x + a × out
//!   x     layer norm of x + gelu(x × rise) × fall, 1536 wide between
//!         the mean of x over the pieces, brought to length 1
//! ```

use pulp::{Arch, Simd, WithSimd};

use crate::arithmetic::{Norm, gelu, unit};
use crate::attention::{Attention, WIDTH};
use crate::blocks::{self, BLOCK, BLOCK_BYTES, Block, Matrix};
use crate::model_file::{ModelError, Tables, half};
use crate::network::Precision;

/// Width within a layer.
const WIDE: usize = 1536;
/// Layers.
const LAYERS: usize = 12;
/// Places a piece may stand at.
const PLACES: usize = 512;

/// A matrix and what it adds.
struct Linear {
    weights: Matrix,
    shift: Vec<f32>,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    out: Linear,
    out_norm: Norm,
    rise: Linear,
    fall: Linear,
    norm: Norm,
}

pub(crate) struct Transformer {
    /// Blocks of 4-bit numbers, a row a piece.
    rows: Vec<u8>,
    /// A row a place, with what every piece has in common.
    places: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

impl Transformer {
    /// Whether tables are of this network.
    pub(crate) fn is_in(tables: &Tables<'_>) -> bool {
        tables.rows("l0.q.w.q4").is_ok()
    }

    pub(crate) fn read(tables: &Tables<'_>) -> Result<Self, ModelError> {
        let pieces = tables.rows("emb.word.q4")?;
        let common = tables.floats("emb.type", &[2 * WIDTH])?;
        let mut places = tables.halves("emb.pos", &[PLACES, WIDTH])?;
        for row in places.chunks_exact_mut(WIDTH) {
            row.iter_mut().zip(&common).for_each(|(number, common)| *number += common);
        }
        Ok(Self {
            rows: tables.nibbles("emb.word.q4", pieces, WIDTH)?.to_vec(),
            places,
            norm: norm(tables, "emb.ln")?,
            layers: (0..LAYERS).map(|layer| Layer::read(tables, layer)).collect::<Result<_, _>>()?,
        })
    }

    /// How many pieces there are rows for.
    pub(crate) fn pieces(&self) -> usize {
        self.rows.len() / (WIDTH / BLOCK * BLOCK_BYTES)
    }

    /// Sentences, each as its pieces' numbers, to unit rows, one after the other.
    pub(crate) fn encode(&self, sentences: &[&[u32]], precision: Precision) -> Vec<f32> {
        sentences.iter().flat_map(|pieces| self.encode_on(Arch::new(), pieces, precision)).collect()
    }

    pub(crate) fn encode_on(&self, arch: Arch, pieces: &[u32], precision: Precision) -> Vec<f32> {
        let mut x = self.piece_rows(pieces);
        self.norm.rows(&mut x);
        for layer in &self.layers {
            layer.run(arch, &mut x, precision);
        }
        let mut whole = vec![0.0_f32; WIDTH];
        for row in x.chunks_exact(WIDTH) {
            add(&mut whole, row);
        }
        unit(&mut whole);
        whole
    }

    fn piece_rows(&self, pieces: &[u32]) -> Vec<f32> {
        let mut x = Vec::with_capacity(pieces.len() * WIDTH);
        for (piece, place) in pieces.iter().zip(self.places.chunks_exact(WIDTH)) {
            let size = WIDTH / BLOCK * BLOCK_BYTES;
            let row = self.rows.get(*piece as usize * size..).and_then(|rows| rows.get(..size));
            let from = x.len();
            for [low, high, numbers @ ..] in row.unwrap_or(&[]).as_chunks::<BLOCK_BYTES>().0 {
                let worth = half([*low, *high]);
                let number = |nibble: u8| (f32::from(nibble) - 8.0) * worth;
                x.extend(numbers.iter().map(|byte| number(byte & 15)));
                x.extend(numbers.iter().map(|byte| number(byte >> 4)));
            }
            x.resize(from + WIDTH, 0.0);
            add(x.get_mut(from..).unwrap_or(&mut []), place);
        }
        x
    }
}

impl Layer {
    fn read(tables: &Tables<'_>, layer: usize) -> Result<Self, ModelError> {
        let linear = |name: &str, inputs: usize, outputs: usize| {
            let weights = tables.nibbles(&format!("l{layer}.{name}.w.q4"), outputs, inputs)?;
            Ok(Linear {
                weights: Matrix::new(inputs, outputs, weights),
                shift: tables.floats(&format!("l{layer}.{name}.b"), &[outputs])?,
            })
        };
        Ok(Self {
            query: linear("q", WIDTH, WIDTH)?,
            key: linear("k", WIDTH, WIDTH)?,
            value: linear("v", WIDTH, WIDTH)?,
            out: linear("ao", WIDTH, WIDTH)?,
            out_norm: norm(tables, &format!("l{layer}.aln"))?,
            rise: linear("fi", WIDTH, WIDE)?,
            fall: linear("fo", WIDE, WIDTH)?,
            norm: norm(tables, &format!("l{layer}.oln"))?,
        })
    }

    fn run(&self, arch: Arch, x: &mut [f32], precision: Precision) {
        let whole = Whole::of(arch, x, precision);
        let (queries, keys, values) =
            (self.query.times(arch, &whole), self.key.times(arch, &whole), self.value.times(arch, &whole));
        let a = arch.dispatch(Attention { queries: &queries, keys: &keys, values: &values });
        add(x, &self.out.times(arch, &Whole::of(arch, &a, precision)));
        self.out_norm.rows(x);
        let mut wide = self.rise.times(arch, &Whole::of(arch, x, precision));
        arch.dispatch(Gelu(&mut wide));
        add(x, &self.fall.times(arch, &Whole::of(arch, &wide, precision)));
        self.norm.rows(x);
    }
}

/// Rows in whole numbers, and what these leave out where it counts.
struct Whole {
    blocks: Vec<Block>,
    rest: Option<Vec<Block>>,
}

impl Whole {
    fn of(arch: Arch, rows: &[f32], precision: Precision) -> Self {
        let blocks = blocks::quantise(arch, rows);
        let rest =
            (precision == Precision::Fine).then(|| blocks::quantise(arch, &blocks::rest(rows, &blocks)));
        Self { blocks, rest }
    }
}

impl Linear {
    fn times(&self, arch: Arch, rows: &Whole) -> Vec<f32> {
        let mut out = self.weights.times(arch, &rows.blocks);
        if let Some(rest) = &rows.rest {
            add(&mut out, &self.weights.times(arch, rest));
        }
        out.chunks_exact_mut(self.shift.len().max(1)).for_each(|row| add(row, &self.shift));
        out
    }
}

struct Gelu<'a>(&'a mut [f32]);

impl WithSimd for Gelu<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        self.0.iter_mut().for_each(|number| *number = gelu(*number));
    }
}

fn norm(tables: &Tables<'_>, name: &str) -> Result<Norm, ModelError> {
    Ok(Norm {
        scale: tables.floats(&format!("{name}.w"), &[WIDTH])?,
        shift: tables.floats(&format!("{name}.b"), &[WIDTH])?,
    })
}

fn add(rows: &mut [f32], others: &[f32]) {
    rows.iter_mut().zip(others).for_each(|(number, other)| *number += other);
}
