//! The seam: with the real model where it is at hand, and what holds without it.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use encoder::{Encoder, Files};
use vocabulary::{Timestamp, bounds};

use super::*;
use crate::{Assessment, ControlSet, Facts, OrganisationFacts, PreparedOrganisation, RecipientFacts, assess};

const SUSPECT: &str = "Achète quelques actions au nom de ta soeur avant l'annonce de demain.";
const POACHING: &str = r#"
name = "client_poaching"
near = 550
sentences = [
  "I am leaving in March, come with me and your fees will be lower.",
  "Je rejoins un confrère au printemps, tu me suis avec tes comptes ?",
  "When I am at the new bank I would like to take you along as a client.",
]
"#;

/// Skipped and said where the model is not; never in the build's own run.
fn encoder() -> Option<Arc<Encoder>> {
    static REAL: OnceLock<Option<Arc<Encoder>>> = OnceLock::new();
    REAL.get_or_init(|| {
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/models");
        let folder = std::env::var_os("CEREBRO_MODELS").map_or(beside, PathBuf::from);
        if !folder.join("use-m3-fren.safetensors").is_file() {
            assert!(std::env::var_os("CEREBRO_CI").is_none(), "there is no encoder (set CEREBRO_MODELS)");
            eprintln!("skipped: there is no encoder (set CEREBRO_MODELS)");
            return None;
        }
        let read = |end: &str| std::fs::read(folder.join(format!("use-m3-fren.{end}"))).unwrap();
        let (network, pieces, head) = (read("safetensors"), read("vocab.txt"), read("head.safetensors"));
        Some(Arc::new(Encoder::read(Files { network: &network, pieces: &pieces, head: &head }).unwrap()))
    })
    .clone()
}

fn set(examples: &[(&str, &str)]) -> Option<ControlSet> {
    let encoder = encoder()?;
    let exemplars = Exemplars::read(examples, &encoder).unwrap();
    Some(ControlSet::shipped().with_models(Models::new(encoder, exemplars).unwrap()))
}

fn assessed(text: &str, set: &ControlSet) -> Assessment {
    let raw = format!(
        "From: a@banque.example\r\nTo: b@ailleurs.example\r\nSubject: note\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    );
    let message = mail::parse(raw.as_bytes());
    let recipients = [RecipientFacts {
        address: "b@ailleurs.example".parse().unwrap(),
        external: true,
        first_contact: false,
    }];
    let organisation =
        OrganisationFacts { domains: vec!["banque.example".into()], ..OrganisationFacts::default() };
    let organisation = PreparedOrganisation::from(organisation);
    let facts = Facts {
        message: &message,
        sender: None,
        recipients: &recipients,
        attachments: &[],
        organisation: &organisation,
        at: Timestamp::default(),
    };
    assess(&facts, set)
}

fn of<'a>(assessment: &'a Assessment, detector: &str) -> Vec<(&'a str, &'a str)> {
    let found = assessment.findings.iter().filter(|finding| finding.detector == detector);
    found.map(|finding| (finding.excerpt.as_str(), finding.term.as_str())).collect()
}

#[test]
fn without_a_model_nothing_is_found_and_no_model_is_named() {
    let assessment = assessed(SUSPECT, &ControlSet::shipped());
    assert!(of(&assessment, SEMANTIC).is_empty() && of(&assessment, EXEMPLAR).is_empty());
    assert_eq!(assessment.versions.models, "");
    assert!(!serde_json::to_string(&assessment).unwrap().contains("\"models\""));
}

#[test]
fn a_suspect_sentence_is_found_where_it_stands_and_no_verdict_follows() {
    let Some(set) = set(&[]) else { return };
    let text =
        format!("Bonjour Claire,\r\n\r\nMerci pour le café de mardi. {SUSPECT} Je suis en congé vendredi.");
    let with = assessed(&text, &set);
    let found = of(&with, SEMANTIC);
    let [(excerpt, term)] = found.as_slice() else { panic!("{found:?}") };
    assert!(SUSPECT.starts_with(excerpt), "{excerpt}");
    let score: u16 = term.strip_prefix("market_abuse ").unwrap_or("0").parse().unwrap();
    assert!(score >= FOUND_FROM, "{term}");
    assert_eq!(with.versions.models, set.models_digest());
    let without = assessed(&text, &ControlSet::shipped());
    assert_eq!((with.verdict, &with.recipients), (without.verdict, &without.recipients));
    assert_eq!(with, assessed(&text, &set), "from the cache");
}

#[test]
fn ordinary_sentences_are_not_found() {
    let Some(set) = set(&[("a.toml", POACHING)]) else { return };
    let text = "Bonjour Claire, le compte rendu de la réunion de lundi est joint. Le prochain point est fixé au 12 mars. Merci de votre relecture avant jeudi.";
    let assessment = assessed(text, &set);
    assert!(of(&assessment, SEMANTIC).is_empty() && of(&assessment, EXEMPLAR).is_empty());
}

#[test]
fn what_is_near_to_an_example_names_it() {
    let Some(set) = set(&[("a.toml", POACHING)]) else { return };
    let text = "Hello Paul, thank you for lunch. I am moving to another bank in April, come with me and you will pay less. See you soon.";
    let found = assessed(text, &set);
    let found = of(&found, EXEMPLAR);
    let [(excerpt, term)] = found.as_slice() else { panic!("{found:?}") };
    assert!(excerpt.contains("another bank"), "{excerpt}");
    assert!(term.starts_with("client_poaching ") && term.contains("come with me"), "{term}");
}

#[test]
fn examples_change_the_models_digest_and_belong_to_one_model() {
    let Some(encoder) = encoder() else { return };
    let read = |text: &str| Exemplars::read(&[("a.toml", text)], &encoder).unwrap();
    let of = |exemplars| Models::new(Arc::clone(&encoder), exemplars).unwrap().digest().to_owned();
    let digests = [of(Exemplars::default()), of(read(POACHING)), of(read(&POACHING.replace("550", "551")))];
    assert!(digests[0] != digests[1] && digests[1] != digests[2], "{digests:?}");
    let mut other = read(POACHING);
    other.model = "0".repeat(64);
    assert_eq!(Models::new(encoder, other).unwrap_err(), ExemplarsError::Model);
}

#[test]
fn a_wrong_file_of_examples_says_what_is_wrong() {
    let Some(encoder) = encoder() else { return };
    let one = "  \"When I am at the new bank I would like to take you along as a client.\",\n";
    for (text, says) in [
        (POACHING.replace("near", "nera"), "unknown field"),
        (POACHING.replace("client_", "Client "), "small letters"),
        (POACHING.replace("550", "0"), "per mille"),
        (POACHING.replace(one, ""), "3 to 200"),
        (POACHING.replace(one, "\"  \","), "empty or too long"),
        (POACHING.replace(one, &format!("\"{}\",", "long ".repeat(500))), "empty or too long"),
    ] {
        let error = Exemplars::read(&[("a.toml", &text)], &encoder).unwrap_err().to_string();
        assert!(error.starts_with("a.toml: ") && error.contains(says), "{error}");
    }
    let twice = Exemplars::read(&[("a.toml", POACHING), ("b.toml", POACHING)], &encoder).unwrap_err();
    assert!(twice.to_string().contains("another file"), "{twice}");
}

#[test]
fn what_is_read_is_bounded() {
    let Some(set) = set(&[("a.toml", POACHING)]) else { return };
    let long: String =
        (0..400).map(|n| format!("Le dossier numéro {n} de la soeur de {n} avance bien. ")).collect();
    let message = mail::parse(format!("Subject: s\r\n\r\n{long}").as_bytes());
    let mut candidates = Candidates::from(set.models().reads_from(), bounds::ENCODED_SENTENCES_MAX);
    let mut topics = crate::topics::Topics::default();
    for text in &message.texts {
        topics.read(text, &crate::words::Words::of(&text.text), &mut Vec::new(), Some(&mut candidates));
    }
    assert_eq!(candidates.kept().len(), bounds::ENCODED_SENTENCES_MAX);
    assert!(candidates.kept().is_sorted_by(|a, b| a.score >= b.score));
    assert_eq!(set.models().read(candidates.kept()).read, bounds::ENCODED_SENTENCES_MAX);
    // Sentences of very many pieces: fewer of them.
    let heavy = Candidate { score: 900, part: "1".into(), start: 0, end: 0, sentence: "xq zj ".repeat(60) };
    let read = set.models().read(&vec![heavy; bounds::ENCODED_SENTENCES_MAX]).read;
    assert!((1..bounds::ENCODED_SENTENCES_MAX).contains(&read), "{read}");
}

#[test]
fn a_control_that_asks_the_encoder_holds_only_when_that_is_calibrated_and_never_refuses() {
    let file = include_str!("../../../../controls/sem-01.toml");
    let ask = |verdict: &str, when: &str| {
        let lines: Vec<String> = file
            .lines()
            .map(|line| match line.split('=').next().map(str::trim) {
                Some("when") => format!("when = '{when}'"),
                Some("mode") => "mode = \"enforce\"".to_owned(),
                Some("verdict") => format!("verdict = \"{verdict}\""),
                _ => line.to_owned(),
            })
            .collect();
        ControlSet::parse(&[("a.toml", &lines.join("\n"))])
    };
    for when in [
        "encoder.highest >= 900",
        "semantic.count > 0",
        "\"market_abuse\" in encoder.kinds",
        "encoder.nearest >= 800",
        "\"client_poaching\" in encoder.categories && topics.aml >= 900",
    ] {
        let set = ask("hold", when).unwrap();
        assert_eq!(set.uncalibrated().len(), 1, "{when}");
        let errors = ask("refuse", when).unwrap_err();
        assert!(errors[0].to_string().contains("never refuse"), "{}", errors[0]);
    }
}

/// The second encoder, skipped and said where it is not.
fn second_reader() -> Option<SecondReader> {
    static REAL: OnceLock<Option<SecondReader>> = OnceLock::new();
    REAL.get_or_init(|| {
        // Said, or refused, there.
        encoder()?;
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/models");
        let folder = std::env::var_os("CEREBRO_MODELS").map_or(beside, PathBuf::from);
        let read = |end: &str| std::fs::read(folder.join(format!("e5-small-fren{end}"))).unwrap();
        let (network, pieces, head) =
            (read("-q4.safetensors"), read(".vocab.txt"), read(".head.safetensors"));
        let encoder = Encoder::read(Files { network: &network, pieces: &pieces, head: &head }).unwrap();
        Some(SecondReader::new(Arc::new(encoder)).unwrap())
    })
    .clone()
}

fn read_again(text: &str, files: &[(&str, &str)], organisation: OrganisationFacts) -> Option<SecondReading> {
    let raw = format!(
        "From: a@banque.example\r\nTo: b@ailleurs.example\r\nSubject: note\r\nIn-Reply-To: <1@ailleurs.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    );
    let organisation = PreparedOrganisation::from(organisation);
    Some(second_reader()?.read(&mail::parse(raw.as_bytes()), files, &organisation))
}

#[test]
fn the_second_encoder_finds_a_sentence_in_the_message_and_in_a_file_where_it_stands() {
    let file = "Compte rendu du comité de mardi.\nDépose moins de dix mille euros à chaque fois pour que l'agence n'ait rien à déclarer.\nProchaine réunion le 12 mars.";
    let text =
        format!("Bonjour Claire,\r\n\r\nMerci pour le café de mardi. {SUSPECT} Je suis en congé vendredi.");
    let Some(reading) = read_again(&text, &[("2", file)], OrganisationFacts::default()) else { return };
    assert_eq!((reading.model.len(), reading.more), (64, false));
    assert!((5..=8).contains(&reading.sentences), "{reading:?}");
    let kinds: Vec<(&str, &str)> = reading
        .findings
        .iter()
        .map(|finding| (finding.part.as_str(), finding.term.split(' ').next().unwrap()))
        .collect();
    assert!(kinds.contains(&("1", "market_abuse")) && kinds.contains(&("2", "aml")), "{kinds:?}");
    for finding in &reading.findings {
        let (text, region) =
            if finding.part == "2" { (file, None) } else { ("", Some(mail::RegionKind::New)) };
        assert_eq!((finding.detector.as_str(), finding.region), (SEMANTIC, region));
        assert!(text.is_empty() || text.get(finding.start..finding.end) == Some(&finding.excerpt));
        let score: u16 = finding.term.rsplit(' ').next().unwrap().parse().unwrap();
        assert!(score >= FOUND_FROM && score <= reading.highest && !finding.excerpt.is_empty());
    }
    let again = read_again(&text, &[("2", file)], OrganisationFacts::default()).unwrap();
    assert_eq!(reading, again, "from the cache");
    let other: SecondReading = serde_json::from_str(&serde_json::to_string(&reading).unwrap()).unwrap();
    assert_eq!(reading, other, "as it is kept");
    assert!(!format!("{reading:?}").contains("soeur"));
}

#[test]
fn what_the_sender_did_not_write_is_not_read_and_what_the_bank_writes_itself_is_not_found() {
    let quoted = format!(
        "Merci, je regarde cela demain matin sans faute.\r\n\r\nLe 23 nov. 2026 à 18:12, Paul Martin <p@ailleurs.example> a écrit :\r\n> {SUSPECT}\r\n> À demain."
    );
    let Some(reading) = read_again(&quoted, &[], OrganisationFacts::default()) else { return };
    assert!(reading.findings.is_empty(), "{:?}", reading.findings);
    let own = OrganisationFacts { own_footers: vec![SUSPECT.into()], ..OrganisationFacts::default() };
    assert!(read_again(SUSPECT, &[], own).unwrap().findings.is_empty());
    assert!(!read_again(SUSPECT, &[], OrganisationFacts::default()).unwrap().findings.is_empty());
}

/// The budget is of sentences and pieces; what the sender wrote comes before what is in files.
#[test]
fn a_message_of_any_length_is_read_within_the_budget() {
    let file: String =
        (0..400).map(|n| format!("La ligne {n} du rapport donne le montant du mois. ")).collect();
    let Some(reading) = read_again(SUSPECT, &[("2", &file)], OrganisationFacts::default()) else { return };
    assert!(reading.more && reading.sentences <= bounds::SECOND_SENTENCES_MAX, "{reading:?}");
    assert_eq!(reading.findings.first().map(|finding| finding.part.as_str()), Some("1"), "{reading:?}");
    let empty = read_again("", &[("2", "")], OrganisationFacts::default()).unwrap();
    assert_eq!((empty.sentences, empty.more, empty.highest), (0, false, 0));
}

#[test]
fn the_first_encoder_is_no_second() {
    let Some(encoder) = encoder() else { return };
    assert_eq!(SecondReader::new(encoder).unwrap_err(), WrongModel);
}

#[test]
fn examples_that_change_give_what_files_of_them_give() {
    let Some(encoder) = encoder() else { return };
    let read = set(&[("poaching.toml", POACHING)]).unwrap();
    let base = Models::new(encoder, Exemplars::default()).unwrap();
    let category = ExampleCategory::parse("poaching.toml", POACHING).unwrap();
    let models = base.with_examples(vec![category.clone()]);
    assert_eq!(models.digest(), read.models_digest());
    let fewer =
        ExampleCategory { near: 600, sentences: category.sentences[..2].to_vec(), ..category.clone() };
    assert_ne!(models.with_examples(vec![fewer]).digest(), models.digest());
    assert_eq!(models.with_examples(Vec::new()).digest(), base.digest());
    let other = ExampleCategory { name: "another".into(), ..category.clone() };
    let both = models.with_examples(vec![category.clone(), other]);
    let tried = both.try_sentence("Je rejoins un confrère au printemps, tu me suis avec tes comptes ?");
    let told: Vec<(&str, bool)> = tried.iter().map(|near| (near.category.as_str(), near.found)).collect();
    assert_eq!(told, [("another", true), ("client_poaching", true)], "as near, by name");
    assert!(tried.iter().all(|near| near.nearness >= 990 && near.example.starts_with("Je rejoins")));
    assert!(base.try_sentence("Bonjour").is_empty());
    let none = Models::default().with_examples(vec![category]);
    assert!(none.digest().is_empty() && none.try_sentence("Bonjour").is_empty());
}
