//! The queue: full, empty, searched.

use console::i18n::Words;
use console::pages::Severity;
use console::pages::queue::{Day, Queue, QueueList, QueueRow, QueueRows, Tab};
use console::pages::shell::{Bar, Place, Reach, Toast, nav};

use super::{HOLD, clock, now, say, shell, wall};

type Line = (&'static str, i64, u64, &'static str, &'static str, u8, &'static str, &'static str, bool, bool);

const LINES: [Line; 10] = [
    (
        "1",
        -130,
        1800,
        "Hugo Perrac",
        "Confirmation virement — dossier Sableval",
        4,
        "Gel des avoirs",
        "Asset freeze",
        true,
        false,
    ),
    (
        "2",
        4 * 60 + 10,
        1800,
        "Clémence Aubertin",
        "Point sur votre dossier",
        4,
        "Secret de la déclaration",
        "Tipping-off",
        false,
        false,
    ),
    (
        "3",
        11 * 60 + 40,
        1800,
        "Théodore Vasquin",
        "Belvédère — dernier point avant jeudi",
        4,
        "Information privilégiée",
        "Inside information",
        true,
        true,
    ),
    (
        "4",
        14 * 60,
        1800,
        "Anne-Claude de Montferrand-Taillebois",
        "Proposition d’allocation prudente, quatrième trimestre, version relue par la conformité",
        3,
        "Promesse de rendement",
        "Promise of return",
        false,
        true,
    ),
    (
        "5",
        27 * 60,
        3600,
        "Ludovic Chantraine",
        "RIB et pièces pour la signature",
        2,
        "IBAN en clair",
        "IBAN in clear",
        true,
        true,
    ),
    (
        "6",
        38 * 60,
        3600,
        "Yasmine Ferrand-Okoye",
        "Re: vos questions sur la fiscalité du contrat",
        2,
        "Conseil non tracé",
        "Unrecorded advice",
        false,
        false,
    ),
    (
        "7",
        52 * 60,
        7200,
        "Gaspard Nivelle",
        "Fichier clients rapprochement octobre",
        3,
        "Données personnelles",
        "Personal data",
        true,
        true,
    ),
    (
        "8",
        66 * 60,
        7200,
        "Service relation clients",
        "",
        1,
        "Mention obligatoire",
        "Mandatory wording",
        false,
        false,
    ),
    (
        "9",
        72 * 60,
        7200,
        "Bérénice Langlade",
        "Grille tarifaire 2027 — avant comité",
        2,
        "Document interne",
        "Internal document",
        false,
        true,
    ),
    (
        "10",
        125 * 60,
        9000,
        "Marius Tessandier",
        "Invitation rencontre investisseurs",
        1,
        "Mention obligatoire",
        "Mandatory wording",
        false,
        false,
    ),
];

pub(super) fn list(w: Words, opened: bool) -> QueueList {
    let tab = |key: &str, href: &str, count, critical, current| Tab {
        href: href.to_owned(),
        label: w.t(key),
        count,
        critical,
        current,
    };
    let rows = LINES.iter().map(|(id, left, total, who, subject, severity, fr, en, first, clip)| QueueRow {
        id: if *id == "3" { HOLD.to_owned() } else { format!("hold_sample{id}") },
        href: format!("/holds/{}", if *id == "3" { HOLD } else { "hold_sample" }),
        current: opened && *id == "3",
        clock: clock(w.0, *left, *total),
        who: (*who).to_owned(),
        subject: (*subject).to_owned(),
        severity: Severity::from_level(*severity),
        control: say(w, fr, en),
        first_contact: *first,
        attachments: *clip,
    });
    QueueList {
        now: format!("{}, {}", wall(w.0).weekday(now()), wall(w.0).time(now())),
        search: String::new(),
        tabs: vec![
            tab("tab-team", "/queue", 23, false, true),
            tab("tab-escalated", "/queue?tab=escalated", 2, true, false),
        ],
        rows: rows.collect(),
        total: 23,
        view: "team",
        refresh: "/queue/rows".into(),
        back: "/queue".into(),
        fewer: None,
        more: Some("/queue?from=10".into()),
        last_decided: None,
    }
}

/// The queue, nothing opened, just after a decision.
pub(crate) fn queue(w: Words) -> Queue {
    let mut s = shell(w, "/queue", Place::Queue, false);
    s.toast = Some(Toast {
        icon: "refuse",
        title: w.t("toast-rejected"),
        text: w.with("toast-entry", "n", w.int(1_482_907_u64)),
        entry: None,
    });
    Queue { s, list: list(w, false), day: None }
}

/// The queue as full as a page of it gets.
pub(crate) fn queue_full(w: Words) -> Queue {
    let mut page = queue(w);
    let rows = page.list.rows.clone();
    page.list.rows = rows.into_iter().cycle().take(console::pages::queue::QUEUE_ROWS).collect();
    page
}

/// The list alone.
pub(crate) fn queue_rows(w: Words) -> QueueRows {
    QueueRows { s: shell(w, "/queue", Place::Queue, false), list: list(w, false) }
}

/// Nothing waits.
pub(crate) fn queue_empty(w: Words) -> Queue {
    let mut s = shell(w, "/queue", Place::Queue, false);
    s.nav = nav(w, Reach { queue: Some(0), ..Reach::default() }, Place::Queue);
    s.bar = Bar::waiting(w, 0);
    let mut list = QueueList { rows: Vec::new(), total: 0, more: None, ..list(w, false) };
    for tab in &mut list.tabs {
        (tab.count, tab.critical) = (0, false);
    }
    list.last_decided = Some(say(
        w,
        "Dernier message décidé à 17:52 par Maëlle Brisson.",
        "Last message decided at 17:52 by Maëlle Brisson.",
    ));
    let summary = say(
        w,
        "38 décisions, médiane 2 min 52 s, aucune échue.",
        "38 decisions, median 2 min 52 s, none overdue.",
    );
    Queue { s, list, day: Some(Day { summary, released: 24, rejected: 11, escalated: 3 }) }
}

/// A search that finds nothing.
pub(crate) fn queue_none_found(w: Words) -> Queue {
    let mut page = queue_empty(w);
    page.list.search = "Sableval <2026>".into();
    page.day = None;
    page
}
