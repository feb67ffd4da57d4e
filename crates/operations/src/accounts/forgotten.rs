//! A forgotten password (attack P8): a link goes to the account's own mailbox, good once and for an hour. Whoever asks
//! learns nothing: the answer comes before anything is looked up (attack E2).

use access::{Actor, OperationError, StoreError, SystemReason, Tx, action};
use identity::AccountState;
use vocabulary::{AccountId, EmailAddress, Locale, OrganisationId, PlatformReason, bounds};

use super::link::{NewLink, Purpose};
use super::{look, mail, sql, throttle};
use crate::{Cerebro, notices};

/// Why nothing was even looked for. What depends on who exists is not among them.
#[derive(Debug, thiserror::Error)]
pub enum ForgottenError {
    /// Too many from there, or for that address.
    #[error("too many requests: wait and try again")]
    Throttled,
    /// The counters cannot be kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

/// Asks for a link. `Ok` says that it was asked.
///
/// # Errors
/// [`ForgottenError`].
pub async fn ask(cerebro: &Cerebro, network: &str, email: &EmailAddress) -> Result<(), ForgottenError> {
    for subject in [format!("forgotten:{network}"), format!("forgotten:{}", email.key())] {
        if throttle::count(cerebro.instance(), &subject).await? > bounds::PASSWORD_LINKS_PER_WINDOW {
            return Err(ForgottenError::Throttled);
        }
    }
    let Some(place) = cerebro.link_place() else {
        tracing::warn!("a request for a forgotten password was dropped: too many at once");
        return Ok(());
    };
    let (cerebro, email) = (cerebro.clone(), email.clone());
    tokio::spawn(async move {
        let _place = place;
        if let Err(error) = send(&cerebro, &email).await {
            tracing::error!(%error, "the link for a forgotten password could not be sent");
        }
    });
    Ok(())
}

async fn send(cerebro: &Cerebro, email: &EmailAddress) -> Result<(), OperationError> {
    let key = email.key();
    let found = cerebro
        .instance()
        .read_platform(PlatformReason::SignIn, async move |tx: &mut Tx<'_>| {
            let row = tx.fetch_optional(sql::ACCOUNT_BY_EMAIL, vec![key.into()]).await?;
            row.map(|row| Ok::<_, StoreError>((row.parse(0)?, row.parse(1)?))).transpose()
        })
        .await?;
    let found: Option<(OrganisationId, AccountId)> = found;
    let Some((organisation, account)) = found else { return Ok(()) };
    let anonymous = Actor::System(SystemReason::Anonymous);
    let op = cerebro.instance().operation(anonymous, organisation, Locale::Fr);
    let Some(subject) = look::subject(&op, account).await? else { return Ok(()) };
    let (Some(to), Some(known)) = (&subject.email, cerebro.organisation(organisation)) else {
        return Ok(());
    };
    if subject.state != AccountState::Active {
        return Ok(());
    }
    let link = NewLink::new(&op, Purpose::Reset, bounds::PASSWORD_LINK_LIFE);
    let url = link.url(cerebro);
    let notice = mail::forgotten(&op, &known, to, subject.locale, &url, link.until)?;
    let permit = op.permit(action::SendAccountLink, account).await?;
    let now = op.now();
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        let evidence = link.keep(tx, account).await?;
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        Ok::<_, OperationError>(((), evidence))
    })
    .await?;
    cerebro.wake_relay();
    Ok(())
}
