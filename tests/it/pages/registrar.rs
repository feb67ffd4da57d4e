//! Accounts by API: a service that keeps them in step with an institution's directory, and what it may not do.

use access::{SystemReason, action};
use operations::services::create::{self, CreateError};
use serde_json::{Value as Json, json};

use super::people::{CLEMENCE, GASPARD, HUGUES, INES, ODILE, administrator, approve, href_of};
use crate::support::service::Service;
use crate::support::{Browser, TestCerebro, each_engine};

/// A service made at the machine's console, with no mission.
async fn made(cerebro: &TestCerebro, name: &str) -> Service {
    let op = cerebro.system(SystemReason::Console);
    let permit = op.permit(action::CreateService, cerebro.bank).await.unwrap();
    let made = create::create(&op, permit, name).await.unwrap();
    Service::new(cerebro, made.token.expose())
}

/// The directory, with the mission two administrators gave it.
async fn directory(cerebro: &TestCerebro, odile: &mut Browser, hugues: &mut Browser) -> Service {
    let service = made(cerebro, "Annuaire").await;
    let path = format!("{}/missions", href_of(odile, "Annuaire").await);
    odile.get(&path).await;
    let fields = [("mission", "registrar"), ("reason", "Rapprochement avec les ressources humaines")];
    let to = odile.post(&path, &fields).await.location;
    let change = to.split('?').next().unwrap();
    assert!(change.starts_with("/changes/"), "a mission of administration waits for a second one: {to}");
    assert_eq!(service.get("/api/v1/accounts").await.status, 403, "not before");
    hugues.get(change).await;
    assert_eq!(hugues.post(&format!("{change}/approve"), &[]).await.status, 303);
    service
}

async fn id_of(service: &Service, name: &str) -> String {
    let listed = service.get("/api/v1/accounts").await;
    let all = listed.body["accounts"].as_array().unwrap_or_else(|| panic!("{listed:?}"));
    let one = all.iter().find(|account| account["name"] == name).unwrap_or_else(|| panic!("{listed:?}"));
    one["id"].as_str().unwrap().to_owned()
}

fn gaspard() -> Json {
    json!({"name": "Gaspard Nivelle", "email": GASPARD, "locale": "fr", "missions": ["operator"], "reason": "Arrivée du 1er décembre"})
}

fn why() -> Json {
    json!({"reason": "Départ annoncé par les ressources humaines"})
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a4_a3_a_service_asks_for_an_account_and_a_person_approves_it() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let service = directory(cerebro, &mut odile, &mut hugues).await;
        let first = service.post_once("/api/v1/accounts", "arrival-1", &gaspard()).await;
        assert_eq!(first.status, 201, "{first:?}");
        assert_eq!(service.post_once("/api/v1/accounts", "arrival-1", &gaspard()).await, first, "once");
        let other = json!({"name": "Lucie Marchetti", "email": "lucie.marchetti@orveane.example", "locale": "fr", "reason": "Arrivée"});
        let taken = service.post_once("/api/v1/accounts", "arrival-1", &other).await;
        assert_eq!((taken.status, taken.problem()), (409, "idempotency-key"));
        let again = service.post("/api/v1/accounts", &gaspard()).await;
        assert_eq!((again.status, again.problem()), (409, "account-exists"));
        let path = format!("/api/v1/accounts/{}", first.text("account"));
        let account = service.get(&path).await.body;
        assert_eq!((&account["account"]["state"], &account["grants"]), (&json!("requested"), &json!([])));
        assert_eq!(service.get("/api/v1/accounts/coverage").await.body["requests_waiting"], 1);
        // Nothing approves by API, and no request of that kind is known.
        for verb in ["approval", "approve"] {
            assert_eq!(service.post(&format!("{path}/{verb}"), &why()).await.status, 404);
        }
        assert_eq!(approve(&mut hugues, "Gaspard Nivelle").await.status, 303);
        let account = service.get(&path).await.body;
        assert_eq!(account["account"]["state"], "active");
        assert_eq!(account["account"]["missions"], json!(["operator"]));
        // Who approved it may approve the next one too: a service is nobody's other account.
        assert_eq!(service.post("/api/v1/accounts", &other).await.status, 201);
        assert_eq!(approve(&mut hugues, "Lucie Marchetti").await.status, 303);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r4_a_departure_told_by_the_directory_counts_at_the_next_request() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let service = directory(cerebro, &mut odile, &mut hugues).await;
        let mut ines = administrator(cerebro, INES).await;
        let of_ines = format!("/api/v1/accounts/{}", id_of(&service, "Ines Kermadec").await);
        let suspend = format!("{of_ines}/suspension");
        let done = service.post_once(&suspend, "leave-1", &why()).await;
        assert_eq!(done.status, 200, "{done:?}");
        assert!(ines.get("/queue").await.location.starts_with("/sign-in"));
        assert_eq!(service.post_once(&suspend, "leave-1", &why()).await, done, "once");
        let twice = service.post(&suspend, &why()).await;
        assert_eq!((twice.status, twice.problem()), (409, "account-state"));
        // It gives back what it took away; what a person took away, a person gives back.
        let back = format!("{of_ines}/reinstatement");
        assert_eq!(service.post(&back, &why()).await.status, 200);
        let href = href_of(&mut odile, "Ines Kermadec").await;
        odile.get(&href).await;
        assert_eq!(odile.post(&format!("{href}/suspend"), &[("reason", "Enquête")]).await.status, 303);
        let refused = service.post(&back, &why()).await;
        assert_eq!((refused.status, refused.problem()), (409, "suspended-by-somebody-else"));
        // For good, but never the last who could go on.
        assert_eq!(service.post(&format!("{of_ines}/closure"), &why()).await.status, 200);
        let closing = async |name: &str| {
            let id = id_of(&service, name).await;
            service.post(&format!("/api/v1/accounts/{id}/closure"), &why()).await
        };
        assert_eq!(closing("Hugues Tallec").await.status, 200);
        let last = closing("Odile Sarrazin").await;
        assert_eq!((last.status, last.problem()), (409, "last-administrator"));
        assert!(hugues.get("/accounts").await.location.starts_with("/sign-in"));
        let stranger = format!("/api/v1/accounts/{}", cerebro.stranger);
        assert_eq!(service.get(&stranger).await.status, 404);
        assert_eq!(service.post(&format!("{stranger}/closure"), &why()).await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_a4_a_mission_that_a_service_asks_for_waits_for_a_person() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let service = directory(cerebro, &mut odile, &mut hugues).await;
        let of = |id: &str| format!("/api/v1/accounts/{id}/missions");
        let ask = |mission: &str| json!({"mission": mission, "reason": "Mutation du 1er décembre"});
        let clemence = id_of(&service, "Clemence Aubertin").await;
        let asked = service.post_once(&of(&clemence), "move-1", &ask("auditor")).await;
        assert_eq!(asked.status, 202, "{asked:?}");
        assert_eq!(service.post_once(&of(&clemence), "move-1", &ask("auditor")).await, asked, "once");
        let held = async || {
            let answer = service.get(&format!("/api/v1/accounts/{clemence}")).await;
            answer.body["account"]["missions"].clone()
        };
        assert_eq!(held().await, json!(["operator"]), "nothing yet");
        let change = format!("/changes/{}", asked.text("change"));
        assert!(odile.get(&change).await.body.contains("Annuaire"));
        assert_eq!(odile.post(&format!("{change}/approve"), &[]).await.status, 303);
        assert_eq!(held().await, json!(["auditor", "operator"]));
        // Who administers is a matter of people, and nobody asks for themselves.
        for mission in ["administrator", "registrar"] {
            let refused = service.post(&of(&clemence), &ask(mission)).await;
            assert_eq!((refused.status, refused.problem()), (403, "not-by-you"), "{mission}");
        }
        let own = id_of(&service, "Annuaire").await;
        assert_eq!(service.post(&of(&own), &ask("connector")).await.status, 403);
        assert_eq!(service.post(&of(&clemence), &ask("connector")).await.status, 400, "that is for services");
        // Withdrawn at once: that tightens.
        let mut of_clemence = odile.another();
        of_clemence.password(CLEMENCE, crate::support::cerebro::PASSWORD).await;
        let whole = service.get(&format!("/api/v1/accounts/{clemence}")).await;
        let grants = whole.body["grants"].as_array().unwrap();
        let grant = grants.iter().find(|grant| grant["mission"] == "operator").unwrap();
        let path = format!("/api/v1/missions/{}/withdrawal", grant["id"].as_str().unwrap());
        let done = service.post_once(&path, "move-2", &why()).await;
        assert_eq!(done.status, 200, "{done:?}");
        assert_eq!(service.post_once(&path, "move-2", &why()).await, done, "once");
        assert_eq!(service.post(&path, &why()).await.status, 404, "it stands no more");
        assert_eq!(held().await, json!(["auditor"]));
        // What it asked for dies with its mission.
        let asked = service.post(&of(&clemence), &ask("supervisor")).await;
        let href = href_of(&mut odile, "Annuaire").await;
        let page = odile.get(&href).await;
        let (before, _) = page.body.split_once("/withdraw\"").unwrap();
        let withdrawal = format!("{}/withdraw", before.rsplit('"').next().unwrap());
        odile.get(&withdrawal).await;
        assert_eq!(odile.post(&withdrawal, &[("reason", "Remplacé")]).await.status, 303);
        assert_eq!(service.get("/api/v1/accounts").await.status, 403);
        let change = format!("/changes/{}", asked.text("change"));
        hugues.get(&change).await;
        assert_eq!(hugues.post(&format!("{change}/approve"), &[]).await.status, 409);
    })
    .await;
}

/// Every call about accounts and missions that the API's document names: method and path.
fn calls() -> Vec<(String, String)> {
    let document: Json = serde_json::from_str(&console::api::openapi()).unwrap();
    let about = |path: &str| path.starts_with("/api/v1/accounts") || path.starts_with("/api/v1/missions");
    let mut calls = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap().iter().filter(|(path, _)| about(path)) {
        calls.extend(item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone())));
    }
    calls
}

/// A body every one of them reads, for those that read one.
fn body(path: &str) -> Json {
    match path {
        "/api/v1/accounts" => gaspard(),
        path if path.ends_with("/missions") => json!({"mission": "auditor", "reason": "Mutation"}),
        _ => why(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a1_a2_accounts_are_for_the_directory_alone_and_foreign_ones_are_not_found() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let service = directory(cerebro, &mut odile, &mut hugues).await;
        let nobody = made(cerebro, "Tableau de bord").await;
        let connector = Service::new(cerebro, &cerebro.token);
        let grant = "grant_01j00000000000000000000000";
        for (method, path) in calls() {
            let id =
                if path.contains("/missions/{id}") { grant.to_owned() } else { cerebro.stranger.to_string() };
            let asked = path.replace("{id}", &id);
            for other in [&nobody, &connector] {
                let refused = other.call(&method, &asked, None, &body(&path)).await;
                assert_eq!((refused.status, refused.problem()), (403, "not-allowed"), "{method} {path}");
            }
            let stranger = Service::new(cerebro, "cbt_nothing");
            assert_eq!(
                stranger.call(&method, &asked, None, &body(&path)).await.status,
                401,
                "{method} {path}"
            );
            if path.contains("{id}") {
                let foreign = service.call(&method, &asked, None, &body(&path)).await;
                assert_eq!(foreign.status, 404, "{method} {path} {foreign:?}");
            }
        }
        // What it sees of a flow is nothing.
        for path in ["/api/v1/flows", "/api/v1/holds", "/api/v1/queue", "/api/v1/lists"] {
            assert_eq!(service.get(path).await.status, 403, "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r3_u1_what_a_service_does_to_accounts_does_not_happen_without_its_entry() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let service = directory(cerebro, &mut odile, &mut hugues).await;
        let mut subjects = vec!["Maelle Brisson", "Renan Tregor", "Sofiane Delattre", "Theodore Vasquin"];
        let mut asked = 0;
        for (method, path) in calls().into_iter().filter(|(method, _)| method != "GET") {
            let id = match path.as_str() {
                path if path.contains("/missions/{id}") => {
                    let id = id_of(&service, "Felix Quemener").await;
                    let whole = service.get(&format!("/api/v1/accounts/{id}")).await;
                    whole.body["grants"][0]["id"].as_str().unwrap().to_owned()
                }
                path if path.contains("{id}") => {
                    id_of(&service, subjects.pop().expect("somebody is left")).await
                }
                _ => String::new(),
            };
            if path.ends_with("/reinstatement") {
                let suspension = format!("/api/v1/accounts/{id}/suspension");
                assert_eq!(service.post(&suspension, &why()).await.status, 200);
            }
            let path = path.replace("{id}", &id);
            let before = super::evidence::governed(cerebro).await;
            cerebro.cerebro.instance().set_backlog(u64::MAX);
            let refused = service.call(&method, &path, Some(&format!("k{asked}")), &body(&path)).await;
            assert_eq!((refused.status, refused.problem()), (503, "unavailable"), "{method} {path}");
            assert_eq!(super::evidence::governed(cerebro).await, before, "{method} {path} changed something");
            cerebro.cerebro.instance().set_backlog(0);
            let done = service.call(&method, &path, Some(&format!("k{asked}")), &body(&path)).await;
            assert!((200..300).contains(&done.status), "{method} {path} {done:?}");
            assert_ne!(super::evidence::governed(cerebro).await, before, "{method} {path} does nothing");
            asked += 1;
        }
        assert_eq!(asked, 6);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_needs_a_name_and_begins_with_no_right() {
    each_engine(async |cerebro| {
        let op = cerebro.system(SystemReason::Console);
        for name in ["", "   ", "a\nb", &"x".repeat(101)] {
            let permit = op.permit(action::CreateService, cerebro.bank).await.unwrap();
            assert!(create::create(&op, permit, name).await.is_err(), "{name:?}");
        }
        let service = made(cerebro, "Entrepôt").await;
        assert_eq!(service.get("/api/v1/flows").await.status, 403);
        let mut odile = administrator(cerebro, ODILE).await;
        let page = odile.get("/accounts").await;
        assert!(page.body.contains("Entrepôt"));
        // Two of one name could not be told apart.
        let permit = op.permit(action::CreateService, cerebro.bank).await.unwrap();
        assert!(matches!(create::create(&op, permit, "entrepôt").await, Err(CreateError::Exists)));
    })
    .await;
}
