//! The engine as its users see it: verdicts per recipient, silence, incompleteness, errors, stability.

use std::cell::OnceCell;
use std::fmt::Write as _;
use std::sync::LazyLock;

use mail::{Message, RegionKind};
use proptest::prelude::*;
use vocabulary::{EmailAddress, Locale, Timestamp, bounds};

use crate::*;

mod ordinary;
mod reading;
mod told;
mod wrappings;

const IBAN: &str = "FR14 2004 1010 0505 0001 3M02 606";

/// Read once: fifty files for each of thousands of messages would take minutes.
static SHIPPED: LazyLock<ControlSet> = LazyLock::new(ControlSet::shipped);

/// The facts of a test, owned.
struct Case {
    message: Message,
    sender: EmailAddress,
    recipients: Vec<RecipientFacts>,
    attachments: Vec<AttachmentText>,
    organisation: OrganisationFacts,
    prepared: OnceCell<PreparedOrganisation>,
}

impl Case {
    fn new(raw: &str) -> Self {
        let recipient = |address: &str, external, first_contact| RecipientFacts {
            address: EmailAddress::parse(address).unwrap(),
            external,
            first_contact,
        };
        Self {
            message: mail::parse(raw.as_bytes()),
            sender: EmailAddress::parse("clemence.aubertin@orveane.example").unwrap(),
            recipients: vec![
                recipient("ines.kermadec@orveane.example", false, false),
                recipient("compta@sableval.example", true, false),
                recipient("nouveau@quillon.example", true, true),
            ],
            attachments: Vec::new(),
            organisation: OrganisationFacts { domains: vec!["orveane.example".into()], ..Default::default() },
            prepared: OnceCell::new(),
        }
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            message: &self.message,
            sender: Some(&self.sender),
            recipients: &self.recipients,
            attachments: &self.attachments,
            organisation: self.prepared.get_or_init(|| self.organisation.clone().into()),
            at: Timestamp::from_micros(1_795_530_720_000_000),
        }
    }

    fn declare(&mut self, change: impl FnOnce(&mut OrganisationFacts)) {
        change(&mut self.organisation);
        self.prepared = OnceCell::new();
    }

    fn assess(&self) -> Assessment {
        assess(&self.facts(), &SHIPPED)
    }
}

fn plain(text: &str) -> String {
    format!(
        "From: Clemence Aubertin <clemence.aubertin@orveane.example>\r\nTo: compta@sableval.example\r\n\
         Subject: Votre dossier\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
    )
}

/// A control like the shipped ones, with another condition and mode.
fn control(id: &str, when: &str, mode: &str, verdict: &str) -> String {
    let both = |key: &str| format!("[{key}]\nfr = \"{key} {id}\"\nen = \"{key} {id}\"\n");
    let mut text = format!(
        "id = \"{id}\"\nversion = 1\nmode = \"{mode}\"\ncategory = \"other\"\nverdict = \"{verdict}\"\nseverity = \"low\"\n\
         hold_class = \"standard\"\nneutral_notice = {}\nwhen = \"{when}\"\n",
        id == "NEUTRAL-01"
    );
    for key in ["title", "explanation", "remedy", "ground"] {
        text.push_str(&both(key));
    }
    for (locale, matches) in [("fr", true), ("fr", false), ("en", true), ("en", false)] {
        write!(text, "[[samples]]\nlocale = \"{locale}\"\nmatches = {matches}\n").unwrap();
    }
    text
}

fn set(controls: &[String]) -> ControlSet {
    let files: Vec<(&str, &str)> = controls.iter().map(|text| ("a.toml", text.as_str())).collect();
    ControlSet::parse(&files).unwrap()
}

#[test]
fn the_verdict_is_each_recipients_own() {
    let assessment = Case::new(&plain(&format!("Compte {IBAN}."))).assess();
    assert_eq!(assessment.recipients, [Verdict::Pass, Verdict::Hold, Verdict::Hold]);
    assert_eq!(assessment.verdict, Verdict::Hold);
    assert_eq!(assessment.matches[0].recipients, [1, 2]);
    assert_eq!(assessment.findings[0].controls, ["PII-01"]);
    assert_eq!(Case::new(&plain("Bonjour.")).assess().verdict, Verdict::Pass);
}

#[test]
fn observing_records_and_lets_pass_and_the_gravest_wins() {
    let case = Case::new(&plain(&format!("Compte {IBAN}.")));
    let set = set(&[
        control("A-1", "iban.count > 0", "observe", "refuse"),
        control("A-2", "recipient.first_contact", "enforce", "refuse"),
        control("A-3", "recipient.external", "enforce", "hold"),
        control("A-4", "card.count > 0", "enforce", "refuse"),
    ]);
    let assessment = assess(&case.facts(), &set);
    assert_eq!(assessment.recipients, [Verdict::Pass, Verdict::Hold, Verdict::Refuse]);
    assert_eq!(assessment.verdict, Verdict::Refuse);
    let matched: Vec<&str> = assessment.matches.iter().map(|found| found.control.as_str()).collect();
    assert_eq!(matched, ["A-1", "A-2", "A-3"]);
    assert_eq!(assessment.matches[0].findings, [0]);
    assert_eq!(assessment.matches[1].findings, Vec::<usize>::new());
}

/// Invariant 15.
#[test]
fn a_control_that_errors_is_a_finding_and_holds() {
    let case = Case::new(&plain("Bonjour."));
    let set = set(&[
        control("A-1", "recipient.external && 1 / iban.count > 0", "enforce", "refuse"),
        control("A-2", "1 / card.count > 0", "observe", "hold"),
    ]);
    let assessment = assess(&case.facts(), &set);
    assert_eq!(assessment.recipients, [Verdict::Pass, Verdict::Hold, Verdict::Hold]);
    let found = &assessment.matches[0];
    assert_eq!((found.verdict, found.error.as_deref()), (Verdict::Hold, Some("a division by zero")));
    assert_eq!(found.recipients, [1, 2]);
    assert_eq!(assessment.findings[found.findings[0]].detector, "control_error");
    assert_eq!(assessment.matches[1].recipients, [0, 1, 2]);
    let sentences = explain::for_sender(&assessment, &set, Locale::Fr);
    assert_eq!(sentences.len(), 1);
    assert!(sentences[0].contains("n’a pas pu être évalué (une division par zéro)"), "{sentences:?}");
    let sentences = explain::for_sender(&assessment, &set, Locale::En);
    assert!(sentences[0].contains("could not be evaluated (a division by zero)"), "{sentences:?}");
}

#[test]
fn work_runs_out_for_the_whole_and_then_everything_holds() {
    let mut case = Case::new(&plain("Bonjour."));
    case.recipients = (0..bounds::RECIPIENTS_MAX)
        .map(|i| RecipientFacts {
            address: EmailAddress::parse(&format!("a{i}@d{i}.example")).unwrap(),
            external: true,
            first_contact: false,
        })
        .collect();
    let when = "recipients.domains.exists(d, d == recipient.domain + '.x') || recipients.domains.exists(d, recipients.domains.exists(e, e == d + '.x'))";
    let set = set(&[control("A-1", when, "enforce", "hold")]);
    let assessment = assess(&case.facts(), &set);
    assert!(assessment.recipients.iter().all(|verdict| *verdict == Verdict::Hold));
    assert!(assessment.matches.iter().all(|found| found.error.is_some()));
}

#[test]
fn reasons_for_each_reader() {
    let only = |now| explain::Sets { then: None, now };
    let case = Case::new(&plain(&format!("Comptes {IBAN} et DE89 3704 0044 0532 0130 00.")));
    let shipped = ControlSet::shipped();
    let assessment = assess(&case.facts(), &shipped);
    let reviewer = explain::for_reviewer(&assessment, only(&shipped), Locale::Fr);
    assert_eq!(reviewer[0].facts[0].sentence(), "numéro de compte (IBAN) valide × 2");
    assert_eq!(reviewer[0].facts[0].findings, [0, 1]);
    assert!(reviewer[0].ground.contains("L. 511-33"));
    for locale in Locale::ALL {
        let register = format!(
            "{:?}{:?}",
            explain::for_register(&assessment, &shipped, locale),
            explain::for_sender(&assessment, &shipped, locale)
        );
        for finding in &assessment.findings {
            assert!(!register.contains(&finding.excerpt));
        }
        assert!(explain::for_sender(&assessment, &shipped, locale)[0].contains("IBAN"));
    }
    let neutral = set(&[control("NEUTRAL-01", "iban.count > 0", "enforce", "hold")]);
    let assessment = assess(&case.facts(), &neutral);
    let sentences = explain::for_sender(&assessment, &neutral, Locale::En);
    assert_eq!(sentences, ["This message is being checked before it leaves."]);
    assert!(!format!("{:?}", explain::for_register(&assessment, &neutral, Locale::Fr)).contains("NEUTRAL"));
    assert!(explain::for_reviewer(&assessment, only(&neutral), Locale::Fr)[0].title.contains("NEUTRAL"));
}

#[test]
fn one_assessment_as_json() {
    let mut case =
        Case::new(&plain(&format!("Bonjour,\r\n\r\nCompte {IBAN}.\r\n\r\n> carte 4111 1111 1111 1111")));
    case.attachments = vec![AttachmentText {
        part: "2".into(),
        name: "annexe.zip".into(),
        outcome: AttachmentOutcome::Unreadable("encrypted".into()),
        ..AttachmentText::default()
    }];
    let assessment = case.assess();
    insta::assert_json_snapshot!(assessment, { ".versions.control_set" => "[sha-256]", ".versions.facts" => "[sha-256]" });
    let json = serde_json::to_string(&assessment).unwrap();
    assert_eq!(serde_json::from_str::<Assessment>(&json).unwrap(), assessment);
    assert!(!format!("{assessment:?}").contains("2004"), "an assessment's Debug shows content");
}

/// Not a test of time: prints what an ordinary message costs. `cargo test --release -p compliance -- --ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn cost() {
    let measure = |name: &str, case: &Case, set: &ControlSet| {
        let rounds = 2_000;
        for _ in 0..200 {
            std::hint::black_box(assess(&case.facts(), set));
        }
        let start = std::time::Instant::now();
        for _ in 0..rounds {
            std::hint::black_box(assess(&case.facts(), set));
        }
        let bytes: usize = case.message.all_texts().iter().map(|text| text.text.len()).sum();
        eprintln!(
            "{name}: {:.1} µs, {bytes} bytes of text",
            start.elapsed().as_secs_f64() * 1e6 / f64::from(rounds)
        );
    };
    let shipped = ControlSet::shipped();
    let paragraph = "Bonjour Rozenn, comme convenu au téléphone, voici où nous en sommes sur le dossier n° 2026-1184 : le conseil se réunit mardi à 14:30, l’avance de 12 500,00 € est versée, et la note jointe reprend le calendrier. ";
    let mut ordinary = Case::new(&plain(&paragraph.repeat(36)));
    measure("ordinary, 3 recipients", &ordinary, &shipped);
    let mut with = Case::new(&plain(&(paragraph.repeat(36) + IBAN)));
    measure("with one account number", &with, &shipped);
    with.recipients = with.recipients.iter().cycle().take(300).cloned().collect();
    measure("the same, 300 recipients", &with, &shipped);
    let many: Vec<String> = (0..100)
        .map(|i| control(&format!("C-{i}"), "recipient.external && iban.count > 2", "enforce", "hold"))
        .collect();
    measure("ordinary, 100 controls", &ordinary, &set(&many));
    ordinary.message.texts[1].text = "12 34 ".repeat(1_500);
    measure("nothing but digits", &ordinary, &shipped);
}
