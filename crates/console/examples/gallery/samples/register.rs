//! The register of why messages were held, and a person's own messages.

use console::i18n::Words;
use console::pages::Standing;
use console::pages::register::{Asked, OwnMessagesPage, RegisterLine, RegisterPage, RegisterRow};
use console::pages::shell::{Place, Reach, Shell, nav};

use super::{say, shell};

const FLOW: &str = "flow_0f8e2v4k6m1q3s5t7w9y0b2d4f";

fn auditor(w: Words) -> Shell {
    let reach = Reach { register: true, ledger: true, ..Reach::default() };
    Shell { nav: nav(w, reach, Place::Register), ..shell(w, "/register", Place::Register, true) }
}

fn line(
    w: Words,
    title: (&str, &str),
    facts: (&str, &str),
    ground: (&str, &str),
    found: &[(&str, &str)],
) -> RegisterLine {
    RegisterLine {
        title: say(w, title.0, title.1),
        facts: say(w, facts.0, facts.1),
        ground: say(w, ground.0, ground.1),
        found: found.iter().map(|(fr, en)| say(w, fr, en)).collect(),
        more: None,
    }
}

fn client_data(w: Words) -> RegisterLine {
    let mut line = line(
        w,
        ("Coordonnées bancaires de clients vers l’extérieur", "Clients’ bank details to the outside"),
        ("CLI-02, version 3 · Données personnelles · Haute", "CLI-02, version 3 · Personal data · High"),
        ("Code monétaire et financier, art. L. 511-33.", "Code monétaire et financier, art. L. 511-33."),
        &[
            (
                "Numéro de compte (IBAN) valide\u{a0}: FR76•••189 · dossier.zip › clients.xlsx, feuille «\u{a0}Clients\u{a0}», cellule B7",
                "Valid account number (IBAN): FR76•••189 · dossier.zip › clients.xlsx, sheet “Clients”, cell B7",
            ),
            (
                "Numéro de compte (IBAN) valide\u{a0}: FR14•••606 · relevé.pdf, page 3",
                "Valid account number (IBAN): FR14•••606 · relevé.pdf, page 3",
            ),
        ],
    );
    line.more = Some(w.n("register-more", 41_u64));
    line
}

fn suspicion(w: Words) -> RegisterLine {
    line(
        w,
        ("Divulgation d’une déclaration de soupçon", "Disclosure of a suspicion report"),
        (
            "FIN-03, version 2 · Lutte contre la criminalité financière · Critique · avis neutre à l’expéditeur",
            "FIN-03, version 2 · Financial crime · Critical · neutral notice to the sender",
        ),
        ("Code monétaire et financier, art. L. 574-1.", "Code monétaire et financier, art. L. 574-1."),
        &[(
            "Mots de la déclaration de soupçon\u{a0}: non montré · Corps du message, échange précédent",
            "Words of a suspicion report: not shown · Message body, earlier exchange",
        )],
    )
}

fn neutral(w: Words) -> RegisterLine {
    line(w, ("Vérification en cours", "Being checked"), ("", ""), ("", ""), &[])
}

fn row(w: Words, when: &str, standing: Standing, lines: Vec<RegisterLine>) -> RegisterRow {
    RegisterRow {
        reference: FLOW.to_owned(),
        when: when.to_owned(),
        subject: None,
        is_own: false,
        class: Some("standard".to_owned()),
        chip: standing.chip(w),
        decided: None,
        next: None,
        no_line: lines.is_empty().then(|| w.t("register-erased")),
        lines,
    }
}

fn asked(w: Words) -> Asked {
    let any = || (String::new(), w.t("register-any"), true);
    Asked {
        from: "2026-11-01".into(),
        until: String::new(),
        control: String::new(),
        categories: vec![any(), ("personal_data".into(), w.t("category-personal-data"), false)],
        severities: vec![any(), ("3".into(), w.t("severity-high"), false)],
        states: vec![any(), ("waiting".into(), Standing::Waiting.chip(w).word, false)],
    }
}

/// What an auditor reads.
pub(crate) fn register(w: Words) -> RegisterPage {
    let waits = RegisterRow {
        next: Some(format!(
            "{} · {}",
            w.with("register-due", "time", "15:02"),
            w.with("next-escalate", "time", "14:47")
        )),
        ..row(w, "14:32", Standing::Waiting, vec![suspicion(w), client_data(w)])
    };
    let decided = RegisterRow {
        decided: Some(format!("14:19 · {}", w.t("motive-reject-recipient"))),
        ..row(w, "14:16", Standing::Rejected, vec![client_data(w)])
    };
    let own = RegisterRow {
        subject: Some(say(w, "Compte rendu de mission", "Report of the visit")),
        is_own: true,
        class: None,
        ..row(w, "11:05", Standing::Released, vec![neutral(w)])
    };
    RegisterPage {
        s: auditor(w),
        asked: asked(w),
        problem: None,
        rows: vec![waits, decided, own, row(w, "2026", Standing::Withdrawn, Vec::new())],
        next: Some(format!("/register?before={FLOW}")),
        first: None,
        may_export: true,
    }
}

/// Nothing found, and a day that is none.
pub(crate) fn register_empty(w: Words) -> RegisterPage {
    RegisterPage {
        s: auditor(w),
        asked: asked(w),
        problem: Some(("from", w.t("register-day-wrong"))),
        rows: Vec::new(),
        next: None,
        first: Some("/register".into()),
        may_export: false,
    }
}

/// A sender's own messages: one held by a control that may be named, one whose check has no name.
pub(crate) fn own_messages(w: Words) -> OwnMessagesPage {
    let own = |subject: (&str, &str), row| RegisterRow {
        subject: Some(say(w, subject.0, subject.1)),
        class: None,
        ..row
    };
    let waits = row(w, "14:32", Standing::Waiting, vec![client_data(w)]);
    let waits = RegisterRow { next: Some(w.with("register-due", "time", "15:02")), ..waits };
    let decided = RegisterRow {
        decided: Some("11:40".into()),
        ..row(w, "11:05", Standing::Released, vec![neutral(w)])
    };
    OwnMessagesPage {
        s: shell(w, "/messages", Place::Elsewhere, false),
        rows: vec![
            own(("Pièces pour la signature", "Papers for the signature"), waits),
            own(("", ""), decided),
        ],
        next: None,
        later: false,
    }
}

/// None was held.
pub(crate) fn own_messages_empty(w: Words) -> OwnMessagesPage {
    OwnMessagesPage {
        s: shell(w, "/messages", Place::Elsewhere, false),
        rows: Vec::new(),
        next: None,
        later: false,
    }
}
