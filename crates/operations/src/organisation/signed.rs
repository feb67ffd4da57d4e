//! Which decisions a security key must sign besides (invariant: what is signed is verified by anybody who has the ledger).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The clock class of a hold, as controls name it: small letters, digits and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HoldClass(String);

/// The text names no class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a class of holds has 1 to {CHARS_MAX} small letters, digits or _")]
pub struct HoldClassError;

const CHARS_MAX: usize = 40;

impl FromStr for HoldClass {
    type Err = HoldClassError;

    fn from_str(text: &str) -> Result<Self, HoldClassError> {
        let fits = (1..=CHARS_MAX).contains(&text.len());
        let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if fits && text.bytes().all(is_word) { Ok(Self(text.to_owned())) } else { Err(HoldClassError) }
    }
}

impl fmt::Display for HoldClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for HoldClass {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for HoldClass {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A kind of decision on a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionKind {
    /// The operational family releases or rejects.
    Review,
    /// Governance rules on an escalated hold.
    Ruling,
    /// Governance overrides.
    Override,
}

impl DecisionKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Review, Self::Ruling, Self::Override];

    /// The word in forms and evidence.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Review => "review",
            Self::Ruling => "ruling",
            Self::Override => "override",
        }
    }
}

/// Which decisions a security key must sign besides. Without one they are not made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SignedDecisions {
    /// Releases and rejections of the operational family.
    pub reviews: bool,
    /// Rulings.
    pub rulings: bool,
    /// Overrides.
    pub overrides: bool,
    /// Every decision on holds of these classes.
    pub classes: Vec<HoldClass>,
}

impl SignedDecisions {
    /// Whether decisions of a kind are signed, whatever the class.
    #[must_use]
    pub const fn of(&self, kind: DecisionKind) -> bool {
        match kind {
            DecisionKind::Review => self.reviews,
            DecisionKind::Ruling => self.rulings,
            DecisionKind::Override => self.overrides,
        }
    }

    pub(super) const fn of_mut(&mut self, kind: DecisionKind) -> &mut bool {
        match kind {
            DecisionKind::Review => &mut self.reviews,
            DecisionKind::Ruling => &mut self.rulings,
            DecisionKind::Override => &mut self.overrides,
        }
    }

    /// Whether a decision on a hold of a class must be signed.
    #[must_use]
    pub fn asks(&self, kind: DecisionKind, class: &str) -> bool {
        self.of(kind) || self.classes.iter().any(|one| one.0 == class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_asks_whatever_the_kind_and_a_kind_whatever_the_class() {
        let classes = vec!["insider".parse().unwrap()];
        let signed = SignedDecisions { overrides: true, classes, ..SignedDecisions::default() };
        assert!(signed.asks(DecisionKind::Override, "standard"));
        assert!(signed.asks(DecisionKind::Review, "insider"));
        assert!(!signed.asks(DecisionKind::Review, "standard"));
        for text in ["", "Insider", "in sider", "é", &"a".repeat(41)] {
            assert_eq!(text.parse::<HoldClass>(), Err(HoldClassError), "{text}");
        }
    }
}
