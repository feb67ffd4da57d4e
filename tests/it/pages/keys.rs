//! Security keys and passkeys: enrolled, shown at sign-in and for presence, copied, removed (clauses A1, A2).

use std::time::Duration;

use console::router::{Needs, ROUTES, Why};
use identity::webauthn::Roots;
use operations::Policy;
use serde_json::json;

use crate::support::browser::Page;
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, Maker, SoftKey, TestCerebro, each_engine};

const INES: &str = "ines.kermadec@orveane.example";
const ODILE: &str = "odile.sarrazin@orveane.example";
const CLEMENCE: &str = "clemence.aubertin@orveane.example";
const BASTIEN: &str = "bastien.lormeau@orveane.example";

/// Enrols a key under a name; the page that answers.
async fn enrol(browser: &mut Browser, key: &mut SoftKey, name: &str) -> Page {
    let page = browser.get("/security/key").await;
    assert_eq!(page.status, 200, "{}", page.location);
    let answer = key.create(&page.options());
    browser.post("/security/key", &[("credential", &answer), ("name", name), ("next", "/")]).await
}

/// The first step, then the question; the answer is the caller's.
async fn asked(browser: &mut Browser, email: &str) -> String {
    assert_eq!(browser.password(email, PASSWORD).await.location, "/sign-in/code?next=/");
    browser.get("/sign-in/code").await.options()
}

async fn answer(browser: &mut Browser, credential: &str) -> Page {
    browser.post("/sign-in/key", &[("credential", credential), ("next", "/")]).await
}

/// Somebody whose only second factor is a key.
async fn keyed(cerebro: &TestCerebro, key: &mut SoftKey) -> Browser {
    let mut browser = Browser::new(cerebro);
    browser.password(CLEMENCE, PASSWORD).await;
    let page = enrol(&mut browser, key, "Badge").await;
    assert_eq!(page.body.matches("<li>").count().min(10), 10, "ten backup codes with the first factor");
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a2_w1_a_key_is_enrolled_signs_in_and_proves_presence() {
    each_engine(async |cerebro| {
        let mut key = SoftKey::new();
        let mut browser = keyed(cerebro, &mut key).await;
        let page = browser.get("/security").await;
        assert!(page.body.contains("Badge") && page.body.contains("Clé de sécurité"), "{}", page.body);
        assert!(cerebro.mail_to(CLEMENCE).await.iter().any(|text| text.contains("Badge")));
        let mut again = browser.another();
        let options = asked(&mut again, CLEMENCE).await;
        assert!(options.contains(&key.id()) && options.contains("\"usb\""));
        assert!(
            !again.get("/sign-in/code").await.body.contains("id=\"code\""),
            "no code is asked of who has no app"
        );
        let options = asked(&mut again, CLEMENCE).await;
        let page = answer(&mut again, &key.get(&options)).await;
        assert_eq!((page.status, page.location.as_str()), (303, "/"), "{}", page.body);
        assert_eq!(again.get("/queue").await.status, 200);
        // Presence, ten minutes later: the key, and not the password.
        cerebro.clock.advance(Duration::from_secs(10 * 60 + 1));
        assert_eq!(again.get("/security/key").await.location, "/step-up?next=/security/key");
        let page = again.get("/step-up").await;
        assert!(!page.body.contains("id=\"proof\""), "neither code nor password");
        assert_eq!(again.post("/step-up", &[("proof", PASSWORD)]).await.status, 422, "M3");
        let options = again.get("/step-up").await.options();
        let before = again.jar["__Host-cerebro"].clone();
        let fields = [("credential", key.get(&options)), ("next", "/security/key".into())];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(again.post("/step-up/key", &fields).await.location, "/security/key");
        assert_ne!(again.jar["__Host-cerebro"], before, "S1: a new token");
        assert_eq!(again.get("/security/key").await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w2_w3_w4_a_wrong_answer_opens_nothing() {
    each_engine(async |cerebro| {
        let mut key = SoftKey::new();
        let browser = keyed(cerebro, &mut key).await;
        type Spoil = fn(&mut SoftKey);
        let wrong: [(&str, Spoil); 6] = [
            ("origin", |key| key.origin = "https://console.orveane.example.attacker.example".into()),
            ("port", |key| key.origin += ":8443"),
            ("relying party", |key| key.party = "orveane.example".into()),
            ("nobody present", |key| key.flags = 0x04),
            ("nobody verified", |key| key.flags = 0x01),
            ("backed up, and not eligible", |key| key.flags = 0x15),
        ];
        let mut thief = browser.another();
        for (what, spoil) in wrong {
            let mut bad = key.clone();
            spoil(&mut bad);
            let options = asked(&mut thief, CLEMENCE).await;
            assert_eq!(answer(&mut thief, &bad.get(&options)).await.status, 422, "{what}");
        }
        let options = asked(&mut thief, CLEMENCE).await;
        let right = key.get(&options);
        for (what, text) in [
            ("another key", SoftKey::new().get(&options)),
            ("a signature of something else", right.replace("\"signature\":\"ME", "\"signature\":\"MF")),
            ("nothing", String::new()),
            ("not JSON", "{".into()),
        ] {
            assert_eq!(answer(&mut thief, &text).await.status, 422, "{what}");
        }
        cerebro.clock.advance(Duration::from_secs(15 * 60));
        let options = asked(&mut thief, CLEMENCE).await;
        assert_eq!(
            answer(&mut thief, &key.get(&options)).await.location,
            "/",
            "the key itself is as good as before"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w2_a_challenge_is_good_once_for_its_own_purpose_account_and_time() {
    each_engine(async |cerebro| {
        let mut key = SoftKey::new();
        let mut browser = keyed(cerebro, &mut key).await;
        // Thirty answers to one challenge at once, each by itself acceptable.
        let mut one = browser.another();
        let options = asked(&mut one, CLEMENCE).await;
        let response = key.get(&options);
        let tries: Vec<_> = (0..9)
            .map(|_| {
                let (mut browser, response) = (one.clone(), response.clone());
                tokio::spawn(async move { answer(&mut browser, &response).await.location == "/" })
            })
            .collect();
        let mut opened = 0;
        for attempt in tries {
            opened += u32::from(attempt.await.unwrap());
        }
        assert_eq!(opened, 1, "{}: one answer, one session", cerebro.engine);
        // A replay in a new sign-in, with its own first step.
        let mut two = browser.another();
        asked(&mut two, CLEMENCE).await;
        assert_eq!(answer(&mut two, &response).await.status, 422);
        // The answer to a question of another purpose, of an open session.
        cerebro.clock.advance(Duration::from_secs(16 * 60));
        let stepping = browser.get("/step-up").await.options();
        asked(&mut two, CLEMENCE).await;
        assert_eq!(answer(&mut two, &key.get(&stepping)).await.status, 422);
        // Five minutes is too late, for the question and for the first step.
        let options = asked(&mut two, CLEMENCE).await;
        cerebro.clock.advance(Duration::from_secs(5 * 60 + 1));
        assert_eq!(answer(&mut two, &key.get(&options)).await.status, 422);
        // Another person's question.
        let mut ines = Browser::new(cerebro);
        ines.sign_in(cerebro, INES).await;
        enrol(&mut ines, &mut SoftKey::new(), "Autre").await;
        let theirs = asked(&mut ines.another(), INES).await;
        asked(&mut two, CLEMENCE).await;
        assert_eq!(answer(&mut two, &key.get(&theirs)).await.status, 422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w5_a_copied_key_is_suspended_its_sessions_end_and_its_holder_is_told() {
    each_engine(async |cerebro| {
        let mut key = SoftKey::new();
        let browser = keyed(cerebro, &mut key).await;
        let mut copy = key.clone();
        let mut owner = browser.another();
        for _ in 0..3 {
            let options = asked(&mut owner, CLEMENCE).await;
            assert_eq!(answer(&mut owner, &key.get(&options)).await.location, "/");
        }
        assert_eq!(owner.get("/queue").await.status, 200);
        let mut thief = browser.another();
        let options = asked(&mut thief, CLEMENCE).await;
        assert_eq!(answer(&mut thief, &copy.get(&options)).await.status, 422, "counter 2 after 4");
        assert!(
            owner.get("/queue").await.location.starts_with("/sign-in"),
            "what the key had opened is over"
        );
        assert!(cerebro.mail_to(CLEMENCE).await.iter().any(|text| text.contains("deux exemplaires")));
        // Neither copy proves anything now, and the account is not as if it had no second factor.
        let mut again = browser.another();
        assert_eq!(again.password(CLEMENCE, PASSWORD).await.location, "/sign-in/code?next=/");
        let page = again.get("/sign-in/code").await;
        assert!(!page.body.contains("data-options"), "{}", page.body);
        // The first session was opened by the password and proved by the key: it ended too.
        assert!(browser.clone().get("/security").await.location.starts_with("/sign-in"));
        assert!(cerebro.kinds().await.contains(&"authenticator.suspended".to_owned()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w6_two_answers_in_the_wrong_order_are_taken_for_a_copy_and_without_a_counter_for_none() {
    each_engine(async |cerebro| {
        let mut key = SoftKey::new();
        let browser = keyed(cerebro, &mut key).await;
        // Two sign-ins begun, each with its own question; the second answer arrives first.
        let (mut one, mut two) = (browser.another(), browser.another());
        let first = asked(&mut one, CLEMENCE).await;
        cerebro.clock.advance(Duration::from_secs(1));
        let second = asked(&mut two, CLEMENCE).await;
        let (early, late) = (key.get(&first), key.get(&second));
        assert_eq!(answer(&mut two, &late).await.location, "/");
        assert_eq!(answer(&mut one, &early).await.status, 422, "its counter is the lower one");
        assert!(two.get("/queue").await.location.starts_with("/sign-in"), "as a copy would be treated");
        assert!(cerebro.mail_to(CLEMENCE).await.iter().any(|text| text.contains("deux exemplaires")));
        let suspended = cerebro.details("authenticator.suspended").await;
        assert_eq!(suspended[0]["reason"], "counter_went_back");
        // An authenticator that keeps no counter has no order: both count.
        let mut plain = SoftKey::new();
        plain.counts = false;
        let mut ines = Browser::new(cerebro);
        ines.sign_in(cerebro, INES).await;
        enrol(&mut ines, &mut plain, "Passkey").await;
        let (mut one, mut two) = (ines.another(), ines.another());
        let first = asked(&mut one, INES).await;
        cerebro.clock.advance(Duration::from_secs(1));
        let second = asked(&mut two, INES).await;
        let (early, late) = (plain.get(&first), plain.get(&second));
        assert_eq!(answer(&mut two, &late).await.location, "/");
        assert_eq!(answer(&mut one, &early).await.location, "/");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w5_an_authenticator_without_a_counter_is_never_taken_for_a_copy() {
    each_engine(async |cerebro| {
        let mut key = SoftKey::new();
        key.counts = false;
        let browser = keyed(cerebro, &mut key).await;
        for _ in 0..2 {
            let mut again = browser.another();
            let options = asked(&mut again, CLEMENCE).await;
            assert_eq!(answer(&mut again, &key.get(&options)).await.location, "/");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w10_w8_a_key_of_somebody_else_or_of_another_model_is_not_taken() {
    each_engine(async |cerebro| {
        let mut key = SoftKey::new();
        keyed(cerebro, &mut key).await;
        let mut ines = Browser::new(cerebro);
        ines.sign_in(cerebro, INES).await;
        assert_eq!(enrol(&mut ines, &mut key, "La même").await.status, 422, "one credential, one account");
        // An answer of one session brought into another, and a question answered twice.
        let page = ines.get("/security/key").await;
        let mut fresh = SoftKey::new();
        let made = fresh.create(&page.options());
        let mut odile = Browser::new(cerebro);
        odile.sign_in(cerebro, ODILE).await;
        odile.get("/security/key").await;
        assert_eq!(odile.post("/security/key", &[("credential", &made), ("name", "x")]).await.status, 422);
        assert_eq!(
            ines.post("/security/key", &[("credential", &made), ("name", "x")]).await.location,
            "/security"
        );
        assert_eq!(ines.post("/security/key", &[("credential", &made), ("name", "x")]).await.status, 422);
        for spoil in [
            |key: &mut SoftKey| key.flags = 0x01,
            |key: &mut SoftKey| key.origin = "https://a.example".into(),
        ] {
            let mut bad = SoftKey::new();
            spoil(&mut bad);
            assert_eq!(enrol(&mut ines, &mut bad, "x").await.status, 422);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w8_where_models_are_proved_a_key_says_nothing_of_itself_that_is_believed() {
    each_engine(async |cerebro| {
        let model = [0x22; 16];
        let maker = Maker::of(model);
        cerebro.set_policy(Policy { proved_models: true, ..Policy::default() }).await;
        let mut ines = Browser::new(cerebro);
        ines.sign_in(cerebro, INES).await;
        let key = |model: [u8; 16], maker: Option<&Maker>| {
            let mut key = SoftKey::new();
            (key.model, key.maker) = (model, maker.cloned());
            key
        };
        assert!(ines.get("/security/key").await.options().contains("\"attestation\":\"direct\""));
        let before = enrol(&mut ines, &mut key(model, Some(&maker)), "Badge").await;
        assert_eq!(before.status, 422, "nobody is trusted yet: no key is taken");
        cerebro.cerebro.trust_attestations(Roots::from_pem([maker.root.as_bytes()]).unwrap());
        for (what, mut key) in [
            ("without a statement", key(model, None)),
            ("another maker's", key(model, Some(&Maker::of(model)))),
            ("a certificate for another model", key([0x33; 16], Some(&maker))),
        ] {
            assert_eq!(enrol(&mut ines, &mut key, "Badge").await.status, 422, "{what}");
        }
        let mut good = key(model, Some(&maker));
        assert_eq!(enrol(&mut ines, &mut good, "Badge").await.location, "/security");
        let added = cerebro.details("authenticator.added").await.remove(0);
        assert_eq!(
            (&added["model_proved"], &added["model"]),
            (&json!("true"), &json!("22222222-2222-2222-2222-222222222222"))
        );
        // Proved, and on the list or not.
        let key_models = vec!["33333333-3333-3333-3333-333333333333".parse().unwrap()];
        cerebro.set_policy(Policy { proved_models: true, key_models, ..Policy::default() }).await;
        ines.get("/security").await;
        assert_eq!(enrol(&mut ines, &mut key(model, Some(&maker)), "Autre").await.status, 422);
        // The key that was taken signs in as any other.
        let mut again = ines.another();
        let options = asked(&mut again, INES).await;
        assert_eq!(answer(&mut again, &good.get(&options)).await.location, "/");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn w12_m1_a_key_counts_as_the_factor_that_must_stay() {
    each_engine(async |cerebro| {
        let mut bastien = Browser::new(cerebro);
        assert_eq!(bastien.password(BASTIEN, PASSWORD).await.location, "/security?next=/");
        assert_eq!(bastien.get("/accounts").await.location, "/security");
        enrol(&mut bastien, &mut SoftKey::new(), "Badge").await;
        assert_eq!(bastien.get("/accounts").await.status, 200, "two factors are proved");
        let page = bastien.get("/security").await;
        assert!(page.body.contains("ne se retire pas") && !page.body.contains("/remove\""));
        enrol(&mut bastien, &mut SoftKey::new(), "Coffre").await;
        let page = bastien.get("/security").await;
        let href = page
            .body
            .split("href=\"")
            .map(|rest| rest.split('"').next().unwrap())
            .find(|href| href.ends_with("/remove"));
        let href = href.unwrap().to_owned();
        bastien.get(&href).await;
        assert_eq!(bastien.post(&href, &[]).await.location, "/security");
        assert!(cerebro.mail_to(BASTIEN).await.iter().any(|text| text.contains("retiré")));
    })
    .await;
}

/// All that a browser is shown between a password and the end of a sign-in.
async fn steps(browser: &mut Browser, email: &str, password: &str) -> Vec<String> {
    let mut seen = vec![browser.password(email, password).await];
    let steps =
        ROUTES.iter().filter(|route| !route.changes && matches!(route.needs, Needs::Nothing(Why::SignIn)));
    for route in steps {
        seen.push(browser.get(route.path).await);
    }
    let token = browser.get("/sign-in").await.field("csrf");
    let plain = |page: &Page| page.body.replace(email, "EMAIL").replace(&token, "TOKEN");
    seen.iter().map(|page| format!("{} {} {}", page.status, page.location, plain(page))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn e2_the_options_of_a_key_are_shown_to_nobody_without_the_password() {
    each_engine(async |cerebro| {
        let mut key = SoftKey::new();
        let keyed = keyed(cerebro, &mut key).await;
        let known = steps(&mut keyed.another(), CLEMENCE, "Another 5 password!").await;
        let nobody = steps(&mut keyed.another(), "nobody@orveane.example", PASSWORD).await;
        assert_eq!(known.len(), nobody.len());
        assert!(known.len() >= 5, "{known:?}");
        let right = steps(&mut keyed.another(), CLEMENCE, PASSWORD).await.concat();
        assert!(right.contains("data-options") && right.contains(&key.id()), "what there is to hide");
        assert!(!known.concat().contains("data-options") && !known.concat().contains(&key.id()));
        let places = |seen: &[String]| -> Vec<String> {
            seen.iter().map(|page| page.chars().take_while(|c| *c != '<').collect()).collect()
        };
        assert_eq!(places(&known), places(&nobody), "the same answers in the same order");
    })
    .await;
}
