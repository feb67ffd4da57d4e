//! What is wrong with a set that was to be drafted, told apart so that pages say it in their reader's language.

use compliance::{ControlError, SampleFailure};

/// One thing wrong with a set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// There is no control in it.
    #[error("a set has one control at least")]
    Empty,
    /// A file does not read as a control.
    #[error(transparent)]
    File(#[from] ControlError),
    /// The other keys of a form's sample, counted from 1 with those that go, do not read.
    #[error("{}", compliance::control::EditError::Sample(*.0))]
    SampleKeys(usize),
    /// A sample is not as its file says.
    #[error(transparent)]
    Sample(#[from] SampleFailure),
}

/// All of them in English, with `between` two.
#[must_use]
pub fn joined(wrong: &[Wrong], between: &str) -> String {
    wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join(between)
}
