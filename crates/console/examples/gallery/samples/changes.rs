//! What waits for a second administrator, the review of access, break-glass and the settings.

use access::Family;
use console::i18n::Words;
use console::pages::access_review::{AccessReviewPage, OpenReview, RightRow, right_chip};
use console::pages::break_glass::{BreakGlassPage, GlassRow, glass_chip};
use console::pages::changes::{ChangePage, ChangeRow, ChangesPage, state_chip};
use console::pages::policy::{
    FamilyDraft, PolicyChangePage, PolicyDraft, PolicyPage, decision_name, family_name, family_word,
    place_name, setting_name, setting_value,
};
use identity::place::NewPlace;
use operations::Policy;
use operations::changes::ChangeState;
use operations::organisation::{DecisionKind, Setting};

use super::{administration, now, say};

/// Changes that wait for a second administrator.
pub(crate) fn changes(w: Words) -> ChangesPage {
    let what = w.with2("change-mission", "name", "Clémence Aubertin", "mission", w.t("role-administrator"));
    ChangesPage {
        s: administration(w, "/changes"),
        rows: vec![ChangeRow {
            href: "/changes/one".into(),
            what,
            by: "Odile Sarrazin".into(),
            since: "13:58".into(),
            until: "1 déc.".into(),
            chip: state_chip(ChangeState::Waiting, w),
        }],
    }
}

/// One of them.
pub(crate) fn change(w: Words) -> ChangePage {
    ChangePage {
        s: administration(w, "/changes/one"),
        what: w.with2("change-mission", "name", "Clémence Aubertin", "mission", w.t("role-administrator")),
        chip: state_chip(ChangeState::Waiting, w),
        facts: vec![(w.t("account-asked-by"), "Odile Sarrazin".into())],
        reason: say(w, "Remplace Hugues Tallec.", "Replaces Hugues Tallec."),
        approve: Some("/changes/one/approve".into()),
        refuse: Some("/changes/one/refuse".into()),
        problem: None,
    }
}

/// The review of access: late, with a right of each kind.
pub(crate) fn access_review(w: Words) -> AccessReviewPage {
    use operations::access_reviews::list::LineState as S;
    let row = |name: &str, mission: &str, used: Option<&str>, state: S, by: &str, own: bool| RightRow {
        name: name.into(),
        href: "/accounts/one".into(),
        mission: w.t(mission),
        since: say(w, "2 sept.", "2 Sep"),
        used: used.map(Into::into),
        chip: right_chip(&state, w),
        by: by.into(),
        decide: (state == S::Waits && !own)
            .then(|| ("/access-review/one/keep".into(), "/access-review/one/end".into())),
        own,
    };
    let at = now();
    AccessReviewPage {
        s: administration(w, "/access-review"),
        open: Some(OpenReview { left: 3, due: say(w, "20 nov.", "20 Nov"), late: true }),
        last: None,
        rows: vec![
            row("Clémence Aubertin", "role-operator", Some("24 nov."), S::Waits, "", false),
            row("Annuaire", "role-registrar", None, S::Waits, "", false),
            row("Odile Sarrazin", "role-administrator", Some("24 nov."), S::Waits, "", true),
            row(
                "Inès Kermadec",
                "role-operator",
                Some("24 nov."),
                S::Kept(String::new(), at),
                "Hugues Tallec, 13:40",
                false,
            ),
            row(
                "Gaspard Nivelle",
                "role-auditor",
                None,
                S::Ended(String::new(), at),
                "Hugues Tallec, 13:41",
                false,
            ),
            row("Félix Quémener", "role-auditor", None, S::Gone, "", false),
        ],
        before: None,
        after: None,
        problem: None,
    }
}

/// Break-glass: one that waits for its review, one that was reviewed.
pub(crate) fn break_glass(w: Words) -> BreakGlassPage {
    let row = |name: &str, reviewed: bool| GlassRow {
        name: name.into(),
        reason: say(
            w,
            "Les deux administrateurs ont perdu leurs clés.",
            "Both administrators lost their keys.",
        ),
        chip: glass_chip(true, reviewed, w),
        since: "13:58".into(),
        until: "15:58".into(),
        found: reviewed
            .then(|| say(w, "Deux clés remplacées, rien d’autre.", "Two keys replaced, nothing else.")),
        by: if reviewed { "Hugues Tallec".into() } else { String::new() },
        review: (!reviewed).then(|| "/break-glass/one/review".into()),
    };
    BreakGlassPage {
        s: administration(w, "/break-glass"),
        rows: vec![row("Maud Ferrier", false), row("Ivo Lange", true)],
    }
}

/// The settings that decide who comes in.
pub(crate) fn policy(w: Words) -> PolicyPage {
    let mut policy = Policy::default();
    let networks = ["10.0.0.0/8", "192.0.2.0/24"].iter().filter_map(|one| one.parse().ok());
    policy.set(Setting::Trusted(networks.collect()));
    policy.set(Setting::NewPlace(Family::Administration, NewPlace::Approval));
    PolicyPage {
        s: administration(w, "/policy"),
        settings: policy.settings().iter().map(|one| (setting_name(w, one), setting_value(w, one))).collect(),
        list: w.with("password-list", "date", say(w, "1 nov. 2026", "1 Nov 2026")),
        list_fails: false,
        change: Some("/policy/change"),
    }
}

/// They are changed: an idle limit is out of bounds.
pub(crate) fn policy_change(w: Words) -> PolicyChangePage {
    let family = |family: Family, idle: &str, mandatory: Option<bool>| FamilyDraft {
        word: family_word(family),
        name: family_name(w, family),
        idle: idle.into(),
        whole: "480".into(),
        most: (30, 720),
        mandatory,
        places: NewPlace::ALL
            .map(|rule| (rule.word(), place_name(w, family, rule), rule == NewPlace::SecondFactor))
            .to_vec(),
    };
    PolicyChangePage {
        s: administration(w, "/policy/change"),
        draft: PolicyDraft {
            families: vec![
                family(Family::Operational, "45", Some(true)),
                family(Family::Governance, "20", Some(false)),
                family(Family::Administration, "10", None),
            ],
            postpone_days: "7".into(),
            trusted: "10.0.0.0/8\n192.0.2.0/24".into(),
            key_models: String::new(),
            proved_models: false,
            password_chars: "12".into(),
            passphrases: false,
            signed: DecisionKind::ALL
                .map(|kind| (kind.word(), decision_name(w, kind), kind == DecisionKind::Override))
                .to_vec(),
            signed_classes: "insider".into(),
            reason: say(w, "Demande de l’audit.", "Asked by the audit."),
        },
        problem: Some(("family-operational", w.t("policy-floor-sessions"))),
    }
}

/// A change of those settings that waits.
pub(crate) fn change_security(w: Words) -> ChangePage {
    let (before, after) = (Setting::PasswordChars(14), Setting::PasswordChars(12));
    let values =
        w.with2("change-from-to", "before", setting_value(w, &before), "after", setting_value(w, &after));
    ChangePage {
        what: w.with("change-security", "settings", setting_name(w, &after)),
        facts: vec![(w.t("account-asked-by"), "Odile Sarrazin".into()), (setting_name(w, &after), values)],
        reason: say(w, "Trop de mots de passe oubliés.", "Too many forgotten passwords."),
        ..change(w)
    }
}
