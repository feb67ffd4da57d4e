//! The settings that decide who comes in: tightened at once, loosened by two, never below the clauses.

use std::time::Duration;

use operations::Policy;
use store::{Reach, Statement, Tx};
use vocabulary::Scope;

use super::people::{CLEMENCE, HUGUES, INES, ODILE, administrator};
use crate::support::browser::Page;
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, TestCerebro, each_engine};

/// The form as it stands by default, with some fields of one's own.
pub(super) fn form<'a>(own: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("idle-operational", "30"),
        ("whole-operational", "720"),
        ("place-operational", "second_factor"),
        ("idle-governance", "30"),
        ("whole-governance", "720"),
        ("place-governance", "second_factor"),
        ("idle-administration", "15"),
        ("whole-administration", "480"),
        ("place-administration", "second_factor"),
        ("postpone_days", "7"),
        ("trusted", ""),
        ("key_models", ""),
        ("password_chars", "12"),
        ("reason", "Audit interne"),
    ];
    for (name, value) in own {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields
}

async fn save(browser: &mut Browser, own: &[(&str, &str)]) -> Page {
    assert_eq!(browser.get("/policy/change").await.status, 200);
    browser.post("/policy/change", &form(own)).await
}

async fn agree(browser: &mut Browser, change: &str) -> Page {
    let change = change.split('?').next().unwrap();
    browser.get(change).await;
    browser.post(&format!("{change}/approve"), &[]).await
}

fn policy(cerebro: &TestCerebro) -> Policy {
    cerebro.cerebro.organisation(cerebro.bank).unwrap().policy.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t1_s2_a_tighter_limit_counts_at_once_and_a_looser_one_waits_for_a_second_person() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        let mut ines = administrator(cerebro, INES).await;
        let page = save(&mut odile, &[("idle-operational", "10"), ("whole-operational", "60")]).await;
        assert!(page.location.starts_with("/policy?recorded="), "{} {}", page.status, page.body);
        assert!(odile.get(&page.location).await.body.contains("Réglages changés."));
        assert_eq!(ines.get("/queue").await.status, 200);
        cerebro.clock.advance(Duration::from_secs(9 * 60 + 59));
        assert_eq!(ines.get("/queue").await.status, 200, "09:59");
        cerebro.clock.advance(Duration::from_secs(10 * 60));
        assert!(ines.get("/queue").await.location.starts_with("/sign-in"), "10:00");
        // Another node knows it without having been told.
        if let Some(node) = cerebro.another_node().await {
            let mut elsewhere = administrator(cerebro, INES).await.on_node(node, cerebro);
            cerebro.clock.advance(Duration::from_secs(10 * 60));
            assert!(elsewhere.get("/queue").await.location.starts_with("/sign-in"));
        }
        // Back to thirty: asked for, not done.
        let mut odile = administrator(cerebro, ODILE).await;
        let mut hugues = administrator(cerebro, HUGUES).await;
        let page = save(&mut odile, &[("whole-operational", "60")]).await;
        assert!(page.location.starts_with("/changes/change_"), "{}", page.body);
        assert_eq!(policy(cerebro).sessions.operational.idle, 10);
        let shown = odile.get(&page.location).await.body;
        assert!(shown.contains("10 min sans activité") && shown.contains("30 min sans activité"), "{shown}");
        assert_eq!(agree(&mut odile, &page.location).await.status, 403, "whoever asks does not agree");
        assert_eq!(agree(&mut hugues, &page.location).await.status, 303);
        assert_eq!(policy(cerebro).sessions.operational.idle, 30);
        assert_eq!(policy(cerebro).sessions.operational.whole, 60);
        ines.sign_in(cerebro, INES).await;
        cerebro.clock.advance(Duration::from_secs(29 * 60 + 59));
        assert_eq!(ines.get("/queue").await.status, 200);
        cerebro.clock.advance(Duration::from_secs(29 * 60 + 59));
        assert_eq!(ines.get("/queue").await.status, 200);
        cerebro.clock.advance(Duration::from_secs(2));
        assert!(ines.get("/queue").await.location.starts_with("/sign-in"), "an hour in all");
        let kinds = cerebro.kinds().await;
        for kind in ["policy.changed", "change.requested", "change.approved"] {
            assert!(kinds.iter().any(|known| known == kind), "{kind} {kinds:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a1_m1_a_family_made_mandatory_can_do_nothing_but_enrol_from_the_next_request() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let mut clemence = odile.another();
        clemence.password(CLEMENCE, PASSWORD).await;
        assert_eq!(clemence.get("/queue").await.status, 200);
        assert!(odile.get("/accounts").await.body.contains("<dd>3 / 4</dd>"));
        assert_eq!(save(&mut odile, &[("mandatory-operational", "yes")]).await.status, 303);
        assert_eq!(clemence.get("/queue").await.location, "/security");
        assert!(clemence.get("/security").await.body.contains("obligatoire"));
        assert_eq!(clemence.post("/security/postpone", &[("next", "/")]).await.status, 403);
        assert!(odile.get("/accounts").await.body.contains("<dd>5 / 7</dd>"), "the figure follows");
        // Asked for, it is still so; agreed to, it is not any more.
        let page = save(&mut odile, &[]).await;
        assert_eq!(clemence.get("/queue").await.location, "/security");
        assert_eq!(agree(&mut hugues, &page.location).await.status, 303);
        assert_eq!(clemence.get("/queue").await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t4_clause_t2_what_loosens_waits_and_what_tightens_with_it_does_not() {
    each_engine(async |cerebro| {
        let (mut odile, mut hugues) =
            (administrator(cerebro, ODILE).await, administrator(cerebro, HUGUES).await);
        let own = [
            ("trusted", "192.0.2.0/24\r\n10.0.0.0/8"),
            ("place-governance", "approval"),
            ("postpone_days", "0"),
        ];
        let page = save(&mut odile, &own).await;
        assert!(page.location.starts_with("/changes/"), "{} {}", page.status, page.body);
        let now = policy(cerebro);
        assert!(now.places.trusted.is_empty(), "wider trust waits");
        assert_eq!((now.places.governance.word(), now.postpone_days), ("approval", 0), "stricter is at once");
        let again = [("trusted", "203.0.113.0/24"), ("place-governance", "approval"), ("postpone_days", "0")];
        let refused = save(&mut odile, &again).await;
        assert!(
            refused.status == 422 && refused.body.contains("203.0.113.0/24"),
            "one waits; what was typed stays"
        );
        assert_eq!(agree(&mut hugues, &page.location).await.status, 303);
        assert_eq!(policy(cerebro).places.trusted.len(), 2);
        let mut outside = odile.another();
        outside.peer = "203.0.113.9:50000".parse().unwrap();
        assert!(outside.get("/sign-in").await.body.contains("réseau"), "who comes from elsewhere is told");
        // A question put off for no day comes back at once.
        let mut clemence = odile.another();
        clemence.password(CLEMENCE, PASSWORD).await;
        clemence.get("/security").await;
        clemence.post("/security/postpone", &[("next", "/queue")]).await;
        assert_eq!(clemence.password(CLEMENCE, PASSWORD).await.location, "/security?next=/");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a1_clause_a3_clause_t1_clause_t2_clause_t4_m5_nothing_goes_below_the_floor_and_strangers_change_nothing()
 {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        let before = policy(cerebro);
        for own in [
            ("idle-operational", "31"),
            ("idle-administration", "16"),
            ("whole-governance", "721"),
            ("idle-operational", "0"),
            ("idle-operational", "-1"),
            ("postpone_days", "8"),
            ("password_chars", "11"),
            ("place-administration", "emailed_code"),
            ("place-operational", "none"),
            ("trusted", "0.0.0.0/0"),
            ("trusted", "10.0.1.7/8"),
            ("key_models", "not-a-model"),
            ("reason", ""),
        ] {
            let page = save(&mut odile, &[own]).await;
            assert_eq!(page.status, 422, "{own:?}");
            assert!(page.body.contains("role=\"alert\""), "{own:?}");
        }
        assert_eq!(save(&mut odile, &[]).await.status, 422, "nothing differs");
        assert_eq!(policy(cerebro), before);
        let mut felix = administrator(cerebro, "felix.quemener@orveane.example").await;
        assert_eq!(felix.get("/policy").await.status, 200);
        assert!(!felix.get("/policy").await.body.contains("/policy/change"));
        let mut ines = administrator(cerebro, INES).await;
        for browser in [&mut felix, &mut ines] {
            assert_eq!(browser.get("/policy/change").await.status, 403);
            browser.get("/security").await;
            assert_eq!(browser.post("/policy/change", &form(&[("postpone_days", "0")])).await.status, 403);
        }
        assert_eq!(ines.get("/policy").await.status, 403);
        assert_eq!(policy(cerebro), before);
        // Ten minutes after the last proof, it asks for another.
        cerebro.clock.advance(Duration::from_secs(10 * 60 + 1));
        assert_eq!(odile.get("/policy/change").await.location, "/step-up?next=/policy/change");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_a3_a_longer_password_is_asked_from_the_next_one_on() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        assert_eq!(save(&mut odile, &[("password_chars", "30")]).await.status, 303);
        let page = odile.get("/security/password").await;
        assert!(page.body.contains("Au moins 30 caractères"), "{}", page.body);
        let new = "Trois 7 saules penchent";
        let fields = [("current", PASSWORD), ("password", new), ("again", new)];
        let page = odile.post("/security/password", &fields).await;
        assert!(page.status == 422 && page.body.contains("Au moins 30 caractères"));
        assert_eq!(
            odile.another().password(ODILE, PASSWORD).await.location,
            "/sign-in/code?next=/",
            "no old one expires"
        );
    })
    .await;
}

/// What a node of a newer version left in the settings: keys this one does not know, whatever their depth.
const LATER: &str = r#"{"postpone_days":5,"sessions":{"operational":{"idle":30,"whole":720,"quiet":3},"services":{"whole":60}},"sealed_mail":{"on":true}}"#;

const fn raw(text: &'static str) -> Statement {
    Statement { name: "test::POLICY", reach: Reach::Organisation, sqlite: text, postgres: text }
}

static WRITE: Statement = raw("UPDATE organisation SET policy = $2 WHERE id = $1");
static READ: Statement = raw("SELECT policy FROM organisation WHERE id = $1");

#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_version_keeps_in_the_settings_is_passed_over_and_not_lost() {
    each_engine(async |cerebro| {
        let mut odile = administrator(cerebro, ODILE).await;
        let scope = Scope::Organisation(cerebro.bank);
        let written = cerebro.store.write(scope, async |tx: &mut Tx<'_>| {
            tx.execute(&WRITE, vec![LATER.into()]).await.map(|_| ((), Vec::new()))
        });
        written.await.map_err(access::WriteError::into_inner).unwrap();
        cerebro.cerebro.refresh().await.expect("a newer node's settings do not stop this one");
        assert_eq!(policy(cerebro), Policy { postpone_days: 5, ..Policy::default() });
        assert_eq!(odile.get("/policy").await.status, 200, "nor whoever is signed in");
        assert_eq!(save(&mut odile, &[("postpone_days", "2")]).await.status, 303);
        let kept = cerebro.store.read(scope, async |tx: &mut Tx<'_>| {
            let row = tx.fetch_optional(&READ, vec![]).await?;
            row.expect("the bank").get::<String>(0)
        });
        let kept: serde_json::Value = serde_json::from_str(&kept.await.unwrap()).unwrap();
        assert_eq!(kept["postpone_days"], 2);
        assert_eq!(kept["sealed_mail"]["on"], true);
        assert_eq!(
            (&kept["sessions"]["operational"]["quiet"], &kept["sessions"]["services"]["whole"]),
            (&3.into(), &60.into())
        );
    })
    .await;
}
