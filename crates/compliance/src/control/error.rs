//! What is wrong with a control file: where, and what to do.

use std::fmt;

use vocabulary::bounds;

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
    #[error("{0}")]
    Form(String),
    /// The condition was refused.
    #[error("{0}")]
    Condition(#[from] Refusal),
    /// A value that breaks a rule.
    #[error("{0}")]
    Rule(String),
    /// Two files with one id.
    #[error("the id {id} is taken by {other}: give each control its own id")]
    DuplicateId {
        /// The id.
        id: String,
        /// The file that has it.
        other: String,
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
