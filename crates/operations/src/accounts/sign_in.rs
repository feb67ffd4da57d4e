//! A person proves who they are: password, then second factor, then a session. Same answer and same work for an
//! unknown account, a wrong password and a suspended account.

use access::{
    Actor, Assurance, Evidence, EvidenceKind, Instance, MechanicalReason, OperationError, StoreError,
    SystemReason, Tx, action,
};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::password::{PasswordHash, PasswordHasher, PresentedPassword};
use identity::totp::TotpSecret;
use serde::{Deserialize, Serialize};
use vocabulary::{
    AccountId, AuthenticatorId, EmailAddress, Locale, OrganisationId, PlatformReason, Secret, SessionId,
    Timestamp, bounds, entropy,
};

use super::bootstrap::{authenticator_context, token_hash};
use super::sql;

/// Why somebody is not signed in. What they see is the same for the first two.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown, wrong, suspended, expired or used already: they all look the same.
    #[error("the address, the password or the code is not right")]
    Refused,
    /// Too many attempts; wait.
    #[error("too many attempts: wait and try again")]
    Throttled,
    /// It could not be checked or recorded, so it is refused.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// The password was right: what the second step is bound to. Sealed, it travels in a cookie and dies in five minutes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ticket {
    organisation: OrganisationId,
    account: AccountId,
    at: Timestamp,
}

const TICKET_KEY: &str = "sign-in-ticket";

impl Ticket {
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
}

fn ticket_key(instance: &Instance) -> Result<hmac::Key, OperationError> {
    Ok(hmac::Key::new(hmac::HMAC_SHA256, instance.secret_or_new(TICKET_KEY)?.expose()))
}

/// How long the second step may take.
pub const TICKET_LIFE: std::time::Duration = std::time::Duration::from_secs(300);

/// A new session and the token that stands for it: shown once, kept hashed.
#[derive(Debug)]
pub struct SignedIn {
    /// The session.
    pub session: SessionId,
    /// Its token.
    pub token: Secret<String>,
}

struct Found {
    organisation: OrganisationId,
    account: AccountId,
    active: bool,
}

/// Checks a password. On success the caller holds a ticket for the second step; no session exists yet.
///
/// # Errors
/// [`SignInError::Refused`] for every reason that a stranger could learn from.
pub async fn password(
    instance: &Instance,
    hasher: &PasswordHasher,
    email: &str,
    presented: PresentedPassword,
) -> Result<Ticket, SignInError> {
    let address = EmailAddress::parse(email.trim()).ok();
    let subject = format!("sign_in:{}", address.as_ref().map(EmailAddress::key).unwrap_or_default());
    refuse_when_throttled(instance, &subject).await?;
    let found = match &address {
        Some(address) => find(instance, address).await?,
        None => None,
    };
    let kept = match &found {
        Some(found) => kept_password(instance, found).await?,
        None => None,
    };
    // The slow hash runs whatever was found, on a thread that may be slow.
    let (hasher, known) = (hasher.clone(), kept.is_some());
    let right = tokio::task::spawn_blocking(move || match kept {
        Some(hash) => hasher.verify(&presented, &hash),
        None => hasher.verify_nobody(&presented),
    })
    .await
    .unwrap_or(false);
    match found {
        Some(found) if right && known && found.active => {
            forget(instance, subject).await?;
            Ok(Ticket { organisation: found.organisation, account: found.account, at: instance.now() })
        }
        found => {
            refused(instance, subject, found.as_ref(), "password").await?;
            Err(SignInError::Refused)
        }
    }
}

/// Checks a TOTP code and opens a session. The code's step is consumed in the same write: one code, one session,
/// whatever happens at once.
///
/// # Errors
/// As [`password`].
pub async fn second_factor(
    instance: &Instance,
    ticket: &Ticket,
    code: &str,
    network: &str,
) -> Result<SignedIn, SignInError> {
    let now = instance.now();
    let subject = format!("second_factor:{}", ticket.account);
    refuse_when_throttled(instance, &subject).await?;
    if now.since(ticket.at) > TICKET_LIFE {
        return Err(SignInError::Refused);
    }
    let op = instance.operation(Actor::System(SystemReason::Anonymous), ticket.organisation, Locale::Fr);
    let account = ticket.account;
    let rows = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch(sql::AUTHENTICATORS, vec![account.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    let mut matched = None;
    for row in rows.iter().filter(|row| row.get::<String>(1).is_ok_and(|kind| kind == "totp")) {
        let id: AuthenticatorId = row.parse(0).map_err(OperationError::Store)?;
        let sealed = row.get::<Vec<u8>>(2).map_err(OperationError::Store)?;
        let secret = op.open(&authenticator_context(id), &sealed)?;
        let last: u64 = row.get(3).map_err(OperationError::Store)?;
        if let Some(step) = TotpSecret::from_bytes(secret).verify(code, now, last) {
            matched = Some((id, step));
        }
    }
    let Some((authenticator, step)) = matched else {
        let found = Found { organisation: ticket.organisation, account, active: true };
        refused(instance, subject, Some(&found), "second_factor").await?;
        return Err(SignInError::Refused);
    };
    let session = SessionId::new(now, op.entropy());
    let token = Secret::new(URL_SAFE_NO_PAD.encode(entropy::random::<32>(op.entropy())));
    let (hash, network) = (token_hash(token.expose()), network.to_owned());
    let permit = op.permit(action::SignIn, account).await.map_err(OperationError::from)?;
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        let values = vec![authenticator.into(), step.into(), now.into()];
        if tx.execute(sql::CONSUME_STEP, values).await? == 0 {
            return Err(SignInError::Refused);
        }
        let values = vec![
            session.into(),
            account.into(),
            hash.into(),
            Assurance::TwoFactor.word().into(),
            network.clone().into(),
            now.into(),
        ];
        tx.execute(sql::INSERT_SESSION, values).await?;
        tx.execute(sql::INSERT_TOUCH, vec![session.into(), now.into()]).await?;
        let evidence = Evidence::of(EvidenceKind::SessionOpened, session)
            .with("account", account.to_string())
            .with("assurance", Assurance::TwoFactor.word())
            .with("network", network);
        Ok(((), evidence))
    })
    .await?;
    forget(instance, format!("second_factor:{account}")).await?;
    Ok(SignedIn { session, token })
}

async fn find(instance: &Instance, address: &EmailAddress) -> Result<Option<Found>, SignInError> {
    let email = address.key();
    instance
        .read_platform(PlatformReason::SignIn, async move |tx: &mut Tx<'_>| {
            let Some(row) = tx.fetch_optional(sql::ACCOUNT_BY_EMAIL, vec![email.into()]).await? else {
                return Ok(None);
            };
            let active = row.get::<String>(2)? == "active";
            Ok(Some(Found { organisation: row.parse(0)?, account: row.parse(1)?, active }))
        })
        .await
}

async fn kept_password(instance: &Instance, found: &Found) -> Result<Option<PasswordHash>, SignInError> {
    let op = instance.operation(Actor::System(SystemReason::Anonymous), found.organisation, Locale::Fr);
    let account = found.account;
    let rows = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch(sql::AUTHENTICATORS, vec![account.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    for row in &rows {
        if row.get::<String>(1).map_err(OperationError::Store)? == "password" {
            let id: AuthenticatorId = row.parse(0).map_err(OperationError::Store)?;
            let sealed = row.get::<Vec<u8>>(2).map_err(OperationError::Store)?;
            let text = op.open(&authenticator_context(id), &sealed)?;
            return Ok(PasswordHash::parse(&String::from_utf8_lossy(&text)).ok());
        }
    }
    Ok(None)
}

async fn refuse_when_throttled(instance: &Instance, subject: &str) -> Result<(), SignInError> {
    let (subject, now) = (subject.to_owned(), instance.now());
    let row = instance
        .read_platform(PlatformReason::SignIn, async move |tx: &mut Tx<'_>| {
            tx.fetch_optional(sql::FAILURES, vec![subject.into()]).await
        })
        .await
        .map_err(|error: StoreError| OperationError::Store(error))?;
    let Some(row) = row else { return Ok(()) };
    let since: Timestamp = row.get(0).map_err(OperationError::Store)?;
    let count: u32 = row.get(1).map_err(OperationError::Store)?;
    let recent = now.since(since) < bounds::SIGN_IN_WINDOW;
    if recent && count >= bounds::SIGN_IN_FAILURES_MAX { Err(SignInError::Throttled) } else { Ok(()) }
}

/// Counts a failure. The first of a window becomes an entry, the others only a count: strangers cannot flood the
/// ledger.
async fn refused(
    instance: &Instance,
    subject: String,
    found: Option<&Found>,
    step: &'static str,
) -> Result<(), SignInError> {
    let now = instance.now();
    let window = now.minus(bounds::SIGN_IN_WINDOW);
    let first = instance
        .write_mechanical(PlatformReason::SignIn, MechanicalReason::Throttle, async move |tx: &mut Tx<'_>| {
            tx.execute(sql::COUNT_FAILURE, vec![subject.clone().into(), now.into(), window.into()]).await?;
            let row = tx.fetch_optional(sql::FAILURES, vec![subject.into()]).await?;
            Ok::<_, StoreError>(match row {
                Some(row) => row.get::<u32>(1)? == 1,
                None => false,
            })
        })
        .await?;
    if let (true, Some(found)) = (first, found) {
        let op = instance.operation(Actor::System(SystemReason::Anonymous), found.organisation, Locale::Fr);
        let permit = op.permit(action::SignIn, found.account).await.map_err(OperationError::from)?;
        op.write(permit, async move |_tx: &mut Tx<'_>, account: AccountId| {
            Ok::<_, SignInError>(((), Evidence::of(EvidenceKind::SignInRefused, account).with("step", step)))
        })
        .await?;
    }
    Ok(())
}

async fn forget(instance: &Instance, subject: String) -> Result<(), SignInError> {
    instance
        .write_mechanical(PlatformReason::SignIn, MechanicalReason::Throttle, async move |tx: &mut Tx<'_>| {
            tx.execute(sql::FORGET_FAILURES, vec![subject.into()]).await
        })
        .await
        .map(drop)
        .map_err(|error: StoreError| error.into())
}
