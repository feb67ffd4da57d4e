//! The network of the first encoder, of convolutions: pieces in, one row of 512 numbers a sentence out.
//!
//! ```text
//! e       the rows of the pieces, 512 wide
//! x       layer norm of e × proj, 768 wide: three branches of 256
//! c n     n = 2, 3, 5: c + relu(windows of n rows × w1), then again with w2
//! sum     layer norm of [e | c2 | c3 | c5], 1280 wide, summed over the pieces
//! m       (sum × out + pieces × b) / √pieces
//! y0 y1 y2  relu(m d0), relu(m p1 + y0 d1), relu(y1 d2)
//!         tanh(y1 p3 + y2 d3), brought to length 1
//! ```

use crate::arithmetic::{Norm, layer_norm, quantise, tanh, unit};
use crate::embedding::DIMENSIONS;
use crate::kernel::{Matrix, Rows};
use crate::model_file::{ModelError, Tables};

/// Width of a piece's row.
const PIECE: usize = 512;
/// Width of a branch.
const BRANCH: usize = 256;
/// Width of what is summed.
const WIDE: usize = PIECE + 3 * BRANCH;
/// Width within the last layers.
const HIDDEN: usize = 320;
/// The rows a branch's window has, and how many of them stand before its own.
const WINDOWS: [(usize, usize); 3] = [(2, 0), (3, 1), (5, 2)];

/// How finely rows are rounded to whole numbers before they are multiplied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// 14 bits, 8 in blocks of the second encoder: what findings are made with.
    Fast,
    /// Twice the bits, at twice the work: the reference's own numbers, to measure what the other leaves out.
    Fine,
}

/// One convolution and what it adds.
struct Convolution {
    weights: Matrix,
    shift: Vec<f32>,
}

struct Branch {
    window: usize,
    before: usize,
    convolutions: [Convolution; 2],
}

pub(crate) struct Convolutions {
    rows: Vec<u8>,
    row_scale: Vec<f32>,
    row_shift: Vec<f32>,
    project: Matrix,
    project_shift: Vec<f32>,
    project_norm: Norm,
    branches: [Branch; 3],
    norm: Norm,
    out: Matrix,
    out_shift: Vec<f32>,
    d0: Matrix,
    p1: Matrix,
    d1: Matrix,
    d2: Matrix,
    p3: Matrix,
    d3: Matrix,
}

impl Convolutions {
    pub(crate) fn read(tables: &Tables<'_>) -> Result<Self, ModelError> {
        let count = tables.rows("emb.q")?;
        let matrix = |name: &str, inputs: usize, outputs: usize| {
            let weights = tables.bytes(name, "I8", &[inputs, outputs])?;
            Ok(Matrix::new(inputs, weights, tables.floats(&format!("{name}.scale"), &[outputs])?))
        };
        let norm = |scale: &str, shift: &str, width: usize| {
            Ok(Norm { scale: tables.floats(scale, &[width])?, shift: tables.floats(shift, &[width])? })
        };
        let convolution = |window: usize, which: usize| {
            Ok(Convolution {
                weights: matrix(&format!("cnn{window}.w{which}"), window * BRANCH, BRANCH)?,
                shift: tables.floats(&format!("cnn{window}.b{which}"), &[BRANCH])?,
            })
        };
        let branch = |(window, before)| {
            Ok(Branch { window, before, convolutions: [convolution(window, 1)?, convolution(window, 2)?] })
        };
        let [two, three, five] = WINDOWS;
        Ok(Self {
            rows: tables.bytes("emb.q", "U8", &[count, PIECE])?.to_vec(),
            row_scale: tables.floats("emb.scale", &[count])?,
            row_shift: tables.floats("emb.lo", &[count])?,
            project: matrix("proj.w", PIECE, 3 * BRANCH)?,
            project_shift: tables.floats("proj.proj_b", &[3 * BRANCH])?,
            project_norm: norm("proj.ln_g", "proj.ln_b", 3 * BRANCH)?,
            branches: [branch(two)?, branch(three)?, branch(five)?],
            norm: norm("ln.g", "ln.b", WIDE)?,
            out: matrix("out.w", WIDE, DIMENSIONS)?,
            out_shift: tables.floats("out.b", &[DIMENSIONS])?,
            d0: matrix("dnn.d0", DIMENSIONS, HIDDEN)?,
            p1: matrix("dnn.p1", DIMENSIONS, HIDDEN)?,
            d1: matrix("dnn.d1", HIDDEN, HIDDEN)?,
            d2: matrix("dnn.d2", HIDDEN, DIMENSIONS)?,
            p3: matrix("dnn.p3", HIDDEN, DIMENSIONS)?,
            d3: matrix("dnn.d3", DIMENSIONS, DIMENSIONS)?,
        })
    }

    /// How many pieces there are rows for.
    pub(crate) fn pieces(&self) -> usize {
        self.row_scale.len()
    }

    /// Sentences, each as its pieces' numbers, to unit rows, one after the other. What a sentence gives does not
    /// depend on its neighbours.
    pub(crate) fn encode(&self, sentences: &[&[u32]], precision: Precision) -> Vec<f32> {
        if sentences.is_empty() {
            return Vec::new();
        }
        let times = |matrix: &Matrix, rows: &[f32]| times(matrix, rows, precision);
        let sums: Vec<f32> = sentences.iter().flat_map(|pieces| self.sum(pieces, precision)).collect();
        let mut m = times(&self.out, &sums);
        for (row, pieces) in m.chunks_exact_mut(DIMENSIONS).zip(sentences) {
            let count = pieces.len() as f32;
            let root = count.sqrt();
            for (number, shift) in row.iter_mut().zip(&self.out_shift) {
                *number = (*number + count * shift) / root;
            }
        }
        let y0 = relu(times(&self.d0, &m));
        let y1 = relu(added(times(&self.p1, &m), &times(&self.d1, &y0)));
        let y2 = relu(times(&self.d2, &y1));
        let mut z = added(times(&self.p3, &y1), &times(&self.d3, &y2));
        z.iter_mut().for_each(|number| *number = tanh(*number));
        z.chunks_exact_mut(DIMENSIONS).for_each(unit);
        z
    }

    /// One sentence up to the sum over its pieces.
    fn sum(&self, pieces: &[u32], precision: Precision) -> Vec<f32> {
        let e = self.piece_rows(pieces);
        let mut x = times(&self.project, &e, precision);
        for row in x.chunks_exact_mut(3 * BRANCH) {
            row.iter_mut().zip(&self.project_shift).for_each(|(number, shift)| *number += shift);
            layer_norm(row, &self.project_norm.scale, &self.project_norm.shift);
        }
        let [two, three, five] = &self.branches;
        let run = |branch: &Branch, place| branch.run(&x, place, precision);
        let (two, three, five) = (run(two, 0), run(three, 1), run(five, 2));
        let mut sum = vec![0.0_f32; WIDE];
        let mut row = Vec::with_capacity(WIDE);
        let branches =
            two.chunks_exact(BRANCH).zip(three.chunks_exact(BRANCH)).zip(five.chunks_exact(BRANCH));
        for (e, ((two, three), five)) in e.chunks_exact(PIECE).zip(branches) {
            row.clear();
            [e, two, three, five].into_iter().for_each(|part| row.extend_from_slice(part));
            layer_norm(&mut row, &self.norm.scale, &self.norm.shift);
            sum.iter_mut().zip(&row).for_each(|(sum, number)| *sum += number);
        }
        sum
    }

    fn piece_rows(&self, pieces: &[u32]) -> Vec<f32> {
        let mut e = Vec::with_capacity(pieces.len() * PIECE);
        for piece in pieces {
            let at = *piece as usize;
            let row = self.rows.get(at * PIECE..).and_then(|rows| rows.get(..PIECE)).unwrap_or(&[]);
            let (scale, shift) = self.row_scale.get(at).zip(self.row_shift.get(at)).unwrap_or((&0.0, &0.0));
            e.extend(row.iter().map(|number| f32::from(*number) * scale + shift));
        }
        e
    }
}

impl Branch {
    /// The branch that stands at `place` of the rows.
    fn run(&self, x: &[f32], place: usize, precision: Precision) -> Vec<f32> {
        let own =
            |row: &[f32]| row.get(place * BRANCH..).and_then(|row| row.get(..BRANCH)).unwrap_or(&[]).to_vec();
        let mut c: Vec<f32> = x.chunks_exact(3 * BRANCH).flat_map(own).collect();
        for Convolution { weights, shift } in &self.convolutions {
            let mut h = self.windows(weights, &c);
            if precision == Precision::Fine {
                let rest = rest(&c, c.len());
                h = added(h, &self.windows(weights, &rest));
            }
            for (c, h) in c.chunks_exact_mut(BRANCH).zip(h.chunks_exact(BRANCH)) {
                for ((c, h), shift) in c.iter_mut().zip(h).zip(shift) {
                    *c += (h + shift).max(0.0);
                }
            }
        }
        c
    }

    /// Each row's window times a matrix. Rows of zeros stand before the first and after the last: a window is a stretch
    /// of what lies there.
    fn windows(&self, weights: &Matrix, c: &[f32]) -> Vec<f32> {
        let count = c.len() / BRANCH;
        let mut whole = vec![0_i16; (count + self.window - 1) * BRANCH];
        let inner = whole.get_mut(self.before * BRANCH..).and_then(|whole| whole.get_mut(..c.len()));
        let worth = quantise(c, inner.unwrap_or(&mut []));
        weights.times(Rows { numbers: &whole, step: BRANCH, worth: &vec![worth; count] })
    }
}

/// Rows times a matrix.
fn times(matrix: &Matrix, rows: &[f32], precision: Precision) -> Vec<f32> {
    let out = times_whole(matrix, rows);
    match precision {
        Precision::Fast => out,
        Precision::Fine => added(out, &times_whole(matrix, &rest(rows, matrix.inputs()))),
    }
}

fn times_whole(matrix: &Matrix, rows: &[f32]) -> Vec<f32> {
    let inputs = matrix.inputs();
    let mut whole = vec![0_i16; rows.len()];
    let worth: Vec<f32> = rows
        .chunks_exact(inputs)
        .zip(whole.chunks_exact_mut(inputs))
        .map(|(row, whole)| quantise(row, whole))
        .collect();
    matrix.times(Rows { numbers: &whole, step: inputs, worth: &worth })
}

/// What whole numbers leave out of rows of `width`.
fn rest(rows: &[f32], width: usize) -> Vec<f32> {
    let mut rest = Vec::with_capacity(rows.len());
    let mut whole = vec![0_i16; width];
    for row in rows.chunks_exact(width.max(1)) {
        let worth = quantise(row, &mut whole);
        rest.extend(row.iter().zip(&whole).map(|(number, whole)| number - f32::from(*whole) * worth));
    }
    rest
}

fn relu(mut rows: Vec<f32>) -> Vec<f32> {
    rows.iter_mut().for_each(|number| *number = number.max(0.0));
    rows
}

fn added(mut rows: Vec<f32>, others: &[f32]) -> Vec<f32> {
    rows.iter_mut().zip(others).for_each(|(number, other)| *number += other);
    rows
}
