//! What counts as a new device or network, and what the ledger says of it (attacks N2, N3, N5).

use std::time::Duration;

use identity::place::NewPlace;
use operations::organisation::Places;
use serde_json::json;

use super::people::{CLEMENCE, INES, ODILE, administrator};
use crate::support::cerebro::PASSWORD;
use crate::support::{Browser, TestCerebro, each_engine};

const DEVICE: &str = "__Host-cerebro-device";

/// Signs in with a password alone from an address; where that leads.
async fn from(browser: &mut Browser, address: &str) -> String {
    browser.peer =
        format!("{address}:40000").parse().unwrap_or_else(|_| format!("[{address}]:40000").parse().unwrap());
    browser.password(CLEMENCE, PASSWORD).await.location
}

const KNOWN: &str = "/security?next=/";
const NEW: &str = "/sign-in/mail";

#[tokio::test(flavor = "multi_thread")]
async fn n2_the_mark_of_a_device_is_worth_nothing_elsewhere_or_to_another() {
    each_engine(async |cerebro| {
        let mut own = Browser::new(cerebro);
        assert_eq!(from(&mut own, "192.0.2.7").await, KNOWN);
        assert_eq!(from(&mut own, "192.0.2.7").await, KNOWN);
        let mark = own.jar[DEVICE].clone();
        // Copied to a host on another network.
        let mut thief = own.another();
        thief.jar.insert(DEVICE.into(), mark.clone());
        assert_eq!(from(&mut thief, "198.51.100.7").await, NEW);
        // In the browser of somebody else: it says nothing of them, however well it is known.
        let mut ines = administrator(cerebro, INES).await;
        ines.sign_in(cerebro, INES).await;
        assert!(cerebro.mail_to(INES).await.is_empty(), "her own browser is known");
        ines.jar.insert(DEVICE.into(), mark.clone());
        ines.sign_in(cerebro, INES).await;
        assert!(cerebro.mail_to(INES).await.iter().any(|text| text.contains("192.0.2.0/24")), "she is told");
        // Cut, lengthened, or signed by nobody.
        for forged in [mark[..mark.len() - 1].to_owned(), format!("{mark}A"), mark.replace('.', "")] {
            let mut forger = own.another();
            forger.jar.insert(DEVICE.into(), forged);
            assert_eq!(from(&mut forger, "192.0.2.7").await, NEW);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn n3_addresses_that_change_within_their_network_make_no_noise() {
    each_engine(async |cerebro| {
        let mut own = Browser::new(cerebro);
        assert_eq!(from(&mut own, "2001:db8:12:34:a1b2:c3d4:e5f6:1").await, KNOWN, "the first time");
        for rotated in ["2001:db8:12:34::9", "2001:db8:12:34:ffff:ffff:ffff:ffff", "2001:db8:12:34:1:2:3:4"] {
            assert_eq!(from(&mut own, rotated).await, KNOWN, "{rotated}");
        }
        assert_eq!(from(&mut own, "2001:db8:12:35::9").await, NEW, "the next /64");
        // Many behind one address, each with a browser of their own: who is known is known.
        cerebro.clock.advance(Duration::from_secs(16 * 60));
        let mut people = Vec::new();
        for email in [INES, ODILE] {
            let mut browser = Browser::new(cerebro);
            browser.peer = "203.0.113.80:40000".parse().unwrap();
            for port in 0..3 {
                browser.peer.set_port(41_000 + port);
                browser.sign_in(cerebro, email).await;
            }
            people.push(email);
        }
        for email in people {
            assert!(cerebro.mail_to(email).await.is_empty(), "{email} is told of nothing");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn n5_what_was_decided_of_a_place_is_in_the_ledger() {
    each_engine(async |cerebro| {
        let mut ines = administrator(cerebro, INES).await;
        ines.peer = "198.51.100.7:40000".parse().unwrap();
        ines.sign_in(cerebro, INES).await;
        let opened = cerebro.details("session.opened").await;
        // The latest is whoever reads: before it, another network; before that, the first time.
        let said = |nth: usize, name: &str| opened[nth][name].clone();
        assert_eq!((said(1, "new_device"), said(1, "new_network")), (json!(false), json!(true)));
        assert_eq!(said(1, "network"), json!("198.51.100.0/24"));
        assert_eq!(said(1, "factor"), json!("totp"));
        assert_eq!((said(2, "new_device"), said(2, "new_network")), (json!(true), json!(true)));
        arrivals(cerebro).await;
    })
    .await;
}

/// What waits, what is approved and what is refused, where the organisation asks.
async fn arrivals(cerebro: &TestCerebro) {
    let mut odile = administrator(cerebro, ODILE).await;
    let places = |operational| Places { operational, ..Places::default() };
    let policy =
        |operational| operations::Policy { places: places(operational), ..operations::Policy::default() };
    cerebro.set_policy(policy(NewPlace::Approval)).await;
    let mut ines = odile.another();
    ines.peer = "203.0.113.9:40000".parse().unwrap();
    let both = async |browser: &mut Browser| {
        cerebro.clock.advance(Duration::from_secs(30));
        browser.password(INES, PASSWORD).await;
        browser.get("/sign-in/code").await;
        browser.post("/sign-in/code", &[("code", &cerebro.code()), ("next", "/")]).await
    };
    assert_eq!(both(&mut ines).await.status, 422);
    let page = odile.get("/accounts/arrivals").await;
    let (_, rest) = page.body.split_once("action=\"/accounts/arrivals/").unwrap();
    let href = format!("/accounts/arrivals/{}", rest.split('"').next().unwrap());
    odile.post(&href, &[("answer", "approve")]).await;
    assert_eq!(both(&mut ines).await.location, "/");
    assert_eq!(cerebro.details("arrival.waits").await[0]["network"], json!("203.0.113.0/24"));
    assert_eq!(cerebro.details("arrival.decided").await[0]["decision"], json!("approved"));
    cerebro.set_policy(policy(NewPlace::Refuse)).await;
    let mut stranger = odile.another();
    assert_eq!(both(&mut stranger).await.status, 422);
    let refused = &cerebro.details("session.refused").await[0];
    assert_eq!((&refused["step"], &refused["network"]), (&json!("place"), &json!("192.0.2.0/24")));
}
