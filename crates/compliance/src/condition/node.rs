//! A condition after its check: a typed tree that cannot go wrong but by arithmetic, an index, or its budget.

use super::catalogue::Value;

#[derive(Debug, Clone)]
pub(crate) enum Node {
    Literal(Value),
    Field(usize),
    /// The variable of an enclosing comprehension, outermost 0.
    Variable(usize),
    List(Vec<Node>),
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    Equal(Box<Node>, Box<Node>),
    Compare(Order, Box<Node>, Box<Node>),
    Calculate(Arithmetic, Box<Node>, Box<Node>),
    Negate(Box<Node>),
    Join(Box<Node>, Box<Node>),
    In(Box<Node>, Box<Node>),
    Index(Box<Node>, Box<Node>),
    Size(Box<Node>),
    Ask(Question, Box<Node>, Box<Node>),
    Lower(Box<Node>),
    Each(Each, Box<Node>, Box<Node>),
}

impl Node {
    /// Every text written in it, in order. Its depth is bounded by the parser.
    pub(crate) fn texts<'n>(&'n self, into: &mut Vec<&'n str>) {
        match self {
            Self::Literal(value) => value.texts(into),
            Self::Field(_) | Self::Variable(_) => {}
            Self::List(nodes) => nodes.iter().for_each(|node| node.texts(into)),
            Self::Not(one) | Self::Negate(one) | Self::Size(one) | Self::Lower(one) => one.texts(into),
            Self::If(one, two, three) => [one, two, three].into_iter().for_each(|node| node.texts(into)),
            Self::And(one, two)
            | Self::Or(one, two)
            | Self::Equal(one, two)
            | Self::Compare(_, one, two)
            | Self::Calculate(_, one, two)
            | Self::Join(one, two)
            | Self::In(one, two)
            | Self::Index(one, two)
            | Self::Ask(_, one, two)
            | Self::Each(_, one, two) => [one, two].into_iter().for_each(|node| node.texts(into)),
        }
    }
}

impl Value {
    fn texts<'v>(&'v self, into: &mut Vec<&'v str>) {
        match self {
            Self::Text(text) => into.push(text),
            Self::List(values) => values.iter().for_each(|value| value.texts(into)),
            Self::Bool(_) | Self::Int(_) => {}
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A question about two texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    StartsWith,
    EndsWith,
    Contains,
}

/// A comprehension.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Each {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}
