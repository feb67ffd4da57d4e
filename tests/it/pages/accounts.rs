//! Accounts come to be: asked for, approved by somebody else, activated by a link (clauses A4, A5).

use std::time::Duration;

use super::people::{GASPARD, HUGUES, INES, ODILE, approve, ask, invite, link, request_of};
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, each_engine};

const NEW_PASSWORD: &str = "Trois 7 saules penchent";

#[tokio::test(flavor = "multi_thread")]
async fn clause_a4_k1_an_account_asked_for_does_nothing_until_approved_and_activated() {
    each_engine(async |cerebro| {
        let mut stranger = Browser::new(cerebro);
        assert!(ask(&mut stranger, "Gaspard Nivelle", GASPARD).await.body.contains("Demande reçue"));
        assert!(stranger.password(GASPARD, PASSWORD).await.body.contains("Connexion refusée"));
        let mut odile = Browser::new(cerebro);
        odile.sign_in(cerebro, ODILE).await;
        let href = request_of(&mut odile, "Gaspard Nivelle").await;
        let page = odile.get(&href).await;
        assert!(
            page.body.contains("Renfort de la validation") && page.body.contains("la personne elle-même")
        );
        assert_eq!(approve(&mut odile, "Gaspard Nivelle").await.location, "/accounts/requests");
        let page = odile.get(&href).await;
        assert!(page.body.contains("Actif") && !page.body.contains("/approve"), "answered once");
        assert_eq!(odile.post(&format!("{href}/approve"), &[]).await.status, 409);
        assert!(stranger.password(GASPARD, PASSWORD).await.body.contains("Connexion refusée"));
        let link = link(cerebro, GASPARD).await;
        let mut gaspard = stranger.another();
        for _ in 0..2 {
            assert_eq!(gaspard.get(&link).await.status, 200, "a scanner that follows it uses nothing up");
        }
        let weak = [("password", "Nivelle2026!"), ("again", "Nivelle2026!")];
        assert!(gaspard.post(&link, &weak).await.body.contains("devine facilement"));
        let apart = [("password", NEW_PASSWORD), ("again", PASSWORD)];
        assert_eq!(gaspard.post(&link, &apart).await.status, 422);
        let same = [("password", NEW_PASSWORD), ("again", NEW_PASSWORD)];
        assert!(gaspard.post(&link, &same).await.body.contains("est choisi"));
        assert_eq!(gaspard.post(&link, &same).await.status, 410, "K2: good once");
        assert_eq!(gaspard.get(&link).await.status, 410);
        assert_eq!(gaspard.password(GASPARD, NEW_PASSWORD).await.location, "/security?next=/");
        assert_eq!(gaspard.get("/queue").await.status, 403, "R1: a new account has no right");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e2_asking_tells_nothing_of_who_exists() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        let mut bodies = Vec::new();
        for email in [INES, GASPARD, "someone@unknown.example"] {
            let page = ask(&mut browser, "Gaspard Nivelle", email).await;
            assert_eq!(page.status, 200);
            bodies.push(page.body);
        }
        bodies.dedup();
        assert_eq!(bodies.len(), 1);
        for _ in 0..2 {
            ask(&mut browser, "Gaspard Nivelle", "other@unknown.example").await;
        }
        let page = ask(&mut browser, "Gaspard Nivelle", "other@unknown.example").await;
        assert_eq!(page.status, 422, "five from one network, then it waits");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a4_a3_nobody_approves_what_goes_back_to_them() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) = (Browser::new(cerebro), Browser::new(cerebro));
        odile.sign_in(cerebro, ODILE).await;
        hugues.sign_in(cerebro, HUGUES).await;
        // What she asked for.
        assert_eq!(invite(&mut odile, "Gaspard Nivelle", GASPARD, "").await.location, "/accounts/requests");
        let page = approve(&mut odile, "Gaspard Nivelle").await;
        assert_eq!(page.status, 403);
        assert!(page.body.contains("remonte à vous"));
        // A second account of hers, under her name in another order.
        ask(&mut odile.another(), "SARRAZIN Odile", "odile.sarrazin-adm@orveane.example").await;
        assert_eq!(approve(&mut odile, "SARRAZIN Odile").await.status, 403);
        assert_eq!(approve(&mut hugues, "SARRAZIN Odile").await.status, 303);
        assert_eq!(approve(&mut hugues, "Gaspard Nivelle").await.status, 303);
        // Administration is not an invitation's to give.
        let href = odile.get("/accounts").await;
        let (_, row) = href.body.split_once(">Gaspard Nivelle</a>").unwrap();
        let row = row.split("</tr>").next().unwrap();
        assert!(row.contains("Opérat") && !row.contains("Administrat"), "{row}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a5_k3_role_mailboxes_are_refused_and_exceptions_recorded() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        for (name, email) in [
            ("Gaspard Nivelle", "conformite@orveane.example"),
            ("Gaspard Nivelle", "ops@orveane.example"),
            ("Service Conformité", GASPARD),
            ("", GASPARD),
        ] {
            assert_eq!(ask(&mut browser, name, email).await.status, 422, "{name} {email}");
        }
        let mut odile = Browser::new(cerebro);
        odile.sign_in(cerebro, ODILE).await;
        let page = invite(&mut odile, "Marc Conformité", "conformite@orveane.example", "").await;
        assert!(page.status == 422 && page.body.contains("name=\"exception\""));
        let why = "Son nom de famille est Conformité";
        let page = invite(&mut odile, "Marc Conformité", "conformite@orveane.example", why).await;
        assert_eq!(page.location, "/accounts/requests");
        let href = request_of(&mut odile, "Marc Conformité").await;
        assert!(odile.get(&href).await.body.contains(why), "whoever approves sees it");
        assert_eq!(invite(&mut odile, "Paul Anselin", "paul.anselin@quillon.example", "").await.status, 422);
        assert_eq!(invite(&mut odile, "Ines Kermadec", INES, "").await.status, 422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn k2_a_request_nobody_answers_is_purged_and_its_address_is_free() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        ask(&mut browser, "Gaspard Nivelle", GASPARD).await;
        cerebro.clock.advance(Duration::from_secs(30 * 24 * 3600 - 1));
        assert_eq!(operations::accounts::refuse::purge_due(&cerebro.cerebro).await.unwrap(), 0);
        cerebro.clock.advance(Duration::from_secs(1));
        assert_eq!(operations::accounts::refuse::purge_due(&cerebro.cerebro).await.unwrap(), 1);
        let mut odile = Browser::new(cerebro);
        odile.sign_in(cerebro, ODILE).await;
        assert!(odile.get("/accounts/requests").await.body.contains("Aucune demande"));
        ask(&mut browser, "Gaspard Nivelle", GASPARD).await;
        request_of(&mut odile, "Gaspard Nivelle").await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a1_coverage_is_a_figure_with_its_list() {
    each_engine(async |cerebro| {
        let mut odile = Browser::new(cerebro);
        odile.sign_in(cerebro, ODILE).await;
        let page = odile.get("/accounts").await;
        assert!(
            page.body.contains("<dd>3 / 4</dd>") && page.body.contains("<dd>9 / 11</dd>"),
            "{}",
            page.body
        );
        let page = odile.get("/accounts?show=uncovered").await;
        let rows: Vec<_> = page.body.matches("<th scope=\"row\">").collect();
        assert_eq!(rows.len(), 2);
        assert!(page.body.contains("Bastien Lormeau") && page.body.contains("Clemence Aubertin"));
        assert!(page.body.contains("alors qu’il est obligatoire"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a2_the_accounts_of_another_organisation_are_not_found() {
    each_engine(async |cerebro| {
        let mut odile = Browser::new(cerebro);
        odile.sign_in(cerebro, ODILE).await;
        let stranger = cerebro.stranger;
        for path in ["", "/approve", "/suspend", "/reinstate", "/close"] {
            let page = odile.get(&format!("/accounts/{stranger}{path}")).await;
            let none = odile.get("/accounts/account_00000000000000000000000000").await;
            assert_eq!((page.status, none.status), (404, 404));
        }
        odile.get("/accounts").await;
        for verb in ["approve", "refuse"] {
            assert_eq!(odile.post(&format!("/accounts/{stranger}/{verb}"), &[]).await.status, 404);
        }
        for verb in ["suspend", "reinstate", "close"] {
            let fields = [("reason", "Par erreur")];
            assert_eq!(odile.post(&format!("/accounts/{stranger}/{verb}"), &fields).await.status, 404);
        }
        let mut ines = Browser::new(cerebro);
        ines.sign_in(cerebro, INES).await;
        for path in ["/accounts", "/accounts/requests", "/accounts/invite", &format!("/accounts/{stranger}")]
        {
            assert_eq!(ines.get(path).await.status, 403, "{path}");
        }
    })
    .await;
}
