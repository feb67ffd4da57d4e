//! The form of a model's files, `safetensors`: a length, a header in JSON, and numbers. Nothing in it is believed.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::blocks::{BLOCK, BLOCK_BYTES};

/// The longest header read, bytes.
const HEADER_BYTES_MAX: usize = 64 * 1024;

/// Why files are no model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// No header, or one that says what is not there.
    #[error("the file is not safetensors, or is cut short")]
    Form,
    /// A table that is missing, or of another type or size.
    #[error("the table {0} is missing, or of another type or size")]
    Table(String),
    /// Numbers that are none.
    #[error("the table {0} has numbers that are not finite")]
    Numbers(String),
    /// The pieces are not one a line, each once, as many as the model has.
    #[error("the list of pieces is not the model's")]
    Pieces,
    /// The head names no classes, or not as many as it has.
    #[error("the head does not name its classes")]
    Classes,
}

/// One table, as the header describes it.
#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: [usize; 2],
}

/// A file's tables.
pub(crate) struct Tables<'a> {
    entries: BTreeMap<String, Entry>,
    notes: BTreeMap<String, String>,
    data: &'a [u8],
}

impl<'a> Tables<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, ModelError> {
        let (length, rest) = bytes.split_first_chunk::<8>().ok_or(ModelError::Form)?;
        let length = usize::try_from(u64::from_le_bytes(*length)).map_err(|_| ModelError::Form)?;
        if length > HEADER_BYTES_MAX {
            return Err(ModelError::Form);
        }
        let (header, data) = rest.split_at_checked(length).ok_or(ModelError::Form)?;
        let header: BTreeMap<String, serde_json::Value> =
            serde_json::from_slice(header).map_err(|_| ModelError::Form)?;
        let mut tables = Self { entries: BTreeMap::new(), notes: BTreeMap::new(), data };
        for (name, value) in header {
            if name == "__metadata__" {
                tables.notes = serde_json::from_value(value).map_err(|_| ModelError::Form)?;
            } else {
                let entry = serde_json::from_value(value).map_err(|_| ModelError::Form)?;
                tables.entries.insert(name, entry);
            }
        }
        Ok(tables)
    }

    /// What the header notes under a name.
    pub(crate) fn note(&self, name: &str) -> Option<&str> {
        self.notes.get(name).map(String::as_str)
    }

    /// The rows of a table.
    pub(crate) fn rows(&self, name: &str) -> Result<usize, ModelError> {
        let entry = self.entries.get(name).and_then(|entry| entry.shape.first());
        entry.copied().ok_or_else(|| ModelError::Table(name.to_owned()))
    }

    /// A table's bytes, if it is of this type and shape.
    pub(crate) fn bytes(&self, name: &str, dtype: &str, shape: &[usize]) -> Result<&'a [u8], ModelError> {
        let wrong = || ModelError::Table(name.to_owned());
        let entry = self.entries.get(name).filter(|entry| entry.dtype == dtype && entry.shape == shape);
        let [from, to] = entry.ok_or_else(wrong)?.data_offsets;
        let width = match dtype {
            "F32" => 4,
            "F16" => 2,
            _ => 1,
        };
        let size = shape.iter().try_fold(width, |size: usize, side| size.checked_mul(*side));
        let bytes = self.data.get(from..to).ok_or_else(wrong)?;
        if size == Some(bytes.len()) { Ok(bytes) } else { Err(wrong()) }
    }

    /// A table of floating-point numbers, each finite.
    pub(crate) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let bytes = self.bytes(name, "F32", shape)?;
        let (numbers, _) = bytes.as_chunks::<4>();
        finite(name, numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }

    /// A table of floating-point numbers of 16 bits, each finite.
    pub(crate) fn halves(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, ModelError> {
        let bytes = self.bytes(name, "F16", shape)?;
        let (numbers, _) = bytes.as_chunks::<2>();
        finite(name, numbers.iter().map(|bytes| half(*bytes)).collect())
    }

    /// A table of `rows` rows of 4-bit numbers, `width` of them in blocks of 32, each block with a finite scale of 16 bits
    /// before its sixteen bytes.
    pub(crate) fn nibbles(&self, name: &str, rows: usize, width: usize) -> Result<&'a [u8], ModelError> {
        let bytes = self.bytes(name, "U8", &[rows, width / BLOCK * BLOCK_BYTES])?;
        if bytes.as_chunks::<BLOCK_BYTES>().0.iter().all(|[low, high, ..]| half([*low, *high]).is_finite()) {
            Ok(bytes)
        } else {
            Err(ModelError::Numbers(name.to_owned()))
        }
    }
}

fn finite(name: &str, floats: Vec<f32>) -> Result<Vec<f32>, ModelError> {
    if floats.iter().all(|number| number.is_finite()) {
        Ok(floats)
    } else {
        Err(ModelError::Numbers(name.to_owned()))
    }
}

/// A floating-point number of 16 bits (IEEE 754 binary16), exactly.
pub(crate) fn half(bytes: [u8; 2]) -> f32 {
    let bits = u16::from_le_bytes(bytes);
    let (power, part) = (i32::from(bits >> 10 & 31), f32::from(bits & 1023));
    let size = match power {
        0 => part * 2.0_f32.powi(-24),
        31 if part == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1024.0 + part) * 2.0_f32.powi(power - 25),
    };
    if bits >> 15 == 0 { size } else { -size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_sixteen_bits_are_read_exactly() {
        for (bits, number) in [
            (0x0000_u16, 0.0_f32),
            (0x3C00, 1.0),
            (0xC000, -2.0),
            (0x3555, 0.333_251_95),
            (0x7BFF, 65504.0),
            (0x0001, 5.960_464_5e-8),
            (0x83FF, -6.097_555e-5),
            (0x7C00, f32::INFINITY),
        ] {
            assert_eq!(half(bits.to_le_bytes()), number, "{bits:x}");
        }
        assert!(half(0x7E00_u16.to_le_bytes()).is_nan());
    }
}
