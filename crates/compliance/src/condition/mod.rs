//! The language of controls: CEL, checked against the field catalogue when a control set is loaded.
//!
//! A source of at most `CONDITION_BYTES_MAX` bytes is parsed on a thread with a large stack (a recursive parser
//! meets text from outside), then lowered to a typed tree: every path must be a field, every operator must fit
//! its operands, at most `CONDITION_COMPREHENSIONS_MAX` comprehensions nest. Evaluation is ours, counts steps,
//! and never meets an untyped value: the same tree gives the same answer whatever the parser's version, and it
//! is held to CEL's own interpreter by a test.

mod catalogue;
mod check;
mod evaluate;
mod fields;
mod node;
mod refusal;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::thread;

use vocabulary::bounds;

pub use catalogue::{FIELDS, Field, Type};
pub(crate) use catalogue::{Value, detector_of, is_of_recipient, measure_of};
pub(crate) use evaluate::Budget;
pub use evaluate::EvaluationError;
pub use fields::Said;
pub use refusal::{Advice, Problem, Refusal, Wanted};

use crate::calibration::Measure;
use node::Node;

/// Stack of the thread that parses: an unoptimised parser needs about 100 KiB per nested parenthesis.
const PARSER_STACK_BYTES: usize = 16 * 1024 * 1024;

/// A condition, checked.
#[derive(Debug, Clone)]
pub struct Condition {
    root: Node,
    /// The fields it asks about, by index, each once, in order.
    fields: Vec<usize>,
    /// The scores it rests on, each once, in order.
    measures: Vec<Measure>,
}

impl Condition {
    /// Parses and checks one condition.
    ///
    /// # Errors
    /// The first thing wrong with it, and where.
    pub fn compile(source: &str) -> Result<Self, Refusal> {
        Self::compile_all(&[source]).pop().unwrap_or_else(|| Err(Refusal::whole(Problem::NoThread)))
    }

    /// The condition that always holds.
    pub(crate) const fn always() -> Self {
        Self { root: Node::Literal(Value::Bool(true)), fields: Vec::new(), measures: Vec::new() }
    }

    /// Parses and checks many conditions on one thread.
    pub(crate) fn compile_all(sources: &[&str]) -> Vec<Result<Self, Refusal>> {
        thread::scope(|scope| {
            let parser = thread::Builder::new().name("conditions".into()).stack_size(PARSER_STACK_BYTES);
            let compiled =
                parser.spawn_scoped(scope, || sources.iter().map(|source| compile(source)).collect());
            compiled.ok().and_then(|thread| thread.join().ok())
        })
        .unwrap_or_else(|| sources.iter().map(|_| Err(Refusal::whole(Problem::NoThread))).collect())
    }

    /// Whether it asks about one recipient, so that it is evaluated for each.
    #[must_use]
    pub fn is_per_recipient(&self) -> bool {
        self.fields.iter().any(|field| is_of_recipient(*field))
    }

    /// The scores it rests on: it may hold only as far as each of them is calibrated.
    #[must_use]
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// The detectors it asks about, by index in `DETECTORS`.
    pub(crate) fn detectors(&self) -> Vec<usize> {
        let mut detectors: Vec<usize> = self.fields.iter().filter_map(|field| detector_of(*field)).collect();
        detectors.sort_unstable();
        detectors.dedup();
        detectors
    }

    pub(crate) fn fields(&self) -> &[usize] {
        &self.fields
    }

    /// The texts it names.
    pub(crate) fn texts(&self) -> Vec<&str> {
        let mut texts = Vec::new();
        self.root.texts(&mut texts);
        texts
    }

    /// Evaluates it on the values of the catalogue, in catalogue order.
    pub(crate) fn holds(&self, values: &[Value], budget: &mut Budget) -> Result<bool, EvaluationError> {
        evaluate::evaluate(&self.root, values, budget)
    }
}

fn compile(source: &str) -> Result<Condition, Refusal> {
    if source.len() > bounds::CONDITION_BYTES_MAX {
        return Err(Refusal::whole(Problem::TooLong(source.len())));
    }
    // Without macros: `all`, `exists`… stay calls, which the check reads as what they are.
    let program = cel::Env::default().compile(source).map_err(|errors| Refusal::syntax(&errors))?;
    let (root, fields) = check::check(&program)?;
    let measures: BTreeSet<Measure> = fields.iter().filter_map(|field| measure_of(*field)).collect();
    Ok(Condition { root, fields, measures: measures.into_iter().collect() })
}
