//! Sign-ins from a new device or network (clauses T2, T4), and guesses made from many (attacks B, E, N).

use std::time::Duration;

use identity::place::NewPlace;
use operations::organisation::Places;

use crate::support::browser::Page;
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, TestCerebro, each_engine};

const INES: &str = "ines.kermadec@orveane.example";
const CLEMENCE: &str = "clemence.aubertin@orveane.example";
/// Of the organisation that a test founds with its own policy: an operator, two administrators, and who has no factor.
const ADA: &str = "ada.orme@orme.example";
const BO: &str = "bo.orme@orme.example";
const DAN: &str = "dan.chene@orme.example";
const CLEO: &str = "cleo.orme@orme.example";

/// The code in the last mail to an address.
async fn mailed(cerebro: &TestCerebro, email: &str) -> String {
    let mails = cerebro.mail_to(email).await;
    let digits = |line: &str| line.len() == 8 && line.bytes().all(|byte| byte.is_ascii_digit());
    let line = mails.iter().rev().flat_map(|text| text.lines()).map(str::trim).find(|line| digits(line));
    line.expect("a code was sent").to_owned()
}

/// Both steps with an app; the page that answers the second.
async fn both_steps(cerebro: &TestCerebro, browser: &mut Browser, email: &str) -> Page {
    cerebro.clock.advance(Duration::from_secs(30));
    assert_eq!(browser.password(email, PASSWORD).await.location, "/sign-in/code?next=/");
    browser.get("/sign-in/code").await;
    browser.post("/sign-in/code", &[("code", &cerebro.code()), ("next", "/")]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t2_n1_a_password_alone_from_a_new_place_is_not_enough() {
    each_engine(async |cerebro| {
        let mut first = Browser::new(cerebro);
        let page = first.another().password(CLEMENCE, PASSWORD).await;
        assert_eq!(page.location, "/security?next=/", "the very first time follows a link to their mailbox");
        assert_eq!(first.password(CLEMENCE, PASSWORD).await.location, "/sign-in/mail");
        first.get("/sign-in/mail").await;
        let code = mailed(cerebro, CLEMENCE).await;
        let wrong = if code == "00000000" { "00000001" } else { "00000000" };
        assert_eq!(first.post("/sign-in/mail", &[("code", wrong)]).await.status, 422);
        // Nine at once: one code, one session.
        let tries: Vec<_> = (0..8)
            .map(|_| {
                let (mut one, code) = (first.clone(), code.clone());
                tokio::spawn(async move {
                    let page = one.post("/sign-in/mail", &[("code", &code), ("next", "/security")]).await;
                    (page.location == "/security").then_some(one)
                })
            })
            .collect();
        let mut inside = Vec::new();
        for attempt in tries {
            inside.extend(attempt.await.unwrap());
        }
        assert_eq!(inside.len(), 1);
        let mut known = inside.pop().unwrap();
        assert_eq!(known.get("/queue").await.status, 200);
        // The same browser on the same network, an hour later.
        cerebro.clock.advance(Duration::from_secs(3600));
        assert_eq!(known.password(CLEMENCE, PASSWORD).await.location, "/security?next=/");
        // N3: a neighbouring address is no news; another network is.
        known.peer = "192.0.2.200:40000".parse().unwrap();
        assert_eq!(known.password(CLEMENCE, PASSWORD).await.location, "/security?next=/");
        known.peer = "198.51.100.7:40000".parse().unwrap();
        assert_eq!(known.password(CLEMENCE, PASSWORD).await.location, "/sign-in/mail");
        // Another browser; and a cookie we did not mark, or marked for nobody.
        let mut other = first.another();
        assert_eq!(other.password(CLEMENCE, PASSWORD).await.location, "/sign-in/mail");
        other.jar.insert("__Host-cerebro-device".into(), format!("{}.{}", "A".repeat(43), "A".repeat(43)));
        assert_eq!(other.password(CLEMENCE, PASSWORD).await.location, "/sign-in/mail");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn n1_a_code_is_of_its_own_sign_in_and_time() {
    each_engine(async |cerebro| {
        let mut one = Browser::new(cerebro);
        one.another().password(CLEMENCE, PASSWORD).await;
        one.password(CLEMENCE, PASSWORD).await;
        let code = mailed(cerebro, CLEMENCE).await;
        cerebro.clock.advance(Duration::from_secs(1));
        let mut two = one.another();
        two.password(CLEMENCE, PASSWORD).await;
        two.get("/sign-in/mail").await;
        assert_eq!(two.post("/sign-in/mail", &[("code", &code)]).await.status, 422, "of another sign-in");
        let fresh = mailed(cerebro, CLEMENCE).await;
        one.get("/sign-in/mail").await;
        assert_eq!(
            one.post("/sign-in/mail", &[("code", &code)]).await.status,
            422,
            "replaced by a later one"
        );
        cerebro.clock.advance(Duration::from_secs(300 + 1));
        assert_eq!(two.post("/sign-in/mail", &[("code", &fresh)]).await.status, 422, "too late");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t2_a_second_factor_is_the_verification_and_its_holder_is_told() {
    each_engine(async |cerebro| {
        let mut ines = Browser::new(cerebro);
        ines.sign_in(cerebro, INES).await;
        assert!(cerebro.mail_to(INES).await.is_empty(), "the first time there is nothing to compare with");
        ines.sign_in(cerebro, INES).await;
        assert!(cerebro.mail_to(INES).await.is_empty(), "known");
        ines.another().sign_in(cerebro, INES).await;
        assert!(cerebro.mail_to(INES).await.iter().any(|text| text.contains("192.0.2.0/24")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t2_clause_t4_n4_refuse_takes_a_new_device_on_a_trusted_network_only() {
    each_engine(async |cerebro| {
        let trusted = vec!["192.0.2.0/24".parse().unwrap()];
        cerebro.found(Places { trusted, operational: NewPlace::Refuse, ..Places::default() }).await;
        let mut ada = Browser::new(cerebro);
        ada.peer = "203.0.113.9:5000".parse().unwrap();
        let page = ada.get("/sign-in").await;
        assert!(page.body.contains("Réseau non déclaré"), "T4: told so");
        let page = both_steps(cerebro, &mut ada, ADA).await;
        assert!(page.status == 422 && page.body.contains("Connexion refusée d’ici"), "{}", page.body);
        ada.peer = "192.0.2.9:5000".parse().unwrap();
        assert!(!ada.get("/sign-in").await.body.contains("Réseau non déclaré"));
        assert_eq!(both_steps(cerebro, &mut ada, ADA).await.location, "/");
        // N2: the known device's cookie from elsewhere is a new network.
        ada.peer = "203.0.113.9:5000".parse().unwrap();
        assert_eq!(both_steps(cerebro, &mut ada, ADA).await.status, 422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t2_n1_approval_waits_for_another_administrator() {
    each_engine(async |cerebro| {
        let policy = Places {
            operational: NewPlace::Approval,
            administration: NewPlace::Approval,
            ..Places::default()
        };
        let trusted = Places { trusted: vec!["192.0.2.0/24".parse().unwrap()], ..policy };
        cerebro.found(trusted).await;
        // On the organisation's own network a first device is taken.
        let (mut bo, mut dan) = (Browser::new(cerebro), Browser::new(cerebro));
        assert_eq!(both_steps(cerebro, &mut bo, BO).await.location, "/");
        assert_eq!(both_steps(cerebro, &mut dan, DAN).await.location, "/");
        let mut ada = Browser::new(cerebro);
        ada.peer = "203.0.113.9:5000".parse().unwrap();
        for _ in 0..2 {
            let page = both_steps(cerebro, &mut ada, ADA).await;
            assert!(
                page.status == 422 && page.body.contains("Un administrateur doit approuver"),
                "{}",
                page.body
            );
        }
        let page = bo.get("/accounts/arrivals").await;
        let waiting = page.body.matches("/accounts/arrivals/arrival_").count();
        assert_eq!(waiting, 1, "asked twice, it waits once");
        let action = |page: &Page| {
            let (_, rest) = page.body.rsplit_once("action=\"/accounts/arrivals/").unwrap();
            format!("/accounts/arrivals/{}", rest.split('"').next().unwrap())
        };
        let last = action(&page);
        assert_eq!(bo.post(&last, &[("answer", "approve")]).await.location, "/accounts/arrivals");
        assert_eq!(bo.post(&last, &[("answer", "approve")]).await.status, 404, "answered once");
        assert_eq!(both_steps(cerebro, &mut ada, ADA).await.location, "/", "that device on that network");
        ada.peer = "198.51.100.9:5000".parse().unwrap();
        assert_eq!(both_steps(cerebro, &mut ada, ADA).await.status, 422, "and no other");
        // Nobody answers for themselves.
        let mut away = Browser::new(cerebro);
        away.peer = "203.0.113.10:5000".parse().unwrap();
        both_steps(cerebro, &mut away, BO).await;
        let page = bo.get("/accounts/arrivals").await;
        let own = action(&page);
        assert_ne!(own, last);
        assert_eq!(bo.post(&own, &[("answer", "approve")]).await.status, 403, "A3");
        dan.get("/accounts/arrivals").await;
        assert_eq!(dan.post(&own, &[("answer", "refuse")]).await.location, "/accounts/arrivals");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t2_the_code_by_mail_is_never_enough_for_who_must_have_a_factor() {
    each_engine(async |cerebro| {
        let policy = Places { administration: NewPlace::EmailedCode, ..Places::default() };
        cerebro.found(policy).await;
        let mut bo = Browser::new(cerebro);
        assert_eq!(
            bo.password(BO, PASSWORD).await.location,
            "/sign-in/code?next=/",
            "the factor is asked all the same"
        );
        let mut cleo = Browser::new(cerebro);
        cleo.another().password(CLEO, PASSWORD).await;
        assert_eq!(cleo.password(CLEO, PASSWORD).await.location, "/sign-in/mail");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b4_strangers_who_guess_do_not_lock_a_known_device_out() {
    each_engine(async |cerebro| {
        let mut ines = Browser::new(cerebro);
        ines.sign_in(cerebro, INES).await;
        let mut stranger = ines.another();
        stranger.peer = "203.0.113.9:5000".parse().unwrap();
        for _ in 0..10 {
            assert!(
                stranger.password(INES, "Quatre-Vingts 9 peupliers").await.body.contains("Connexion refusée")
            );
        }
        assert!(stranger.password(INES, PASSWORD).await.body.contains("Trop d’essais"));
        assert!(
            ines.another().password(INES, PASSWORD).await.body.contains("Trop d’essais"),
            "a new device waits"
        );
        ines.sign_in(cerebro, INES).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_b2_guesses_are_counted_by_account_and_by_network_on_every_node() {
    each_engine(async |cerebro| {
        let mut one = Browser::new(cerebro);
        let mut two = match cerebro.another_node().await {
            Some(node) => one.another().on_node(node, cerebro),
            None => one.another(),
        };
        two.peer = "198.51.100.7:5000".parse().unwrap();
        for nth in 0..10 {
            let browser = if nth % 2 == 0 { &mut one } else { &mut two };
            assert!(browser.password(INES, "wrong wrong wrong").await.body.contains("Connexion refusée"));
        }
        for browser in [&mut one, &mut two] {
            assert!(browser.password(INES, PASSWORD).await.body.contains("Trop d’essais"), "B2: together");
        }
        // One network, many accounts.
        for nth in 0..100 {
            one.password(&format!("person{}@orveane.example", nth % 40), "wrong wrong wrong").await;
        }
        assert!(one.password("fresh@orveane.example", PASSWORD).await.body.contains("Trop d’essais"), "B1");
        two.peer = "198.51.101.7:5000".parse().unwrap();
        assert!(two.password("fresh@orveane.example", PASSWORD).await.body.contains("Connexion refusée"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b3_one_password_on_many_accounts_raises_an_alarm_once() {
    each_engine(async |cerebro| {
        let mut sprayer = Browser::new(cerebro);
        for nth in 0..14 {
            sprayer.password(&format!("person{nth}@orveane.example"), "Printemps 2026!").await;
        }
        let kinds = cerebro.kinds().await;
        assert_eq!(kinds.iter().filter(|kind| *kind == "security.spraying").count(), 1, "{kinds:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e1_unknown_wrong_and_pending_are_one_answer() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        browser.get("/account-request").await;
        let fields = [
            ("name", "Gaspard Nivelle"),
            ("email", "gaspard.nivelle@orveane.example"),
            ("reason", "Renfort"),
        ];
        browser.post("/account-request", &fields).await;
        let mut bodies = Vec::new();
        for email in [INES, "nobody@orveane.example", "gaspard.nivelle@orveane.example", CLEMENCE] {
            let page = browser.password(email, "Quatre-Vingts 9 peupliers").await;
            assert_eq!(page.status, 422);
            bodies.push(page.body.replace(email, "EMAIL"));
        }
        bodies.dedup();
        assert_eq!(bodies.len(), 1);
    })
    .await;
}
