//! What is wrong with a control file: where, and what to do.

use std::fmt;

use vocabulary::{Locale, bounds};

use super::form::Form;
use crate::condition::Refusal;

/// One thing wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ControlError {
    /// The file's name.
    pub file: String,
    /// The line, from 1; `None` for the file as a whole.
    pub line: Option<usize>,
    /// The key, `when` or `samples[2].text`.
    pub key: Option<String>,
    /// What is wrong and what to do.
    pub fault: ControlFault,
}

/// What can be wrong with a control file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlFault {
    /// The directory or a file cannot be read.
    #[error("it cannot be read ({0}): check that it exists and that this process may read it")]
    Unreadable(String),
    /// Nothing to load.
    #[error("there is no *.toml file in it: put one file per control there")]
    Empty,
    /// A file over its bound.
    #[error("the file is larger than {} bytes: keep one control per file", bounds::CONTROL_FILE_BYTES_MAX)]
    TooLarge,
    /// More controls than are kept.
    #[error("a set has at most {} controls: remove some", bounds::CONTROLS_MAX)]
    TooMany,
    /// Not TOML, an unknown or missing key, a value of the wrong kind.
    #[error("{message}")]
    Form {
        /// What it is.
        what: Form,
        /// As the reader of TOML says it, 400 characters at most.
        message: String,
    },
    /// The condition was refused.
    #[error("{0}")]
    Condition(#[from] Refusal),
    /// A value that breaks a rule.
    #[error("{0}")]
    Rule(Rule),
    /// Two files with one id.
    #[error("the id {id} is taken by {other}: give each control its own id")]
    DuplicateId {
        /// The id.
        id: String,
        /// The file that has it.
        other: String,
    },
}

/// A rule that a type cannot say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rule {
    /// The form of an id.
    #[error("an id has capital letters, digits and dashes, 32 at most, as in PII-01")]
    Id,
    /// Version 0.
    #[error("versions start at 1")]
    Version,
    /// A control that lets pass.
    #[error(
        "a control holds or refuses: write \"hold\" or \"refuse\"; to let pass and record, write mode = \"observe\""
    )]
    Verdict,
    /// A score that refuses.
    #[error("a score ranks and explains: it may hold, never refuse")]
    Score,
    /// The form of a hold class.
    #[error("a hold class has small letters, digits and _, 32 at most, as in standard")]
    HoldClass,
    /// Words in one language only.
    #[error("write it in both languages, fr and en")]
    Languages,
    /// A sample that is not there.
    #[error(
        "add a [[samples]] with locale = \"{locale}\" and matches = {matches}: a control shows in both languages what it catches and what it leaves"
    )]
    Sample {
        /// In which language.
        locale: Locale,
        /// Whether the control is to match it.
        matches: bool,
    },
}

impl fmt::Display for ControlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(key) = &self.key {
            write!(f, ", {key}")?;
        }
        write!(f, ": {}", self.fault)
    }
}
