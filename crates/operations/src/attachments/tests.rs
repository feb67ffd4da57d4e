//! Case E08, and how members are named: mail, its files and the engine together.

use std::collections::HashSet;

use compliance::explain::{for_sender, unread as unread_in_words};
use compliance::{Assessment, ControlSet, Facts, OrganisationFacts, RecipientFacts, Verdict};
use mail::{Defect, DefectKind};
use vocabulary::{EmailAddress, Locale, Timestamp};

use super::*;

#[test]
fn members_are_named_after_their_attachment() {
    for (inner, whole) in [("", "2"), ("!a.zip!b.txt", "2!a.zip!b.txt"), ("/1", "2/1")] {
        let file = Extracted {
            part: PartId::new(inner),
            name: "b.txt".into(),
            detected_type: "text/plain".into(),
            outcome: Extraction::Text { text: "mot".into(), places: mail::Places::default() },
            features: vec![],
            picture: None,
        };
        let mut left = 4;
        assert_eq!(as_fact(&PartId::new("2"), file.clone(), &mut left).part, whole);
        assert_eq!(as_fact(&PartId::new("2"), file, &mut left).outcome, stated(Reason::TooLarge));
    }
}

/// What the shipped controls say of this message to somebody outside.
fn assess(message: &Message, attachments: &[AttachmentText]) -> Assessment {
    let recipients = [RecipientFacts {
        address: EmailAddress::parse("compta@sableval.example").unwrap(),
        external: true,
        first_contact: false,
    }];
    let organisation =
        OrganisationFacts { domains: vec!["orveane.example".into()], ..Default::default() }.into();
    let facts = Facts {
        message,
        sender: None,
        recipients: &recipients,
        attachments,
        organisation: &organisation,
        at: Timestamp::default(),
    };
    compliance::assess(&facts, &ControlSet::shipped())
}

#[test]
fn e08_every_doubt_about_a_message_holds() {
    assert_eq!(assess(&Message::default(), &[]).verdict, Verdict::Pass);
    let doubts = DefectKind::ALL.iter().filter(|kind| kind.is_ambiguous() || kind.is_unread());
    for kind in doubts {
        let defect = Defect { kind: *kind, part: None, detail: String::new() };
        let message = Message { defects: vec![defect], ..Message::default() };
        let assessment = assess(&message, &[]);
        assert_eq!(assessment.verdict, Verdict::Hold, "{kind:?}");
        assert_eq!(assessment.incomplete.is_empty(), !kind.is_unread(), "{kind:?}");
        for locale in Locale::ALL {
            let told = for_sender(&assessment, &ControlSet::shipped(), locale).join(" ");
            assert!(told.contains(compliance::explain::defect(*kind, locale)), "{kind:?}: {told}");
        }
    }
}

#[test]
fn e08_every_reason_a_file_was_not_read_holds() {
    for reason in Reason::ALL {
        let file = AttachmentText { part: "2".into(), outcome: stated(*reason), ..AttachmentText::default() };
        let assessment = assess(&Message::default(), &[file]);
        assert_eq!(assessment.verdict, Verdict::Hold, "{reason:?}");
        // What reads in several ways was read, in each we know.
        let unread = assessment.incomplete.first().map(|incomplete| incomplete.reason.as_str());
        assert_eq!(unread, (*reason != Reason::Ambiguous).then(|| reason.code()), "{reason:?}");
    }
}

/// What its sender, its reviewer and the register read of a file that was not read, in their language, never a code.
#[test]
fn every_reason_has_a_sentence_of_its_own_in_each_language() {
    for locale in Locale::ALL {
        let unknown = unread_in_words("no_such_reason", locale);
        let sentences: HashSet<&str> =
            Reason::ALL.iter().map(|reason| unread_in_words(reason.code(), locale)).collect();
        assert_eq!(sentences.len(), Reason::ALL.len(), "{sentences:?}");
        assert!(!sentences.contains(unknown) && sentences.iter().all(|sentence| !sentence.contains('_')));
        for reason in Reason::ALL {
            let file =
                AttachmentText { part: "2".into(), outcome: stated(*reason), ..AttachmentText::default() };
            let assessment = assess(&Message::default(), &[file]);
            let told = for_sender(&assessment, &ControlSet::shipped(), locale).join(" ");
            assert!(told.contains(unread_in_words(reason.code(), locale)), "{reason:?}: {told}");
        }
    }
}

/// Files as they come: what they are, and their bytes.
fn unread_files() -> Vec<(&'static str, Vec<u8>)> {
    let pdf = |stream: &str, font: &str| {
        format!(
            "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Kids [3 0 R] >>\nendobj\n\
             3 0 obj\n<< /Type /Page /Contents 4 0 R /Resources << /Font << /F1 {font} >> >> >>\nendobj\n\
             4 0 obj\n{stream}\nendobj\ntrailer\n<< /Root 1 0 R >>\n"
        )
        .into_bytes()
    };
    let text = "<< /Length 40 >>\nstream\nBT /F1 9 Tf <010203040506070809> Tj ET\nendstream";
    vec![
        (
            "a PDF that does not inflate",
            pdf("<< /Length 4 /Filter /FlateDecode >>\nstream\nxxxx\nendstream", "5 0 R"),
        ),
        ("a PDF without its font", pdf(text, "5 0 R")),
        ("a PDF whose characters nothing tells", pdf(text, "<< /Subtype /Type0 /Encoding /Identity-H >>")),
        ("a PDF that is nothing", b"%PDF-1.7\nrien".to_vec()),
        ("an archive that is cut off", b"PK\x03\x04\x14\0\0\0\x08\0".to_vec()),
        ("bytes of no kind", vec![1, 2, 3, 0, 250, 251, 252]),
        (
            "an encrypted message",
            b"-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n".to_vec(),
        ),
    ]
}

#[tokio::test]
async fn e08_what_cannot_be_read_is_never_a_pass() {
    for (what, bytes) in unread_files() {
        let encoded: Vec<u8> =
            bytes.iter().flat_map(|byte| format!("={byte:02X}=\r\n").into_bytes()).collect();
        let head = b"From: a@orveane.example\r\nSubject: x\r\nContent-Type: application/octet-stream; name=a\r\n\
                     Content-Disposition: attachment; filename=a\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
        let message = mail::parse(&[&head[..], &encoded].concat());
        let attachments = AttachmentReader::Here.read(&message).await;
        let assessment = assess(&message, &attachments);
        assert_eq!(assessment.verdict, Verdict::Hold, "{what}: {attachments:?}");
        assert!(!assessment.incomplete.is_empty(), "{what}: {attachments:?}");
    }
}

/// A PDF of three pages, the value on the second.
fn three_pages(value: &str) -> Vec<u8> {
    let page = |number: usize, says: &str| {
        let text = format!("BT /F1 9 Tf ({says}) Tj ET");
        format!(
            "{number} 0 obj\n<< /Type /Page /Contents {} 0 R /Resources << /Font << /F1 9 0 R >> >> >>\nendobj\n\
             {} 0 obj\n<< /Length {} >>\nstream\n{text}\nendstream\nendobj\n",
            number + 3,
            number + 3,
            text.len()
        )
    };
    let pages = [page(3, "un"), page(4, value), page(5, "trois")].concat();
    format!(
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Kids [3 0 R 4 0 R 5 0 R] >>\nendobj\n\
         {pages}9 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>\nendobj\n\
         trailer\n<< /Root 1 0 R >>\n"
    )
    .into_bytes()
}

#[tokio::test]
async fn a_finding_in_a_file_says_on_which_page_it_stands() {
    let pdf = three_pages("FR7630006000011234567890189");
    let encoded: Vec<u8> = pdf.iter().flat_map(|byte| format!("={byte:02X}=\r\n").into_bytes()).collect();
    let head = b"From: a@orveane.example\r\nSubject: x\r\nContent-Type: application/pdf; name=releve.pdf\r\n\
                 Content-Disposition: attachment; filename=releve.pdf\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n";
    let message = mail::parse(&[&head[..], &encoded].concat());
    let attachments = AttachmentReader::Here.read(&message).await;
    let assessment = assess(&message, &attachments);
    let found = assessment.findings.iter().find(|finding| finding.detector == "iban").unwrap();
    assert_eq!(
        compliance::explain::whereabouts(found, &attachments, vocabulary::Locale::Fr),
        "releve.pdf, page 2",
        "{found:?}"
    );
    // As it is kept and opened again.
    let kept: Assessment = serde_json::from_str(&serde_json::to_string(&assessment).unwrap()).unwrap();
    assert_eq!(kept, assessment);
}

#[test]
fn every_feature_of_a_file_has_words() {
    let features = [
        Feature::HiddenSheets,
        Feature::HiddenCells,
        Feature::HiddenText,
        Feature::Comments,
        Feature::TrackedChanges,
        Feature::SpeakerNotes,
        Feature::Macros,
        Feature::ExternalLinks,
        Feature::EmbeddedFiles,
        Feature::PicturePages,
        Feature::UnreadPicture,
        Feature::DisguisedText,
        Feature::PivotCache,
    ];
    for feature in features {
        let words = compliance::explain::feature(feature.code(), vocabulary::Locale::Fr);
        assert!(words == "macros" || words != feature.code(), "{feature:?}");
    }
}
