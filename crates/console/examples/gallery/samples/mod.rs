//! Invented pages, for pictures and snapshots, a file for each family of pages. Every person and domain here is made up; domains are under
//! `.example`.

mod accounts;
mod calibration;
mod changes;
mod contents;
pub(crate) mod controls;
mod decide;
mod entry;
pub(crate) mod guarded;
mod ledger;
pub(crate) mod lists;
mod message;
mod outgoing;
mod outside;
mod queue;
pub(crate) mod register;
mod security;

use std::time::Duration;

use console::clock::ClockView;
use console::format::Wall;
use console::i18n::Words;
use console::pages::Shell;
use console::pages::shell::{Bar, Person, Place, Reach, nav};
use jiff::tz::{TimeZone, offset};
use vocabulary::{Locale, Timestamp};

pub(crate) use accounts::*;
pub(crate) use calibration::*;
pub(crate) use changes::*;
pub(crate) use decide::*;
pub(crate) use entry::*;
pub(crate) use ledger::*;
pub(crate) use message::*;
pub(crate) use outgoing::*;
pub(crate) use outside::*;
pub(crate) use queue::*;
pub(crate) use security::*;

const HOLD: &str = "hold_01kav7d8c8f1kbynf8h4kq2v0m";
const HASH: &str = "7c1e52a0d3b94f6688c17e0a5d2f9b3164e8c0aa17f25b9d03c6e1f48a72b04f";

/// What a browser asks a security key, cut short.
const QUESTION: &str = r#"{"challenge":"3q2-7w","rpId":"console.orveane.example","timeout":300000,"userVerification":"required","allowCredentials":[]}"#;

/// The moment of the pictures: 24 November 2026, 14:20:20 in Paris.
fn now() -> Timestamp {
    Timestamp::parse("2026-11-24T13:20:20Z").unwrap_or_default()
}

fn wall(locale: Locale) -> Wall {
    Wall::new(locale, TimeZone::fixed(offset(1)))
}

fn clock(locale: Locale, left_s: i64, total_s: u64) -> ClockView {
    let due = Timestamp::from_micros(now().micros() + left_s * 1_000_000);
    ClockView::new(&wall(locale), now(), due.minus(Duration::from_secs(total_s)), due)
}

/// One of two texts.
fn say(w: Words, fr: &str, en: &str) -> String {
    match w.0 {
        Locale::Fr => fr.to_owned(),
        Locale::En => en.to_owned(),
    }
}

fn shell(w: Words, path: &str, here: Place, governance: bool) -> Shell {
    let (name, role) = if governance {
        ("Sofiane Delattre", say(w, "Arbitre", "Arbiter"))
    } else {
        ("Inès Kermadec", say(w, "Opératrice", "Operator"))
    };
    Shell {
        w,
        path: path.to_owned(),
        csrf: "sample".to_owned(),
        organisation: "Banque Orvéane".to_owned(),
        person: Some(Person::new(w, name, &role, now(), now().plus(Duration::from_secs(27 * 60)))),
        nav: nav(w, Reach { queue: Some(23), ledger: governance, ..Reach::default() }, here),
        bar: Bar::waiting(w, 23),
        toast: None,
    }
}

fn signed_out(w: Words, path: &str) -> Shell {
    Shell { organisation: "Banque Orvéane".to_owned(), ..Shell::signed_out(w, path, "sample".to_owned()) }
}

fn administration(w: Words, path: &str) -> Shell {
    let mut s = shell(w, path, Place::Accounts, false);
    s.nav = nav(
        w,
        Reach { queue: None, outgoing: true, ledger: true, accounts: true, ..Reach::default() },
        Place::Accounts,
    );
    s.bar = Bar::Empty;
    s.person = Some(Person::new(
        w,
        "Odile Sarrazin",
        &say(w, "Administratrice", "Administrator"),
        now(),
        now().plus(Duration::from_secs(14 * 60)),
    ));
    s
}
