//! Accounts are suspended, reinstated and closed (clause R4); an organisation keeps an administrator.

use access::action;
use operations::accounts::standing::StandingError;
use operations::accounts::{close, suspend, token};
use operations::organisation::Reason;
use store::{Reach, Statement, StoreError, Tx};
use vocabulary::{AccountId, Scope};

use super::enrolment::enrol;
use super::people::{GASPARD, HUGUES, INES, ODILE, administrator, approve, href_of, invite, link};
use crate::support::cerebro::{PASSWORD, Person};
use crate::support::{Browser, TestCerebro, each_engine};

const NEW_PASSWORD: &str = "Trois 7 saules penchent";

/// Does one of the acts that ask why.
async fn act(browser: &mut Browser, href: &str, act: &str) -> crate::support::browser::Page {
    let path = format!("{href}/{act}");
    browser.get(&path).await;
    browser.post(&path, &[("reason", "Départ annoncé")]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r4_s5_a_suspended_account_is_out_at_the_next_request_on_every_node() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        let mut ines = Browser::new(cerebro);
        ines.sign_in(cerebro, INES).await;
        let mut elsewhere = Browser::new(cerebro);
        elsewhere.jar = ines.jar.clone();
        assert_eq!((ines.get("/queue").await.status, elsewhere.get("/queue").await.status), (200, 200));
        let href = href_of(&mut odile, "Ines Kermadec").await;
        assert_eq!(odile.post(&format!("{href}/suspend"), &[("reason", "")]).await.status, 422);
        let page = act(&mut odile, &href, "suspend").await;
        assert!(page.location.starts_with(&href), "{} {}", page.status, page.body);
        let page = odile.get(&page.location).await;
        assert!(page.body.contains("Suspendu") && page.body.contains("Compte suspendu."));
        for browser in [&mut ines, &mut elsewhere] {
            assert!(browser.get("/queue").await.location.starts_with("/sign-in"));
            assert!(browser.post("/sign-out", &[]).await.location.starts_with("/sign-in"));
        }
        assert!(ines.another().password(INES, PASSWORD).await.body.contains("Connexion refusée"));
        assert!(cerebro.mail_to(INES).await.iter().any(|mail| mail.contains("a suspendu votre compte")));
        assert_eq!(act(&mut odile, &href, "suspend").await.status, 422, "once");
        // Back again, with what was given and nothing that was open.
        assert_eq!(act(&mut odile, &href, "reinstate").await.status, 303);
        assert!(elsewhere.get("/queue").await.location.starts_with("/sign-in"));
        ines.sign_in(cerebro, INES).await;
        assert_eq!(ines.get("/queue").await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r4_links_and_half_made_sign_ins_and_tokens_end_with_the_account() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        invite(&mut odile, "Gaspard Nivelle", GASPARD, "").await;
        approve(&mut hugues, "Gaspard Nivelle").await;
        let path = link(cerebro, GASPARD).await;
        let mut gaspard = odile.another();
        assert_eq!(gaspard.get(&path).await.status, 200);
        let href = href_of(&mut odile, "Gaspard Nivelle").await;
        act(&mut odile, &href, "suspend").await;
        assert_eq!(gaspard.get(&path).await.status, 410);
        act(&mut odile, &href, "reinstate").await;
        assert_eq!(gaspard.get(&path).await.status, 410, "a link does not wake up either");
        // The password was shown; the code comes after the suspension.
        let mut ines = odile.another();
        cerebro.clock.advance(std::time::Duration::from_secs(30));
        ines.password(INES, PASSWORD).await;
        ines.get("/sign-in/code").await;
        let href = href_of(&mut odile, "Ines Kermadec").await;
        act(&mut odile, &href, "suspend").await;
        let page = ines.post("/sign-in/code", &[("code", &cerebro.code()), ("next", "/")]).await;
        assert_eq!(page.status, 422);
        // A service.
        let instance = cerebro.cerebro.instance();
        assert!(token::behind(instance, &cerebro.token).await.unwrap().is_some());
        let href = href_of(&mut odile, "CRM").await;
        act(&mut odile, &href, "suspend").await;
        assert!(token::behind(instance, &cerebro.token).await.unwrap().is_none());
        act(&mut odile, &href, "reinstate").await;
        assert!(token::behind(instance, &cerebro.token).await.unwrap().is_some());
        act(&mut odile, &href, "close").await;
        assert!(token::behind(instance, &cerebro.token).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn k4_an_account_made_anew_under_the_same_address_inherits_nothing() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let mut ines = odile.another();
        ines.sign_in(cerebro, INES).await;
        let href = href_of(&mut odile, "Ines Kermadec").await;
        assert_eq!(act(&mut odile, &href, "close").await.status, 303);
        let page = odile.get(&href).await;
        assert!(page.body.contains("Fermé") && !page.body.contains("/reinstate"), "for good");
        assert_eq!(act(&mut odile, &href, "reinstate").await.status, 422);
        let mut anew = odile.another();
        anew.get("/account-request").await;
        let fields = [("name", "Ines Kermadec"), ("email", INES), ("reason", "Retour")];
        anew.post("/account-request", &fields).await;
        approve(&mut hugues, "Ines Kermadec").await;
        assert!(anew.password(INES, PASSWORD).await.body.contains("Connexion refusée"), "no old password");
        let path = link(cerebro, INES).await;
        anew.get(&path).await;
        anew.post(&path, &[("password", NEW_PASSWORD), ("again", NEW_PASSWORD)]).await;
        let page = anew.password(INES, NEW_PASSWORD).await;
        assert_eq!(page.location, "/security?next=/", "no old second factor");
        assert_eq!(anew.get("/queue").await.status, 403, "no old mission");
        assert!(ines.get("/queue").await.location.starts_with("/sign-in"), "no old session");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn l1_the_last_administrator_stays_and_administration_does_not_come_back_by_itself() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        let mut hugues = administrator(cerebro, HUGUES).await;
        let (own, other) =
            (href_of(&mut odile, "Odile Sarrazin").await, href_of(&mut odile, "Hugues Tallec").await);
        assert_eq!(act(&mut odile, &other, "suspend").await.status, 303);
        assert!(hugues.get("/accounts").await.location.starts_with("/sign-in"));
        // Bastien administers too, but has no second factor: he could do nothing.
        for verb in ["suspend", "close"] {
            let page = act(&mut odile, &own, verb).await;
            assert!(page.status == 422 && page.body.contains("dernier administrateur"), "{verb}");
        }
        assert_eq!(act(&mut odile, &other, "reinstate").await.status, 303);
        hugues.sign_in(cerebro, HUGUES).await;
        assert_eq!(hugues.get("/accounts").await.status, 403);
        let page = act(&mut odile, &own, "suspend").await;
        assert_eq!(page.status, 422, "he administers no more");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn l2_fewer_than_two_administrators_is_said() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        let said = "Un seul administrateur pourrait continuer seul";
        assert!(!odile.get("/accounts").await.body.contains(said), "two can: Odile and Hugues");
        let href = href_of(&mut odile, "Hugues Tallec").await;
        assert_eq!(act(&mut odile, &href, "suspend").await.status, 303);
        // Bastien holds the mission and has no second factor: he could not go on.
        assert!(odile.get("/accounts").await.body.contains(said));
        let mut bastien = Browser::new(cerebro);
        bastien.password("bastien.lormeau@orveane.example", PASSWORD).await;
        enrol(cerebro, &mut bastien).await;
        assert!(!odile.get("/accounts").await.body.contains(said), "he can now");
    })
    .await;
}

/// Everything as before a race.
const RESTORE: [&Statement; 4] = [
    &Statement {
        name: "test::ACCOUNTS",
        reach: Reach::Organisation,
        sqlite: "UPDATE account SET status = 'active' WHERE organisation = $1",
        postgres: "UPDATE account SET status = 'active' WHERE organisation = $1",
    },
    &Statement {
        name: "test::GRANTS",
        reach: Reach::Organisation,
        sqlite: "UPDATE mission_grant SET ended_at = NULL WHERE organisation = $1",
        postgres: "UPDATE mission_grant SET ended_at = NULL WHERE organisation = $1",
    },
    &Statement {
        name: "test::AUTHENTICATORS",
        reach: Reach::Organisation,
        sqlite: "UPDATE authenticator SET ended_at = NULL WHERE organisation = $1",
        postgres: "UPDATE authenticator SET ended_at = NULL WHERE organisation = $1",
    },
    &Statement {
        name: "test::SESSIONS",
        reach: Reach::Organisation,
        sqlite: "UPDATE session SET ended_at = NULL WHERE organisation = $1",
        postgres: "UPDATE session SET ended_at = NULL WHERE organisation = $1",
    },
];

pub(super) async fn restore(cerebro: &TestCerebro) {
    let outcome = cerebro
        .store
        .write(Scope::Organisation(cerebro.bank), async |tx: &mut Tx<'_>| {
            for statement in RESTORE {
                tx.execute(statement, vec![]).await?;
            }
            Ok::<_, StoreError>(((), Vec::new()))
        })
        .await;
    outcome.unwrap();
}

async fn end(
    cerebro: &TestCerebro,
    who: &Person,
    whom: AccountId,
    closing: bool,
) -> Result<(), StandingError> {
    let reason = Reason::parse("Course").unwrap();
    let denied = |error| StandingError::Operation(access::OperationError::Denied(error));
    if closing {
        let permit = who.op.permit(action::CloseAccount, whom).await.map_err(denied)?;
        close::close(&cerebro.cerebro, &who.op, permit, reason, None).await
    } else {
        let permit = who.op.permit(action::SuspendAccount, whom).await.map_err(denied)?;
        suspend::suspend(&cerebro.cerebro, &who.op, permit, reason, None).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn l1_two_administrators_who_end_each_other_at_once_leave_one() {
    each_engine(async |cerebro| {
        let (odile, hugues) = (cerebro.sign_in(ODILE).await, cerebro.sign_in(HUGUES).await);
        let (one, two) = (odile.op.actor().account().unwrap(), hugues.op.actor().account().unwrap());
        for round in 0..200 {
            let (first, second) = tokio::join!(
                end(cerebro, &odile, two, round % 3 == 0),
                end(cerebro, &hugues, one, round % 5 == 0)
            );
            assert!(first.is_ok() != second.is_ok(), "round {round}: {first:?} {second:?}");
            restore(cerebro).await;
        }
        // Each ends their own account: one must stay.
        for round in 0..100 {
            let (first, second) =
                tokio::join!(end(cerebro, &odile, one, false), end(cerebro, &hugues, two, round % 2 == 0));
            assert!(first.is_ok() != second.is_ok(), "round {round}: {first:?} {second:?}");
            let refused = if first.is_err() { first } else { second };
            assert!(matches!(refused, Err(StandingError::LastAdministrator)), "{refused:?}");
            restore(cerebro).await;
        }
    })
    .await;
}
