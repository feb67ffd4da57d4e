//! The engine as its users see it: verdicts per recipient, silence, incompleteness, errors, stability.

use std::cell::OnceCell;
use std::fmt::Write as _;
use std::sync::LazyLock;

use mail::{Message, RegionKind};
use proptest::prelude::*;
use vocabulary::{EmailAddress, Locale, Timestamp, bounds};

use crate::*;

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
    assert!(sentences[0].contains("n’a pas pu être évalué"), "{sentences:?}");
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
fn what_was_not_read_is_said_and_holds() {
    let raw = "From: a@orveane.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
               --b\r\nContent-Type: text/plain\r\n\r\nVoir la note.\r\n--b\r\nContent-Type: application/zip; name=\"n.zip\"\r\n\
               Content-Disposition: attachment; filename=\"n.zip\"\r\nContent-Transfer-Encoding: base64\r\n\r\nUEsDBA==\r\n--b--\r\n";
    let mut case = Case::new(raw);
    let part = case.message.attachments[0].part.to_string();
    // Nobody tried: that is not a pass.
    let untried = case.assess();
    assert_eq!(untried.incomplete, [Incomplete { part: part.clone(), reason: "not_extracted".into() }]);
    assert_eq!(untried.recipients, [Verdict::Pass, Verdict::Hold, Verdict::Hold]);
    // A member of the archive was not read.
    let outcome = |part: &str, outcome| AttachmentText {
        part: part.to_owned(),
        name: "x".into(),
        outcome,
        ..AttachmentText::default()
    };
    case.attachments = vec![
        outcome(&part, AttachmentOutcome::Nothing),
        outcome(&format!("{part}!a.pdf"), AttachmentOutcome::Unreadable("encrypted".into())),
        outcome(&format!("{part}!b.txt"), AttachmentOutcome::Text(format!("Compte {IBAN}"))),
    ];
    let read = case.assess();
    assert_eq!(read.incomplete, [Incomplete { part: format!("{part}!a.pdf"), reason: "encrypted".into() }]);
    let found: Vec<(&str, String)> =
        read.findings.iter().map(|f| (f.detector.as_str(), f.part.clone())).collect();
    assert_eq!(
        found,
        [("unreadable_attachment", format!("{part}!a.pdf")), ("iban", format!("{part}!b.txt"))]
    );
    assert_eq!(read.findings[1].region, None);
}

#[test]
fn labels_features_and_reasons_are_fields() {
    let raw = plain("Bonjour.").replace(
        "Subject:",
        "msip_labels: MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Name=Secret\r\nSubject:",
    );
    let mut case = Case::new(&raw);
    let file = |part: &str, outcome, name: &str| AttachmentText {
        part: part.into(),
        outcome,
        features: vec!["macros".into()],
        labels: vec![mail::Label { id: "b".into(), name: name.into() }],
        ..AttachmentText::default()
    };
    case.attachments = vec![
        file("2", AttachmentOutcome::Nothing, "Interne"),
        file("3", AttachmentOutcome::Unreadable("encrypted".into()), ""),
    ];
    for (condition, expected) in [
        ("labels.names == ['Secret', 'Interne']", true),
        ("labels.ids == ['2096f6a2-d2f7-48be-b329-b73aaa526e5d', 'b']", true),
        ("'macros' in attachments.features && !('hidden_text' in attachments.features)", true),
        ("attachments.unread == ['encrypted']", true),
        ("labels.names.exists(n, n.contains('Public'))", false),
    ] {
        let assessment = assess(&case.facts(), &set(&[control("A-1", condition, "enforce", "hold")]));
        assert_eq!(assessment.verdict == Verdict::Hold, expected, "{condition}");
    }
}

#[test]
fn a_file_written_inside_a_text_counts_as_tried() {
    let raw = plain("voici\r\nbegin 644 n.txt\r\n;1E(W-C,P,#`V,#`P,#$Q,C,T-38W.#DP,3@Y\r\n`\r\nend");
    let mut case = Case::new(&raw);
    let part = case.message.attachments[0].part.to_string();
    assert_eq!(case.assess().incomplete.len(), 1);
    case.attachments = vec![AttachmentText { part, name: "n.txt".into(), ..AttachmentText::default() }];
    assert_eq!(case.assess().incomplete, []);
}

#[test]
fn an_identifier_in_a_subject_or_a_file_name_is_found() {
    let raw = plain("Bonjour.").replace("Votre dossier", &format!("Compte {IBAN}"));
    let found = Case::new(&raw).assess();
    assert_eq!(found.findings[0].part, "subject");
    let raw = "From: a@orveane.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: application/pdf\r\n\
               Content-Disposition: attachment; filename=\"RIB_FR1420041010050500013M02606.pdf\"\r\n\r\nx\r\n";
    let found = Case::new(raw).assess();
    assert!(found.findings.iter().any(|f| f.detector == "iban" && f.part.ends_with("#name")), "{found:?}");
}

#[test]
fn own_identifiers_and_footers_are_silent() {
    let mut case = Case::new(&plain(&format!(
        "Réglez sur {IBAN}.\r\n\r\nBanque Orvéane, carte 4111 1111 1111 1111\r\nParis"
    )));
    assert_eq!(case.assess().findings.len(), 2);
    case.declare(|lists| lists.own_identifiers = vec!["fr1420041010050500013m02606".into()]);
    assert_eq!(case.assess().findings.len(), 1);
    case.declare(|lists| lists.own_footers = vec!["Banque Orvéane, carte 4111 1111 1111 1111 Paris".into()]);
    assert_eq!(case.assess().verdict, Verdict::Pass);
}

#[test]
fn findings_over_the_bound_are_counted() {
    let many: String = (0..bounds::FINDINGS_MAX + 20).map(|_| format!("{IBAN};\r\n")).collect();
    let mut case = Case::new(&plain("Bonjour."));
    case.message.texts[1].text = many;
    let assessment = case.assess();
    assert_eq!(assessment.findings.len(), bounds::FINDINGS_MAX);
    assert_eq!(assessment.dropped_findings, 20);
    let set = set(&[control("A-1", "iban.count == 520 && iban.distinct == 1", "enforce", "hold")]);
    assert_eq!(assess(&case.facts(), &set).verdict, Verdict::Hold);
}

#[test]
fn the_facts_digest_knows_everything_that_is_read() {
    let base = Case::new(&plain("Bonjour."));
    let digest = base.facts().digest();
    assert_eq!(digest.len(), 64);
    assert_eq!(digest, Case::new(&plain("Bonjour.")).facts().digest());
    let label = || mail::Label { id: "x".into(), name: "y".into() };
    let with = |file: AttachmentText| {
        let mut case = Case::new(&plain("Bonjour."));
        case.attachments.push(file);
        case.facts().digest()
    };
    let bare = with(AttachmentText::default());
    assert_ne!(with(AttachmentText { features: vec!["macros".into()], ..AttachmentText::default() }), bare);
    assert_ne!(with(AttachmentText { labels: vec![label()], ..AttachmentText::default() }), bare);
    let changes: [fn(&mut Case); 18] = [
        |case| case.message.labels.push(mail::Label { id: "x".into(), name: String::new() }),
        |case| case.message.subject.push('x'),
        |case| case.message.texts[1].text.push('x'),
        |case| case.message.texts[1].regions[0].kind = RegionKind::Quoted,
        |case| case.recipients[0].external = true,
        |case| case.organisation.own_identifiers.push("x".into()),
        |case| case.message.cc = case.message.to.clone(),
        |case| case.attachments.push(AttachmentText { part: "2".into(), ..AttachmentText::default() }),
        |case| case.sender = EmailAddress::parse("b@orveane.example").unwrap(),
        |case| case.message.sensitivity = Some(mail::Sensitivity::Personal),
        |case| case.message.sensitivity = Some(mail::Sensitivity::Private),
        |case| case.message.auto_submitted = true,
        |case| case.message.bulk = true,
        |case| case.organisation.known_domains.push("x".into()),
        |case| case.organisation.correspondents.push("x".into()),
        |case| case.organisation.protected.push("x".into()),
        |case| case.organisation.restricted.push("x".into()),
        |case| case.organisation.encrypted_domains.push("x".into()),
    ];
    for (index, change) in changes.iter().enumerate() {
        let mut changed = Case::new(&plain("Bonjour."));
        change(&mut changed);
        assert_ne!(changed.facts().digest(), digest, "change {index}");
    }
}

#[test]
fn a_message_without_recipient_is_still_assessed() {
    let mut case = Case::new(&plain("Bonjour."));
    case.recipients.clear();
    let set = set(&[
        control("A-1", "iban.count == 0", "enforce", "hold"),
        control("A-2", "recipient.external", "enforce", "hold"),
    ]);
    let assessment = assess(&case.facts(), &set);
    assert_eq!(
        (assessment.verdict, assessment.recipients.len(), assessment.matches.len()),
        (Verdict::Hold, 0, 1)
    );
}

#[test]
fn reasons_for_each_reader() {
    let case = Case::new(&plain(&format!("Comptes {IBAN} et DE89 3704 0044 0532 0130 00.")));
    let shipped = ControlSet::shipped();
    let assessment = assess(&case.facts(), &shipped);
    let reviewer = explain::for_reviewer(&assessment, &shipped, Locale::Fr);
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
    assert!(explain::for_reviewer(&assessment, &neutral, Locale::Fr)[0].title.contains("NEUTRAL"));
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

/// One message in several wrappings: the same words, other bytes.
fn wrappings(subject: &str, text: &str) -> Vec<String> {
    use std::iter::once;
    let text = text.replace('\n', "\r\n");
    let base64 = |bytes: &[u8], width: usize| {
        let encoded = encode(bytes);
        encoded
            .as_bytes()
            .chunks(width)
            .map(|line| String::from_utf8(line.to_vec()).unwrap())
            .collect::<Vec<_>>()
            .join("\r\n")
    };
    let quoted: String = text
        .bytes()
        .enumerate()
        .flat_map(|(at, byte)| {
            let soft = if at % 60 == 59 { "=\r\n" } else { "" };
            let one = match byte {
                b'\r' | b'\n' => char::from(byte).to_string(),
                _ => format!("={byte:02X}"),
            };
            once(if byte == b'\n' { one } else { format!("{soft}{one}") })
        })
        .collect();
    let head = |folded: bool, encoding: &str| {
        let subject = format!("=?utf-8?B?{}?=", encode(subject.as_bytes()));
        let fold = if folded { "\r\n " } else { " " };
        format!(
            "From:{fold}a@orveane.example\r\nTo:{fold}compta@sableval.example\r\nSubject:{fold}{subject}\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain;{fold}charset=utf-8\r\nContent-Transfer-Encoding:{fold}{encoding}\r\n\r\n"
        )
    };
    vec![
        format!("{}{text}", head(false, "8bit")),
        format!("{}{text}", head(true, "8bit")),
        format!("{}{}", head(false, "base64"), base64(text.as_bytes(), 76)),
        format!("{}{}", head(true, "base64"), base64(text.as_bytes(), 20)),
        format!("{}{quoted}", head(false, "quoted-printable")),
    ]
}

fn encode(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    bytes
        .chunks(3)
        .map(|three| {
            let word = three.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte))
                << (8 * (3 - three.len()));
            (0..4)
                .map(|place| {
                    if place > three.len() {
                        '='
                    } else {
                        char::from(ALPHABET[(word >> (18 - 6 * place) & 63) as usize])
                    }
                })
                .collect::<String>()
        })
        .collect()
}

/// Words and numbers as mails have them.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[a-zéà]{1,9}",
        1 => "[0-9]{1,19}",
        1 => Just(IBAN.to_owned()),
        1 => Just("4111 1111 1111 1111".to_owned()),
        1 => Just("FR76\u{a0}3000\u{a0}6000\u{a0}0112\u{a0}3456\u{a0}7890\u{a0}189".to_owned()),
        1 => Just("\n".to_owned()),
    ];
    proptest::collection::vec(word, 1..20).prop_map(|words| format!("Bonjour, {}.", words.join(" ")))
}

proptest! {
    #[test]
    fn wrapping_changes_nothing(subject in "[a-zé]{1,20}", text in words()) {
        let outcome = |raw: &String| {
            let assessment = Case::new(raw).assess();
            let found: Vec<(String, String)> =
                assessment.findings.iter().map(|finding| (finding.detector.clone(), finding.excerpt.clone())).collect();
            (assessment.verdict, assessment.recipients, found)
        };
        let all: Vec<_> = wrappings(&subject, &text).iter().map(outcome).collect();
        prop_assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", all);
    }

    #[test]
    fn every_finding_stands_where_it_says(raw in proptest::collection::vec(any::<u8>(), 0..400), text in words()) {
        let mut bytes = plain(&text).into_bytes();
        bytes.extend(&raw);
        let mut case = Case::new("");
        case.message = mail::parse(&bytes);
        case.attachments = vec![AttachmentText {
            part: "9".into(),
            name: text.clone(),
            outcome: AttachmentOutcome::Text(String::from_utf8_lossy(&raw).into_owned() + &text),
            ..AttachmentText::default()
        }];
        let assessment = case.assess();
        for finding in assessment.findings.iter().filter(|finding| finding.end > 0) {
            let AttachmentOutcome::Text(attached) = &case.attachments[0].outcome else { unreachable!() };
            let texts = case.message.all_texts();
            let of_message: Vec<&str> =
                texts.iter().filter(|part| part.part.as_str() == finding.part).map(|part| part.text.as_str()).collect();
            let candidates: Vec<&str> = match finding.part.as_str() {
                "9" => vec![attached],
                "9#name" => vec![&text],
                _ => of_message,
            };
            prop_assert!(candidates.iter().any(|candidate| candidate.get(finding.start..finding.end) == Some(&finding.excerpt)));
        }
        prop_assert_eq!(case.assess(), assessment);
    }

    #[test]
    fn any_bytes_are_assessed(raw in proptest::collection::vec(any::<u8>(), 0..600)) {
        let mut case = Case::new("");
        case.message = mail::parse(&raw);
        prop_assert_eq!(case.assess().recipients.len(), 3);
    }
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
