//! Sessions seen, ended and kept (clauses T1, R4): one's own, and somebody's for an administrator.

use std::time::Duration;

use vocabulary::bounds;

use crate::support::{Browser, TestCerebro, each_engine};

const INES: &str = "ines.kermadec@orveane.example";
const ODILE: &str = "odile.sarrazin@orveane.example";
const THEODORE: &str = "theodore.vasquin@orveane.example";

async fn signed(cerebro: &TestCerebro, email: &str) -> Browser {
    let mut browser = Browser::new(cerebro);
    browser.sign_in(cerebro, email).await;
    browser
}

/// The forms that end a session, in the order of the page.
fn ends(body: &str) -> Vec<String> {
    let actions = body.split("action=\"").map(|rest| rest.split('"').next().unwrap().to_owned());
    actions.filter(|action| action.starts_with("/security/sessions/session_")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn s12_s5_one_s_own_sessions_are_listed_and_ended_and_another_s_are_not_found() {
    each_engine(async |cerebro| {
        let (mut desk, mut phone) = (signed(cerebro, INES).await, signed(cerebro, INES).await);
        let page = desk.get("/security/sessions").await;
        assert!(page.body.contains("Celle-ci") && page.body.contains("192.0.2.0/24"), "{}", page.body);
        let end = ends(&page.body);
        assert_eq!(end.len(), 1, "the one in use has no such form");
        let mut theodore = signed(cerebro, THEODORE).await;
        theodore.get("/security/sessions").await;
        assert_eq!(
            theodore.post(&end[0], &[]).await.status,
            404,
            "IDOR: another's is no different from none"
        );
        assert_eq!(theodore.post("/security/sessions/session_x/end", &[]).await.status, 404);
        assert_eq!(phone.get("/queue").await.status, 200);
        assert_eq!(desk.post(&end[0], &[]).await.location, "/security/sessions");
        assert!(phone.get("/queue").await.location.starts_with("/sign-in"), "at once");
        assert_eq!(desk.post(&end[0], &[]).await.status, 404, "once");
        let (mut one, mut two) = (signed(cerebro, INES).await, signed(cerebro, INES).await);
        desk.get("/security/sessions").await;
        assert_eq!(desk.post("/security/sessions/end-others", &[]).await.location, "/security/sessions");
        for other in [&mut one, &mut two] {
            assert!(other.get("/queue").await.location.starts_with("/sign-in"));
        }
        assert_eq!(desk.get("/queue").await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s10_one_session_more_than_a_person_has_at_once_ends_the_one_used_longest_ago() {
    each_engine(async |cerebro| {
        let mut open = Vec::new();
        for _ in 0..bounds::SESSIONS_MAX {
            open.push(signed(cerebro, INES).await);
        }
        // The first is used again: the second is the one used longest ago.
        cerebro.clock.advance(Duration::from_secs(2));
        assert_eq!(open[0].get("/queue").await.status, 200);
        let mut theodore = signed(cerebro, THEODORE).await;
        let mut last = signed(cerebro, INES).await;
        assert_eq!(last.get("/queue").await.status, 200);
        assert!(open[1].get("/queue").await.location.starts_with("/sign-in"));
        for browser in open.iter_mut().enumerate().filter(|(nth, _)| *nth != 1).map(|(_, browser)| browser) {
            assert_eq!(browser.get("/queue").await.status, 200);
        }
        assert_eq!(theodore.get("/queue").await.status, 200, "each person's are counted alone");
        let ended = cerebro.details("session.ended").await;
        assert_eq!(ended.iter().filter(|detail| detail["reason"] == "replaced").count(), 1, "{ended:?}");
        // Those that ran out take no room.
        cerebro.clock.advance(Duration::from_secs(30 * 60));
        let mut again = signed(cerebro, INES).await;
        assert_eq!(again.get("/queue").await.status, 200);
        let ended = cerebro.details("session.ended").await;
        assert_eq!(ended.iter().filter(|detail| detail["reason"] == "replaced").count(), 1, "{ended:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_r4_an_administrator_sees_and_ends_the_sessions_of_their_organisation_s_people() {
    each_engine(async |cerebro| {
        let (mut ines, mut odile) = (signed(cerebro, INES).await, signed(cerebro, ODILE).await);
        let page = odile.get("/accounts").await;
        let (before, _) = page.body.split_once(">Ines Kermadec</a>").unwrap();
        let href = before.rsplit_once("href=\"").unwrap().1.trim_end_matches('"').to_owned();
        let page = odile.get(&format!("{href}/sessions")).await;
        assert!(
            page.body.contains("192.0.2.0/24") && page.body.contains("Les fermer toutes"),
            "{}",
            page.body
        );
        assert_eq!(ines.get(&format!("{href}/sessions")).await.status, 403);
        ines.get("/security").await;
        assert_eq!(ines.post(&format!("{href}/sessions/end"), &[]).await.status, 403);
        odile.get(&format!("{href}/sessions")).await;
        let end = format!("{href}/sessions/end");
        assert_eq!(odile.post(&end, &[("session", "session_00000000000000000000000000")]).await.status, 404);
        assert_eq!(odile.post(&end, &[]).await.location, format!("{href}/sessions"));
        assert!(ines.get("/queue").await.location.starts_with("/sign-in"));
        assert!(odile.get(&format!("{href}/sessions")).await.body.contains("Aucune session"));
        for path in ["sessions", "sessions/end"] {
            let foreign = format!("/accounts/{}/{path}", cerebro.stranger);
            let page =
                if path == "sessions" { odile.get(&foreign).await } else { odile.post(&foreign, &[]).await };
            assert_eq!(page.status, 404, "{path}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t1_s2_s4_asking_how_much_is_left_moves_nothing_and_staying_does() {
    each_engine(async |cerebro| {
        let mut ines = signed(cerebro, INES).await;
        ines.get("/security").await;
        let until: i64 = ines.get("/session").await.body.parse().unwrap();
        cerebro.clock.advance(Duration::from_secs(29 * 60 + 59));
        assert_eq!(ines.get("/session").await.body.parse::<i64>().unwrap(), until, "polling is not activity");
        let stayed: i64 = ines.post("/session/stay", &[]).await.body.parse().unwrap();
        assert_eq!(stayed - until, (29 * 60 + 59) * 1000, "a click is");
        cerebro.clock.advance(Duration::from_secs(29 * 60 + 59));
        assert_eq!(ines.get("/session").await.status, 200);
        cerebro.clock.advance(Duration::from_secs(1));
        assert!(ines.get("/session").await.location.starts_with("/sign-in"), "to the second");
        assert_eq!(ines.post("/session/stay", &[]).await.location, "/sign-in", "what ended stays ended");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clause_t1_s3_staying_does_not_outlast_the_absolute_limit() {
    each_engine(async |cerebro| {
        let mut ines = signed(cerebro, INES).await;
        ines.get("/security").await;
        for _ in 0..(12 * 60 / 29) {
            cerebro.clock.advance(Duration::from_secs(29 * 60));
            assert_eq!(ines.post("/session/stay", &[]).await.status, 200);
        }
        cerebro.clock.advance(Duration::from_secs(24 * 60 + 1));
        assert_eq!(ines.post("/session/stay", &[]).await.location, "/sign-in", "twelve hours");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_s7_a_cookie_that_was_set_before_is_never_adopted() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        let fixed = "A".repeat(43);
        browser.jar.insert("__Host-cerebro".into(), fixed.clone());
        browser.sign_in(cerebro, INES).await;
        let given = browser.jar["__Host-cerebro"].clone();
        assert!(given.len() == 43 && given != fixed);
        browser.jar.insert("__Host-cerebro".into(), fixed);
        assert!(browser.get("/queue").await.location.starts_with("/sign-in"));
    })
    .await;
}
