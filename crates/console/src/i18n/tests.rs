use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use regex::Regex;

use super::*;

/// Keys of a file, each with the names of the values it takes.
fn keys(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = fluent_syntax::parser::parse(source).unwrap();
    let mut keys = BTreeMap::new();
    for entry in resource.body {
        if let Entry::Message(message) = entry {
            let mut names = BTreeSet::new();
            values(message.value.as_ref().unwrap(), &mut names);
            assert!(
                keys.insert(message.id.name.to_owned(), names).is_none(),
                "{} is there twice",
                message.id.name
            );
        }
    }
    keys
}

fn values(pattern: &Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        let inline = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                variants.iter().for_each(|variant| values(&variant.value, names));
                selector
            }
        };
        if let InlineExpression::VariableReference { id } = inline {
            names.insert(id.name.to_owned());
        }
    }
}

#[test]
fn both_languages_say_the_same_things_with_the_same_values() {
    let (fr, en) = (keys(FR), keys(EN));
    for (key, names) in &fr {
        let other = en.get(key).unwrap_or_else(|| panic!("{key} is not in en.ftl"));
        // A plural that is written alike in one language needs no selector there.
        let apart: Vec<_> = names
            .symmetric_difference(other)
            .filter(|name| !["n", "shown"].contains(&name.as_str()))
            .collect();
        assert!(apart.is_empty(), "{key}: {apart:?} in one language only");
    }
    let missing: Vec<_> = en.keys().filter(|key| !fr.contains_key(*key)).collect();
    assert!(missing.is_empty(), "not in fr.ftl: {missing:?}");
}

#[test]
fn every_key_used_exists_and_every_key_is_used() {
    let known = keys(FR);
    let called = Regex::new(r#"\b(?:(?:t|n)\(\s*"([^"]*)"|with2?\(\s*"([a-z0-9-]*)"\s*,)"#).unwrap();
    let quoted = Regex::new(r#""([a-z][a-z0-9]*(?:-[a-z0-9]+)*)""#).unwrap();
    let mut used = BTreeSet::new();
    for (file, text) in crate::tests::sources() {
        for found in called.captures_iter(&text) {
            let key = found.get(1).or_else(|| found.get(2)).unwrap().as_str();
            assert!(known.contains_key(key), "{file}: {key:?} is not a key");
        }
        used.extend(quoted.captures_iter(&text).map(|found| found[1].to_owned()));
    }
    let unused: Vec<_> = known.keys().filter(|key| !used.contains(*key)).collect();
    assert!(unused.is_empty(), "never used: {unused:?}");
}

#[test]
fn plurals_follow_each_language() {
    let cases = [
        (0, "0 entrée attend le prochain jalon", "0 entries wait for the next checkpoint"),
        (1, "1 entrée attend le prochain jalon", "1 entry waits for the next checkpoint"),
        (2, "2 entrées attendent le prochain jalon", "2 entries wait for the next checkpoint"),
        (
            1_500,
            "1\u{202f}500 entrées attendent le prochain jalon",
            "1,500 entries wait for the next checkpoint",
        ),
    ];
    for (count, fr, en) in cases {
        assert_eq!(Words(Locale::Fr).n("ledger-unsealed", count), fr);
        assert_eq!(Words(Locale::En).n("ledger-unsealed", count), en);
    }
}

#[test]
fn values_are_put_in_without_marks() {
    assert_eq!(Words(Locale::En).with("due-at", "due", "14:32"), "due 14:32");
    assert_eq!(Words(Locale::En).t("no-such-key"), "no-such-key");
}

/// Typography people of each language expect, checked on the files themselves.
#[test]
fn each_language_is_set_as_it_should_be() {
    let rules = [
        (FR, "an apostrophe is ’", r"(?m)^[^#\n]*= .*'"),
        (FR, "a narrow space before ; ! ? %", r"(?m)^[^#\n]*=.*[^\u{202f}\s][;!?%]( |$)"),
        (FR, "no plain space before ; : ! ? % »", r"(?m)^[^#\n]*=.* [;:!?%»]"),
        (FR, "a no-break space after «", r"(?m)^[^#\n]*=.*« "),
        (EN, "an apostrophe is ’", r"(?m)^[^#\n]*= .*'"),
        (EN, "no space before ; : ! ? %", r"(?m)^[^#\n]*=.*[\s\u{a0}\u{202f}][;:!?%]"),
        (EN, "curly quotes", r#"(?m)^[^#\n]*=.*""#),
    ];
    for (file, rule, fault) in rules {
        let found = Regex::new(fault).unwrap().find(file);
        assert!(found.is_none(), "{rule}: {}", found.unwrap().as_str());
    }
    for never in ["Oups", "Oops", "blockchain", "SLA", "!"] {
        assert!(
            ![FR, EN]
                .iter()
                .any(|file| file.lines().any(|line| !line.starts_with('#') && line.contains(never))),
            "{never}"
        );
    }
}
