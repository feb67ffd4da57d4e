//! From CEL's tree to ours: every name a field, every operator fitting its operands, every depth bounded.

use cel::Program;
use cel::common::ast::{CallExpr, Expr, IdedExpr, LiteralValue, SelectExpr, operators};
use cel::common::types::{CelBool, CelInt, CelString};
use vocabulary::bounds;

use super::catalogue::{self, FIELDS, Type, Value};
use super::node::{Arithmetic, Each, Node, Order, Question};
use super::refusal::{Advice, Problem, Refusal, Wanted};

/// Checks a parsed condition. Gives the tree and the fields it asks about.
pub(super) fn check(program: &Program) -> Result<(Node, Vec<usize>), Refusal> {
    let mut check = Check { program, variables: Vec::new(), fields: Vec::new(), depth: 0 };
    let (root, kind) = check.lower(program.expression())?;
    if kind != Type::Bool {
        return Err(Refusal::whole(Problem::NotBool(kind)));
    }
    check.fields.sort_unstable();
    check.fields.dedup();
    Ok((root, check.fields))
}

struct Check<'a> {
    program: &'a Program,
    /// Comprehension variables in scope, outermost first.
    variables: Vec<(String, Type)>,
    fields: Vec<usize>,
    depth: usize,
}

type Lowered = Result<(Node, Type), Refusal>;

impl Check<'_> {
    fn lower(&mut self, expr: &IdedExpr) -> Lowered {
        self.depth += 1;
        if self.depth > bounds::CONDITION_DEPTH_MAX {
            return Err(self.refuse(expr, Problem::TooDeep));
        }
        let lowered = match &expr.expr {
            Expr::Literal(literal) => self.literal(expr, literal),
            Expr::Ident(name) => self.variable(expr, name),
            Expr::Select(select) => self.field(expr, select),
            Expr::List(list) if list.optional_indices.is_empty() => self.list(expr, &list.elements),
            Expr::Call(call) => self.call(expr, call),
            Expr::List(_) | Expr::Map(_) | Expr::Struct(_) | Expr::Comprehension(_) | Expr::Unspecified => {
                Err(self.unsupported(expr, "this expression", Advice::Expression))
            }
        };
        self.depth -= 1;
        lowered
    }

    fn literal(&self, expr: &IdedExpr, literal: &LiteralValue) -> Lowered {
        match literal {
            LiteralValue::Boolean(value) => Ok((Node::Literal(Value::Bool(bool_of(value))), Type::Bool)),
            LiteralValue::Int(value) => Ok((Node::Literal(Value::Int(int_of(value))), Type::Int)),
            LiteralValue::String(value) => {
                Ok((Node::Literal(Value::Text(text_of(value).into())), Type::Text))
            }
            LiteralValue::Bytes(_) | LiteralValue::Double(_) | LiteralValue::Null | LiteralValue::UInt(_) => {
                Err(self.unsupported(expr, "this literal", Advice::Literal))
            }
        }
    }

    fn variable(&self, expr: &IdedExpr, name: &str) -> Lowered {
        let position = self.variables.iter().rposition(|(variable, _)| variable == name);
        match position.and_then(|index| Some((index, self.variables.get(index)?.1))) {
            Some((index, kind)) => Ok((Node::Variable(index), kind)),
            None => Err(self.unknown(expr, name)),
        }
    }

    fn field(&mut self, expr: &IdedExpr, select: &SelectExpr) -> Lowered {
        let name = path(expr).unwrap_or_else(|| format!("….{}", select.field));
        let root_is_variable =
            self.variables.iter().any(|(variable, _)| name.split('.').next() == Some(variable));
        match catalogue::index_of(&name).filter(|_| !select.test && !root_is_variable) {
            Some(index) => {
                self.fields.push(index);
                let kind = FIELDS.get(index).map_or(Type::Bool, |field| field.kind);
                Ok((Node::Field(index), kind))
            }
            None => Err(self.unknown(expr, &name)),
        }
    }

    fn list(&mut self, expr: &IdedExpr, elements: &[IdedExpr]) -> Lowered {
        let mut nodes = Vec::with_capacity(elements.len());
        let mut item = None;
        for element in elements {
            let (node, kind) = self.lower(element)?;
            if *item.get_or_insert(kind) != kind {
                return Err(self.mismatch(element, "[…, …]", Wanted::Alike, kind));
            }
            nodes.push(node);
        }
        match item.and_then(Type::list_of) {
            Some(kind) => Ok((Node::List(nodes), kind)),
            None => Err(self.unsupported(expr, "this list", Advice::List)),
        }
    }

    fn call(&mut self, expr: &IdedExpr, call: &CallExpr) -> Lowered {
        if let Some(each) = each_of(&call.func_name) {
            return self.comprehension(expr, call, each);
        }
        let operands: Vec<&IdedExpr> = call.target.as_deref().into_iter().chain(&call.args).collect();
        match (call.func_name.as_str(), call.target.is_some(), operands.as_slice()) {
            (operators::LOGICAL_NOT, false, [a]) => {
                Ok((Node::Not(self.typed(a, "!", Type::Bool)?), Type::Bool))
            }
            (operators::NEGATE, false, [a]) => Ok((Node::Negate(self.typed(a, "-", Type::Int)?), Type::Int)),
            (operators::CONDITIONAL, false, [condition, a, b]) => {
                let condition = self.typed(condition, "? :", Type::Bool)?;
                let (a, kind) = self.lower(a)?;
                let b = self.typed(b, "? :", kind)?;
                Ok((Node::If(condition, Box::new(a), b), kind))
            }
            (operators::INDEX, false, [list, index]) => {
                let (list_node, kind) = self.lower(list)?;
                let item = kind.item().ok_or_else(|| self.mismatch(list, "[ ]", Wanted::List, kind))?;
                Ok((Node::Index(Box::new(list_node), self.typed(index, "[ ]", Type::Int)?), item))
            }
            ("size", _, [a]) => {
                let (node, kind) = self.lower(a)?;
                if kind != Type::Text && kind.item().is_none() {
                    return Err(self.mismatch(a, "size", Wanted::Sized, kind));
                }
                Ok((Node::Size(Box::new(node)), Type::Int))
            }
            ("lowerAscii", true, [a]) => {
                Ok((Node::Lower(self.typed(a, "lowerAscii", Type::Text)?), Type::Text))
            }
            (name @ ("startsWith" | "endsWith" | "contains"), true, [a, b]) => {
                let question = match name {
                    "startsWith" => Question::StartsWith,
                    "endsWith" => Question::EndsWith,
                    _ => Question::Contains,
                };
                let node =
                    Node::Ask(question, self.typed(a, name, Type::Text)?, self.typed(b, name, Type::Text)?);
                Ok((node, Type::Bool))
            }
            (name, false, [a, b]) => self.binary(expr, name, a, b),
            (name, _, _) => Err(self.unsupported_call(expr, name)),
        }
    }

    fn binary(&mut self, expr: &IdedExpr, name: &str, a: &IdedExpr, b: &IdedExpr) -> Lowered {
        let logical =
            |check: &mut Self| Ok((check.typed(a, name, Type::Bool)?, check.typed(b, name, Type::Bool)?));
        match name {
            operators::LOGICAL_AND => logical(self).map(|(a, b)| (Node::And(a, b), Type::Bool)),
            operators::LOGICAL_OR => logical(self).map(|(a, b)| (Node::Or(a, b), Type::Bool)),
            operators::EQUALS | operators::NOT_EQUALS => {
                let (left, kind) = self.lower(a)?;
                let equal = Node::Equal(Box::new(left), self.typed(b, name, kind)?);
                Ok((if name == operators::EQUALS { equal } else { Node::Not(Box::new(equal)) }, Type::Bool))
            }
            operators::IN => {
                let (item, kind) = self.lower(a)?;
                let wanted =
                    kind.list_of().ok_or_else(|| self.mismatch(a, "in", Wanted::ItemOnTheLeft, kind))?;
                Ok((Node::In(Box::new(item), self.typed(b, "in", wanted)?), Type::Bool))
            }
            operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS => {
                let order = match name {
                    operators::LESS => Order::Less,
                    operators::LESS_EQUALS => Order::LessOrEqual,
                    operators::GREATER => Order::Greater,
                    _ => Order::GreaterOrEqual,
                };
                let (left, kind) = self.lower(a)?;
                if !matches!(kind, Type::Int | Type::Text) {
                    return Err(self.mismatch(a, name, Wanted::Ordered, kind));
                }
                Ok((Node::Compare(order, Box::new(left), self.typed(b, name, kind)?), Type::Bool))
            }
            operators::ADD => {
                let (left, kind) = self.lower(a)?;
                let (left, right) = (Box::new(left), self.typed(b, "+", kind)?);
                match kind {
                    Type::Int => Ok((Node::Calculate(Arithmetic::Add, left, right), kind)),
                    Type::Bool => Err(self.mismatch(a, "+", Wanted::Added, kind)),
                    Type::Text | Type::Texts | Type::Ints | Type::Bools => {
                        Ok((Node::Join(left, right), kind))
                    }
                }
            }
            operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE | operators::MODULO => {
                let arithmetic = match name {
                    operators::SUBSTRACT => Arithmetic::Subtract,
                    operators::MULTIPLY => Arithmetic::Multiply,
                    operators::DIVIDE => Arithmetic::Divide,
                    _ => Arithmetic::Remainder,
                };
                let (a, b) = (self.typed(a, name, Type::Int)?, self.typed(b, name, Type::Int)?);
                Ok((Node::Calculate(arithmetic, a, b), Type::Int))
            }
            _ => Err(self.unsupported_call(expr, name)),
        }
    }

    fn comprehension(&mut self, expr: &IdedExpr, call: &CallExpr, each: Each) -> Lowered {
        let (Some(range), [variable, body]) = (&call.target, call.args.as_slice()) else {
            return Err(self.unsupported(expr, &call.func_name, Advice::ListOnly));
        };
        let Expr::Ident(variable) = &variable.expr else {
            return Err(self.unsupported(expr, &call.func_name, Advice::ListOnly));
        };
        if catalogue::is_root(variable) || self.variables.iter().any(|(name, _)| name == variable) {
            return Err(self.refuse(expr, Problem::NameTaken(variable.clone())));
        }
        let (range_node, kind) = self.lower(range)?;
        let item = kind.item().ok_or_else(|| self.mismatch(range, &call.func_name, Wanted::List, kind))?;
        if self.variables.len() == bounds::CONDITION_COMPREHENSIONS_MAX {
            return Err(self.refuse(expr, Problem::TooManyComprehensions));
        }
        self.variables.push((variable.clone(), item));
        let lowered = self.lower(body);
        self.variables.pop();
        let (body_node, body_kind) = lowered?;
        if each != Each::Map && body_kind != Type::Bool {
            return Err(self.mismatch(body, &call.func_name, Wanted::Is(Type::Bool), body_kind));
        }
        let result = match each {
            Each::All | Each::Exists | Each::ExistsOne => Type::Bool,
            Each::Filter => kind,
            Each::Map => {
                body_kind.list_of().ok_or_else(|| self.mismatch(body, "map", Wanted::Item, body_kind))?
            }
        };
        Ok((Node::Each(each, Box::new(range_node), Box::new(body_node)), result))
    }

    fn typed(&mut self, expr: &IdedExpr, what: &str, wanted: Type) -> Result<Box<Node>, Refusal> {
        let (node, found) = self.lower(expr)?;
        if found == wanted {
            Ok(Box::new(node))
        } else {
            Err(self.mismatch(expr, what, Wanted::Is(wanted), found))
        }
    }

    fn refuse(&self, expr: &IdedExpr, problem: Problem) -> Refusal {
        // A path stands where its first word does; the parser places it at its last dot.
        let mut first = expr;
        while let Expr::Select(select) = &first.expr {
            first = &select.operand;
        }
        let place = self.program.source_info().offset_for(first.id);
        Refusal { at: place.and_then(|(start, _)| usize::try_from(start).ok()), problem }
    }

    fn unknown(&self, expr: &IdedExpr, name: &str) -> Refusal {
        self.refuse(expr, Problem::UnknownField { name: name.to_owned(), near: catalogue::near(name) })
    }

    fn mismatch(&self, expr: &IdedExpr, what: &str, wanted: Wanted, found: Type) -> Refusal {
        self.refuse(expr, Problem::Mismatch { what: what.trim_matches('_').to_owned(), wanted, found })
    }

    fn unsupported(&self, expr: &IdedExpr, name: &str, advice: Advice) -> Refusal {
        self.refuse(expr, Problem::Unsupported { name: name.to_owned(), advice })
    }

    fn unsupported_call(&self, expr: &IdedExpr, name: &str) -> Refusal {
        let advice = match name {
            "has" => Advice::Has,
            "matches" => Advice::Matches,
            _ => Advice::Functions,
        };
        self.unsupported(expr, name, advice)
    }
}

fn each_of(name: &str) -> Option<Each> {
    match name {
        operators::ALL => Some(Each::All),
        operators::EXISTS => Some(Each::Exists),
        operators::EXISTS_ONE | "existsOne" => Some(Each::ExistsOne),
        operators::FILTER => Some(Each::Filter),
        operators::MAP => Some(Each::Map),
        _ => None,
    }
}

/// `a.b.c` as written, or `None` when it is not a plain path.
fn path(expr: &IdedExpr) -> Option<String> {
    let mut words = Vec::new();
    let mut expr = expr;
    loop {
        match &expr.expr {
            Expr::Ident(name) => {
                words.push(name.as_str());
                words.reverse();
                return Some(words.join("."));
            }
            Expr::Select(select) => {
                words.push(select.field.as_str());
                expr = &select.operand;
            }
            _ => return None,
        }
    }
}

fn bool_of(value: &CelBool) -> bool {
    *value.inner()
}

fn int_of(value: &CelInt) -> i64 {
    *value.inner()
}

fn text_of<'a>(value: &'a CelString<'_>) -> &'a str {
    value.inner()
}
