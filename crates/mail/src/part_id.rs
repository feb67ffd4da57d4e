//! Names of the places inside a message: stable, printable, the same for the same bytes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest printed id, bytes; deeper ids are cut (a part this deep is never opened anyway).
const PART_ID_BYTES_MAX: usize = 512;

/// A place inside a message, printable and stable.
///
/// | id | is |
/// |---|---|
/// | `1`, `1.2` | a part, numbered as IMAP does (RFC 3501 §6.4.5): a single body is `1` |
/// | `2/1.1` | part 1.1 of the message attached as part 2 |
/// | `2!inner.docx` | a member of the archive that is part 2 |
/// | `2~1` | another plausible reading of part 2's bytes |
/// | `1.preamble`, `1.epilogue`, `preamble`, `epilogue` | bytes of a multipart outside its parts |
/// | `subject`, `header:from` | a header field of the message |
/// | `header:others`, `2.header` | the fields of the message, of part 2, that no program shows |
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartId(String);

impl PartId {
    /// The id printed as `text`; control and separator characters become `_`, too long is cut.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let clean = |c: char| if c.is_control() || crate::render::is_invisible(c) { '_' } else { c };
        let mut id = String::new();
        for c in text.chars().map(clean) {
            if id.len() + c.len_utf8() > PART_ID_BYTES_MAX {
                break;
            }
            id.push(c);
        }
        Self(id)
    }

    /// The subject line.
    #[must_use]
    pub fn subject() -> Self {
        Self("subject".to_owned())
    }

    /// A header field, by its name in any case.
    #[must_use]
    pub fn header(name: &str) -> Self {
        Self::new(&format!("header:{}", name.to_ascii_lowercase()))
    }

    /// `inner`, a part of the message attached as this part.
    #[must_use]
    pub fn message_part(&self, inner: &Self) -> Self {
        Self::new(&format!("{}/{}", self.0, inner.0))
    }

    /// The member `name` of the archive that is this part.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        Self::new(&format!("{}!{name}", self.0))
    }

    /// The `n`-th other reading of this part's bytes.
    #[must_use]
    pub fn reading(&self, n: usize) -> Self {
        Self::new(&format!("{}~{n}", self.0))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PartId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
