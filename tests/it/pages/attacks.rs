//! Attacks on signing in that belong to no page of their own, over the console's real routes.

use std::time::{Duration, Instant};

use access::action;
use operations::accounts::hashing;

use super::people::{CLEMENCE, HUGUES, INES, ODILE, administrator, ask, href_of};
use crate::support::browser::Page;
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, each_engine};

const THEODORE: &str = "theodore.vasquin@orveane.example";

/// All of an answer that a stranger sees but what differs in every answer anyway.
fn seen(page: &Page, email: &str) -> String {
    let body = page.body.replace(email, "…");
    let token = page.field("csrf");
    format!("{} {} {}", page.status, page.location, body.replace(&token, "…"))
}

#[tokio::test(flavor = "multi_thread")]
async fn e1_unknown_wrong_suspended_asked_for_and_closed_are_one_answer_and_one_slow_hash() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        for (name, act) in [("Theodore Vasquin", "suspend"), ("Clemence Aubertin", "close")] {
            let href = href_of(&mut odile, name).await;
            odile.get(&format!("{href}/{act}")).await;
            assert_eq!(odile.post(&format!("{href}/{act}"), &[("reason", "Absence")]).await.status, 303);
        }
        ask(&mut odile.another(), "Gaspard Nivelle", "gaspard.nivelle@orveane.example").await;
        let mut answers = Vec::new();
        for (number, (email, password)) in [
            ("nobody@orveane.example", PASSWORD),
            ("x@unknown.example", PASSWORD),
            ("not an address", PASSWORD),
            (INES, "Another 5 password!"),
            (THEODORE, PASSWORD),
            (CLEMENCE, PASSWORD),
            ("gaspard.nivelle@orveane.example", PASSWORD),
        ]
        .into_iter()
        .enumerate()
        {
            let mut browser = odile.another();
            browser.peer = format!("198.51.{number}.7:50000").parse().unwrap();
            let before = hashing::runs();
            let page = browser.password(email, password).await;
            assert_eq!(hashing::runs() - before, 1, "{email}: one slow hash, whoever it is");
            let cookies: Vec<String> = browser.jar.keys().cloned().collect();
            answers.push(format!("{} {cookies:?}", seen(&page, email)));
        }
        for answer in &answers {
            assert_eq!(answer, &answers[0]);
        }
        assert!(answers[0].starts_with("422"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_e1_whoever_guesses_too_often_waits_whether_there_is_such_a_person_or_not() {
    each_engine(async |cerebro| {
        let mut seen = Vec::new();
        for email in [INES, "personne@orveane.example"] {
            let mut browser = Browser::new(cerebro);
            let mut statuses = Vec::new();
            for _ in 0..12 {
                statuses.push(browser.password(email, "Quatre-Vingts 9 peupliers").await.status);
            }
            seen.push(statuses);
        }
        assert_eq!(seen[0], [vec![422; 10], vec![429; 2]].concat());
        assert_eq!(seen[0], seen[1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b8_a_flood_of_passwords_neither_takes_all_memory_nor_stops_other_pages() {
    each_engine(async |cerebro| {
        let mut ines = administrator(cerebro, INES).await;
        let mut flood = Vec::new();
        for number in 0..160_u32 {
            let mut browser = ines.another();
            browser.peer = format!("198.{}.{}.7:50000", 18 + number / 200, number % 200).parse().unwrap();
            flood.push(tokio::spawn(async move {
                let email = format!("person-{number}@orveane.example");
                browser.password(&email, PASSWORD).await.status
            }));
        }
        // What is already signed in goes on meanwhile.
        let mut slowest = Duration::ZERO;
        while flood.iter().filter(|one| !one.is_finished()).count() > 20 {
            let begun = Instant::now();
            assert_eq!(ines.get("/security").await.status, 200);
            slowest = slowest.max(begun.elapsed());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        for one in flood {
            assert!(matches!(one.await.unwrap(), 422 | 429), "refused, or told to come back");
        }
        eprintln!("{}: the slowest page beside the flood took {slowest:?}", cerebro.engine);
        assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s6_a_stolen_cookie_ends_its_session_on_another_browser_and_its_holder_is_told() {
    each_engine(async |cerebro| {
        let mut ines = administrator(cerebro, INES).await;
        assert_eq!(ines.get("/queue").await.status, 200);
        let mut thief = ines.another();
        thief.get("/sign-in").await;
        thief.jar.insert("__Host-cerebro".into(), ines.jar["__Host-cerebro"].clone());
        let page = thief.get("/queue").await;
        assert!(page.location.starts_with("/sign-in") && page.body.is_empty(), "no data");
        assert!(ines.get("/queue").await.location.starts_with("/sign-in"), "it is worth nothing to anybody");
        let mails = cerebro.mail_to(INES).await;
        assert_eq!(mails.iter().filter(|mail| mail.contains("autre navigateur")).count(), 1, "{mails:?}");
        // With a mark of its own, which another account was given.
        ines.sign_in(cerebro, INES).await;
        let mut colleague = administrator(cerebro, ODILE).await;
        colleague.jar.insert("__Host-cerebro".into(), ines.jar["__Host-cerebro"].clone());
        assert!(colleague.get("/queue").await.location.starts_with("/sign-in"));
        let kinds = cerebro.kinds().await;
        assert!(kinds.iter().filter(|kind| *kind == "session.ended").count() >= 2, "{kinds:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x5_a_host_that_a_request_claims_reaches_no_link() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        browser.get("/forgotten").await;
        browser.host = "evil.example".into();
        let page = browser.post("/forgotten", &[("email", INES)]).await;
        assert!([200, 403].contains(&page.status), "{}", page.status);
        let mut own = browser.another();
        own.host = "console.orveane.example".into();
        own.get("/forgotten").await;
        own.post("/forgotten", &[("email", INES)]).await;
        let mut found = Vec::new();
        for _ in 0..200 {
            found.extend(cerebro.mail_to(INES).await);
            if !found.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert!(found.iter().all(|mail| !mail.contains("evil.example")));
        assert!(found.iter().any(|mail| mail.contains("https://console.orveane.example/account/")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn z1_evidence_lost_in_the_middle_of_a_sign_in_opens_nothing_and_uses_nothing_up() {
    each_engine(async |cerebro| {
        let mut ines = Browser::new(cerebro);
        cerebro.clock.advance(Duration::from_secs(30));
        ines.password(INES, PASSWORD).await;
        ines.get("/sign-in/code").await;
        cerebro.evidence_is_kept(false).await;
        let page = ines.post("/sign-in/code", &[("code", &cerebro.code()), ("next", "/")]).await;
        assert!(page.status >= 500, "{}", page.status);
        assert!(!ines.jar.contains_key("__Host-cerebro"), "no session");
        cerebro.evidence_is_kept(true).await;
        assert!(ines.get("/queue").await.location.starts_with("/sign-in"));
        ines.get("/sign-in/code").await;
        let page = ines.post("/sign-in/code", &[("code", &cerebro.code()), ("next", "/")]).await;
        assert_eq!(page.location, "/", "the same code still counts: {}", page.body);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn z2_t3_one_code_on_two_nodes_at_once_opens_one_session() {
    each_engine(async |cerebro| {
        let first = Browser::new(cerebro);
        let second = match cerebro.another_node().await {
            Some(node) => first.clone().on_node(node, cerebro),
            None => first.clone(),
        };
        cerebro.clock.advance(Duration::from_secs(30));
        let mut browsers = Vec::new();
        for number in 0..8 {
            let mut browser = if number % 2 == 0 { first.clone() } else { second.clone() };
            assert_eq!(browser.password(INES, PASSWORD).await.location, "/sign-in/code?next=/");
            browser.get("/sign-in/code").await;
            browsers.push(browser);
        }
        let code = cerebro.code();
        let tries = browsers.into_iter().map(|mut browser| {
            let code = code.clone();
            tokio::spawn(async move {
                browser.post("/sign-in/code", &[("code", &code), ("next", "/")]).await.status
            })
        });
        let mut opened = 0;
        for one in tries.collect::<Vec<_>>() {
            opened += usize::from(one.await.unwrap() == 303);
        }
        assert_eq!(opened, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn u3_u4_entries_of_signing_in_name_factor_and_place_and_no_secret_or_address() {
    each_engine(async |cerebro| {
        let mut ines = Browser::new(cerebro);
        ines.password(INES, "Another 5 password!\r\n\u{1b}[2J").await;
        ines.sign_in(cerebro, INES).await;
        cerebro.seal().await;
        let felix = cerebro.sign_in("felix.quemener@orveane.example").await;
        let permit = felix.op.permit(action::ReadLedger, cerebro.bank).await.unwrap();
        let page =
            operations::evidence::look::look(&cerebro.cerebro, &felix.op, &permit, None).await.unwrap();
        let kinds: Vec<&str> = page.latest.iter().map(|(_, entry)| entry.kind.as_str()).collect();
        assert!(kinds.contains(&"session.opened") && kinds.contains(&"session.refused"), "{kinds:?}");
        for (_, entry) in &page.latest {
            let leaf = String::from_utf8_lossy(&entry.to_bytes()).into_owned();
            for secret in [PASSWORD, "Another", INES, "Kermadec", "192.0.2"] {
                assert!(!leaf.contains(secret), "{secret} in {leaf}");
            }
            assert!(!leaf.contains('\u{1b}') && !leaf.contains('\r'), "{leaf:?}");
            assert!(entry.at.rfc3339().ends_with('Z'));
        }
    })
    .await;
}

/// Every page and every act of an administrator asked by whoever is not one: C1 without the token of the session, C5 with
/// fields that no form has.
#[tokio::test(flavor = "multi_thread")]
async fn c5_fields_that_no_form_has_change_nothing() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        browser.get("/account-request").await;
        let fields = [
            ("name", "Gaspard Nivelle"),
            ("email", "gaspard.nivelle@orveane.example"),
            ("reason", "Renfort"),
            ("status", "active"),
            ("approved_by", "account_00000000000000000000000000"),
            ("mission-administrator", "yes"),
            ("sensitive", ""),
            ("organisation", "org_00000000000000000000000000"),
        ];
        browser.post("/account-request", &fields).await;
        let mut hugues = administrator(cerebro, HUGUES).await;
        let href = super::people::request_of(&mut hugues, "Gaspard Nivelle").await;
        let page = hugues.get(&href).await;
        assert!(page.body.contains("/approve") && !page.body.contains("Missions demandées"), "{}", page.body);
        assert!(
            browser
                .password("gaspard.nivelle@orveane.example", PASSWORD)
                .await
                .body
                .contains("Connexion refusée")
        );
        // The same field twice is no form of ours.
        browser.get("/sign-in").await;
        let twice = [("email", INES), ("email", ODILE), ("password", PASSWORD), ("next", "/")];
        assert!(browser.post("/sign-in", &twice).await.status >= 400);
        // A method is what it is, whatever a field says.
        let page = browser.post("/queue", &[("_method", "GET")]).await;
        assert!(page.status == 405 || page.location.starts_with("/sign-in"), "{}", page.status);
    })
    .await;
}
