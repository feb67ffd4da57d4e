//! Accounts, the missions they hold, and services.

use console::i18n::Words;
use console::pages::accounts::{
    AccountPage, AccountRow, AccountsPage, Answer, Draft as PersonDraft, InvitePage, ReasonPage, RequestRow,
    RequestsPage, standing,
};
use console::pages::missions::{GrantDraft, GrantPage, MissionRow};
use console::pages::services::{ServiceRow, ServicesPage, TokenPage, TokenRow, end_chip};

use super::{administration, say};

/// Every account, and how well they are protected.
pub(crate) fn accounts(w: Words) -> AccountsPage {
    use identity::AccountState as S;
    let row = |name: &str, local: &str, state, mission: &str, factor: String, owed| AccountRow {
        href: format!("/accounts/{local}"),
        name: name.into(),
        email: format!("{local}@orveane.example"),
        chip: standing(state, w),
        missions: if mission.is_empty() { String::new() } else { w.t(mission) },
        factor,
        owed,
        seen: Some("13:58".into()),
    };
    AccountsPage {
        s: administration(w, "/accounts"),
        covered: (11, 14),
        must: (2, 3),
        waiting: 2,
        changes: 1,
        glass: 1,
        review: Some((12, false)),
        few: Some(1),
        uncovered: false,
        rows: vec![
            row(
                "Odile Sarrazin",
                "odile.sarrazin",
                S::Active,
                "role-administrator",
                w.n("factor-count", 2),
                false,
            ),
            row(
                "Bastien Lormeau",
                "bastien.lormeau",
                S::Active,
                "role-administrator",
                w.t("factor-none-owed"),
                true,
            ),
            row("Inès Kermadec", "ines.kermadec", S::Active, "role-operator", w.n("factor-count", 1), false),
            row("Gaspard Nivelle", "gaspard.nivelle", S::Suspended, "", w.t("factor-none-yet"), false),
        ],
        before: None,
        after: Some("/accounts?page=1".into()),
        may_invite: true,
    }
}

/// A request, as whoever may approve it sees it.
pub(crate) fn account(w: Words) -> AccountPage {
    AccountPage {
        s: administration(w, "/accounts/one"),
        name: "Clémence Aubertin".into(),
        chip: standing(identity::AccountState::Requested, w),
        facts: vec![
            (w.t("sign-in-email"), "clemence.aubertin@orveane.example".into()),
            (w.t("account-asked-by"), "Bastien Lormeau".into()),
            (w.t("account-missions-asked"), w.t("role-operator")),
        ],
        reason: say(
            w,
            "Renfort de l’équipe de validation à partir de décembre.",
            "Joins the validation team in December.",
        ),
        exception: None,
        answer: Some(Answer {
            approve: "/accounts/one/approve".into(),
            refuse: "/accounts/one/refuse".into(),
        }),
        acts: Vec::new(),
        missions: Vec::new(),
        give: None,
        problem: None,
    }
}

/// An account with its missions: one in use, one withdrawn.
pub(crate) fn account_missions(w: Words) -> AccountPage {
    let row = |mission: &str, period: String, used: Option<&str>, withdraw: Option<&str>| MissionRow {
        mission: w.t(mission),
        period,
        by: "Odile Sarrazin".into(),
        reason: say(w, "Renfort de la validation.", "Joins the validation team."),
        used: used.map(Into::into),
        stands: withdraw.is_some(),
        withdraw: withdraw.map(Into::into),
    };
    AccountPage {
        chip: standing(identity::AccountState::Active, w),
        missions: vec![
            row(
                "role-operator",
                w.with("mission-since", "when", "24 nov."),
                Some("24 nov."),
                Some("/missions/one/withdraw"),
            ),
            row(
                "role-arbiter",
                w.with("mission-until", "when", "31 déc."),
                None,
                Some("/missions/two/withdraw"),
            ),
            row("role-auditor", w.with("mission-over", "when", "18 nov."), None, None),
        ],
        give: Some("/accounts/one/missions".into()),
        answer: None,
        acts: vec![
            ("/accounts/one/suspend".into(), w.t("account-suspend")),
            ("/accounts/one/close".into(), w.t("account-close")),
        ],
        ..account(w)
    }
}

/// A mission is given; it was held already.
pub(crate) fn grant(w: Words) -> GrantPage {
    GrantPage {
        s: administration(w, "/accounts/one/missions"),
        about: "Clémence Aubertin".into(),
        action: "/accounts/one/missions".into(),
        back: "/accounts/one".into(),
        missions: vec![("operator".into(), w.t("role-operator")), ("arbiter".into(), w.t("role-arbiter"))],
        draft: GrantDraft { mission: "operator".into(), until: "2026-12-31".into(), ..GrantDraft::default() },
        problem: Some(("mission", w.t("mission-held"))),
    }
}

/// Services: one in use, whose token is being changed over; one that is new.
pub(crate) fn services(w: Words) -> ServicesPage {
    let used = |when: &str| w.with("used-on", "when", when);
    let token = |id: &str, since: &str, until: &str, soon: bool, when: Option<&str>| TokenRow {
        id: id.into(),
        since: w.with("token-since", "when", since),
        until: w.with("token-until", "when", until),
        chip: end_chip(soon, true, w),
        used: when.map_or_else(|| w.t("never-used"), used),
        end: Some("/tokens/one/end".into()),
    };
    let row = |name: &str, missions: Vec<(String, String)>, tokens: Vec<TokenRow>| ServiceRow {
        href: "/accounts/one".into(),
        name: name.into(),
        chip: standing(identity::AccountState::Active, w),
        missions,
        tokens,
        renew: Some("/services/one/token".into()),
    };
    let connector = (w.t("role-connector"), used("14:00"));
    let old = token(
        "…4fq2ka",
        &say(w, "10 déc. 2025", "10 Dec 2025"),
        &say(w, "10 déc.", "10 Dec"),
        true,
        Some("14:00"),
    );
    ServicesPage {
        s: administration(w, "/services"),
        rows: vec![
            row("CRM", vec![connector], vec![old]),
            row(
                &say(w, "Annuaire", "Directory"),
                Vec::new(),
                vec![token(
                    "…81bmtz",
                    &say(w, "24 nov.", "24 Nov"),
                    &say(w, "24 nov. 2027", "24 Nov 2027"),
                    false,
                    None,
                )],
            ),
        ],
        make: Some("/services".into()),
        name: String::new(),
        name_max: 100,
        problem: None,
    }
}

/// No service yet, and a name that is taken all the same.
pub(crate) fn services_wrong(w: Words) -> ServicesPage {
    ServicesPage { rows: Vec::new(), name: "CRM".into(), problem: Some(w.t("service-exists")), ..services(w) }
}

/// A token, shown once.
pub(crate) fn token(w: Words) -> TokenPage {
    TokenPage {
        s: administration(w, "/services/one/token"),
        about: "CRM".into(),
        token: "cbt_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE".into(),
        good: w.t("token-waits"),
        next: ("/changes/one".into(), w.t("token-see-change")),
    }
}

/// An account is about to be suspended; no reason was given yet.
pub(crate) fn suspend(w: Words) -> ReasonPage {
    ReasonPage {
        s: administration(w, "/accounts/one/suspend"),
        title: w.t("account-suspend"),
        about: "Clémence Aubertin".into(),
        text: w.t("account-suspend-text"),
        action: "/accounts/one/suspend".into(),
        back: "/accounts/one".into(),
        verb: w.t("account-suspend"),
        danger: true,
        reason: String::new(),
        problem: Some(w.t("decide-give-reason")),
    }
}

/// What was asked for.
pub(crate) fn account_requests(w: Words) -> RequestsPage {
    RequestsPage {
        s: administration(w, "/accounts/requests"),
        rows: vec![RequestRow {
            href: "/accounts/one".into(),
            name: "Clémence Aubertin".into(),
            email: "clemence.aubertin@orveane.example".into(),
            reason: say(w, "Renfort de l’équipe de validation.", "Joins the validation team."),
            by: w.t("asked-by-holder"),
            since: "13:58".into(),
            until: say(w, "24 décembre 2026", "24 December 2026"),
        }],
    }
}

/// A colleague is invited, at an address that looks like a role's.
pub(crate) fn invite(w: Words) -> InvitePage {
    InvitePage {
        s: administration(w, "/accounts/invite"),
        draft: PersonDraft {
            name: "Marc Conformité".into(),
            email: "conformite@orveane.example".into(),
            ..PersonDraft::default()
        },
        missions: vec![("operator".into(), w.t("role-operator")), ("arbiter".into(), w.t("role-arbiter"))],
        problem: Some(("exception", w.t("person-role-mailbox"))),
        exception: true,
    }
}
