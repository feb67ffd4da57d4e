//! Evaluating a checked condition. Steps are counted, so that the answer never depends on the machine's speed.

use std::sync::Arc;

use vocabulary::Locale;

use super::catalogue::Value;
use super::node::{Arithmetic, Each, Node, Order, Question};

/// Why a checked condition has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// A whole number over 64 bits.
    #[error("a calculation went over 64 bits")]
    Overflow,
    /// A division or remainder by zero.
    #[error("a division by zero")]
    DivisionByZero,
    /// An index outside its list.
    #[error("an index outside its list")]
    OutsideList,
    /// The work allowed is used up.
    #[error("the condition needs more work than is allowed")]
    Budget,
    /// A value of another type than checked: a fault of ours, reported rather than hidden.
    #[error("a value has another type than its field")]
    Type,
}

impl EvaluationError {
    const ALL: [Self; 5] =
        [Self::Overflow, Self::DivisionByZero, Self::OutsideList, Self::Budget, Self::Type];

    /// The one an assessment kept, by its English words; `None` for words of another version.
    #[must_use]
    pub fn parse(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|error| error.to_string() == words)
    }

    /// In words, without any value of the message.
    #[must_use]
    pub fn words(self, locale: Locale) -> String {
        let fr = match (locale, self) {
            (Locale::En, _) => return self.to_string(),
            (Locale::Fr, Self::Overflow) => "un calcul a dépassé 64 bits",
            (Locale::Fr, Self::DivisionByZero) => "une division par zéro",
            (Locale::Fr, Self::OutsideList) => "un indice hors de sa liste",
            (Locale::Fr, Self::Budget) => "la condition demande plus de travail qu’il n’est permis",
            (Locale::Fr, Self::Type) => "une valeur n’est pas du type de son champ",
        };
        fr.to_owned()
    }
}

/// Steps left. One step is one node, one item of a list, or 16 bytes of a text compared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget(u64);

impl Budget {
    pub(crate) const fn of(steps: u64) -> Self {
        Self(steps)
    }

    pub(crate) const fn left(self) -> u64 {
        self.0
    }

    pub(crate) const fn take(&mut self, steps: u64) -> Result<(), EvaluationError> {
        match self.0.checked_sub(steps) {
            Some(left) => {
                self.0 = left;
                Ok(())
            }
            None => {
                self.0 = 0;
                Err(EvaluationError::Budget)
            }
        }
    }
}

/// The answer of a condition.
pub(super) fn evaluate(root: &Node, values: &[Value], budget: &mut Budget) -> Result<bool, EvaluationError> {
    Run { values, variables: Vec::new(), budget }.bool(root)
}

struct Run<'a> {
    values: &'a [Value],
    variables: Vec<Value>,
    budget: &'a mut Budget,
}

type Evaluated<T> = Result<T, EvaluationError>;

impl Run<'_> {
    fn value(&mut self, node: &Node) -> Evaluated<Value> {
        self.budget.take(1)?;
        match node {
            Node::Literal(value) => Ok(value.clone()),
            Node::Field(index) => self.values.get(*index).cloned().ok_or(EvaluationError::Type),
            Node::Variable(index) => self.variables.get(*index).cloned().ok_or(EvaluationError::Type),
            Node::List(nodes) => {
                nodes.iter().map(|node| self.value(node)).collect::<Evaluated<_>>().map(Value::List)
            }
            Node::Not(a) => Ok(Value::Bool(!self.bool(a)?)),
            Node::And(a, b) => self.logical(a, b, false),
            Node::Or(a, b) => self.logical(a, b, true),
            Node::If(condition, a, b) => {
                if self.bool(condition)? {
                    self.value(a)
                } else {
                    self.value(b)
                }
            }
            Node::Equal(a, b) => {
                let (a, b) = (self.value(a)?, self.value(b)?);
                self.budget.take(weight(&a).min(weight(&b)))?;
                Ok(Value::Bool(a == b))
            }
            Node::Compare(order, a, b) => self.compare(*order, a, b),
            Node::Calculate(arithmetic, a, b) => {
                calculate(*arithmetic, self.int(a)?, self.int(b)?).map(Value::Int)
            }
            Node::Negate(a) => self.int(a)?.checked_neg().map(Value::Int).ok_or(EvaluationError::Overflow),
            Node::Join(a, b) => self.join(a, b),
            Node::In(item, list) => {
                let (item, list) = (self.value(item)?, self.list(list)?);
                self.budget.take(list.iter().map(|other| weight(other).min(weight(&item))).sum())?;
                Ok(Value::Bool(list.contains(&item)))
            }
            Node::Index(list, index) => {
                let (list, index) = (self.list(list)?, self.int(index)?);
                let item = usize::try_from(index).ok().and_then(|index| list.get(index).cloned());
                item.ok_or(EvaluationError::OutsideList)
            }
            Node::Size(a) => self.size(a),
            Node::Ask(question, a, b) => self.ask(*question, a, b),
            Node::Lower(a) => {
                let text = self.text(a)?;
                self.budget.take(bytes(&text))?;
                Ok(Value::Text(text.to_ascii_lowercase().into()))
            }
            Node::Each(each, range, body) => self.each(*each, range, body),
        }
    }

    /// CEL's `&&` and `||`: one side that decides is enough, even if the other has no answer.
    fn logical(&mut self, a: &Node, b: &Node, deciding: bool) -> Evaluated<Value> {
        let left = self.bool(a);
        if left == Ok(deciding) {
            return Ok(Value::Bool(deciding));
        }
        match (left, self.bool(b)) {
            (Err(EvaluationError::Budget), _) | (_, Err(EvaluationError::Budget)) => {
                Err(EvaluationError::Budget)
            }
            (_, Ok(right)) if right == deciding => Ok(Value::Bool(deciding)),
            (Err(error), _) | (Ok(_), Err(error)) => Err(error),
            (Ok(_), Ok(right)) => Ok(Value::Bool(right)),
        }
    }

    fn compare(&mut self, order: Order, a: &Node, b: &Node) -> Evaluated<Value> {
        let found = match (self.value(a)?, self.value(b)?) {
            (Value::Int(a), Value::Int(b)) => a.cmp(&b),
            (Value::Text(a), Value::Text(b)) => {
                self.budget.take(bytes(&a).min(bytes(&b)))?;
                a.cmp(&b)
            }
            _ => return Err(EvaluationError::Type),
        };
        Ok(Value::Bool(match order {
            Order::Less => found.is_lt(),
            Order::LessOrEqual => found.is_le(),
            Order::Greater => found.is_gt(),
            Order::GreaterOrEqual => found.is_ge(),
        }))
    }

    fn join(&mut self, a: &Node, b: &Node) -> Evaluated<Value> {
        let (a, b) = (self.value(a)?, self.value(b)?);
        self.budget.take(weight(&a) + weight(&b))?;
        match (a, b) {
            (Value::Text(a), Value::Text(b)) => Ok(Value::Text([&*a, &*b].concat().into())),
            (Value::List(a), Value::List(b)) => Ok(Value::List(a.iter().chain(b.iter()).cloned().collect())),
            _ => Err(EvaluationError::Type),
        }
    }

    fn size(&mut self, a: &Node) -> Evaluated<Value> {
        let size = match self.value(a)? {
            Value::Text(text) => {
                self.budget.take(bytes(&text))?;
                text.chars().count()
            }
            Value::List(list) => list.len(),
            Value::Bool(_) | Value::Int(_) => return Err(EvaluationError::Type),
        };
        i64::try_from(size).map(Value::Int).map_err(|_| EvaluationError::Overflow)
    }

    fn ask(&mut self, question: Question, a: &Node, b: &Node) -> Evaluated<Value> {
        let (a, b) = (self.text(a)?, self.text(b)?);
        self.budget.take(bytes(&a) + bytes(&b))?;
        Ok(Value::Bool(match question {
            Question::StartsWith => a.starts_with(&*b),
            Question::EndsWith => a.ends_with(&*b),
            Question::Contains => a.contains(&*b),
        }))
    }

    fn each(&mut self, each: Each, range: &Node, body: &Node) -> Evaluated<Value> {
        let list = self.list(range)?;
        let mut kept = Vec::new();
        let (mut yes, mut failed) = (0_usize, None);
        for item in list.iter() {
            self.budget.take(1)?;
            self.variables.push(item.clone());
            let value = self.value(body);
            self.variables.pop();
            match (each, value) {
                (_, Err(EvaluationError::Budget)) => return Err(EvaluationError::Budget),
                (Each::All, Ok(Value::Bool(false))) => return Ok(Value::Bool(false)),
                (Each::Exists, Ok(Value::Bool(true))) => return Ok(Value::Bool(true)),
                (Each::All | Each::Exists, Err(error)) => failed = Some(error),
                (_, Err(error)) => return Err(error),
                (Each::ExistsOne, Ok(Value::Bool(true))) => yes += 1,
                (Each::Filter, Ok(Value::Bool(true))) => kept.push(item.clone()),
                (Each::Map, Ok(value)) => kept.push(value),
                (_, Ok(_)) => {}
            }
        }
        match (each, failed) {
            (_, Some(error)) => Err(error),
            (Each::All, None) => Ok(Value::Bool(true)),
            (Each::Exists, None) => Ok(Value::Bool(false)),
            (Each::ExistsOne, None) => Ok(Value::Bool(yes == 1)),
            (Each::Filter | Each::Map, None) => Ok(Value::List(kept.into())),
        }
    }

    fn bool(&mut self, node: &Node) -> Evaluated<bool> {
        match self.value(node)? {
            Value::Bool(value) => Ok(value),
            _ => Err(EvaluationError::Type),
        }
    }

    fn int(&mut self, node: &Node) -> Evaluated<i64> {
        match self.value(node)? {
            Value::Int(value) => Ok(value),
            _ => Err(EvaluationError::Type),
        }
    }

    fn text(&mut self, node: &Node) -> Evaluated<Arc<str>> {
        match self.value(node)? {
            Value::Text(value) => Ok(value),
            _ => Err(EvaluationError::Type),
        }
    }

    fn list(&mut self, node: &Node) -> Evaluated<Arc<[Value]>> {
        match self.value(node)? {
            Value::List(value) => Ok(value),
            _ => Err(EvaluationError::Type),
        }
    }
}

fn calculate(arithmetic: Arithmetic, a: i64, b: i64) -> Evaluated<i64> {
    if b == 0 && matches!(arithmetic, Arithmetic::Divide | Arithmetic::Remainder) {
        return Err(EvaluationError::DivisionByZero);
    }
    match arithmetic {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide => a.checked_div(b),
        Arithmetic::Remainder => a.checked_rem(b),
    }
    .ok_or(EvaluationError::Overflow)
}

/// Steps of reading a text.
const fn bytes(text: &str) -> u64 {
    text.len() as u64 / 16 + 1
}

/// Steps of reading a value.
fn weight(value: &Value) -> u64 {
    match value {
        Value::Bool(_) | Value::Int(_) => 1,
        Value::Text(text) => bytes(text),
        Value::List(items) => items.iter().map(weight).sum(),
    }
}
