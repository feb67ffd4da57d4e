use super::*;

const KINDS: [Type; 6] = [Type::Bool, Type::Int, Type::Text, Type::Texts, Type::Ints, Type::Bools];

fn text(word: &str) -> String {
    word.to_owned()
}

fn forms() -> Vec<ControlFault> {
    let known = || vec![text("hold"), text("refuse")];
    let forms = [
        Form::Syntax,
        Form::Missing(text("title")),
        Form::UnknownKey { found: text("severitee"), known: known() },
        Form::Choice { found: text("block"), known: known() },
        Form::Kind(Some(text("3"))),
        Form::Kind(None),
        Form::Value,
    ];
    forms.map(|what| ControlFault::Form { what, message: text("an English sentence") }).to_vec()
}

fn rules() -> Vec<ControlFault> {
    let plain = [Rule::Id, Rule::Version, Rule::Verdict, Rule::Score, Rule::HoldClass, Rule::Languages];
    let samples = Locale::ALL
        .into_iter()
        .flat_map(|locale| [true, false].map(|matches| Rule::Sample { locale, matches }));
    plain.into_iter().chain(samples).map(ControlFault::Rule).collect()
}

fn problems() -> Vec<ControlFault> {
    let advice = [
        Advice::Expression,
        Advice::Literal,
        Advice::List,
        Advice::ListOnly,
        Advice::Has,
        Advice::Matches,
        Advice::Functions,
    ];
    let wanted = [
        Wanted::List,
        Wanted::Alike,
        Wanted::ItemOnTheLeft,
        Wanted::Ordered,
        Wanted::Added,
        Wanted::Sized,
        Wanted::Item,
    ];
    let mut problems = vec![
        Problem::TooLong(5_000),
        Problem::Syntax(text("an English sentence")),
        Problem::TooDeep,
        Problem::TooManyComprehensions,
        Problem::UnknownField { name: text("iban.cuont"), near: vec![text("iban.count")] },
        Problem::NameTaken(text("iban")),
        Problem::NoThread,
    ];
    problems.extend(advice.map(|advice| Problem::Unsupported { name: text("matches"), advice }));
    problems.extend(KINDS.map(Problem::NotBool));
    let wanted = wanted.into_iter().chain(KINDS.map(Wanted::Is));
    problems.extend(wanted.map(|wanted| Problem::Mismatch { what: text("+"), wanted, found: Type::Bool }));
    problems.into_iter().map(|problem| Refusal { at: Some(23), problem }.into()).collect()
}

/// Everything that can be wrong, once.
fn all() -> Vec<Wrong> {
    let mut faults = vec![
        ControlFault::Unreadable(text("an English sentence")),
        ControlFault::Empty,
        ControlFault::TooLarge,
        ControlFault::TooMany,
        ControlFault::DuplicateId { id: text("PII-01"), other: text("b.toml") },
    ];
    faults.extend(forms());
    faults.extend(rules());
    faults.extend(problems());
    let failures = [true, false].map(|expected| {
        let (control, locale) = (text("PII-01"), Locale::Fr);
        Wrong::Sample(SampleFailure { control, sample: 2, locale, expected })
    });
    let file = |fault| {
        Wrong::File(ControlError { file: text("a.toml"), line: Some(9), key: Some(text("when")), fault })
    };
    faults.into_iter().map(file).chain(failures).chain([Wrong::Empty]).collect()
}

/// No sentence is a key, is alike in both languages, or carries the English of the engine into French; no two are the same.
#[test]
fn everything_that_can_be_wrong_is_told_in_both_languages() {
    let mut seen = std::collections::BTreeSet::new();
    for wrong in all() {
        let (fr, en) = (told(Words(Locale::Fr), &wrong), told(Words(Locale::En), &wrong));
        assert_ne!(fr, en, "{wrong:?}");
        for said in [&fr, &en] {
            assert!(said.contains(' ') && !said.contains("{ $") && !said.contains("English"), "{said}");
        }
        if let Wrong::File(_) = wrong {
            assert!(fr.starts_with("a.toml, ligne 9, when\u{a0}: "), "{fr}");
            assert!(en.starts_with("a.toml, line 9, when: "), "{en}");
        }
        for word in ["there is", "needs", "cannot", "write ", " field", " must "] {
            assert!(!fr.contains(word), "{fr}");
        }
        assert!(seen.insert(fr.clone()), "told twice: {fr}");
    }
}

#[test]
fn what_was_found_its_place_and_what_there_is_are_told() {
    let fault = Refusal {
        at: Some(23),
        problem: Problem::UnknownField { name: text("iban.cuont"), near: vec![text("iban.count")] },
    };
    let wrong = Wrong::File(ControlError {
        file: text("pii-01.toml"),
        line: Some(9),
        key: Some(text("when")),
        fault: fault.into(),
    });
    let expected = "pii-01.toml, ligne 9, when\u{a0}: au caractère 24, aucun champ ne s’appelle «\u{a0}iban.cuont\u{a0}». Il y a\u{a0}: iban.count.";
    assert_eq!(told(Words(Locale::Fr), &wrong), expected);
}
