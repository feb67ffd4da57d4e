//! Sixteen columns' sums of products of 4-bit by 8-bit numbers, by some processor's instructions; all of them give the same.

use crate::blocks::COLUMNS;

/// What a processor adds side by side.
pub(crate) trait Lanes: Copy {
    /// Four numbers from 0 to 15 of each column.
    type Bytes: Copy;
    /// Sums of whole numbers.
    type Sums: Copy;
    /// A total of each column.
    type Totals: Copy;
    fn zero(self) -> Self::Sums;
    fn nothing(self) -> Self::Totals;
    /// The low and the high bits of each byte.
    fn halves(self, nibbles: &[u8; 4 * COLUMNS]) -> (Self::Bytes, Self::Bytes);
    /// Adds the products of each column's four numbers with the row's. Of one block: 32-bit sums are not needed before its end.
    fn add_products(self, sums: Self::Sums, bytes: Self::Bytes, row: i32) -> Self::Sums;
    /// Adds (sum − above) × (column's worth × row's worth) to each total.
    fn add_block(
        self,
        totals: Self::Totals,
        sums: Self::Sums,
        above: i32,
        columns: &[f32; COLUMNS],
        row: f32,
    ) -> Self::Totals;
    fn store(self, totals: Self::Totals) -> [f32; COLUMNS];
}

/// What the compiler makes of it.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

impl Lanes for Portable {
    type Bytes = [u8; 4 * COLUMNS];
    type Sums = [i32; COLUMNS];
    type Totals = [f32; COLUMNS];

    #[inline(always)]
    fn zero(self) -> Self::Sums {
        [0; COLUMNS]
    }

    #[inline(always)]
    fn nothing(self) -> Self::Totals {
        [0.0; COLUMNS]
    }

    #[inline(always)]
    fn halves(self, nibbles: &[u8; 4 * COLUMNS]) -> (Self::Bytes, Self::Bytes) {
        (nibbles.map(|byte| byte & 15), nibbles.map(|byte| byte >> 4))
    }

    #[inline(always)]
    fn add_products(self, mut sums: Self::Sums, bytes: Self::Bytes, row: i32) -> Self::Sums {
        let [a, b, c, d] = row.to_le_bytes().map(|byte| i32::from(i8::from_le_bytes([byte])));
        for (sum, [e, f, g, h]) in sums.iter_mut().zip(bytes.as_chunks::<4>().0) {
            *sum += a * i32::from(*e) + b * i32::from(*f) + c * i32::from(*g) + d * i32::from(*h);
        }
        sums
    }

    #[inline(always)]
    fn add_block(
        self,
        mut totals: Self::Totals,
        sums: Self::Sums,
        above: i32,
        columns: &[f32; COLUMNS],
        row: f32,
    ) -> Self::Totals {
        for ((total, sum), column) in totals.iter_mut().zip(sums).zip(columns) {
            *total += (sum - above) as f32 * (column * row);
        }
        totals
    }

    #[inline(always)]
    fn store(self, totals: Self::Totals) -> [f32; COLUMNS] {
        totals
    }
}

/// Low four bits of four bytes.
#[cfg(target_arch = "x86_64")]
const LOW: i32 = 0x0F0F_0F0F;
/// Two ones of 16 bits: what pairs of sums are added with.
#[cfg(target_arch = "x86_64")]
const ONES: i32 = 0x0001_0001;

// Two products of 15 and 127, eight times: 30,480 stays within the 16 bits that these instructions add in.
#[cfg(target_arch = "x86_64")]
impl Lanes for pulp::x86::V4 {
    type Bytes = std::arch::x86_64::__m512i;
    type Sums = std::arch::x86_64::__m512i;
    type Totals = std::arch::x86_64::__m512;

    #[inline(always)]
    fn zero(self) -> Self::Sums {
        self.avx512f._mm512_setzero_si512()
    }

    #[inline(always)]
    fn nothing(self) -> Self::Totals {
        self.avx512f._mm512_setzero_ps()
    }

    #[inline(always)]
    fn halves(self, nibbles: &[u8; 4 * COLUMNS]) -> (Self::Bytes, Self::Bytes) {
        let (both, low) = (pulp::cast(*nibbles), self.avx512f._mm512_set1_epi32(LOW));
        let high = self.avx512bw._mm512_srli_epi16::<4>(both);
        (self.avx512f._mm512_and_si512(both, low), self.avx512f._mm512_and_si512(high, low))
    }

    #[inline(always)]
    fn add_products(self, sums: Self::Sums, bytes: Self::Bytes, row: i32) -> Self::Sums {
        let row = self.avx512f._mm512_set1_epi32(row);
        self.avx512bw._mm512_add_epi16(sums, self.avx512bw._mm512_maddubs_epi16(bytes, row))
    }

    #[inline(always)]
    fn add_block(
        self,
        totals: Self::Totals,
        sums: Self::Sums,
        above: i32,
        columns: &[f32; COLUMNS],
        row: f32,
    ) -> Self::Totals {
        let simd = self.avx512f;
        let sums = self.avx512bw._mm512_madd_epi16(sums, simd._mm512_set1_epi32(ONES));
        let sums = simd._mm512_cvtepi32_ps(simd._mm512_sub_epi32(sums, simd._mm512_set1_epi32(above)));
        let worth = simd._mm512_mul_ps(pulp::cast(*columns), simd._mm512_set1_ps(row));
        simd._mm512_add_ps(totals, simd._mm512_mul_ps(sums, worth))
    }

    #[inline(always)]
    fn store(self, totals: Self::Totals) -> [f32; COLUMNS] {
        pulp::cast(totals)
    }
}

#[cfg(target_arch = "x86_64")]
impl Lanes for pulp::x86::V3 {
    type Bytes = [std::arch::x86_64::__m256i; 2];
    type Sums = [std::arch::x86_64::__m256i; 2];
    type Totals = [std::arch::x86_64::__m256; 2];

    #[inline(always)]
    fn zero(self) -> Self::Sums {
        [self.avx._mm256_setzero_si256(); 2]
    }

    #[inline(always)]
    fn nothing(self) -> Self::Totals {
        [self.avx._mm256_setzero_ps(); 2]
    }

    #[inline(always)]
    fn halves(self, nibbles: &[u8; 4 * COLUMNS]) -> (Self::Bytes, Self::Bytes) {
        let ([a, b], low): (Self::Bytes, _) = (pulp::cast(*nibbles), self.avx._mm256_set1_epi32(LOW));
        let (c, d) = (self.avx2._mm256_srli_epi16::<4>(a), self.avx2._mm256_srli_epi16::<4>(b));
        (
            [self.avx2._mm256_and_si256(a, low), self.avx2._mm256_and_si256(b, low)],
            [self.avx2._mm256_and_si256(c, low), self.avx2._mm256_and_si256(d, low)],
        )
    }

    #[inline(always)]
    fn add_products(self, [a, b]: Self::Sums, [first, second]: Self::Bytes, row: i32) -> Self::Sums {
        let row = self.avx._mm256_set1_epi32(row);
        [
            self.avx2._mm256_add_epi16(a, self.avx2._mm256_maddubs_epi16(first, row)),
            self.avx2._mm256_add_epi16(b, self.avx2._mm256_maddubs_epi16(second, row)),
        ]
    }

    #[inline(always)]
    fn add_block(
        self,
        [a, b]: Self::Totals,
        [first, second]: Self::Sums,
        above: i32,
        columns: &[f32; COLUMNS],
        row: f32,
    ) -> Self::Totals {
        let [lower, upper]: Self::Totals = pulp::cast(*columns);
        let (ones, above) = (self.avx._mm256_set1_epi32(ONES), self.avx._mm256_set1_epi32(above));
        let row = self.avx._mm256_set1_ps(row);
        let first = self.avx2._mm256_sub_epi32(self.avx2._mm256_madd_epi16(first, ones), above);
        let second = self.avx2._mm256_sub_epi32(self.avx2._mm256_madd_epi16(second, ones), above);
        let (lower, upper) = (self.avx._mm256_mul_ps(lower, row), self.avx._mm256_mul_ps(upper, row));
        [
            self.avx._mm256_add_ps(a, self.avx._mm256_mul_ps(self.avx._mm256_cvtepi32_ps(first), lower)),
            self.avx._mm256_add_ps(b, self.avx._mm256_mul_ps(self.avx._mm256_cvtepi32_ps(second), upper)),
        ]
    }

    #[inline(always)]
    fn store(self, totals: Self::Totals) -> [f32; COLUMNS] {
        pulp::cast(totals)
    }
}
