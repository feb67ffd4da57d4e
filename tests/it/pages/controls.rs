//! Control sets as people handle them: one drafts by a form and rehearses, another publishes, and a message is then held by it.

use console::router::ROUTES;
use operations::controls::replays::run;
use store::{Reach, Statement, StoreError, Tx};
use vocabulary::Scope;

use super::people::{INES, ODILE, administrator};
use crate::support::{Browser, TestCerebro, each_engine, message};

const MAELLE: &str = "maelle.brisson@orveane.example";
const RENAN: &str = "renan.tregor@orveane.example";
const FELIX: &str = "felix.quemener@orveane.example";
const CLIENT: &str = "r.lemarrec@client.example";

fn confidential() -> Vec<u8> {
    let text = String::from_utf8(message("Bonjour.")).unwrap();
    text.replace("Subject: Point", "Subject: [Confidentiel] Point").into_bytes()
}

/// The condition of a control, as its form shows it.
async fn condition(browser: &mut Browser, control: &str) -> String {
    let page = browser.get(&format!("/controls/change?base=in-force&control={control}")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let (_, rest) = page.body.split_once("name=\"when\"").unwrap();
    let when = rest.split_once('>').unwrap().1.split("</textarea>").next().unwrap();
    when.replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">").replace("&#39;", "'")
}

/// RCP-09 holds, as the form says it; where the draft is.
async fn draft(browser: &mut Browser) -> String {
    let when = condition(browser, "RCP-09").await;
    let fields = [
        ("base", "in-force"),
        ("control", "RCP-09"),
        ("act", "hold"),
        ("severity", "high"),
        ("class", "standard"),
        ("when", when.as_str()),
        ("reason", "Les mentions de confidentialité d’abord"),
    ];
    let page = browser.post("/controls/change", &fields).await;
    assert!(page.location.starts_with("/controls/sets/controls_"), "{} {}", page.status, page.body);
    assert!(browser.get(&page.location).await.body.contains("Brouillon proposé."));
    page.location.split('?').next().unwrap().to_owned()
}

async fn rehearse(cerebro: &TestCerebro, browser: &mut Browser, set: &str) {
    browser.get(set).await;
    let page = browser.post(&format!("{set}/rehearse"), &[("days", "30")]).await;
    assert_eq!(page.status, 303, "{}", page.body);
    assert_eq!(run::run_due(&cerebro.cerebro, || false).await.unwrap(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_drafts_and_rehearses_another_publishes_and_a_message_is_held() {
    each_engine(async |cerebro| {
        assert_eq!(cerebro.send(&[CLIENT], confidential()).await.unwrap().verdict, "pass");
        let mut maelle = administrator(cerebro, MAELLE).await;
        let empty = maelle.get("/controls").await;
        assert!(empty.body.contains("Aucun jeu proposé"), "{}", empty.body);
        let set = draft(&mut maelle).await;
        let shown = maelle.get(&set).await.body;
        assert!(shown.contains("observe") && shown.contains("enforce"), "the difference is shown: {shown}");
        assert!(!shown.contains(&format!("{set}/publish")), "whoever drafts does not publish");
        rehearse(cerebro, &mut maelle, &set).await;
        let report = maelle.get(&format!("{set}/rehearsal")).await;
        assert!(report.body.contains("RCP-09") && report.body.contains("flow_"), "{}", report.body);
        let own = maelle.post(&format!("{set}/publish"), &[]).await;
        assert_eq!(own.status, 409, "{}", own.location);
        assert_eq!(cerebro.send(&[CLIENT], confidential()).await.unwrap().verdict, "pass");

        let mut renan = administrator(cerebro, RENAN).await;
        assert!(renan.get(&set).await.body.contains(&format!("{set}/publish")));
        let page = renan.get(&format!("{set}/publish")).await;
        assert!(page.body.contains("RCP-09"), "{}", page.body);
        let page = renan.post(&format!("{set}/publish"), &[]).await;
        assert_eq!(page.status, 303, "{}", page.body);
        assert!(renan.get(&page.location).await.body.contains("Jeu publié"));
        let held = cerebro.send(&[CLIENT], confidential()).await.unwrap();
        assert_eq!(held.verdict, "hold");
        let shown = renan.get("/controls").await.body;
        assert!(shown.contains("En vigueur") && shown.contains("Jeu 1, publié"), "{shown}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publication_asks_for_presence_and_a_rehearsal() {
    each_engine(async |cerebro| {
        let mut maelle = administrator(cerebro, MAELLE).await;
        let set = draft(&mut maelle).await;
        let mut renan = administrator(cerebro, RENAN).await;
        renan.get(&set).await;
        let early = renan.post(&format!("{set}/publish"), &[]).await;
        assert_eq!(early.status, 409);
        assert!(early.body.contains("n’a pas été essayé"), "{}", early.body);
        rehearse(cerebro, &mut maelle, &set).await;
        renan.get(&set).await;
        cerebro.clock.advance(vocabulary::bounds::PRESENCE + std::time::Duration::from_secs(1));
        let late = renan.post(&format!("{set}/publish"), &[]).await;
        assert!(late.location.starts_with("/step-up?next=/controls/sets/"), "{}", late.location);
        // Dropped by its author, it is not published any more.
        maelle.get(&set).await;
        assert_eq!(maelle.post(&format!("{set}/drop"), &[]).await.status, 303);
        let mut renan = administrator(cerebro, RENAN).await;
        renan.get(&set).await;
        assert_eq!(renan.post(&format!("{set}/publish"), &[]).await.status, 409);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_and_what_was_typed_is_kept() {
    each_engine(async |cerebro| {
        let mut maelle = administrator(cerebro, MAELLE).await;
        maelle.get("/controls/change?base=in-force&control=RCP-05").await;
        let fields = [
            ("base", "in-force"),
            ("control", "RCP-05"),
            ("act", "hold"),
            ("severity", "low"),
            ("class", "Standard!"),
            ("when", "recipients.external_cuont > 3"),
            ("reason", "Essai"),
        ];
        let page = maelle.post("/controls/change", &fields).await;
        assert_eq!(page.status, 422);
        assert!(
            page.body.contains("href=\"#when\"") && page.body.contains("external_cuont"),
            "{}",
            page.body
        );
        assert!(
            page.body.contains("aria-describedby=\"when-hint when-err\" aria-invalid=\"true\""),
            "{}",
            page.body
        );
        assert!(page.body.contains("aucun champ ne s’appelle"), "a French page: {}", page.body);
        assert!(page.body.contains("Une classe de retenue a des minuscules"), "{}", page.body);
        let page = maelle.get("/controls/upload?base=in-force").await;
        assert_eq!(page.status, 200);
        let file = "id = \"BQE-01\"\nversion = 1\n+++\nnot toml";
        let fields = [("base", "in-force"), ("text", file), ("reason", "Essai")];
        let page = maelle.post("/controls/upload", &fields).await;
        assert_eq!(page.status, 422);
        assert!(page.body.contains("bqe-01.toml") && page.body.contains("2.toml"), "{}", page.body);
        assert!(page.body.contains("not toml"), "what was typed is kept");
        assert!(page.body.contains("ce n’est pas du TOML"), "{}", page.body);
        let fields = [("base", "in-force"), ("text", " "), ("whole", "yes"), ("reason", "Essai")];
        let page = maelle.post("/controls/upload", &fields).await;
        assert_eq!(page.status, 422, "no set without a control");
        assert!(page.body.contains("Un jeu a au moins un contrôle"), "{}", page.body);
        for path in ["/controls/sets/x", "/controls/in-force/NO-01", "/controls/change?base=x&control=RCP-05"]
        {
            assert_eq!(maelle.get(path).await.status, 404, "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_replace_controls_and_are_added() {
    each_engine(async |cerebro| {
        let mut maelle = administrator(cerebro, MAELLE).await;
        maelle.get("/controls/upload?base=in-force").await;
        let shipped = compliance::ControlSet::shipped();
        let text = |id: &str| shipped.texts().find(|(known, _)| *known == id).unwrap().1.to_owned();
        let changed = text("RCP-09").replacen("severity = \"", "severity = \"critical\" # \"", 1);
        let added = text("CAL-01").replace("\"CAL-01\"", "\"BQE-01\"");
        let both = format!("{changed}\r\n+++\r\n{added}");
        let fields = [("base", "in-force"), ("text", both.as_str()), ("reason", "Deux fichiers")];
        let page = maelle.post("/controls/upload", &fields).await;
        assert_eq!(page.status, 303, "{}", page.body);
        let body = maelle.get(&page.location).await.body;
        let count = (shipped.texts().count() + 1).to_string();
        assert!(body.contains("BQE-01") && body.contains("critical") && body.contains(&count), "{body}");
        let control = format!("{}/of/BQE-01", page.location.split('?').next().unwrap());
        assert!(maelle.get(&control).await.body.contains("Comme prévu"));
        // The whole set that ships fits in a form.
        let all: Vec<String> = shipped.texts().map(|(id, _)| text(id)).collect();
        let all = all.join("\n+++\n") + "\n# otherwise\n";
        maelle.get("/controls/upload?base=in-force").await;
        let fields = [("base", "in-force"), ("text", all.as_str()), ("whole", "yes"), ("reason", "Tout")];
        assert_eq!(maelle.post("/controls/upload", &fields).await.status, 303);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn past_messages_are_read_again_in_the_background_one_at_a_time_and_stopped() {
    each_engine(async |cerebro| {
        cerebro.send(&[CLIENT], message("Bonjour.")).await.unwrap();
        let mut maelle = administrator(cerebro, MAELLE).await;
        maelle.get("/controls").await;
        let page = maelle.post("/controls/look-back", &[("days", "30")]).await;
        assert!(page.location.starts_with("/controls/replays/replay_"), "{}", page.body);
        let place = page.location.split('?').next().unwrap().to_owned();
        let shown = maelle.get(&place).await.body;
        assert!(shown.contains("<progress") && shown.contains(&format!("{place}/progress")), "{shown}");
        let busy = maelle.post("/controls/look-back", &[("days", "30")]).await;
        assert_eq!(busy.status, 409, "one at a time");
        let fragment = maelle.get(&format!("{place}/progress")).await.body;
        assert!(fragment.starts_with("<section") && !fragment.contains("<html"), "{fragment}");
        assert_eq!(maelle.post(&format!("{place}/stop"), &[]).await.status, 303);
        assert_eq!(run::run_due(&cerebro.cerebro, || false).await.unwrap(), 0, "it is stopped");
        maelle.get("/controls").await;
        let page = maelle.post("/controls/look-back", &[("days", "7")]).await;
        assert_eq!(run::run_due(&cerebro.cerebro, || false).await.unwrap(), 1);
        assert!(maelle.get(&page.location).await.body.contains("Rien de neuf"));
        let over = maelle.get(&format!("{}/progress", page.location.split('?').next().unwrap())).await;
        assert_eq!(over.headers["hx-refresh"], "true");
        let kinds = cerebro.kinds().await;
        for kind in ["replay.started", "replay.stopped", "flows.looked_back"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind} {kinds:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_auditor_reads_and_changes_nothing_and_others_do_not_see() {
    each_engine(async |cerebro| {
        let mut maelle = administrator(cerebro, MAELLE).await;
        let set = draft(&mut maelle).await;
        let mut felix = administrator(cerebro, FELIX).await;
        let shown = felix.get(&set).await.body;
        assert!(
            shown.contains("RCP-09") && !shown.contains("<form method=\"post\" action=\"/controls"),
            "{shown}"
        );
        for path in ["rehearse", "drop", "publish"] {
            assert_eq!(felix.post(&format!("{set}/{path}"), &[("days", "3")]).await.status, 403, "{path}");
        }
        for other in [INES, ODILE] {
            let mut other = administrator(cerebro, other).await;
            assert_eq!(other.get("/controls").await.status, 403);
            assert_eq!(other.get(&set).await.status, 403);
        }
    })
    .await;
}

/// What these routes change, whole.
const GOVERNED: [&Statement; 2] = [
    &of("SELECT id, state, rehearsed_on, ended_by FROM control_set WHERE organisation = $1 ORDER BY id"),
    &of("SELECT id, state FROM replay WHERE organisation = $1 ORDER BY id"),
];

const fn of(text: &'static str) -> Statement {
    Statement { name: "test::GOVERNED", reach: Reach::Organisation, sqlite: text, postgres: text }
}

async fn governed(cerebro: &TestCerebro) -> String {
    let rows = cerebro.store.read(Scope::Organisation(cerebro.bank), async |tx: &mut Tx<'_>| {
        let mut text = String::new();
        for statement in GOVERNED {
            text += &format!("{:?}\n", tx.fetch(statement, vec![]).await?);
        }
        Ok::<_, StoreError>(text)
    });
    rows.await.unwrap()
}

/// Asked of every route of the table that changes something about controls: without its entry nothing happens.
#[tokio::test(flavor = "multi_thread")]
async fn clause_r3_u1_an_act_on_controls_whose_entry_cannot_be_written_does_not_happen() {
    each_engine(async |cerebro| {
        let mut maelle = administrator(cerebro, MAELLE).await;
        let published = draft(&mut maelle).await;
        let mut renan = administrator(cerebro, RENAN).await;
        let shipped = compliance::ControlSet::shipped();
        let text = shipped.texts().next().unwrap().1.replacen("severity = \"", "severity = \"high\" # \"", 1);
        let when = condition(&mut renan, "RCP-05").await;
        let fields = [
            ("days", "30"),
            ("base", "in-force"),
            ("control", "RCP-05"),
            ("act", "hold"),
            ("severity", "high"),
            ("class", "urgent"),
            ("when", when.as_str()),
            ("text", text.as_str()),
            ("reason", "Organisation des contrôles"),
        ];
        let mut asked = 0;
        for route in ROUTES.iter().filter(|route| route.changes && route.path.starts_with("/controls")) {
            let path = match route.path {
                path if path.ends_with("/drop") => {
                    maelle.get("/controls/upload?base=in-force").await;
                    let fields = [("base", "in-force"), ("text", text.as_str()), ("reason", "À abandonner")];
                    let made = maelle.post("/controls/upload", &fields).await.location;
                    format!("{}/drop", made.split('?').next().unwrap())
                }
                path if path.ends_with("/stop") => {
                    let page = maelle.get("/controls").await.body;
                    let (_, rest) = page.split_once("action=\"/controls/replays/").expect("one is running");
                    format!("/controls/replays/{}", rest.split('"').next().unwrap())
                }
                path => path.replace("/controls/sets/{set}", &published),
            };
            renan.get("/controls").await;
            let before = governed(cerebro).await;
            cerebro.cerebro.instance().set_backlog(u64::MAX);
            let page = renan.post(&path, &fields).await;
            assert_eq!(page.status, 503, "{route}: {} {}", page.location, page.body);
            assert!(page.body.contains("E-UNRECORDED"), "{route}");
            assert_eq!(governed(cerebro).await, before, "{route} changed something");
            cerebro.cerebro.instance().set_backlog(0);
            let page = renan.post(&path, &fields).await;
            assert_eq!(page.status, 303, "{route}: {}", page.body);
            assert_ne!(governed(cerebro).await, before, "{route} does nothing at all");
            if path.ends_with("/rehearse") {
                assert_eq!(run::run_due(&cerebro.cerebro, || false).await.unwrap(), 1);
            }
            asked += 1;
        }
        assert_eq!(asked, 7, "routes were asked");
    })
    .await;
}

/// A control of one's own, from an empty form: what is missing stands beside its field, and the draft has it.
#[tokio::test(flavor = "multi_thread")]
async fn a_control_is_added_by_its_form() {
    each_engine(async |cerebro| {
        let mut maelle = administrator(cerebro, MAELLE).await;
        let page = maelle.get("/controls/change?base=in-force&new=yes").await;
        assert_eq!(page.status, 200, "{}", page.body);
        let mut fields = vec![
            ("base", "in-force"),
            ("new", "yes"),
            ("id", "BQE-01"),
            ("act", "hold"),
            ("severity", "high"),
            ("category", "conduct"),
            ("class", "standard"),
            ("neutral", "yes"),
            ("when", "attachments.count > 2"),
            ("title-fr", "Trop de pièces"),
            ("title-en", "Too many files"),
            ("explanation-fr", "Trois pièces ou plus."),
            ("explanation-en", "Three files or more."),
            ("remedy-fr", "En envoyer moins."),
            ("remedy-en", "Send fewer."),
            ("ground-fr", "Procédure interne."),
            ("ground-en", "Internal procedure."),
            ("reason", "Un contrôle à nous"),
        ];
        let files = "attachments = [{ name = \"a\" }, { name = \"b\" }, { name = \"c\" }]";
        let mut samples = Vec::new();
        for (number, kind, rest) in
            [(1, "fr-yes", files), (2, "fr-no", ""), (3, "en-yes", ""), (4, "en-no", ""), (5, "", "")]
        {
            samples.push((format!("sample-{number}-kind"), kind));
            samples.push((format!("sample-{number}-text"), "Bonjour"));
            samples.push((format!("sample-{number}-rest"), rest));
        }
        let posted = |fields: &[(&'static str, &'static str)], samples: &[(String, &'static str)]| {
            let mut all: Vec<(String, &str)> =
                fields.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
            all.extend(samples.iter().cloned());
            all
        };
        let send = async |browser: &mut Browser, all: Vec<(String, &'static str)>| {
            let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (name.as_str(), *value)).collect();
            browser.post("/controls/change", &all).await
        };
        // A sample that says something and not what it is.
        let page = send(&mut maelle, posted(&fields, &samples)).await;
        assert!(page.status == 422 && page.body.contains("href=\"#sample-5-kind\""), "{}", page.body);
        samples.truncate(12);
        // The English sample that must match has no files: nothing is drafted, and what was typed is there.
        let page = send(&mut maelle, posted(&fields, &samples)).await;
        assert!(page.status == 422 && page.body.contains("href=\"#sample-3-text\""), "{}", page.body);
        assert!(page.body.contains("Procédure interne."), "{}", page.body);
        samples[8].1 = files;
        let page = send(&mut maelle, posted(&fields, &samples)).await;
        assert!(page.location.starts_with("/controls/sets/controls_"), "{} {}", page.status, page.body);
        let set = page.location.split('?').next().unwrap().to_owned();
        let shown = maelle.get(&format!("{set}/of/BQE-01")).await;
        assert!(
            shown.body.contains("Trop de pièces") && shown.body.contains("version = 1"),
            "{}",
            shown.body
        );
        // An id that is taken, and one that is none, are told beside the field.
        for (id, said) in [("PII-01", "pris"), ("bqe 1", "majuscules")] {
            fields[2].1 = id;
            let page = send(&mut maelle, posted(&fields, &samples)).await;
            assert!(page.status == 422 && page.body.contains("href=\"#id\""), "{id} {}", page.body);
            assert!(page.body.contains(said), "{id} {}", page.body);
        }
        let page = maelle.get("/controls/change?base=in-force&control=PII-01&new=yes").await;
        assert!(page.status == 200 && page.body.contains("name=\"id\""), "{}", page.body);
        assert_eq!(maelle.get("/controls/change?base=in-force&control=NO-01&new=yes").await.status, 404);
    })
    .await;
}
