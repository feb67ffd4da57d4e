//! A person adds an authenticator app (clauses A1, A2): a secret is offered, its first code proves that it was copied.
//!
//! The offer travels sealed in the form and lives ten minutes; nothing is kept of one that is not taken up. The first
//! code's step is used up by the enrolment, so that it is not also good for a sign-in (RFC 6238 §5.2).

use access::{
    Actor, Assurance, Denied, Evidence, EvidenceKind, Operation, OperationError, Permit, StoreError, Tx,
    action,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::Token;
use identity::totp::TotpSecret;
use serde::{Deserialize, Serialize};
use vocabulary::{AccountId, AuthenticatorId, Secret, SessionId, Timestamp, bounds};

use super::backup_codes::NewCodes;
use super::{authenticator_context, factors, sql, throttle};
use crate::organisation::Label;

/// Why no authenticator was added. Nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The offer is older than ten minutes, of another session, or was taken up already.
    #[error("the offer is not good any more: start again")]
    OfferOver,
    /// The code is not the one the app shows.
    #[error("the code is not the one expected")]
    CodeWrong,
    /// Too many codes were tried.
    #[error("too many attempts: wait and try again")]
    Throttled,
    /// The account has as many as may be.
    #[error("an account has at most {} authenticators", bounds::AUTHENTICATORS_MAX)]
    TooMany,
    /// Not permitted, or not kept.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl From<StoreError> for EnrolError {
    fn from(error: StoreError) -> Self {
        Self::Operation(error.into())
    }
}

/// A secret on offer.
#[derive(Debug)]
pub struct Offer {
    /// For the QR code (Key URI format).
    pub uri: Secret<String>,
    /// The same, as people type it.
    pub base32: Secret<String>,
    /// What comes back with the first code.
    pub sealed: String,
}

#[derive(Serialize, Deserialize)]
struct Offered {
    secret: Vec<u8>,
    at: Timestamp,
}

/// What came of it.
#[derive(Debug)]
pub struct Enrolled {
    /// The session's new token: it proved more than before.
    pub token: Secret<String>,
    /// Ten backup codes, when these are the account's first or the session came in by one.
    pub codes: Vec<Secret<String>>,
}

/// Offers a new secret. Nothing is kept.
///
/// # Errors
/// Not a person, or the key store failed.
pub fn offer(
    op: &Operation,
    _permit: &Permit<action::EnrolAuthenticator>,
    issuer: &str,
    email: &str,
) -> Result<Offer, EnrolError> {
    let secret = TotpSecret::generate(op.entropy());
    let offered = Offered { secret: secret.expose().expose().clone(), at: op.now() };
    let text = Secret::new(serde_json::to_string(&offered).unwrap_or_default());
    let sealed = op.seal(&context(session(op)?), text.expose().as_bytes())?;
    Ok(Offer {
        uri: secret.otpauth(issuer, email),
        base32: secret.base32(),
        sealed: URL_SAFE_NO_PAD.encode(sealed),
    })
}

/// Reads an offer again, to show it once more after a wrong code.
///
/// # Errors
/// [`EnrolError::OfferOver`].
pub fn again(op: &Operation, sealed: &str, issuer: &str, email: &str) -> Result<Offer, EnrolError> {
    let secret = open(op, sealed)?;
    Ok(Offer { uri: secret.otpauth(issuer, email), base32: secret.base32(), sealed: sealed.to_owned() })
}

/// Takes an offer up with its first code. The session is then proved with two factors, under a new token.
///
/// # Errors
/// [`EnrolError`]; nothing changed.
pub async fn confirm(
    op: &Operation,
    permit: Permit<action::EnrolAuthenticator>,
    sealed: &str,
    code: &str,
    name: Label,
) -> Result<Enrolled, EnrolError> {
    let (session, account, now) = (session(op)?, permit.subject(), op.now());
    let secret = open(op, sealed)?;
    let subject = format!("enrolment:{account}");
    throttle::attempt(op.instance(), &subject).await?.ok_or(EnrolError::Throttled)?;
    let step = secret.verify(code, now, 0).ok_or(EnrolError::CodeWrong)?;
    let id = AuthenticatorId::new(now, op.entropy());
    let kept = op.instance().seal_lasting(
        op.organisation(),
        &authenticator_context(id),
        secret.expose().expose(),
    )?;
    // Two rows with one secret would make one code good twice.
    let lookup = op.instance().blind_index(op.organisation(), "totp_secret", secret.base32().expose())?;
    let (token, codes) = (Token::generate(op.entropy()), NewCodes::new(op, account));
    let (came_by_code, proved_less) = match op.actor() {
        Actor::Person { assurance, .. } => {
            (assurance == Assurance::Enrolment, assurance == Assurance::Password)
        }
        _ => (false, true),
    };
    let hash = token.hash();
    let codes = op
        .write(permit, async move |tx: &mut Tx<'_>, account: AccountId| {
            tx.execute(sql::LOCK_ACCOUNT, vec![account.into()]).await?;
            let factors = factors::inside(tx, account).await?;
            let is_first = !factors.iter().any(|factor| factor.kind.is_second());
            if factors.len() >= bounds::AUTHENTICATORS_MAX {
                return Err(EnrolError::TooMany);
            }
            // A password alone does not add to factors that exist (NIST SP 800-63B-4 §4.1.2).
            if proved_less && !is_first {
                let action = access::ActionName::EnrolAuthenticator;
                return Err(OperationError::from(Denied::StepUp { action }).into());
            }
            let values = vec![
                id.into(),
                account.into(),
                "totp".into(),
                name.as_str().into(),
                kept.into(),
                lookup.into(),
                step.into(),
                now.into(),
            ];
            tx.execute(sql::INSERT_FACTOR, values).await.map_err(taken)?;
            let mut evidence = Evidence::of(EvidenceKind::AuthenticatorAdded, id)
                .with("account", account.to_string())
                .with("kind", "totp");
            let mut shown = Vec::new();
            if is_first || came_by_code {
                let (texts, made) = codes.keep(tx, account).await?;
                (shown, evidence) = (texts, evidence.and(made));
            }
            prove(tx, session, hash.as_bytes(), Assurance::TwoFactor, now).await?;
            let proved = Evidence::of(EvidenceKind::SessionProved, session)
                .with("assurance", Assurance::TwoFactor.word());
            Ok((shown, evidence.and(proved)))
        })
        .await?;
    throttle::forget(op.instance(), &subject).await?;
    Ok(Enrolled { token: token.expose().clone(), codes })
}

/// A session proves itself anew, under a new token (ASVS 7.2.4): the old one stands for nothing any more.
pub(super) async fn prove(
    tx: &mut Tx<'_>,
    session: SessionId,
    token_hash: &[u8],
    assurance: Assurance,
    now: Timestamp,
) -> Result<(), StoreError> {
    let values = vec![session.into(), token_hash.into(), assurance.word().into(), now.into()];
    tx.execute(sql::PROVE_SESSION, values).await.map(drop)
}

fn taken(error: StoreError) -> EnrolError {
    if error.is_conflict() { EnrolError::OfferOver } else { error.into() }
}

/// The session of whoever acts: only a person has one.
pub(super) fn session(op: &Operation) -> Result<SessionId, OperationError> {
    match op.actor() {
        Actor::Person { session, .. } => Ok(session),
        _ => Err(Denied::Inactive.into()),
    }
}

fn open(op: &Operation, sealed: &str) -> Result<TotpSecret, EnrolError> {
    let sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| EnrolError::OfferOver)?;
    let text = op.open(&context(session(op)?), &sealed).map_err(|_| EnrolError::OfferOver)?;
    let text = Secret::new(text);
    let offered: Offered = serde_json::from_slice(text.expose()).map_err(|_| EnrolError::OfferOver)?;
    if op.now().since(offered.at) > bounds::ENROLMENT_OFFER_LIFE {
        return Err(EnrolError::OfferOver);
    }
    Ok(TotpSecret::from_bytes(offered.secret))
}

fn context(session: SessionId) -> String {
    format!("{session}/totp-offer")
}
