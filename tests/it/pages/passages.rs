//! Each finding says where it stands and leads there: in an attached message, a subject, a file's name, a long file, or the file
//! itself where a control asks about more than text.

use compliance::ControlSet;
use operations::flows::Content;

use super::people::{INES, administrator};
use crate::support::{Browser, TestCerebro, each_engine};

const FELIX: &str = "felix.quemener@orveane.example";
const SENDER: &str = "theodore.vasquin@orveane.example";
const CLIENT: &str = "r.lemarrec@client.example";
const ACCOUNT: &str = "FR7630006000011234567890189";

/// A message with a text and these parts, each with its headers.
fn with_parts(subject: &str, text: &str, parts: &[String]) -> Vec<u8> {
    let parts: String = parts.iter().map(|part| format!("\r\n--b\r\n{part}")).collect();
    format!(
        "From: Theodore Vasquin <{SENDER}>\r\nTo: {CLIENT}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         {text}{parts}\r\n--b--\r\n"
    )
    .into_bytes()
}

fn file(kind: &str, name: &str, content: &str) -> String {
    format!(
        "Content-Type: {kind}; name=\"{name}\"\r\nContent-Disposition: attachment; filename=\"{name}\"\r\n\r\n{content}"
    )
}

/// The page of a hold, with nothing in it that leads nowhere.
async fn page(browser: &mut Browser, hold: impl std::fmt::Display) -> String {
    let page = browser.get(&format!("/holds/{hold}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let leads: Vec<&str> =
        page.body.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    for lead in leads {
        assert!(page.body.contains(&format!("id=\"{lead}\"")), "#{lead} leads nowhere: {}", page.body);
    }
    page.body
}

async fn held(cerebro: &TestCerebro, raw: Vec<u8>) -> String {
    let sent = cerebro.send(&[CLIENT], raw).await.unwrap();
    sent.hold.expect("it is held").to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_attached_message_says_is_under_its_name_with_its_findings() {
    each_engine(async |cerebro| {
        let inner = format!(
            "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=\"courrier.eml\"\r\n\r\n\
             From: a@client.example\r\nSubject: Virement de mardi\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\nLe compte est {ACCOUNT}, merci."
        );
        let hold = held(cerebro, with_parts("Suite", "Voir le courrier.", &[inner])).await;
        let mut ines = administrator(cerebro, INES).await;
        let shown = page(&mut ines, &hold).await;
        assert!(shown.contains("<strong>courrier.eml</strong>"), "{shown}");
        assert!(shown.contains("courrier.eml, corps du message"), "{shown}");
        let (_, panel) = shown.split_once("<details class=\"panel\" id=\"a0\" open>").expect("its panel");
        let panel = panel.split("</details>").next().unwrap();
        assert!(panel.contains("Virement de mardi") && panel.contains("id=\"c1\""), "{panel}");
        assert!(panel.contains(&format!("<mark class=\"find\">{ACCOUNT}</mark>")), "{panel}");
        assert!(shown.contains("href=\"#c1\""), "{shown}");

        let mut felix = administrator(cerebro, FELIX).await;
        let register = felix.get("/register").await.body;
        assert!(register.contains("courrier.eml, corps du message"), "{register}");
        felix.get("/register").await;
        let csv = felix.post("/register/export", &[("format", "csv")]).await.body;
        assert!(csv.contains("courrier.eml, corps du message") && csv.contains("FR76•••189"), "{csv}");
        assert!(!csv.contains(ACCOUNT) && !csv.contains("Virement"), "{csv}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_in_a_subject_a_name_or_far_in_a_file_is_marked_where_it_stands() {
    each_engine(async |cerebro| {
        let filler = "Une ligne sans rien.\r\n".repeat(4000);
        let long = file("text/plain", "long.txt", &format!("{filler}Compte {ACCOUNT}.\r\n{filler}"));
        let named = file("text/plain", &format!("{ACCOUNT}.txt"), "Rien.");
        let hold = held(cerebro, with_parts(&format!("Compte {ACCOUNT}"), "Bonjour.", &[long, named])).await;
        let mut ines = administrator(cerebro, INES).await;
        let shown = page(&mut ines, &hold).await;
        let (_, heading) = shown.split_once("<h1 id=\"mh\">").unwrap();
        let heading = heading.split("</h1>").next().unwrap();
        assert!(heading.contains(&format!("<mark class=\"find\">{ACCOUNT}</mark>")), "{heading}");
        assert!(shown.contains("Texte abrégé\u{a0}:"), "{shown}");
        assert!(shown.contains("Compte <span id=\"c"), "what stands far in the file is shown: {shown}");
        let name = format!("<mark class=\"find\">{ACCOUNT}</mark>");
        assert_eq!(shown.matches(&name).count(), 3, "subject, name and text: {shown}");
        for number in 1..=3 {
            assert!(shown.contains(&format!("href=\"#c{number}\"")), "{number}: {shown}");
        }
        assert!(shown.len() < 200_000, "the whole file is not on the page");
    })
    .await;
}

/// A PDF with a program and a label.
fn form() -> String {
    "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.beep) >> >>\nendobj\n\
     2 0 obj\n<< /Kids [3 0 R] >>\nendobj\n\
     3 0 obj\n<< /Type /Page /Contents 6 0 R /Resources << /Font << /F1 9 0 R >> >> >>\nendobj\n\
     6 0 obj\n<< /Length 25 >>\nstream\nBT /F1 9 Tf (Taux) Tj ET\n\nendstream\nendobj\n\
     7 0 obj\n<< /MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Name (Confidentiel) >>\nendobj\n\
     9 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>\nendobj\n\
     trailer\n<< /Root 1 0 R /Info 7 0 R >>\n"
        .to_owned()
}

/// The shipped controls, with those that ask about files holding.
fn holding() -> ControlSet {
    let shipped = ControlSet::shipped();
    let holds = |id: &str| ["SCAN-03", "LBL-01", "SEC-03"].contains(&id);
    let files: Vec<(String, String)> = shipped
        .texts()
        .map(|(id, text)| {
            let mode = if holds(id) { "mode = \"enforce\"" } else { "mode = \"observe\"" };
            (id.to_owned(), text.replacen("mode = \"observe\"", mode, 1))
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(id, text)| (id.as_str(), text.as_str())).collect();
    ControlSet::parse(&files).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_control_on_what_a_file_has_cites_the_file() {
    each_engine(async |cerebro| {
        let with = cerebro.with_controls(holding()).await;
        let parts = [
            file("text/plain", "note.txt", "Rien."),
            file("application/pdf", "formulaire.pdf", &form()),
            file("text/plain", "outil.bat", "dir"),
        ];
        let raw = with_parts("Suite", "Voici.", &parts);
        let submission = cerebro.submission(Some(SENDER), &[CLIENT], Content::Whole(raw));
        let hold = operations::flows::receive(&with, submission).await.unwrap().hold.expect("it is held");
        let mut ines = administrator(cerebro, INES).await.on_node(with, cerebro);
        let shown = page(&mut ines, hold).await;
        let label = "étiquette «\u{a0}Confidentiel\u{a0}»";
        for cited in [
            "<a href=\"#a1\">formulaire.pdf</a> (macros)".to_owned(),
            format!("<a href=\"#a1\">formulaire.pdf</a> ({label})"),
            "<a href=\"#a2\">outil.bat</a> (nom en .bat)".to_owned(),
        ] {
            assert!(shown.contains(&cited), "{cited}: {shown}");
        }
        assert!(!shown.contains("<a href=\"#a0\">"), "what has none of it is not cited: {shown}");
        for mark in ["macros", label] {
            assert!(shown.contains(&format!("<span class=\"tag\">{mark}</span>")), "{mark}: {shown}");
        }
    })
    .await;
}
