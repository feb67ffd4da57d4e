#![no_main]
//! A whole assessment of any text: as a message, as a file, as a picture; with lists taken from the text itself. Every place
//! is inside its text, every recipient has a verdict, and the same facts give the same assessment.

use std::sync::LazyLock;

use compliance::{Assessment, AttachmentOutcome, AttachmentText, ControlSet, Facts};
use libfuzzer_sys::fuzz_target;
use mail::{PlaceKind, Places};
use vocabulary::Timestamp;

static SET: LazyLock<ControlSet> = LazyLock::new(ControlSet::shipped);

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let message = mail::parse(bytes);
    let recipients = fuzz::recipients(&text);
    let organisation = fuzz::organisation(&text);
    let attachments = [file("file", &text, false), file("picture", &text, true)];
    let sender = recipients.last().map(|recipient| &recipient.address);
    let facts = Facts {
        message: &message,
        sender,
        recipients: &recipients,
        attachments: &attachments,
        organisation: &organisation,
        at: Timestamp::default(),
    };
    let assessment = compliance::assess(&facts, &SET);
    assert_eq!(assessment.recipients.len(), recipients.len());
    assert!(assessment.recipients.iter().all(|verdict| *verdict <= assessment.verdict));
    assert!(assessment.matches.iter().all(|found| found.error.is_none()));
    sound(&assessment, &facts);
    assert!(compliance::assess(&facts, &SET) == assessment);
});

/// A file whose text it is, its stretches written or drawn.
fn file(name: &str, text: &str, drawn: bool) -> AttachmentText {
    let mut places = Places::default();
    if drawn {
        places.mark(0, PlaceKind::Picture, "", 0, 0);
    }
    AttachmentText {
        part: format!("2!{name}"),
        name: name.to_owned(),
        outcome: AttachmentOutcome::Text(text.to_owned()),
        places,
        ..AttachmentText::default()
    }
}

/// Every finding is what its place says, and every match names findings and recipients there are.
fn sound(assessment: &Assessment, facts: &Facts<'_>) {
    for found in &assessment.findings {
        assert!(found.certainty <= 100 && found.start <= found.end);
        let mut own =
            facts.message.all_texts().into_iter().filter(|text| text.part.as_str() == found.part).peekable();
        assert!(own.peek().is_none() || own.any(|text| text.text.get(found.start..found.end).is_some()));
    }
    for found in &assessment.matches {
        assert!(found.findings.iter().all(|index| *index < assessment.findings.len()));
        assert!(found.recipients.iter().all(|index| *index < assessment.recipients.len()));
    }
}
