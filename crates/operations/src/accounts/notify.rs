//! A person is told by mail of what changes in how they prove who they are (NIST SP 800-63B-4 §4.1.2, ASVS 6.3.7): whoever
//! did not do it themselves learns it in another place than the one where it was done.

use std::sync::Arc;

use access::{Operation, OperationError, Tx};
use vocabulary::{AccountId, EmailAddress, Locale};

use super::factors::Kind;
use super::sql;
use crate::notices::{self, Notice, when};
use crate::words::{letter, say};
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
    /// A backup code opened a session.
    BackupCode {
        /// The browser and system it says it is.
        agent: String,
        /// Its network.
        network: String,
    },
    /// A code of an app that opened a session already was shown again, after the right password.
    CodeAgain {
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
    let (subject, body) = letter(locale, "sign-in-code", &[("code", code)]);
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
    let (at, name) = (when(op.now()), organisation.name.as_str());
    let body = say(locale, "proof-changed", &[("what", &what), ("at", &at), ("organisation", name)]) + "\n";
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

/// A subject, and the sentence that says it.
fn text(locale: Locale, change: &Change) -> (String, String) {
    let kind_name = |kind: &Kind| say(locale, &format!("factor-{}", kind.word()), &[]);
    let (key, values) = match change {
        Change::Added(kind, name) => {
            ("factor-added", vec![("name", name.clone()), ("kind", kind_name(kind))])
        }
        Change::Removed(kind, name) => {
            ("factor-removed", vec![("name", name.clone()), ("kind", kind_name(kind))])
        }
        Change::Place { agent, network } => {
            ("new-place", vec![("agent", agent.clone()), ("network", network.clone())])
        }
        Change::BackupCode { agent, network } => {
            ("backup-code-used", vec![("agent", agent.clone()), ("network", network.clone())])
        }
        Change::CodeAgain { agent, network } => {
            ("code-again", vec![("agent", agent.clone()), ("network", network.clone())])
        }
        Change::Taken { agent, network } => {
            ("session-taken", vec![("agent", agent.clone()), ("network", network.clone())])
        }
        Change::Suspended => ("key-suspended", vec![]),
    };
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    (say(locale, &format!("{key}-subject"), &values), say(locale, key, &values))
}
