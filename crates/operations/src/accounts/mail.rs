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

/// Somebody says that the holder forgot their password: a link to set another.
pub(super) fn forgotten(
    op: &Operation,
    organisation: &Organisation,
    to: &EmailAddress,
    locale: Locale,
    url: &str,
    until: Timestamp,
) -> Result<Option<Notice>, OperationError> {
    let until = when(until);
    let (subject, body) = match locale {
        Locale::Fr => (
            "Choisir un nouveau mot de passe CEREBRO",
            format!(
                "Bonjour,\n\nUn nouveau mot de passe a été demandé pour votre compte. Choisissez-le avant le {until} :\n\n{url}\n\n\
                 Ce lien ne sert qu’une fois, et ne remplace pas votre second facteur. Si vous n’avez rien demandé, ne faites rien : \
                 votre mot de passe reste le même.\n\nCe message est automatique.\n"
            ),
        ),
        Locale::En => (
            "Choose a new CEREBRO password",
            format!(
                "Hello,\n\nA new password was asked for your account. Choose it before {until}:\n\n{url}\n\n\
                 This link works once, and does not stand in for your second factor. If you asked for nothing, do nothing: \
                 your password stays the same.\n\nThis message is automatic.\n"
            ),
        ),
    };
    notices::compose(op, organisation, to, locale, subject.to_owned(), body)
}

/// The password may be known to others: it is worth nothing any more, and a link sets another.
pub(super) fn compromised(
    op: &Operation,
    organisation: &Organisation,
    to: &EmailAddress,
    locale: Locale,
    url: &str,
    until: Timestamp,
) -> Result<Option<Notice>, OperationError> {
    let until = when(until);
    let (subject, body) = match locale {
        Locale::Fr => (
            "Votre mot de passe CEREBRO ne vaut plus rien",
            format!(
                "Bonjour,\n\nVotre mot de passe est peut-être connu d’un autre : il ne vaut plus rien, et vos sessions sont terminées. \
                 Choisissez-en un autre avant le {until} :\n\n{url}\n\nCe lien ne sert qu’une fois, et ne remplace pas votre second facteur. \
                 Passé ce délai, « Mot de passe oublié » en enverra un autre.\n\nCe message est automatique.\n"
            ),
        ),
        Locale::En => (
            "Your CEREBRO password is worth nothing any more",
            format!(
                "Hello,\n\nYour password may be known to somebody else: it is worth nothing any more, and your sessions are over. \
                 Choose another before {until}:\n\n{url}\n\nThis link works once, and does not stand in for your second factor. \
                 After that, \"Forgotten password\" sends another.\n\nThis message is automatic.\n"
            ),
        ),
    };
    notices::compose(op, organisation, to, locale, subject.to_owned(), body)
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
    /// A new password was set.
    PasswordChanged,
    /// A way in was opened at the machine's console, for somebody, until then.
    GlassBroken {
        /// For whom.
        name: String,
        /// Until when.
        until: Timestamp,
    },
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
            (Self::GlassBroken { name, until }, Locale::Fr) => (
                "Accès de secours ouvert dans CEREBRO (bris de glace)",
                format!(
                    "Un accès de secours (bris de glace) a été ouvert sur la machine pour {name}, qui administre jusqu’au {}. \
                     Il se ferme de lui-même ; un administrateur autre que cette personne doit ensuite en clore la revue.",
                    when(*until)
                ),
            ),
            (Self::GlassBroken { name, until }, Locale::En) => (
                "Emergency access opened in CEREBRO (break-glass)",
                format!(
                    "Emergency access (break-glass) was opened at the machine for {name}, who administers until {}. It shuts by \
                     itself; an administrator other than that person must then close its review.",
                    when(*until)
                ),
            ),
            (Self::PasswordChanged, Locale::Fr) => (
                "Votre mot de passe CEREBRO a changé",
                "Votre mot de passe a été changé, et les sessions ouvertes avant sont terminées.".to_owned(),
            ),
            (Self::PasswordChanged, Locale::En) => (
                "Your CEREBRO password was changed",
                "Your password was changed, and the sessions opened before are over.".to_owned(),
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
