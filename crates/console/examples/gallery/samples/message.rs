//! A held message beside its list.

use console::i18n::Words;
use console::pages::decide::Act;
use console::pages::message::{
    ActLink, Cited, DecidedView, Held, MessagePage, SaidView, SecondLine, SecondView, Why,
};
use console::pages::shell::{Bar, Place};
use console::pages::{Severity, Shell, Standing, short};
use console::text::plain;

use super::contents::{attachments, findings, recipients, text, timeline};
use super::queue::{list, queue_full};
use super::{HASH, HOLD, clock, say, shell};

pub(super) fn acts(acts: &[Act]) -> Vec<ActLink> {
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
        guard: None,
        subject: "Belvédère — dernier point avant jeudi".into(),
        heading: plain("Belvédère — dernier point avant jeudi"),
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
            since: Some(w.with("why-published", "when", say(w, "2 nov.", "2 Nov"))),
            remedy: Some(say(
                w,
                "Inscrire la destinataire sur la liste d’initiés, ou retirer les passages.",
                "Put the recipient on the insider list, or remove the passages.",
            )),
            whom: None,
            passages: vec![2, 3],
            files: vec![Cited {
                target: Some("a1".into()),
                name: "note-belvedere-v3.pdf".into(),
                what: say(w, "étiquette «\u{a0}Confidentiel\u{a0}»", "label “Confidentiel”"),
            }],
        }],
        text: text(w),
        findings: findings(w),
        more_findings: 0,
        second: Some(second(w)),
        attachments: attachments(w),
        recipients: recipients(w),
        decided: Vec::new(),
        pair: Vec::new(),
        alike: Some(say(w, "12 libérés sur 14 en 90 jours", "12 released of 14 in 90 days")),
        similar: vec![
            DecidedView {
                chip: Standing::Rejected.chip(w),
                when: say(w, "18 nov., 10:12", "18 Nov, 10:12"),
                reason: "Destinataire absente de la liste d’initiés.".into(),
                by: "Maëlle Brisson".into(),
                href: Some(format!("/holds/{HOLD}")),
            },
            DecidedView {
                chip: Standing::Released.chip(w),
                when: say(w, "16 nov., 16:40", "16 Nov, 16:40"),
                reason: "P. Anselin inscrit le 9 nov.".into(),
                by: say(w, "Inès Kermadec (vous)", "Inès Kermadec (you)"),
                href: Some(format!("/holds/{HOLD}")),
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

/// A message beside a list as full as it gets.
pub(crate) fn message_full(w: Words) -> MessagePage {
    MessagePage { list: queue_full(w).list, ..message(w) }
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
        href: None,
    }];
    page.m.acts = acts(&[Act::OverruleRelease]);
    page
}
