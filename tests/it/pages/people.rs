//! What the people of these tests do over and over.

use crate::support::browser::Page;
use crate::support::{Browser, TestCerebro};

pub(crate) const ODILE: &str = "odile.sarrazin@orveane.example";
pub(crate) const HUGUES: &str = "hugues.tallec@orveane.example";
pub(crate) const INES: &str = "ines.kermadec@orveane.example";
pub(crate) const CLEMENCE: &str = "clemence.aubertin@orveane.example";
pub(crate) const GASPARD: &str = "gaspard.nivelle@orveane.example";

pub(crate) async fn ask(browser: &mut Browser, name: &str, email: &str) -> Page {
    browser.get("/account-request").await;
    let fields = [("name", name), ("email", email), ("reason", "Renfort de la validation")];
    browser.post("/account-request", &fields).await
}

pub(crate) async fn invite(browser: &mut Browser, name: &str, email: &str, exception: &str) -> Page {
    browser.get("/accounts/invite").await;
    let fields = [
        ("name", name),
        ("email", email),
        ("reason", "Renfort"),
        ("exception", exception),
        ("mission-operator", "yes"),
        ("mission-administrator", "yes"),
    ];
    browser.post("/accounts/invite", &fields).await
}

/// Where the request of this name is shown.
pub(crate) async fn request_of(browser: &mut Browser, name: &str) -> String {
    let page = browser.get("/accounts/requests").await;
    let (before, _) = page.body.split_once(&format!(">{name}</a>")).expect("the request is shown");
    let (_, href) = before.rsplit_once("href=\"").unwrap();
    href.trim_end_matches('"').to_owned()
}

pub(crate) async fn approve(browser: &mut Browser, name: &str) -> Page {
    let href = request_of(browser, name).await;
    browser.get(&href).await;
    browser.post(&format!("{href}/approve"), &[]).await
}

/// The path of the link in the last mail to an address.
pub(crate) async fn link(cerebro: &TestCerebro, email: &str) -> String {
    let mails = cerebro.mail_to(email).await;
    let mut links = mails.iter().rev().filter_map(|mail| mail.split_once("https://console.orveane.example"));
    let (_, rest) = links.next().expect("a mail with a link");
    rest.split_whitespace().next().unwrap().to_owned()
}

/// Somebody who is signed in with both factors.
pub(crate) async fn administrator(cerebro: &TestCerebro, email: &str) -> Browser {
    let mut browser = Browser::new(cerebro);
    browser.sign_in(cerebro, email).await;
    browser
}

/// Where the account of this name is shown.
pub(crate) async fn href_of(browser: &mut Browser, name: &str) -> String {
    let page = browser.get("/accounts").await;
    let (before, _) = page.body.split_once(&format!(">{name}</a>")).expect("the account is shown");
    let (_, href) = before.rsplit_once("href=\"").unwrap();
    href.trim_end_matches('"').to_owned()
}
