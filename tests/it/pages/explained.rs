//! Why a message is held, as its reviewer, its sender and an auditor read it, in their language.

use access::{SystemReason, action};
use compliance::ControlSet;
use operations::Cerebro;
use operations::clients::{self, ClientFile};
use operations::controls::rehearse::{self, Rehearsal};
use operations::controls::{draft, publish};
use operations::examples::{self, ExampleCategory};
use operations::flows::Content;
use operations::lists::{self, Changed, Entries, ListName, Wanted};
use operations::organisation::Reason;
use operations::review::decide::{reject, release};
use vocabulary::HoldId;

use super::people::INES;
use crate::support::cerebro::decision;
use crate::support::encoder::models;
use crate::support::{Browser, TestCerebro, each_engine, message};

const FELIX: &str = "felix.quemener@orveane.example";
const SENDER: &str = "theodore.vasquin@orveane.example";
const CLIENT: &str = "r.lemarrec@client.example";

/// A page as plain text compares: without what keeps words together.
fn plain(body: &str) -> String {
    body.replace(['\u{a0}', '\u{202f}'], " ").replace("&#39;", "'")
}

fn why() -> Reason {
    Reason::parse("Demandé par la conformité").unwrap()
}

/// The message page of a hold, in French and in English.
pub(super) async fn pages(cerebro: &TestCerebro, hold: HoldId) -> [String; 2] {
    pages_on(cerebro, &cerebro.cerebro, hold).await
}

async fn pages_on(cerebro: &TestCerebro, node: &Cerebro, hold: HoldId) -> [String; 2] {
    let mut ines = Browser::new(cerebro);
    ines.sign_in(cerebro, INES).await;
    let mut ines = ines.on_node(node.clone(), cerebro);
    let path = format!("/holds/{hold}");
    let fr = ines.get(&path).await;
    assert_eq!(fr.status, 200, "{}", fr.body);
    ines.post("/language", &[("locale", "en"), ("next", &path)]).await;
    let en = ines.get(&path).await;
    [plain(&fr.body), plain(&en.body)]
}

/// It says that it has two parts, and not where one ends; one of its files is none that is read.
fn ambiguous() -> Vec<u8> {
    "From: Theodore Vasquin <theodore.vasquin@orveane.example>\r\nTo: r.lemarrec@client.example\r\n\
     Subject: Point\r\nMessage-ID: <ambiguous@orveane.example>\r\nMIME-Version: 1.0\r\n\
     Content-Type: multipart/mixed\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nBonjour.\r\n--b--\r\n"
        .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ambiguous_is_said_in_words_to_whoever_reads_it() {
    each_engine(async |cerebro| {
        let hold = cerebro.send(&[CLIENT], ambiguous()).await.unwrap().hold.expect("it is held");
        let said = [
            "le séparateur qui doit les délimiter manque",
            "the separator that should divide them is missing",
        ];
        let pages = pages(cerebro, hold).await;
        for (page, said) in pages.iter().zip(said) {
            assert!(page.contains(said) && !page.contains("missing_boundary"), "{page}");
        }
        let notices = cerebro.mail_to(SENDER).await.iter().map(|text| plain(text)).collect::<String>();
        let joined = notices.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(joined.contains(said[0]) && !joined.contains("missing_boundary"), "{joined}");

        let mut felix = Browser::new(cerebro);
        felix.sign_in(cerebro, FELIX).await;
        let register = plain(&felix.get("/register").await.body);
        assert!(register.contains(said[0]) && !register.contains("missing_boundary"), "{register}");
        felix.get("/register").await;
        let csv = felix.post("/register/export", &[("format", "csv")]).await;
        // The code stands in a column of its own, for programs.
        assert!(
            plain(&csv.body).contains(said[0]) && csv.body.contains("\"missing_boundary\"\r\n"),
            "{}",
            csv.body
        );
    })
    .await;
}

/// The shipped set with PII-01 edited, or without it.
fn edited(with: bool) -> Vec<(String, String)> {
    let edit = |id: &str, text: &str| match id {
        "PII-01" => text.replacen("version = 1", "version = 2", 1).replace("L. 511-33", "L. 999-99"),
        _ => text.to_owned(),
    };
    let shipped = ControlSet::shipped();
    let kept = shipped.texts().filter(|(id, _)| with || *id != "PII-01");
    kept.map(|(id, text)| (format!("{id}.toml"), edit(id, text))).collect()
}

/// Drafted and rehearsed by one, published by another.
pub(super) async fn publish(cerebro: &TestCerebro, files: Vec<(String, String)>) -> Rehearsal {
    let (ours, maelle) = (&cerebro.cerebro, cerebro.sign_in("maelle.brisson@orveane.example").await);
    let permit = maelle.op.permit(action::DraftControls, cerebro.bank).await.unwrap();
    let (set, _) = draft::draft(ours, &maelle.op, permit, files, &why()).await.unwrap();
    let permit = maelle.op.permit(action::RehearseControls, set).await.unwrap();
    let rehearsal = rehearse::rehearse(ours, &maelle.op, permit, 30).await.unwrap();
    let renan = cerebro.sign_in("renan.tregor@orveane.example").await;
    let permit = renan.op.permit(action::PublishControls, set).await.unwrap();
    publish::publish(ours, &renan.op, permit).await.unwrap();
    rehearsal
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_is_explained_with_the_controls_of_its_time() {
    each_engine(async |cerebro| {
        let first = cerebro.held().await;
        let [before, _] = pages(cerebro, first).await;
        assert!(before.contains("L. 511-33") && !before.contains("depuis (version"), "{before}");
        publish(cerebro, edited(true)).await;
        let [fr, en] = pages(cerebro, first).await;
        assert!(fr.contains("Contrôle PII-01, version 1, modifié depuis (version 2)"), "{fr}");
        assert!(fr.contains("L. 511-33") && !fr.contains("L. 999-99"), "{fr}");
        assert!(en.contains("version 1, changed since (version 2)"), "{en}");

        let second = cerebro.held().await;
        publish(cerebro, edited(false)).await;
        for (hold, law, says) in [
            (first, "L. 511-33", "version 1, retiré depuis"),
            (second, "L. 999-99", "version 2, jeu publié le 24 nov., retiré depuis"),
        ] {
            let [page, _] = pages(cerebro, hold).await;
            assert!(page.contains(law) && page.contains(says), "{says}: {page}");
        }
    })
    .await;
}

/// The shipped set, with some of its controls made to hold, and one that asks for an institution's examples.
fn enforced(ids: &[&str]) -> ControlSet {
    let shipped = ControlSet::shipped();
    let enforce = |id: &str, text: &str| match ids.contains(&id) {
        true => text.replacen("mode = \"observe\"", "mode = \"enforce\"", 1),
        false => text.to_owned(),
    };
    let files: Vec<(String, String)> =
        shipped.texts().map(|(id, text)| (format!("{id}.toml"), enforce(id, text))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    ControlSet::parse(&files).unwrap()
}

/// Hands a text over to a node; its hold.
async fn held_on(cerebro: &TestCerebro, node: &Cerebro, to: &str, text: &str) -> HoldId {
    let submission = cerebro.submission(Some(SENDER), &[to], Content::Whole(message(text)));
    operations::flows::receive(node, submission).await.unwrap().hold.expect("it is held")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_lexicon_and_the_client_file_said_is_on_the_page() {
    each_engine(async |cerebro| {
        let node = cerebro.with_controls(enforced(&["FIN-03"])).await;
        let hold = held_on(cerebro, &node, CLIENT, "Change le nom du port pour passer le filtrage.").await;
        let [fr, en] = pages_on(cerebro, &node, hold).await;
        assert!(fr.contains("Termes de contournement de sanctions"), "{fr}");
        assert!(fr.contains("Terme du lexique « ") && en.contains("Term of the lexicon “"), "{fr}{en}");

        let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
        let permit = op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
        let file = "client;numbers;email;domains\nA;3000 6000 0112 3456 7890 1;agathe.vidal@sableval.example;\n\
                    B;2024-118-00733;;quillon.example\n";
        let file = ClientFile::read(&op, file.as_bytes()).unwrap();
        clients::import(&cerebro.cerebro, &op, permit, file, Some(&why())).await.unwrap();
        let text = "Relevé du compte 3000-6000-0112-3456-7890-1.";
        let hold = held_on(cerebro, &cerebro.cerebro, "compta@quillon.example", text).await;
        let [fr, en] = pages(cerebro, hold).await;
        assert!(fr.contains("Client nº 1 du fichier") && en.contains("Client no. 1 of the file"), "{fr}{en}");
        // Why this recipient: they are a client, and not the one whose data it is.
        assert!(fr.contains("boîte d’un client") && fr.contains("données d’un autre client"), "{fr}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_encoder_said_is_on_the_page_with_the_nearest_example() {
    let Some(models) = models() else { return };
    each_engine(async |cerebro| {
        let node = cerebro.with_controls(ControlSet::shipped().with_models(models.clone())).await;
        let maelle = cerebro.sign_in("maelle.brisson@orveane.example").await;
        let permit = maelle.op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
        let sentences = [
            "When I am at the new bank I would like to take you along as a client.",
            "Je rejoins un confrère au printemps, tu me suis avec tes comptes ?",
            "Dès que je serai dans ma nouvelle maison, transférez-moi vos avoirs.",
        ];
        let sentences = sentences.map(str::to_owned).to_vec();
        let category = ExampleCategory { name: "client_poaching".into(), near: 500, sentences };
        examples::change(&node, &maelle.op, permit, category, None).await.unwrap();
        let text = "Je rejoins un confrère en avril, tu me suis avec ton compte ?\n\n\
                    L’offre sortira jeudi à 48,20 euros, achète avant l’annonce et garde-le pour toi.\n\n\
                    Compte FR76 3000 6000 0112 3456 7890 189.";
        let hold = held_on(cerebro, &node, CLIENT, text).await;
        let [fr, en] = pages_on(cerebro, &node, hold).await;
        let example = "exemple le plus proche : « Je rejoins un confrère au printemps";
        assert!(fr.contains("Catégorie « client_poaching », score ") && fr.contains(example), "{fr}");
        assert!(en.contains("nearest example: “Je rejoins un confrère au printemps"), "{en}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn why_this_recipient_is_said_with_whom_they_resemble() {
    each_engine(async |cerebro| {
        for (list, entries) in [
            (ListName::KnownDomains, "sableval.example"),
            (ListName::Correspondents, "agathe.vidal@sableval.example"),
        ] {
            give(cerebro, list, entries).await;
        }
        let to = ["compta@sabelval.example", "agathe.vidall@sableval.example", "rozenn.lemarrec@gmail.com"];
        let text = "Voici le compte du client : FR76 3000 6000 0112 3456 7890 189.";
        let hold = cerebro.send(&to, message(text)).await.unwrap().hold.expect("it is held");
        let [fr, en] = pages(cerebro, hold).await;
        for (fr_said, en_said) in [
            ("premier contact", "first contact"),
            ("ressemble à sableval.example", "looks like sableval.example"),
            (
                "à une lettre de agathe.vidal@sableval.example",
                "one letter from agathe.vidal@sableval.example",
            ),
            ("messagerie personnelle", "personal webmail"),
        ] {
            assert!(fr.to_lowercase().contains(fr_said), "{fr_said}: {fr}");
            assert!(en.to_lowercase().contains(en_said), "{en_said}: {en}");
        }
    })
    .await;
}

/// Nobody can read it: a PGP message in the text.
const SEALED: &str = "-----BEGIN PGP MESSAGE-----\n\nhQEMA0Q1dGVzdAEH/0x3\n=abcd\n-----END PGP MESSAGE-----";

#[tokio::test(flavor = "multi_thread")]
async fn between_which_domains_encrypted_mail_goes_unread_is_said() {
    each_engine(async |cerebro| {
        let sealed = || message(SEALED);
        let verdict = async |to: &[&str]| cerebro.send(to, sealed()).await.unwrap().verdict;
        assert_eq!(verdict(&["compta@sableval.example"]).await, "hold");
        let entries =
            "orveane.example > sableval.example\norveane-gestion.example > quillon.example\nruelle.example";
        give(cerebro, ListName::EncryptedDomains, entries).await;
        assert_eq!(verdict(&["compta@mail.sableval.example"]).await, "pass");
        assert_eq!(verdict(&["x@ruelle.example", "compta@sableval.example"]).await, "pass");
        assert_eq!(verdict(&["x@quillon.example"]).await, "hold", "agreed for another of our domains");

        // One recipient of three holds it; of each, the page says by what.
        let to = ["compta@sableval.example", "x@quillon.example", "x@ruelle.example"];
        let hold = cerebro.send(&to, sealed()).await.unwrap().hold.expect("it is held");
        let [fr, en] = pages(cerebro, hold).await;
        for (fr_said, en_said) in [
            (
                "chiffrement convenu du domaine orveane.example vers sableval.example",
                "encryption agreed from orveane.example to sableval.example",
            ),
            (
                "chiffrement non convenu du domaine orveane.example vers quillon.example",
                "encryption not agreed from orveane.example to quillon.example",
            ),
            (
                "chiffrement convenu avec ruelle.example, depuis tous nos domaines",
                "encryption agreed with ruelle.example, from any of our domains",
            ),
        ] {
            assert!(fr.to_lowercase().contains(fr_said), "{fr_said}: {fr}");
            assert!(en.to_lowercase().contains(en_said), "{en_said}: {en}");
        }
        // Nothing is said of it where nothing is encrypted.
        let text = "Voici le compte du client : FR76 3000 6000 0112 3456 7890 189.";
        let hold = cerebro.send(&["x@quillon.example"], message(text)).await.unwrap().hold.unwrap();
        let [fr, _] = pages(cerebro, hold).await;
        assert!(!fr.contains("hiffrement non convenu"), "{fr}");
    })
    .await;
}

/// A list becomes what is given; what waits is agreed to.
pub(super) async fn give(cerebro: &TestCerebro, list: ListName, entries: &str) -> Changed {
    let op = cerebro.cerebro.system(SystemReason::Console, cerebro.bank);
    let permit = op.permit(action::ReplaceList, cerebro.bank).await.unwrap();
    let wanted = Wanted::Whole(Entries::parse(list, entries).unwrap());
    let changed = lists::change(&cerebro.cerebro, &op, permit, wanted, Some(&why())).await.unwrap();
    if let Some(waits) = changed.waits {
        cerebro.agree(waits.id).await;
    }
    changed
}

/// A message of its own with an account number; its hold.
async fn account_to(cerebro: &TestCerebro, number: u32, to: &str, mark: &str) -> HoldId {
    let from = format!("agent-{number}@orveane.example");
    let text = format!("Dossier {number}. Compte : FR76 3000 6000 0112 3456 7890 189.");
    let raw = String::from_utf8(message(&text)).unwrap();
    let raw =
        raw.replace("<a1@", &format!("<alike-{number}@")).replace("Subject: ", &format!("Subject: {mark}"));
    cerebro.send_from(Some(&from), &[to], raw.into_bytes()).await.unwrap().hold.expect("it is held")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_decided_on_like_messages_is_ranked_counted_and_linked() {
    each_engine(async |cerebro| {
        let (ours, ines) = (&cerebro.cerebro, cerebro.sign_in(INES).await);
        let same_domain = account_to(cerebro, 1, "compta@client.example", "").await;
        let other_domain = account_to(cerebro, 2, "x@ruelle.example", "").await;
        let private = account_to(cerebro, 3, "compta@client.example", "[Personnel] ").await;
        let unlike = cerebro.send(&[CLIENT], ambiguous()).await.unwrap().hold.expect("it is held");
        for (hold, leaves, reason) in [
            (same_domain, true, "Demandé par écrit"),
            (other_domain, false, "Destinataire inconnu"),
            (private, false, "Motif qui dit tout"),
            (unlike, false, "Structure douteuse"),
        ] {
            let decided = decision(&ines, hold, reason).await;
            if leaves {
                let permit = ines.op.permit(action::ReleaseHold, hold).await.unwrap();
                release(ours, &ines.op, permit, decided).await.unwrap();
            } else {
                let permit = ines.op.permit(action::RejectHold, hold).await.unwrap();
                reject(ours, &ines.op, permit, decided).await.unwrap();
            }
        }
        let hold = account_to(cerebro, 4, CLIENT, "").await;
        let [fr, en] = pages(cerebro, hold).await;
        assert!(
            fr.contains("1 libéré sur 2 en 90 jours") && en.contains("1 released of 2 in 90 days"),
            "{fr}"
        );
        let at =
            |page: &str, text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not in {page}"));
        let link = |hold: HoldId| format!("class=\"tiny\" href=\"/holds/{hold}\"");
        // The later one shares the control alone, the earlier one the domain too.
        assert!(at(&fr, &link(same_domain)) < at(&fr, &link(other_domain)), "the most alike first: {fr}");
        at(&fr, "Demandé par écrit");
        for never in ["Motif qui dit tout", &link(private), &link(unlike)] {
            assert!(!fr.contains(never), "{never}: {fr}");
        }
        // What was decided long ago is not counted.
        cerebro.clock.advance(std::time::Duration::from_secs(91 * 24 * 3600));
        let hold = account_to(cerebro, 5, CLIENT, "").await;
        let [fr, _] = pages(cerebro, hold).await;
        assert!(!fr.contains("en 90 jours") && !fr.contains(&link(other_domain)), "{fr}");
    })
    .await;
}
