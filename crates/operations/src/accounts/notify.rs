//! A person is told by mail of what changes in how they prove who they are (NIST SP 800-63B-4 §4.1.2, ASVS 6.3.7): whoever
//! did not do it themselves learns it in another place than the one where it was done.

use std::sync::Arc;

use access::{Operation, OperationError, Tx};
use vocabulary::{AccountId, EmailAddress, Locale};

use super::factors::Kind;
use super::sql;
use crate::notices::{self, Notice, when};
use crate::{Cerebro, Organisation};

/// What changed.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// A second factor was added.
    Added(Kind, String),
    /// A second factor was removed.
    Removed(Kind, String),
    /// A security key seems to exist twice.
    Suspended,
    /// Somebody signed in from a device or network the account was never seen on.
    Place {
        /// The browser and system it says it is.
        agent: String,
        /// Its network.
        network: String,
    },
    /// A session was shown by another browser than its own.
    Taken {
        /// The browser and system it says it is.
        agent: String,
        /// Its network.
        network: String,
    },
}

/// The code for a sign-in from a new place.
pub(super) async fn code(
    cerebro: &Cerebro,
    op: &Operation,
    account: AccountId,
    code: &str,
) -> Result<Option<Notice>, OperationError> {
    let Some((organisation, to, locale)) = contact(cerebro, op, account).await? else { return Ok(None) };
    let (subject, body) = match locale {
        Locale::Fr => (
            "Votre code de connexion à CEREBRO".to_owned(),
            format!(
                "Bonjour,\n\nQuelqu’un se connecte à votre compte depuis un appareil ou un réseau nouveau. Si c’est vous, \
                 saisissez ce code, bon une fois et pendant dix minutes :\n\n{code}\n\nSinon, votre mot de passe est connu d’un autre : \
                 prévenez sans attendre un administrateur. Personne ne vous demandera ce code.\n\nCe message est automatique et ne \
                 contient aucun lien.\n"
            ),
        ),
        Locale::En => (
            "Your CEREBRO sign-in code".to_owned(),
            format!(
                "Hello,\n\nSomebody is signing in to your account from a new device or network. If it is you, type this code, good \
                 once and for ten minutes:\n\n{code}\n\nIf not, somebody else knows your password: tell an administrator at once. \
                 Nobody will ever ask you for this code.\n\nThis message is automatic and holds no link.\n"
            ),
        ),
    };
    notices::compose(op, &organisation, &to, locale, subject, body)
}

/// Composes the notice to the account's own mailbox; it leaves with the write that is its reason.
pub(super) async fn compose(
    cerebro: &Cerebro,
    op: &Operation,
    account: AccountId,
    change: &Change,
) -> Result<Option<Notice>, OperationError> {
    let Some((organisation, to, locale)) = contact(cerebro, op, account).await? else { return Ok(None) };
    let (subject, what) = text(locale, change);
    let at = when(op.now());
    let body = match locale {
        Locale::Fr => format!(
            "Bonjour,\n\n{what} Le {at}.\n\nSi c’est vous, il n’y a rien à faire. Sinon, prévenez sans attendre un administrateur \
             de {} et changez votre mot de passe.\n\nCe message est automatique et ne contient aucun lien.\n",
            organisation.name
        ),
        Locale::En => format!(
            "Hello,\n\n{what} {at}.\n\nIf it was you, there is nothing to do. If not, tell an administrator of {} at once and \
             change your password.\n\nThis message is automatic and holds no link.\n",
            organisation.name
        ),
    };
    notices::compose(op, &organisation, &to, locale, subject, body)
}

async fn contact(
    cerebro: &Cerebro,
    op: &Operation,
    account: AccountId,
) -> Result<Option<(Arc<Organisation>, EmailAddress, Locale)>, OperationError> {
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::CONTACT, vec![account.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    let (Some(row), Some(organisation)) = (row, cerebro.organisation(op.organisation())) else {
        return Ok(None);
    };
    let to = row.get::<Option<String>>(0)?.and_then(|text| EmailAddress::parse(&text).ok());
    let locale = row.parse(1)?;
    Ok(to.map(|to| (organisation, to, locale)))
}

fn text(locale: Locale, change: &Change) -> (String, String) {
    let (fr, say) = (locale == Locale::Fr, |kind: &Kind| kind.say(locale));
    match change {
        Change::Added(kind, name) if fr => (
            "Second facteur ajouté à votre compte CEREBRO".into(),
            format!("Un second facteur a été ajouté à votre compte : « {name} » ({}).", say(kind)),
        ),
        Change::Added(kind, name) => (
            "Second factor added to your CEREBRO account".into(),
            format!("A second factor was added to your account: “{name}” ({}).", say(kind)),
        ),
        Change::Removed(kind, name) if fr => (
            "Second facteur retiré de votre compte CEREBRO".into(),
            format!("Un second facteur a été retiré de votre compte : « {name} » ({}).", say(kind)),
        ),
        Change::Removed(kind, name) => (
            "Second factor removed from your CEREBRO account".into(),
            format!("A second factor was removed from your account: “{name}” ({}).", say(kind)),
        ),
        Change::Place { agent, network } if fr => (
            "Connexion à votre compte CEREBRO depuis un nouveau lieu".into(),
            format!("Votre compte a été ouvert depuis un appareil ou un réseau nouveau : {agent} {network}."),
        ),
        Change::Place { agent, network } => (
            "Sign-in to your CEREBRO account from a new place".into(),
            format!("Your account was opened from a new device or network: {agent} {network}."),
        ),
        Change::Taken { agent, network } if fr => (
            "Session CEREBRO fermée : elle a servi sur un autre appareil".into(),
            format!("Votre session a été présentée par un autre navigateur que le vôtre : {agent} {network}. Elle est fermée."),
        ),
        Change::Taken { agent, network } => (
            "CEREBRO session ended: it was used on another device".into(),
            format!("Your session was shown by another browser than yours: {agent} {network}. It has ended."),
        ),
        Change::Suspended if fr => (
            "Clé de sécurité suspendue sur votre compte CEREBRO".into(),
            "Une clé de sécurité de votre compte semble exister en deux exemplaires : elle est suspendue, et les sessions \
             qu’elle avait ouvertes sont fermées."
                .into(),
        ),
        Change::Suspended => (
            "Security key suspended on your CEREBRO account".into(),
            "A security key of your account seems to exist twice: it is suspended, and the sessions it had opened have \
             ended."
                .into(),
        ),
    }
}
