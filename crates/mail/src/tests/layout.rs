//! Where text stands: HTML laid out as it is seen, and the regions of a message in French and English.

use super::mail;
use crate::{Message, RegionKind, TextKind};

#[test]
fn html_is_laid_out_and_split() {
    let message = mail(
        "Content-Type: text/html\n\n<html><head><title>T</title></head><body><p>Un&nbsp;deux&eacute;</p>\n<table><tr><td>a</td>\
         <td>b</td></tr><tr><td>c</td></tr></table><a href='https://x.example/?a=1&amp;b=2'>lien</a><br>fin\
         <script>alert(1)</script><img alt='logo'></body>",
    );
    let visible = message.texts.iter().find(|text| text.kind == TextKind::Html).unwrap();
    assert_eq!(visible.text.trim_end(), "Un\u{a0}deuxé\n\na\tb\nc\nlien\nfin");
    let hidden = message.texts.iter().find(|text| text.kind == TextKind::HtmlHidden).unwrap();
    for piece in ["https://x.example/?a=1&b=2", "logo", "alert(1)", "T"] {
        assert!(hidden.text.lines().any(|line| line == piece), "{piece}: {}", hidden.text);
    }
}

/// The field of a message that answers another.
const ANSWERS: &str = "In-Reply-To: <1@x.example>\n";

fn kinds(body: &str, head: &str) -> Vec<(RegionKind, String)> {
    let message = mail(&format!("Subject: x\n{head}Content-Type: text/plain; charset=utf-8\n\n{body}"));
    let text = message.texts.iter().find(|text| text.kind == TextKind::Plain).unwrap();
    text.regions
        .iter()
        .map(|region| (region.kind, text.text[region.start..region.end].trim().to_owned()))
        .collect()
}

fn kinds_of_html(message: &Message) -> Vec<RegionKind> {
    let text = message.texts.iter().find(|text| text.kind == TextKind::Html).unwrap();
    text.regions.iter().map(|region| region.kind).collect()
}

#[test]
fn regions_in_french_and_english() {
    use RegionKind::{Disclaimer, New, Quoted, Signature};
    let disclaimer = "Ce message et ses pièces jointes sont confidentiels et à l'intention exclusive de leur destinataire. \
                      Si vous avez reçu ce message par erreur, merci de le détruire.";
    let cases: Vec<(String, Vec<RegionKind>)> = vec![
        ("Bonjour,\nTout va bien.".into(), vec![New]),
        ("D'accord.\n\n> Question ?\n> Autre".into(), vec![New]),
        ("D'accord.\n> Un\nOui.\n\nLe lun. 3 mars, Inès a écrit :\n> Deux\n\nNon.\n> Trois".into(), vec![New, Quoted, New, Quoted]),
        (format!("Bonjour.\n-- \n{}", "Une ligne.\n".repeat(30)), vec![New]),
        (format!("Bonjour.\n\nEnvoyé de mon iPhone\n{}", "bla ".repeat(400)), vec![New]),
        ("D'accord.\n\nLe lun. 3 mars 2025 à 10:00, Inès <i@x.example>\na écrit :\n\n> Question ?".into(), vec![New, Quoted]),
        ("Agreed.\n\nOn Mon, 3 Mar 2025 at 10:00, Ines wrote:\n> Question?\n\nYes to this.".into(), vec![New, Quoted, New]),
        ("Agreed.\n\nOn Mon, 3 Mar 2025 at 10:00, Ines wrote:\nQuestion?".into(), vec![New, Quoted]),
        ("Voir dessous.\n\n-----Message d'origine-----\nDe : x\nbla".into(), vec![New, Quoted]),
        ("Voir.\n\nDe : Inès Kermadec\nEnvoyé : lundi 3 mars 2025 10:00\nÀ : x\nObjet : y\n\nbla".into(), vec![New, Quoted]),
        ("See.\n\nFrom: Ines\nSent: Monday\nTo: x\nSubject: y\n\nbla".into(), vec![New, Quoted]),
        ("De : ce jour, tout va bien.\nSuite.".into(), vec![New]),
        ("Bonjour.\n-- \nInès\nDirectrice".into(), vec![New, Signature]),
        ("Bonjour.\n\nCordialement,\nInès Kermadec\nTél. 01 00 00 00 00".into(), vec![New, Signature]),
        ("Bonjour.\n\nEnvoyé de mon iPhone".into(), vec![New, Signature]),
        (format!("Bonjour.\n\n{disclaimer}"), vec![New, Disclaimer]),
        (format!("Bonjour.\n\nKind regards\nInes\n\n{disclaimer}"), vec![New, Signature, Disclaimer]),
        (format!("Oui.\n\n{disclaimer}\n\nOn Mon, Ines Kermadec wrote:\n> non"), vec![New, Disclaimer, Quoted]),
        ("Merci\nJe vous envoie le virement de 10 000 euros demain matin, sauf avis contraire de votre part, à l'adresse habituelle.".into(), vec![New]),
    ];
    for (body, expected) in cases {
        let found = kinds(&body, ANSWERS);
        assert_eq!(found.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), expected, "{body}\n{found:?}");
    }
    let html = mail(
        "References: <1@x.example>\nContent-Type: text/html\n\n<p>Oui.</p><div class=gmail_quote>Le lun., X a écrit :<blockquote>Non.</blockquote></div>",
    );
    assert_eq!(kinds_of_html(&html), [New, Quoted]);
}

/// Whoever draws a quote is not quoting: the words are the sender's.
#[test]
fn what_only_looks_quoted_is_the_senders() {
    let plain = [
        "Bonjour,\n\n> Lormont lance une OPA lundi",
        "Bonjour,\n\nLe lun. 3 mars 2025 à 10:00, Inès <i@x.example> a écrit :\n> Lormont lance une OPA lundi",
        "Voir.\n\nDe : Inès\nEnvoyé : lundi\nÀ : x\nObjet : y\n\nLormont lance une OPA lundi",
        "Voir.\n\n-----Message d'origine-----\nLormont lance une OPA lundi",
    ];
    for body in plain {
        let found = kinds(body, "");
        assert!(found.iter().all(|(kind, _)| *kind == RegionKind::New), "{body}\n{found:?}");
    }
    assert_eq!(kinds("Oui.\n> Lormont", ANSWERS).len(), 1, "nothing says who wrote it");
    for html in [
        "<p>Oui.</p><blockquote>Lormont</blockquote>",
        "<p>Oui.</p><div class=gmail_quote>Lormont</div>",
        "<p>Oui.</p><div id=divRplyFwdMsg>Lormont</div>",
    ] {
        let message = mail(&format!("{ANSWERS}Content-Type: text/html\n\n{html}"));
        assert_eq!(kinds_of_html(&message), [RegionKind::New], "{html}");
    }
}
