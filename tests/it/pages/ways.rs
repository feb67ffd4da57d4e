//! Ways round a second factor (attacks M3, M4, M6): a weaker one, a token, an administrator who means well.

use axum::http::header;
use console::router::{Needs, ROUTES};

use super::enrolment::enrol;
use super::people::{CLEMENCE, INES, ODILE, administrator, href_of};
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, each_engine};

const SESSION: &str = "__Host-cerebro";

#[tokio::test(flavor = "multi_thread")]
async fn m3_the_choice_of_factor_is_the_account_s_and_never_the_request_s() {
    each_engine(async |cerebro| {
        let mut browser = Browser::new(cerebro);
        assert_eq!(browser.password(INES, PASSWORD).await.location, "/sign-in/code?next=/");
        // A code by mail is offered to nobody who has a factor, and counts for nothing.
        browser.get("/sign-in/mail").await;
        assert!(cerebro.mail_to(INES).await.is_empty());
        for fields in [
            vec![("code", "00000000"), ("next", "/")],
            vec![("code", ""), ("assurance", "two_factor"), ("factor", "password")],
        ] {
            let page = browser.post("/sign-in/mail", &fields).await;
            assert_ne!(page.status, 303, "{} {}", page.location, page.body);
        }
        // The form of one step sent to another, with fields that claim what was proved.
        for path in ["/sign-in", "/sign-in/code", "/sign-in/key", "/sign-in/backup"] {
            browser.get("/sign-in/code").await;
            let claims = [
                ("email", INES),
                ("password", PASSWORD),
                ("next", "/queue"),
                ("assurance", "two_factor"),
                ("second_factor", "none"),
                ("skip", "yes"),
            ];
            let page = browser.post(path, &claims).await;
            assert!(
                page.location.is_empty() || page.location.starts_with("/sign-in/code"),
                "{path}: {}",
                page.location
            );
            assert!(!browser.jar.contains_key(SESSION), "{path}");
        }
        assert!(browser.get("/queue").await.location.starts_with("/sign-in"));
        // A code that was mailed to who had no factor is worth nothing once there is one.
        let mut clemence = Browser::new(cerebro);
        clemence.password(CLEMENCE, PASSWORD).await;
        let mut late = clemence.another();
        assert_eq!(late.password(CLEMENCE, PASSWORD).await.location, "/sign-in/mail");
        late.get("/sign-in/mail").await;
        let mails = cerebro.mail_to(CLEMENCE).await;
        let digits = |line: &&str| line.len() == 8 && line.bytes().all(|byte| byte.is_ascii_digit());
        let code = mails.iter().flat_map(|text| text.lines()).map(str::trim).find(digits).unwrap();
        clemence.get("/security").await;
        enrol(cerebro, &mut clemence).await;
        assert_eq!(late.post("/sign-in/mail", &[("code", code), ("next", "/")]).await.status, 422);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn m4_a_token_opens_no_page_and_a_session_s_secret_is_no_token() {
    each_engine(async |cerebro| {
        let mut ines = administrator(cerebro, INES).await;
        let secret = ines.jar[SESSION].clone();
        // The token of a service, as a cookie, a header, or both.
        let mut service = Browser::new(cerebro);
        service.bearer = Some(cerebro.token.clone());
        service.jar.insert(SESSION.into(), cerebro.token.clone());
        let mut asked = 0;
        for route in ROUTES.iter().filter(|route| !matches!(route.needs, Needs::Nothing(_))) {
            let path = route.path.replace(['{', '}'], "");
            let page = if route.changes { service.post(&path, &[]).await } else { service.get(&path).await };
            assert!(page.status == 403 || page.location.starts_with("/sign-in"), "{route}: {}", page.status);
            asked += 1;
        }
        assert!(asked > 40, "only {asked} routes were asked");
        // On the API it does what its mission says and nothing of a person's.
        service.jar.clear();
        assert_eq!(service.get("/api/v1/holds").await.status, 200, "a connector sees what waits");
        let hold = cerebro.held().await;
        for path in ["/api/v1/lists".to_owned(), format!("/api/v1/holds/{hold}")] {
            assert_eq!(service.get(&path).await.status, 403, "{path}");
        }
        // What stands for a person is no token, and a person's cookie asks nothing of the API.
        for stolen in [&secret, &format!("cbt_{secret}")] {
            let mut program = Browser::new(cerebro);
            program.bearer = Some(stolen.clone());
            assert_eq!(program.get("/api/v1/holds").await.status, 401);
        }
        assert_eq!(ines.get("/api/v1/holds").await.status, 401);
        assert_eq!(ines.get("/queue").await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn m6_an_administrator_resets_nobody_s_factor() {
    each_engine(async |cerebro| {
        let mut clemence = Browser::new(cerebro);
        clemence.password(CLEMENCE, PASSWORD).await;
        enrol(cerebro, &mut clemence).await;
        let page = clemence.get("/security").await;
        let own = page.body.split("href=\"").map(|rest| rest.split('"').next().unwrap());
        let removal = own.clone().find(|href| href.ends_with("/remove")).unwrap().to_owned();
        let mut odile = administrator(cerebro, ODILE).await;
        let href = href_of(&mut odile, "Clemence Aubertin").await;
        // No route of an administrator names a factor; the holder's own answers as if there were none.
        for route in ROUTES.iter().filter(|route| route.path.contains("{authenticator}")) {
            odile.get("/accounts").await;
            let page =
                if route.changes { odile.post(&removal, &[]).await } else { odile.get(&removal).await };
            assert_eq!(page.status, 404, "{route}");
        }
        // Every act on her account but those that end it.
        let ends = ["/close", "/suspend", "/reinstate", "/approve", "/refuse"];
        let acts =
            ROUTES.iter().filter(|route| route.changes && route.path.starts_with("/accounts/{account}/"));
        let mut asked = 0;
        for route in acts.filter(|route| !ends.iter().any(|end| route.path.ends_with(end))) {
            odile.get(&href).await;
            let path = route.path.replace("/accounts/{account}", &href);
            let page = odile.post(&path, &[("reason", "Téléphone perdu"), ("mission", "auditor")]).await;
            assert_eq!(page.status, 303, "{route}: {}", page.body);
            asked += 1;
        }
        assert!(asked >= 3, "only {asked} acts were tried");
        // Her password was declared known: she sets another by a link, and is asked for her factor all the same.
        let link = super::people::link(cerebro, CLEMENCE).await;
        let mut holder = odile.another();
        holder.get(&link).await;
        let fields = [("password", "Nouvelle 7 bruyères !"), ("again", "Nouvelle 7 bruyères !")];
        assert_eq!(holder.post(&link, &fields).await.status, 200);
        assert_eq!(holder.password(CLEMENCE, "Nouvelle 7 bruyères !").await.location, "/sign-in/code?next=/");
        assert!(holder.get("/queue").await.location.starts_with("/sign-in"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn m4_a_half_made_sign_in_is_nobody_on_the_api() {
    each_engine(async |cerebro| {
        let mut half = Browser::new(cerebro);
        half.password(INES, PASSWORD).await;
        let page = half.get("/api/v1/openapi.json").await;
        assert_eq!(
            (page.status, page.headers[header::CONTENT_TYPE].to_str().unwrap()),
            (200, "application/json")
        );
        // Every call that its document says asks for a token: with the cookies of a half-made sign-in, and with what they hold as a token.
        let document: serde_json::Value = serde_json::from_str(&page.body).unwrap();
        let mut asked = 0;
        for shown in [None, half.jar.get("__Host-cerebro-ticket").cloned()] {
            half.bearer = shown;
            for (path, calls) in document["paths"].as_object().unwrap() {
                let path = path.replace(['{', '}'], "");
                for method in
                    ["get", "post"].iter().filter(|method| calls[**method]["responses"]["401"].is_object())
                {
                    let page =
                        if *method == "post" { half.post(&path, &[]).await } else { half.get(&path).await };
                    assert_eq!(page.status, 401, "{method} {path}");
                    asked += 1;
                }
            }
        }
        assert!(asked >= 40, "only {asked} calls were made");
    })
    .await;
}
