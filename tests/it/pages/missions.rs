//! Missions are given and withdrawn (clauses R1, R4); what weakens security takes two.

use std::time::Duration;

use access::action;
use operations::accounts::standing::StandingError;
use operations::missions::{list, withdraw};
use operations::organisation::Reason;
use vocabulary::GrantId;

use super::people::{CLEMENCE, HUGUES, INES, ODILE, administrator, approve, ask, href_of};
use crate::support::browser::Page;
use crate::support::cerebro::{PASSWORD, Person};
use crate::support::{Browser, TestCerebro, each_engine};

const MAELLE: &str = "maelle.brisson@orveane.example";
const FELIX: &str = "felix.quemener@orveane.example";

async fn give(browser: &mut Browser, href: &str, mission: &str, from: &str, until: &str) -> Page {
    let path = format!("{href}/missions");
    assert_eq!(browser.get(&path).await.status, 200);
    let fields =
        [("mission", mission), ("from", from), ("until", until), ("reason", "Renfort de fin d’année")];
    browser.post(&path, &fields).await
}

/// Where the mission of this name is withdrawn, on an account's page.
fn withdrawal(page: &Page, mission: &str) -> Option<String> {
    let (_, rest) = page.body.split_once(&format!("<th scope=\"row\">{mission}<small>"))?;
    let row = rest.split("</tr>").next()?;
    let (before, _) = row.split_once("/withdraw\"")?;
    Some(format!("{}/withdraw", before.rsplit('"').next()?))
}

async fn take(browser: &mut Browser, path: &str) -> Page {
    browser.get(path).await;
    browser.post(path, &[("reason", "Fin du renfort")]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r1_a7_a_mission_counts_from_its_first_day_to_its_last_and_shows_its_use() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        let mut felix = administrator(cerebro, FELIX).await;
        assert_eq!(felix.get("/queue").await.status, 403);
        let href = href_of(&mut odile, "Felix Quemener").await;
        // It is 24 November 2026 in the tests.
        let page = give(&mut odile, &href, "operator", "2026-11-25", "2026-11-25").await;
        assert!(page.location.starts_with(&href), "{} {}", page.status, page.body);
        let page = odile.get(&page.location).await;
        assert!(page.body.contains("Mission donnée.") && page.body.contains("Renfort de fin d’année"));
        assert!(page.body.contains("jamais"), "not used yet");
        assert!(cerebro.mail_to(FELIX).await.iter().any(|mail| mail.contains("«\u{a0}opérations\u{a0}»")));
        assert_eq!(felix.get("/queue").await.status, 403, "tomorrow");
        cerebro.clock.advance(Duration::from_secs(12 * 3600));
        let (mut odile, mut felix) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, FELIX).await);
        assert_eq!(felix.get("/queue").await.status, 200);
        let page = odile.get(&href).await;
        assert!(page.body.contains("data-l=\"Dernier usage\">25 nov."), "{}", page.body);
        cerebro.clock.advance(Duration::from_secs(24 * 3600));
        let mut felix = administrator(cerebro, FELIX).await;
        assert_eq!(felix.get("/queue").await.status, 403, "its last day is over");
        let page = administrator(cerebro, ODILE).await.get(&href).await;
        assert!(page.body.contains("terminée\u{a0}:") && withdrawal(&page, "Opérations").is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r4_s5_a_mission_withdrawn_is_gone_at_the_next_request() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        let mut ines = administrator(cerebro, INES).await;
        assert_eq!(ines.get("/queue").await.status, 200);
        let href = href_of(&mut odile, "Ines Kermadec").await;
        let path = withdrawal(&odile.get(&href).await, "Opérations").unwrap();
        assert_eq!(odile.post(&path, &[("reason", "")]).await.status, 422);
        let page = take(&mut odile, &path).await;
        assert!(odile.get(&page.location).await.body.contains("Mission retirée."));
        assert_eq!(ines.get("/queue").await.status, 403);
        assert_eq!(take(&mut odile, &path).await.status, 404, "once");
        // Given again, it counts again: in the same session.
        give(&mut odile, &href, "operator", "", "").await;
        assert_eq!(ines.get("/queue").await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t1_s2_m1_a_mission_of_administration_given_meanwhile_counts_at_once() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let mut clemence = Browser::new(cerebro);
        clemence.password(CLEMENCE, PASSWORD).await;
        clemence.get("/security").await;
        clemence.post("/security/postpone", &[("next", "/")]).await;
        assert_eq!(clemence.get("/queue").await.status, 200);
        let href = href_of(&mut odile, "Clemence Aubertin").await;
        let change = give(&mut odile, &href, "administrator", "", "").await.location;
        let change = change.split('?').next().unwrap().to_owned();
        assert!(change.starts_with("/changes/change_"), "{change}");
        assert_eq!(clemence.get("/queue").await.status, 200, "asked for is not given");
        hugues.get(&change).await;
        let page = hugues.post(&format!("{change}/approve"), &[]).await;
        assert!(hugues.get(&page.location).await.body.contains("Accordé, et fait."));
        assert_eq!(clemence.get("/queue").await.location, "/security", "who administers must have a factor");
        assert_eq!(hugues.post(&format!("{change}/approve"), &[]).await.status, 409, "once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a3_a4_whoever_asks_agrees_and_benefits_are_three_people() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        // To herself, and to a second account under her name.
        let own = href_of(&mut odile, "Odile Sarrazin").await;
        for mission in ["operator", "arbiter", "supervisor"] {
            let page = give(&mut odile, &own, mission, "", "").await;
            assert!(page.status == 422 && page.body.contains("Personne ne se donne"), "{mission}");
        }
        ask(&mut odile.another(), "SARRAZIN Odile", "odile.sarrazin-adm@orveane.example").await;
        approve(&mut hugues, "SARRAZIN Odile").await;
        let second = href_of(&mut odile, "SARRAZIN Odile").await;
        assert_eq!(give(&mut odile, &second, "administrator", "", "").await.status, 422);
        // Hugues may ask for it; Odile, whom it is for, may not agree.
        let change = give(&mut hugues, &second, "administrator", "", "").await.location;
        let change = change.split('?').next().unwrap().to_owned();
        for who in [&mut odile, &mut hugues] {
            who.get(&change).await;
            let page = who.post(&format!("{change}/approve"), &[]).await;
            assert!(page.status == 403 && page.body.contains("ne pouvez pas accorder"));
        }
        assert_eq!(give(&mut hugues, &second, "administrator", "", "").await.status, 422, "asked already");
        odile.get(&change).await;
        assert_eq!(odile.post(&format!("{change}/refuse"), &[]).await.status, 303);
        assert!(odile.get("/changes").await.body.contains("Refusé"));
        // Nobody outside administration sees or answers any of it.
        let mut maelle = administrator(cerebro, MAELLE).await;
        maelle.get("/security").await;
        assert_eq!(maelle.get(&change).await.status, 403);
        assert_eq!(maelle.post(&format!("{change}/approve"), &[]).await.status, 403);
        assert_eq!(maelle.post(&format!("{own}/missions"), &[("mission", "operator")]).await.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_lapses_and_dies_with_who_asked_for_it() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let maelle = href_of(&mut odile, "Maelle Brisson").await;
        let change = give(&mut odile, &maelle, "administrator", "", "").await.location;
        let change = change.split('?').next().unwrap().to_owned();
        let own = href_of(&mut hugues, "Odile Sarrazin").await;
        let path = withdrawal(&hugues.get(&own).await, "Administration").unwrap();
        assert_eq!(take(&mut hugues, &path).await.status, 303);
        hugues.get(&change).await;
        let page = hugues.post(&format!("{change}/approve"), &[]).await;
        assert!(page.status == 409 && page.body.contains("n’administre plus"));
        cerebro.clock.advance(Duration::from_secs(7 * 24 * 3600 - 1));
        assert_eq!(operations::changes::refuse::lapse_due(&cerebro.cerebro).await.unwrap(), 0);
        cerebro.clock.advance(Duration::from_secs(60));
        assert_eq!(operations::changes::refuse::lapse_due(&cerebro.cerebro).await.unwrap(), 1);
        let page = administrator(cerebro, HUGUES).await.get(&change).await;
        assert!(page.body.contains("Sans réponse") && !page.body.contains("/approve\""));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_mission_can_be() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        let href = href_of(&mut odile, "Maelle Brisson").await;
        for (mission, from, until) in [
            ("connector", "", ""),
            ("", "", ""),
            ("root", "", ""),
            ("supervisor", "", ""),
            ("operator", "2026-12-02", "2026-12-01"),
            ("operator", "2026-13-02", ""),
            ("operator", "2028-01-01", ""),
            ("operator", "", "2020-01-01"),
            ("operator", "", "9999-12-31"),
        ] {
            assert_eq!(
                give(&mut odile, &href, mission, from, until).await.status,
                422,
                "{mission} {from} {until}"
            );
        }
        let service = href_of(&mut odile, "CRM").await;
        assert_eq!(give(&mut odile, &service, "administrator", "", "").await.status, 422);
        let stranger = cerebro.stranger;
        let fields = [("mission", "operator"), ("reason", "Par erreur")];
        assert_eq!(odile.post(&format!("/accounts/{stranger}/missions"), &fields).await.status, 404);
    })
    .await;
}

async fn grant_of(cerebro: &TestCerebro, who: &Person, whose: &Person) -> GrantId {
    let permit = who.op.permit(action::ReadAccounts, cerebro.bank).await.unwrap();
    let held = list::list(&who.op, &permit, whose.op.actor().account().unwrap()).await.unwrap();
    held.first().unwrap().id
}

async fn end(cerebro: &TestCerebro, who: &Person, grant: GrantId) -> Result<(), StandingError> {
    let permit = who
        .op
        .permit(action::WithdrawMission, grant)
        .await
        .map_err(|error| StandingError::Operation(access::OperationError::Denied(error)))?;
    withdraw::withdraw(&cerebro.cerebro, &who.op, permit, Reason::parse("Course").unwrap(), None)
        .await
        .map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn l1_two_administrators_who_demote_each_other_at_once_leave_one() {
    each_engine(async |cerebro| {
        let (odile, hugues) = (cerebro.sign_in(ODILE).await, cerebro.sign_in(HUGUES).await);
        let (one, two) = (grant_of(cerebro, &odile, &odile).await, grant_of(cerebro, &odile, &hugues).await);
        for round in 0..200 {
            let (first, second) = if round % 2 == 0 {
                tokio::join!(end(cerebro, &odile, two), end(cerebro, &hugues, one))
            } else {
                tokio::join!(end(cerebro, &odile, one), end(cerebro, &hugues, two))
            };
            assert!(first.is_ok() != second.is_ok(), "round {round}: {first:?} {second:?}");
            super::standing::restore(cerebro).await;
        }
    })
    .await;
}
