//! A person adds an authenticator app (clauses A1, A2): a secret is offered, its first code proves that it was copied.
//!
//! The offer travels sealed in the form and lives ten minutes; nothing is kept of one that is not taken up. The first
//! code's step is used up by the enrolment, so that it is not also good for a sign-in (RFC 6238 §5.2).

use access::{Operation, Permit, action};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::totp::TotpSecret;
use serde::{Deserialize, Serialize};
use vocabulary::{AuthenticatorId, Secret, SessionId, Timestamp, bounds};

use super::enrol::{self, NewFactor, session};
use super::factors::Kind;
use super::{authenticator_context, throttle};
use crate::Cerebro;
use crate::organisation::Label;

pub use super::enrol::{EnrolError, Enrolled};

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
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::EnrolAuthenticator>,
    sealed: &str,
    code: &str,
    name: Label,
) -> Result<Enrolled, EnrolError> {
    let secret = open(op, sealed)?;
    let subject = format!("enrolment:{}", permit.subject());
    throttle::attempt(op.instance(), &subject).await?.ok_or(EnrolError::Throttled)?;
    let step = secret.verify(code, op.now(), 0).ok_or(EnrolError::CodeWrong)?;
    let id = AuthenticatorId::new(op.now(), op.entropy());
    let (context, bytes) = (authenticator_context(id), secret.expose().expose());
    let factor = NewFactor {
        id,
        kind: Kind::Totp,
        name,
        sealed: op.instance().seal_lasting(op.organisation(), &context, bytes)?,
        lookup: op.instance().blind_index(op.organisation(), "totp_secret", secret.base32().expose())?,
        shown: step,
        answered: None,
        facts: Vec::new(),
    };
    let enrolled = enrol::enrol(cerebro, op, permit, factor).await?;
    throttle::forget(op.instance(), &subject).await?;
    Ok(enrolled)
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
