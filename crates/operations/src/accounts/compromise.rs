//! A password is suspected to be known (clause A3): by its holder, by an administrator, or because a list of breached
//! passwords holds it. It is worth nothing from then on, sessions and links end, and the next sign-in sets a new one: by
//! a link in the holder's own mailbox, and with the second factor, never instead of it.

use access::{
    Action, Actor, Evidence, EvidenceKind, Operation, OperationError, Permit, SystemReason, Tx, action,
};
use identity::EndReason;
use vocabulary::{AccountId, OrganisationId, bounds};

use super::link::{NewLink, Purpose};
use super::standing::{self, StandingError};
use super::{look, mail, sql};
use crate::organisation::Reason;
use crate::{Cerebro, notices};

/// Who suspects it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Suspicion {
    /// Its holder, and why.
    Holder(Reason),
    /// An administrator, and why.
    Administrator(Reason),
    /// A list of breached passwords.
    List,
}

impl Suspicion {
    const fn word(&self) -> &'static str {
        match self {
            Self::Holder(_) => "holder",
            Self::Administrator(_) => "administrator",
            Self::List => "list",
        }
    }
}

/// The holder of an account says so.
///
/// # Errors
/// [`StandingError`]; nothing changed.
pub async fn declare_own(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::DeclareOwnCompromise>,
    reason: Reason,
) -> Result<(), StandingError> {
    end(cerebro, op, permit, Suspicion::Holder(reason)).await
}

/// An administrator says so of somebody's account. They see and set nothing.
///
/// # Errors
/// [`StandingError`]; nothing changed.
pub async fn declare(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::DeclareCompromise>,
    reason: Reason,
) -> Result<(), StandingError> {
    end(cerebro, op, permit, Suspicion::Administrator(reason)).await
}

/// A right password was found in a list of breached ones.
pub(super) async fn found_in_list(
    cerebro: &Cerebro,
    organisation: OrganisationId,
    account: AccountId,
) -> Result<(), StandingError> {
    let anonymous = Actor::System(SystemReason::Anonymous);
    let locale = cerebro.system(SystemReason::Anonymous, organisation).locale();
    let op = cerebro.instance().operation(anonymous, organisation, locale);
    let permit = op.permit(action::SignIn, account).await.map_err(OperationError::from)?;
    end(cerebro, &op, permit, Suspicion::List).await
}

async fn end<A: Action<Subject = AccountId>>(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<A>,
    suspicion: Suspicion,
) -> Result<(), StandingError> {
    let subject = look::subject(op, permit.subject()).await?.ok_or(StandingError::NotFound)?;
    let organisation = cerebro.organisation(op.organisation()).ok_or(StandingError::NotFound)?;
    let to = subject.email.as_ref().ok_or(StandingError::NotFound)?;
    let link = NewLink::new(op, Purpose::Reset, bounds::PASSWORD_LINK_LIFE);
    let url = link.url(cerebro);
    let notice = mail::compromised(op, &organisation, to, subject.locale, &url, link.until)?;
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        tx.execute(sql::LOCK_ACCOUNT, vec![account.into()]).await?;
        tx.execute(sql::END_PASSWORD, vec![account.into(), now.into()]).await?;
        let ended = vec![account.into(), now.into(), EndReason::CredentialChanged.word().into()];
        let sessions = tx.execute(standing::sql::END_SESSIONS, ended).await?;
        // Whoever knows the password may have signed in: no device is known any more (clause T2).
        tx.execute(sql::FORGET_DEVICES, vec![account.into()]).await?;
        let sent = link.keep(tx, account).await?;
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        let reason = match &suspicion {
            Suspicion::Holder(reason) | Suspicion::Administrator(reason) => reason.as_str(),
            Suspicion::List => "",
        };
        let evidence = Evidence::of(EvidenceKind::PasswordCompromised, account)
            .with("by", suspicion.word())
            .with("reason", reason)
            .with("sessions_ended", sessions);
        Ok::<_, StandingError>(((), evidence.and(sent)))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}
