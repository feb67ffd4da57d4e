//! A person adds a security key or a passkey (clauses A1, A2): it is asked a question, and its answer shows the key it made.

use access::{Operation, OperationError, Permit, action};
use aws_lc_rs::digest::{SHA256, digest};
use identity::webauthn::{Challenge, Credential, Models, Proof, Registration, RelyingParty};
use vocabulary::AuthenticatorId;

use super::ceremony::{Asked, Purpose};
use super::enrol::{self, NewFactor, session};
use super::factors::{self, Kind};
use super::{authenticator_context, keys, throttle};
use crate::Cerebro;
use crate::organisation::Label;

pub use super::enrol::{EnrolError, Enrolled};

/// What a new key is asked.
#[derive(Debug, Clone)]
pub struct NewKeyQuestion {
    /// What the key signs.
    pub challenge: Challenge,
    /// Whom it is for.
    pub party: RelyingParty,
    /// Under which handle it keeps the account: the id's bytes, which say nothing of the person.
    pub user: Vec<u8>,
    /// Keys the account has: they are not enrolled twice.
    pub known: Vec<Credential>,
    /// Whether the model must show itself.
    pub conveyance: &'static str,
}

/// Asks for a new key. Nothing is kept but the question, for five minutes.
///
/// # Errors
/// [`EnrolError::NoKeys`], or the database did not answer.
pub async fn offer(
    cerebro: &Cerebro,
    op: &Operation,
    permit: &Permit<action::EnrolAuthenticator>,
) -> Result<NewKeyQuestion, EnrolError> {
    let party = cerebro.relying_party().ok_or(EnrolError::NoKeys)?;
    let account = permit.subject();
    let factors = factors::of(op, account).await?;
    let known = keys::of(op, &factors)?.into_iter().map(|(_, credential)| credential).collect();
    Ok(NewKeyQuestion {
        challenge: asked(op, permit)?.offer(op).await?,
        party,
        user: account.as_bytes().to_vec(),
        known,
        conveyance: if proof(cerebro, op).is_some() { "direct" } else { models(cerebro, op).conveyance() },
    })
}

/// Takes the new key. The session is then proved with two factors, under a new token.
///
/// # Errors
/// [`EnrolError`]; nothing changed.
pub async fn confirm(
    cerebro: &Cerebro,
    op: &Operation,
    permit: Permit<action::EnrolAuthenticator>,
    response: &str,
    name: Label,
) -> Result<Enrolled, EnrolError> {
    let party = cerebro.relying_party().ok_or(EnrolError::NoKeys)?;
    let subject = format!("enrolment:{}", permit.subject());
    throttle::attempt(op.instance(), &subject).await?.ok_or(EnrolError::Throttled)?;
    let registration = Registration::parse(response)?;
    let challenge = registration.challenge().ok_or(EnrolError::OfferOver)?;
    let (models, proof) = (models(cerebro, op), proof(cerebro, op));
    let (credential, counter) = registration.verify_proved(&party, challenge, &models, proof.as_ref())?;
    let id = AuthenticatorId::new(op.now(), op.entropy());
    let text = serde_json::to_vec(&credential)
        .map_err(|_| OperationError::Damaged("a credential could not be written".into()))?;
    let factor = NewFactor {
        id,
        kind: Kind::SecurityKey,
        name,
        sealed: op.instance().seal_lasting(op.organisation(), &authenticator_context(id), &text)?,
        // One credential is one account's (Level 3, §7.1 step 26).
        lookup: op.instance().blind_index(op.organisation(), "credential", &hex(&credential.id))?,
        shown: u64::from(counter),
        answered: Some((asked(op, &permit)?, challenge)),
        // Whoever checks a decision it signed finds here whose key it was.
        facts: vec![
            ("key_sha256", hex(digest(&SHA256, &credential.key).as_ref())),
            ("model", credential.aaguid.to_string()),
            ("model_proved", proof.is_some().to_string()),
        ],
    };
    let enrolled = enrol::enrol(cerebro, op, permit, factor).await?;
    throttle::forget(op.instance(), &subject).await?;
    Ok(enrolled)
}

fn asked(op: &Operation, permit: &Permit<action::EnrolAuthenticator>) -> Result<Asked, OperationError> {
    let bound_to = session(op)?.to_string();
    Ok(Asked { account: permit.subject(), purpose: Purpose::Enrol, bound_to })
}

fn models(cerebro: &Cerebro, op: &Operation) -> Models {
    let organisation = cerebro.organisation(op.organisation());
    organisation.map(|known| Models(known.policy.key_models.clone())).unwrap_or_default()
}

/// Where the organisation asks that models be proved: by the certificates the operator placed. None are placed: no key is taken.
fn proof(cerebro: &Cerebro, op: &Operation) -> Option<Proof> {
    let organisation = cerebro.organisation(op.organisation())?;
    let asked = organisation.policy.proved_models;
    asked.then(|| Proof { roots: cerebro.attestation_roots(), now: op.now() })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
