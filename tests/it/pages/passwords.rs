//! Passwords: changed, forgotten, compromised (clause A3). Nobody sets or sees another's.

use std::io::Cursor;
use std::time::Duration;

use identity::password::{ListFile, import_list};
use operations::breached::Imported;
use vocabulary::Secret;

use super::people::{CLEMENCE, INES, ODILE, administrator, href_of, link};
use crate::support::browser::Page;
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, TestCerebro, each_engine};

const NEW_PASSWORD: &str = "Trois 7 saules penchent";

async fn change(browser: &mut Browser, current: &str, new: &str) -> Page {
    assert_eq!(browser.get("/security/password").await.status, 200);
    let fields = [("current", current), ("password", new), ("again", new)];
    browser.post("/security/password", &fields).await
}

async fn forget(browser: &mut Browser, email: &str) -> Page {
    browser.get("/forgotten").await;
    browser.post("/forgotten", &[("email", email)]).await
}

/// The link of a mail that comes a moment after it was asked for.
async fn link_soon(cerebro: &TestCerebro, email: &str) -> String {
    for _ in 0..200 {
        let mails = cerebro.mail_to(email).await;
        if let Some(mail) =
            mails.iter().find(|mail| mail.contains("https://console.orveane.example/account/"))
        {
            let (_, rest) = mail.split_once("https://console.orveane.example").unwrap();
            return rest.split_whitespace().next().unwrap().to_owned();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("no link came to {email}");
}

async fn set(browser: &mut Browser, link: &str, password: &str) -> Page {
    browser.get(link).await;
    browser.post(link, &[("password", password), ("again", password)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a3_a_password_is_changed_with_the_current_one_and_ends_every_session() {
    each_engine(async |cerebro| {
        let mut ines = administrator(cerebro, INES).await;
        let mut other = administrator(cerebro, INES).await;
        let page = change(&mut ines, NEW_PASSWORD, NEW_PASSWORD).await;
        assert!(page.status == 422 && page.body.contains("mot de passe actuel"), "{}", page.body);
        for (new, why) in [
            (PASSWORD, "C’est votre mot de passe actuel"),
            ("Kermadec2026!", "devine facilement"),
            ("court", "Au moins 12"),
            ("xf6CMqLRpeuHjUVv", "fuites de données"),
        ] {
            let page = change(&mut ines, PASSWORD, new).await;
            assert!(page.status == 422 && page.body.contains(why), "{new}: {}", page.body);
        }
        assert_eq!(change(&mut ines, PASSWORD, NEW_PASSWORD).await.location, "/sign-in");
        for browser in [&mut ines, &mut other] {
            assert!(browser.get("/queue").await.location.starts_with("/sign-in"));
        }
        assert!(ines.password(INES, PASSWORD).await.body.contains("Connexion refusée"));
        assert_eq!(ines.password(INES, NEW_PASSWORD).await.location, "/sign-in/code?next=/", "never without");
        assert!(cerebro.mail_to(INES).await.iter().any(|mail| mail.contains("a été changé")));
        // Ten minutes after the last proof, it asks for another.
        let mut odile = administrator(cerebro, ODILE).await;
        cerebro.clock.advance(Duration::from_secs(10 * 60 + 1));
        assert_eq!(odile.get("/security/password").await.location, "/step-up?next=/security/password");
        assert!(odile.post("/security/password", &[]).await.location.starts_with("/step-up"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p8_a_forgotten_password_is_set_by_a_link_that_bypasses_nothing() {
    each_engine(async |cerebro| {
        let mut ines = administrator(cerebro, INES).await;
        let mut stranger = ines.another();
        assert!(forget(&mut stranger, INES).await.body.contains("Demande reçue"));
        let first = link_soon(cerebro, INES).await;
        assert_eq!(ines.get("/queue").await.status, 200, "asking ends nothing");
        assert_eq!(stranger.get(&first).await.status, 200);
        forget(&mut stranger, INES).await;
        let second = link_soon(cerebro, INES).await;
        assert_eq!(stranger.get(&first).await.status, 410, "the newer link replaces the older");
        assert!(set(&mut stranger, &second, NEW_PASSWORD).await.body.contains("est choisi"));
        assert_eq!(set(&mut stranger, &second, NEW_PASSWORD).await.status, 410, "good once");
        assert!(ines.get("/queue").await.location.starts_with("/sign-in"));
        assert!(stranger.get("/queue").await.location.starts_with("/sign-in"), "a link opens no session");
        let page = stranger.password(INES, NEW_PASSWORD).await;
        assert_eq!(page.location, "/sign-in/code?next=/", "the second factor is still asked for");
        forget(&mut stranger, CLEMENCE).await;
        let late = link_soon(cerebro, CLEMENCE).await;
        cerebro.clock.advance(Duration::from_secs(3600));
        assert_eq!(stranger.get(&late).await.status, 410, "an hour");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p8_one_link_sets_one_password_however_many_try_at_once() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        forget(&mut browser, CLEMENCE).await;
        let path = link_soon(cerebro, CLEMENCE).await;
        browser.get(&path).await;
        let mut tries = Vec::new();
        for number in 0..8 {
            let (mut one, path) = (browser.clone(), path.clone());
            let password = format!("{NEW_PASSWORD} {number}");
            tries.push(tokio::spawn(async move {
                let fields = [("password", password.as_str()), ("again", password.as_str())];
                one.post(&path, &fields).await.status
            }));
        }
        let mut set = 0;
        for attempt in tries {
            set += usize::from(attempt.await.unwrap() == 200);
        }
        assert_eq!(set, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn e2_forgetting_tells_nothing_of_who_exists() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        let href = href_of(&mut odile, "Theodore Vasquin").await;
        odile.get(&format!("{href}/suspend")).await;
        odile.post(&format!("{href}/suspend"), &[("reason", "Absence")]).await;
        let mut browser = odile.another();
        let mut bodies = Vec::new();
        for email in [INES, "theodore.vasquin@orveane.example", "nobody@orveane.example", "x@unknown.example"]
        {
            browser.peer = format!("192.0.{}.7:50000", bodies.len() + 3).parse().unwrap();
            let page = forget(&mut browser, email).await;
            assert_eq!(page.status, 200);
            bodies.push(page.body);
        }
        bodies.dedup();
        assert_eq!(bodies.len(), 1);
        link_soon(cerebro, INES).await;
        assert!(
            !cerebro
                .mail_to("theodore.vasquin@orveane.example")
                .await
                .iter()
                .any(|mail| mail.contains("/account/")),
            "a suspended account gets no link"
        );
        for _ in 0..5 {
            forget(&mut browser, "x@unknown.example").await;
        }
        assert_eq!(forget(&mut browser, "x@unknown.example").await.status, 422, "then it waits");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a3_a_suspicion_makes_a_password_worthless_whoever_says_it() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        let mut ines = administrator(cerebro, INES).await;
        ines.get("/security/compromised").await;
        let page = ines.post("/security/compromised", &[("reason", "Tapé devant un inconnu")]).await;
        assert_eq!(page.location, "/sign-in");
        assert!(ines.get("/queue").await.location.starts_with("/sign-in"));
        assert!(ines.password(INES, PASSWORD).await.body.contains("Connexion refusée"));
        let path = link(cerebro, INES).await;
        assert_eq!(set(&mut ines, &path, NEW_PASSWORD).await.status, 200);
        assert_eq!(ines.password(INES, NEW_PASSWORD).await.location, "/sign-in/code?next=/");
        // An administrator says it of somebody else's, and sees nothing.
        let mut clemence = ines.another();
        clemence.password(CLEMENCE, PASSWORD).await;
        let href = href_of(&mut odile, "Clemence Aubertin").await;
        odile.get(&format!("{href}/compromised")).await;
        let page = odile.post(&format!("{href}/compromised"), &[("reason", "Vu sur un papier")]).await;
        let page = odile.get(&page.location).await;
        assert!(page.body.contains("Mot de passe invalidé") && !page.body.contains("/account/"));
        assert!(clemence.get("/queue").await.location.starts_with("/sign-in"));
        let path = link(cerebro, CLEMENCE).await;
        assert_eq!(set(&mut clemence, &path, NEW_PASSWORD).await.status, 200);
        // Nobody else may.
        ines.sign_in_with(cerebro, INES, NEW_PASSWORD).await;
        ines.get("/security").await;
        assert_eq!(ines.post(&format!("{href}/compromised"), &[("reason", "x y z")]).await.status, 403);
        let stranger = format!("/accounts/{}/compromised", cerebro.stranger);
        odile.get("/accounts").await;
        assert_eq!(odile.post(&stranger, &[("reason", "Par erreur")]).await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a3_p7_no_password_expires() {
    each_engine(async |cerebro| {
        cerebro.clock.advance(Duration::from_secs(5 * 365 * 24 * 3600));
        let mut ines = administrator(cerebro, INES).await;
        assert_eq!(ines.get("/queue").await.status, 200);
    })
    .await;
}

/// A list that knows the password of everybody here, as it would be published.
fn published() -> String {
    format!("{}:7\n", SHA1_OF_PASSWORD)
}

/// SHA-1 of [`PASSWORD`], by `printf %s … | sha1sum`.
const SHA1_OF_PASSWORD: &str = "4DF076A41CD4CFDECBC9AFABA5AA36D4A225ED7B";

#[tokio::test(flavor = "multi_thread")]
async fn p5_p6_a_newer_list_renews_and_one_that_cannot_be_read_stops_changes_alone() {
    each_engine(async |cerebro| {
        let mut ines = administrator(cerebro, INES).await;
        let path = cerebro.directory.join("breached.list");
        let key = cerebro.cerebro.instance().secret_or_new(operations::breached::KEY).unwrap();
        assert_eq!(import_list(Cursor::new(published()), &path, "2026-11-20", &key).unwrap(), 1);
        assert!(ListFile::open(&path, &Secret::new([0; 32])).is_err(), "another instance's key");
        // A configured list that is not there: no password is set, people sign in.
        let instance = cerebro.cerebro.instance();
        cerebro.cerebro.set_breached(Imported::open(instance, &path.with_extension("none")));
        let page = change(&mut ines, PASSWORD, NEW_PASSWORD).await;
        assert!(page.status == 422 && page.body.contains("ne peut pas être lue"), "{}", page.body);
        let mut odile = administrator(cerebro, ODILE).await;
        assert_eq!(odile.get("/accounts").await.status, 200);
        // The list is there, and holds what was good when it was chosen.
        cerebro.cerebro.set_breached(Imported::open(instance, &path));
        let mut again = ines.another();
        let page = again.password(INES, PASSWORD).await;
        assert!(page.status == 422 && page.body.contains("à renouveler"), "{}", page.body);
        assert!(ines.get("/queue").await.location.starts_with("/sign-in"), "its sessions are over");
        assert!(again.password(INES, PASSWORD).await.body.contains("Connexion refusée"));
        let path = link(cerebro, INES).await;
        let page = set(&mut again, &path, PASSWORD).await;
        assert!(page.status == 422 && page.body.contains("fuites de données"));
        assert_eq!(set(&mut again, &path, NEW_PASSWORD).await.status, 200);
        again.sign_in_with(cerebro, INES, NEW_PASSWORD).await;
        assert_eq!(again.get("/queue").await.status, 200);
        // Changed on the disk meanwhile, it answers nothing.
        let list = cerebro.directory.join("breached.list");
        let mut bytes = std::fs::read(&list).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        std::fs::write(&list, bytes).unwrap();
        let page = change(&mut again, NEW_PASSWORD, "Quatre 9 bouleaux dorment").await;
        assert!(page.status == 422 && page.body.contains("ne peut pas être lue"));
    })
    .await;
}
