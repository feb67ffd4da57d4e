//! The name of a wrapping key. Final from day one: it stands in every envelope ever written.

use std::fmt;
use std::str::FromStr;

use vocabulary::OrganisationId;

use crate::Month;

/// Bytes of a key id inside an envelope.
pub(crate) const KEY_ID_BYTES: usize = 24;

/// What is sealed, because the two are kept for different times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Messages: bodies, subjects, attachments' text, excerpts.
    Content,
    /// What evidence needs opened later: grounds, openings of commitments, secrets of accounts.
    Evidence,
}

impl Class {
    const fn byte(self) -> u8 {
        match self {
            Self::Content => 1,
            Self::Evidence => 2,
        }
    }

    const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Content),
            2 => Some(Self::Evidence),
            _ => None,
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Content => "content",
            Self::Evidence => "evidence",
        }
    }
}

/// The text is not a key id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key id is written ORGANISATION.CLASS.YYYY-MM.GENERATION")]
pub struct KeyIdError;

/// (organisation, class, month, generation): one wrapping key. Written `org_….content.2033-11.1`.
///
/// A month has more than one generation only when an earlier one was destroyed before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId {
    /// Whose data.
    pub organisation: OrganisationId,
    /// What kind of data.
    pub class: Class,
    /// Until when it is kept.
    pub month: Month,
    /// From 1.
    pub generation: u32,
}

impl KeyId {
    pub(crate) fn to_bytes(self) -> [u8; KEY_ID_BYTES] {
        let mut bytes = [0; KEY_ID_BYTES];
        let [y0, y1] = self.month.year().to_be_bytes();
        let tail = [self.class.byte(), y0, y1, self.month.month()];
        let generation = self.generation.to_be_bytes();
        let parts = self.organisation.as_bytes().iter().chain(&tail).chain(&generation);
        for (into, byte) in bytes.iter_mut().zip(parts) {
            *into = *byte;
        }
        bytes
    }

    /// Reads the id of one of `organisation`'s keys.
    pub(crate) fn from_bytes(
        bytes: &[u8; KEY_ID_BYTES],
        organisation: OrganisationId,
    ) -> Result<Self, Misread> {
        let (owner, rest) = bytes.split_first_chunk::<16>().ok_or(Misread::Shape)?;
        if owner != organisation.as_bytes() {
            return Err(Misread::Foreign);
        }
        let &[class, y0, y1, month, g0, g1, g2, g3] = rest else { return Err(Misread::Shape) };
        let generation = u32::from_be_bytes([g0, g1, g2, g3]);
        let class = Class::from_byte(class).ok_or(Misread::Shape)?;
        let month = Month::new(u16::from_be_bytes([y0, y1]), month).map_err(|_| Misread::Shape)?;
        if generation == 0 {
            return Err(Misread::Shape);
        }
        Ok(Self { organisation, class, month, generation })
    }
}

/// Why bytes are not the id of a key of this organisation.
pub(crate) enum Misread {
    Shape,
    Foreign,
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}.{}", self.organisation, self.class.text(), self.month, self.generation)
    }
}

impl FromStr for KeyId {
    type Err = KeyIdError;

    fn from_str(text: &str) -> Result<Self, KeyIdError> {
        let mut parts = text.split('.');
        let mut next = || parts.next().ok_or(KeyIdError);
        let organisation = next()?.parse().map_err(|_| KeyIdError)?;
        let class = match next()? {
            "content" => Class::Content,
            "evidence" => Class::Evidence,
            _ => return Err(KeyIdError),
        };
        let month = next()?.parse().map_err(|_| KeyIdError)?;
        let generation: u32 = next()?.parse().map_err(|_| KeyIdError)?;
        let id = Self { organisation, class, month, generation };
        // One text per id: "+1" and "01" are numbers too.
        if generation == 0 || id.to_string() != text { Err(KeyIdError) } else { Ok(id) }
    }
}
