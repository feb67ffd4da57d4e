//! What a sender and the register are told, over every control that ships and each of its samples, all of them enforced: never a value
//! that was found, and nothing of a control whose notice is neutral.

use vocabulary::Locale;

use super::{FileName, Line, Reader, Sets, cause, for_register, for_sender, register};
use crate::control::{Sample, sample_assessment};
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
            // A code is of ours, and is told in words.
            if cause(finding, Locale::En).is_none() {
                finding.excerpt = format!("⚿{number}");
            }
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

/// The same controls without those whose notice is neutral.
fn without_neutral(set: &ControlSet) -> ControlSet {
    let plain = |id: &str| set.control(id).is_some_and(|control| !control.neutral_notice);
    let files: Vec<(&str, &str)> = set.texts().filter(|(id, _)| plain(id)).collect();
    ControlSet::parse(&files).unwrap()
}

struct Unnamed;

impl FileName for Unnamed {
    fn part(&self) -> &'static str {
        "-"
    }

    fn name(&self) -> &'static str {
        ""
    }
}

fn lines(assessment: &Assessment, set: &ControlSet, reader: Reader, locale: Locale) -> Vec<Line> {
    register::<Unnamed>(assessment, &[], Sets { then: Some(set), now: set }, reader, locale)
}

/// Non-interference: what a sender is told of a message that plain controls hold is the same whether neutral ones hold it too or
/// do not exist.
#[test]
fn a_sender_cannot_tell_whether_a_neutral_control_held_it_too() {
    let set = enforced();
    let plain = without_neutral(&set);
    let samples = || set.controls().flat_map(|control| &control.samples);
    // Samples joined two by two: what holds for one reason, and for the other.
    let matching: Vec<&Sample> = samples().filter(|sample| sample.matches).collect();
    let others = matching.iter().skip(7).step_by(3).cycle();
    let both: Vec<Sample> = matching
        .iter()
        .zip(others)
        .map(|(one, other)| {
            let mut both = (*one).clone();
            both.text = format!("{}\n{}", one.text, other.text);
            both
        })
        .collect();
    let (mut together, mut alone) = (0, 0);
    for sample in samples().chain(&both) {
        let (with, without) = (sample_assessment(&set, sample), sample_assessment(&plain, sample));
        let neutral = lines(&with, &set, Reader::Auditor, Locale::Fr);
        let has_neutral = neutral.iter().filter_map(|line| line.rule.as_ref()).any(|rule| rule.is_neutral);
        for locale in Locale::ALL {
            let told = lines(&with, &set, Reader::Sender, locale);
            let expected = lines(&without, &plain, Reader::Sender, locale);
            if expected.is_empty() && has_neutral {
                alone += 1;
                assert!(told.len() == 1 && told[0].rule.is_none() && told[0].found.is_empty(), "{told:?}");
                assert_eq!(for_sender(&with, &set, locale).len(), 1);
            } else {
                together += usize::from(has_neutral);
                assert_eq!(told, expected);
                assert_eq!(for_sender(&with, &set, locale), for_sender(&without, &plain, locale));
            }
        }
    }
    assert!(together > 20 && alone > 5, "{together} together, {alone} alone");
}

/// Nothing that was found stands in a register as it was written, nor eight letters and digits of it in a row.
#[test]
fn a_register_shows_no_value_in_clear() {
    each(|assessment, set| {
        for locale in Locale::ALL {
            for line in lines(assessment, set, Reader::Auditor, locale) {
                for (masked, finding) in line.found.iter().flat_map(|masked| {
                    assessment
                        .findings
                        .iter()
                        .filter(|one| one.detector == masked.detector)
                        .map(move |one| (masked, one))
                }) {
                    let value: String = finding.excerpt.chars().filter(|c| c.is_alphanumeric()).collect();
                    let is_code = finding.start == finding.end;
                    let pieces =
                        value.as_bytes().windows(8).filter_map(|piece| std::str::from_utf8(piece).ok());
                    for piece in pieces.filter(|_| !is_code) {
                        assert!(!masked.value.contains(piece) && !masked.place.contains(piece), "{masked:?}");
                    }
                }
            }
        }
    });
}
