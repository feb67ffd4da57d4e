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
        /// As written, or what it is.
        name: String,
        /// What to write instead.
        advice: Advice,
    },
    /// An operator or function on the wrong type.
    #[error("{what} needs {wanted}, and this is {found}", wanted = .wanted.name(), found = .found.name())]
    Mismatch {
        /// The operator or function.
        what: String,
        /// What it needs.
        wanted: Wanted,
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

/// What to write instead of what we do not offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Advice {
    /// Maps, structures and the like.
    #[error("a condition has fields, texts, whole numbers, true, false and lists of those")]
    Expression,
    /// Bytes, floats, null.
    #[error("write a text, a whole number, true or false")]
    Literal,
    /// An empty list, or one of lists.
    #[error("write at least one item, a text, a whole number, true or false")]
    List,
    /// A comprehension on something else.
    #[error(
        "it exists on lists only, with a variable and an expression, as in recipients.domains.exists(d, d == 'x.example')"
    )]
    ListOnly,
    /// `has`.
    #[error("every field always has a value; ask about the value")]
    Has,
    /// `matches`.
    #[error("use startsWith, endsWith or contains")]
    Matches,
    /// Any other function.
    #[error(
        "the functions are size, startsWith, endsWith, contains, lowerAscii, all, exists, exists_one, filter and map"
    )]
    Functions,
}

/// What an operator or function needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// A value of one type.
    Is(Type),
    /// Any list.
    List,
    /// Items of a list, all alike.
    Alike,
    /// The left of `in`.
    ItemOnTheLeft,
    /// What has an order.
    Ordered,
    /// What `+` takes.
    Added,
    /// What `size` takes.
    Sized,
    /// What `map` gives.
    Item,
}

impl Wanted {
    const fn name(self) -> &'static str {
        match self {
            Self::Is(kind) => kind.name(),
            Self::List => "a list",
            Self::Alike => "items of one type",
            Self::ItemOnTheLeft => "one item on the left",
            Self::Ordered => "a whole number or a text",
            Self::Added => "whole numbers, texts or lists",
            Self::Sized => "a text or a list",
            Self::Item => "one item",
        }
    }
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
