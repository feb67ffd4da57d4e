//! What is written to the mailbox of an account: links that are good once, and news of what changed. Never a secret
//! but the link itself.

use access::{Mission, Operation, OperationError};
use vocabulary::{EmailAddress, Locale, Timestamp};

use super::look::Subject;
use crate::notices::{self, Notice, when};
use crate::{Cerebro, Organisation};

/// Where a link leads. The host is ours by configuration, never what a request said (attack X5).
pub(super) fn link_url(cerebro: &Cerebro, token: &str) -> String {
    format!("{}/account/{token}", cerebro.console_url())
}

/// The account was approved: its holder sets a password by the link.
pub(super) fn activation(
    op: &Operation,
    organisation: &Organisation,
    to: &EmailAddress,
    locale: Locale,
    url: &str,
    until: Timestamp,
) -> Result<Option<Notice>, OperationError> {
    let (name, until) = (&organisation.name, when(until));
    let (subject, body) = match locale {
        Locale::Fr => (
            "Votre compte CEREBRO est approuvé".to_owned(),
            format!(
                "Bonjour,\n\nVotre compte pour {name} est approuvé. Choisissez votre mot de passe avant le {until} :\n\n{url}\n\n\
                 Ce lien ne sert qu’une fois. Si vous n’avez rien demandé, dites-le à un administrateur.\n\nCe message est automatique.\n"
            ),
        ),
        Locale::En => (
            "Your CEREBRO account is approved".to_owned(),
            format!(
                "Hello,\n\nYour account for {name} is approved. Choose your password before {until}:\n\n{url}\n\n\
                 This link works once. If you asked for nothing, tell an administrator.\n\nThis message is automatic.\n"
            ),
        ),
    };
    notices::compose(op, organisation, to, locale, subject, body)
}

/// Something of an account changed that its holder should hear of, whoever did it (ASVS 6.3.7).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum News {
    /// It was suspended.
    Suspended,
    /// It works again.
    Reinstated,
    /// It was closed.
    Closed,
    /// It was given a mission.
    MissionGiven(Mission),
    /// A mission was withdrawn.
    MissionWithdrawn(Mission),
}

impl News {
    fn text(&self, locale: Locale) -> (String, String) {
        let (subject, body) = match (self, locale) {
            (Self::Suspended, Locale::Fr) => (
                "Votre compte CEREBRO est suspendu",
                "Un administrateur a suspendu votre compte : ses sessions sont terminées.".to_owned(),
            ),
            (Self::Suspended, Locale::En) => (
                "Your CEREBRO account is suspended",
                "An administrator suspended your account: its sessions are over.".to_owned(),
            ),
            (Self::Reinstated, Locale::Fr) => (
                "Votre compte CEREBRO fonctionne à nouveau",
                "Un administrateur a rétabli votre compte : vous pouvez vous connecter.".to_owned(),
            ),
            (Self::Reinstated, Locale::En) => (
                "Your CEREBRO account works again",
                "An administrator reinstated your account: you can sign in.".to_owned(),
            ),
            (Self::Closed, Locale::Fr) => (
                "Votre compte CEREBRO est fermé",
                "Un administrateur a fermé votre compte pour de bon.".to_owned(),
            ),
            (Self::Closed, Locale::En) => (
                "Your CEREBRO account is closed",
                "An administrator closed your account for good.".to_owned(),
            ),
            (Self::MissionGiven(mission), Locale::Fr) => (
                "Une mission vous est donnée dans CEREBRO",
                format!("La mission « {} » vous est donnée.", mission_name(*mission, locale)),
            ),
            (Self::MissionGiven(mission), Locale::En) => (
                "You were given a mission in CEREBRO",
                format!("You were given the mission \"{}\".", mission_name(*mission, locale)),
            ),
            (Self::MissionWithdrawn(mission), Locale::Fr) => (
                "Une mission vous est retirée dans CEREBRO",
                format!("La mission « {} » vous est retirée.", mission_name(*mission, locale)),
            ),
            (Self::MissionWithdrawn(mission), Locale::En) => (
                "A mission was withdrawn from you in CEREBRO",
                format!("The mission \"{}\" was withdrawn from you.", mission_name(*mission, locale)),
            ),
        };
        (subject.to_owned(), body)
    }
}

fn mission_name(mission: Mission, locale: Locale) -> &'static str {
    match (mission, locale) {
        (Mission::Operator, Locale::Fr) => "opérations",
        (Mission::Operator, Locale::En) => "operations",
        (Mission::Connector, Locale::Fr) => "connecteur",
        (Mission::Connector, Locale::En) => "connector",
        (Mission::Arbiter, Locale::Fr) => "arbitrage",
        (Mission::Arbiter, Locale::En) => "arbitration",
        (Mission::Supervisor, _) => "supervision",
        (Mission::Auditor, _) => "audit",
        (Mission::Administrator, _) => "administration",
    }
}

/// Tells the holder of an account what changed. Nothing for a service, which has no mailbox.
pub(crate) fn news(
    cerebro: &Cerebro,
    op: &Operation,
    subject: &Subject,
    news: &News,
) -> Result<Option<Notice>, OperationError> {
    let (Some(organisation), Some(to)) = (cerebro.organisation(op.organisation()), &subject.email) else {
        return Ok(None);
    };
    let (title, what) = news.text(subject.locale);
    let at = when(op.now());
    let body = match subject.locale {
        Locale::Fr => format!(
            "Bonjour,\n\n{what}\n\nC’était le {at}. Si cela vous surprend, dites-le tout de suite à un administrateur.\n\n\
             Ce message est automatique et ne contient aucun lien.\n"
        ),
        Locale::En => format!(
            "Hello,\n\n{what}\n\nThis was on {at}. If it surprises you, tell an administrator at once.\n\n\
             This message is automatic and holds no link.\n"
        ),
    };
    notices::compose(op, &organisation, to, subject.locale, title, body)
}
