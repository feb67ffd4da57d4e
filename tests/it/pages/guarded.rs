//! Non-interference: what a guarded message says is on no page and in no answer of whoever did not open it on grounds. Every
//! route of the console and of the API is asked, as each mission.

use access::{Mission, SystemReason, action};
use console::router::{ROUTES, Route};
use operations::services::create;
use vocabulary::HoldId;

use super::people::{HUGUES, INES, ODILE, administrator, href_of};
use crate::support::service::Service;
use crate::support::{Browser, TestCerebro, each_engine};

const SOLENNE: &str = "solenne.marchais@orveane.example";
const SENDER: &str = "agent@orveane.example";
/// Stands wherever the message says something.
const MARKER: &str = "zebrure4417";
/// The account number in it, whole and masked.
const FOUND: [&str; 2] = ["3000 6000", "FR76•••189"];

fn private(id: &str, mark: &str) -> Vec<u8> {
    format!(
        "From: {MARKER} nom <{SENDER}>\r\nTo: cabinet@client.example\r\nSubject: {mark}{MARKER}\r\n\
         msip_labels: MSIP_Label_2096f6a2-d2f7-48be-b329-b73aaa526e5d_Name={MARKER}\r\n\
         Message-ID: <{id}@orveane.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{MARKER}. Compte : FR76 3000 6000 0112 3456 7890 189.\r\n\
         --b\r\nContent-Type: text/plain; name=\"{MARKER}.txt\"\r\nContent-Disposition: attachment; filename=\"{MARKER}.txt\"\r\n\r\n\
         Calendrier {MARKER}\r\n--b--\r\n"
    )
    .into_bytes()
}

async fn held(cerebro: &TestCerebro, id: &str, mark: &str) -> HoldId {
    let sent = cerebro.send_from(Some(SENDER), &["cabinet@client.example"], private(id, mark)).await;
    sent.unwrap().hold.expect("it is held")
}

/// What stands in the place of each name of a path: the message's where there is one.
struct Named {
    hold: HoldId,
    link: String,
    entries: u64,
}

impl Named {
    /// Every address of a route that may tell of the message.
    fn addresses(&self, route: &Route) -> Vec<String> {
        let path = route.path.replace("{hold}", &self.hold.to_string()).replace("{link}", &self.link);
        let mut all = vec![path];
        for (name, values) in [
            ("{ruling}", vec!["release".to_owned(), "reject".to_owned()]),
            ("{index}", (0..self.entries).map(|index| index.to_string()).collect()),
        ] {
            if all.iter().any(|path| path.contains(name)) {
                all = values
                    .iter()
                    .flat_map(|value| all.iter().map(|path| path.replace(name, value)))
                    .collect();
            }
        }
        // Whatever else is named is not this message's: any word answers for it.
        all.into_iter().map(|path| path.split('/').map(filled).collect::<Vec<_>>().join("/")).collect()
    }
}

fn filled(segment: &str) -> &str {
    if segment.starts_with('{') { "none" } else { segment }
}

fn tells_nothing(who: &str, path: &str, body: &str) {
    let body = body.to_lowercase();
    assert!(!body.contains(MARKER), "{who} {path}: {body}");
    for found in FOUND {
        assert!(!body.contains(&found.to_lowercase()), "{who} {path}: {body}");
    }
}

/// Asks every route, as a browser does; how many answered with something.
async fn walk(who: &str, browser: &mut Browser, named: &Named) -> usize {
    let mut answered = 0;
    for route in ROUTES {
        for path in named.addresses(route) {
            if route.changes {
                // Refused for what is missing, it shows its form again. The others change accounts, or are the sender's own.
                if !["/holds/", "/register/", "/outgoing/", "/controls/"]
                    .iter()
                    .any(|start| path.starts_with(start))
                {
                    continue;
                }
                let page = browser.post(&path, &[]).await;
                tells_nothing(who, &path, &page.body);
                let page = browser
                    .post(
                        &path,
                        &[
                            ("reason", "Sans objet"),
                            ("seen", &"0".repeat(64)),
                            ("sign", "yes"),
                            ("format", "csv"),
                        ],
                    )
                    .await;
                tells_nothing(who, &path, &page.body);
                continue;
            }
            let page = browser.get(&path).await;
            answered += usize::from(page.status == 200);
            tells_nothing(who, &path, &page.body);
        }
    }
    for path in
        ["/queue?search=zebrure", "/queue?search=nom", "/queue?view=escalated", "/queue/rows?view=escalated"]
    {
        let page = browser.get(path).await;
        tells_nothing(who, path, &page.body);
        let found = page.body.contains(&format!("/holds/{}", named.hold));
        assert!(!(found && path.contains("search")), "{who} {path}: it is found by what it says");
    }
    answered
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_guarded_message_says_is_on_no_route_of_whoever_did_not_open_it() {
    each_engine(async |cerebro| {
        let (hold, decided) =
            (held(cerebro, "p1", "[Personnel] ").await, held(cerebro, "p2", "[Personnel] ").await);
        let notice = cerebro.mail_to(SENDER).await.remove(0);
        let (_, rest) = notice.split_once("/notices/").unwrap();
        let link = rest.split_whitespace().next().unwrap().to_owned();
        // One is refused and handed on, so that it stands among decisions and in the ledger too.
        let mut ines = administrator(cerebro, INES).await;
        for (hold, verb, motive) in [(decided, "reject", "correct"), (hold, "escalate", "doubt")] {
            let form = ines.get(&format!("/holds/{hold}/{verb}")).await;
            let fields = [("motive", motive), ("seen", &form.field("seen"))];
            let done = ines.post(&format!("/holds/{hold}/{verb}"), &fields).await;
            assert_eq!(done.status, 303, "{}", done.body);
        }
        let named = Named { hold, link, entries: cerebro.seal().await.min(40) };
        for (local, least) in [
            ("ines.kermadec", 10),
            ("sofiane.delattre", 10),
            ("maelle.brisson", 10),
            ("felix.quemener", 10),
            ("odile.sarrazin", 10),
            ("solenne.marchais", 5),
        ] {
            let email = format!("{local}@orveane.example");
            let mut browser = administrator(cerebro, &email).await;
            let answered = walk(local, &mut browser, &named).await;
            assert!(answered >= least, "{local}: {answered} pages are shown");
        }
        walk("nobody", &mut Browser::new(cerebro), &named).await;
        // The letters to colleagues say no more.
        for email in ["deputy", "sofiane.delattre", "solenne.marchais"] {
            for letter in cerebro.mail_to(&format!("{email}@orveane.example")).await {
                tells_nothing(email, "letter", &letter);
            }
        }
        programs(cerebro, hold, decided).await;

        // None of this could fail if it were nowhere: who opens it on grounds reads all of it.
        let mut solenne = administrator(cerebro, SOLENNE).await;
        let path = format!("/holds/{hold}/open");
        solenne.get(&path).await;
        let wrong = solenne.post(&path, &[("circumstance", "entitled"), ("grounds", "Dossier 12")]).await;
        assert!(wrong.status == 422 && wrong.body.contains("Dossier 12"), "{}", wrong.body);
        let opened = solenne.post(&path, &[("circumstance", "present"), ("grounds", "Dossier 12")]).await;
        assert_eq!(opened.status, 303, "{}", opened.body);
        let page = solenne.get(&format!("/holds/{hold}")).await.body;
        assert!(page.contains(MARKER) && page.contains("3000 6000") && page.contains("Calendrier"), "{page}");
        // What is not guarded, whoever reviews reads.
        let plain = held(cerebro, "p3", "").await;
        assert!(ines.get(&format!("/holds/{plain}")).await.body.contains(MARKER));
    })
    .await;
}

/// A service whose missions read holds.
async fn programs(cerebro: &TestCerebro, hold: HoldId, decided: HoldId) {
    let op = cerebro.system(SystemReason::Console);
    let permit = op.permit(action::CreateService, cerebro.bank).await.unwrap();
    let made = create::create(&op, permit, "Outil").await.unwrap();
    let service = Service::new(cerebro, made.token.expose());
    let missions = &[Mission::Operator, Mission::Supervisor, Mission::Auditor, Mission::Custodian];
    cerebro.give(made.account, missions).await;
    let document: serde_json::Value = serde_json::from_str(&console::api::openapi()).unwrap();
    let mut answered = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for id in [hold.to_string(), decided.to_string()] {
            let path = path.replace("{id}", &id).replace("{list}", "protected").replace("{category}", "none");
            if item.get("get").is_some() && !path.contains('{') {
                let reply = service.get(&path).await;
                answered += usize::from(reply.status == 200);
                tells_nothing("service", &path, &reply.body.to_string());
            }
        }
    }
    assert!(answered > 10, "{answered} answers");
    let one = service.get(&format!("/api/v1/holds/{hold}")).await;
    assert_eq!((one.text("guarded"), one.text("subject")), ("private", ""), "{one:?}");
    let decision =
        serde_json::json!({"decision": "release", "reason": "Vu", "seen_sha256": one.text("seen_sha256")});
    let refused = service.post(&format!("/api/v1/holds/{hold}/decision"), &decision).await;
    tells_nothing("service", "decision", &refused.body.to_string());
    assert!(refused.status >= 400, "{refused:?}");
}

/// The mission that opens private mail is given by two, and never in an invitation or by a program.
#[tokio::test(flavor = "multi_thread")]
async fn the_mission_that_opens_private_mail_is_given_by_two() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let path = format!("{}/missions", href_of(&mut odile, "Theodore Vasquin").await);
        odile.get(&path).await;
        let to = odile.post(&path, &[("mission", "custodian"), ("reason", "Référent")]).await.location;
        let change = to.split('?').next().unwrap().to_owned();
        assert!(change.starts_with("/changes/"), "it waits for a second administrator: {to}");
        let mut theodore = administrator(cerebro, "theodore.vasquin@orveane.example").await;
        let hold = held(cerebro, "p1", "[Personnel] ").await;
        assert_eq!(theodore.get(&format!("/holds/{hold}/open")).await.status, 403, "not before");
        hugues.get(&change).await;
        assert_eq!(hugues.post(&format!("{change}/approve"), &[]).await.status, 303);
        assert_eq!(theodore.get(&format!("/holds/{hold}/open")).await.status, 200);
        // No invitation offers it.
        assert!(!odile.get("/accounts/invite").await.body.contains("mission-custodian"));
    })
    .await;
}

/// A sender takes their private mark off by the page of their notice's link, by POST alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_sender_takes_the_mark_off_by_their_link() {
    each_engine(async |cerebro| {
        let hold = held(cerebro, "p1", "[Personnel] ").await;
        let notice = cerebro.mail_to(SENDER).await.remove(0);
        let (_, rest) = notice.split_once("https://console.orveane.example").unwrap();
        let path = rest.split_whitespace().next().unwrap().to_owned();
        let mut sender = Browser::new(cerebro);
        let page = sender.get(&path).await.body;
        assert!(page.contains("Retirer la mention privée") && !page.contains(MARKER), "{page}");
        let done = sender.post(&format!("{path}/requalify"), &[]).await.body;
        assert!(done.contains("La mention privée est retirée") && !done.contains("/requalify"), "{done}");
        let mut ines = administrator(cerebro, INES).await;
        assert!(ines.get(&format!("/holds/{hold}")).await.body.contains(MARKER));
    })
    .await;
}
