//! Invented pages, for pictures and snapshots. Every person and domain here is made up; domains are under `.example`.

#[path = "samples_controls.rs"]
pub(crate) mod controls;
#[path = "samples_lists.rs"]
pub(crate) mod lists;
#[path = "samples_register.rs"]
pub(crate) mod register;

use std::time::Duration;

use access::Family;
use compliance::calibration::Observations;
use console::clock::ClockView;
use console::format::Wall;
use console::i18n::Words;
use console::pages::access_review::{AccessReviewPage, OpenReview, RightRow, right_chip};
use console::pages::accounts::{
    AccountLinkPage, AccountPage, AccountRow, AccountsPage, Answer, AskPage, Draft as PersonDraft,
    InvitePage, ReasonPage, RequestRow, RequestsPage, standing,
};
use console::pages::arrivals::{ArrivalRow, ArrivalsPage, MailedCodePage};
use console::pages::break_glass::{BreakGlassPage, GlassRow, glass_chip};
use console::pages::calibration::{
    CalibrationPage, CalibrationsPage, Figure, LineRow, MeasureRow, hundredths,
};
use console::pages::changes::{ChangePage, ChangeRow, ChangesPage, state_chip};
use console::pages::decide::{Act, DecidePage, Draft, Problem, SignDecisionPage, against};
use console::pages::decisions::{DecisionRow, Decisions};
use console::pages::error::{ErrorPage, Mishap};
use console::pages::ledger::{CheckpointRow, EntryRow, LedgerPage};
use console::pages::link::LinkPage;
use console::pages::message::{
    ActLink, AttachmentView, Contents, DecidedView, Event, FindingRow, Held, MessagePage, Passage,
    RecipientView, Region, SaidView, SecondLine, SecondView, Tag, Tense, Why,
};
use console::pages::missions::{GrantDraft, GrantPage, MissionRow};
use console::pages::outgoing::{
    OutgoingPage, OutgoingRow, PauseRow, WithdrawPage, answer, standing as outgoing_standing,
};
use console::pages::password::{ForgottenPage, PasswordPage};
use console::pages::policy::{
    FamilyDraft, PolicyChangePage, PolicyDraft, PolicyPage, decision_name, family_name, family_word,
    place_name, setting_name, setting_value,
};
use console::pages::proof::ProofPage;
use console::pages::queue::{Day, Queue, QueueList, QueueRow, QueueRows, Tab};
use console::pages::security::{
    BackupCodePage, CodesPage, FactorRow, FactorState, KeyPage, Qr, RemovePage, Security, StepUpPage,
    TotpPage,
};
use console::pages::services::{ServiceRow, ServicesPage, TokenPage, TokenRow, end_chip};
use console::pages::sessions::{SessionRow, SessionsPage};
use console::pages::shell::{Bar, Person, Place, Reach, Toast, nav};
use console::pages::sign_in::{Problem as SignInProblem, SecondFactor, SignIn};
use console::pages::{Chip, Severity, Shell, Standing, Tone, short};
use console::text::{Span, highlight, plain};
use identity::place::NewPlace;
use jiff::tz::{TimeZone, offset};
use operations::Policy;
use operations::changes::ChangeState;
use operations::organisation::{DecisionKind, Setting};
use operations::review::signature::Demand;
use vocabulary::{Locale, Timestamp};

const HOLD: &str = "hold_01kav7d8c8f1kbynf8h4kq2v0m";
const HASH: &str = "7c1e52a0d3b94f6688c17e0a5d2f9b3164e8c0aa17f25b9d03c6e1f48a72b04f";
const ROOT: &str = "pU3KGCUwux1tEyze1iN7LtkeP3IfyxlxF0SU1kk8nVw=";
const NOTE: &str = "orveane.example/journal\n1482907\npU3KGCUwux1tEyze1iN7LtkeP3IfyxlxF0SU1kk8nVw=\n\n— orveane.example/journal Do/xhGOw5LK6KXA0dPBkrGj3APWwKz3GZvRb3qosyu3NK1FXQQ5N7krys09DCgc0R95jbA6AbJV7poTWQx+16tdCTQk=\n";

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

/// Sign-in, with the note of an undeclared network.
pub(crate) fn sign_in(w: Words) -> SignIn {
    SignIn {
        s: signed_out(w, "/sign-in"),
        email: "ines.kermadec@orveane.example".into(),
        next: "/".into(),
        undeclared_network: true,
        problem: None,
    }
}

/// Sign-in that was refused.
pub(crate) fn sign_in_refused(w: Words) -> SignIn {
    SignIn { undeclared_network: false, problem: Some(SignInProblem::Refused), ..sign_in(w) }
}

/// Second factor, after a code that served already.
pub(crate) fn second_factor(w: Words) -> SecondFactor {
    SecondFactor {
        s: signed_out(w, "/sign-in/code"),
        undeclared_network: false,
        app: true,
        key: None,
        next: "/".into(),
        problem: Some(SignInProblem::CodeUsed),
    }
}

/// What a browser asks a security key, cut short.
const QUESTION: &str = r#"{"challenge":"3q2-7w","rpId":"console.orveane.example","timeout":300000,"userVerification":"required","allowCredentials":[]}"#;

/// A person with a security key and an app.
pub(crate) fn second_factor_key(w: Words) -> SecondFactor {
    SecondFactor { undeclared_network: true, key: Some(QUESTION.into()), problem: None, ..second_factor(w) }
}

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

fn list(w: Words, opened: bool) -> QueueList {
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

/// A message beside a list as full as it gets.
pub(crate) fn message_full(w: Words) -> MessagePage {
    MessagePage { list: queue_full(w).list, ..message(w) }
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

const TEXT: &str = "Bonjour Rozenn,\n\nComme convenu au téléphone, voici où nous en sommes sur Belvédère. Le conseil de Quillon a validé hier soir une fourchette de 41 à 44 € par action ; le communiqué ne sortira que jeudi avant l’ouverture, donc gardez-le pour vous d’ici là.\n\nLa note jointe reprend le calendrier et les conditions suspensives. Paul Anselin est en copie pour la partie audit.\n\nPour la provision, merci de régler sur le compte FR76 9999 9000 0112 3456 7890 189.\n\nJe vous appelle demain vers 9 h.\nThéodore Vasquin";

fn spans(text: &str, wanted: &[(&str, u8, u32)]) -> Vec<Span> {
    wanted
        .iter()
        .filter_map(|(passage, severity, number)| {
            let start = text.find(passage)?;
            Some(Span { start, end: start + passage.len(), severity: *severity, number: *number })
        })
        .collect()
}

fn text(w: Words) -> Vec<Passage> {
    let found = spans(
        TEXT,
        &[
            ("Belvédère", 3, 1),
            ("une fourchette de 41 à 44 € par action", 4, 2),
            ("le communiqué ne sortira que jeudi avant l’ouverture", 4, 3),
            ("FR76 9999 9000 0112 3456 7890 189", 2, 4),
        ],
    );
    let quoted = "> Le 23 nov. 2026 à 18:12, Rozenn Le Marrec a écrit :\n> Avez-vous du nouveau ? Mon comité se réunit vendredi.";
    vec![
        Passage { region: Region::New, folded: false, html: highlight(TEXT, &found, &w.t("finding")) },
        Passage { region: Region::Quoted, folded: true, html: plain(quoted) },
        Passage { region: Region::Footer, folded: true, html: plain("Banque Orvéane, 4 quai des Brumes.") },
    ]
}

fn findings(w: Words) -> Vec<FindingRow> {
    let row = |number, fr: (&str, &str), en: (&str, &str), level, target: &str| FindingRow {
        number,
        title: say(w, fr.0, en.0),
        place: say(w, fr.1, en.1),
        severity: Severity::from_level(level),
        target: Some(target.to_owned()),
    };
    vec![
        row(
            1,
            ("Nom de code d’un projet à liste d’initiés", "Corps · lexique Projets · certain"),
            ("Code name of a project with an insider list", "Body · Projects lexicon · certain"),
            3,
            "c1",
        ),
        row(
            2,
            ("Élément de prix non public", "Corps · modèle · sûr à 94\u{202f}%"),
            ("Non-public price element", "Body · model · 94% sure"),
            4,
            "c2",
        ),
        row(
            3,
            ("Annonce d’une publication à venir", "Corps · proche de 6 exemples · 91\u{202f}%"),
            ("Mention of a forthcoming announcement", "Body · close to 6 exemplars · 91%"),
            4,
            "c3",
        ),
        row(
            4,
            ("IBAN valide, hors de la banque", "Corps · clé vérifiée · certain"),
            ("Valid IBAN, outside the bank", "Body · check digits verified · certain"),
            2,
            "c4",
        ),
        row(
            5,
            ("Part de capital non publique", "note-belvedere-v3.pdf, page 3 · sûr à 88\u{202f}%"),
            ("Non-public stake", "note-belvedere-v3.pdf, page 3 · 88% sure"),
            3,
            "c5",
        ),
        row(
            6,
            ("Pièce jointe illisible", "annexe-signee.zip · archive chiffrée"),
            ("Unreadable attachment", "annexe-signee.zip · encrypted archive"),
            2,
            "a2",
        ),
    ]
}

fn attachments(w: Words) -> Vec<AttachmentView> {
    let inside = "Conditions suspensives : autorisation de l’autorité de la concurrence ; acquisition de 62 % du capital.";
    let found = spans(inside, &[("acquisition de 62 % du capital", 3, 5)]);
    vec![
        AttachmentView {
            id: "a1".into(),
            name: "note-belvedere-v3.pdf".into(),
            facts: say(w, "PDF, 84\u{202f}Ko", "PDF, 84\u{202f}KB"),
            contents: Contents::Text { html: highlight(inside, &found, &w.t("finding")), open: true },
        },
        AttachmentView {
            id: "a2".into(),
            name: "annexe-signee.zip".into(),
            facts: say(w, "archive, 100\u{202f}Ko", "archive, 100\u{202f}KB"),
            contents: Contents::Unreadable(say(w, "archive chiffrée", "encrypted archive")),
        },
        AttachmentView {
            id: "a3".into(),
            name: "logo.png".into(),
            facts: say(w, "image, 2\u{202f}Ko", "image, 2\u{202f}KB"),
            contents: Contents::Nothing,
        },
    ]
}

fn recipients(w: Words) -> Vec<RecipientView> {
    vec![
        RecipientView {
            name: "Rozenn Le Marrec".into(),
            address: Some("r.lemarrec@cabinet-ruelle.example".into()),
            note: None,
            chip: Standing::Held.chip(w),
            tags: vec![Tag::FirstContact, Tag::External],
        },
        RecipientView {
            name: "Paul Anselin".into(),
            address: Some("p.anselin@quillon.example".into()),
            note: Some(w.with("recipient-deferred", "reason", answer("451 4.4.1", w))),
            chip: Standing::Sending.chip(w),
            tags: vec![Tag::External],
        },
        RecipientView {
            name: "ac.montferrand@orveane.example".into(),
            address: None,
            note: None,
            chip: Standing::Delivered.chip(w),
            tags: vec![Tag::Internal],
        },
    ]
}

fn timeline(w: Words) -> Vec<Event> {
    let event = |tense, time: &str, fr, en| Event { tense, time: time.to_owned(), text: say(w, fr, en) };
    vec![
        event(Tense::Past, "14:02", "Reçu, évalué en 0,3 ms, retenu", "Received, assessed in 0.3 ms, held"),
        event(Tense::Past, "14:03", "Expéditeur prévenu", "Sender told"),
        event(
            Tense::Past,
            "14:17",
            "Rappel à l’équipe (moitié du délai)",
            "Team reminded (half the time gone)",
        ),
        event(
            Tense::Now,
            "14:20",
            "Ouvert par vous\u{202f}; lecture consignée",
            "Opened by you; reading recorded",
        ),
        event(
            Tense::Next,
            "14:27",
            "Escalade\u{a0}: Sofiane Delattre, arbitre",
            "Escalation: Sofiane Delattre, arbiter",
        ),
        event(
            Tense::Next,
            "14:32",
            "Échéance\u{a0}: l’arbitre décide. Rien ne part en silence.",
            "Due: the arbiter decides. Nothing leaves silently.",
        ),
    ]
}

fn acts(acts: &[Act]) -> Vec<ActLink> {
    acts.iter().map(|act| ActLink { act: *act, href: act.href(HOLD) }).collect()
}

fn second(w: Words) -> SecondView {
    let line = |title: &str, score: &str, place: &str, text: &str| SecondLine {
        title: title.to_owned(),
        place: format!("{} · {place}", w.with("second-score", "score", score)),
        text: text.to_owned(),
    };
    SecondView {
        facts: format!("{} · 14:03", w.n("second-read", 34_u64)),
        more: true,
        lines: vec![
            line(
                &say(w, "Phrase proche de\u{a0}: abus de marché", "Sentence close to: market abuse"),
                "914",
                &say(w, "Corps du message", "Message body"),
                "L’offre sortira jeudi à 48,20 euros, garde-le pour toi d’ici là",
            ),
            line(
                &say(
                    w,
                    "Phrase proche de\u{a0}: dissimulation ou entente",
                    "Sentence close to: concealment or collusion",
                ),
                "702",
                "note-belvedere.pdf",
                "Ne pas faire circuler avant la signature",
            ),
        ],
        model: short(HASH),
    }
}

fn held(w: Words) -> Held {
    Held {
        id: HOLD.into(),
        href: format!("/holds/{HOLD}"),
        flow: "flow_01kav7d8c8f1kbynf8h4kq2v0k".into(),
        chip: Standing::Held.chip(w),
        severity: Severity::Critical,
        subject: "Belvédère — dernier point avant jeudi".into(),
        sender: "Théodore Vasquin".into(),
        facts: say(
            w,
            "envoyé à 14:02 · 3 pièces jointes, 186\u{202f}Ko",
            "sent at 14:02 · 3 attachments, 186\u{202f}KB",
        ),
        clock: Some(clock(w.0, 11 * 60 + 40, 1800)),
        next: Some(say(w, "arbitre saisi à 14:27", "arbiter called at 14:27")),
        together: vec![w.n("together-parts", 1_u64), w.n("together-follows", 2_u64)],
        why: vec![Why {
            reason: say(
                w,
                "Ce message donne à une personne extérieure, à qui la banque écrit pour la première fois, le prix et la date d’une opération qui n’est pas publique. Rozenn Le Marrec ne figure pas sur la liste d’initiés du projet Belvédère.",
                "This message gives an outside person, to whom the bank is writing for the first time, the price and date of a deal that is not public. Rozenn Le Marrec is not on the insider list of project Belvédère.",
            ),
            ground: Some(say(
                w,
                "Divulgation illicite d’une information privilégiée\u{a0}: règlement (UE) nº 596/2014 (abus de marché), art. 10 et 14, point c)\u{202f}; liste d’initiés\u{a0}: art. 18.",
                "Unlawful disclosure of inside information: Regulation (EU) No. 596/2014 (market abuse), Art. 10 and 14(c); insider list: Art. 18.",
            )),
            control: "MAR-03".into(),
            version: "12".into(),
            since: Some(say(w, "en vigueur depuis le 2 nov.", "in force since 2 Nov")),
            remedy: Some(say(
                w,
                "Inscrire la destinataire sur la liste d’initiés, ou retirer les passages.",
                "Put the recipient on the insider list, or remove the passages.",
            )),
            whom: None,
            passages: vec![2, 3],
        }],
        text: text(w),
        findings: findings(w),
        more_findings: 0,
        second: Some(second(w)),
        attachments: attachments(w),
        recipients: recipients(w),
        decided: Vec::new(),
        pair: Vec::new(),
        similar: vec![
            DecidedView {
                chip: Standing::Rejected.chip(w),
                when: say(w, "18 nov., 10:12", "18 Nov, 10:12"),
                reason: "Destinataire absente de la liste d’initiés.".into(),
                by: "Maëlle Brisson".into(),
            },
            DecidedView {
                chip: Standing::Released.chip(w),
                when: say(w, "16 nov., 16:40", "16 Nov, 16:40"),
                reason: "P. Anselin inscrit le 9 nov.".into(),
                by: say(w, "Inès Kermadec (vous)", "Inès Kermadec (you)"),
            },
        ],
        said: vec![SaidView {
            who: w.t("said-sender"),
            when: "14:11".into(),
            text: "La note est demandée par le conseil, qui signe demain.".into(),
        }],
        timeline: timeline(w),
        acts: acts(&[Act::Release, Act::Reject, Act::Escalate]),
        no_act: None,
        bound: short(HASH),
    }
}

/// A held message, as its operator sees it.
pub(crate) fn message(w: Words) -> MessagePage {
    let m = held(w);
    let mut s = shell(w, &m.href, Place::Queue, false);
    s.bar = m.clock.clone().map_or(Bar::Empty, Bar::Clock);
    MessagePage { s, list: list(w, true), m }
}

/// The same, escalated, as an arbiter sees it.
pub(crate) fn message_escalated(w: Words) -> MessagePage {
    let mut page = message(w);
    page.s = Shell { bar: page.s.bar.clone(), ..shell(w, "/queue", Place::Queue, true) };
    page.m.chip = Standing::Escalated.chip(w);
    page.m.acts = acts(&[Act::RuleRelease, Act::RuleReject]);
    page.m.clock = Some(clock(w.0, 4 * 60 + 10, 1800));
    page.m.next = None;
    page
}

/// The same, rejected, as governance sees it.
pub(crate) fn message_decided(w: Words) -> MessagePage {
    let mut page = message_escalated(w);
    page.s.bar = Bar::Empty;
    page.m.together = Vec::new();
    page.m.chip = Standing::Rejected.chip(w);
    page.m.clock = None;
    page.m.decided = vec![DecidedView {
        chip: Standing::Rejected.chip(w),
        when: "14:19".into(),
        reason: "Destinataire absente de la liste d’initiés. Rozenn Le Marrec peut être inscrite par la cellule Initiés.".into(),
        by: "Maëlle Brisson".into(),
    }];
    page.m.acts = acts(&[Act::OverruleRelease]);
    page
}

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

/// The ledger.
pub(crate) fn ledger(w: Words) -> LedgerPage {
    let entry = |index, time: &str, kind: &str, by: String, subject: &str, sealed| EntryRow {
        index,
        time: time.to_owned(),
        kind: kind.to_owned(),
        by,
        subject: subject.to_owned(),
        proof: if sealed { Some(format!("/ledger/entries/{index}")) } else { None },
    };
    let checkpoint = |time: &str, size, root: &str| CheckpointRow {
        time: time.to_owned(),
        size,
        root: root.to_owned(),
        href: "/ledger/checkpoint".into(),
    };
    LedgerPage {
        s: shell(w, "/ledger", Place::Ledger, true),
        entries: 1_482_908,
        since: Some(say(w, "depuis le 2 févr. 2025", "since 2 Feb 2025")),
        sealed: 1_482_907,
        unsealed: 1,
        sealed_at: Some("14:20:00".into()),
        origin: "orveane.example/journal".into(),
        root: ROOT.into(),
        note: NOTE.into(),
        key: "orveane.example/journal+2b91c4e7+lIG+IcnHJ7jbjBiPNBqSTH+I36Fhv9sOzGgpGdLmRpL4".into(),
        command: "cerebro verify orveane-2026-11-24 \\\n    --key orveane.pub".into(),
        checkpoints: vec![
            checkpoint("14:20:00", 1_482_907, "pU3KGCUwux1tEyze1i…k8nVw="),
            checkpoint("14:15:00", 1_482_731, "NGC+MSAeaf7aoO7ouZ…361xQ="),
            checkpoint("14:10:00", 1_482_560, "J6Cus/7pIy+K8iEfnu…vI/ik="),
        ],
        rows: vec![
            entry(1_482_907, "14:20:19", "content.read", "Sofiane Delattre".into(), HOLD, false),
            entry(1_482_906, "14:19:41", "hold.rejected", "Maëlle Brisson".into(), HOLD, true),
            entry(1_482_905, "14:19:02", "content.read", "Inès Kermadec".into(), HOLD, true),
            entry(1_482_904, "14:18:55", "hold.escalated", say(w, "horloge", "clock"), HOLD, true),
            entry(
                1_482_903,
                "14:18:40",
                "flow.queued",
                say(w, "passerelle", "gateway"),
                "flow_01kav7d8c8f1kbynf8h4kq2v0k",
                true,
            ),
        ],
        earlier: Some("/ledger?before=1482903".into()),
        newest: None,
    }
}

/// The proof of an entry.
pub(crate) fn proof(w: Words) -> ProofPage {
    let path: Vec<String> = [
        "JILcUxwrw5B8lhfrXlCJ5AGGuqilfRGeb7ZdAKvDKvM=",
        "jmZ/Ai6HLUnMFckLmZt3K0/Hpv1MkUoW20cIdSsPFUQ=",
        "uDXA5xkJffqHAekjLyHygSaHeGl26/zDJ/WTF2UnS6k=",
        "gptEBvYf+Ikyb/qUku3u7jxmnyvyCJTqJ+aJxmtrJi4=",
        "SIa4Q485unb++MkMUQH75s+aSNWwwKE9qQCmrcs9ZAY=",
    ]
    .map(str::to_owned)
    .into();
    ProofPage {
        s: shell(w, "/ledger/entries/1482906", Place::Ledger, true),
        index: 1_482_906,
        kind: "hold.rejected".into(),
        at: "2026-11-24T13:19:41.204113Z".into(),
        by: "Maëlle Brisson".into(),
        subject: HOLD.into(),
        detail: vec![
            ("reason".into(), "Destinataire absente de la liste d’initiés.".into()),
            ("seen".into(), short(HASH)),
        ],
        leaf_hash: "GUFX8dSvkJiChc96mvfJPVVSJmr+cOeq5tpHYnwuWa8=".into(),
        size: 1_482_907,
        root: ROOT.into(),
        path,
        note: NOTE.into(),
        command: "cerebro verify 1482906.tlog-proof \\\n    --key orveane.pub".into(),
        download: "/ledger/entries/1482906/proof".into(),
        file: "orveane-1482906.tlog-proof".into(),
    }
}

/// A decision that was not recorded.
pub(crate) fn error(w: Words) -> ErrorPage {
    ErrorPage::new(signed_out(w, "/"), Mishap::Unrecorded, None, "operation_01kav7d8c8f1kbynf8h4kq2v0q")
}

/// The sender's page.
pub(crate) fn link(w: Words) -> LinkPage {
    LinkPage {
        s: signed_out(w, "/notices/sample"),
        subject: "Belvédère — dernier point avant jeudi".into(),
        chip: Standing::Waiting.chip(w),
        clock: Some(clock(w.0, 11 * 60 + 40, 1800)),
        open: true,
        justify: "/notices/sample/justify".into(),
        withdraw: "/notices/sample/withdraw".into(),
        draft: String::new(),
        problem: None,
        done: None,
    }
}

/// The sender's page once the message is taken back.
pub(crate) fn link_done(w: Words) -> LinkPage {
    LinkPage {
        chip: Standing::Withdrawn.chip(w),
        clock: None,
        open: false,
        done: Some(console::pages::link::Done::Withdrawn),
        ..link(w)
    }
}

/// One's own authenticators.
pub(crate) fn security(w: Words) -> Security {
    let row = |name: String, used: Option<&str>, remove: &str| FactorRow {
        icon: "key",
        name,
        kind: w.t("kind-totp"),
        since: say(w, "3 mars", "3 Mar"),
        used: used.map(str::to_owned),
        suspended: remove == "two",
        remove: Some(format!("/security/factors/{remove}/remove")),
    };
    Security {
        s: shell(w, "/security", Place::Elsewhere, false),
        factor: FactorState::Enrolled,
        factors: vec![
            row(say(w, "Téléphone professionnel", "Work phone"), Some("13:58"), "one"),
            row(say(w, "Tablette du coffre", "Tablet in the safe"), None, "two"),
        ],
        password_since: say(w, "3 mars 2026", "3 Mar 2026"),
        codes_left: 9,
        codes_since: Some(say(w, "3 mars", "3 Mar")),
        keys: true,
        next: "/".into(),
        problem: None,
    }
}

/// As above, for who must have a second factor and has none.
pub(crate) fn security_owed(w: Words) -> Security {
    Security {
        factor: FactorState::Owed,
        factors: Vec::new(),
        codes_left: 0,
        codes_since: None,
        ..security(w)
    }
}

/// One's own sessions.
pub(crate) fn sessions(w: Words) -> SessionsPage {
    let row = |id: &str, agent: &str, network: &str, seen: &str, is_this| SessionRow {
        id: id.into(),
        is_this,
        agent: agent.into(),
        network: network.into(),
        proved: w.t("proved-two"),
        since: "09:02".into(),
        seen: seen.into(),
        end: format!("/security/sessions/{id}/end"),
    };
    SessionsPage {
        s: shell(w, "/security/sessions", Place::Elsewhere, false),
        name: None,
        back: "/security".into(),
        rows: vec![
            row("session_1", "Firefox · Linux", "192.0.2.0/24", "14:19", true),
            row("session_2", "Safari · iPhone", "2001:db8:1:2::/64", "13:40", false),
        ],
        end_all: Some("/security/sessions/end-others".into()),
    }
}

/// Sign-ins that wait for an administrator.
pub(crate) fn arrivals(w: Words) -> ArrivalsPage {
    let row = ArrivalRow {
        action: "/accounts/arrivals/arrival_1".into(),
        name: "Inès Kermadec".into(),
        email: "ines.kermadec@orveane.example".into(),
        agent: "Chrome · Android".into(),
        network: "203.0.113.0/24".into(),
        since: "14:12".into(),
    };
    ArrivalsPage { s: administration(w, "/accounts/arrivals"), rows: vec![row], may: true, problem: None }
}

/// The code sent by mail.
pub(crate) fn mailed_code(w: Words) -> MailedCodePage {
    let problem = Some(SignInProblem::MailCodeWrong);
    MailedCodePage { s: signed_out(w, "/sign-in/mail"), next: "/".into(), problem }
}

/// A security key is added.
pub(crate) fn key(w: Words) -> KeyPage {
    KeyPage {
        s: shell(w, "/security/key", Place::Elsewhere, false),
        options: QUESTION.into(),
        name: w.t("key-name-first"),
        next: "/".into(),
        problem: None,
    }
}

/// An authenticator app is added.
pub(crate) fn totp(w: Words) -> TotpPage {
    TotpPage {
        s: shell(w, "/security/app", Place::Elsewhere, false),
        qr: Qr::of(
            "otpauth://totp/CEREBRO:ines.kermadec%40orveane.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=CEREBRO&algorithm=SHA1&digits=6&period=30",
        ),
        secret: "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ".into(),
        offer: "sample".into(),
        name: say(w, "Téléphone", "Phone"),
        next: "/".into(),
        problem: None,
    }
}

/// Ten backup codes, shown once.
pub(crate) fn codes(w: Words) -> CodesPage {
    CodesPage {
        s: shell(w, "/security/codes", Place::Elsewhere, false),
        codes: (0..10).map(|n| format!("{n}K3M-77QX-P0VT-9ZRB-2HDA-Y5WE")).collect(),
        next: "/security".into(),
    }
}

/// A second factor is about to be removed.
pub(crate) fn remove_factor(w: Words) -> RemovePage {
    RemovePage {
        s: shell(w, "/security", Place::Elsewhere, false),
        name: say(w, "Téléphone professionnel", "Work phone"),
        action: "/security/factors/one/remove".into(),
        last: true,
    }
}

/// Presence, asked for again.
pub(crate) fn step_up(w: Words) -> StepUpPage {
    StepUpPage {
        s: shell(w, "/step-up", Place::Elsewhere, false),
        code: true,
        password: false,
        key: Some(QUESTION.into()),
        next: "/security".into(),
        problem: Some(SignInProblem::ProofWrong),
    }
}

/// A backup code instead of the second factor.
pub(crate) fn backup_code(w: Words) -> BackupCodePage {
    BackupCodePage { s: signed_out(w, "/sign-in/backup"), problem: None }
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

/// One's own password is changed; the new one broke a rule.
pub(crate) fn password(w: Words) -> PasswordPage {
    let s = shell(w, "/security/password", Place::Elsewhere, false);
    PasswordPage {
        s,
        chars_min: 12,
        list: w.with("password-list", "date", say(w, "1 nov. 2026", "1 Nov 2026")),
        problems: vec![("password", w.t("password-breached"))],
    }
}

/// A password was forgotten, and asked for.
pub(crate) fn forgotten(w: Words) -> ForgottenPage {
    ForgottenPage { s: signed_out(w, "/forgotten"), email: String::new(), done: true, problem: None }
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

/// Anyone asks for an account.
pub(crate) fn account_request(w: Words) -> AskPage {
    AskPage {
        s: signed_out(w, "/account-request"),
        draft: PersonDraft::default(),
        done: false,
        problem: None,
    }
}

/// A password is set by a link; the last one broke two rules.
pub(crate) fn account_link(w: Words) -> AccountLinkPage {
    AccountLinkPage {
        s: signed_out(w, "/sign-in"),
        name: "Clémence Aubertin".into(),
        action: "/account/sample".into(),
        done: false,
        first: true,
        chars_min: 12,
        problems: vec![w.with("password-too-short", "min", 12), w.t("password-guessable")],
    }
}

/// What waits to leave, as a supervisor sees it.
pub(crate) fn outgoing(w: Words) -> OutgoingPage {
    use operations::outgoing::Step;
    let later = now().plus(Duration::from_secs(16 * 60));
    let row = |destinations: &str, what: String, step: Step, attempts, reply: Option<&str>| OutgoingRow {
        id: "outbox_01".into(),
        destinations: destinations.into(),
        what,
        chip: outgoing_standing(step, w),
        next: matches!(step, Step::Deferred(_)).then(|| "14:48".to_owned()),
        since: "14:02".into(),
        attempts,
        reply: reply.map(|code| answer(code, w)),
        retry: matches!(step, Step::Deferred(_)),
        withdraw: step != Step::Sending,
    };
    let mut s = administration(w, "/outgoing");
    s.nav = nav(
        w,
        Reach { queue: None, outgoing: true, ledger: true, accounts: true, ..Reach::default() },
        Place::Outgoing,
    );
    OutgoingPage {
        s,
        waiting: 1_284,
        deferred: 3,
        oldest: Some("13:41".into()),
        owed: 2,
        late: 1,
        pauses: vec![PauseRow {
            name: "notaires-associes.example".into(),
            value: "notaires-associes.example".into(),
            reason: say(w, "Migration de leur serveur jusqu’à 18 h", "Their server moves until 18:00"),
            by: "Odile Sarrazin, 13:41".into(),
        }],
        may_pause: true,
        may_withdraw: true,
        rows: vec![
            row("notaires-associes.example", w.n("outgoing-recipients", 2_u64), Step::Paused, 0, None),
            row(
                "client.example, conseil.example",
                w.n("outgoing-recipients", 4_u64),
                Step::Deferred(later),
                3,
                Some("451 4.4.1"),
            ),
            row("assureur.example", w.n("outgoing-recipients", 1_u64), Step::Sending, 1, None),
            OutgoingRow {
                withdraw: false,
                ..row("orveane.example", w.t("outgoing-notice"), Step::Ready, 0, None)
            },
        ],
        after: Some("/outgoing?after=outbox_01".into()),
        first: true,
        problem: None,
        draft: (String::new(), String::new()),
    }
}

/// Nothing waits to leave.
pub(crate) fn outgoing_empty(w: Words) -> OutgoingPage {
    OutgoingPage {
        waiting: 0,
        deferred: 0,
        oldest: None,
        owed: 0,
        late: 0,
        pauses: Vec::new(),
        rows: Vec::new(),
        after: None,
        ..outgoing(w)
    }
}

/// A message is taken out.
pub(crate) fn outgoing_withdraw(w: Words) -> WithdrawPage {
    WithdrawPage {
        s: administration(w, "/outgoing/one/withdraw"),
        id: "outbox_01".into(),
        reason: String::new(),
        problem: Some(w.t("decide-give-reason")),
    }
}

/// A week of the Banque Orvéane's scores: most messages score nothing, few much; of those that waited, two thirds were let go.
fn scores() -> Observations {
    let mut seen = Observations::default();
    for number in 0..2_400_u16 {
        let score = if number % 8 > 0 { 0 } else { number % 800 };
        seen.add(score, None);
    }
    for number in 0..42_u16 {
        let score = 560 + number * 10;
        let decided = (score >= 700).then(|| (number * 7) % 10 < (number / 6));
        seen.add(score, decided);
    }
    seen
}

fn supervision(w: Words, path: &str) -> Shell {
    let mut s = shell(w, path, Place::Calibration, false);
    let reach = Reach {
        register: false,
        queue: Some(23),
        outgoing: true,
        ledger: true,
        calibration: true,
        controls: true,
        lists: true,
        accounts: false,
    };
    s.nav = nav(w, reach, Place::Calibration);
    s.person = Some(Person::new(
        w,
        "Maëlle Brisson",
        &say(w, "Superviseure", "Supervisor"),
        now(),
        now().plus(Duration::from_secs(27 * 60)),
    ));
    s
}

/// Every score.
pub(crate) fn calibrations(w: Words) -> CalibrationsPage {
    let row = |(name, title): (&'static str, &str), at_900, tone, icon, word: String| {
        let (title, at_900) = (w.t(title), hundredths(w, at_900));
        MeasureRow { name, title, messages: 2_442, at_900, chip: Chip { tone, icon, word } }
    };
    let none = || w.t("calibration-none");
    CalibrationsPage {
        s: supervision(w, "/calibration"),
        counted: Some(w.with2("calibration-counted", "at", "14:02", "by", "Maëlle Brisson")),
        unread: 12,
        more: false,
        may_count: true,
        rows: vec![
            row(("topics.highest", "score-highest"), 84, Tone::Plain, "info", none()),
            row(("topics.aml", "score-aml"), 17, Tone::Plain, "info", none()),
            row(
                ("topics.market_abuse", "score-market-abuse"),
                25,
                Tone::Pass,
                "check",
                w.with("calibration-from", "from", 940),
            ),
            row(
                ("topics.off_channel", "score-off-channel"),
                33,
                Tone::Hold,
                "hold",
                w.t("calibration-waits"),
            ),
            row(("encoder.highest", "score-encoder"), 8, Tone::Refuse, "alert", w.t("calibration-expired")),
            row(("encoder.nearest", "score-nearest"), 0, Tone::Plain, "info", none()),
        ],
    }
}

/// Nothing was counted.
pub(crate) fn calibrations_empty(w: Words) -> CalibrationsPage {
    CalibrationsPage { counted: None, unread: 0, rows: Vec::new(), ..calibrations(w) }
}

/// One score, with one threshold in force and another that waits.
pub(crate) fn calibration(w: Words) -> CalibrationPage {
    let line = |from, tone, icon, word: &str, waits| LineRow {
        id: format!("calibration_{from}"),
        from,
        rests: w.with2("calibration-rests-on", "messages", w.int(2_442_u64), "days", "14"),
        proposed: "Renan Trégor, 14:10".into(),
        signed: if waits { "—".into() } else { "Maëlle Brisson, 14:31".into() },
        chip: Chip { tone, icon, word: w.t(word) },
        sign: waits,
        drop: waits,
    };
    CalibrationPage {
        s: supervision(w, "/calibration/topics.market_abuse"),
        name: "topics.market_abuse",
        title: w.t("score-market-abuse"),
        chip: Chip { tone: Tone::Pass, icon: "check", word: w.with("calibration-from", "from", 940) },
        facts: vec![
            (w.t("calibration-counted-at"), "14:02".into()),
            (w.t("col-messages"), w.int(2_442_u64)),
            (w.t("calibration-days"), "14".into()),
            (
                w.t("calibration-least"),
                w.with2("calibration-least-text", "messages", w.int(1_000_u64), "days", "10"),
            ),
        ],
        figure: Some(Figure::of(w, &scores(), 14, Some(940))),
        lines: vec![
            line(880, Tone::Hold, "hold", "calibration-waits", true),
            line(940, Tone::Pass, "check", "calibration-in-force", false),
        ],
        closed: None,
        draft: (String::new(), String::new()),
        problem: None,
    }
}

/// A threshold that holds too much, of a score that waits for nobody.
pub(crate) fn calibration_refused(w: Words) -> CalibrationPage {
    CalibrationPage {
        lines: Vec::new(),
        figure: Some(Figure::of(w, &scores(), 14, None)),
        chip: Chip { tone: Tone::Plain, icon: "info", word: w.t("calibration-none") },
        draft: ("500".into(), say(w, "Vu sur deux semaines", "Seen over two weeks")),
        problem: Some(("from", w.t("calibration-too-much"))),
        ..calibration(w)
    }
}
