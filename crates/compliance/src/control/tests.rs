//! The shipped controls, and what the writer of a wrong file is told.

use std::fs;

use super::*;

const GOOD: &str = include_str!("../../../../controls/pii-01.toml");

fn told(files: &[(&str, &str)]) -> Vec<String> {
    match ControlSet::parse(files) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_shipped_controls_load_and_do_what_their_samples_say() {
    assert_eq!(told(SHIPPED), Vec::<String>::new());
    let set = ControlSet::shipped();
    assert_eq!(set.controls().len(), SHIPPED.len());
    assert_eq!(set.check_samples(), []);
}

#[test]
fn every_file_of_the_directory_is_shipped() {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../controls");
    let mut files: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".toml"))
        .collect();
    files.sort();
    assert_eq!(files, SHIPPED.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    let set = ControlSet::load_dir(Path::new(directory)).unwrap();
    assert_eq!(set.digest(), ControlSet::shipped().digest());
}

/// One change to a good file, and the beginning of what its writer is told.
#[test]
fn a_wrong_file_is_told_where_and_what_to_do() {
    for (from, to, expected) in [
        ("id = \"PII-01\"", "id = \"pii 01\"", "a.toml, line 2, id: an id has capital letters"),
        ("version = 1\n", "version = 0\n", "a.toml, line 3, version: versions start at 1"),
        (
            "version = 1\n",
            "version = \"1\"\n",
            "a.toml, line 3, version: invalid type: string \"1\", expected u32",
        ),
        ("verdict = \"hold\"", "verdict = \"pass\"", "a.toml, line 6, verdict: a control holds or refuses"),
        (
            "verdict = \"hold\"",
            "verdict = \"block\"",
            "a.toml, line 6, verdict: unknown variant `block`, expected one of `pass`, `hold`, `refuse`",
        ),
        (
            "severity = \"high\"",
            "severitee = \"high\"",
            "a.toml, line 7, severitee: unknown field `severitee`, expected one of `id`",
        ),
        (
            "hold_class = \"standard\"",
            "hold_class = \"Très urgent\"",
            "a.toml, line 8, hold_class: a hold class has small letters",
        ),
        (
            "iban.count > 0",
            "iban.cuont > 0",
            "a.toml, line 9, when: at character 24: there is no field \"iban.cuont\"; there is: iban.count",
        ),
        (
            "iban.count > 0",
            "iban.count > 'x'",
            "a.toml, line 9, when: at character 37: > needs a whole number",
        ),
        (
            "fr = \"Coordonnées bancaires de clients vers l’extérieur\"",
            "fr = \" \"",
            "a.toml, line 11, title: write it in both languages",
        ),
        (
            "fr = \"Coordonnées bancaires de clients vers l’extérieur\"\n",
            "",
            "a.toml, line 11: missing field `fr`",
        ),
        ("mode = \"enforce\"", "mode = enforce", "a.toml, line 4, mode: "),
        (
            "locale = \"en\"\nmatches = false",
            "locale = \"en\"\nmatches = true",
            "a.toml, samples: add a [[samples]] with locale = \"en\" and matches = false",
        ),
        (
            "subject = \"Votre virement\"",
            "sujet = \"Votre virement\"",
            "a.toml, line 30, sujet: unknown field `sujet`, expected one of `locale`",
        ),
    ] {
        assert!(GOOD.contains(from), "{from}");
        let told = told(&[("a.toml", &GOOD.replacen(from, to, 1))]);
        assert!(told.iter().any(|line| line.starts_with(expected)), "{from} → {to}: {told:#?}");
    }
}

#[test]
fn everything_wrong_is_told_at_once() {
    let twice = told(&[("a.toml", GOOD), ("b.toml", GOOD)]);
    assert_eq!(twice, ["b.toml, line 2, id: the id PII-01 is taken by a.toml: give each control its own id"]);
    let wrong = GOOD.replace("version = 1\n", "version = 0\n").replace("card.count", "kard.count");
    assert_eq!(told(&[("a.toml", &wrong), ("b.toml", "id = 3"), ("c.toml", "=")]).len(), 4);
}

#[test]
fn a_directory_that_is_not_one_is_told_so() {
    let missing = ControlSet::load_dir(Path::new("/nowhere/controls")).unwrap_err();
    assert!(missing[0].to_string().starts_with("/nowhere/controls: it cannot be read"), "{}", missing[0]);
    let empty = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    assert_eq!(ControlSet::load_dir(Path::new(empty)).unwrap_err()[0].fault, ControlFault::Empty);
}

#[test]
fn the_digest_knows_every_byte_and_no_order() {
    let digest = |files: &[(&str, &str)]| ControlSet::parse(files).unwrap().digest().to_owned();
    let mut turned = SHIPPED.to_vec();
    turned.reverse();
    assert_eq!(digest(SHIPPED), digest(&turned));
    let changed = GOOD.replace("severity = \"high\"", "severity = \"medium\"");
    assert_ne!(digest(&[("a.toml", GOOD)]), digest(&[("a.toml", &changed)]));
}

#[test]
fn a_failing_sample_says_which() {
    let wrong = GOOD.replacen("matches = true", "matches = false", 1);
    let set = ControlSet::parse(&[("a.toml", &wrong)]).unwrap();
    let failures: Vec<String> = set.check_samples().iter().map(ToString::to_string).collect();
    assert_eq!(failures, ["PII-01, sample 1 (fr): it matches, and the file says it does not"]);
}

#[test]
fn a_set_that_cannot_load_holds_everything() {
    let errors = ControlSet::parse(&[("a.toml", "")]).unwrap_err();
    let set = ControlSet::holding_everything(&errors);
    let message = mail::Message::default();
    let facts = crate::Facts {
        message: &message,
        sender: None,
        recipients: &[],
        attachments: &[],
        organisation: &crate::PreparedOrganisation::default(),
        at: vocabulary::Timestamp::default(),
    };
    assert_eq!(crate::assess(&facts, &set).verdict, Verdict::Hold);
}
