//! The model of an authenticator (§6.5.2): 16 bytes, written like a UUID.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A model. All zeroes: it does not say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Aaguid(pub(super) [u8; 16]);

/// The text is no AAGUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an AAGUID is written xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx, in hexadecimal")]
pub struct AaguidError;

impl fmt::Display for Aaguid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, byte) in self.0.iter().enumerate() {
            let dash = if matches!(place, 4 | 6 | 8 | 10) { "-" } else { "" };
            write!(f, "{dash}{byte:02x}")?;
        }
        Ok(())
    }
}

impl FromStr for Aaguid {
    type Err = AaguidError;

    fn from_str(text: &str) -> Result<Self, AaguidError> {
        let digits: String = text.chars().filter(|c| *c != '-').collect();
        let value = u128::from_str_radix(&digits, 16).map_err(|_| AaguidError)?;
        let read = Self(value.to_be_bytes());
        if read.to_string() == text.to_ascii_lowercase() { Ok(read) } else { Err(AaguidError) }
    }
}

impl Serialize for Aaguid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Aaguid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_survives_its_text() {
        let text = "ee882879-721c-4913-9775-3dfcce97072a";
        assert_eq!(text.parse::<Aaguid>().unwrap().to_string(), text);
        for bad in [
            "",
            "ee882879721c491397753dfcce97072a",
            "ee882879-721c-4913-9775-3dfcce97072",
            "+e882879-721c-4913-9775-3dfcce97072a",
        ] {
            assert!(bad.parse::<Aaguid>().is_err(), "{bad}");
        }
    }
}
