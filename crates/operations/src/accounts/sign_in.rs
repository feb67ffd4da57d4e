//! A person proves who they are: password, then second factor, then a session. Same answer and same work for an
//! unknown account, a wrong password and a suspended account.

use access::{
    Actor, Assurance, Evidence, EvidenceKind, Instance, Operation, OperationError, StoreError, SystemReason,
    Tx, action,
};
use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::backup_code::BackupCode;
use identity::password::{PasswordHash, PasswordHasher, PresentedPassword};
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, EmailAddress, Locale, OrganisationId, PlatformReason, Timestamp, bounds};

use super::factors::{self, Factor};
use super::opening::Opening;
use super::{sql, throttle};

pub use super::opening::SignedIn;

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

    /// What the account can show next.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn second_step(&self, instance: &Instance) -> Result<SecondStep, OperationError> {
        let factors = factors::of(&self.operation(instance), self.account).await?;
        let has_factor = factors.iter().any(|factor| factor.kind.is_second());
        Ok(if has_factor { SecondStep::Factor } else { SecondStep::Nothing })
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
    let attempt = throttle::attempt(instance, &subject).await?.ok_or(SignInError::Throttled)?;
    let found = match &address {
        Some(address) => find(instance, address).await?,
        None => None,
    };
    let kept = match &found {
        Some(found) => kept_password(instance, found).await?,
        None => None,
    };
    let known = kept.is_some();
    let right = verify(hasher, presented, kept).await;
    match found {
        Some(found) if right && known && found.active => {
            throttle::forget(instance, &subject).await?;
            Ok(Ticket { organisation: found.organisation, account: found.account, at: instance.now() })
        }
        found => {
            if let Some(found) = found {
                let op = instance.operation(
                    Actor::System(SystemReason::Anonymous),
                    found.organisation,
                    Locale::Fr,
                );
                record_refusal(&op, found.account, attempt, "password").await?;
            }
            Err(SignInError::Refused)
        }
    }
}

/// The slow hash runs whatever was found, on a thread that may be slow.
pub(super) async fn verify(
    hasher: &PasswordHasher,
    presented: PresentedPassword,
    kept: Option<PasswordHash>,
) -> bool {
    let hasher = hasher.clone();
    tokio::task::spawn_blocking(move || match kept {
        Some(hash) => hasher.verify(&presented, &hash),
        None => hasher.verify_nobody(&presented),
    })
    .await
    .unwrap_or(false)
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
    let op = ticket.operation(instance);
    let (attempt, factors) = second_attempt(&op, ticket).await?;
    let Some(matched) = factors::totp(&op, &factors, code)? else {
        record_refusal(&op, ticket.account, attempt, "totp").await?;
        return Err(SignInError::Refused);
    };
    let (now, opening) = (op.now(), Opening::new(&op, Assurance::TwoFactor, network).by(matched.0));
    let permit = op.permit(action::SignIn, ticket.account).await.map_err(OperationError::from)?;
    let signed = op
        .write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
            if !factors::consume_step(tx, matched, now).await? {
                return Err(SignInError::Refused);
            }
            Ok(opening.open(tx, account, "totp").await?)
        })
        .await?;
    throttle::forget(instance, &second_subject(ticket.account)).await?;
    Ok(signed)
}

/// Checks a backup code and opens a session that can only enrol a new second factor (clause A2). The code is used up in
/// the same write.
///
/// # Errors
/// As [`password`].
pub async fn backup_code(
    instance: &Instance,
    ticket: &Ticket,
    code: &str,
    network: &str,
) -> Result<SignedIn, SignInError> {
    let op = ticket.operation(instance);
    let (attempt, _) = second_attempt(&op, ticket).await?;
    let lookup = BackupCode::parse(code).map(|code| code.hash(ticket.account));
    let (now, opening) = (op.now(), Opening::new(&op, Assurance::Enrolment, network));
    let permit = op.permit(action::SignIn, ticket.account).await.map_err(OperationError::from)?;
    let outcome = op
        .write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
            let Some(lookup) = lookup else { return Err(SignInError::Refused) };
            let values = vec![account.into(), lookup.as_slice().into(), now.into()];
            if tx.execute(sql::USE_BACKUP_CODE, values).await? == 0 {
                return Err(SignInError::Refused);
            }
            Ok(opening.open(tx, account, "backup_code").await?)
        })
        .await;
    match outcome {
        Ok(signed) => {
            throttle::forget(instance, &second_subject(ticket.account)).await?;
            Ok(signed)
        }
        Err(SignInError::Refused) => {
            record_refusal(&op, ticket.account, attempt, "backup_code").await?;
            Err(SignInError::Refused)
        }
        Err(error) => Err(error),
    }
}

/// Opens a session on the password alone, for an account that has no second factor. What it may do is decided at each
/// request: an account that must have one can only enrol (clause A1).
///
/// # Errors
/// As [`password`]; among others, the account has a second factor.
pub async fn password_alone(
    instance: &Instance,
    ticket: &Ticket,
    network: &str,
) -> Result<SignedIn, SignInError> {
    let op = ticket.operation(instance);
    second_attempt(&op, ticket).await?;
    let opening = Opening::new(&op, Assurance::Password, network);
    let permit = op.permit(action::SignIn, ticket.account).await.map_err(OperationError::from)?;
    let signed = op
        .write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
            // The lock first: a factor enrolled at this very moment counts.
            tx.execute(sql::LOCK_ACCOUNT, vec![account.into()]).await?;
            if factors::inside(tx, account).await?.iter().any(|factor| factor.kind.is_second()) {
                return Err(SignInError::Refused);
            }
            Ok(opening.open(tx, account, "password").await?)
        })
        .await?;
    throttle::forget(instance, &second_subject(ticket.account)).await?;
    Ok(signed)
}

/// The counter is the account's, whichever factor is guessed and however often the first step is made again.
pub(super) fn second_subject(account: AccountId) -> String {
    format!("second_factor:{account}")
}

pub(super) async fn second_attempt(
    op: &Operation,
    ticket: &Ticket,
) -> Result<(u32, Vec<Factor>), SignInError> {
    let subject = second_subject(ticket.account);
    let attempt = throttle::attempt(op.instance(), &subject).await?.ok_or(SignInError::Throttled)?;
    let account = ticket.account;
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::ACCOUNT, vec![account.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    let active = row.is_some_and(|row| row.get::<String>(0).is_ok_and(|status| status == "active"));
    if !active || op.now().since(ticket.at) > bounds::SIGN_IN_TICKET_LIFE {
        return Err(SignInError::Refused);
    }
    Ok((attempt, factors::of(op, account).await?))
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
    let factors = factors::of(&op, found.account).await?;
    Ok(factors::password(&op, &factors)?)
}

/// The first refusal of a window becomes an entry, the others only a count: strangers cannot flood the ledger.
pub(super) async fn record_refusal(
    op: &Operation,
    account: AccountId,
    attempt: u32,
    step: &'static str,
) -> Result<(), OperationError> {
    if attempt != 1 {
        return Ok(());
    }
    let op = op.instance().operation(Actor::System(SystemReason::Anonymous), op.organisation(), op.locale());
    let permit = op.permit(action::SignIn, account).await?;
    op.write(permit, async move |_tx: &mut Tx<'_>, account: AccountId| {
        Ok::<_, OperationError>(((), Evidence::of(EvidenceKind::SignInRefused, account).with("step", step)))
    })
    .await
}
