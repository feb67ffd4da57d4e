//! A person proves who they are: password, then second factor, then a session. Same answer and same work for an
//! unknown account, a wrong password and a suspended account.

use access::{
    Actor, Assurance, Evidence, EvidenceKind, Instance, Operation, OperationError, StoreError, SystemReason,
    Tx, action,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::backup_code::BackupCode;
use identity::password::{
    BreachedList as _, Found as Known, PasswordHash, PasswordHasher, PresentedPassword,
};
use vocabulary::{AccountId, EmailAddress, Locale, OrganisationId, PlatformReason, bounds};

use super::factors::{self, Factor};
use super::hashing::{self, Busy};
use super::notify::{self, Change};
use super::place::{self, Place};
use super::standing::StandingError;
use super::{compromise, spraying, sql, throttle};
use crate::Cerebro;
use crate::notices::{self, Notice};

pub use super::opening::SignedIn;
pub use super::ticket::{SecondStep, Ticket};

/// Why somebody is not signed in. What they see is the same for the first two.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Unknown, wrong, suspended, expired or used already: they all look the same.
    #[error("the address, the password or the code is not right")]
    Refused,
    /// The password was right, and is known from breaches of other services: it is worth nothing any more, and a link to
    /// set another was sent.
    #[error("the password has to be renewed: a link was sent to the account's mailbox")]
    Renew,
    /// The place is new: a code must be sent to the account's own mailbox first.
    #[error("a new device or network: a code is sent by mail")]
    CodeNeeded,
    /// The place is new: an administrator was asked.
    #[error("a new device or network: an administrator must approve it")]
    Waits,
    /// The place is new, and the organisation takes none.
    #[error("the organisation takes no sign-in from a new device or network")]
    PlaceRefused,
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

impl From<Busy> for SignInError {
    fn from(_: Busy) -> Self {
        Self::Throttled
    }
}

impl From<StandingError> for SignInError {
    fn from(error: StandingError) -> Self {
        match error {
            StandingError::Operation(error) => Self::Operation(error),
            _ => Self::Refused,
        }
    }
}

/// What first refusals of addresses without an account are counted under. Nobody reads it.
const NOBODY: &str = "sign_in:nobody";

/// Checks a password. On success the caller holds a ticket for the second step; no session exists yet.
///
/// Guesses are counted per account and per network. A device the account signed in with before has a counter of its own:
/// strangers who guess do not lock its holder out (attack B4).
///
/// # Errors
/// [`SignInError::Refused`] for every reason that a stranger could learn from.
pub async fn password(
    cerebro: &Cerebro,
    hasher: &PasswordHasher,
    email: &str,
    presented: PresentedPassword,
    place: &Place,
) -> Result<Ticket, SignInError> {
    let instance = cerebro.instance();
    let address = EmailAddress::parse(email.trim()).ok();
    let found = match &address {
        Some(address) => find(instance, address).await?,
        None => None,
    };
    let key = address.as_ref().map(EmailAddress::key).unwrap_or_default();
    let counters = Counters::of(instance, &key, found.as_ref(), place).await?;
    let attempt = counters.attempt(instance).await?.ok_or(SignInError::Throttled)?;
    let kept = match &found {
        Some(found) => kept_password(instance, found).await?,
        None => None,
    };
    let known = kept.is_some();
    let right = verify(hasher, presented.clone(), kept).await?;
    match found {
        Some(found) if right && known && found.active => {
            counters.clear(instance).await?;
            if cerebro.breached().look(presented.expose()) == Known::Yes {
                compromise::found_in_list(cerebro, found.organisation, found.account).await?;
                return Err(SignInError::Renew);
            }
            Ok(Ticket::new(found.organisation, found.account, instance.now()))
        }
        found => {
            if let Some(found) = found {
                let op = instance.operation(
                    Actor::System(SystemReason::Anonymous),
                    found.organisation,
                    Locale::Fr,
                );
                record_refusal(&op, found.account, attempt, "password").await?;
            } else if attempt == 1 {
                // What an account's first refusal leaves is a commit, which takes its time: nobody's takes one too.
                throttle::count(instance, NOBODY).await?;
            }
            if attempt == 1 && counters.network.is_some() {
                spraying::watch(cerebro, &place.network()).await?;
            }
            Err(SignInError::Refused)
        }
    }
}

struct Found {
    organisation: OrganisationId,
    account: AccountId,
    active: bool,
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

/// What a guess is counted under.
struct Counters {
    account: String,
    network: Option<String>,
}

impl Counters {
    async fn of(
        instance: &Instance,
        key: &str,
        found: Option<&Found>,
        place: &Place,
    ) -> Result<Self, SignInError> {
        if let Some(found) = found {
            let actor = Actor::System(SystemReason::Anonymous);
            let op = instance.operation(actor, found.organisation, Locale::Fr);
            let device = place.device.lookup(&op, found.account)?;
            let (account, since) = (found.account, op.now().minus(bounds::PLACE_REMEMBERED));
            let values = vec![account.into(), device.clone().into(), place.network().into(), since.into()];
            let row = op
                .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::PLACES_BEFORE, values).await)
                .await
                .map_err(OperationError::Store)?;
            if row.is_some_and(|row| row.get::<u64>(1).is_ok_and(|sessions| sessions > 0)) {
                let device = URL_SAFE_NO_PAD.encode(device);
                return Ok(Self { account: format!("sign_in:{device}"), network: None });
            }
        }
        let network = format!("sign_in_from:{}", place.network());
        Ok(Self { account: format!("sign_in:{key}"), network: Some(network) })
    }

    /// Counts a guess before it is looked at; which one of its account it is, or `None` when it must wait.
    async fn attempt(&self, instance: &Instance) -> Result<Option<u32>, OperationError> {
        if let Some(network) = &self.network
            && throttle::count(instance, network).await? > bounds::SIGN_IN_FAILURES_PER_NETWORK_MAX
        {
            return Ok(None);
        }
        throttle::attempt(instance, &self.account).await
    }

    /// It was no failure.
    async fn clear(&self, instance: &Instance) -> Result<(), OperationError> {
        if let Some(network) = &self.network {
            throttle::uncount(instance, network).await?;
        }
        throttle::forget(instance, &self.account).await
    }
}

/// The slow hash runs whatever was found, on a thread that may be slow.
pub(super) async fn verify(
    hasher: &PasswordHasher,
    presented: PresentedPassword,
    kept: Option<PasswordHash>,
) -> Result<bool, Busy> {
    let hasher = hasher.clone();
    let right = hashing::run(move || match kept {
        Some(hash) => hasher.verify(&presented, &hash),
        None => hasher.verify_nobody(&presented),
    });
    Ok(right.await?.unwrap_or(false))
}

/// Checks a TOTP code and opens a session. The code's step is consumed in the same write: one code, one session,
/// whatever happens at once.
///
/// # Errors
/// As [`password`].
pub async fn second_factor(
    cerebro: &Cerebro,
    ticket: &Ticket,
    code: &str,
    place: &Place,
) -> Result<SignedIn, SignInError> {
    let instance = cerebro.instance();
    let op = ticket.operation(instance);
    let (attempt, factors) = second_attempt(&op, ticket).await?;
    let Some(matched) = factors::totp(&op, &factors, code)? else {
        let again = match factors::was_used(&op, &factors, code)? {
            true => {
                let change = Change::CodeAgain { agent: place.agent.clone(), network: place.network() };
                notify::compose(cerebro, &op, ticket.account(), &change).await?
            }
            false => None,
        };
        record_and_tell(&op, ticket.account(), attempt, "totp", again).await?;
        cerebro.wake_relay();
        return Err(SignInError::Refused);
    };
    let arrived = place::arrive(cerebro, &op, ticket.account(), place, Assurance::TwoFactor).await?;
    let (now, opening) = (op.now(), arrived.by(matched.0));
    let permit = op.permit(action::SignIn, ticket.account()).await.map_err(OperationError::from)?;
    let signed = op
        .write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
            if !factors::consume_step(tx, matched, now).await? {
                return Err(SignInError::Refused);
            }
            Ok(opening.open(tx, account, "totp").await?)
        })
        .await?;
    cerebro.wake_relay();
    throttle::forget(instance, &second_subject(ticket.account())).await?;
    Ok(signed)
}

/// Checks a backup code and opens a session that can only enrol a new second factor (clause A2). The code is used up in
/// the same write.
///
/// # Errors
/// As [`password`].
pub async fn backup_code(
    cerebro: &Cerebro,
    ticket: &Ticket,
    code: &str,
    place: &Place,
) -> Result<SignedIn, SignInError> {
    let instance = cerebro.instance();
    let op = ticket.operation(instance);
    let (attempt, _) = second_attempt(&op, ticket).await?;
    let change = Change::BackupCode { agent: place.agent.clone(), network: place.network() };
    let notice = notify::compose(cerebro, &op, ticket.account(), &change).await?;
    let lookup = BackupCode::parse(code).map(|code| code.hash(ticket.account()));
    let opening = place::arrive(cerebro, &op, ticket.account(), place, Assurance::Enrolment).await?;
    let now = op.now();
    let permit = op.permit(action::SignIn, ticket.account()).await.map_err(OperationError::from)?;
    let outcome = op
        .write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
            let Some(lookup) = lookup else { return Err(SignInError::Refused) };
            let values = vec![account.into(), lookup.as_slice().into(), now.into()];
            if tx.execute(sql::USE_BACKUP_CODE, values).await? == 0 {
                return Err(SignInError::Refused);
            }
            if let Some(notice) = notice {
                notices::enqueue(tx, notice, now).await?;
            }
            Ok(opening.open(tx, account, "backup_code").await?)
        })
        .await;
    match outcome {
        Ok(signed) => {
            cerebro.wake_relay();
            throttle::forget(instance, &second_subject(ticket.account())).await?;
            Ok(signed)
        }
        Err(SignInError::Refused) => {
            record_refusal(&op, ticket.account(), attempt, "backup_code").await?;
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
    cerebro: &Cerebro,
    ticket: &Ticket,
    place: &Place,
) -> Result<SignedIn, SignInError> {
    let instance = cerebro.instance();
    let op = ticket.operation(instance);
    second_attempt(&op, ticket).await?;
    let opening = place::arrive(cerebro, &op, ticket.account(), place, Assurance::Password).await?;
    let permit = op.permit(action::SignIn, ticket.account()).await.map_err(OperationError::from)?;
    let signed = op
        .write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
            refuse_factor(tx, account).await?;
            Ok::<_, SignInError>(opening.open(tx, account, "password").await?)
        })
        .await?;
    cerebro.wake_relay();
    throttle::forget(instance, &second_subject(ticket.account())).await?;
    Ok(signed)
}

/// A password does not open the session of an account that has a second factor.
pub(super) async fn refuse_factor(tx: &mut Tx<'_>, account: AccountId) -> Result<(), SignInError> {
    // The lock first: a factor enrolled at this very moment counts.
    tx.execute(sql::LOCK_ACCOUNT, vec![account.into()]).await?;
    let factors = factors::inside(tx, account).await?;
    if factors.iter().any(|factor| factor.kind.is_second()) { Err(SignInError::Refused) } else { Ok(()) }
}

/// The counter is the account's, whichever factor is guessed and however often the first step is made again.
pub(super) fn second_subject(account: AccountId) -> String {
    format!("second_factor:{account}")
}

pub(super) async fn second_attempt(
    op: &Operation,
    ticket: &Ticket,
) -> Result<(u32, Vec<Factor>), SignInError> {
    let subject = second_subject(ticket.account());
    let attempt = throttle::attempt(op.instance(), &subject).await?.ok_or(SignInError::Throttled)?;
    let account = ticket.account();
    let row = op
        .read(async move |tx: &mut Tx<'_>| tx.fetch_optional(sql::ACCOUNT, vec![account.into()]).await)
        .await
        .map_err(OperationError::Store)?;
    let active = row.is_some_and(|row| row.get::<String>(0).is_ok_and(|status| status == "active"));
    if !active || op.now().since(ticket.at()) > bounds::SIGN_IN_TICKET_LIFE {
        return Err(SignInError::Refused);
    }
    Ok((attempt, factors::of(op, account).await?))
}

/// The first refusal of a window becomes an entry, the others only a count: strangers cannot flood the ledger.
pub(super) async fn record_refusal(
    op: &Operation,
    account: AccountId,
    attempt: u32,
    step: &'static str,
) -> Result<(), OperationError> {
    record_and_tell(op, account, attempt, step, None).await
}

/// As [`record_refusal`]; the holder is told in the same write.
async fn record_and_tell(
    op: &Operation,
    account: AccountId,
    attempt: u32,
    step: &'static str,
    notice: Option<Notice>,
) -> Result<(), OperationError> {
    if attempt != 1 {
        return Ok(());
    }
    let now = op.now();
    let op = op.instance().operation(Actor::System(SystemReason::Anonymous), op.organisation(), op.locale());
    let permit = op.permit(action::SignIn, account).await?;
    op.write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
        let evidence = Evidence::of(EvidenceKind::SignInRefused, account)
            .with("step", step)
            .with("told", notice.is_some());
        if let Some(notice) = notice {
            notices::enqueue(tx, notice, now).await?;
        }
        Ok::<_, OperationError>(((), evidence))
    })
    .await
}
