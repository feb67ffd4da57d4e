//! A file of a recent Office carries its label's identifier and no name: the institution's list says which are confidential, and what
//! people call them.

use std::io::{Cursor, Write as _};

use access::{SystemReason, action};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use compliance::ControlSet;
use operations::controls::look_back;
use operations::flows::Receipt;
use operations::lists::ListName;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::explained::{give, pages, publish};
use crate::support::{TestCerebro, each_engine};

const CLIENT: &str = "r.lemarrec@client.example";
const ID: &str = "2096f6a2-d2f7-48be-b329-b73aaa526e5d";
const TENANT: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

/// As Office writes it: the identifier in capital letters and braces, the tenant's beside it, no name anywhere.
fn docx() -> Vec<u8> {
    let labels = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\
         <clbl:labelList xmlns:clbl=\"http://schemas.microsoft.com/office/2020/mipLabelMetadata\">\
         <clbl:label id=\"{{{}}}\" enabled=\"1\" method=\"Privileged\" siteId=\"{{{TENANT}}}\" contentBits=\"0\" removed=\"0\"/>\
         </clbl:labelList>",
        ID.to_uppercase()
    );
    let text =
        "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>Calendrier</w:t></w:r></w:p></w:body></w:document>";
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, member) in [
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", text),
        ("docMetadata/LabelInfo.xml", &labels),
    ] {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(member.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A message with the file, or one that is labelled itself.
fn labelled(file: bool) -> Vec<u8> {
    let head = "From: Theodore Vasquin <theodore.vasquin@orveane.example>\r\nTo: someone@client.example\r\n\
                Subject: Calendrier\r\nMessage-ID: <l1@orveane.example>\r\nMIME-Version: 1.0\r\n";
    let text = "Content-Type: text/plain; charset=utf-8\r\n\r\nBonjour.\r\n";
    let whole = if file {
        format!(
            "{head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n{text}--b\r\n\
             Content-Type: application/vnd.openxmlformats-officedocument.wordprocessingml.document; name=note.docx\r\n\
             Content-Disposition: attachment; filename=note.docx\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\n",
            lines(&STANDARD.encode(docx()))
        )
    } else {
        format!("{head}msip_labels: MSIP_Label_{ID}_Enabled=True; MSIP_Label_{ID}_SiteId={TENANT};\r\n{text}")
    };
    whole.into_bytes()
}

fn lines(encoded: &str) -> String {
    let lines = encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap());
    lines.collect::<Vec<_>>().join("\r\n")
}

async fn sent(cerebro: &TestCerebro, to: &str, file: bool) -> Receipt {
    cerebro.send(&[to], labelled(file)).await.unwrap()
}

/// The shipped set, with LBL-01 made to hold.
fn files() -> Vec<(String, String)> {
    let edit = |id: &str, text: &str| match id {
        "LBL-01" => text.replacen("version = 3", "version = 4", 1).replacen(
            "mode = \"observe\"",
            "mode = \"enforce\"",
            1,
        ),
        _ => text.to_owned(),
    };
    ControlSet::shipped().texts().map(|(id, text)| (format!("{id}.toml"), edit(id, text))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_without_a_name_is_held_by_the_list_and_shown_by_its_name() {
    each_engine(async |cerebro| {
        let before = sent(cerebro, CLIENT, true).await;
        // The tenant's identifier stands in every file of the institution: it is no label's.
        give(cerebro, ListName::Labels, &format!("{TENANT} = Orvéane")).await;
        // A rehearsal reads past mail with today's lists: nothing of it would wait.
        let rehearsal = publish(cerebro, files()).await;
        assert_eq!((rehearsal.flows, rehearsal.would_wait, rehearsal.unread), (1, 0, 0));
        assert_eq!(sent(cerebro, CLIENT, true).await.verdict, "pass");

        let changed =
            give(cerebro, ListName::Labels, &format!("{TENANT}\n{{{}}} = C3 - Direction", ID.to_uppercase()))
                .await;
        assert_eq!((changed.added, changed.removed), (2, 1), "another name for one, and one more");
        assert!(changed.waits.is_none(), "all of it watches more, or as much");
        for file in [true, false] {
            assert_eq!(sent(cerebro, CLIENT, file).await.verdict, "hold");
            assert_eq!(sent(cerebro, "collegue@orveane.example", file).await.verdict, "pass", "inside");
        }
        let hold = sent(cerebro, CLIENT, true).await.hold.unwrap();
        let [fr, en] = pages(cerebro, hold).await;
        assert!(fr.contains("Contrôle LBL-01, version 4"), "{fr}");
        // Of the file, and of why it is held.
        assert!(fr.matches("étiquette « C3 - Direction »").count() >= 2, "{fr}");
        assert!(en.matches("label “C3 - Direction”").count() >= 2, "{en}");
        assert!(!fr.contains(ID) && !fr.contains("Orvéane »"), "{fr}");

        // Called otherwise, at once; without a name the identifier is shown.
        let renamed = give(cerebro, ListName::Labels, &format!("{TENANT}\n{ID} = C4 - Conseil")).await;
        assert!(renamed.waits.is_none());
        let [fr, _] = pages(cerebro, hold).await;
        assert!(fr.contains("étiquette « C4 - Conseil »") && !fr.contains("C3 - Direction"), "{fr}");
        give(cerebro, ListName::Labels, &format!("{TENANT}\n{ID}")).await;
        let [fr, _] = pages(cerebro, hold).await;
        assert!(fr.contains(&format!("étiquette « {ID} »")), "{fr}");

        // What left before the list was given is found when past mail is read again.
        let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
        let since = op.now().minus(std::time::Duration::from_secs(86_400));
        let permit = op.permit(action::LookBack, cerebro.bank).await.unwrap();
        let found = look_back::look_back(&cerebro.cerebro, &op, permit, since).await.unwrap();
        let seen = found.seen.iter().find(|seen| seen.flow == before.flow);
        assert!(seen.is_some_and(|seen| seen.controls.contains(&"LBL-01".to_owned())), "{found:?}");

        let emptied = give(cerebro, ListName::Labels, "# none").await;
        assert_eq!(emptied.waits.map(|waits| waits.removed), Some(2), "a second person agreed");
        assert_eq!(sent(cerebro, CLIENT, true).await.verdict, "pass");
        assert_eq!(sent(cerebro, CLIENT, false).await.verdict, "pass");
    })
    .await;
}
