//! Every page in both languages: whole against its snapshot, well formed, light, and without anything inline.

use askama::Template;
use regex::Regex;
use vocabulary::Locale;

use crate::i18n::Words;
use crate::{assets, pages};

#[path = "../../examples/gallery/samples/mod.rs"]
mod samples;

type Sample = (&'static str, fn(Words) -> String);

fn html<T: Template>(page: &T) -> String {
    page.render().unwrap()
}

const SAMPLES: &[Sample] = &[
    ("sign_in", |w| html(&samples::sign_in(w))),
    ("sign_in_refused", |w| html(&samples::sign_in_refused(w))),
    ("second_factor", |w| html(&samples::second_factor(w))),
    ("second_factor_key", |w| html(&samples::second_factor_key(w))),
    ("queue", |w| html(&samples::queue(w))),
    ("queue_empty", |w| html(&samples::queue_empty(w))),
    ("queue_none_found", |w| html(&samples::queue_none_found(w))),
    ("message", |w| html(&samples::message(w))),
    ("message_escalated", |w| html(&samples::message_escalated(w))),
    ("message_decided", |w| html(&samples::message_decided(w))),
    ("message_guarded", |w| html(&samples::guarded::closed(w))),
    ("message_guarded_custodian", |w| html(&samples::guarded::closed_to_custodian(w))),
    ("message_guarded_opened", |w| html(&samples::guarded::opened(w))),
    ("guarded_open", |w| html(&samples::guarded::open(w))),
    ("guarded_open_wrong", |w| html(&samples::guarded::open_wrong(w))),
    ("link_private", |w| html(&samples::guarded::link(w))),
    ("decide", |w| html(&samples::decide(w))),
    ("decide_wrong", |w| html(&samples::decide_wrong(w))),
    ("escalate", |w| html(&samples::escalate(w))),
    ("rule", |w| html(&samples::rule(w))),
    ("overrule", |w| html(&samples::overrule(w))),
    ("decide_sign", |w| html(&samples::decide_sign(w))),
    ("decide_sign_wrong", |w| html(&samples::decide_sign_wrong(w))),
    ("decide_must_sign", |w| html(&samples::decide_must_sign(w))),
    ("decide_cannot_sign", |w| html(&samples::decide_cannot_sign(w))),
    ("decisions", |w| html(&samples::decisions(w))),
    ("decisions_empty", |w| html(&samples::decisions_empty(w))),
    ("register", |w| html(&samples::register::register(w))),
    ("register_empty", |w| html(&samples::register::register_empty(w))),
    ("own_messages", |w| html(&samples::register::own_messages(w))),
    ("own_messages_empty", |w| html(&samples::register::own_messages_empty(w))),
    ("ledger", |w| html(&samples::ledger(w))),
    ("proof", |w| html(&samples::proof(w))),
    ("error", |w| html(&samples::error(w))),
    ("link", |w| html(&samples::link(w))),
    ("security", |w| html(&samples::security(w))),
    ("security_owed", |w| html(&samples::security_owed(w))),
    ("totp", |w| html(&samples::totp(w))),
    ("sessions", |w| html(&samples::sessions(w))),
    ("arrivals", |w| html(&samples::arrivals(w))),
    ("mailed_code", |w| html(&samples::mailed_code(w))),
    ("key", |w| html(&samples::key(w))),
    ("codes", |w| html(&samples::codes(w))),
    ("remove_factor", |w| html(&samples::remove_factor(w))),
    ("step_up", |w| html(&samples::step_up(w))),
    ("backup_code", |w| html(&samples::backup_code(w))),
    ("accounts", |w| html(&samples::accounts(w))),
    ("account", |w| html(&samples::account(w))),
    ("access_review", |w| html(&samples::access_review(w))),
    ("break_glass", |w| html(&samples::break_glass(w))),
    ("services", |w| html(&samples::services(w))),
    ("services_wrong", |w| html(&samples::services_wrong(w))),
    ("token", |w| html(&samples::token(w))),
    ("policy", |w| html(&samples::policy(w))),
    ("policy_change", |w| html(&samples::policy_change(w))),
    ("change_security", |w| html(&samples::change_security(w))),
    ("calibrations", |w| html(&samples::calibrations(w))),
    ("calibrations_empty", |w| html(&samples::calibrations_empty(w))),
    ("calibration", |w| html(&samples::calibration(w))),
    ("calibration_refused", |w| html(&samples::calibration_refused(w))),
    ("password", |w| html(&samples::password(w))),
    ("forgotten", |w| html(&samples::forgotten(w))),
    ("account_missions", |w| html(&samples::account_missions(w))),
    ("grant", |w| html(&samples::grant(w))),
    ("changes", |w| html(&samples::changes(w))),
    ("change", |w| html(&samples::change(w))),
    ("suspend", |w| html(&samples::suspend(w))),
    ("account_requests", |w| html(&samples::account_requests(w))),
    ("invite", |w| html(&samples::invite(w))),
    ("account_request", |w| html(&samples::account_request(w))),
    ("account_link", |w| html(&samples::account_link(w))),
    ("link_done", |w| html(&samples::link_done(w))),
    ("outgoing", |w| html(&samples::outgoing(w))),
    ("outgoing_empty", |w| html(&samples::outgoing_empty(w))),
    ("outgoing_withdraw", |w| html(&samples::outgoing_withdraw(w))),
    ("controls", |w| html(&samples::controls::controls(w))),
    ("controls_empty", |w| html(&samples::controls::controls_empty(w))),
    ("control_set", |w| html(&samples::controls::control_set(w))),
    ("control", |w| html(&samples::controls::control(w))),
    ("control_change", |w| html(&samples::controls::control_change(w))),
    ("control_copy", |w| html(&samples::controls::control_copy(w))),
    ("control_new", |w| html(&samples::controls::control_new(w))),
    ("controls_upload", |w| html(&samples::controls::controls_upload(w))),
    ("control_publish", |w| html(&samples::controls::control_publish(w))),
    ("rehearsal", |w| html(&samples::controls::rehearsal_page(w))),
    ("rehearsal_empty", |w| html(&samples::controls::rehearsal_empty(w))),
    ("replay", |w| html(&samples::controls::replay(w))),
    ("replay_done", |w| html(&samples::controls::replay_done(w))),
    ("lists", |w| html(&samples::lists::lists(w))),
    ("lists_empty", |w| html(&samples::lists::lists_empty(w))),
    ("list", |w| html(&samples::lists::list(w))),
    ("list_encrypted", |w| html(&samples::lists::list_encrypted(w))),
    ("list_labels", |w| html(&samples::lists::list_labels(w))),
    ("list_none_found", |w| html(&samples::lists::list_none_found(w))),
    ("list_change", |w| html(&samples::lists::list_change(w))),
    ("proposal", |w| html(&samples::lists::proposal(w))),
    ("proposal_encrypted", |w| html(&samples::lists::proposal_encrypted(w))),
    ("proposal_clients", |w| html(&samples::lists::proposal_clients(w))),
    ("proposal_refused", |w| html(&samples::lists::proposal_refused(w))),
    ("examples", |w| html(&samples::lists::examples(w))),
    ("examples_empty", |w| html(&samples::lists::examples_empty(w))),
    ("example", |w| html(&samples::lists::example(w))),
    ("example_new", |w| html(&samples::lists::example_new(w))),
];

fn each(look: impl Fn(&str, &str)) {
    for locale in Locale::ALL {
        for (name, page) in SAMPLES {
            look(&format!("{name}.{locale}"), &page(Words(locale)));
        }
        look(&format!("queue_full.{locale}"), &html(&samples::queue_full(Words(locale))));
        look(&format!("message_full.{locale}"), &html(&samples::message_full(Words(locale))));
        look(
            &format!("control_set_full.{locale}"),
            &html(&samples::controls::control_set_full(Words(locale))),
        );
        look(&format!("rehearsal_full.{locale}"), &html(&samples::controls::rehearsal_full(Words(locale))));
    }
}

#[test]
fn every_page_is_what_it_was() {
    let hashes = Regex::new(r"/assets/[A-Za-z0-9_-]+/").unwrap();
    for locale in Locale::ALL {
        for (name, page) in SAMPLES {
            // An asset that changes does not change every page.
            let html = hashes.replace_all(&page(Words(locale)), "/assets/HASH/").into_owned();
            insta::assert_snapshot!(format!("{name}.{locale}"), html);
        }
    }
    let rows = html(&samples::queue_rows(Words(Locale::En)));
    assert!(rows.starts_with("<div id=\"list\"") && !rows.contains("<html"));
}

const VOID: [&str; 6] = ["input", "meta", "link", "br", "hr", "img"];

/// Every element closed in its order, every attribute quoted and there once, every id there once.
fn well_formed(name: &str, html: &str) {
    let tag = Regex::new(
        r#"<(/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9:-]*(?:=(?:"[^"<]*"|'[^'<]*'))?)*)\s*(/?)>"#,
    )
    .unwrap();
    let attribute = Regex::new(r#"([a-zA-Z][a-zA-Z0-9:-]*)(?:=(?:"([^"]*)"|'[^']*'))?"#).unwrap();
    let (mut open, mut ids) = (Vec::new(), std::collections::BTreeSet::new());
    let (mut at, body) = (0, html.trim_start().trim_start_matches("<!doctype html>"));
    for found in tag.captures_iter(body) {
        let whole = found.get(0).unwrap();
        let between = &body[at..whole.start()];
        assert!(!between.contains(['<', '>']), "{name}: markup in {between:?}");
        at = whole.end();
        let element = &found[2];
        let mut names = std::collections::BTreeSet::new();
        for found in attribute.captures_iter(&found[3]) {
            assert!(names.insert(found[1].to_owned()), "{name}: {} twice in {}", &found[1], whole.as_str());
            if &found[1] == "id" {
                assert!(ids.insert(found[2].to_owned()), "{name}: id {} twice", &found[2]);
            }
        }
        match (&found[1], &found[4]) {
            ("/", _) => assert_eq!(open.pop(), Some(element.to_owned()), "{name}: </{element}>"),
            (_, "/") => {}
            _ if VOID.contains(&element) => {}
            _ => open.push(element.to_owned()),
        }
    }
    assert!(!body[at..].contains(['<', '>']) && open.is_empty(), "{name}: {open:?} left open");
    let links = Regex::new(r##" (?:href|for)="#?([a-z][^"/]*)""##).unwrap();
    for found in links.captures_iter(html).filter(|found| found[0].contains('#') || found[0].contains("for="))
    {
        assert!(ids.contains(&found[1]), "{name}: {} leads nowhere", &found[0]);
    }
}

#[test]
fn every_page_is_well_formed() {
    each(|name, html| {
        // The full queue repeats its rows, and so their ids.
        if !name.contains("_full") {
            well_formed(name, html);
        }
    });
}

#[test]
fn no_page_holds_anything_the_policy_forbids() {
    let inline =
        r#"(?i)<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|<script>|(?:src|href|action)="(?:https?:)?//"#;
    let inline = Regex::new(inline).unwrap();
    each(|name, html| {
        assert!(inline.find(html).is_none(), "{name}: {:?}", inline.find(html));
    });
}

#[test]
fn every_form_that_changes_something_carries_its_token() {
    let forms = Regex::new(r#"(?s)<form[^>]*method="post".*?</form>"#).unwrap();
    each(|name, html| {
        for form in forms.find_iter(html) {
            assert!(form.as_str().contains(r#"name="csrf" value="sample""#), "{name}: {}", form.as_str());
        }
    });
}

#[test]
fn no_page_weighs_over_150_kilobytes_with_all_it_loads() {
    let loaded = Regex::new(r##"(?:src|href)="/assets/[^/]+/([^"#]+)["#]"##).unwrap();
    each(|name, html| {
        let names: std::collections::BTreeSet<String> =
            loaded.captures_iter(html).map(|found| found[1].to_owned()).collect();
        let weight = html.len() + names.iter().map(|name| assets::weight(name)).sum::<usize>();
        assert!(names.iter().all(|name| assets::weight(name) > 0), "{name}: {names:?}");
        assert!(weight <= 150_000, "{name}: {weight} bytes");
    });
}

#[test]
fn what_a_stranger_wrote_is_never_markup() {
    let hostile = "<img src=x onerror=alert(1)>\"'&";
    let w = Words(Locale::En);
    let mut page = samples::message(w);
    page.m.subject = hostile.into();
    page.m.sender = hostile.into();
    page.m.attachments[0].name = crate::text::plain(hostile);
    page.m.recipients[0].name = hostile.into();
    page.m.findings[0].title = hostile.into();
    page.m.similar[0].reason = hostile.into();
    page.list.rows[0].subject = hostile.into();
    page.list.search = hostile.into();
    let html = html(&page);
    assert!(!html.contains("<img"));
    well_formed("hostile", &html);
}

#[test]
fn every_mishap_says_what_happened_what_is_kept_and_what_to_do() {
    for locale in Locale::ALL {
        for mishap in pages::error::Mishap::ALL {
            let shell = pages::Shell::signed_out(Words(locale), "/", String::new());
            let page = pages::error::ErrorPage::new(shell, mishap, None, "");
            for text in [&page.title, &page.happened, &page.kept, &page.todo] {
                assert!(text.contains(' '), "{mishap:?} in {locale}: {text}");
            }
            well_formed(page.reference.as_str(), &html(&page));
        }
    }
}
