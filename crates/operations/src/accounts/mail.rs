//! What is written to the mailbox of an account: links that are good once, and news of what changed. Never a secret
//! but the link itself.

use access::{Mission, Operation, OperationError};
use vocabulary::{EmailAddress, Locale, Timestamp};

use super::look::Subject;
use crate::notices::{self, Notice, when};
use crate::words::{letter, say};
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
    let until = when(until);
    let values: [(&str, &str); 3] = [("organisation", &organisation.name), ("url", url), ("until", &until)];
    let (subject, body) = letter(locale, "account-approved", &values);
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
    let (subject, body) = letter(locale, "password-forgotten", &[("url", url), ("until", &when(until))]);
    notices::compose(op, organisation, to, locale, subject, body)
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
    let (subject, body) = letter(locale, "password-worthless", &[("url", url), ("until", &when(until))]);
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
    /// A mission was not reviewed in time, and allows nothing until it is.
    MissionSuspended(Mission),
    /// A review of access ends soon.
    ReviewEnds {
        /// Rights nobody decided on.
        rights: usize,
    },
    /// A review of access was not done in time.
    ReviewLapsed {
        /// Rights nobody decided on.
        rights: usize,
    },
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
    /// A subject, and the sentence that says it.
    fn text(&self, locale: Locale) -> (String, String) {
        let mission_name = |mission: &Mission| say(locale, &format!("mission-{mission}"), &[]);
        let (key, values) = match self {
            Self::Suspended => ("suspended", vec![]),
            Self::Reinstated => ("reinstated", vec![]),
            Self::Closed => ("closed", vec![]),
            Self::MissionGiven(mission) => ("mission-given", vec![("mission", mission_name(mission))]),
            Self::MissionWithdrawn(mission) => {
                ("mission-withdrawn", vec![("mission", mission_name(mission))])
            }
            Self::MissionSuspended(mission) => {
                ("mission-suspended", vec![("mission", mission_name(mission))])
            }
            Self::ReviewEnds { rights } => ("review-ends", vec![("rights", rights.to_string())]),
            Self::ReviewLapsed { rights } => ("review-lapsed", vec![("rights", rights.to_string())]),
            Self::PasswordChanged => ("password-changed", vec![]),
            Self::GlassBroken { name, until } => {
                ("glass-broken", vec![("name", name.clone()), ("until", when(*until))])
            }
        };
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        (say(locale, &format!("{key}-subject"), &values), say(locale, key, &values))
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
    let body = say(subject.locale, "news", &[("what", &what), ("at", &when(op.now()))]) + "\n";
    notices::compose(op, &organisation, to, subject.locale, title, body)
}
