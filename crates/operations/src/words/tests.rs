use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::*;

/// Keys of a file, each with the names of the values it takes.
fn keys(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let value = Regex::new(r"\{ \$([a-z]+) \}").unwrap();
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
            current = key.to_owned();
            assert!(keys.insert(current.clone(), BTreeSet::new()).is_none(), "{key} is there twice");
        }
        let names = value.captures_iter(line).map(|found| found[1].to_owned());
        keys.entry(current.clone()).or_default().extend(names);
    }
    keys.remove("");
    keys
}

#[test]
fn both_languages_say_the_same_things_with_the_same_values() {
    assert_eq!(keys(FR), keys(EN));
    assert!(FluentResource::try_new(FR.to_owned()).is_ok() && FluentResource::try_new(EN.to_owned()).is_ok());
}

#[test]
fn every_key_is_used_and_every_letter_has_a_subject() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut waiting, mut code) = (vec![folder], String::new());
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            waiting.extend(std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        } else {
            code += &std::fs::read_to_string(&path).unwrap();
        }
    }
    let known = keys(FR);
    for key in known.keys() {
        let of = key.strip_suffix("-subject").unwrap_or(key);
        let is_name = ["factor-", "mission-"].iter().any(|kind| {
            key.strip_prefix(kind).is_some_and(|word| code.contains(&format!("\"{word}\"")) || word.len() > 6)
        });
        assert!(is_name || code.contains(&format!("\"{of}\"")), "{key} is never used");
        assert!(!key.ends_with("-subject") || known.contains_key(of), "{key} has no text");
    }
}

/// Every mission and every kind of factor has a name in a mail.
#[test]
fn every_mission_and_factor_has_a_name() {
    let known = keys(EN);
    for mission in access::Mission::ALL {
        assert!(known.contains_key(&format!("mission-{mission}")), "{mission}");
    }
    for kind in ["password", "totp", "security_key"] {
        assert!(known.contains_key(&format!("factor-{kind}")), "{kind}");
    }
}

#[test]
fn a_letter_is_filled_in_its_language_and_reads_as_written() {
    let values = [("subject", "Prêt"), ("note", "\nVu avec vous.\n")];
    let (subject, text) = letter(Locale::Fr, "released", &values);
    assert_eq!(subject, "Libéré\u{a0}: Prêt");
    assert_eq!(
        text,
        "Bonjour,\n\nVotre message «\u{a0}Prêt\u{a0}» a été validé et part maintenant.\n\nVu avec vous.\n\nCe message est automatique.\n"
    );
    assert_eq!(say(Locale::En, "no-such-key", &[]), "no-such-key");
}
