//! What is written to the mailbox of an account: links that are good once, and news of what changed. Never a secret
//! but the link itself.

use access::{Operation, OperationError};
use vocabulary::{EmailAddress, Locale, Timestamp};

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
