//! Products of matrices of whole numbers: 14 bits by 8 bits, summed in 32, exact in any order.
//!
//! One tile of four rows by sixteen columns is written once, over what the processor adds side by side: AVX-512, AVX2, or what
//! the compiler makes of it elsewhere. `pulp` is who asks the processor and carries the `unsafe` of it.

use pulp::Arch;

/// Columns of a panel.
const COLUMNS: usize = 16;
/// Rows worked on together.
const ROWS: usize = 4;
/// Two rows of a panel, number by number of each in turn.
type Pair = [i16; 2 * COLUMNS];
/// The sums of a tile's row.
type Sums = [i32; COLUMNS];

/// A matrix of 8-bit numbers, each column with what one is worth.
pub(crate) struct Matrix {
    inputs: usize,
    /// Panel after panel, each of all the matrix's rows by sixteen columns.
    panels: Vec<Pair>,
    worth: Vec<f32>,
}

/// Rows of whole numbers, `step` apart, that may overlap.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub(crate) numbers: &'a [i16],
    pub(crate) step: usize,
    /// What one is worth, by row.
    pub(crate) worth: &'a [f32],
}

impl Matrix {
    /// From numbers row after row. `inputs` is even, `worth` is a multiple of sixteen long.
    pub(crate) fn new(inputs: usize, weights: &[u8], worth: Vec<f32>) -> Self {
        let outputs = worth.len().max(1);
        let mut panels = Vec::with_capacity(weights.len() / (2 * COLUMNS));
        for first in (0..outputs).step_by(COLUMNS) {
            for pair in weights.chunks_exact(2 * outputs) {
                let mut both: Pair = [0; 2 * COLUMNS];
                let (upper, lower) = pair.split_at(outputs);
                let columns = upper.iter().zip(lower).skip(first);
                for ([a, b], (upper, lower)) in both.as_chunks_mut::<2>().0.iter_mut().zip(columns) {
                    *a = i16::from(i8::from_le_bytes([*upper]));
                    *b = i16::from(i8::from_le_bytes([*lower]));
                }
                panels.push(both);
            }
        }
        Self { inputs, panels, worth }
    }

    /// The numbers of a row that goes in.
    pub(crate) const fn inputs(&self) -> usize {
        self.inputs
    }

    /// The columns of what comes out.
    pub(crate) const fn outputs(&self) -> usize {
        self.worth.len()
    }

    /// Each row times the matrix.
    pub(crate) fn times(&self, rows: Rows<'_>) -> Vec<f32> {
        self.times_on(Arch::new(), rows)
    }

    pub(crate) fn times_on(&self, arch: Arch, rows: Rows<'_>) -> Vec<f32> {
        let mut out = vec![0.0; rows.worth.len() * self.outputs()];
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

/// The instructions that products are made with on this machine.
#[must_use]
pub fn instructions() -> &'static str {
    match Arch::new() {
        #[cfg(target_arch = "x86_64")]
        Arch::V4(_) => "AVX-512",
        #[cfg(target_arch = "x86_64")]
        Arch::V3(_) => "AVX2",
        _ => "portable",
    }
}

/// A product to work out.
struct Product<'a> {
    matrix: &'a Matrix,
    rows: Rows<'a>,
    out: &'a mut [f32],
}

impl Product<'_> {
    #[inline(always)]
    fn tiles<L: Lanes>(self, lanes: L) {
        let Self { matrix, rows, out } = self;
        let (inputs, outputs) = (matrix.inputs, matrix.outputs());
        let row = |index: usize| {
            let from = index * rows.step;
            // A row past the last is the last again: its sums are not kept.
            rows.numbers.get(from..from + inputs).unwrap_or(&[])
        };
        for (panel, columns) in
            matrix.panels.chunks_exact((inputs / 2).max(1)).zip((0..outputs).step_by(COLUMNS))
        {
            let worth = matrix.worth.get(columns..columns + COLUMNS).unwrap_or(&[]);
            for first in (0..rows.worth.len()).step_by(ROWS) {
                let last = rows.worth.len() - 1;
                let four = std::array::from_fn(|offset| row((first + offset).min(last)));
                let sums = tile(lanes, four, panel);
                let kept = (first..rows.worth.len()).zip(&sums);
                for (index, sums) in kept {
                    let from = index * outputs + columns;
                    let (Some(out), Some(scale)) = (out.get_mut(from..from + COLUMNS), rows.worth.get(index))
                    else {
                        continue;
                    };
                    for ((out, sum), worth) in out.iter_mut().zip(sums).zip(worth) {
                        *out = *sum as f32 * (scale * worth);
                    }
                }
            }
        }
    }
}

/// Four rows by one panel.
#[inline(always)]
fn tile<L: Lanes>(lanes: L, rows: [&[i16]; ROWS], panel: &[Pair]) -> [Sums; ROWS] {
    let [a, b, c, d] = rows.map(|row| row.as_chunks::<2>().0);
    let mut sums = [lanes.zero(); ROWS];
    let [sum_a, sum_b, sum_c, sum_d] = &mut sums;
    for ((((pair, a), b), c), d) in panel.iter().zip(a).zip(b).zip(c).zip(d) {
        let pair = lanes.load(pair);
        *sum_a = lanes.add_products(*sum_a, pair, *a);
        *sum_b = lanes.add_products(*sum_b, pair, *b);
        *sum_c = lanes.add_products(*sum_c, pair, *c);
        *sum_d = lanes.add_products(*sum_d, pair, *d);
    }
    sums.map(|sums| lanes.store(sums))
}

/// Sixteen sums of pairs of products, by some processor's instructions.
trait Lanes: Copy {
    type Pairs: Copy;
    type Sums: Copy;
    fn zero(self) -> Self::Sums;
    fn load(self, pair: &Pair) -> Self::Pairs;
    /// Adds to each sum the products of its column's two numbers with the row's.
    fn add_products(self, sums: Self::Sums, pairs: Self::Pairs, row: [i16; 2]) -> Self::Sums;
    fn store(self, sums: Self::Sums) -> Sums;
}

#[derive(Clone, Copy)]
struct Portable;

impl Lanes for Portable {
    type Pairs = Pair;
    type Sums = Sums;

    #[inline(always)]
    fn zero(self) -> Sums {
        [0; COLUMNS]
    }

    #[inline(always)]
    fn load(self, pair: &Pair) -> Pair {
        *pair
    }

    #[inline(always)]
    fn add_products(self, mut sums: Sums, pairs: Pair, [first, second]: [i16; 2]) -> Sums {
        for (sum, [upper, lower]) in sums.iter_mut().zip(pairs.as_chunks::<2>().0) {
            *sum += i32::from(*upper) * i32::from(first) + i32::from(*lower) * i32::from(second);
        }
        sums
    }

    #[inline(always)]
    fn store(self, sums: Sums) -> Sums {
        sums
    }
}

/// Both numbers of a row, side by side in one.
#[cfg(target_arch = "x86_64")]
#[inline(always)]
const fn both([first, second]: [i16; 2]) -> i32 {
    (first as u16 as i32) | ((second as i32) << 16)
}

#[cfg(target_arch = "x86_64")]
impl Lanes for pulp::x86::V4 {
    type Pairs = std::arch::x86_64::__m512i;
    type Sums = std::arch::x86_64::__m512i;

    #[inline(always)]
    fn zero(self) -> Self::Sums {
        self.avx512f._mm512_setzero_si512()
    }

    #[inline(always)]
    fn load(self, pair: &Pair) -> Self::Pairs {
        pulp::cast(*pair)
    }

    #[inline(always)]
    fn add_products(self, sums: Self::Sums, pairs: Self::Pairs, row: [i16; 2]) -> Self::Sums {
        let row = self.avx512f._mm512_set1_epi32(both(row));
        self.avx512f._mm512_add_epi32(sums, self.avx512bw._mm512_madd_epi16(pairs, row))
    }

    #[inline(always)]
    fn store(self, sums: Self::Sums) -> Sums {
        pulp::cast(sums)
    }
}

#[cfg(target_arch = "x86_64")]
impl Lanes for pulp::x86::V3 {
    type Pairs = [std::arch::x86_64::__m256i; 2];
    type Sums = [std::arch::x86_64::__m256i; 2];

    #[inline(always)]
    fn zero(self) -> Self::Sums {
        pulp::cast([0_i32; COLUMNS])
    }

    #[inline(always)]
    fn load(self, pair: &Pair) -> Self::Pairs {
        pulp::cast(*pair)
    }

    #[inline(always)]
    fn add_products(self, [a, b]: Self::Sums, [upper, lower]: Self::Pairs, row: [i16; 2]) -> Self::Sums {
        let row = self.avx._mm256_set1_epi32(both(row));
        [
            self.avx2._mm256_add_epi32(a, self.avx2._mm256_madd_epi16(upper, row)),
            self.avx2._mm256_add_epi32(b, self.avx2._mm256_madd_epi16(lower, row)),
        ]
    }

    #[inline(always)]
    fn store(self, sums: Self::Sums) -> Sums {
        pulp::cast(sums)
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tests::files::archs;

    proptest! {
        #[test]
        fn every_instruction_set_gives_the_sums_worked_out_one_by_one(
            rows in 1_usize..10,
            weights in proptest::collection::vec(any::<i8>(), 6 * 32),
            numbers in proptest::collection::vec(-8191_i16..=8191, 6 * 10),
        ) {
            let bytes: Vec<u8> = weights.iter().map(|weight| weight.to_le_bytes()[0]).collect();
            let matrix = Matrix::new(6, &bytes, vec![1.0; 32]);
            let worth = vec![1.0; rows];
            // Rows that overlap, as windows of a convolution do.
            let given = Rows { numbers: &numbers[..4 * (rows - 1) + 6], step: 4, worth: &worth };
            let mut expected = Vec::new();
            for row in 0..rows {
                for column in 0..32 {
                    let products = (0..6).map(|input| {
                        i32::from(numbers[row * 4 + input]) * i32::from(weights[input * 32 + column])
                    });
                    expected.push(products.sum::<i32>() as f32);
                }
            }
            for arch in archs() {
                prop_assert_eq!(&matrix.times_on(arch, given), &expected, "{:?}", arch);
            }
        }
    }

    /// The largest sums there can be, in the widest matrix: 1,280 products of −8191 and −128.
    #[test]
    fn the_largest_sums_fit() {
        let matrix = Matrix::new(1280, &vec![0x80; 1280 * 16], vec![1.0; 16]);
        let given = Rows { numbers: &[-8191; 1280], step: 1280, worth: &[1.0] };
        for arch in archs() {
            assert_eq!(matrix.times_on(arch, given), [1_342_013_440.0; 16]);
        }
    }
}
