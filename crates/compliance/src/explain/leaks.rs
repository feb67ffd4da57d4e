//! What a sender and the register are told, over every control that ships and each of its samples, all of them enforced: never a value
//! that was found, and nothing of a control whose notice is neutral.

use vocabulary::Locale;

use super::{for_register, for_sender};
use crate::control::sample_assessment;
use crate::{Assessment, Control, ControlSet};

/// Every control that may be enforced is.
fn enforced() -> ControlSet {
    let shipped = ControlSet::shipped();
    let enforce = |text: &str| text.replacen("mode = \"observe\"", "mode = \"enforce\"", 1);
    let files: Vec<(String, String)> = shipped
        .texts()
        .map(|(id, text)| {
            let one = [(id, &*enforce(text))];
            let text = if ControlSet::parse(&one).is_ok() { enforce(text) } else { text.to_owned() };
            (id.to_owned(), text)
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    ControlSet::parse(&files).unwrap()
}

/// All that is told of an assessment.
fn told(assessment: &Assessment, set: &ControlSet) -> String {
    let all = Locale::ALL.map(|locale| {
        format!("{:?} {:?}", for_sender(assessment, set, locale), for_register(assessment, set, locale))
    });
    all.concat()
}

fn each(look: impl Fn(&Assessment, &ControlSet)) -> usize {
    let set = enforced();
    let mut seen = std::collections::BTreeSet::new();
    for control in set.controls() {
        for sample in control.samples.iter().filter(|sample| sample.matches) {
            let assessment = sample_assessment(&set, sample);
            seen.extend(assessment.matches.iter().map(|found| found.control.clone()));
            look(&assessment, &set);
        }
    }
    seen.len()
}

#[test]
fn no_value_that_was_found_is_told() {
    let seen = each(|assessment, set| {
        let mut other = assessment.clone();
        for (number, finding) in other.findings.iter_mut().enumerate() {
            finding.excerpt = format!("⚿{number}");
            finding.term = format!("⚿{number}");
            finding.part = format!("⚿{number}");
            (finding.start, finding.end) = (number * 77_777, number * 77_777 + 3);
        }
        assert!(!told(&other, set).contains('⚿'));
        assert_eq!(
            told(assessment, set),
            told(&other, set),
            "what is told does not depend on what was found"
        );
    });
    assert!(seen >= 50, "only {seen} controls matched");
}

#[test]
fn nothing_of_a_neutral_control_is_told() {
    let words = |control: &Control| {
        let texts = [&control.title, &control.explanation, &control.remedy, &control.ground];
        let texts = texts.into_iter().flat_map(|text| [text.fr.clone(), text.en.clone()]);
        texts.chain([control.id.clone()]).collect::<Vec<String>>()
    };
    each(|assessment, set| {
        let told = told(assessment, set);
        let matched = |neutral: bool| {
            let known = assessment.matches.iter().filter_map(|found| set.control(&found.control));
            known.filter(move |control| control.neutral_notice == neutral)
        };
        // A text that a plain control shares is told for its sake.
        let shared: Vec<String> = matched(false).flat_map(words).collect();
        for text in matched(true).flat_map(words).filter(|text| !shared.contains(text)) {
            let text = format!("{text:?}");
            assert!(!told.contains(text.trim_matches('"')), "{text} in {told}");
        }
    });
}

/// A set published since may not have the control any more: what it asked for is not known, so nothing is told of it.
#[test]
fn nothing_of_a_control_that_is_gone_is_told() {
    let (_, text) =
        ControlSet::shipped().texts().next().map(|(id, text)| (id.to_owned(), text.to_owned())).unwrap();
    let other = ControlSet::parse(&[("one.toml", &text)]).unwrap();
    each(|assessment, _| {
        let told = told(assessment, &other);
        for found in assessment.matches.iter().filter(|found| other.control(&found.control).is_none()) {
            assert!(!told.contains(&found.control), "{} in {told}", found.control);
        }
    });
}
