//! What somebody holds between the two steps of a sign-in.

use std::net::IpAddr;

use access::{Actor, Instance, Operation, OperationError, SystemReason};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, Locale, OrganisationId, Timestamp};

use super::factors;
use crate::Cerebro;

/// The password was right: what the second step is bound to. Sealed, it travels in a cookie and dies in five minutes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ticket {
    organisation: OrganisationId,
    account: AccountId,
    at: Timestamp,
}

const TICKET_KEY: &str = "sign-in-ticket";

impl Ticket {
    pub(super) const fn new(organisation: OrganisationId, account: AccountId, at: Timestamp) -> Self {
        Self { organisation, account, at }
    }

    /// As a cookie carries it: what it says, and a mark that only this instance's nodes can make.
    ///
    /// # Errors
    /// The key store failed.
    pub fn to_text(&self, instance: &Instance) -> Result<String, OperationError> {
        let said = serde_json::to_vec(self).unwrap_or_default();
        let mark = hmac::sign(&ticket_key(instance)?, &said);
        Ok(format!("{}.{}", URL_SAFE_NO_PAD.encode(said), URL_SAFE_NO_PAD.encode(mark)))
    }

    /// Reads what [`Ticket::to_text`] wrote; anything else is nothing.
    #[must_use]
    pub fn from_text(instance: &Instance, text: &str) -> Option<Self> {
        let (said, mark) = text.split_once('.')?;
        let (said, mark) = (URL_SAFE_NO_PAD.decode(said).ok()?, URL_SAFE_NO_PAD.decode(mark).ok()?);
        hmac::verify(&ticket_key(instance).ok()?, &said, &mark).ok()?;
        serde_json::from_slice(&said).ok()
    }

    /// What the account can show next.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn second_step(&self, instance: &Instance) -> Result<SecondStep, OperationError> {
        let factors = factors::of(&self.operation(instance), self.account).await?;
        let has_factor = factors.iter().any(|factor| factor.kind.is_second());
        Ok(if has_factor { SecondStep::Factor } else { SecondStep::Nothing })
    }

    /// It comes from a network that is none of those the account's organisation declared (clause T4).
    #[must_use]
    pub fn is_from_afar(&self, cerebro: &Cerebro, address: Option<IpAddr>) -> bool {
        let organisation = cerebro.organisation(self.organisation);
        organisation.is_some_and(|known| known.policy.places.discourages(address))
    }

    /// Whose sign-in it is.
    pub(super) const fn account(&self) -> AccountId {
        self.account
    }

    /// When the first step was made.
    pub(super) const fn at(&self) -> Timestamp {
        self.at
    }

    pub(super) fn operation(&self, instance: &Instance) -> Operation {
        instance.operation(Actor::System(SystemReason::Anonymous), self.organisation, Locale::Fr)
    }
}

/// What comes after the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecondStep {
    /// A second factor.
    Factor,
    /// The account has none: a session opens, which does no more than the account's missions let it (clause A1).
    Nothing,
}

fn ticket_key(instance: &Instance) -> Result<hmac::Key, OperationError> {
    Ok(hmac::Key::new(hmac::HMAC_SHA256, instance.secret_or_new(TICKET_KEY)?.expose()))
}
