//! Second factors: enrolled, lost, removed, owed (clauses A1, A2).

use std::time::Duration;

use identity::totp::TotpSecret;

use crate::support::browser::Page;
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, TestCerebro, each_engine};

const ODILE: &str = "odile.sarrazin@orveane.example";
const INES: &str = "ines.kermadec@orveane.example";
const CLEMENCE: &str = "clemence.aubertin@orveane.example";
const BASTIEN: &str = "bastien.lormeau@orveane.example";

/// The secret a page offers, read as a person would type it.
fn offered(page: &Page) -> TotpSecret {
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for c in page.element("secret").chars().filter(|c| *c != ' ') {
        let digit = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(c).unwrap() as u32;
        (bits, held) = ((bits << 5) | digit, held + 5);
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    TotpSecret::from_bytes(bytes)
}

fn code(cerebro: &TestCerebro, secret: &TotpSecret) -> String {
    use vocabulary::Clock as _;
    secret.code_at(cerebro.clock.now()).expose().clone()
}

fn codes(page: &Page) -> Vec<String> {
    page.body
        .split("<li>")
        .skip(1)
        .map(|rest| rest.split("</li>").next().unwrap().to_owned())
        .filter(|text| text.len() == 29)
        .collect()
}

/// Enrols an app; its secret and the backup codes shown.
pub(super) async fn enrol(cerebro: &TestCerebro, browser: &mut Browser) -> (TotpSecret, Vec<String>) {
    let page = browser.get("/security/app").await;
    assert_eq!(page.status, 200, "{}", page.location);
    let secret = offered(&page);
    let fields =
        [("offer", page.field("offer")), ("code", code(cerebro, &secret)), ("name", "Travail".into())];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = browser.post("/security/app", &fields).await;
    assert!(done.status == 200 || done.location == "/security", "{} {}", done.status, done.body);
    (secret, codes(&done))
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a1_m1_who_must_have_a_factor_and_has_none_can_do_nothing_but_enrol() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        let page = browser.password(BASTIEN, PASSWORD).await;
        assert_eq!(page.location, "/security?next=/");
        let page = browser.get("/security").await;
        assert!(page.body.contains("obligatoire") && !page.body.contains("/security/postpone"));
        for route in console::router::ROUTES {
            let console::router::Needs::Action(word) = route.needs else { continue };
            let path = route.path.replace(['{', '}'], "");
            let enrolling = [
                "account.own",
                "authenticator.enrol",
                "session.prove",
                "session.end",
                "password.suspect_own",
            ]
            .contains(&word);
            let page = match route.changes {
                true => browser.post(&path, &[]).await,
                false => browser.get(&path).await,
            };
            match (enrolling, route.changes) {
                (true, _) => assert!([200, 404, 422].contains(&page.status), "{route}: {}", page.status),
                (false, true) => assert_eq!(page.status, 403, "{route}"),
                (false, false) => assert_eq!(page.location, "/security", "{route}"),
            }
        }
        assert_eq!(browser.get("/").await.location, "/security");
        let before = browser.jar["__Host-cerebro"].clone();
        let (_, codes) = enrol(cerebro, &mut browser).await;
        assert_eq!(codes.len(), 10);
        assert_ne!(browser.jar["__Host-cerebro"], before, "what it proves grew: a new token (S1)");
        assert_eq!(browser.get("/ledger").await.status, 200);
        browser.jar.insert("__Host-cerebro".into(), before);
        assert!(browser.get("/ledger").await.location.starts_with("/sign-in"), "the old token is dead");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a1_others_are_asked_at_each_sign_in_until_they_put_it_off() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        for _ in 0..2 {
            let page = browser.password(CLEMENCE, PASSWORD).await;
            assert_eq!(page.location, "/security?next=/");
        }
        browser.password(CLEMENCE, PASSWORD).await;
        let page = browser.get("/security?next=/queue").await;
        assert!(page.body.contains("action=\"/security/postpone\""));
        assert_eq!(browser.post("/security/postpone", &[("next", "/queue")]).await.location, "/queue");
        assert_eq!(browser.get("/queue").await.status, 200, "it is recommended, not imposed");
        assert_eq!(browser.password(CLEMENCE, PASSWORD).await.location, "/");
        cerebro.clock.advance(Duration::from_secs(7 * 24 * 3600));
        assert_eq!(browser.password(CLEMENCE, PASSWORD).await.location, "/security?next=/");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn t5_the_code_that_enrolled_is_used_up_and_one_secret_is_enrolled_once() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        browser.password(CLEMENCE, PASSWORD).await;
        let page = browser.get("/security/app").await;
        let (secret, offer) = (offered(&page), page.field("offer"));
        let right = code(cerebro, &secret);
        let wrong = if right == "000000" { "000001" } else { "000000" };
        let page =
            browser.post("/security/app", &[("offer", &offer), ("code", wrong), ("name", "Tél.")]).await;
        assert_eq!(
            (page.status, page.field("offer")),
            (422, offer.clone()),
            "the same secret is shown again"
        );
        let page =
            browser.post("/security/app", &[("offer", &offer), ("code", &right), ("name", "Tél.")]).await;
        assert_eq!(page.status, 200);
        // The same code at a sign-in.
        let mut other = browser.another();
        assert_eq!(other.password(CLEMENCE, PASSWORD).await.location, "/sign-in/code?next=/");
        other.get("/sign-in/code").await;
        assert_eq!(other.post("/sign-in/code", &[("code", &right), ("next", "/")]).await.status, 422);
        // The same secret a second time: one code would be good twice.
        cerebro.clock.advance(Duration::from_secs(30));
        browser.get("/security").await;
        let next = code(cerebro, &secret);
        let page =
            browser.post("/security/app", &[("offer", &offer), ("code", &next), ("name", "Bis")]).await;
        assert_eq!(page.status, 422);
        // An offer of another session, of ten minutes ago, or made up.
        let mut ines = Browser::new(cerebro);
        ines.sign_in(cerebro, INES).await;
        ines.get("/security").await;
        for offer in [offer.as_str(), "", "AAAA", "é"] {
            let page = ines.post("/security/app", &[("offer", offer), ("code", &next), ("name", "x")]).await;
            assert_eq!(page.status, 422, "{offer}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a2_r1_r2_r3_r6_a_backup_code_opens_one_session_that_can_only_enrol() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        browser.password(CLEMENCE, PASSWORD).await;
        let (_, codes) = enrol(cerebro, &mut browser).await;
        let mut thief = browser.another();
        assert_eq!(
            thief.post("/sign-in/backup", &[("code", &codes[0])]).await.status,
            403,
            "no form, no try"
        );
        thief.get("/sign-in/backup").await;
        let page = thief.post("/sign-in/backup", &[("code", &codes[0])]).await;
        assert_eq!(page.status, 422, "R6: a code without the password is nothing");
        let mut tries = Vec::new();
        let mut lost = browser.another();
        lost.password(CLEMENCE, PASSWORD).await;
        lost.get("/sign-in/backup").await;
        for _ in 0..9 {
            let (mut one, code) = (lost.clone(), codes[0].to_lowercase());
            tries.push(tokio::spawn(async move {
                let page = one.post("/sign-in/backup", &[("code", &code)]).await;
                (page.location == "/security").then_some(one)
            }));
        }
        let mut inside = Vec::new();
        for attempt in tries {
            inside.extend(attempt.await.unwrap());
        }
        assert_eq!(inside.len(), 1, "one code, one session");
        let mails = cerebro.mail_to(CLEMENCE).await;
        let told = mails.iter().filter(|mail| mail.contains("Un de vos codes de secours a servi"));
        assert_eq!(told.count(), 1, "its holder is told, once: {mails:?}");
        let mut inside = inside.pop().unwrap();
        assert_eq!(inside.get("/queue").await.location, "/security", "the second factor is not switched off");
        let page = inside.get("/security").await;
        assert!(page.body.contains("code de secours") && page.body.contains("9 codes"));
        let (_, fresh) = enrol(cerebro, &mut inside).await;
        assert_eq!(fresh.len(), 10, "new codes for the old");
        assert_eq!(inside.get("/queue").await.status, 200);
        let mut again = browser.another();
        again.password(CLEMENCE, PASSWORD).await;
        again.get("/sign-in/backup").await;
        assert_eq!(again.post("/sign-in/backup", &[("code", &codes[1])]).await.status, 422, "R3");
        assert_eq!(again.post("/sign-in/backup", &[("code", &fresh[1])]).await.location, "/security");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w12_l1_the_last_factor_of_who_must_have_one_stays() {
    each_engine(async |cerebro| {
        let mut odile = Browser::new(cerebro);
        odile.sign_in(cerebro, ODILE).await;
        let page = odile.get("/security").await;
        assert!(page.body.contains("ne se retire pas") && !page.body.contains("/remove\""));
        cerebro.clock.advance(Duration::from_secs(30));
        let (_, codes) = enrol(cerebro, &mut odile).await;
        assert!(codes.is_empty(), "a second app changes no codes");
        let page = odile.get("/security").await;
        let removals: Vec<String> = page
            .body
            .split("href=\"")
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .filter(|href| href.ends_with("/remove"))
            .collect();
        assert_eq!(removals.len(), 2);
        // Both at once, each of them "not the last".
        odile.get(&removals[0]).await;
        let (mut one, mut two) = (odile.clone(), odile.clone());
        let (one, two) = tokio::join!(one.post(&removals[0], &[]), two.post(&removals[1], &[]));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let page = odile.get("/security").await;
        assert_eq!(page.body.matches("ne se retire pas").count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w12_removing_asks_for_a_fresh_proof_and_another_s_is_not_found() {
    each_engine(async |cerebro| {
        let (mut ines, mut clemence) = (Browser::new(cerebro), Browser::new(cerebro));
        ines.sign_in(cerebro, INES).await;
        let own = ines.get("/security").await;
        let href = own
            .body
            .split("href=\"")
            .map(|rest| rest.split('"').next().unwrap())
            .find(|href| href.ends_with("/remove"))
            .unwrap()
            .to_owned();
        clemence.password(CLEMENCE, PASSWORD).await;
        clemence.get("/security").await;
        assert_eq!(clemence.get(&href).await.status, 404);
        assert_eq!(clemence.post(&href, &[]).await.status, 404, "another's is no different from none");
        cerebro.clock.advance(Duration::from_secs(10 * 60 + 1));
        assert_eq!(ines.get(&href).await.location, format!("/step-up?next={href}"));
        assert_eq!(ines.post(&href, &[]).await.location, format!("/step-up?next={href}"));
        ines.get("/step-up").await;
        assert_eq!(ines.post("/step-up", &[("proof", PASSWORD), ("next", &href)]).await.status, 422, "M3");
        let before = ines.jar["__Host-cerebro"].clone();
        let page = ines.post("/step-up", &[("proof", &cerebro.code()), ("next", &href)]).await;
        assert_eq!(page.location, href, "{}", page.body);
        assert_ne!(ines.jar["__Host-cerebro"], before);
        assert!(ines.get(&href).await.body.contains("dernier second facteur"));
        assert_eq!(
            ines.post(&href, &[]).await.location,
            "/security",
            "she is free to: hers is not mandatory"
        );
    })
    .await;
}
