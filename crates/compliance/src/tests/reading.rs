//! What is read and what is not: files, names, own words, the digest of it all.

use super::*;

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

/// By identifier, as a recent Office writes them, or by name, in the message and its files; each once, called as the list calls it.
#[test]
fn labels_of_the_organisations_list_are_a_field() {
    const ID: &str = "2096f6a2-d2f7-48be-b329-b73aaa526e5d";
    let raw = plain("Bonjour.").replace(
        "Subject:",
        &format!(
            "msip_labels: MSIP_Label_{{{}}}_Enabled=True; MSIP_Label_{ID}_SiteId={}\r\nSubject:",
            ID.to_uppercase(),
            "7".repeat(36)
        ),
    );
    let mut case = Case::new(&raw);
    let label = |id: &str, name: &str| mail::Label { id: id.into(), name: name.into() };
    case.attachments = vec![AttachmentText {
        part: "2".into(),
        labels: vec![label(ID, "Interne"), label("", "DIFFUSION LIMITEE"), label("", "Public")],
        ..AttachmentText::default()
    }];
    for (lists, expected) in [
        (&[][..], "size(labels.confidential) == 0"),
        (&["Public du lundi", "Interne et plus"], "size(labels.confidential) == 0"),
        (&[ID], "labels.confidential == ['2096f6a2-d2f7-48be-b329-b73aaa526e5d']"),
        (
            &["2096f6a2-d2f7-48be-b329-b73aaa526e5d = C3", "Diffusion limitée"],
            "labels.confidential == ['C3', 'Diffusion limitée']",
        ),
        // The tenant's identifier is no label's.
        (&["77777777-7777-7777-7777-777777777777"], "size(labels.confidential) == 0"),
    ] {
        case.declare(|facts| facts.labels = lists.iter().map(|entry| (*entry).to_owned()).collect());
        let assessment = assess(&case.facts(), &set(&[control("A-1", expected, "enforce", "hold")]));
        assert_eq!(assessment.verdict, Verdict::Hold, "{expected}");
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

/// What a file or an attached message says is like misconduct too, each in its place; what there was no room to score is said.
#[test]
fn topics_read_files_and_attached_messages() {
    const SENTENCE: &str = "Je vais acheter quelques titres au nom de ma femme avant le communiqué.";
    let file = |text: &str| {
        let mut case = Case::new(&plain("Bonjour."));
        let outcome = AttachmentOutcome::Text(text.to_owned());
        case.attachments = vec![AttachmentText { part: "2".into(), outcome, ..AttachmentText::default() }];
        case
    };
    let controls =
        [control("A-1", "topic_market_abuse.count > 0 && topics.market_abuse >= 700", "observe", "hold")];
    let set = set(&controls);
    let assessment = assess(&file(SENTENCE).facts(), &set);
    assert!(assessment.findings.iter().any(|f| f.detector == "topic_market_abuse" && f.part == "2"));
    assert_eq!((assessment.matches.len(), assessment.unscored_sentences), (1, 0));
    let attached = Case::new(&format!(
        "From: a@orveane.example\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n{}",
        plain(SENTENCE)
    ));
    assert_eq!(assess(&attached.facts(), &set).matches.len(), 1);
    let long = file(&format!(
        "{}{SENTENCE}",
        "Voici les chiffres de la semaine. ".repeat(bounds::TOPIC_SENTENCES_MAX)
    ));
    let assessment = assess(&long.facts(), &set);
    assert!(assessment.unscored_sentences > 0 && assessment.matches.is_empty());
    let controls = [control("A-1", "message.unscored > 0", "enforce", "hold")];
    assert_eq!(assess(&long.facts(), &self::set(&controls)).verdict, Verdict::Hold);
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
    let mut places = mail::Places::default();
    places.mark(0, mail::PlaceKind::Page, "", 1, 0);
    assert_ne!(with(AttachmentText { places, ..AttachmentText::default() }), bare);
    let changes: [fn(&mut Case); 19] = [
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
        |case| case.organisation.labels.push("x".into()),
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
