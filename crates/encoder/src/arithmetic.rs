//! What is not a product of matrices, from basic operations in a fixed order.

/// Numbers summed side by side: the order of summing is this, whatever the machine's width.
const LANES: usize = 16;
/// Quantised numbers run from −8191 to 8191: products with 8 bits, 2,047 of them, stay within 32 bits.
const LARGEST: f32 = 8191.0;
/// 1.5 × 2²³: what is added to it is rounded to a whole number, ties to even.
pub(crate) const ROUNDING: f32 = 12_582_912.0;
/// Rows whose numbers are all smaller are rows of zeros.
pub(crate) const SMALLEST: f32 = 1e-30;

/// A layer norm's scale and shift.
pub(crate) struct Norm {
    pub(crate) scale: Vec<f32>,
    pub(crate) shift: Vec<f32>,
}

impl Norm {
    /// Brings each row of a stretch of them to mean 0 and variance 1, then scales and shifts it.
    pub(crate) fn rows(&self, rows: &mut [f32]) {
        for row in rows.chunks_exact_mut(self.scale.len().max(1)) {
            layer_norm(row, &self.scale, &self.shift);
        }
    }
}

/// The sum of what `of` makes of each number.
#[inline(always)]
pub(crate) fn sum(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, number)| *sum += of(*number));
    }
    let rest = rest.iter().fold(0.0_f32, |sum, number| sum + of(*number));
    sums.iter().fold(0.0_f32, |sum, lane| sum + lane) + rest
}

/// The largest of numbers; of none, the smallest there is.
#[inline(always)]
pub(crate) fn largest(row: &[f32]) -> f32 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut largest = [f32::MIN; LANES];
    for chunk in chunks {
        largest.iter_mut().zip(chunk).for_each(|(largest, number)| *largest = largest.max(*number));
    }
    largest.iter().chain(rest).fold(f32::MIN, |largest, number| largest.max(*number))
}

/// Brings a row to mean 0 and variance 1, then scales and shifts it.
pub(crate) fn layer_norm(row: &mut [f32], scale: &[f32], shift: &[f32]) {
    let count = row.len() as f32;
    let mean = sum(row, |number| number) / count;
    row.iter_mut().for_each(|number| *number -= mean);
    let deviation = (sum(row, |number| number * number) / count + 1e-12).sqrt();
    let inverse = 1.0 / deviation;
    for ((number, scale), shift) in row.iter_mut().zip(scale).zip(shift) {
        *number = *number * inverse * scale + shift;
    }
}

/// Brings a row to length 1.
pub(crate) fn unit(row: &mut [f32]) {
    let length = sum(row, |number| number * number).sqrt();
    row.iter_mut().for_each(|number| *number /= length);
}

/// Scales numbers to whole ones between −8191 and 8191; answers what one is worth.
pub(crate) fn quantise(numbers: &[f32], whole: &mut [i16]) -> f32 {
    let (chunks, rest) = numbers.as_chunks::<LANES>();
    let mut largest = [0.0_f32; LANES];
    for chunk in chunks {
        largest.iter_mut().zip(chunk).for_each(|(largest, number)| *largest = largest.max(number.abs()));
    }
    let largest = largest.iter().chain(rest).fold(0.0_f32, |largest, number| largest.max(number.abs()));
    if !(SMALLEST..f32::MAX).contains(&largest) {
        whole.fill(0);
        return 0.0;
    }
    let factor = LARGEST / largest;
    for (whole, number) in whole.iter_mut().zip(numbers) {
        let rounded = (number * factor + ROUNDING).to_bits().wrapping_sub(ROUNDING.to_bits());
        *whole = rounded as i16;
    }
    largest / LARGEST
}

/// tanh, through eˣ.
pub(crate) fn tanh(x: f32) -> f32 {
    let x = f64::from(x).clamp(-20.0, 20.0);
    (1.0 - 2.0 / (exp(2.0 * x) + 1.0)) as f32
}

/// eˣ for |x| ≤ 40: halved ten times, a series, squared ten times.
pub(crate) fn exp(x: f64) -> f64 {
    let x = x.clamp(-40.0, 40.0) / 1024.0;
    let mut value =
        1.0 + x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0 * (1.0 + x / 6.0)))));
    for _ in 0..10 {
        value *= value;
    }
    value
}

/// eˣ for |x| ≤ 80, side by side with its neighbours: 2 to the nearest whole power, times a series of what is left.
#[inline(always)]
pub(crate) fn exp_short(x: f32) -> f32 {
    /// ln 2, in a part whose multiples are exact and the rest.
    const LN_2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);
    let x = x.clamp(-80.0, 80.0);
    let whole = x * std::f32::consts::LOG2_E + ROUNDING;
    let power = whole - ROUNDING;
    let x = (x - power * LN_2.0) - power * LN_2.1;
    let series = x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0)));
    let series = 1.0 + x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + series))));
    f32::from_bits(series.to_bits().wrapping_add(whole.to_bits() << 23))
}

/// x times the chance that a normal number is below x, by the error function of Abramowitz and Stegun, 7.1.26 (within 1.5·10⁻⁷).
#[inline(always)]
pub(crate) fn gelu(x: f32) -> f32 {
    let far = (x * std::f32::consts::FRAC_1_SQRT_2).abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * far);
    let series = 1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4);
    let series = t * (0.254_829_6 + t * (-0.284_496_74 + t * series));
    let error = 1.0 - series * exp_short(-far * far);
    0.5 * x * (1.0 + error.copysign(x))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_operations_give_the_exponential_and_the_tangent() {
        for x in [-40.0, -5.5, -1.0, 0.0, 0.3, 2.0, 20.0, 40.0] {
            assert!((exp(x) - f64::exp(x)).abs() <= f64::exp(x) * 1e-10, "{x}");
        }
        for x in [-30.0_f32, -2.0, -0.1, 0.0, 1e-4, 0.7, 30.0] {
            assert!((tanh(x) - x.tanh()).abs() <= 1e-7, "{x}");
        }
    }

    #[test]
    fn the_short_exponential_and_the_activation_are_near_enough() {
        for step in -800..=800 {
            let x = step as f32 / 10.0;
            let exact = f64::exp(f64::from(x));
            assert!((f64::from(exp_short(x)) - exact).abs() <= exact * 5e-7, "{x}");
        }
        // x Φ(x), from tables of the normal distribution.
        for (x, y) in
            [(0.0_f32, 0.0_f32), (1.0, 0.841_345), (-1.0, -0.158_655), (2.0, 1.954_5), (-3.0, -0.004_050)]
        {
            assert!((gelu(x) - y).abs() <= 1e-6, "{x} {}", gelu(x));
        }
        assert_eq!((gelu(90.0), gelu(-90.0)), (90.0, -0.0));
        assert!(gelu(f32::NAN).is_nan());
    }

    #[test]
    fn numbers_are_rounded_to_the_nearest() {
        let mut whole = [7; 4];
        assert_eq!(quantise(&[1.0, -1.0, 0.5, 1.6 / 8191.0], &mut whole), 1.0 / 8191.0);
        assert_eq!(whole, [8191, -8191, 4096, 2]);
        for odd in [0.0, f32::NAN, f32::INFINITY, 1e-40] {
            assert_eq!(quantise(&[odd; 4], &mut whole), 0.0, "{odd}");
            assert_eq!(whole, [0; 4]);
        }
    }
}
