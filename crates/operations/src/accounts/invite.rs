//! An administrator asks for an account for a colleague (clause A4), or a service that keeps accounts in step with the
//! institution's directory does. Another administrator approves it.

use access::{Mission, Operation, OperationError, Permit, StoreError, Tx, action};
use identity::nominative::{self, NotNominative};
use vocabulary::{AccountId, EmailAddress, Locale, OrganisationId};

use super::request::{Kept, Row};
use crate::Cerebro;
use crate::idempotency::{self, Key, KeyError};
use crate::organisation::Reason;

/// Who is invited, and to what.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// Their name.
    pub name: String,
    /// Their own professional address.
    pub email: EmailAddress,
    /// Their language.
    pub locale: Locale,
    /// What they will be there for.
    pub missions: Vec<Mission>,
    /// A second factor is mandatory for them (clause A1).
    pub sensitive: bool,
    /// Why.
    pub reason: Reason,
    /// Why an address that looks like a role's is one person's all the same (clause A5): recorded.
    pub exception: Option<Reason>,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// Not one natural person's name and address (clause A5).
    #[error(transparent)]
    NotNominative(#[from] NotNominative),
    /// The address is of another institution.
    #[error("the address is not of a domain of this organisation")]
    OtherDomain,
    /// The address has an account already.
    #[error("the address has an account already")]
    Exists,
    /// Administration is granted by two, once the account is there; what services hold is not for people.
    #[error("an invitation names missions of people, those apart that two give")]
    Mission,
    /// The request was done already, or its key stands for another.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for InviteError {
    fn from(error: StoreError) -> Self {
        if error.is_conflict() { Self::Exists } else { Self::Operation(error.into()) }
    }
}

/// Asks for the account. It waits for another administrator. A program's key is answered with its id.
///
/// # Errors
/// [`InviteError`]; nothing changed.
pub async fn invite(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::InviteAccount>,
    invitation: Invitation,
    key: Option<Key>,
) -> Result<AccountId, InviteError> {
    match nominative::check(&invitation.name, &invitation.email) {
        Err(NotNominative::RoleMailbox(_)) if invitation.exception.is_some() => {}
        other => other?,
    }
    if invitation.missions.iter().any(|mission| mission.is_given_by_two()) {
        return Err(InviteError::Mission);
    }
    let organisation = cerebro.organisation(op.organisation()).ok_or(InviteError::OtherDomain)?;
    if !organisation.owns(&invitation.email) {
        return Err(InviteError::OtherDomain);
    }
    let kept = Kept {
        reason: invitation.reason.as_str().to_owned(),
        missions: invitation.missions.iter().map(|mission| mission.word().to_owned()).collect(),
        exception: invitation.exception.as_ref().map(|reason| reason.as_str().to_owned()),
    };
    let by = op.actor().account();
    let row = Row::prepare(
        op,
        &invitation.name,
        &invitation.email,
        invitation.locale,
        invitation.sensitive,
        by,
        &kept,
    )?;
    let (id, now) = (row.id, op.now());
    let is_exception = invitation.exception.is_some();
    op.write(permit, async move |tx: &mut Tx<'_>, _: OrganisationId| {
        let evidence = row.insert(tx).await?.with("role_mailbox_exception", is_exception);
        idempotency::keep::<InviteError>(tx, key, id.to_string(), now).await?;
        Ok((id, evidence))
    })
    .await
}
