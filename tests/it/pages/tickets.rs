//! Half-made sign-ins, codes and cookies, in the hands of whoever should not have them.

use axum::http::header;
use console::router::{Needs, ROUTES};

use super::enrolment::enrol;
use super::people::{CLEMENCE, INES, ODILE, administrator};
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, each_engine};

const WAIT: &str = "Trop d’essais";
const REFUSED: &str = "Connexion refusée";

/// Answers the second step with a code.
async fn answer(browser: &mut Browser, code: &str) -> String {
    browser.get("/sign-in/code").await;
    let page = browser.post("/sign-in/code", &[("code", code), ("next", "/")]).await;
    if page.status == 303 { page.location } else { page.body }
}

#[tokio::test(flavor = "multi_thread")]
async fn m2_a_password_alone_opens_no_page() {
    each_engine(async |cerebro| {
        let mut half = Browser::new(cerebro);
        assert_eq!(half.password(INES, PASSWORD).await.location, "/sign-in/code?next=/");
        let mut asked = 0;
        for route in ROUTES.iter().filter(|route| !matches!(route.needs, Needs::Nothing(_))) {
            let path = route.path.replace(['{', '}'], "");
            let page = if route.changes { half.post(&path, &[]).await } else { half.get(&path).await };
            assert!(page.status == 401 || page.location.starts_with("/sign-in"), "{route}: {}", page.status);
            asked += 1;
        }
        assert!(asked > 40, "only {asked} routes were asked");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn t8_a_secret_is_shown_once_and_kept_sealed() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        browser.password(CLEMENCE, PASSWORD).await;
        let (secret, _) = enrol(cerebro, &mut browser).await;
        let text = secret.base32().expose().clone();
        for path in ["/security", "/security/app", "/"] {
            let body = browser.get(path).await.body.replace(' ', "");
            assert!(!body.contains(&text), "{path} shows it again");
        }
        let bytes = secret.expose().expose();
        for file in walk(&cerebro.directory) {
            let kept = std::fs::read(&file).unwrap();
            for clear in [text.as_bytes(), bytes.as_slice()] {
                assert!(!kept.windows(clear.len()).any(|window| window == clear), "{}", file.display());
            }
        }
        // PostgreSQL keeps its rows elsewhere; bytes stand in a dump as hexadecimal.
        if let store::Location::Postgres(url) = &cerebro.location {
            let dump = std::process::Command::new("pg_dump").arg(url).output().unwrap();
            assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
            let dump = String::from_utf8_lossy(&dump.stdout).to_lowercase();
            assert!(dump.contains(CLEMENCE), "it is the database of these people");
            let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            for clear in [text.to_lowercase(), digits] {
                assert!(!dump.contains(&clear), "in the database");
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_wrong_codes_are_counted_across_sign_ins() {
    each_engine(async |cerebro| {
        let mut guesser = Browser::new(cerebro);
        let mut guesses = 0;
        let waits = 'all: loop {
            guesser.password(INES, PASSWORD).await;
            // Three guesses, then a sign-in begun anew.
            for _ in 0..3 {
                guesses += 1;
                let body = answer(&mut guesser, "000000").await;
                if body.contains(WAIT) {
                    break 'all body;
                }
                assert!(guesses < 40, "nobody counts");
            }
        };
        assert!(waits.contains(WAIT) && guesses <= 11, "{guesses}");
        assert!(answer(&mut guesser, &cerebro.code()).await.contains(WAIT), "the right one waits too");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r5_guesses_of_backup_codes_count_with_all_others() {
    each_engine(async |cerebro| {
        let mut clemence = Browser::new(cerebro);
        clemence.password(CLEMENCE, PASSWORD).await;
        let (secret, codes) = enrol(cerebro, &mut clemence).await;
        let mut guesser = clemence.another();
        assert_eq!(guesser.password(CLEMENCE, PASSWORD).await.location, "/sign-in/code?next=/");
        for nth in 0..10 {
            let body = if nth % 2 == 0 {
                guesser.get("/sign-in/backup").await;
                guesser.post("/sign-in/backup", &[("code", "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA")]).await.body
            } else {
                answer(&mut guesser, "000000").await
            };
            assert!(!body.contains(WAIT), "guess {nth} is looked at");
        }
        // Neither factor is looked at any more, however often the first step is made again.
        guesser.password(CLEMENCE, PASSWORD).await;
        guesser.get("/sign-in/backup").await;
        let page = guesser.post("/sign-in/backup", &[("code", &codes[0])]).await;
        assert!(page.body.contains(WAIT), "{} {}", page.location, page.body);
        cerebro.clock.advance(std::time::Duration::from_secs(30));
        let right = secret.code_at(vocabulary::Clock::now(cerebro.clock.as_ref())).expose().clone();
        assert!(answer(&mut guesser, &right).await.contains(WAIT));
        // A quarter of an hour later the code that was typed in vain is still good, once.
        cerebro.clock.advance(std::time::Duration::from_secs(15 * 60));
        guesser.password(CLEMENCE, PASSWORD).await;
        guesser.get("/sign-in/backup").await;
        assert_eq!(guesser.post("/sign-in/backup", &[("code", &codes[0])]).await.location, "/security");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b7_guesses_at_once_do_not_overshoot() {
    each_engine(async |cerebro| {
        let mut guesser = Browser::new(cerebro);
        for _ in 0..9 {
            assert!(guesser.password(INES, "wrong wrong wrong").await.body.contains(REFUSED));
        }
        let tries: Vec<_> = (0..20)
            .map(|_| {
                let mut one = guesser.clone();
                tokio::spawn(async move {
                    let fields = [("email", INES), ("password", "wrong wrong wrong"), ("next", "/")];
                    one.post("/sign-in", &fields).await.body.contains(REFUSED)
                })
            })
            .collect();
        let mut looked_at = 0;
        for one in tries {
            looked_at += usize::from(one.await.unwrap());
        }
        assert_eq!(looked_at, 1, "the tenth, and no other");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c2_nobody_signs_a_browser_in_for_somebody_else() {
    each_engine(async |cerebro| {
        let (mut stranger, mut victim) = (Browser::new(cerebro), Browser::new(cerebro));
        victim.get("/sign-in").await;
        stranger.get("/sign-in").await;
        // The stranger's form, with its token, sent by the victim's browser.
        let mut lured = stranger.clone();
        lured.jar = victim.jar.clone();
        let fields = [("email", INES), ("password", PASSWORD), ("next", "/")];
        let page = lured.post("/sign-in", &fields).await;
        assert_eq!(page.status, 403);
        assert!(!lured.jar.contains_key("__Host-cerebro-ticket"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_every_cookie_is_bound_and_none_is_in_an_address() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        let pages = [
            browser.get("/sign-in").await,
            browser.password(INES, PASSWORD).await,
            browser.get("/sign-in/code").await,
            browser.post("/sign-in/code", &[("code", &cerebro.code()), ("next", "/")]).await,
            browser.get("/").await,
            browser.get("/security").await,
            browser.post("/sign-out", &[]).await,
        ];
        let mut given = 0;
        for page in &pages {
            for cookie in page.headers.get_all(header::SET_COOKIE) {
                let text = cookie.to_str().unwrap();
                for mark in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite="] {
                    assert!(text.contains(mark), "{text}");
                }
                assert!(text.starts_with("__Host-") && !text.contains("Domain"), "{text}");
                let value = text.split(['=', ';']).nth(1).unwrap();
                let told = |page: &crate::support::browser::Page| page.location.contains(value);
                assert!(value.is_empty() || !pages.iter().any(told), "{text}");
                given += 1;
            }
        }
        assert!(given >= 5, "{given}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s9_nothing_is_kept_to_go_back_to() {
    each_engine(async |cerebro| {
        let mut browser = administrator(cerebro, INES).await;
        let mut odile = administrator(cerebro, ODILE).await;
        let mut shown = 0;
        for route in ROUTES.iter().filter(|route| !route.changes && !matches!(route.needs, Needs::Nothing(_)))
        {
            for somebody in [&mut browser, &mut odile] {
                let page = somebody.get(&route.path.replace(['{', '}'], "")).await;
                assert_eq!(page.headers[header::CACHE_CONTROL], "no-store", "{route}");
                shown += usize::from(page.status == 200);
            }
        }
        assert!(shown >= 10, "only {shown} pages showed anything");
        browser.get("/security").await;
        let left = browser.post("/sign-out", &[]).await;
        assert_eq!(
            left.headers["clear-site-data"], "\"cache\", \"storage\"",
            "and the mark of the device stays"
        );
        assert!(browser.get("/queue").await.location.starts_with("/sign-in"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s13_a_request_beside_a_sign_out_brings_nothing_back() {
    each_engine(async |cerebro| {
        for _ in 0..10 {
            let mut browser = administrator(cerebro, INES).await;
            browser.get("/security").await;
            let (mut out, mut stays, mut looks) = (browser.clone(), browser.clone(), browser.clone());
            let (left, _, _) = tokio::join!(
                out.post("/sign-out", &[]),
                stays.post("/session/stay", &[]),
                looks.get("/queue")
            );
            assert_eq!(left.status, 303, "{}", left.body);
            assert!(browser.get("/queue").await.location.starts_with("/sign-in"));
            assert_eq!(stays.post("/session/stay", &[]).await.location, "/sign-in");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s11_two_tabs_that_sign_in_at_once_end_in_one_session() {
    each_engine(async |cerebro| {
        let mut one = Browser::new(cerebro);
        one.password(INES, PASSWORD).await;
        let mut two = one.clone();
        two.password(INES, PASSWORD).await;
        // One cookie jar: the first tab goes on with what the second was given.
        one.jar = two.jar.clone();
        assert_eq!(answer(&mut one, &cerebro.code()).await, "/");
        two.jar = one.jar.clone();
        assert_eq!(two.get("/queue").await.status, 200);
        assert!(answer(&mut two, &cerebro.code()).await != "/", "the code is used up");
        assert_eq!(two.get("/queue").await.status, 200, "and the session of the first tab stands");
    })
    .await;
}

fn walk(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn clause_a2_m7_no_route_and_no_word_of_a_code_by_sms() {
    for route in ROUTES {
        assert!(!route.path.contains("sms") && !route.path.contains("phone"), "{route}");
    }
    for text in [
        include_str!("../../../crates/console/i18n/fr.ftl"),
        include_str!("../../../crates/console/i18n/en.ftl"),
    ] {
        assert!(!text.to_lowercase().contains("sms"));
    }
}
