//! What the header says: names of files, people, marks, calendar objects.

use super::{everything, has, mail};
use crate::{DefectKind, Message, Sensitivity};

fn named(header: &str) -> Message {
    mail(&format!("Content-Type: multipart/mixed; boundary=a\n\n--a\n{header}\n\nx\n--a--\n"))
}

#[test]
fn e04_file_names() {
    let cases = [
        ("Content-Disposition: attachment; filename=\"rapport.pdf\"", "rapport.pdf"),
        ("Content-Disposition: attachment; filename=mon rapport.pdf", "mon rapport.pdf"),
        ("Content-Disposition: attachment; filename*=utf-8''r%C3%A9sum%C3%A9.pdf", "résumé.pdf"),
        ("Content-Disposition: attachment; filename*1=port.pdf; filename*0=rap", "rapport.pdf"),
        (
            "Content-Disposition: attachment;\n filename*0*=iso-8859-1''r%E9;\n filename*1=sum%E9.pdf",
            "résum%E9.pdf",
        ),
        ("Content-Disposition: attachment; filename=\"=?iso-8859-1?Q?r=E9sum=E9=2Epdf?=\"", "résumé.pdf"),
        ("Content-Disposition: attachment; filename=\"../../etc/passwd\"", "passwd"),
        ("Content-Disposition: attachment; filename=\"C:\\\\Temp\\\\a.doc\"", "a.doc"),
        ("Content-Type: application/pdf; name=\"a.pdf\"\nContent-Disposition: attachment", "a.pdf"),
        ("Content-Disposition: attachment; filename*=utf-8''b.pdf; filename=a.pdf", "b.pdf"),
    ];
    for (header, name) in cases {
        let message = named(header);
        assert_eq!(message.attachments[0].name, name, "{header}");
        assert!(!has(&message, DefectKind::DeceptiveName), "{header}");
    }
    let conflict =
        named("Content-Type: application/pdf; name=a.exe\nContent-Disposition: attachment; filename=a.pdf");
    assert!(has(&conflict, DefectKind::AmbiguousName));
    assert_eq!(conflict.attachments[0].other_names, ["a.exe"]);
    for name in ["facture\u{202e}fdp.exe", "facture.pdf.", "facture.pdf            .exe", "a\u{200b}.pdf"] {
        let message = named(&format!("Content-Disposition: attachment; filename=\"{name}\""));
        assert!(has(&message, DefectKind::DeceptiveName), "{name:?}");
    }
}

#[test]
fn parts_have_stable_names() {
    let message = mail(
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\n\
         un\n--b\nContent-Type: text/html\n\n<p>deux\n--b--\n--a\nContent-Type: message/rfc822\n\nSubject: trois\n\
         Content-Type: multipart/mixed; boundary=c\n\n--c\n\nquatre\n--c\nContent-Type: application/pdf\n\ncinq\n--c--\n--a--\n",
    );
    let texts: Vec<String> = message.all_texts().iter().map(|text| text.part.to_string()).collect();
    assert_eq!(texts, ["1.1", "1.2", "2/subject", "2/1"]);
    let files: Vec<String> = message.all_attachments().iter().map(|file| file.part.to_string()).collect();
    assert_eq!(files, ["2", "2/2"]);
}

#[test]
fn the_envelope_is_read() {
    let message = mail(
        "From: =?utf-8?Q?In=C3=A8s_Kermadec?= <ines@orveane.example>\nSender: bot@orveane.example\n\
         To: Groupe: a@x.example, \"B, C\" <b@x.example>;\nCc: c@x.example\nReply-To: d@x.example\n\
         Subject: Relev=\n =?iso-8859-1?Q?=E9?= de compte\nDate: Tue, 24 Nov 2026 15:32:00 +0100 (CET)\n\
         Message-ID: <m1@x.example>\nIn-Reply-To: <m0@x.example> <n0@x.example>\nAuto-Submitted: auto-replied\n\
         List-Id: <l.x.example>\nSensitivity: Private\n\
         MSIP_Labels: MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Enabled=True;\n MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Name=Secret;\nReceived: a\nReceived: b\n\nx",
    );
    assert_eq!(message.from[0].name, "Inès Kermadec");
    assert_eq!(message.from[0].address, "ines@orveane.example");
    assert_eq!(
        message.to.iter().map(|to| to.address.as_str()).collect::<Vec<_>>(),
        ["a@x.example", "b@x.example"]
    );
    assert_eq!((message.cc.len(), message.reply_to.len()), (1, 1));
    assert_eq!(message.sender.unwrap().address, "bot@orveane.example");
    assert_eq!(message.subject, "Relev= é de compte");
    assert_eq!(message.date.unwrap().rfc3339(), "2026-11-24T14:32:00.000000Z");
    assert_eq!(message.message_id.as_deref(), Some("m1@x.example"));
    assert_eq!(message.in_reply_to, ["m0@x.example", "n0@x.example"]);
    assert!(message.auto_submitted && message.auto_replied && message.bulk && !message.report);
    assert_eq!(message.sensitivity, Some(Sensitivity::Private));
    assert_eq!(message.labels.iter().map(|label| label.name.as_str()).collect::<Vec<_>>(), ["Secret"]);
    assert_eq!(message.received_count, 2);
}

#[test]
fn d05_a_header_that_readers_would_read_differently() {
    // Header, From addresses, To addresses, whether readers may disagree.
    let cases: [(&str, &[&str], &[&str], bool); 11] = [
        ("From: a@x.example\nFrom: b@x.example", &["a@x.example", "b@x.example"], &[], true),
        ("From: a@x.example\nFrom: a@x.example", &["a@x.example", "a@x.example"], &[], false),
        ("To: a@x.example\nTo: b@x.example", &[], &["a@x.example", "b@x.example"], true),
        ("Subject: un\nSubject: deux", &[], &[], true),
        ("Date: Tue, 24 Nov 2026 12:00:00 +0000\nDate: Mon, 23 Nov 2026 12:00:00 +0000", &[], &[], true),
        ("Message-ID: <1@x.example>\nMessage-ID: <2@x.example>", &[], &[], true),
        (
            "From: a@x.example, B <b@x.example>\nSender: b@x.example",
            &["a@x.example", "b@x.example"],
            &[],
            false,
        ),
        (
            "To: Collègues: a@x.example, \"Durand, P.\" <p@x.example>;, c@x.example",
            &[],
            &["a@x.example", "p@x.example", "c@x.example"],
            false,
        ),
        ("To: undisclosed-recipients:;", &[], &[], false),
        ("From: (le compte) Ines (K.) <ines@x.example> (bureau)", &["ines@x.example"], &[], false),
        ("Subject: sans expéditeur", &[], &[], false),
    ];
    for (header, from, to, ambiguous) in cases {
        let message = mail(&format!("{header}\n\ncorps"));
        let addresses = |list: &[crate::Mailbox]| -> Vec<String> {
            list.iter().map(|mailbox| mailbox.address.clone()).filter(|address| !address.is_empty()).collect()
        };
        assert_eq!(addresses(&message.from), from, "{header}");
        assert_eq!(addresses(&message.to), to, "{header}");
        assert_eq!(message.is_ambiguous(), ambiguous, "{header}: {:?}", message.defects);
        assert!(everything(&message).contains("corps"), "{header}");
    }
}

#[test]
fn a_cancellation_says_what_it_cancels() {
    let message = mail(
        "Content-Type: text/calendar; method=CANCEL\n\nBEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nUID:42@x.example\n\
         SUMMARY:Comité\\, salle 2\nEND:VEVENT\nEND:VCALENDAR\n",
    );
    assert_eq!(message.calendar[0].method, "CANCEL");
    assert_eq!(message.calendar[0].uids, ["42@x.example"]);
    assert!(message.texts[0].text.contains("Comité, salle 2"));
}
