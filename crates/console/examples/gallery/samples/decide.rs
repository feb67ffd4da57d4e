//! The forms of a decision, and what was decided lately.

use console::i18n::Words;
use console::pages::decide::{Act, DecidePage, Draft, Problem, SignDecisionPage, against};
use console::pages::decisions::{DecisionRow, Decisions};
use console::pages::shell::Place;
use console::pages::{Severity, Standing};
use operations::review::signature::Demand;

use super::{HASH, HOLD, clock, say, shell};

fn decide_page(w: Words, act: Act, governance: bool) -> DecidePage {
    DecidePage {
        s: shell(w, &act.href(HOLD), Place::Queue, governance),
        act,
        back: format!("/holds/{HOLD}"),
        action: act.href(HOLD),
        subject: "Belvédère — dernier point avant jeudi".into(),
        sender: "Théodore Vasquin".into(),
        clock: Some(clock(w.0, 11 * 60 + 10, 1800)),
        against: None,
        seen: HASH.into(),
        demand: Demand::Offered,
        draft: Draft::default(),
        problems: Vec::new(),
    }
}

/// The form of a rejection.
pub(crate) fn decide(w: Words) -> DecidePage {
    decide_page(w, Act::Reject, false)
}

/// The same, sent without a reason.
pub(crate) fn decide_wrong(w: Words) -> DecidePage {
    let mut page = decide_page(w, Act::Release, false);
    page.draft.note = "Merci de votre patience.".into();
    page.problems = vec![
        Problem { field: "motive", text: w.t("decide-pick-motive") },
        Problem { field: "reason", text: w.t("decide-give-reason") },
    ];
    page
}

/// The form of an escalation.
pub(crate) fn escalate(w: Words) -> DecidePage {
    decide_page(w, Act::Escalate, false)
}

/// The form of an arbiter's ruling.
pub(crate) fn rule(w: Words) -> DecidePage {
    decide_page(w, Act::RuleRelease, true)
}

/// The form of an override.
pub(crate) fn overrule(w: Words) -> DecidePage {
    let mut page = decide_page(w, Act::OverruleRelease, true);
    page.clock = None;
    let what = say(w, "Rejeté à 14:19", "Rejected at 14:19");
    page.against = Some(against(w, &what, "Maëlle Brisson"));
    page
}

/// An override whole, before a security key signs it.
pub(crate) fn decide_sign(w: Words) -> SignDecisionPage {
    let act = Act::OverruleRelease;
    let grounds = say(
        w,
        "Mme Le Marrec est inscrite sur la liste d’initiés depuis 14 h 10.",
        "Ms Le Marrec has been on the insider list since 14:10.",
    );
    SignDecisionPage {
        s: shell(w, &act.href(HOLD), Place::Queue, true),
        act,
        back: act.href(HOLD),
        action: act.href(HOLD),
        subject: "Belvédère — dernier point avant jeudi".into(),
        sender: "theodore.vasquin@orveane.example".into(),
        seen: HASH.into(),
        reason: grounds.clone(),
        draft: Draft { reason: grounds, sign: true, ..Draft::default() },
        nonce: "b25jZQ".into(),
        options: "{}".into(),
        problem: false,
    }
}

/// The same, when the key answered another question.
pub(crate) fn decide_sign_wrong(w: Words) -> SignDecisionPage {
    SignDecisionPage { problem: true, ..decide_sign(w) }
}

/// A form whose signature the organisation asks for.
pub(crate) fn decide_must_sign(w: Words) -> DecidePage {
    DecidePage { demand: Demand::Needed, ..overrule(w) }
}

/// The same for who has no key.
pub(crate) fn decide_cannot_sign(w: Words) -> DecidePage {
    DecidePage { demand: Demand::Impossible, ..overrule(w) }
}

/// What was decided lately, for governance.
pub(crate) fn decisions(w: Words) -> Decisions {
    let row = |standing: Standing,
               subject: &str,
               sender: &str,
               level,
               control: (&str, &str),
               by: &str,
               overrule| DecisionRow {
        href: format!("/holds/{HOLD}"),
        when: "14:19".into(),
        chip: standing.chip(w),
        subject: subject.to_owned(),
        sender: sender.to_owned(),
        severity: Severity::from_level(level),
        control: say(w, control.0, control.1),
        by: by.to_owned(),
        overridden: level == 2,
        took: "2\u{202f}min 52\u{202f}s".into(),
        overrule,
    };
    let href = Some(Act::OverruleRelease.href(HOLD));
    Decisions {
        s: shell(w, "/decisions", Place::Decisions, true),
        rows: vec![
            row(
                Standing::Rejected,
                "Belvédère — dernier point avant jeudi",
                "Théodore Vasquin",
                4,
                ("Information privilégiée", "Inside information"),
                "Maëlle Brisson",
                href.clone(),
            ),
            row(
                Standing::Released,
                "RIB et pièces pour la signature",
                "Ludovic Chantraine",
                2,
                ("IBAN en clair", "IBAN in clear"),
                "Inès Kermadec",
                None,
            ),
            row(
                Standing::Withdrawn,
                "",
                "Gaspard Nivelle",
                3,
                ("Données personnelles", "Personal data"),
                "Gaspard Nivelle",
                None,
            ),
            row(
                Standing::Rejected,
                "Proposition d’allocation prudente, quatrième trimestre, version relue par la conformité",
                "Anne-Claude de Montferrand-Taillebois",
                3,
                ("Promesse de rendement", "Promise of return"),
                "Inès Kermadec",
                href,
            ),
        ],
        may_overrule: true,
    }
}

/// Nothing was decided yet.
pub(crate) fn decisions_empty(w: Words) -> Decisions {
    Decisions { s: shell(w, "/decisions", Place::Decisions, false), rows: Vec::new(), may_overrule: false }
}
