//! Why a condition is refused: where, what is wrong, and what to write instead.

use cel::ParseErrors;
use vocabulary::bounds;

use super::catalogue::Type;

/// Why a condition is refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{problem}", .at.map_or_else(String::new, |at| format!("at character {}: ", at + 1)))]
pub struct Refusal {
    /// The character of the condition, from 0; `None` for the whole.
    pub at: Option<usize>,
    /// What is wrong.
    pub problem: Problem,
}

/// What can be wrong with a condition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Over `CONDITION_BYTES_MAX`.
    #[error("the condition has {0} bytes and may have {max}: split it into several controls", max = bounds::CONDITION_BYTES_MAX)]
    TooLong(usize),
    /// Not CEL.
    #[error("this is not a CEL expression ({0})")]
    Syntax(String),
    /// Nested deeper than is read.
    #[error("the condition nests deeper than is read (about {max} levels): simplify it or split it into several controls", max = bounds::CONDITION_DEPTH_MAX)]
    TooDeep,
    /// More nested comprehensions than allowed.
    #[error("all, exists, filter and map may nest {max} deep at most", max = bounds::CONDITION_COMPREHENSIONS_MAX)]
    TooManyComprehensions,
    /// Not in the catalogue.
    #[error("there is no field {name:?}; there is: {}", .near.join(", "))]
    UnknownField {
        /// As written.
        name: String,
        /// What could have been meant.
        near: Vec<String>,
    },
    /// A function we do not offer.
    #[error("{name} cannot be used here: {advice}")]
    Unsupported {
        /// As written.
        name: String,
        /// What to write instead.
        advice: &'static str,
    },
    /// An operator or function on the wrong type.
    #[error("{what} needs {wanted}, and this is {found}", wanted = .wanted, found = .found.name())]
    Mismatch {
        /// The operator or function.
        what: String,
        /// What it needs.
        wanted: &'static str,
        /// What it got.
        found: Type,
    },
    /// The whole is not a yes or no.
    #[error("the condition must be a yes or no, and this is {}: compare it with something", .0.name())]
    NotBool(Type),
    /// A comprehension's variable has the name of a field.
    #[error("{0:?} is the name of a field: give the variable another name")]
    NameTaken(String),
    /// The machine gave no thread to parse on.
    #[error("no thread to parse on: try again with more memory")]
    NoThread,
}

impl Refusal {
    pub(super) const fn whole(problem: Problem) -> Self {
        Self { at: None, problem }
    }

    pub(super) fn syntax(errors: &ParseErrors) -> Self {
        let Some(first) = errors.errors.first() else {
            return Self::whole(Problem::Syntax("it cannot be read".into()));
        };
        if errors.errors.iter().any(|error| error.msg.contains("Recursion limit")) {
            return Self::whole(Problem::TooDeep);
        }
        let message: String = first.msg.chars().filter(|c| !c.is_control()).take(160).collect();
        let (line, column) = first.pos;
        // Only the first line's columns are characters of the source.
        let at = usize::try_from(column).ok().filter(|_| line == 1).map(|column| column.saturating_sub(1));
        Self { at, problem: Problem::Syntax(message) }
    }
}
