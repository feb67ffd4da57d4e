//! The guards of conditions as a table, and our evaluation held to CEL's own interpreter.

use std::sync::Arc;

use proptest::prelude::*;
use vocabulary::Locale;

use super::catalogue::index_of;
use super::*;

fn refused(source: &str) -> String {
    match Condition::compile(source) {
        Ok(_) => "accepted".to_owned(),
        Err(refusal) => refusal.to_string(),
    }
}

/// The beginning of what a wrong condition is told. Tests run on threads with 2 MiB of stack.
#[test]
fn guards() {
    let parentheses = |count: usize| format!("{}true{}", "(".repeat(count), ")".repeat(count));
    let nested = |depth: usize| {
        let list = "recipients.domains";
        let open: String = (0..depth).map(|i| format!("{list}.exists(v{i}, ")).collect();
        format!("{open}true{}", ")".repeat(depth))
    };
    let mut wrong = Vec::new();
    for (source, expected) in [
        (parentheses(20), "accepted"),
        (parentheses(90), "accepted"),
        (parentheses(97), "the condition nests deeper"),
        (parentheses(2_000), "the condition nests deeper"),
        (format!("{}true", "!".repeat(4_000)), "accepted|at character|this is not a CEL"),
        (format!("iban.count > {}1", "-(".repeat(80) + &")".repeat(80)), "at character|this is not"),
        (format!("{}1 == 1", "1+".repeat(100)), "at character"),
        (nested(2), "accepted"),
        (nested(3), "at character 86: all, exists, filter and map may nest 2 deep"),
        (nested(5), "at character 86: all, exists, filter and map may nest 2 deep"),
        (" ".repeat(4_097), "the condition has 4097 bytes and may have 4096"),
        (String::new(), "at character 1: this is not a CEL|this is not a CEL"),
        ("iban.count >".into(), "at character 13: this is not a CEL"),
        (
            "iban.cuont > 0".into(),
            "at character 1: there is no field \"iban.cuont\"; there is: iban.count, iban.distinct",
        ),
        (
            "ibam.count > 0".into(),
            "at character 1: there is no field \"ibam.count\"; there is: iban.…, card.…",
        ),
        ("iban > 0".into(), "at character 1: there is no field \"iban\"; there is: iban.count"),
        ("iban.count.x > 0".into(), "at character 1: there is no field \"iban.count.x\""),
        ("iban.count == 'x'".into(), "at character 15: == needs a whole number (int), and this is a text"),
        (
            "sender.domain == 1".into(),
            "at character 18: == needs a text (string), and this is a whole number",
        ),
        ("sender.known > true".into(), "at character 1: > needs a whole number or a text"),
        ("iban.count && card.count > 0".into(), "at character 1: && needs a yes or no (bool)"),
        ("iban.count".into(), "the condition must be a yes or no, and this is a whole number"),
        ("iban.count > 1.5".into(), "at character 14: this literal cannot be used here"),
        ("iban.count > 1u".into(), "at character 14: this literal cannot be used here"),
        ("has(iban.count)".into(), "at character 4: has cannot be used here: every field always has a value"),
        (
            "sender.domain.matches('a*')".into(),
            "at character 22: matches cannot be used here: use startsWith",
        ),
        ("duration('1h') == duration('1h')".into(), "at character 9: duration cannot be used here"),
        ("{'a': 1}.a == 1".into(), "at character"),
        ("[] == []".into(), "at character 1: this list cannot be used here: write at least one item"),
        ("['a', 1].size() > 0".into(), "at character 7: […, …] needs items of one type"),
        ("sender.domain in 'x'".into(), "at character 18: in needs a list of texts"),
        ("recipients.domains.exists(iban, true)".into(), "at character 26: \"iban\" is the name of a field"),
        ("recipients.domains.exists(d, d)".into(), "at character 30: exists needs a yes or no"),
        ("recipients.domains.exists(d, d.x)".into(), "at character 30: there is no field \"d.x\""),
        ("recipients.domains.exists(d.x, true)".into(), "at character 26: exists cannot be used here"),
        ("sender.domain.exists(d, true)".into(), "at character 1: exists needs a list"),
        ("size(iban.count) > 0".into(), "at character 6: size needs a text or a list"),
        ("recipient.external && recipients.domains.all(d, d.endsWith('.example'))".into(), "accepted"),
        ("sender.known ? iban.count > 0 : attachments.names.size() == 2".into(), "accepted"),
        (
            "attachments.names.map(n, n.lowerAscii()).filter(n, n.contains('.zip')).size() >= 1".into(),
            "accepted",
        ),
        ("recipient.domain in ['sableval.example', 'quillon.example']".into(), "accepted"),
    ] {
        let found = refused(&source);
        let shown: String = source.chars().take(60).collect();
        if !expected.split('|').any(|start| found.starts_with(start)) {
            wrong.push(format!("{shown}: {found}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Values of a message, by name; the rest is nothing.
fn values(of: &[(&str, Value)]) -> Vec<Value> {
    let mut values: Vec<Value> = FIELDS
        .iter()
        .map(|field| match field.kind {
            Type::Bool => Value::Bool(false),
            Type::Int => Value::Int(0),
            Type::Text => Value::Text("".into()),
            Type::Texts | Type::Ints | Type::Bools => Value::List(Arc::from([])),
        })
        .collect();
    for (name, value) in of {
        values[index_of(name).unwrap()] = value.clone();
    }
    values
}

fn message() -> Vec<Value> {
    let texts = |items: &[&str]| Value::List(items.iter().map(|item| Value::Text((*item).into())).collect());
    values(&[
        ("iban.count", Value::Int(3)),
        ("iban.distinct", Value::Int(2)),
        ("iban.certainty", Value::Int(100)),
        ("message.subject", Value::Text("Été : RIB".into())),
        ("sender.known", Value::Bool(true)),
        ("sender.domain", Value::Text("orveane.example".into())),
        ("recipients.count", Value::Int(2)),
        ("recipients.domains", texts(&["sableval.example", "quillon.example"])),
        ("attachments.names", texts(&["RIB.pdf", "annexe.zip"])),
        ("recipient.external", Value::Bool(true)),
        ("recipient.domain", Value::Text("sableval.example".into())),
    ])
}

fn ours(source: &str, values: &[Value]) -> Result<bool, EvaluationError> {
    Condition::compile(source).unwrap().holds(values, &mut Budget::of(bounds::CONDITION_STEPS_MAX))
}

/// CEL's own answer: `None` when it has none.
fn theirs(source: &str, values: &[Value]) -> Option<bool> {
    fn of(value: &Value) -> cel::Value {
        match value {
            Value::Bool(value) => (*value).into(),
            Value::Int(value) => (*value).into(),
            Value::Text(value) => value.to_string().into(),
            Value::List(items) => items.iter().map(of).collect::<Vec<_>>().into(),
        }
    }
    let mut env = cel::Env::stdlib();
    env.add_extension(cel::extensions::strings).unwrap();
    let env = Arc::new(env);
    let program = env.compile(source).unwrap();
    let mut context = cel::Context::with_env(env);
    for (field, of_field) in FIELDS.iter().zip(values) {
        context.add_variable_from_value(field.name.clone(), of(of_field));
    }
    match program.execute(&context) {
        Ok(cel::Value::Bool(answer)) => Some(answer),
        Ok(other) => panic!("{source} gave {other:?}"),
        Err(_) => None,
    }
}

#[test]
fn answers() {
    for (source, expected) in [
        ("iban.count > 2", Ok(true)),
        ("iban.count - iban.distinct == 1", Ok(true)),
        ("iban.count / 2 == 1 && iban.count % 2 == 1", Ok(true)),
        ("-iban.count < 0", Ok(true)),
        ("message.subject.size() == 9", Ok(true)),
        ("message.subject.contains('RIB') && !message.subject.startsWith('RIB')", Ok(true)),
        ("recipients.domains[1] == 'quillon.example'", Ok(true)),
        ("recipients.domains[2] == 'quillon.example'", Err(EvaluationError::OutsideList)),
        ("recipients.domains[-1] == ''", Err(EvaluationError::OutsideList)),
        ("card.count > 0 && iban.count / card.count > 1", Ok(false)),
        ("iban.count / card.count > 1 && card.count > 0", Ok(false)),
        ("iban.count / card.count > 1 || sender.known", Ok(true)),
        ("iban.count / card.count > 1 || card.count > 0", Err(EvaluationError::DivisionByZero)),
        ("iban.count % card.count == 0", Err(EvaluationError::DivisionByZero)),
        ("9223372036854775807 + iban.count > 0", Err(EvaluationError::Overflow)),
        ("9223372036854775807 * iban.count > 0", Err(EvaluationError::Overflow)),
        ("attachments.names.exists(n, n.lowerAscii().endsWith('.pdf'))", Ok(true)),
        ("attachments.names.all(n, n.size() > 100 / card.count)", Err(EvaluationError::DivisionByZero)),
        ("attachments.names.exists(n, n == 'RIB.pdf' || 1 / card.count == 1)", Ok(true)),
        ("attachments.names.exists_one(n, n.contains('.'))", Ok(false)),
        ("attachments.names.filter(n, n.endsWith('.zip')) == ['annexe.zip']", Ok(true)),
        ("attachments.names.map(n, n.size()) == [7, 10]", Ok(true)),
        ("attachments.names + ['x'] == ['RIB.pdf', 'annexe.zip', 'x']", Ok(true)),
        ("sender.domain + '.' + recipient.domain == 'orveane.example.sableval.example'", Ok(true)),
        ("recipients.domains.all(d, attachments.names.exists(n, n < d))", Ok(true)),
        ("sender.known ? iban.count == 3 : 1 / card.count == 0", Ok(true)),
        ("recipient.domain in recipients.domains && !(iban.count in [1, 2])", Ok(true)),
        ("sender.known == recipient.external && sender.known != (card.count > 0)", Ok(true)),
    ] {
        let values = message();
        assert_eq!(ours(source, &values), expected, "{source}");
        assert_eq!(theirs(source, &values), expected.ok(), "{source} by CEL");
    }
}

#[test]
fn work_is_counted_and_bounded() {
    let domains = (0..1_000).map(|i| Value::Text(format!("d{i}.example").into())).collect();
    let values = values(&[("recipients.domains", Value::List(domains))]);
    let pairs = "recipients.domains.exists(a, recipients.domains.exists(b, a == b + 'x'))";
    assert_eq!(ours(pairs, &values), Err(EvaluationError::Budget));
    // Nothing hides a budget that is used up, not even a side that would decide.
    assert_eq!(ours(&format!("{pairs} && false"), &values), Err(EvaluationError::Budget));
    assert_eq!(ours("recipients.domains.exists(a, a == 'd999.example')", &values), Ok(true));
    let condition = Condition::compile("iban.count > 0").unwrap();
    let steps = |values: &[Value]| {
        let mut budget = Budget::of(1_000);
        condition.holds(values, &mut budget).unwrap();
        1_000 - budget.left()
    };
    assert_eq!(steps(&values), steps(&values));
}

/// Expressions of the language, well typed, small.
fn expression() -> impl Strategy<Value = String> {
    let int = prop_oneof![
        Just("iban.count".to_owned()),
        Just("card.count".to_owned()),
        Just("recipients.domains.size()".to_owned()),
        (-3_i64..4).prop_map(|number| if number < 0 { format!("({number})") } else { number.to_string() }),
    ];
    let int = int.prop_recursive(3, 12, 2, |inner| {
        (inner.clone(), prop_oneof![Just("+"), Just("-"), Just("*"), Just("/"), Just("%")], inner)
            .prop_map(|(a, operator, b)| format!("({a} {operator} {b})"))
    });
    let text = prop_oneof![
        Just("sender.domain".to_owned()),
        Just("message.subject".to_owned()),
        Just("recipients.domains[iban.count - 2]".to_owned()),
        Just("recipients.domains[card.count - 1]".to_owned()),
        "[a-zé.]{0,6}".prop_map(|text| format!("'{text}'")),
    ];
    let bool = prop_oneof![
        Just("sender.known".to_owned()),
        Just("false".to_owned()),
        (int.clone(), prop_oneof![Just("<"), Just("<="), Just(">"), Just(">="), Just("=="), Just("!=")], int)
            .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
        (text.clone(), prop_oneof![Just("<"), Just("=="), Just("!="), Just(">=")], text.clone())
            .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
        (text.clone(), prop_oneof![Just("startsWith"), Just("endsWith"), Just("contains")], text.clone())
            .prop_map(|(a, question, b)| format!("{a}.{question}({b})")),
        text.prop_map(|text| format!("{text} in recipients.domains")),
    ];
    bool.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|a| format!("!({a})")),
            (inner.clone(), prop_oneof![Just("&&"), Just("||")], inner.clone())
                .prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(c, a, b)| format!("({c} ? {a} : {b})")),
        ]
    })
}

proptest! {
    /// The same answer as CEL's interpreter, errors included.
    #[test]
    fn ours_is_cel(source in expression()) {
        let values = message();
        // Deeper than we accept is the other test's business.
        if let Ok(condition) = Condition::compile(&source) {
            let ours = condition.holds(&values, &mut Budget::of(bounds::CONDITION_STEPS_MAX));
            prop_assert_eq!(ours.ok(), theirs(&source, &values), "{}", source);
        } else {
            prop_assert!(source.len() > 60, "{}", source);
        }
    }

    #[test]
    fn any_text_is_compiled_or_refused(source in "\\PC{0,200}") {
        let _ = Condition::compile(&source);
    }

    #[test]
    fn any_tokens_are_compiled_or_refused(tokens in proptest::collection::vec(prop_oneof![
        Just("iban.count"), Just("recipients.domains"), Just("&&"), Just("("), Just(")"), Just("["), Just("]"), Just("."),
        Just("exists"), Just("x"), Just(","), Just("'a'"), Just("1"), Just("?"), Just(":"), Just("!"), Just("-"), Just(" in "),
    ], 0..40)) {
        let _ = Condition::compile(&tokens.concat());
    }
}

#[test]
fn the_manual_names_every_field() {
    let manual = include_str!("../../../../docs/formats/controls.md");
    for field in FIELDS.iter() {
        let (root, name) = field.name.split_once('.').unwrap();
        let written = if crate::detect::detector(root).is_some() {
            assert!(manual.contains(&format!("`{root}`")), "{root}");
            format!("`d.{name}`")
        } else {
            format!("`{}`", field.name)
        };
        assert!(manual.contains(&written), "{written} is missing in docs/formats/controls.md");
    }
}

/// Every error is found again by its English words, and told in French otherwise.
#[test]
fn errors_of_evaluation_are_told_in_both_languages() {
    let errors = [
        EvaluationError::Overflow,
        EvaluationError::DivisionByZero,
        EvaluationError::OutsideList,
        EvaluationError::Budget,
        EvaluationError::Type,
    ];
    for error in errors {
        assert_eq!(EvaluationError::parse(&error.to_string()), Some(error));
        assert_ne!(error.words(Locale::Fr), error.words(Locale::En));
    }
    assert_eq!(EvaluationError::parse("words of another version"), None);
}
