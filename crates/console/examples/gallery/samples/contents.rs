//! What a held message says and what was found in it.

use console::i18n::Words;
use console::pages::message::{
    AttachmentView, Contents, Event, FindingRow, Passage, RecipientView, Region, Tag, Tense,
};
use console::pages::outgoing::answer;
use console::pages::{Severity, Standing};
use console::text::{Span, highlight, plain};

use super::say;

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

pub(super) fn text(w: Words) -> Vec<Passage> {
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

fn told(w: Words, number: u32) -> Option<String> {
    match number {
        3 => Some(say(
            w,
            "Catégorie «\u{a0}annonces\u{a0}», score très élevé (914 sur 1\u{202f}000)\u{202f}; exemple le plus proche\u{a0}: «\u{a0}Le communiqué part mardi.\u{a0}»",
            "Category “annonces”, very high score (914 out of 1,000); nearest example: “Le communiqué part mardi.”",
        )),
        6 => Some(say(
            w,
            "Le fichier est chiffré ou protégé par un mot de passe",
            "The file is encrypted or protected by a password",
        )),
        _ => None,
    }
}

pub(super) fn findings(w: Words) -> Vec<FindingRow> {
    let row = |number, fr: (&str, &str), en: (&str, &str), level, target: &str| FindingRow {
        number,
        title: say(w, fr.0, en.0),
        told: told(w, number),
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
            ("Annonce d’une publication à venir", "Corps · sûr à 91\u{202f}%"),
            ("Mention of a forthcoming announcement", "Body · 91% sure"),
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
            ("Pièce jointe illisible", "annexe-signee.zip · certain"),
            ("Unreadable attachment", "annexe-signee.zip · certain"),
            2,
            "a2",
        ),
    ]
}

pub(super) fn attachments(w: Words) -> Vec<AttachmentView> {
    let inside = "Conditions suspensives : autorisation de l’autorité de la concurrence ; acquisition de 62 % du capital.";
    let (left, whole) = (say(w, "20\u{202f}Ko", "20\u{202f}KB"), say(w, "84\u{202f}Ko", "84\u{202f}KB"));
    let found = spans(inside, &[("acquisition de 62 % du capital", 3, 5)]);
    vec![
        AttachmentView {
            id: "a1".into(),
            name: plain("note-belvedere-v3.pdf"),
            facts: say(w, "PDF, 84\u{202f}Ko", "PDF, 84\u{202f}KB"),
            marks: vec![say(w, "étiquette «\u{a0}Confidentiel\u{a0}»", "label “Confidentiel”")],
            contents: Contents::Text {
                html: highlight(inside, &found, &w.t("finding")),
                more: vec![plain("Le solde est payé à la clôture.")],
                shortened: Some(w.with2("attachment-shortened", "left", left, "whole", whole)),
                open: true,
            },
        },
        AttachmentView {
            id: "a2".into(),
            name: plain("annexe-signee.zip"),
            facts: say(w, "archive, 100\u{202f}Ko", "archive, 100\u{202f}KB"),
            marks: Vec::new(),
            contents: Contents::Unreadable(say(w, "archive chiffrée", "encrypted archive")),
        },
        AttachmentView {
            id: "a3".into(),
            name: plain("logo.png"),
            facts: say(w, "image, 2\u{202f}Ko", "image, 2\u{202f}KB"),
            marks: Vec::new(),
            contents: Contents::Nothing,
        },
        AttachmentView {
            id: "a4".into(),
            name: plain("courrier.eml"),
            facts: say(w, "EML, 3\u{202f}Ko", "EML, 3\u{202f}KB"),
            marks: Vec::new(),
            contents: Contents::Message {
                passages: vec![Passage {
                    region: Region::New,
                    folded: false,
                    html: plain("Voici l’échange de mardi."),
                }],
                open: false,
            },
        },
    ]
}

pub(super) fn recipients(w: Words) -> Vec<RecipientView> {
    vec![
        RecipientView {
            name: "Rozenn Le Marrec".into(),
            address: Some("r.lemarrec@cabinet-ruelle.example".into()),
            note: None,
            chip: Standing::Held.chip(w),
            tags: vec![
                Tag::External,
                Tag::FirstContact,
                Tag::Warn(w.with2(
                    "recipient-encryption-open-pair",
                    "from",
                    "orveane.example",
                    "to",
                    "cabinet-ruelle.example",
                )),
            ],
        },
        RecipientView {
            name: "Paul Anselin".into(),
            address: Some("p.anselin@quillon.example".into()),
            note: Some(w.with("recipient-deferred", "reason", answer("451 4.4.1", w))),
            chip: Standing::Sending.chip(w),
            tags: vec![
                Tag::External,
                Tag::Fact(w.with2(
                    "recipient-encryption-agreed-pair",
                    "from",
                    "orveane.example",
                    "to",
                    "quillon.example",
                )),
            ],
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

pub(super) fn timeline(w: Words) -> Vec<Event> {
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
