//! What is not a product of matrices, from basic operations in a fixed order.

/// Numbers summed side by side: the order of summing is this, whatever the machine's width.
const LANES: usize = 16;
/// Quantised numbers run from −8191 to 8191: products with 8 bits, 2,047 of them, stay within 32 bits.
const LARGEST: f32 = 8191.0;
/// 1.5 × 2²³: what is added to it is rounded to a whole number, ties to even.
const ROUNDING: f32 = 12_582_912.0;
/// Rows whose numbers are all smaller are rows of zeros.
const SMALLEST: f32 = 1e-30;

/// The sum of what `of` makes of each number.
fn sum(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for chunk in chunks {
        sums.iter_mut().zip(chunk).for_each(|(sum, number)| *sum += of(*number));
    }
    let rest = rest.iter().fold(0.0_f32, |sum, number| sum + of(*number));
    sums.iter().fold(0.0_f32, |sum, lane| sum + lane) + rest
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
