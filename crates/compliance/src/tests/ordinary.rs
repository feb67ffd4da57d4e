//! What a bank writes every day, in both languages: nothing enforced from the start holds any of it, and what is observed
//! stays within a bound, so that a change that makes the controls louder is seen here before it is seen by people.

use super::*;

/// Messages of each language in which some observed control may match, of about seventy-five. Each is a known one:
/// advertising that promises, jokes, resignations, directories of telephones. A lower figure is written down as it is reached.
const OBSERVED_MAX: [(&str, usize); 2] = [("fr", 18), ("en", 22)];

/// The messages of one language: subject and text.
fn messages(language: &str) -> Vec<(&'static str, &'static str)> {
    let all = include_str!("../../vectors/ordinary.txt");
    let section = all.split_once(&format!("\n[{language}]\n")).unwrap().1;
    let section = section.split_once("\n[").map_or(section, |(section, _)| section);
    section.split("\n== ").skip(1).map(|message| message.split_once('\n').unwrap()).collect()
}

fn assessed(subject: &str, text: &str) -> Assessment {
    let raw = plain(text).replacen("Votre dossier", subject, 1);
    let mut case = Case::new(&raw);
    case.recipients.truncate(2);
    case.assess()
}

#[test]
fn ordinary_mail_is_held_by_nothing_and_observed_little() {
    for (language, bound) in OBSERVED_MAX {
        let messages = messages(language);
        assert!(messages.len() >= 60, "{language}: {}", messages.len());
        let mut observed: Vec<String> = Vec::new();
        for (subject, text) in messages {
            let assessment = assessed(subject, text);
            assert_eq!(assessment.verdict, Verdict::Pass, "{subject}: {:?}", assessment.matches);
            let controls: Vec<&str> = assessment.matches.iter().map(|found| found.control.as_str()).collect();
            if !controls.is_empty() {
                observed.push(format!("{subject}: {controls:?}"));
            }
        }
        assert!(observed.len() <= bound, "{language}: {}: {observed:#?}", observed.len());
    }
}
