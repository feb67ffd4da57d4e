//! Products of rows by matrices of 4-bit numbers, in blocks of 32: each block of a row and of a column has a scale of its own.
//!
//! A row's block is rounded to 8 bits, a block's 32 products are summed in whole numbers, exactly. The blocks' sums are added one
//! after the other in 32-bit floating point, never contracted: the same bits whatever the processor adds side by side.

use pulp::{Arch, Simd, WithSimd};

use crate::arithmetic::{ROUNDING, SMALLEST};
use crate::block_lanes::{Lanes, Portable};
use crate::model_file::half;

/// Numbers of a block.
pub(crate) const BLOCK: usize = 32;
/// Bytes of a block in a file: its scale in 16 bits, two numbers a byte.
pub(crate) const BLOCK_BYTES: usize = 18;
/// Columns of a panel.
pub(crate) const COLUMNS: usize = 16;
/// Rows worked on together.
const ROWS: usize = 4;
/// What stands for zero in a matrix.
const ZERO: i32 = 8;
/// Quantised numbers run from −127 to 127: sums of 32 products with 0 to 15 stay within 16 bits by pairs of columns.
const LARGEST: f32 = 127.0;

/// One block of sixteen columns: of each, four numbers in turn, those of the first half in the low bits of a byte.
#[derive(Clone)]
pub(crate) struct Panel {
    pub(crate) nibbles: [[u8; 4 * COLUMNS]; 4],
    pub(crate) worth: [f32; COLUMNS],
}

/// One block of a row.
#[derive(Clone, Copy, Default)]
pub(crate) struct Block {
    /// The first half, four numbers in each.
    low: [i32; 4],
    /// The second.
    high: [i32; 4],
    /// What one is worth.
    worth: f32,
    /// What zero standing at [`ZERO`] adds to each column.
    above: i32,
}

/// A matrix of 4-bit numbers.
pub(crate) struct Matrix {
    blocks: usize,
    outputs: usize,
    /// Sixteen columns after sixteen columns, each of all the blocks.
    panels: Vec<Panel>,
}

impl Matrix {
    /// From a table with the blocks of one output after those of another. `inputs` is a multiple of [`BLOCK`], `outputs` of
    /// [`COLUMNS`].
    pub(crate) fn new(inputs: usize, outputs: usize, table: &[u8]) -> Self {
        let blocks = inputs / BLOCK;
        let rows: Vec<&[u8]> = table.chunks_exact((blocks * BLOCK_BYTES).max(1)).collect();
        let mut panels = Vec::with_capacity(blocks * outputs / COLUMNS);
        for columns in rows.chunks_exact(COLUMNS) {
            for from in (0..blocks).map(|block| block * BLOCK_BYTES) {
                let mut panel = Panel { nibbles: [[0; 4 * COLUMNS]; 4], worth: [0.0; COLUMNS] };
                for (column, row) in columns.iter().enumerate() {
                    let Some(([low, high], numbers)) =
                        row.get(from..from + BLOCK_BYTES).and_then(<[u8]>::split_first_chunk)
                    else {
                        continue;
                    };
                    if let Some(worth) = panel.worth.get_mut(column) {
                        *worth = half([*low, *high]);
                    }
                    for (step, four) in panel.nibbles.iter_mut().zip(numbers.as_chunks::<4>().0) {
                        if let Some(place) = step.as_chunks_mut::<4>().0.get_mut(column) {
                            *place = *four;
                        }
                    }
                }
                panels.push(panel);
            }
        }
        Self { blocks, outputs, panels }
    }

    /// Each row times the matrix.
    pub(crate) fn times(&self, arch: Arch, rows: &[Block]) -> Vec<f32> {
        let mut out = vec![0.0; rows.len() / self.blocks.max(1) * self.outputs];
        let product = Product { matrix: self, rows, out: &mut out };
        match arch {
            #[cfg(target_arch = "x86_64")]
            Arch::V4(simd) => simd.vectorize(On(simd, product)),
            #[cfg(target_arch = "x86_64")]
            Arch::V3(simd) => simd.vectorize(On(simd, product)),
            _ => product.tiles(Portable),
        }
        out
    }
}

/// A product to work out.
struct Product<'a> {
    matrix: &'a Matrix,
    rows: &'a [Block],
    out: &'a mut [f32],
}

impl Product<'_> {
    #[inline(always)]
    fn tiles<L: Lanes>(self, lanes: L) {
        let Self { matrix, rows, out } = self;
        let (blocks, outputs) = (matrix.blocks.max(1), matrix.outputs);
        let count = rows.len() / blocks;
        let row = |index: usize| rows.get(index * blocks..(index + 1) * blocks).unwrap_or(&[]);
        for (panels, columns) in matrix.panels.chunks_exact(blocks).zip((0..outputs).step_by(COLUMNS)) {
            for first in (0..count).step_by(ROWS) {
                // A row past the last is the last again: its sums are not kept.
                let four = std::array::from_fn(|offset| row((first + offset).min(count - 1)));
                for (index, sums) in (first..count).zip(tile(lanes, four, panels)) {
                    let from = index * outputs + columns;
                    if let Some(out) = out.get_mut(from..from + COLUMNS) {
                        out.copy_from_slice(&sums);
                    }
                }
            }
        }
    }
}

/// Four rows by sixteen columns.
#[inline(always)]
fn tile<L: Lanes>(lanes: L, rows: [&[Block]; ROWS], panels: &[Panel]) -> [[f32; COLUMNS]; ROWS] {
    let [a, b, c, d] = rows;
    let mut totals = [lanes.nothing(); ROWS];
    for ((((panel, a), b), c), d) in panels.iter().zip(a).zip(b).zip(c).zip(d) {
        let four = [a, b, c, d];
        let mut sums = [lanes.zero(); ROWS];
        for (step, nibbles) in panel.nibbles.iter().enumerate() {
            let (low, high) = lanes.halves(nibbles);
            for (sum, block) in sums.iter_mut().zip(four) {
                let (Some(first), Some(second)) = (block.low.get(step), block.high.get(step)) else {
                    continue;
                };
                *sum = lanes.add_products(*sum, low, *first);
                *sum = lanes.add_products(*sum, high, *second);
            }
        }
        for ((total, sum), block) in totals.iter_mut().zip(sums).zip(four) {
            *total = lanes.add_block(*total, sum, block.above, &panel.worth, block.worth);
        }
    }
    totals.map(|total| lanes.store(total))
}

/// A product with the instructions it is made with.
#[cfg(target_arch = "x86_64")]
struct On<'a, L>(L, Product<'a>);

#[cfg(target_arch = "x86_64")]
impl<L: Lanes> pulp::NullaryFnOnce for On<'_, L> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.1.tiles(self.0);
    }
}

/// Rounds rows to whole numbers, block after block.
pub(crate) fn quantise(arch: Arch, numbers: &[f32]) -> Vec<Block> {
    arch.dispatch(Quantise(numbers))
}

/// What whole numbers leave out.
pub(crate) fn rest(numbers: &[f32], blocks: &[Block]) -> Vec<f32> {
    let mut rest = numbers.to_vec();
    for (numbers, block) in rest.as_chunks_mut::<BLOCK>().0.iter_mut().zip(blocks) {
        let whole = block.low.iter().chain(&block.high).flat_map(|four| four.to_le_bytes());
        for (number, whole) in numbers.iter_mut().zip(whole) {
            *number -= f32::from(i8::from_le_bytes([whole])) * block.worth;
        }
    }
    rest
}

struct Quantise<'a>(&'a [f32]);

impl WithSimd for Quantise<'_> {
    type Output = Vec<Block>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<Block> {
        self.0.as_chunks::<BLOCK>().0.iter().map(block).collect()
    }
}

#[inline(always)]
fn block(numbers: &[f32; BLOCK]) -> Block {
    let largest = numbers.iter().fold(0.0_f32, |largest, number| largest.max(number.abs()));
    if !(SMALLEST..f32::MAX).contains(&largest) {
        return Block::default();
    }
    let factor = LARGEST / largest;
    let whole = numbers
        .map(|number| (number * factor + ROUNDING).to_bits().wrapping_sub(ROUNDING.to_bits()).cast_signed());
    let sum: i32 = whole.iter().sum();
    let bytes = whole.map(|number| number.to_le_bytes()[0]);
    let (fours, _) = bytes.as_chunks::<4>();
    let four = |from: usize| {
        std::array::from_fn(|at| fours.get(from + at).map_or(0, |four| i32::from_le_bytes(*four)))
    };
    Block { low: four(0), high: four(4), worth: largest / LARGEST, above: ZERO * sum }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::files::archs;

    proptest! {
        #[test]
        fn every_instruction_set_gives_the_sums_worked_out_one_by_one(
            rows in 1_usize..10,
            bytes in proptest::collection::vec(any::<u8>(), 32 * 2 * BLOCK_BYTES),
            numbers in proptest::collection::vec(-1.0_f32..1.0, 10 * 2 * BLOCK),
        ) {
            let mut table = bytes;
            // Scales that are numbers.
            table.chunks_exact_mut(BLOCK_BYTES).for_each(|block| block[1] &= 0x3F);
            let matrix = Matrix::new(2 * BLOCK, 32, &table);
            let blocks = quantise(Arch::Scalar, &numbers[..rows * 2 * BLOCK]);
            let mut expected = Vec::new();
            for row in blocks.chunks_exact(2) {
                for column in table.chunks_exact(2 * BLOCK_BYTES) {
                    let mut total = 0.0_f32;
                    for (block, of) in row.iter().zip(column.chunks_exact(BLOCK_BYTES)) {
                        let whole = block.low.iter().chain(&block.high).flat_map(|four| four.to_le_bytes());
                        let nibbles = of[2..].iter().map(|byte| byte & 15).chain(of[2..].iter().map(|byte| byte >> 4));
                        let sum: i32 = whole
                            .zip(nibbles)
                            .map(|(number, nibble)| i32::from(number.cast_signed()) * (i32::from(nibble) - 8))
                            .sum();
                        total += sum as f32 * (half([of[0], of[1]]) * block.worth);
                    }
                    expected.push(total);
                }
            }
            for arch in archs() {
                prop_assert_eq!(&matrix.times(arch, &blocks), &expected, "{:?}", arch);
            }
        }
    }

    /// The largest sums there can be: 32 products of 15 with 127, of either sign.
    #[test]
    fn the_largest_sums_fit() {
        let block = [[0x00, 0x3C].as_slice(), &[0xFF; 16]].concat();
        let matrix = Matrix::new(BLOCK, COLUMNS, &block.repeat(COLUMNS));
        for sign in [1.0, -1.0] {
            for arch in archs() {
                let blocks = quantise(arch, &[sign * 127.0; BLOCK]);
                assert_eq!(matrix.times(arch, &blocks), [sign * 32.0 * 7.0 * 127.0; COLUMNS]);
            }
        }
    }

    #[test]
    fn numbers_are_rounded_by_blocks_and_what_is_left_out_is_known() {
        let mut numbers = [0.0; 2 * BLOCK];
        numbers[0] = 127.0;
        numbers[5] = -0.4;
        numbers[31] = 3.4;
        numbers[BLOCK] = f32::NAN;
        for arch in archs() {
            let blocks = quantise(arch, &numbers);
            assert_eq!((blocks[0].low[0], blocks[0].high[3], blocks[0].above), (127, 3 << 24, 8 * 130));
            assert_eq!(blocks[1].worth, 0.0);
            let rest = rest(&numbers[..BLOCK], &blocks);
            assert_eq!((rest[0], rest[5]), (0.0, -0.4));
            assert!((rest[31] - 0.4).abs() < 1e-6);
        }
    }
}
