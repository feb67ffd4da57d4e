//! Private and protected mail: closed to an operator, to who keeps it, opened, and the form that opens it.

use compliance::Guarded;
use console::i18n::Words;
use console::pages::decide::Act;
use console::pages::guarded::{Closed, ClosedPage, OpenPage, circumstance_name};
use console::pages::link::LinkPage;
use console::pages::message::{Event, MessagePage, RecipientView, Tag, Tense};
use console::pages::shell::{Bar, Place};
use console::pages::{Severity, Standing, short};
use operations::review::guarded::Circumstance;

use super::message::acts;
use super::{HASH, HOLD, clock, list, say, shell};

fn closed_one(w: Words) -> Closed {
    let event = |tense, time: &str, text| Event { tense, time: time.into(), text };
    Closed {
        id: HOLD.into(),
        flow: "flow_01kav7d8c8f1kbynf8h4kq2v0k".into(),
        chip: Standing::Held.chip(w),
        severity: Severity::Medium,
        class: Guarded::Private,
        sender: "theodore.vasquin@orveane.example".into(),
        facts: say(w, "reçu à 14:02 · 186\u{202f}Ko", "received at 14:02 · 186\u{202f}KB"),
        attached: 3,
        categories: vec![w.t("category-personal-data"), w.t("category-recipients")],
        clock: Some(clock(w.0, 11 * 60 + 40, 1800)),
        next: Some(say(w, "arbitre saisi à 14:27", "arbiter called at 14:27")),
        together: Vec::new(),
        recipients: vec![RecipientView {
            name: "rozenn.lemarrec@cabinet-elorn.example".into(),
            address: None,
            note: None,
            chip: Standing::Held.chip(w),
            tags: vec![Tag::External],
        }],
        decided: Vec::new(),
        said: Vec::new(),
        timeline: vec![
            event(Tense::Past, "14:02", w.t("timeline-held")),
            event(Tense::Now, "14:20", w.t("timeline-closed")),
            event(Tense::Next, "14:27", w.t("timeline-next-escalate")),
            event(Tense::Next, "14:32", w.t("timeline-due")),
        ],
        open: None,
        acts: acts(&[Act::Reject, Act::Escalate]),
        no_act: None,
        bound: short(HASH),
    }
}

/// The subject line of the row beside it is not shown either.
fn page(w: Words, m: Closed, governance: bool) -> ClosedPage {
    let mut s = shell(w, &format!("/holds/{HOLD}"), Place::Queue, governance);
    s.bar = m.clock.clone().map_or(Bar::Empty, Bar::Clock);
    let mut list = list(w, true);
    for row in list.rows.iter_mut().filter(|row| row.current) {
        row.subject = w.t("guarded-subject");
        row.who.clone_from(&m.sender);
        row.control = console::pages::guarded::class_name(m.class, w);
        row.severity = m.severity;
    }
    ClosedPage { s, list, m }
}

/// A private message, as its operator sees it.
pub(crate) fn closed(w: Words) -> ClosedPage {
    page(w, closed_one(w), false)
}

/// Protected correspondence, as who keeps such mail sees it.
pub(crate) fn closed_to_custodian(w: Words) -> ClosedPage {
    let m = Closed {
        class: Guarded::Protected,
        categories: vec![w.t("category-protected")],
        open: Some(format!("/holds/{HOLD}/open")),
        acts: acts(&[Act::CustodyRelease, Act::CustodyReject]),
        ..closed_one(w)
    };
    page(w, m, true)
}

/// The form that opens a private message.
pub(crate) fn open(w: Words) -> OpenPage {
    OpenPage {
        s: shell(w, &format!("/holds/{HOLD}/open"), Place::Queue, true),
        class: Guarded::Private,
        sender: "theodore.vasquin@orveane.example".into(),
        back: format!("/holds/{HOLD}"),
        action: format!("/holds/{HOLD}/open"),
        circumstances: Circumstance::of(Guarded::Private)
            .map(|one| (one.word(), circumstance_name(one, w)))
            .collect(),
        minutes: 30,
        circumstance: String::new(),
        grounds: String::new(),
        problems: Vec::new(),
    }
}

/// The same for protected correspondence, not accepted.
pub(crate) fn open_wrong(w: Words) -> OpenPage {
    OpenPage {
        class: Guarded::Protected,
        circumstances: Circumstance::of(Guarded::Protected)
            .map(|one| (one.word(), circumstance_name(one, w)))
            .collect(),
        circumstance: "entitled".into(),
        problems: vec![("grounds", w.t("guarded-open-say"))],
        ..open(w)
    }
}

/// A private message that was opened.
pub(crate) fn opened(w: Words) -> MessagePage {
    let mut page = super::message_escalated(w);
    let until = w.with("guarded-open-until", "time", "14:50");
    let case = circumstance_name(Circumstance::Present, w);
    page.m.guard = Some(format!("{} · {until} · {case}", w.t("guarded-private")));
    page.m.acts = acts(&[Act::CustodyRelease, Act::CustodyReject]);
    page
}

/// The sender's page of a message that they marked private.
pub(crate) fn link(w: Words) -> LinkPage {
    LinkPage {
        subject: w.t("guarded-subject"),
        requalify: Some("/notices/sample/requalify".into()),
        ..super::link(w)
    }
}
