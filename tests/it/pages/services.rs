//! Named services (clauses R1, R4, P3): made, given missions and tokens by two, seen to be used, ended by one.

use std::time::Duration;

use operations::services::warn;
use store::{Reach, Statement, Tx};
use vocabulary::{Scope, Timestamp, bounds};

use super::people::{HUGUES, INES, ODILE, administrator, href_of};
use crate::support::browser::Page;
use crate::support::service::Service;
use crate::support::{Browser, TestCerebro, each_engine};

const DAY: Duration = Duration::from_secs(24 * 3600);
const SECOND: Duration = Duration::from_secs(1);

/// The token a page shows.
fn token(page: &Page) -> String {
    assert_eq!(page.status, 200, "{}", page.body);
    let (_, rest) = page.body.split_once("id=\"token\">").expect("a token is shown");
    rest.split('<').next().unwrap().to_owned()
}

async fn make(browser: &mut Browser, name: &str) -> Page {
    browser.get("/services").await;
    browser.post("/services", &[("name", name)]).await
}

/// Asks for a mission or a token: the page that answers.
async fn ask(browser: &mut Browser, path: &str, mission: &str) -> Page {
    assert_eq!(browser.get(path).await.status, 200, "{path}");
    browser.post(path, &[("mission", mission), ("reason", "Relève du logiciel")]).await
}

/// Where the change that waits is shown: the newest of the list.
async fn change(browser: &mut Browser) -> String {
    let page = browser.get("/changes").await;
    let (_, rest) = page.body.split_once("href=\"/changes/").expect("a change waits");
    format!("/changes/{}", rest.split('"').next().unwrap())
}

async fn agree(browser: &mut Browser, change: &str) -> Page {
    browser.get(change).await;
    browser.post(&format!("{change}/approve"), &[]).await
}

async fn renewal_of(browser: &mut Browser, name: &str) -> String {
    let href = href_of(browser, name).await;
    format!("{}/token", href.replace("/accounts/", "/services/"))
}

/// The ways to end a token, oldest token first, in the row of a service.
async fn ends_of(browser: &mut Browser, name: &str) -> Vec<String> {
    let page = browser.get("/services").await;
    let (_, rest) = page.body.split_once(&format!(">{name}</a>")).expect("the service is shown");
    let row = rest.split("</tr>").next().unwrap();
    let hrefs = row.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    hrefs.filter(|href| href.starts_with("/tokens/")).collect()
}

/// A service with the mission of connecting, made and given by two administrators.
async fn connector(cerebro: &TestCerebro, odile: &mut Browser, hugues: &mut Browser) -> Service {
    let service = Service::new(cerebro, &token(&make(odile, "Passerelle").await));
    let path = format!("{}/missions", href_of(odile, "Passerelle").await);
    let asked = ask(odile, &path, "connector").await.location;
    assert!(asked.starts_with("/changes/"), "{asked}");
    assert_eq!(service.get("/api/v1/holds").await.status, 403, "asked for is not given");
    assert_eq!(agree(odile, asked.split('?').next().unwrap()).await.status, 403, "whoever asked");
    assert_eq!(agree(hugues, asked.split('?').next().unwrap()).await.status, 303);
    assert_eq!(service.get("/api/v1/holds").await.status, 200);
    service
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_p3_r1_a_service_is_made_without_a_mission_and_whoever_made_it_gives_it_none_alone() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let page = make(&mut odile, "Passerelle").await;
        let fresh = Service::new(cerebro, &token(&page));
        assert_eq!(fresh.get("/api/v1/holds").await.status, 403, "known, and allowed nothing");
        assert!(!odile.get("/services").await.body.contains(&fresh.token), "shown once");
        for name in ["passerelle", "", "a\tb", &"x".repeat(101)] {
            assert_eq!(make(&mut odile, name).await.status, 422, "{name:?}");
        }
        let wrong = make(&mut odile, "CRM").await;
        assert!(wrong.body.contains("value=\"CRM\"") && wrong.body.contains("porte déjà ce nom"));
        let path = format!("{}/missions", href_of(&mut odile, "Passerelle").await);
        let asked = ask(&mut odile, &path, "connector").await.location;
        assert!(asked.starts_with("/changes/"), "{asked}");
        assert_eq!(agree(&mut odile, asked.split('?').next().unwrap()).await.status, 403);
        assert_eq!(fresh.get("/api/v1/holds").await.status, 403);
        assert_eq!(agree(&mut hugues, asked.split('?').next().unwrap()).await.status, 303);
        assert_eq!(fresh.get("/api/v1/holds").await.status, 200);
        let mut ines = administrator(cerebro, INES).await;
        assert_eq!(ines.get("/services").await.status, 403);
        ines.get("/security").await;
        assert_eq!(ines.post("/services", &[("name", "Autre")]).await.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r1_calls_count_as_use_of_the_mission_and_of_the_token() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let before = odile.get("/services").await.body;
        assert!(before.contains("CRM") && !before.contains("dernier usage"), "{before}");
        let service = connector(cerebro, &mut odile, &mut hugues).await;
        let page = odile.get("/services").await.body;
        let (_, row) = page.split_once(">Passerelle</a>").unwrap();
        assert_eq!(row.split("</tr>").next().unwrap().matches("dernier usage").count(), 2, "{row}");
        let href = href_of(&mut odile, "Passerelle").await;
        assert!(!odile.get(&href).await.body.contains("jamais"), "the account’s page says so too");
        // A refused call is no use: the mission of a directory was never there.
        assert_eq!(service.get("/api/v1/accounts").await.status, 403);
        let crm = Service::new(cerebro, &cerebro.token);
        assert_eq!(crm.get("/api/v1/flows").await.status, 200);
        assert_eq!(odile.get("/services").await.body.matches("dernier usage").count(), 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_p3_a3_a_new_token_opens_nothing_before_a_second_administrator_agrees_and_overlaps_for_days() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let old = connector(cerebro, &mut odile, &mut hugues).await;
        let path = renewal_of(&mut odile, "Passerelle").await;
        assert_eq!(odile.post(&path, &[("reason", "")]).await.status, 422);
        let new = Service::new(cerebro, &token(&ask(&mut odile, &path, "").await));
        assert_eq!(new.get("/api/v1/holds").await.status, 401);
        assert_eq!(ask(&mut odile, &path, "").await.status, 422, "one waits already");
        let waits = change(&mut odile).await;
        assert!(odile.get(&waits).await.body.contains("7 jours"));
        assert_eq!(agree(&mut odile, &waits).await.status, 403);
        assert_eq!(agree(&mut hugues, &waits).await.status, 303);
        for service in [&old, &new] {
            assert_eq!(
                service.get("/api/v1/holds").await.status,
                200,
                "both, while programs are changed over"
            );
        }
        assert_eq!(ask(&mut odile, &path, "").await.status, 422, "two stand");
        cerebro.clock.advance(bounds::TOKEN_OVERLAP - Duration::from_secs(1));
        assert_eq!(old.get("/api/v1/holds").await.status, 200);
        cerebro.clock.advance(Duration::from_secs(1));
        assert_eq!(old.get("/api/v1/holds").await.status, 401);
        cerebro.clock.advance(bounds::TOKEN_LIFE - bounds::TOKEN_OVERLAP - DAY);
        assert_eq!(new.get("/api/v1/holds").await.status, 200);
        let mut odile = administrator(cerebro, ODILE).await;
        assert!(odile.get("/services").await.body.contains("finit bientôt"));
        cerebro.clock.advance(DAY);
        assert_eq!(new.get("/api/v1/holds").await.status, 401, "a year to the second");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r4_s5_a_token_is_ended_at_once_by_one_and_a_refused_one_never_begins() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let old = connector(cerebro, &mut odile, &mut hugues).await;
        let path = renewal_of(&mut odile, "Passerelle").await;
        cerebro.clock.advance(Duration::from_secs(1));
        let refused = Service::new(cerebro, &token(&ask(&mut odile, &path, "").await));
        let waits = change(&mut odile).await;
        hugues.get(&waits).await;
        assert_eq!(hugues.post(&format!("{waits}/refuse"), &[]).await.status, 303);
        assert_eq!(refused.get("/api/v1/holds").await.status, 401);
        let new = Service::new(cerebro, &token(&ask(&mut odile, &path, "").await));
        let waits = change(&mut odile).await;
        agree(&mut hugues, &waits).await;
        let ends = ends_of(&mut hugues, "Passerelle").await;
        assert_eq!(ends.len(), 2);
        hugues.get(&ends[0]).await;
        assert_eq!(hugues.post(&ends[0], &[("reason", "")]).await.status, 422);
        let done = hugues.post(&ends[0], &[("reason", "Le jeton a fui")]).await;
        assert!(hugues.get(&done.location).await.body.contains("Jeton terminé."), "{}", done.location);
        assert_eq!(
            (old.get("/api/v1/holds").await.status, new.get("/api/v1/holds").await.status),
            (401, 200)
        );
        assert_eq!(hugues.post(&ends[0], &[("reason", "Encore")]).await.status, 404, "once");
        let entry = cerebro.details("token.ended").await;
        assert_eq!((entry.len(), entry[0]["reason"].as_str()), (1, Some("Le jeton a fui")));
        for foreign in [format!("/services/{}/token", cerebro.stranger), "/tokens/token_x/end".to_owned()] {
            assert_eq!(hugues.get(&foreign).await.status, 404, "{foreign}");
            assert_eq!(hugues.post(&foreign, &[("reason", "Par erreur")]).await.status, 404, "{foreign}");
        }
        let own = href_of(&mut hugues, "Clemence Aubertin").await.replace("/accounts/", "/services/");
        assert_eq!(hugues.get(&format!("{own}/token")).await.status, 404, "a person has no token");
        let mut ines = administrator(cerebro, INES).await;
        ines.get("/security").await;
        assert_eq!(ines.post(&ends[1], &[("reason", "Curiosité")]).await.status, 403);
        assert_eq!(new.get("/api/v1/holds").await.status, 200);
    })
    .await;
}

/// The letters to an address about the end of a token, all there ever were.
async fn told(cerebro: &TestCerebro, address: &str) -> Vec<String> {
    // Whatever was leased by an earlier look can be leased again.
    cerebro.clock.advance(bounds::RELAY_LEASE + SECOND);
    let mut mails = cerebro.mail_to(address).await;
    mails.retain(|mail| ["prend fin le", "ends on"].iter().any(|words| mail.contains(words)));
    mails
}

async fn turn(cerebro: &TestCerebro) -> usize {
    warn::turn(&cerebro.cerebro).await.unwrap()
}

/// The bank's CRM and the other organisation's register were given their tokens as the test began.
const NOON: Timestamp = Timestamp::from_micros(1_795_521_600_000_000);

fn passed(cerebro: &TestCerebro) -> Duration {
    cerebro.cerebro.instance().now().since(NOON)
}

const ENGLISH: &str = "UPDATE account SET locale = 'en' WHERE organisation = $1 AND email = $2";
static SPEAK_ENGLISH: Statement =
    Statement { name: "test::ENGLISH", reach: Reach::Organisation, sqlite: ENGLISH, postgres: ENGLISH };

async fn speaks_english(cerebro: &TestCerebro, email: &'static str) {
    let done = cerebro.store.write(Scope::Organisation(cerebro.bank), async move |tx: &mut Tx<'_>| {
        tx.execute(&SPEAK_ENGLISH, vec![email.into()]).await.map(|_| ((), Vec::new()))
    });
    done.await.map_err(access::WriteError::into_inner).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r4_administrators_are_told_a_month_and_a_week_before_a_service_s_last_token_ends_once_each() {
    each_engine(async |cerebro| {
        speaks_english(cerebro, HUGUES).await;
        let left = |before: Duration| bounds::TOKEN_LIFE - before - passed(cerebro);
        cerebro.clock.advance(left(bounds::TOKEN_ENDS_SOON + SECOND));
        assert_eq!(turn(cerebro).await, 0, "a second early");
        cerebro.clock.advance(SECOND);
        let node = cerebro.another_node().await.unwrap_or_else(|| cerebro.cerebro.clone());
        let (one, other) = futures::join!(warn::turn(&cerebro.cerebro), warn::turn(&node));
        assert_eq!(one.unwrap() + other.unwrap(), 2, "each organisation's, by whichever node");
        assert_eq!(turn(cerebro).await, 0, "once");
        let [odile] = told(cerebro, ODILE).await.try_into().unwrap();
        assert!(odile.contains("« CRM » prend fin le 2027-11-24 12:00 UTC"), "{odile}");
        assert!(odile.contains("sept jours"), "there is time to change over: {odile}");
        let [hugues] = told(cerebro, HUGUES).await.try_into().unwrap();
        assert!(hugues.contains("“CRM” ends on 2027-11-24 12:00 UTC"), "{hugues}");
        assert_eq!(told(cerebro, INES).await, Vec::<String>::new(), "who administers nothing");

        cerebro.clock.advance(left(bounds::TOKEN_ENDS_VERY_SOON + SECOND));
        assert_eq!(turn(cerebro).await, 0, "a second early");
        cerebro.clock.advance(SECOND);
        assert_eq!((turn(cerebro).await, turn(cerebro).await), (2, 0));
        let odile = told(cerebro, ODILE).await;
        let last = odile.iter().filter(|mail| mail.contains("le dernier avant la fin")).count();
        assert_eq!((odile.len(), last), (2, 1), "{odile:?}");
        cerebro.clock.advance(bounds::TOKEN_ENDS_VERY_SOON);
        assert_eq!(turn(cerebro).await, 0, "what is over is no news");

        let entries = cerebro.details("token.ends_soon").await;
        let ahead: Vec<_> = entries.iter().map(|entry| entry["ahead"].as_str().unwrap()).collect();
        assert_eq!(ahead, ["week", "month"], "latest first");
        assert_eq!(entries[0]["administrators_told"], 3);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r4_what_is_told_is_the_end_of_the_last_token_of_a_service_that_works() {
    each_engine(async |cerebro| {
        cerebro.clock.advance(bounds::TOKEN_LIFE - bounds::TOKEN_ENDS_VERY_SOON - DAY - passed(cerebro));
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let path = renewal_of(&mut odile, "CRM").await;
        // A service that is suspended calls nobody, and one that works again meanwhile is told of.
        let crm = href_of(&mut odile, "CRM").await;
        odile.get(&format!("{crm}/suspend")).await;
        assert_eq!(odile.post(&format!("{crm}/suspend"), &[("reason", "Migration")]).await.status, 303);
        assert_eq!(turn(cerebro).await, 1, "the other organisation's alone");
        odile.get(&format!("{crm}/reinstate")).await;
        assert_eq!(odile.post(&format!("{crm}/reinstate"), &[("reason", "Migration")]).await.status, 303);
        assert_eq!(turn(cerebro).await, 1);
        // One that is renewed has another last token: the one before ends, and nobody is told.
        token(&ask(&mut odile, &path, "").await);
        let waits = change(&mut odile).await;
        assert_eq!(agree(&mut hugues, &waits).await.status, 303);
        let renewed = passed(cerebro);
        cerebro.clock.advance(2 * DAY);
        assert_eq!(turn(cerebro).await, 1, "the other organisation's, for the second time");
        assert_eq!(told(cerebro, ODILE).await.len(), 1);
        // Nobody was there to tell of the new one a month ahead: it is told of once, for the week that is left.
        cerebro.clock.advance(renewed + bounds::TOKEN_LIFE - DAY - passed(cerebro));
        assert_eq!((turn(cerebro).await, turn(cerebro).await), (1, 0));
        let odile = told(cerebro, ODILE).await;
        let last = odile.iter().filter(|mail| mail.contains("le dernier avant la fin")).count();
        assert_eq!((odile.len(), last), (2, 1), "{odile:?}");
    })
    .await;
}
