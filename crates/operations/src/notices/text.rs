//! The words of notices, in both languages. No contents, no finding's excerpt, nothing a link scanner could act on.

use mail::report::Action;
use vocabulary::{FlowId, HoldId, Locale, Timestamp};

/// `24 nov. 14:32` would need the reader's time zone; notices say UTC and mean it.
pub(crate) fn when(at: Timestamp) -> String {
    let text = at.rfc3339();
    let (date, time) = text.split_once('T').unwrap_or((&text, ""));
    format!("{date} {} UTC", time.get(..5).unwrap_or(time))
}

fn list(items: &[String]) -> String {
    items.iter().map(|item| format!("- {item}\n")).collect()
}

pub(super) fn held(
    locale: Locale,
    subject: &str,
    reasons: &[String],
    due: Timestamp,
    url: &str,
    hold: HoldId,
) -> (String, String) {
    let (reasons, due) = (list(reasons), when(due));
    match locale {
        Locale::Fr => (
            format!("En attente de validation : {subject}"),
            format!(
                "Bonjour,\n\nVotre message « {subject} » n’est pas encore parti : il attend la validation d’un collègue.\n\n\
                 Pourquoi :\n{reasons}\nUne décision est attendue avant le {due}. Sans décision, un arbitre est saisi ; \
                 rien ne part et rien n’est supprimé en silence.\n\nPour le justifier ou le retirer :\n{url}\n\n\
                 Référence : {hold}\nCe message est automatique.\n"
            ),
        ),
        Locale::En => (
            format!("Waiting for validation: {subject}"),
            format!(
                "Hello,\n\nYour message “{subject}” has not left yet: a colleague must validate it first.\n\n\
                 Why:\n{reasons}\nA decision is due before {due}. Without one, an arbiter is called; nothing leaves and \
                 nothing is deleted silently.\n\nTo justify it or take it back:\n{url}\n\n\
                 Reference: {hold}\nThis message is automatic.\n"
            ),
        ),
    }
}

pub(super) fn refused(locale: Locale, subject: &str, reasons: &[String]) -> (String, String) {
    let reasons = list(reasons);
    match locale {
        Locale::Fr => (
            format!("Refusé : {subject}"),
            format!(
                "Bonjour,\n\nVotre message « {subject} » n’est pas parti pour tous ses destinataires : une règle le refuse.\n\n\
                 Pourquoi :\n{reasons}\nCe message est automatique.\n"
            ),
        ),
        Locale::En => (
            format!("Refused: {subject}"),
            format!(
                "Hello,\n\nYour message “{subject}” did not leave for all of its recipients: a rule refuses it.\n\n\
                 Why:\n{reasons}\nThis message is automatic.\n"
            ),
        ),
    }
}

pub(super) fn decided(locale: Locale, subject: &str, released: bool, note: Option<&str>) -> (String, String) {
    let note = note.map(|note| format!("\n{note}\n")).unwrap_or_default();
    match (locale, released) {
        (Locale::Fr, true) => (
            format!("Libéré : {subject}"),
            format!(
                "Bonjour,\n\nVotre message « {subject} » a été validé et part maintenant.\n{note}\nCe message est automatique.\n"
            ),
        ),
        (Locale::Fr, false) => (
            format!("Rejeté : {subject}"),
            format!(
                "Bonjour,\n\nVotre message « {subject} » a été examiné et ne partira pas.\n{note}\nCe message est automatique.\n"
            ),
        ),
        (Locale::En, true) => (
            format!("Released: {subject}"),
            format!(
                "Hello,\n\nYour message “{subject}” was validated and leaves now.\n{note}\nThis message is automatic.\n"
            ),
        ),
        (Locale::En, false) => (
            format!("Rejected: {subject}"),
            format!(
                "Hello,\n\nYour message “{subject}” was reviewed and will not leave.\n{note}\nThis message is automatic.\n"
            ),
        ),
    }
}

pub(super) fn called(locale: Locale, due: Timestamp, url: &str, as_arbiter: bool) -> (String, String) {
    let due = when(due);
    match (locale, as_arbiter) {
        (Locale::Fr, false) => (
            "Relève : un message attend une décision".into(),
            format!(
                "Bonjour,\n\nUn message retenu attend encore. Vous assurez la relève ; échéance : {due}.\n{url}\n"
            ),
        ),
        (Locale::Fr, true) => (
            "Arbitrage : un message retenu vous attend".into(),
            format!("Bonjour,\n\nUn message retenu est porté à votre arbitrage ; échéance : {due}.\n{url}\n"),
        ),
        (Locale::En, false) => (
            "Cover: a message waits for a decision".into(),
            format!("Hello,\n\nA held message is still waiting. You are its cover; due {due}.\n{url}\n"),
        ),
        (Locale::En, true) => (
            "Arbitration: a held message waits for you".into(),
            format!("Hello,\n\nA held message was escalated to you; due {due}.\n{url}\n"),
        ),
    }
}

pub(super) fn waits_behind(locale: Locale, subject: &str) -> (String, String) {
    match locale {
        Locale::Fr => (
            format!("En attente : {subject}"),
            format!(
                "Bonjour,\n\nVotre message « {subject} » modifie ou annule une invitation qui est elle-même retenue. Il partira après elle, \
                 et ne partira pas si elle est refusée. Vous n’avez rien à faire.\n\nCe message est automatique.\n"
            ),
        ),
        Locale::En => (
            format!("Waiting: {subject}"),
            format!(
                "Hello,\n\nYour message “{subject}” changes or cancels an invitation that is itself held. It will leave after it, and will \
                 not leave if it is refused. There is nothing for you to do.\n\nThis message is automatic.\n"
            ),
        ),
    }
}

pub(super) fn not_sent(locale: Locale, subject: &str) -> (String, String) {
    match locale {
        Locale::Fr => (
            format!("Non envoyé : {subject}"),
            format!(
                "Bonjour,\n\nVotre message « {subject} » modifie ou annule une invitation qui n’a pas été envoyée à certains destinataires. \
                 Il ne leur a pas été envoyé non plus. Pour les inviter malgré tout, envoyez une nouvelle invitation.\n\n\
                 Ce message est automatique.\n"
            ),
        ),
        Locale::En => (
            format!("Not sent: {subject}"),
            format!(
                "Hello,\n\nYour message “{subject}” changes or cancels an invitation that was not sent to some of its recipients. It was \
                 not sent to them either. To invite them all the same, send a new invitation.\n\nThis message is automatic.\n"
            ),
        ),
    }
}

pub(super) fn withdrawn(locale: Locale, subject: &str) -> (String, String) {
    match locale {
        Locale::Fr => (
            format!("Retiré : {subject}"),
            format!(
                "Bonjour,\n\nVotre message « {subject} » attendait de partir. Il a été retiré et ne partira pas ; les destinataires qui \
                 l’avaient déjà reçu le gardent.\n\nCe message est automatique.\n"
            ),
        ),
        Locale::En => (
            format!("Taken back: {subject}"),
            format!(
                "Hello,\n\nYour message “{subject}” was waiting to leave. It was taken out and will not leave; recipients who had it \
                 already keep it.\n\nThis message is automatic.\n"
            ),
        ),
    }
}

pub(super) fn left_unassessed(locale: Locale, flow: FlowId) -> (String, String) {
    match locale {
        Locale::Fr => (
            "Un message est parti sans évaluation complète".into(),
            format!(
                "Bonjour,\n\nPendant une panne de l’évaluation, un message est parti comme le prévoit la politique de l’organisation. \
                 Évalué depuis, il n’aurait pas dû partir sans décision.\n\nRéférence : {flow}\nCe message est automatique.\n"
            ),
        ),
        Locale::En => (
            "A message left without a whole assessment".into(),
            format!(
                "Hello,\n\nWhile assessment did not work, a message left as the organisation’s policy says. Assessed since, it \
                 should not have left without a decision.\n\nReference: {flow}\nThis message is automatic.\n"
            ),
        ),
    }
}

pub(super) fn reported(
    locale: Locale,
    subject: &str,
    action: Action,
    recipients: &[String],
    until: Option<Timestamp>,
) -> (String, String) {
    let (recipients, until) = (list(recipients), until.map(when).unwrap_or_default());
    match (locale, action) {
        (Locale::Fr, Action::Failed) => (
            format!("Non remis : {subject}"),
            format!(
                "Bonjour,\n\nVotre message « {subject} » n’a pas pu être remis et ne sera plus présenté à :\n{recipients}\n\
                 Ce message est automatique.\n"
            ),
        ),
        (Locale::Fr, Action::Delayed) => (
            format!("Retardé : {subject}"),
            format!(
                "Bonjour,\n\nVotre message « {subject} » n’a pas encore pu être remis à :\n{recipients}\n\
                 Il reste présenté jusqu’au {until} ; vous n’avez rien à faire.\n\nCe message est automatique.\n"
            ),
        ),
        (Locale::Fr, Action::Relayed) => (
            format!("Transmis : {subject}"),
            format!(
                "Bonjour,\n\nVotre message « {subject} » a été transmis à un serveur qui n’envoie pas d’avis de remise, pour :\n{recipients}\n\
                 Ce message est automatique.\n"
            ),
        ),
        (Locale::En, Action::Failed) => (
            format!("Not delivered: {subject}"),
            format!(
                "Hello,\n\nYour message “{subject}” could not be delivered and will not be tried again for:\n{recipients}\n\
                 This message is automatic.\n"
            ),
        ),
        (Locale::En, Action::Delayed) => (
            format!("Delayed: {subject}"),
            format!(
                "Hello,\n\nYour message “{subject}” could not be delivered yet to:\n{recipients}\n\
                 It is tried until {until}; there is nothing for you to do.\n\nThis message is automatic.\n"
            ),
        ),
        (Locale::En, Action::Relayed) => (
            format!("Relayed: {subject}"),
            format!(
                "Hello,\n\nYour message “{subject}” was handed to a server that sends no delivery reports, for:\n{recipients}\n\
                 This message is automatic.\n"
            ),
        ),
    }
}
